"""From "yellow light" to listening again, on real sound, with the clock moved over the quiet."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

import numpy as np
import pytest
from people import speech
from soundcard import SoundCard, find
from theatre import Home, Program

from calmvoice import settings_file, wiring
from calmvoice.chime import chime
from calmvoice.errors import VoiceError
from calmvoice.prompter import Prompter
from calmvoice.sound import MICROPHONE_RATE, SPEAKER_RATE, Samples, to_pcm
from calmvoice.voice.studio import Studio

CUE_ERROR_SECONDS = 0.005


def prompter(home: Home) -> Prompter:
    """The same voice and words as the program's, to know what to look for."""
    settings = settings_file.load(home.settings)
    studio = Studio(wiring.voice(settings), home.cache / "calmvoice" / "voice")

    def fail(error: VoiceError) -> None:
        raise error

    return wiring.prompter(settings, wiring.pack(settings), studio, fail)


@pytest.mark.sound_card
@pytest.mark.slow
def test_a_pause_lived_aloud(sound_card: SoundCard, home: Home) -> None:
    ours = home.folder / "ours.toml"
    ours.write_text('about = "One line."\n[settling]\nlines = ["rehearsing"]\n', "utf-8")
    with (
        sound_card.hiss(seconds=240),
        sound_card.record() as recording,
        Program(
            home, "rehearse", "--fast", "--plain", "--routine", str(ours),
            environment=sound_card.variables,
        ) as program,
    ):  # fmt: skip
        program.wait_for("[Listening")
        sound_card.say(speech("I put the pickle jar behind the harbour.")).wait()
        bridge = say_until(sound_card, program, "Yellow light.", "Nobody is leaving")
        sound_card.say(speech("The kettle is still warm.")).wait()
        program.wait_for("Sit down if you can")
        call = program.wait_for("The pause is over", limit=180)
        recording.wait_until(call + 11, limit=30)
        answered = say_until(sound_card, program, "I'm here.", "One of you is here")
        recording.wait_until(answered + 4, limit=30)
        program.type("h")
        both = program.wait_for("You kept the promise", limit=10)
        program.wait_for("one slow breath together", limit=20)
        program.wait_for("Your ritual is a hug", limit=40)
        say_until_it_ends(sound_card, program)
        began, played = recording.start, recording.samples

    def heard_at(text: str, since: float, seconds: float = 30.0, depth: int = 0) -> float:
        """Return the steady time at which a sentence sounds in the recording."""
        pattern = expect.studio_sound(text, depth)
        first = round((since - began) * SPEAKER_RATE)
        part = played[max(0, first) : first + round(seconds * SPEAKER_RATE)]
        at = find(pattern, part)
        assert likeness(pattern, part[at : at + len(pattern)]) > 0.9, (
            f"{text!r} did not sound:\n{program.text}"
        )
        return began + (max(0, first) + at) / SPEAKER_RATE

    expect = Expected(home)
    assert heard_at("Yellow light.", bridge - 1, seconds=4) < bridge + 1.5
    assert heard_at("Nobody is leaving.", bridge) > bridge
    chime_at = find(chime().sound.samples, played) / SPEAKER_RATE + began
    assert abs(chime_at - call) < 1.0
    assert heard_at("Come back to the table.", call) > chime_at
    assert heard_at("You kept the promise.", both) > both

    lower = 1  # how far the voice has come down by then
    breathing = heard_at("Breathe your own way.", bridge, 60, lower)
    first = heard_at("In.", breathing + 1, 6, lower)
    for breath in range(3):
        in_at = heard_at("In.", first + 10 * breath - 1, 3, lower)
        assert abs(in_at - (first + 10 * breath)) < CUE_ERROR_SECONDS
        out = "And out." if breath < 2 else "And all the way out."
        out_at = heard_at(out, first + 10 * breath + 3, 4, lower)
        assert abs(out_at - (first + 10 * breath + 4)) < CUE_ERROR_SECONDS

    leaves_no_trace(home, program)


def say_until(sound_card: SoundCard, program: Program, sentence: str, answer: str) -> float:
    """Say it, once more if it was not heard, as anybody would; return when the answer came.

    How often it is heard the first time is measured by scripts/bench/ear.py.
    """
    sound_card.say(speech(sentence)).wait()
    try:
        return program.wait_for(answer, limit=5)
    except AssertionError:
        sound_card.say(speech(sentence)).wait()
        return program.wait_for(answer, limit=15)


