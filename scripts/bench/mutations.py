"""Files as accidents leave them: bytes flipped, cut, doubled, lines lost, values that cannot be.

Each kind of file has a door: what the program does with it at a start. Through a door comes a
correct run or an error of ours that says what to do; anything else is a fault.
"""

from __future__ import annotations

import random
import re
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from calmvoice import language, routine_file, settings_file, wiring, wiring_rules
from calmvoice.agreement.draft import Draft
from calmvoice.errors import CalmVoiceError
from calmvoice.others.record import Record, Softened
from calmvoice.own_voice.recordings import Recordings
from calmvoice.ports import Now
from calmvoice.promise_copy import beside
from calmvoice.session import Session
from calmvoice.session.actions import Play
from calmvoice.session.events import Restarted
from calmvoice.session.promise import Promise
from calmvoice.session.script import Line
from calmvoice.settings import Settings
from calmvoice.sound import SPEAKER_RATE, Sound
from calmvoice.twin_journal import TwinJournal
from calmvoice.voice.clip_cache import ClipCache

PROMISE = Promise(1_800_000_000.0, 1_800_000_000.0, 1_800_001_200.0, 1_800_000_060.0, 0, False)
WORDING = wiring.wording(Settings(), wiring.pack(Settings()))
VALUES = (
    b"nan", b"-inf", b"-1", b"0", b"1e999", b"99999999999999999999", b'""', b'" "', b"[]", b"{}",
    b"[[]]", b"true", b"1979-05-27", b"07:32:00", b"'\x00'", b'"\\u0000"', b'"\xff"', b'"{"',
    b'"{t}"', b'"{t.x}"', b'"{0}"', b'"{t!r:>99999}"', b'"%s"', b'"\xf0\x9f\x98\x80"', b'"24:00"',
    b'"' + b"a " * 400 + b'"', b"[1, 'a']", b'"../../etc/passwd"', b'"/"',
)  # fmt: skip
_VALUE = re.compile(rb"(?<== )[^\n]+")


def mutated(content: bytes, chance: random.Random) -> bytes:
    """Return the content after one to three accidents."""
    for _ in range(chance.randint(1, 3)):
        content = chance.choice(ACCIDENTS)(content, chance)
    return content


def _flip(content: bytes, chance: random.Random) -> bytes:
    if not content:
        return content
    at = chance.randrange(len(content))
    return content[:at] + bytes([content[at] ^ 1 << chance.randrange(8)]) + content[at + 1 :]


def _cut(content: bytes, chance: random.Random) -> bytes:
    return content[: chance.randrange(len(content) + 1)]


