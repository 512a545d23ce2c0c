"""``calmvoice voices`` on a computer without a loudspeaker: listed, written, chosen, tuned."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import pexpect
import pytest
from theatre import Home, run

from calmvoice import settings_file
from calmvoice.ears.hear import hear
from calmvoice.ears.model import SpeechModel
from calmvoice.ears.vosk_ears import VoskEars
from calmvoice.meanings import Meaning
from calmvoice.sound import read_wav

pytestmark = pytest.mark.slow  # each starts the program anew

CTRL_C = "\x03"
SETTINGS = '[computer]\nspeaker = "unplugged"\nwords_per_minute = 125\n# ours\n'


@pytest.fixture
def bare_home(tmp_path: Path) -> Home:
    """A home whose loudspeaker is not there."""
    home = Home(tmp_path)
    home.settings.write_text(SETTINGS, "utf-8")
    return home


def talk(home: Home, *arguments: str) -> pexpect.spawn[str]:
    """Start a command in a terminal."""
    return pexpect.spawn(
        sys.executable,
        ["-m", "calmvoice", *arguments],
        env={**os.environ, **home.variables, "COLUMNS": "200", "TERM": "dumb"},
        encoding="utf-8",
        timeout=60,
        dimensions=(50, 200),
    )


def test_the_engines_and_voices_present_are_listed(bare_home: Home) -> None:
    listed = json.loads(run(bare_home, "voices", "--json").stdout)
    engines = {one["name"]: one["voices"] for one in listed["engines"]}
    assert listed["current"] == "pyttsx3/en-us+f2"
    assert "en-gb-x-rp" in engines["pyttsx3"]
    assert engines["pico"] == ["en-GB", "en-US"]
    assert engines["piper"] == ["en_US-joe-medium"]
    text = run(bare_home, "voices").stdout
    assert "* speaks now: pyttsx3/en-us+f2, 125 words a minute, its own pitch" in text
    assert "f2" in run(bare_home, "voices", "--timbres").stdout.split()


def test_several_voices_say_the_same_bridge(bare_home: Home, tmp_path: Path) -> None:
    out = tmp_path / "all.wav"
    done = run(bare_home, "voices", "play", "pyttsx3", "pico/en-US", "--out", str(out))
    assert done.returncode == 0, done.stderr
    ears = VoskEars(SpeechModel())
    ears.expect({Meaning.SIGNAL: ("yellow light",)})
    at = [heard.at_seconds for heard in hear(ears, out)]
    assert len(at) == 2
    assert at[1] - at[0] == pytest.approx(read_wav(out).seconds / 2, abs=1.0)
    wrong = run(bare_home, "voices", "play", "siren")
    assert wrong.returncode == 1
    assert "there is no voice engine 'siren'" in wrong.stderr
    assert "pico/en-GB" in wrong.stderr


def test_a_voice_is_used_only_if_it_speaks(bare_home: Home) -> None:
    wrong = run(bare_home, "voices", "use", "pico/en-XX")
    assert wrong.returncode == 1
    assert 'unknown pico voice "en-XX"' in wrong.stderr
    assert bare_home.settings.read_text("utf-8") == SETTINGS
    done = run(bare_home, "voices", "use", "pico", "--yes")
    assert "Kept: pico/en-GB, 125 words a minute, its own pitch." in done.stdout
    assert "Everything is prepared." in done.stdout
    assert settings_file.load(bare_home.settings).computer.engine == "pico"
    assert len(list((bare_home.cache / "calmvoice" / "voice").glob("*.wav"))) > 60


def test_tuning_is_kept_after_a_yes(bare_home: Home) -> None:
    child = talk(bare_home, "voices", "tune")
    steps = (
        ("125 words a minute, its own pitch", "s"),
        ("120 words a minute, its own pitch", "l"),
        ("1 semitone lower", "l"),
        ("2 semitones lower", "x"),
        ("2 semitones lower", "h"),
        ("120 words a minute, 1 semitone lower", "k"),
    )
    for shown, key in steps:
        child.expect_exact(f"{shown}: ")
        assert "Not heard: " in str(child.before)
        child.sendline(key)
    child.expect_exact("Keep 120 words a minute, 1 semitone lower? [Y/n]: ")
    child.sendline("")
    child.expect(["Everything is prepared", r"Now\?"])
    child.close()
    computer = settings_file.load(bare_home.settings).computer
    assert (computer.words_per_minute, computer.pitch_semitones) == (120, -1)


def test_ctrl_c_changes_nothing_and_says_how_to_go_on(bare_home: Home) -> None:
    child = talk(bare_home, "voices", "tune", "--pitch", "4")
    child.expect("4 semitones higher: ")
    child.sendline("h")
    child.expect_exact("That is as far as it goes.")
    child.expect("4 semitones higher: ")
    child.send(CTRL_C)
    child.expect_exact("calmvoice voices tune --words 125 --pitch 4")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert bare_home.settings.read_text("utf-8") == SETTINGS


def test_compared_voices_are_numbered_and_one_can_be_kept(bare_home: Home) -> None:
    child = talk(bare_home, "voices", "compare", "pyttsx3/en-gb-x-rp+f4", "pico")
    child.expect_exact("1 pyttsx3/en-gb-x-rp+f4")
    child.expect_exact("2 pico")
    for answer, then in (("7", "There are 1 to 2."), ("1", "1 pyttsx3"), ("k1", "Kept: pyttsx3")):
        child.expect("Enter leaves: ")
        child.sendline(answer)
        child.expect_exact(then)
    child.expect(["Everything is prepared", r"Now\?"])
    child.close()
    assert settings_file.load(bare_home.settings).computer.voice == "en-gb-x-rp+f4"
