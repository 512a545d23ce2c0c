"""A whole pause from one file to another: no device, no waiting, the real voice and ears."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import pytest
from people import scene
from soundcard import find
from theatre import Home

from calmvoice import settings_file, wiring, wiring_rules
from calmvoice.audio.wav_track import WavTrack
from calmvoice.chime import chime
from calmvoice.ears.hear import microphone_samples
from calmvoice.errors import VoiceError
from calmvoice.journal import SqliteJournal
from calmvoice.listener import Listener
from calmvoice.offline import CountedClock, OfflineSpeaker, OfflineStage
from calmvoice.ports import Now
from calmvoice.rendering import render_pause
from calmvoice.session import Session
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import Stage
from calmvoice.settings import Guidance, Settings
from calmvoice.shell import Stagehand, Status
from calmvoice.sound import SPEAKER_RATE, read_wav
from calmvoice.voice.studio import Studio

pytestmark = pytest.mark.slow  # the real voice and ears over many minutes of sound

SEVEN_TWENTY = 1_800_000_000.0 - 1_800_000_000.0 % 3600 + 20 * 60


def studio_of(home: Home, settings: Settings) -> Studio:
    return Studio(wiring.voice(settings), home.cache / "calmvoice" / "voice")


def fail(error: VoiceError) -> None:
    raise error


def test_render_writes_the_whole_pause(home: Home, tmp_path: Path) -> None:
    settings = settings_file.load(home.settings)
    studio = studio_of(home, settings)
    out = tmp_path / "pause.wav"
    rendered = render_pause(settings, wiring.pack(settings), studio, out, answer=True)
    sound = read_wav(out)
    assert sound.rate == SPEAKER_RATE
    assert sound.seconds == pytest.approx(rendered.seconds, abs=0.02)
    lines = {text.split(".")[0]: at for at, text in rendered.lines}
    assert lines["Yellow light"] == 0
    (called,) = [at for at, text in rendered.lines if "The pause is over" in text]
    assert 5 * 60 <= called < 6 * 60 + 1
    assert find(chime().sound.samples, sound.samples) / SPEAKER_RATE == pytest.approx(
        called, abs=0.011
    )
    in_clip = studio.clip("In.", 1).sound.samples  # the voice has come down by one step
    last_words = studio.clip("Breathe your own way.", 1).sound.samples
    minute = sound.samples[: 60 * SPEAKER_RATE]
    after = find(last_words, minute) + len(last_words)
    first = after + find(in_clip, minute[after : after + 3 * SPEAKER_RATE])
    for breath in range(3):
        at = first + breath * 10 * SPEAKER_RATE
        found = find(in_clip, sound.samples[at - 5_000 : at + 40_000])
        assert found == 5_000, "a cue is off its sample"
    assert float(np.max(np.abs(sound.samples))) < 10 ** (-3 / 20)


OURS = """
about = "Ours."
[opening]
sighs = 3
[breathing]
pattern = "4-4-4-4"
holds = true
minutes = 0.8
cues = "counted"
tone = "none"
[settling]
wait_seconds = 5
gap_seconds = 15
lines = ["rehearsing", "The dog is asleep in the hall."]
"""


def test_a_pause_by_their_own_routine_lies_in_the_file_where_it_should(
    home: Home, tmp_path: Path
) -> None:
    ours, out = tmp_path / "ours.toml", tmp_path / "pause.wav"
    ours.write_text(OURS, "utf-8")
    settings = settings_file.load(home.settings)
    settings = settings.model_copy(update={"guidance": Guidance(routine=str(ours))})
    studio = studio_of(home, settings)
    rendered = render_pause(settings, wiring.pack(settings), studio, out, answer=False)
    sound = read_wav(out).samples
    at = {text.split(".")[0]: round(seconds * SPEAKER_RATE) for seconds, text in rendered.lines}
    order = ["Sit down if you can", "The breath is held here, and that is not for everybody"]
    order += ["First, a few long sighs", "That's enough"]
    order += ["If you're practising your next line, put it down", "The dog is asleep in the hall"]
    assert sorted(order, key=lambda text: at[text]) == order

    def is_at(text: str, place: int, depth: int) -> bool:
        clip = studio.clip(text, depth).sound.samples
        return find(clip, sound[place - 5_000 : place + len(clip) + 5_000]) == 5_000

    intro = "First, a few long sighs."
    start = at[intro.rstrip(".")] + len(studio.clip(intro, 1).sound.samples)
    first = find(studio.clip("Breathe in.", 1).sound.samples, sound[start : start + 144_000])
    sighs = start + first
    for n in range(3):
        sigh = sighs + n * 600_000
        assert is_at("A little more on top.", sigh + 120_000, 1), n
        assert is_at("Now let it all go, slowly.", sigh + 264_000, 1), n
    box = sighs + 3 * 600_000
    box += find(studio.clip("In.", 1).sound.samples, sound[box : box + 96_000])
    assert box - sighs - 3 * 600_000 <= 480, "the breaths follow the sighs within a block"
    # "Last one" takes the place of numbers before the last breath, "and all the way out" in it.
    for n, parts in enumerate((4, 3, 2)):
        for part in range(parts):
            place = box + n * 768_000 + part * 192_000 + 96_000
            assert is_at("Three.", place, 1), (n, part)
    said = at["The dog is asleep in the hall"]
    assert is_at("The dog is asleep in the hall.", said, 2)
    assert not sound[box + 3 * 768_000 + 480 : at["That's enough"] - 480].any()


def test_nobody_answers_and_it_says_that_it_stops(home: Home, tmp_path: Path) -> None:
    settings = settings_file.load(home.settings)
    rendered = render_pause(
        settings,
        wiring.pack(settings),
        studio_of(home, settings),
        tmp_path / "pause.wav",
        answer=False,
    )
    texts = [text for _, text in rendered.lines]
    assert sum("When you hear this" in text for text in texts) == 3
    assert texts[-1].startswith("I'll stop calling now.")


def loudest_db(path: Path) -> float:
    """The loudest eighth of a second, as sound level meters take it."""
    samples = read_wav(path).samples
    power = np.square(samples[: len(samples) // 6000 * 6000].reshape(-1, 6000)).mean(axis=1)
    return 10 * float(np.log10(power.max()))


def test_a_pause_in_quiet_hours_is_softer_from_end_to_end(home: Home, tmp_path: Path) -> None:
    usual = settings_file.load(home.settings)
    now = datetime.now()  # the pause begins now, whatever the time of the day
    hours = {
        "quiet_from": f"{now - timedelta(hours=1):%H:%M}",
        "quiet_to": f"{now + timedelta(hours=6):%H:%M}",
    }
    night = settings_file.check(
        {**usual.model_dump(), "agreement": {**usual.agreement.model_dump(), **hours}}, "night"
    )
    said: dict[str, list[str]] = {}
    for name, settings in (("usual", usual), ("night", night)):
        rendered = render_pause(
            settings,
            wiring.pack(settings),
            studio_of(home, settings),
            tmp_path / f"{name}.wav",
            answer=True,
        )
        said[name] = [text for _, text in rendered.lines]
    softer = loudest_db(tmp_path / "usual.wav") - loudest_db(tmp_path / "night.wav")
    assert night.computer.quiet_decibels <= softer < night.computer.quiet_decibels + 6
    assert any(text.endswith("Softly now. Come back.") for text in said["night"])
    assert not any("The pause is over" in text for text in said["night"])
    chime_in_it = read_wav(tmp_path / "night.wav").samples
    pattern = chime().sound.samples
    at = find(pattern, chime_in_it)
    part = chime_in_it[at : at + len(pattern)]
    scale = float(np.linalg.norm(pattern[: len(part)]) * np.linalg.norm(part))
    assert float(np.dot(pattern[: len(part)], part)) < 0.5 * scale, "light calls, and no chime"


class Stages:
    """A display that keeps the stages it is shown."""

    def __init__(self) -> None:
        self.seen: list[Stage] = []

    def show_status(self, status: Status) -> None:
        if not self.seen or self.seen[-1] is not status.stage:
            self.seen.append(status.stage)

    def show_script(self, script: Script) -> None: ...
    def show_line(self, line: Line) -> None: ...
    def show_trouble(self, message: str, hint: str) -> None: ...
    def clear_trouble(self, message: str) -> None: ...


def test_from_a_recording_of_two_people_to_a_recording_of_calmvoice(
    home: Home, tmp_path: Path
) -> None:
    """They say everything aloud; the guidance is in the microphone too, 20 dB down."""
    settings = settings_file.load(home.settings)
    words = wiring.pack(settings)
    said = wiring.phrases(settings, words)
    clock = CountedClock(Now(SEVEN_TWENTY, 0.0))
    prompter = wiring.prompter(settings, words, studio_of(home, settings), fail)
    speaker = OfflineSpeaker(prompter, clock)
    session = Session(wiring_rules.rules(settings))
    journal, display = SqliteJournal(":memory:"), Stages()
    track = WavTrack(tmp_path / "out.wav")
    listeners: list[Listener] = []
    stagehand = Stagehand(
        session, speaker, journal, display, lambda meanings: listeners[0].expect(meanings)
    )
    stage = OfflineStage(stagehand, speaker, clock, track.write)
    listener = Listener(wiring.ears(wiring.model(settings), said), said, speaker, stage.post)
    listeners.append(listener)
    listener.expect(session.meanings)

    # Pause from 4 s, back on the minute at 360 s; ten more make it 960 s.
    people = scene(
        (1.0, "I just want you to listen."),
        (4.0, "Yellow light."),
        (75.0, "How long?"),
        (100.0, "More time."),
        (106.0, "Ten."),
        (974.0, "I'm here."),
        (984.0, "Here."),
        (1_040.0, "Stop."),
        seconds=1_050.0,
    )
    stage.run_with_microphone(microphone_samples(people), listener.take)
    track.close()
    assert session.stage is Stage.LISTENING
    assert display.seen[:3] == [Stage.BRIDGE, Stage.BREATHING, Stage.SETTLING]
    assert Stage.ASKING in display.seen
    assert Stage.REENTRY in display.seen
    (row,) = journal.history()
    assert (row.minutes, row.ending) == (16, "moved")
    sound = read_wav(tmp_path / "out.wav")
    bridge = find(
        studio_of(home, settings).clip("Yellow light.").sound.samples,
        sound.samples[: 12 * SPEAKER_RATE],
    )
    assert 4.0 < bridge / SPEAKER_RATE < 6.0
