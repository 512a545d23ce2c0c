"""Draws the diagram of stages in the docs from the table: ``docs/STAGES.md``."""

from __future__ import annotations

from collections import defaultdict

from calmvoice.meanings import Meaning
from calmvoice.session.events import TimeTold
from calmvoice.session.stages import Due
from calmvoice.session.table import ROWS, Trigger

HEAD = """\
# The stages of a pause

Generated from the table in `calmvoice/session/table.py` by
`python -m calmvoice.session.diagram > docs/STAGES.md`; a test compares them.
Words in quotes are what a person says or presses; the others come due.

```mermaid
stateDiagram-v2
    [*] --> listening
"""


def document() -> str:
    """Return the whole file: a Mermaid state diagram, and what can be said in each stage."""
    arrows: dict[tuple[str, str], list[str]] = defaultdict(list)
    stays: dict[str, list[str]] = defaultdict(list)
    for row in ROWS:
        for to in row.to:
            if to is row.stage:
                stays[row.stage.value].append(_name(row.on))
            else:
                arrows[row.stage.value, to.value].append(_name(row.on))
    lines = [f"    {a} --> {b}: {', '.join(names)}" for (a, b), names in arrows.items()]
    table = ["", "| stage | may stay as it is on |", "|---|---|"]
    table += [f"| {stage} | {', '.join(names)} |" for stage, names in stays.items()]
    return HEAD + "\n".join(lines) + "\n```\n" + "\n".join(table) + "\n"


def _name(on: Trigger) -> str:
    if isinstance(on, Meaning):
        return f"“{on.value.replace('_', ' ')}”"
    if isinstance(on, Due):
        return on.value
    return "the time, typed" if on is TimeTold else "restarted with a promise"


if __name__ == "__main__":
    print(document(), end="")  # noqa: T201 - this file is also the command that writes the page
