"""What a language still lacks is told all at once, by the parts that would stumble over it."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest

from calmvoice.ears.model import SpeechModel
from calmvoice.errors import VoiceError
from calmvoice.language_check import check_language
from calmvoice.voice import pico_voice, pyttsx3_voice

ENGLISH = (resources.files("calmvoice") / "languages" / "en.toml").read_text("utf-8")


def test_english_lacks_nothing_and_its_model_knows_every_word() -> None:
    _, findings = check_language("en", SpeechModel())
    assert findings == []


def test_everything_is_told_at_once(tmp_path: Path) -> None:
    text = ENGLISH
    for whole, broken in (
        ("call = \"It's {t}. The pause is over.", 'call = "The pause is over.'),
        ('half = "Halfway. Nothing to solve yet."\n', ""),
        ('swap = "Thank you. Now the other one."', 'swap = "Now you must go!"'),
        ('how_long = ["how long"]', 'how_long = ["hwo long"]'),
        ('voices = ["en-us+f2"', 'voices = ["en-us+f99"'),
    ):
        assert whole in text
        text = text.replace(whole, broken)
    file = tmp_path / "mine.toml"
    file.write_text(text, "utf-8")
    _, findings = check_language(str(file), SpeechModel())
    told = "\n".join(f"{one.where}: {one.what}" for one in findings)
    for part in (
        "file: the role time_left.half is missing",
        "file: return.call holds no return time",
        "line: reentry.swap: an exclamation mark is a raised voice",
        'line: reentry.swap: "you must" can be heard as blame',
        'voice: unknown variant "f99"',
    ):
        assert part in told
    assert "hwo" not in told, "English words that are new are heard by their sounds"


def test_two_commands_on_one_key_are_told(tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(ENGLISH.replace('stop = ["s",', 'stop = ["t",'), "utf-8")
    (one,) = check_language(str(file), None)[1]
    assert (one.where, "both 't'" in one.what) == ("keys", True)


@pytest.mark.parametrize(
    ("code", "espeak", "pico"), [("de", "de+f2", "de-DE"), ("en-us", "en-us+f2", "en-US")]
)
def test_each_engine_has_a_voice_for_a_language(code: str, espeak: str, pico: str) -> None:
    assert pyttsx3_voice.voices_of(code)[0] == espeak
    assert pico_voice.voice_of(code) == pico


def test_an_engine_without_a_voice_for_a_language_says_so() -> None:
    with pytest.raises(VoiceError, match="no voice for the language 'xx'") as caught:
        pyttsx3_voice.voices_of("xx")
    assert "[language] voices" in caught.value.hint
    with pytest.raises(VoiceError, match="pico has no voice for the language 'ko'"):
        pico_voice.voice_of("ko")
