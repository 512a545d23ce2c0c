"""The command line: each command has help, says errors in one line, and speaks JSON to scripts."""

from __future__ import annotations

import json
from pathlib import Path

import click
import pytest
from people import scene
from theatre import Home, run

from calmvoice.cli import cli
from calmvoice.journal import SqliteJournal
from calmvoice.session.promise import Ending, PauseRecord
from calmvoice.sound import write_wav

pytestmark = pytest.mark.slow  # each starts the program anew


@pytest.fixture
def bare_home(tmp_path: Path) -> Home:
    return Home(tmp_path)


@pytest.mark.parametrize("name", ["", *cli.list_commands(click.Context(cli))])
def test_every_command_has_help_and_stands_in_the_readme(bare_home: Home, name: str) -> None:
    done = run(bare_home, *([name] if name else []), "--help")
    assert done.returncode == 0
    assert "Usage:" in done.stdout
    readme = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
    assert f"calmvoice {name}".strip() in readme


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("[agreement]\npause_minutes = 90\n", "agreement.pause_minutes is 90: the most is 60"),
        ("[agreement]\nbridge = 'x'\n", "agreement.bridge is 'x': there is no such bridge"),
        ("[agreement]\nsignal = 'qwertzu'\n", "qwertzu"),
        ("[computer]\nmodel = '/nowhere'\n", "/nowhere"),
        ("[computer]\nvoice = 'nobody'\n", "nobody"),
        ("[computer]\nlanguage = 'xx'\n", "there is no language 'xx'"),
        ("[guidance]\nroutine = 'xx'\n", "there is no routine 'xx'; there are: usual, box"),
        ("[breathing]\npattern = 'box'\n", "write holds = true"),
        ("nonsense", "settings.toml"),
    ],
)
def test_wrong_settings_are_one_clear_line(bare_home: Home, content: str, message: str) -> None:
    bare_home.settings.write_text(content, "utf-8")
    done = run(bare_home, "--plain", "--no-speaker")
    assert done.returncode == 1
    assert message in done.stderr
    assert "Traceback" not in done.stderr


def test_phrases_check_says_what_can_be_heard(bare_home: Home) -> None:
    good = run(bare_home, "phrases", "check", "yellow light", "--json")
    assert good.returncode == 0
    assert json.loads(good.stdout)["problems"] == []
    spelt = run(bare_home, "phrases", "check", "yellow lihgt")
    assert spelt.returncode == 0
    assert 'Did you mean "light"?' in spelt.stdout
    bad = run(bare_home, "phrases", "check", "zorp", "--json")
    assert bad.returncode == 1
    found = json.loads(bad.stdout)
    assert "4 sounds" in found["problems"][0]
    assert len(found["suggestions"]) == 3


def test_phrases_check_knows_how_a_word_of_ours_is_said(bare_home: Home) -> None:
    bare_home.settings.write_text('[agreement]\nsounds_like = ["zorblik = zor blick"]\n', "utf-8")
    done = run(bare_home, "phrases", "check", "zorblik light")
    assert "Sounds: Z AO R B L IH K L AY T" in done.stdout
    bare_home.settings.write_text('[agreement]\nsounds_like = ["zorblik"]\n', "utf-8")
    wrong = run(bare_home, "phrases", "check", "zorblik light")
    assert wrong.returncode == 1
    assert "must be a word, =, and what it sounds like" in wrong.stderr


def test_routines_are_listed_shown_and_checked(bare_home: Home, tmp_path: Path) -> None:
    bare_home.settings.write_text("[guidance]\nroutine = 'sighs'\n", "utf-8")
    listed = {one["name"]: one for one in json.loads(run(bare_home, "routines", "--json").stdout)}
    assert [name for name, one in listed.items() if one["chosen"]] == ["sighs"]
    assert "* sighs: Three long sighs" in run(bare_home, "routines").stdout
    shown = run(bare_home, "routines", "show", "usual").stdout
    ours = tmp_path / "ours.toml"
    ours.write_text(shown.replace("gap_seconds = 35", "gap_seconds = 5"), "utf-8")
    wrong = run(bare_home, "routines", "check", str(ours), "--json")
    assert wrong.returncode == 1
    (fault,) = json.loads(wrong.stdout)["faults"]
    place = ours.read_text("utf-8").split("\n").index("gap_seconds = 5") + 1
    assert (fault["line"], fault["key"]) == (place, "settling.gap_seconds")
    assert fault["hint"] == "Write 10 or more."
    for command in (("render", "x.wav"), ("rehearse", "--plain", "--no-microphone")):
        refused = run(bare_home, *command, "--routine", str(ours))
        assert refused.returncode == 1
        assert f"line {place}: settling.gap_seconds is 5: the least is 10" in refused.stderr
    ours.write_text(shown, "utf-8")
    assert run(bare_home, "routines", "check", str(ours)).returncode == 0


