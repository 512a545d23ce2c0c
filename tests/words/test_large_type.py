"""Large captions: every line of the language fits or stands plain, and nothing is cut."""

from __future__ import annotations

import string

import pytest

from calmvoice.captions import wrapped
from calmvoice.language import load, sentences
from calmvoice.large_type import LargeType

BLOCKS = set("█▀▄")


@pytest.fixture(scope="module")
def letters() -> LargeType:
    return LargeType()


def test_a_short_text_is_twice_as_large(letters: LargeType) -> None:
    small = letters.draw("In.", 80, 4)
    large = letters.draw("In.", 80, 8)
    assert len(small.splitlines()) == 3
    assert len(large.splitlines()) == 6
    assert large.splitlines()[0].strip() == "██████  ██████"  # I and N, their upper halves
    assert large.splitlines()[1].strip() == "██    ██  ██"


def test_every_sentence_stays_within_the_screen(letters: LargeType) -> None:
    drawn_large = 0
    spoken = [
        sentence
        for role, lines in load("en").lines.items()
        if not role.startswith(("setup.", "page.", "ask.", "screen.", "choices."))
        for line in lines
        for sentence in sentences(line)
    ]
    for sentence in spoken:
        drawn = letters.draw(sentence, 80, 19)
        lines = drawn.splitlines()
        assert len(lines) <= 19, sentence
        assert max(map(len, lines)) <= 80, sentence
        drawn_large += bool(BLOCKS & set(drawn))
    assert len(spoken) > 120
    assert drawn_large / len(spoken) > 0.95


def test_lines_break_between_words(letters: LargeType) -> None:
    whole = letters.draw("we meet again at the table", 200, 3).splitlines()
    broken = letters.draw("we meet again at the table", 60, 19).splitlines()
    assert len(whole) == 3
    parts = [broken[at : at + 3] for at in range(0, len(broken), 4)]
    assert len(parts) > 1
    for row in range(3):
        joined = "".join(part[row].strip() for part in parts)
        assert joined.replace(" ", "") == whole[row].replace(" ", "")


@pytest.mark.parametrize("text", ["잠깐 쉬어요.", "Ça va déjà.", "x" * 60])
def test_what_it_cannot_draw_stands_as_it_is(letters: LargeType, text: str) -> None:
    assert letters.draw(text, 80, 19) == wrapped(text, 80)


def test_every_letter_of_the_keyboard_has_a_shape_of_its_own(letters: LargeType) -> None:
    shapes = {letters.draw(letter, 80, 3) for letter in string.ascii_lowercase + string.digits}
    assert len(shapes) == 26 + 10


def test_quotes_and_dots_are_drawn(letters: LargeType) -> None:
    assert letters.draw("“so…”", 80, 3) == letters.draw('"so..."', 80, 3)
