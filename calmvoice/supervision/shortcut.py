"""The desktop shortcut: a pause with one click, and "here" and "stop" in its menu."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import platformdirs

NAME = "calmvoice-pause.desktop"

ENTRY = """\
[Desktop Entry]
Type=Application
Name=Pause
GenericName=CalmVoice
Comment=Ask the running CalmVoice for a pause, without a word
Exec={command} pause
Icon=media-playback-pause
Terminal=false
Categories=Utility;
Actions=here;stop;

[Desktop Action here]
Name=Here
Exec={command} here

[Desktop Action stop]
Name=Stop what is being said
Exec={command} stop
"""


def path() -> Path:
    """Return where this user's shortcuts lie."""
    return platformdirs.user_data_path() / "applications" / NAME


def text(command: Sequence[str]) -> str:
    """Return the entry that calls this command."""
    return ENTRY.format(command=" ".join(map(quote, command)))


def quote(word: str) -> str:
    """Quote a word of a command line: Desktop Entry Specification, "The Exec key"."""
    for mark in ("\\", '"', "`", "$"):
        word = word.replace(mark, "\\" + mark)
    word = word.replace("\\", "\\\\")  # once more, as in every value of such a file
    return '"' + word.replace("%", "%%") + '"'
