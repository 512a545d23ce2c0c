"""``init`` and ``agreement`` as people meet them: whatever is typed, no traceback, nothing lost."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pexpect
import pytest
from theatre import Home

from calmvoice import settings_file
from calmvoice.journal import SqliteJournal
from calmvoice.session.promise import Promise
from calmvoice.sound import read_wav

pytestmark = pytest.mark.slow  # each starts the program anew

QUESTION = r"(?:^|\n)([^\n]*\S) \[([^\]\n]*)\]: "
CTRL_C, CTRL_D = "\x03", "\x04"


@pytest.fixture
def bare_home(tmp_path: Path) -> Home:
    return Home(tmp_path)


class Talk:
    """One run of ``calmvoice init`` in a terminal, answered by a word in the question."""

    def __init__(self, home: Home, command: str = "") -> None:
        run = f"{sys.executable} -m calmvoice init"
        self.text = ""
        self._child = pexpect.spawn(
            "/bin/sh",
            ["-c", f"{command} exec {run}"],
            env={**os.environ, **home.variables, "COLUMNS": "200", "TERM": "dumb"},
            encoding="utf-8",
            codec_errors="replace",
            timeout=120,
            dimensions=(50, 200),
        )

    def answer(self, answers: dict[str, list[str | bytes]]) -> int:
        """Answer until it ends; Enter where nothing is given, no to the rehearsal."""
        left: dict[str, list[str | bytes]] = {"Practise": ["n"], **answers}
        while True:
            which = self._child.expect([QUESTION, pexpect.EOF])
            self.text += str(self._child.before) + (str(self._child.after) if which == 0 else "")
            if which == 1:
                break
            asked = str(self._child.match.group(1))
            key = next((key for key in left if key in asked and left[key]), None)
            given: str | bytes = left[key].pop(0) if key is not None else ""
            if given in (CTRL_C, CTRL_D):
                self._child.send(given)
            elif isinstance(given, bytes):
                os.write(self._child.child_fd, given + b"\n")
            else:
                self._child.sendline(given)
        self._child.close()
        assert "Traceback" not in self.text, self.text
        return int(self._child.exitstatus or 0)


def run(home: Home, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "calmvoice", *arguments],
        env={**os.environ, **home.variables, "COLUMNS": "100"},
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
        stdin=subprocess.DEVNULL,
    )


def test_with_enter_all_the_way_there_is_an_agreement(bare_home: Home) -> None:
    talk = Talk(bare_home)
    assert talk.answer({}) == 0, talk.text
    agreed = settings_file.load(bare_home.settings).agreement
    assert agreed.signal == "yellow light"
    assert agreed.agreed_on
    assert "That is not your fault." in talk.text
    assert "Our agreement" in talk.text
    assert "And the other one: do you agree?" in talk.text
    assert "Practise it now" in talk.text


def test_wrong_answers_of_every_kind_are_asked_again_and_the_good_ones_kept(
    bare_home: Home,
) -> None:
    talk = Talk(bare_home)
    code = talk.answer(
        {
            "calm between": ["perhaps", "y"],
            "for two of you": ["three", "-", "2"],
            "ask for a pause": ["qwertzu", "stop", "\x1b[A", b"\xff\xfe light", "purple window"],
            "pause last": ["90", "long", "30"],
            "become with": ["10", "<", "45"],
            "follows the signal": ["nice", "{", "99", "shortest"],
            "each has one": ["qwertzu", "purple window", "red kite"],
            "five quiet seconds": ["red kite", "-", "slow down"],
            "cycle coming": ["yes", "slipping into our cycle"],
            "no words yet": ["yes", "no words yet"],
            "the second signal?": ["nothing", "1"],
            "comes first": ["yes", "food first, then us"],
            "after that": ["4", "soon", "45"],
            "always talk": ["25:00", "8.30 pm"],
            "waits promise": ["\x1b[A", "-"],
            "do first": ["-", b"\xff\xfe", "a cup of tea"],
            "connection enough": ["x" * 301, "-"],
            "After what hour": ["late", "23"],
            "do you then talk": ["24:30", "-", "9:00"],
            "soft": ["night", "22 to 7"],
            "slow breathing": ["99", "-1", "5"],
            "clock": ["13", "24"],
            "other one: do": ["maybe", "y"],
        }
    )
    assert code == 0, talk.text
    settings = settings_file.load(bare_home.settings)
    agreed = settings.agreement
    assert agreed.signal == "purple window"
    assert (agreed.pause_minutes, agreed.longest_minutes) == (30, 45)
    assert (agreed.bridge, agreed.other_bridge) == ("shortest", "default")
    assert (agreed.other_signal, agreed.event) == ("red kite", "food first, then us")
    assert (agreed.event_minutes, agreed.until, agreed.ritual) == (45, "20:30", "a cup of tea")
    assert (agreed.bedtime, agreed.morning) == ("23:00", "09:00")
    assert (agreed.quiet_from, agreed.quiet_to) == ("22:00", "07:00")
    assert settings.computer.clock == 24
    assert "the most is 60" in talk.text


@pytest.mark.parametrize("end", [CTRL_C, CTRL_D, "later"])
def test_ended_in_the_middle_it_goes_on_from_there(bare_home: Home, end: str) -> None:
    first = Talk(bare_home)
    first.answer({"ask for a pause": ["purple window"], "waits promise": [end]})
    assert "Your answers are kept." in first.text
    assert not bare_home.settings.exists()
    second = Talk(bare_home)
    assert second.answer({}) == 0, second.text
    assert "Go on from there?" in second.text
    assert "Which words ask for a pause?" not in second.text
    assert settings_file.load(bare_home.settings).agreement.signal == "purple window"
    assert [path.name for path in bare_home.settings.parent.iterdir()] == ["settings.toml"]


def test_no_file_can_be_written_and_nothing_is_lost(bare_home: Home) -> None:
    """A limit of 0 bytes a file is a full disk, for root too."""
    talk = Talk(bare_home, "trap '' XFSZ; ulimit -f 0;")
    code = talk.answer({"ask for a pause": ["purple window"], "Try again": ["y", "n"]})
    assert code == 0, talk.text
    assert "cannot be kept on this disk" in talk.text
    assert talk.text.count("It could not be written down.") == 2
    assert not list(bare_home.settings.parent.iterdir())


def test_asked_by_voice_without_a_device_the_keyboard_answers(bare_home: Home) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "calmvoice", "init", "--spoken"],
        env={**os.environ, **bare_home.variables},
        input="\n\n\n" + "n\n" * 4,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stderr
    assert "Is it calm between you right now?" in done.stdout
    assert "Then not now." in done.stdout
    assert "Traceback" not in done.stderr


def test_one_no_saves_nothing(bare_home: Home) -> None:
    talk = Talk(bare_home)
    assert talk.answer({"other one: do": ["n"]}) == 0, talk.text
    assert not bare_home.settings.exists()


def test_a_running_pause_comes_first(bare_home: Home) -> None:
    bare_home.journal.parent.mkdir(parents=True)
    kept = SqliteJournal(bare_home.journal)
    kept.note_promise(Promise(1.0, 1.0, 1201.0, 1.0))
    kept.close()
    talk = Talk(bare_home)
    assert talk.answer({}) == 0
    assert "A pause is running." in talk.text
    assert "?" not in talk.text


def test_the_agreement_is_shown_saved_read_and_taken_back(bare_home: Home, tmp_path: Path) -> None:
    assert "Nobody has agreed on this yet." in run(bare_home, "agreement").stdout
    bare_home.settings.write_text(
        '[agreement]\nsignal = "red kite"\nagreed_on = "2026-11-23"\n', "utf-8"
    )
    shown = run(bare_home, "agreement").stdout
    assert 'We say "red kite"' in shown
    assert "23.11.2026" in shown
    saved, printed, heard = (tmp_path / name for name in ("a.md", "a.pdf", "a.wav"))
    done = run(
        bare_home,
        *("agreement", "--markdown", str(saved), "--pdf", str(printed), "--name", "Ann"),
        *("--aloud", "--out", str(heard)),
    )
    assert done.returncode == 0, done.stderr
    assert saved.read_text("utf-8").startswith("# Our agreement\n")
    assert printed.read_bytes().startswith(b"%PDF")
    assert 40 < read_wav(heard).seconds < 240
    nowhere = run(bare_home, "agreement", "--markdown", str(tmp_path / "no" / "a.md"))
    assert nowhere.returncode == 1
    assert "cannot be written" in nowhere.stderr

    kept = run(bare_home, "agreement", "--revoke")
    assert kept.returncode == 1  # nobody said yes
    assert settings_file.load(bare_home.settings).agreement.signal == "red kite"
    assert "It is taken back" in run(bare_home, "agreement", "--revoke", "--yes").stdout
    agreed = settings_file.load(bare_home.settings).agreement
    assert (agreed.signal, agreed.agreed_on) == ("yellow light", "")


def test_bridges_are_listed_played_and_looked_at(bare_home: Home, tmp_path: Path) -> None:
    listed = run(bare_home, "bridges").stdout
    assert "* default: Yellow light." in listed
    assert "  overnight: It's late" in listed
    out = tmp_path / "bridge.wav"
    assert run(bare_home, "bridges", "--play", "shortest", "--out", str(out)).returncode == 0
    assert 1.5 < read_wav(out).seconds < 6
    unknown = run(bare_home, "bridges", "--play", "x")
    assert unknown.returncode == 1
    assert "there is no bridge 'x'" in unknown.stderr
    lacking = run(bare_home, "bridges", "check", "I need a moment.")
    assert lacking.returncode == 1
    assert "I need a moment. Back here at {t}. Nobody is leaving." in lacking.stdout
    whole = run(bare_home, "bridges", "check", "I'm full. Nobody is leaving. Back at {t}.")
    assert (whole.returncode, whole.stdout[:11]) == (0, "It is whole")
    braces = run(bare_home, "bridges", "check", "Back at {")
    assert braces.returncode == 1
    assert "Traceback" not in braces.stderr
