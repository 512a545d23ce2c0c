"""The answers given so far, kept beside the settings until the agreement is made.

Rule: a draft that cannot be read is as good as none; it never stands in the way.
"""

from __future__ import annotations

from pathlib import Path

import tomlkit
from tomlkit.exceptions import TOMLKitError

from calmvoice.settings_file import write_whole


class Draft:
    """One file of typed answers by the key of their question."""

    def __init__(self, settings_path: Path) -> None:
        self.path = settings_path.with_name(f"{settings_path.stem}-draft.toml")

    def load(self) -> dict[str, str]:
        """Return the answers that were kept; none if there is no readable draft."""
        try:
            kept = tomlkit.parse(self.path.read_text("utf-8")).unwrap()
        except (OSError, UnicodeDecodeError, TOMLKitError):
            return {}
        return {key: typed for key, typed in kept.items() if isinstance(typed, str)}

    def save(self, answers: dict[str, str]) -> None:
        """Keep these answers; raises ``SettingsError`` when the disk does not take them."""
        document = tomlkit.document()
        document.add(tomlkit.comment("Answers of an agreement that is being made: calmvoice init"))
        for key, typed in answers.items():
            document.add(key, tomlkit.item(typed))
        write_whole(self.path, tomlkit.dumps(document))

    def remove(self) -> None:
        """Forget the draft; one that cannot be removed is left."""
        try:
            self.path.unlink(missing_ok=True)
        except OSError:
            return