def say_until_it_ends(sound_card: SoundCard, program: Program) -> None:
    """Say "stop", once more if it was not heard."""
    sound_card.say(speech("Stop.", speed=0.7)).wait()
    try:
        code = program.wait(6)
    except subprocess.TimeoutExpired:
        sound_card.say(speech("Stop.", speed=0.7)).wait()
        code = program.wait(30)
    assert code == 0, program.text


class Expected:
    """The sentences as the program's own studio renders them."""

    def __init__(self, home: Home) -> None:
        settings = settings_file.load(home.settings)
        self._studio = Studio(wiring.voice(settings), home.cache / "calmvoice" / "voice")

    def studio_sound(self, text: str, depth: int) -> Samples:
        return self._studio.clip(text, depth).sound.samples


def likeness(pattern: Samples, part: Samples) -> float:
    """Return the normalised correlation of two sounds of one length."""
    part = part[: len(pattern)]
    scale = float(np.linalg.norm(pattern) * np.linalg.norm(part))
    return float(np.dot(pattern[: len(part)], part)) / scale if scale else 0.0


def leaves_no_trace(home: Home, program: Program) -> None:
    """Nothing went to the network; no audio and no transcript is on the disk.

    The one exception is another command, ``calmvoice record`` (tests/app/test_record.py), and no
    other module can do it (tests/own_voice/test_only_record.py).
    """
    written = program.written.read_text("utf-8").splitlines()
    assert not [line for line in written if line.startswith("NETWORK")]
    own = (
        str(home.cache / "calmvoice" / "voice"),
        str(home.folder / "tmp"),
        str(home.journal.parent),
    )
    nowhere = ("/dev/", "/proc/", ":memory:")
    strange = [path for path in written if not path.startswith((*own, *nowhere))]
    assert not [path for path in strange if not path.isdigit()], strange
    samples = to_pcm(speech("I put the pickle jar behind the harbour.").samples)
    loud = int(np.argmax(np.abs(samples)))
    traces = [
        samples[loud : loud + 64].astype("<i2").tobytes(),
        samples[loud : loud + 64].astype("<f4").tobytes(),
        b"pickle",
        b"harbour",
    ]
    for folder in (home.folder, home.cache):
        for file in (path for path in folder.rglob("*") if path.is_file()):
            content = file.read_bytes().lower()
            for trace in traces:
                assert trace.lower() not in content, f"{file} holds what was said"
    assert len(samples) > MICROPHONE_RATE


@pytest.mark.sound_card
@pytest.mark.slow
def test_stop_is_silence_within_300_ms_and_the_return_stays(
    sound_card: SoundCard, home: Home
) -> None:
    with (
        sound_card.record() as recording,
        Program(home, "--plain", "--no-microphone", environment=sound_card.variables) as program,
    ):
        program.wait_for("[Listening")
        program.type("yellow light")
        bridge = program.wait_for("Nobody is leaving")
        recording.wait_until(bridge + 3, limit=20)
        stopped = time.monotonic()
        program.type("stop")
        recording.wait_until(stopped + 3, limit=20)
        program.type("how long")
        program.wait_for("minutes left. We meet at")
        began, played = recording.start, recording.samples

    def loudest(since: float, until: float) -> float:
        part = played[round((since - began) * SPEAKER_RATE) : round((until - began) * SPEAKER_RATE)]
        return float(np.max(np.abs(part)))

    assert loudest(stopped - 1, stopped) > 0.05
    assert loudest(stopped + 0.3, stopped + 2.5) == 0.0


@pytest.mark.sound_card
@pytest.mark.slow
def test_the_sound_server_dies_and_comes_back(sound_card: SoundCard, home: Home) -> None:
    arguments = ("--plain",)
    with Program(home, *arguments, environment=sound_card.variables) as program:
        with sound_card.hiss():
            program.wait_for("[Listening")
            sound_card.kill()
            program.wait_for("! I can't hear you", limit=10)
        sound_card.start()
        with sound_card.hiss():
            said = 0
            while "Nobody is leaving" not in program.text and said < 10:
                said += 1
                sound_card.say(speech("Yellow light.")).wait()
                Path(home.folder / "said").write_text(str(said))
            program.wait_for("Nobody is leaving", limit=10)
            program.interrupt()
            assert program.wait(3) == 0
