"""The watched process: a practice pause in the room, driven by itself, and what it heard.

Rules: everything is the live program's own (room, microphone, ears, session); the journal is a
real file in a folder of its own; the report says names and counts, nothing that was heard.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from calmvoice import wiring, wiring_rules
from calmvoice.clock import SkippingClock, SystemClock
from calmvoice.language import PhrasePack
from calmvoice.live import Manner, Room
from calmvoice.meanings import Meaning
from calmvoice.proof.overheard import Overheard, left_in
from calmvoice.proof.report import files
from calmvoice.proof.witness import Sight, watch
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings
from calmvoice.twin_journal import TwinJournal
from calmvoice.voice.studio import Studio

TALK_SECONDS = 12.0  # left for people to talk before the pause begins by itself
ANSWER_SECONDS = 2.0  # between the answers of the two


def rehearse(
    settings: Settings, studio: Studio, manner: Manner, folder: Path, write: Callable[[str], None]
) -> dict[str, Any]:
    """Live a practice pause; return what was opened, and what of the heard is left where."""
    sights: list[Sight] = []
    watch(sights.append, refuse_network=False)
    words = wiring.pack(settings)
    said = wiring.phrases(settings, words)
    overheard: Overheard | None = None
    if manner.microphone:
        speech = wiring.model(settings)
        overheard = Overheard(wiring.ears(speech, said), speech.free_recogniser())
    drive = Driver(words, write)
    room = Room(
        settings,
        wiring_rules.rehearsal_rules(settings),
        words,
        studio,
        TwinJournal(folder / "journal.sqlite"),
        SkippingClock(SystemClock()),
        manner,
        drive.write,
    )
    room.run(overheard, drive.typed())
    own = [text for group in (*said.values(), *words.lines.values()) for text in group]
    pieces = overheard.pieces() if overheard else []
    pairs = overheard.word_pairs(own) if overheard else set()
    places = [*files(sights), *(path for path in folder.rglob("*") if path.is_file())]
    return {
        "sights": [(sight.deed.value, sight.name) for sight in sights],
        "left": left_in(dict.fromkeys(places), pieces, pairs),
        "seconds": overheard.seconds if overheard else 0.0,
        "pieces": len(pieces) // 2,
        "words": len(pairs),
    }


class Driver:
    """Presses the keys of a pause when its stages come: signal, here, here, stop.

    What a person says or types first is never in its way: a key that means nothing is let go.
    """

    def __init__(self, words: PhrasePack, write: Callable[[str], None]) -> None:
        self._write = write
        self._shown: list[str] = []
        self._grown = threading.Condition()
        roles = {
            Stage.LISTENING: ("listening", "listening_keys"),
            Stage.CALLING: ("calling",),
            Stage.REENTRY: ("reentry",),
        }
        self._headline = {
            stage: tuple(f"[{words.lines[f'screen.{n}'][0].partition('{')[0]}" for n in names)
            for stage, names in roles.items()
        }
        self._here, self._stop = (words.keys[m][0] for m in (Meaning.HERE, Meaning.STOP))

    def write(self, line: str) -> None:
        """Show a line, and look at it."""
        self._write(line)
        with self._grown:
            self._shown.append(line)
            self._grown.notify_all()

    def typed(self) -> Iterator[str]:
        """Yield the keys, each when it is time."""
        self._wait_for(Stage.LISTENING)
        self._wait_for(Stage.CALLING, TALK_SECONDS)  # time to talk; the signal may be said too
        yield ""  # any key
        self._wait_for(Stage.CALLING)
        yield self._here
        self._wait_for(Stage.REENTRY, ANSWER_SECONDS)
        yield self._here
        self._wait_for(Stage.REENTRY)
        yield self._stop

    def _wait_for(self, stage: Stage, limit: float | None = None) -> None:
        begin = self._headline[stage]
        with self._grown:
            self._grown.wait_for(lambda: any(x.startswith(begin) for x in self._shown), limit)