def _insert(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content[:at] + chance.randbytes(chance.randint(1, 8)) + content[at:]


def _zero(content: bytes, chance: random.Random) -> bytes:
    """A block that the disk never wrote."""
    at = chance.randrange(len(content) + 1)
    size = min(len(content) - at, chance.choice((1, 16, 512, 4096)))
    return content[:at] + bytes(size) + content[at + size :]


def _double(content: bytes, chance: random.Random) -> bytes:
    at = chance.randrange(len(content) + 1)
    return content + content[at : at + chance.randint(1, 2000)]


def _lose_a_line(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if lines:
        del lines[chance.randrange(len(lines))]
    return b"".join(lines)


def _swap_lines(content: bytes, chance: random.Random) -> bytes:
    lines = content.splitlines(keepends=True)
    if len(lines) > 1:
        a, b = chance.randrange(len(lines)), chance.randrange(len(lines))
        lines[a], lines[b] = lines[b], lines[a]
    return b"".join(lines)


def _another_value(content: bytes, chance: random.Random) -> bytes:
    places = list(_VALUE.finditer(content))
    if not places:
        return _flip(content, chance)
    place = chance.choice(places)
    return content[: place.start()] + chance.choice(VALUES) + content[place.end() :]


ACCIDENTS: tuple[Callable[[bytes, random.Random], bytes], ...] = (
    _flip, _cut, _insert, _zero, _double, _lose_a_line, _swap_lines, _another_value,
    _another_value, _another_value,
)  # fmt: skip


@dataclass(frozen=True)
class Door:
    """A kind of file: its name, a good one, and what the program does with one.

    ``enter`` returns whether it was used; it raises ``CalmVoiceError`` where it is refused, and
    ``LostPromiseError`` where a promise is gone without a word.
    """

    name: str
    good: bytes
    enter: Callable[[Path], bool]
    share: int  # of a hundred cases


class LostPromiseError(Exception):
    """A promise was on the disk, and the program went on without it and without a word."""


def doors(folder: Path) -> tuple[Door, ...]:
    """Return every kind of file that a person may edit and that the program writes."""
    english = (Path(language.__file__).parent / "languages" / "en.toml").read_bytes()
    draft = Draft(folder / "good.toml")
    draft.save({"signal": "golden lantern", "pause_minutes": "30", "quiet": "22:00 to 07:00"})
    routine = routine_file.text_of("sighs").encode()
    clip = _good_clip(folder / "good")
    return (
        Door("settings.toml", settings_file.to_toml(Settings()).encode(), _settings, 36),
        Door("language file", english, _language, 2),
        Door("routine", routine, _routine, 20),
        Door("settings-draft.toml", draft.path.read_bytes(), _draft, 12),
        Door("journal.sqlite", _twins()[0], _journal, 9),
        Door("promise.copy", _twins()[1], _copy, 6),
        Door("softened.json", _good_softened(folder / "softened.json"), _softened, 5),
        Door("prepared clip", clip, _clip, 5),
        Door("recording", clip, _recording, 5),
    )


def _settings(path: Path) -> bool:
    settings = settings_file.load(path)
    words = wiring.pack(settings)
    wiring.phrases(settings, words)
    wiring_rules.rules(settings)
    wiring.wording(settings, words).fixed_sentences()
    settings_file.to_toml(settings)
    return True


def _language(path: Path) -> bool:
    pack = language.load(str(path))
    wiring.wording(Settings(), pack).fixed_sentences()
    return True


def _draft(path: Path) -> bool:
    beside = Draft(path.with_name("settings.toml"))
    beside.path.write_bytes(path.read_bytes())
    return all(isinstance(typed, str) for typed in beside.load().values())


def _routine(path: Path) -> bool:
    return routine_file.load.__wrapped__(str(path)).routine is not None


def _journal(path: Path) -> bool:
    """The database is spoiled, the copy beside it is whole."""
    return _keeps(path.parent / "twin", database=path.read_bytes())


def _copy(path: Path) -> bool:
    """The copy is spoiled, the database is whole."""
    return _keeps(path.parent / "twin", copy=path.read_bytes())


def _keeps(folder: Path, database: bytes | None = None, copy: bytes | None = None) -> bool:
    """Start with one of the two spoiled: the promise must be as it was, and goes on."""
    shutil.rmtree(folder, ignore_errors=True)
    journal = folder / "journal.sqlite"
    folder.mkdir()
    good = _twins()
    journal.write_bytes(good[0] if database is None else database)
    beside(journal).write_bytes(good[1] if copy is None else copy)
    twin = TwinJournal(journal)
    try:
        found = twin.promise()
        if found != PROMISE:
            raise LostPromiseError(f"{found}; told: {[str(t) for t in twin.troubles]}")
        twin.memory()
        session = Session(wiring_rules.rules(Settings()), twin.memory())
        for action in session.apply(Restarted(found), Now(PROMISE.seen_at + 60, 1000.0)):
            if isinstance(action, Play):
                for line in (item for item in action.script if isinstance(item, Line)):
                    WORDING.lines(line)
        twin.note_promise(found)
    finally:
        twin.close()
    return not twin.troubles


@cache
def _twins() -> tuple[bytes, bytes]:
    """Return a database and a copy that both hold the promise."""
    with tempfile.TemporaryDirectory() as name:
        journal = Path(name) / "journal.sqlite"
        twin = TwinJournal(journal)
        twin.note_promise(PROMISE)
        twin.close()
        with sqlite3.connect(journal) as db:
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return journal.read_bytes(), beside(journal).read_bytes()


def _softened(path: Path) -> bool:
    return bool(Record(path).read())


def _good_softened(path: Path) -> bytes:
    Record(path).write((Softened(1, 2, (1.0,), (0.1,), "a film"),))
    return path.read_bytes()


def _recording(path: Path) -> bool:
    kept = Recordings(path.parent / "recordings")
    kept.keep("bridge.default", TEXT, _sound())
    (only,) = kept.kept()
    only.path.write_bytes(path.read_bytes())
    sound = kept.find("bridge.default", TEXT)
    return sound is not None and bool(np.isfinite(sound.samples).all())


TEXT = "Nobody is leaving."


def _clip(path: Path) -> bool:
    cache = ClipCache(path.parent / "clips", "voice", 10_000_000)
    cache.path(TEXT).parent.mkdir(exist_ok=True)
    cache.path(TEXT).write_bytes(path.read_bytes())
    sound = cache.load(TEXT)
    return sound is not None and bool(np.isfinite(sound.samples).all())


def _sound() -> Sound:
    return Sound((0.1 * np.sin(np.arange(SPEAKER_RATE // 5) / 20)).astype(np.float32))


def _good_clip(folder: Path) -> bytes:
    clips = ClipCache(folder, "voice", 10_000_000)
    clips.save(TEXT, _sound())
    return clips.path(TEXT).read_bytes()


@dataclass(frozen=True)
class Fault:
    """A case that ended as none may."""

    door: str
    seed: int
    error: str


def attempt(door: Door, seed: int, folder: Path) -> bool | Fault:
    """Let the program meet one mutated file; return whether it was used, or the fault."""
    for left in folder.glob("file.toml*"):  # a database leaves files beside it
        left.unlink()
    path = folder / "file.toml"
    path.write_bytes(mutated(door.good, random.Random(seed)))
    try:
        return door.enter(path)
    except CalmVoiceError as error:
        if not str(error).strip():
            return Fault(door.name, seed, f"{type(error).__name__} without a word")
        return False
    except Exception as error:  # noqa: BLE001 - whatever it is, it is what we look for
        return Fault(door.name, seed, f"{type(error).__name__}: {error}"[:200])
