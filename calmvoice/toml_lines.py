"""Where a key of a TOML file stands, so that a fault in it can be told by its line.

Rule: nothing but the parser says it: on the first line up to which the file, cut off there,
already has the key.
"""

from __future__ import annotations

from typing import Any

import tomlkit
from tomlkit.exceptions import TOMLKitError

LONGEST_LIST_LINES = 100
CLOSINGS = ("", "\n]", '\n"""', "\n'''")
"""What can make whole a file that was cut off inside a list or a text of several lines."""
Place = tuple[int | str, ...]


def line_of(text: str, path: Place) -> int:
    """Return the line on which a key or an entry of a list begins; 1 if it is not there."""
    if not path:
        return 1
    lines, last = text.split("\n"), path[-1]
    if isinstance(last, str):
        tried = [count for count, line in enumerate(lines, 1) if last in line]
    else:
        begin = line_of(text, path[:-1])
        tried = list(range(begin, min(len(lines), begin + LONGEST_LIST_LINES) + 1))
    for count in tried:
        for closing in CLOSINGS:
            if _has(_values("\n".join(lines[:count]) + closing), path):
                return count
    return line_of(text, path[:-1])


def _values(text: str) -> Any:
    try:
        return tomlkit.parse(text).unwrap()
    except (TOMLKitError, ValueError, RecursionError):
        return None


def _has(values: Any, path: Place) -> bool:
    for part in path:
        if isinstance(part, int):
            if not isinstance(values, list) or part >= len(values):
                return False
        elif not isinstance(values, dict) or part not in values:
            return False
        values = values[part]
    return True
