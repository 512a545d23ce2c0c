"""Two people make an agreement: in the calm, both say yes, and nothing is lost on the way."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from calmvoice import language, settings_file
from calmvoice.agreement.draft import Draft
from calmvoice.agreement.interview import Interview
from calmvoice.agreement.making import Choice, Making, Stopped
from calmvoice.agreement.page import Page
from calmvoice.errors import SettingsError
from calmvoice.settings import Settings

ENGLISH = language.load("en")
TODAY = date(2026, 11, 23)


class Couple:
    """Answers questions by a word in them; Enter where nothing is given."""

    help_name = "keys"

    def __init__(self, answers: dict[str, list[str]] | None = None) -> None:
        self._answers = answers or {}
        self.told: list[str] = []
        self.asked: list[str] = []

    def tell(self, text: str) -> None:
        self.told.append(text)

    def show(self, page: Page) -> None:
        self.told.append(page.title)

    def choices(self, lines: list[str]) -> None:
        self.told += lines

    def ask(
        self, question: str, default: str, place: tuple[int, int], choices: Sequence[Choice]
    ) -> str:
        self.asked.append(question)
        answer = self._given(question)
        return default if answer is None else answer

    def confirm(self, question: str, default: bool = True) -> bool:
        self.asked.append(question)
        answer = self._given(question)
        return default if answer is None else answer == "y"

    def _given(self, question: str) -> str | None:
        for key, given in self._answers.items():
            if key in question and given:
                answer = given.pop(0)
                if answer == "Ctrl-C":
                    raise Stopped
                return answer
        return None


class Table:
    """The table they sit at: the settings file, the draft, and disks that may be full."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "settings.toml"
        self.full_disk = 0

    def sit(self, couple: Couple) -> Settings | None:
        talk = Interview(
            settings_file.load_or_default(self.path), ENGLISH, lambda s, m: [], fresh=True
        )
        return Making(couple, talk, Draft(self.path), ENGLISH, self._save).run(TODAY)

    def _save(self, settings: Settings) -> None:
        if self.full_disk:
            self.full_disk -= 1
            raise SettingsError(f"{self.path}: cannot be written (No space left on device)")
        settings_file.save(self.path, settings)


def test_both_say_yes_and_it_is_written_down(tmp_path: Path) -> None:
    couple = Couple({"ask for a pause": ["red kite"]})
    made = Table(tmp_path).sit(couple)
    assert made is not None
    assert made == settings_file.load(tmp_path / "settings.toml")
    assert (made.agreement.signal, made.agreement.agreed_on) == ("red kite", "2026-11-23")
    assert couple.asked[0] == "Is it calm between you right now?"
    assert couple.asked[-2:] == ["One of you: do you agree?", "And the other one: do you agree?"]
    assert not Draft(tmp_path / "settings.toml").path.exists()


def test_not_calm_is_come_back_later(tmp_path: Path) -> None:
    couple = Couple({"calm": ["n"]})
    assert Table(tmp_path).sit(couple) is None
    assert couple.told[-1].startswith("Then not now.")
    assert len(couple.asked) == 1


def test_one_no_of_either_changes_nothing_and_keeps_the_answers(tmp_path: Path) -> None:
    for who in ("One of you", "other one"):
        table, couple = Table(tmp_path), Couple({who: ["n"], "first when you meet": ["tea"]})
        assert table.sit(couple) is None
        assert not table.path.exists()
        assert Draft(table.path).load()["ritual"] == "tea"


def test_stopped_in_the_middle_it_goes_on_from_there(tmp_path: Path) -> None:
    table = Table(tmp_path)
    stopped = Couple({"ask for a pause": ["red kite"], "pause last": ["30"], "waits": ["Ctrl-C"]})
    assert table.sit(stopped) is None
    assert stopped.told[-1].startswith("Your answers are kept.")
    again = Couple()
    made = table.sit(again)
    assert made is not None
    assert (made.agreement.signal, made.agreement.pause_minutes) == ("red kite", 30)
    assert again.asked[2] == "What does the one who waits promise?"


def test_later_is_a_way_to_stop_and_starting_anew_is_allowed(tmp_path: Path) -> None:
    table = Table(tmp_path)
    table.sit(Couple({"ask for a pause": ["red kite"], "pause last": ["later"]}))
    made = table.sit(Couple({"Go on from there": ["n"]}))
    assert made is not None
    assert made.agreement.signal == "yellow light"


def test_an_earlier_answer_is_changed_by_going_back(tmp_path: Path) -> None:
    couple = Couple({"ask for a pause": ["red kite", "green lamp"], "mean": ["<"]})
    made = Table(tmp_path).sit(couple)
    assert made is not None
    assert made.agreement.signal == "green lamp"


def test_the_missing_parts_of_a_bridge_are_offered(tmp_path: Path) -> None:
    couple = Couple({"Which bridge": ["I need a moment"]})
    made = Table(tmp_path).sit(couple)
    assert made is not None
    assert made.agreement.bridge == "I need a moment. Back here at {t}. Nobody is leaving."


def test_a_bridge_that_points_at_somebody_is_written_anew_unless_they_insist(
    tmp_path: Path,
) -> None:
    own = "I need a break from you. I come back at {t}."
    couple = Couple({"Which bridge": [own, "shortest"]})
    made = Table(tmp_path).sit(couple)
    assert made is not None
    assert made.agreement.bridge == "shortest"
    assert any("points at somebody" in text for text in couple.told)
    insists = Couple({"Which bridge": [own], "Keep it as it is": ["y"]})
    made = Table(tmp_path).sit(insists)
    assert made is not None
    assert made.agreement.bridge == own


def test_a_full_disk_at_the_end_loses_nothing(tmp_path: Path) -> None:
    table, couple = Table(tmp_path), Couple({"ask for a pause": ["red kite"]})
    table.full_disk = 2
    made = table.sit(couple)
    assert made is not None
    assert sum("No space left" in text for text in couple.told) == 2
    assert settings_file.load(table.path).agreement.signal == "red kite"


def test_a_disk_that_takes_no_draft_is_told_once_and_the_questions_go_on(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    couple = Couple({"Try again": ["n"]})
    assert Table(tmp_path / "file").sit(couple) is None
    assert sum("cannot be kept on this disk" in text for text in couple.told) == 1
    assert couple.told[-1].startswith("Your answers could not be kept.")


def test_a_damaged_draft_is_as_good_as_none(tmp_path: Path) -> None:
    table = Table(tmp_path)
    for content in (b"\xff\xfe", b"signal = [", b"signal = 3\n", b'signal = "x"\npeople = "2"'):
        Draft(table.path).path.write_bytes(content)
        made = table.sit(Couple())
        assert made is not None
        assert made.agreement.people == 2