def test_hear_says_what_and_when(bare_home: Home, tmp_path: Path) -> None:
    write_wav(tmp_path / "a.wav", scene((2.0, "Yellow light."), seconds=5.0))
    done = run(bare_home, "hear", str(tmp_path / "a.wav"), "--json")
    (heard,) = json.loads(done.stdout)
    assert heard["meaning"] == "signal"
    assert 2.0 < heard["at_seconds"] < 3.6
    missing = run(bare_home, "hear", "nowhere.wav")
    assert missing.returncode == 1
    assert "nowhere.wav: no such file" in missing.stderr


def test_history_and_wipe(bare_home: Home) -> None:
    assert run(bare_home, "history").stdout == "No pauses yet.\n"
    journal = SqliteJournal(bare_home.journal)
    journal.note_end(PauseRecord(1_800_000_000.0, 20, Ending.KEPT))
    journal.note_caught("early")
    journal.close()
    (row,) = json.loads(run(bare_home, "history", "--json").stdout)
    assert (row["minutes"], row["ending"], row["caught"]) == (20, "kept", "early")
    assert "early" in run(bare_home, "history", "--list").stdout
    assert "met at the time" in run(bare_home, "history").stdout
    saved = bare_home.folder / "pauses.csv"
    assert run(bare_home, "history", "--save", str(saved)).returncode == 0
    assert saved.read_text().endswith(",20,kept,early\n")
    wrong = run(bare_home, "history", "--save", "pauses.xls")
    assert wrong.returncode == 1
    assert "the name must end in" in wrong.stderr
    assert run(bare_home, "wipe").returncode == 1  # nobody said yes
    assert run(bare_home, "wipe", "--yes").stdout == "Forgotten: 1 pause.\n"
    assert run(bare_home, "history").stdout == "No pauses yet.\n"


def test_say_writes_a_file(bare_home: Home, tmp_path: Path) -> None:
    out = tmp_path / "said.wav"
    assert run(bare_home, "say", "Both feet on the floor.", "--out", str(out)).returncode == 0
    heard = run(bare_home, "say", "Hello.", "--out", str(tmp_path / "no" / "x.wav"))
    assert heard.returncode == 1
    assert "x.wav: cannot be written" in heard.stderr
    assert out.stat().st_size > 48_000


def test_languages_are_listed_and_looked_at(bare_home: Home, tmp_path: Path) -> None:
    assert run(bare_home, "languages").stdout == "* en  English\n"
    whole = run(bare_home, "languages", "check", "en")
    assert (whole.returncode, whole.stdout[:16]) == (0, "English is whole")
    file = tmp_path / "mine.toml"
    file.write_text('[language]\ncode = "xx"\n[keys]\nstop = ["ss", "stop"]\n', "utf-8")
    lacking = run(bare_home, "languages", "check", str(file), "--json")
    assert lacking.returncode == 1
    told = [one["what"] for one in json.loads(lacking.stdout)]
    assert len(told) > 200
    for part in ("the role return.call is missing", "keys.stop is ['ss', 'stop']"):
        assert part in told
    assert run(bare_home, "languages", "check", "nowhere.toml").returncode == 1


def test_the_doctor_names_what_is_missing_and_what_to_do(bare_home: Home) -> None:
    done = run(bare_home, "doctor", "--json")
    findings = {one["part"]: one for one in json.loads(done.stdout)}
    assert findings["ears"]["ok"], findings["ears"]
    assert findings["voice"]["ok"]
    assert findings["journal"]["ok"]
    for finding in findings.values():
        assert finding["ok"] or finding["hint"], finding
