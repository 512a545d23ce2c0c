"""Turns a script of roles into words and sound: the one place where the two meet.

Rules: the session knows roles, the phrase pack knows words, the studio knows the voice; only the
prompter knows all three. It owns no thread and no device.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from functools import cache
from typing import Protocol

from calmvoice import breathing
from calmvoice.breathing import CueWords, Pattern
from calmvoice.chime import chime
from calmvoice.clock_words import Speller, number
from calmvoice.errors import VoiceError
from calmvoice.language import PhrasePack, sentences, words_of
from calmvoice.own_voice.lines import Recorded, SpokenLine, nothing_recorded, spoken_lines
from calmvoice.roles import SPOKEN_ALL_THE_SAME, UNSPOKEN
from calmvoice.session.script import Breaths, Chime, Guide, Kind, Line, Script
from calmvoice.sound import SPEAKER_RATE, Clip, Cue, Sound, silence

SENTENCE_GAP_SECONDS = 0.4
GAP_PER_DEPTH_SECONDS = 0.15  # a voice that comes down takes its time
SHORT_PAUSE_SECONDS = 1.2  # after "…"
UNSPOKEN_WORDS_PER_SECOND = 2.0  # how long a line stays on screen when no voice can say it

CUE_ROLES = (
    *("in", "out", "warn_last", "last_out"),
    *("sigh_in", "sigh_more", "sigh_out", "hold", "rest"),
)
CUES = tuple(f"breathing.{role}" for role in CUE_ROLES)
Trouble = Callable[[VoiceError], None]


class Clips(Protocol):
    """Gives the sound of a sentence; the studio does."""

    def clip(self, text: str, depth: int = 0) -> Clip:
        """Return the sentence at 48 kHz, trimmed and levelled; raises ``VoiceError``.

        ``depth`` says how far the voice has come down in a pause; 0 is its usual way.
        """


@dataclass(frozen=True)
class Wording:
    """What fills the fields of the lines, and how times and numbers are said."""

    pack: PhrasePack
    speller: Speller
    agreed: Mapping[str, str]
    zone: tzinfo | None = None  # None is this computer's own

    @property
    def signal(self) -> str:
        """The couple's own signal word."""
        return self.agreed["signal"]

    def lines(self, line: Line) -> tuple[str, ...]:
        """Return what is said for a line; raises ``LanguageError`` if a field is left over."""
        values = dict(self.agreed)
        if line.n is not None:
            values["n"] = number(line.n, self.pack.code)
        if line.t is not None:
            values["t"] = self.spoken_time(line.t)
        return self.pack.fill(line.role, values)

    def spoken(self, line: Line) -> tuple[SpokenLine, ...]:
        """Return the same with their names, and the words without time and number."""
        words = self.pack.fill(line.role, {**self.agreed, "t": "{t}", "n": "{n}"})
        return spoken_lines(line.role, words, self.lines(line))

    def spoken_time(self, wall: float) -> str:
        """Return a Unix time as a clock time in words."""
        at = datetime.fromtimestamp(wall, self.zone)
        return self.speller(at.hour, at.minute)

    def shown_time(self, wall: float) -> str:
        """Return a Unix time in digits, for a screen."""
        return datetime.fromtimestamp(wall, self.zone).strftime("%H:%M")

    def fixed_sentences(self) -> tuple[str, ...]:
        """Return every sentence that holds no time and no number: it can be rendered ahead."""
        fixed: dict[str, None] = {}
        kept = {"t": "{t}", "n": "{n}"}
        unagreed = [field for field, agreed in self.agreed.items() if not agreed]
        for role in self.pack.lines:
            if role.startswith(UNSPOKEN) and role not in SPOKEN_ALL_THE_SAME:
                continue
            if any(f"{{{field}}}" in line for field in unagreed for line in self.pack.lines[role]):
                continue
            for line in self.pack.fill(role, {**self.agreed, **kept}):
                for sentence in sentences(line):
                    if words_of(sentence) and "{" not in sentence:
                        fixed[sentence] = None
        return tuple(fixed)


