"""What a key means now: the couple's keys, and any key at all for someone who has no words."""

from __future__ import annotations

from itertools import combinations

from calmvoice.errors import LanguageError
from calmvoice.language import PhrasePack
from calmvoice.meanings import CALLS, Meaning
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS

CLOSES = Meaning.GUESTS
"""Whoever presses this key wants less to be heard: where it means nothing, it is not any key."""
ANY_KEY = {Stage.LISTENING: Meaning.SIGNAL, Stage.CALLING: Meaning.HERE, Stage.OWED: Meaning.HERE}
"""Where any key will do: speech is never demanded, nor is finding the right key."""


class Keys:
    """The keys of a phrase pack; raises ``LanguageError`` if one means two things at one moment.

    ``without`` holds what the couple did not agree on: such a key is any other key.
    """

    def __init__(self, pack: PhrasePack, without: frozenset[Meaning] = frozenset()) -> None:
        self._keys, self._without = pack.keys, without
        for stage, meanings in MEANINGS.items():
            for one, other in combinations(sorted(meanings, key=lambda m: m.value), 2):
                if self._keys[one][0] == self._keys[other][0]:
                    raise LanguageError(
                        f"keys.{one.value} and keys.{other.value} are both "
                        f"{self._keys[one][0]!r}, and both are needed in {stage.value}"
                    )

    def meaning(self, key: str, stage: Stage) -> Meaning | None:
        """Return what a key (a character, or "space") means in a stage."""
        known = MEANINGS[stage] - self._without
        if stage is Stage.CALLING:  # said, they ask for more time; any key is an answer
            known -= set(CALLS)
        for meaning in known:
            if self._keys[meaning][0] == key.lower():
                return meaning
        return None if key.lower() == self._keys[CLOSES][0] else ANY_KEY.get(stage)

    def labels(self, meanings: frozenset[Meaning]) -> tuple[tuple[str, str], ...]:
        """Return key and label for each of these, in the pack's order."""
        return tuple(self._keys[meaning] for meaning in self._keys if meaning in meanings)
