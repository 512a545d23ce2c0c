"""Ears made of a loose Vosk recogniser that finds candidates and a second look at each.

Rules:
- Everything is measured in audio seconds; audio is worked on in fixed blocks, so how it was cut
  into chunks changes nothing.
- The loose recogniser runs all the time; when its partial text holds a whole phrase, the last
  seconds of the ring are looked at once more (``second_look``). Only what that confirms is sure.
  What it finds likely and never surely is looked at a last time half a second after its end. Likely
  then, it is told, if it is a signal; what is never asked about must be said again.
- One utterance gives a meaning once, whichever pass or recogniser found it: by its place in time.
- Nothing is recognised while the gate is shut; what came before it opened is replayed. Meanwhile
  what a later stage listens for is prepared: all commands at once take a second, in which nobody
  would be answered.
- A recogniser lives for one utterance (``Result()`` at each end), or its memory grows. When nobody
  has spoken for a while, what the talk left in memory is given back.
- Level is left as it comes: 26 dB down, the model hears as much as at the usual level; 40 dB down
  it loses a sixth. A gain could only raise the noise of a silent room.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import numpy as np

from calmvoice.ears import gate
from calmvoice.ears.floor import with_floor
from calmvoice.ears.grammar import find_phrase, loose_grammar, normalise
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.ring import Ring
from calmvoice.ears.second_look import SecondLook, Seen, Verdict, words_of
from calmvoice.ears.spelling import Word
from calmvoice.ears.stand_ins import StandIns
from calmvoice.ears.thresholds import COMMAND_SURE, UNASKED_SURE
from calmvoice.meanings import IN_TALK, INTERRUPTING, SIGNALS, UNASKED, Meaning
from calmvoice.memory import give_back_freed
from calmvoice.ports import Heard
from calmvoice.sound import MICROPHONE_RATE, PcmSamples

BLOCK = 800  # samples, 50 ms: at most this much waits for the next chunk
LOOK_EVERY = 1600  # samples: partial results change every 240 ms, not always at the same beat
RING_SECONDS = 4.0
LOOK_SECONDS = 3.0  # what the second look sees: the longest phrase said slowly, and what precedes
# What begins nearer to the edge of it may be the end of another word: nothing is known before it.
EDGE_SECONDS = 0.36
REPLAY_SECONDS = 2.0  # a phrase half-said at a change of recogniser must be whole in the new one
SETTLED_SECONDS = 0.2  # a word is believed when its sound lies 190 ms (the model's view) back
LIKELY_SECONDS = 0.5  # after its end it is known whether somebody talks on: the last look decides
# A candidate is seen mostly 50 ms before its end. It is looked at at these ages, in samples; three
# denials settle it: ten looks a second long cost three times the CPU on near misses.
LOOKS = (3200, 4800, 8000)
LAST_LOOK = 16_000  # samples: a phrase whose end keeps moving is left to the final result
SAME_SECONDS = 0.25  # occurrences nearer than this are one utterance; word times differ by ±30 ms
AT_REST_BLOCKS = 600  # 30 s with the gate shut: the talk is over
UNSURE_PAIR_SECONDS = 6.0  # two unsure signals within it are one sure one (docs/PRODUCT.md), and
# two of what is never asked about (``UNASKED``): people say it again.


class VoskEars:
    """Implements the ``Ears`` port; not to be shared between threads."""

    def __init__(self, model: SpeechModel, later: Iterable[str] = ()) -> None:
        """Take a loaded model, which may be shared, and what may be listened for some time."""
        self._model = model
        self._later = [phrase for phrase in map(normalise, later) if self._can_hear(phrase)]
        self._second = SecondLook(model)
        self._ring = Ring(round(RING_SECONDS * MICROPHONE_RATE))
        self._rest: PcmSamples = np.zeros(0, np.int16)
        self._fed = 0
        self._phrases: dict[str, tuple[Meaning, float]] = {}  # and the second it is expected from
        self._told: dict[Meaning, float] = {}  # meaning → end of its last told utterance
        self._likely: dict[str, Seen] = {}  # phrase → the best that no look has confirmed yet
        self._unsure_at: dict[Meaning, float] = {}  # either signal is the signal
        self._own_voice_until = -math.inf  # the audio second
        self._waiting: list[Heard] = []
        self._stand_ins = StandIns({}, model.lexicon)
        self._grammar = ""
        self._gate, self._open, self._shut_blocks = gate.Gate(), False, 0
        self._restart(0.0)

    def expect(self, phrases: Mapping[Meaning, Sequence[str]]) -> None:
        """Listen for these phrases from the next chunk on; audio already fed is not lost.

        A phrase that was expected before keeps being heard across the change; a new one counts
        only if it ends after it. Of two meanings with one phrase the last has it; a phrase with a
        word that the model cannot hear is left out. Raises ``PhraseError`` when there are more
        phrases than the recogniser can listen for.
        """
        wanted = {normalise(p): meaning for meaning, group in phrases.items() for p in group}
        wanted = {p: meaning for p, meaning in wanted.items() if self._can_hear(p)}
        before, self._phrases = self._phrases, {}
        for phrase, meaning in wanted.items():
            known = before.get(phrase)
            since = known[1] if known is not None and known[0] is meaning else self._seconds
            self._phrases[phrase] = (meaning, since)
            self._second.learn(phrase)
        if self._phrases == before:
            return
        self._likely = {p: s for p, s in self._likely.items() if p in self._phrases}
        meanings = {phrase: meaning for phrase, (meaning, _) in self._phrases.items()}
        self._stand_ins = StandIns(meanings, self._model.lexicon)
        self._grammar = loose_grammar(self._model, self._phrases) if self._phrases else ""
        self._restart(REPLAY_SECONDS)

    def feed(self, samples: PcmSamples, *, own_voice: bool = False) -> list[Heard]:
        """Take any number of int16 samples at 16 kHz; return what was heard in them.

        While our own voice sounds, talk around a long phrase says nothing against it: it may be
        ours.
        """
        self._fed += len(samples)
        if own_voice:
            self._own_voice_until = self._fed / MICROPHONE_RATE
        audio = np.concatenate([self._rest, samples]) if len(self._rest) else samples
        whole = len(audio) - len(audio) % BLOCK
        for start in range(0, whole, BLOCK):
            block = with_floor(audio[start : start + BLOCK], self._ring.end)
            self._ring.append(block)
            self._listen(block)
        self._rest = audio[whole:].copy()
        heard, self._waiting = self._waiting, []
        return heard

    def clear(self) -> None:
        """Forget all audio, as when the microphone is switched off; time goes on counting."""
        self._ring.clear()
        self._rest = np.zeros_like(self._rest)
        self._likely.clear()
        self._restart(0.0)

    def _can_hear(self, phrase: str) -> bool:
        """Say whether the model knows every word: Vosk would leave one out and hear the rest."""
        return all(map(self._model.spelling.can_be_heard, phrase.split()))

    def _restart(self, replay_seconds: float) -> None:
        """Begin with a fresh loose recogniser that has heard the last seconds again."""
        audio = self._ring.read(self._ring.end - round(replay_seconds * MICROPHONE_RATE))
        self._offset = self._ring.end - len(audio)
        self._candidates: dict[str, int] = {}  # phrase → sample position when first seen
        self._held: set[str] = set()  # candidates the second look found: partial texts may waver
        self._settled: dict[str, int] = {}  # phrase → occurrences in this utterance done with
        self._loose = self._model.recogniser(self._grammar) if self._grammar else None
        if self._loose is None or not len(audio):
            return
        if self._loose.AcceptWaveform(audio.tobytes()):  # it ends in silence
            self._end_utterance()

    def _listen(self, block: PcmSamples) -> None:
        """Give one block to the loose recogniser and follow up what it holds."""
        was_open, self._open = self._open, self._gate.feed(block)
        self._tell_likely()
        self._shut_blocks = 0 if self._open else self._shut_blocks + 1
        if self._shut_blocks == AT_REST_BLOCKS:
            self._second.forget_words()
            give_back_freed()
        if self._open and not was_open:
            self._restart(gate.REPLAY_SECONDS)  # the ring holds this block already
            return
        if self._later and not (self._open or was_open):
            self._second.learn(self._later.pop())
        if self._loose is None or not (self._open or was_open):
            return
        if not self._open:
            self._end_utterance()
            return
        if self._loose.AcceptWaveform(block.tobytes()):
            self._end_utterance()
            return
        if self._ring.end % LOOK_EVERY == 0:
            said = json.loads(self._loose.PartialResult())["partial"]
            self._look(self._model.spelling.read_text(said))

    def _look(self, text: str) -> None:
        """Follow up what the loose recogniser's partial text holds."""
        for phrase, count in self._stand_ins.count(text).items():
            self._settled[phrase] = settled = min(count, self._settled.get(phrase, 0))
            if count == settled and phrase not in self._held:
                self._candidates.pop(phrase, None)
                continue
            seen = self._candidates.setdefault(phrase, self._ring.end)
            age = self._ring.end - seen
            if age not in LOOKS and phrase not in self._held:
                continue
            verdict = self._confirm(phrase)
            self._held.discard(phrase)
            denied = verdict is Verdict.DENIED and age >= LOOKS[-1]
            if verdict is Verdict.CONFIRMED or denied or age >= LAST_LOOK:
                self._settled[phrase] = count
                self._candidates.pop(phrase)
            elif verdict is Verdict.TOO_EARLY:
                self._held.add(phrase)

    def _end_utterance(self) -> None:
        """Take the loose recogniser's final result, then replace it."""
        assert self._loose is not None
        words = self._model.spelling.read(words_of(self._loose.Result(), self._offset))
        for phrase in self._phrases:
            spans = self._spans(words, phrase)
            if any(self._is_new(phrase, *span) for span in spans):
                self._confirm(phrase)
            if self._second.weighs(phrase):
                continue
            for start, end in spans:
                if self._is_new(phrase, start, end):
                    self._tell(phrase, Seen(start, end, sure=False))
        talking = bool(words) and words[-1].end > self._seconds - SETTLED_SECONDS
        self._restart(REPLAY_SECONDS if talking else 0.0)  # cut off at 20 s: nothing may be lost

    def _spans(self, words: Sequence[Word], phrase: str) -> list[tuple[float, float]]:
        """Return where a phrase is meant: not within a longer one that means something else."""
        longer = [s for one in self._stand_ins.longer(phrase) for s in find_phrase(words, one)]
        return [
            (start, end)
            for start, end in find_phrase(words, phrase)
            if not any(begin <= start and end <= until for begin, until in longer)
        ]

    def _confirm(self, phrase: str) -> Verdict:
        """Look again; tell what is new, sure and settled, and remember what is likely."""
        fresh = self._look_back(phrase)
        for seen in fresh if self._second.weighs(phrase) else ():
            known = self._likely.get(phrase)
            if known is None or (seen.score or 0.0) >= (known.score or 0.0):
                self._likely[phrase] = replace(seen, sure=False)
        sure = [seen for seen in fresh if self._is_sure(phrase, seen)]
        if settled := [s for s in sure if s.end <= self._seconds - SETTLED_SECONDS]:
            for seen in settled:
                self._tell(phrase, replace(seen, sure=True))
            return Verdict.CONFIRMED
        return Verdict.TOO_EARLY if sure else Verdict.DENIED

    def _is_sure(self, phrase: str, seen: Seen) -> bool:
        """Say whether a sighting needs no doubt.

        A command that begins nothing and leaves the promise as it is needs less, and so does a
        short one; what begins a pause unasked or moves the return has a bar of its own. A syllable
        within talk is none, but for what is obeyed there.
        """
        meaning, score = self._phrases[phrase][0], seen.score
        if not seen.alone and meaning not in IN_TALK:
            return False
        if score is None:
            return seen.sure
        if meaning in UNASKED:
            return score >= UNASKED_SURE[meaning]
        enough = meaning not in INTERRUPTING and score >= COMMAND_SURE
        likely = enough or self._second.is_short(phrase)
        return seen.sure or (likely and meaning not in SIGNALS)

    def _tell_likely(self) -> None:
        """Look a last time at what ended a while ago and no look has confirmed; it decides.

        Only now is it known whether somebody talks on after it.
        """
        until = self._seconds - LIKELY_SECONDS
        for phrase, seen in list(self._likely.items()):
            if seen.end > until:
                continue
            del self._likely[phrase]
            if not self._is_new(phrase, seen.start, seen.end):
                continue
            if self._confirm(phrase) is Verdict.CONFIRMED:
                continue
            last = self._likely.get(phrase)
            if last is not None and last.end <= until:
                self._tell(phrase, self._likely.pop(phrase))

    def _look_back(self, phrase: str) -> list[Seen]:
        """Return where a phrase is in the last seconds and was not told yet."""
        audio = self._ring.read(self._ring.end - round(LOOK_SECONDS * MICROPHONE_RATE))
        position = self._ring.end - len(audio)
        over_ours = self._own_voice_until > position / MICROPHONE_RATE
        seen = self._second.find(phrase, audio, position, over_own_voice=over_ours)
        whole = len(audio) < LOOK_SECONDS * MICROPHONE_RATE  # there was nothing before it
        since = -math.inf if whole else position / MICROPHONE_RATE + EDGE_SECONDS
        return [s for s in seen if s.start >= since and self._is_new(phrase, s.start, s.end)]

    @property
    def _seconds(self) -> float:
        """How much audio the recognisers have seen."""
        return self._ring.end / MICROPHONE_RATE

    def _is_new(self, phrase: str, start: float, end: float) -> bool:
        """Say whether an utterance ended since its phrase is expected, and was not told yet."""
        meaning, since = self._phrases[phrase]
        return end > since and start >= self._told.get(meaning, -1.0) + SAME_SECONDS

    def _tell(self, phrase: str, seen: Seen) -> None:
        """Report a new utterance; an unsure one only if it is a signal, or was said just before."""
        meaning, _ = self._phrases[phrase]
        sure = seen.sure
        if not sure and meaning not in SIGNALS and meaning not in UNASKED:
            return
        self._told[meaning] = seen.end
        what = Meaning.SIGNAL if meaning in SIGNALS else meaning
        before = self._unsure_at.pop(what, None)
        if not sure:
            sure = before is not None and seen.end - before <= UNSURE_PAIR_SECONDS
        if not sure:
            self._unsure_at[what] = seen.end
            if meaning not in SIGNALS:
                return
        self._waiting.append(
            Heard(meaning, seen.start, seen.end, self._fed / MICROPHONE_RATE, sure)
        )