class Prompter:
    """Yields the clips of a script, each as soon as it is there."""

    def __init__(
        self,
        wording: Wording,
        patterns: Mapping[Kind, Pattern],
        studio: Clips,
        on_trouble: Trouble,
        recorded: Recorded = nothing_recorded,
        *,
        low_chime: bool = False,
    ) -> None:
        self.wording, self._recorded = wording, recorded
        self._low_chime = low_chime
        self._patterns, self._studio, self._on_trouble = patterns, studio, on_trouble
        usual = _cue_words(wording.pack, "in", "out")
        sigh = _cue_words(wording.pack, "sigh_in", "sigh_out")
        self._words = {kind: sigh if kind is Kind.SIGH else usual for kind in Kind}
        self._cues = {wording.pack.lines[role][0]: role for role in reversed(CUES)}

    def texts_ahead(self) -> tuple[str, ...]:
        """Return all sentences to render before the first pause."""
        cues = [
            text
            for kind, pattern in self._patterns.items()
            for text in breathing.texts(pattern, self._words[kind])
        ]
        return tuple(dict.fromkeys((*self.wording.fixed_sentences(), *cues)))

    def clips(self, script: Script, depth: int = 0) -> Iterator[Clip]:
        """Yield the clips of a script in order; what cannot be spoken stays as silence.

        ``depth`` says how far the voice has come down; its pauses grow as it does.
        """
        for item in script:
            match item:
                case Chime():
                    yield chime(self._low_chime)
                case Breaths():
                    yield self._breaths(item, depth)
                case Line():
                    for line in self.wording.spoken(item):
                        yield from self.line_clips(line, depth)

    def line_clips(self, line: SpokenLine, depth: int = 0) -> Iterator[Clip]:
        """Yield the clips of one line, and the pause after each sentence."""
        gap = SENTENCE_GAP_SECONDS + GAP_PER_DEPTH_SECONDS * depth
        for text, clip in self._said(line, depth):
            yield clip
            hold = text.rstrip("\"'").endswith("…")
            yield Clip(silence(SHORT_PAUSE_SECONDS if hold else gap))

    def _said(self, line: SpokenLine, depth: int) -> Iterator[tuple[str, Clip]]:
        """Yield a line's sentences, a recording of the couple's in place of what it stands for."""
        recording = self._recorded(line.name, line.words)
        before = sentences(line.text) if recording is None else line.before
        for text in before:
            yield text, self._clip(text, depth)
        if recording is not None:
            text = " ".join(line.recordable) or line.text
            yield text, Clip(recording, (Cue(text, 0, len(recording.samples)),))
            for text in line.after:
                yield text, self._clip(text, depth)

    def _breaths(self, breaths: Breaths, depth: int) -> Clip:
        pattern = self._patterns[breaths.kind]
        if breaths.guide is Guide.SOUND:
            pattern = pattern.only_sound
        elif breaths.guide is Guide.WORDS:
            pattern = pattern.only_words
        count, words = breaths.total - breaths.first, self._words[breaths.kind]
        voice = cache(lambda text: self._cue(text, depth))
        return breathing.render(pattern, words, count, breaths.warn_last, voice)

    def _cue(self, text: str, depth: int) -> Sound:
        recording = self._recorded(self._cues[text], text) if text in self._cues else None
        return self._clip(text, depth).sound if recording is None else recording

    def _clip(self, sentence: str, depth: int) -> Clip:
        try:
            return self._studio.clip(sentence, depth)
        except VoiceError as error:
            self._on_trouble(error)
            seconds = 1.0 + len(sentence.split()) / UNSPOKEN_WORDS_PER_SECOND
            count = round(seconds * SPEAKER_RATE)
            return Clip(silence(seconds), (Cue(sentence, 0, count),))


def _cue_words(pack: PhrasePack, breathe_in: str, breathe_out: str) -> CueWords:
    """Return what is said in a breath; the names are those of two roles."""
    lines = {role: pack.lines[f"breathing.{role}"][0] for role in CUE_ROLES}
    return CueWords(
        lines[breathe_in],
        lines[breathe_out],
        lines["warn_last"],
        lines["last_out"],
        lambda n: number(n, pack.code).capitalize() + ".",
        lines["sigh_more"],
        lines["hold"],
        lines["rest"],
    )
