"""The one page: every sentence of it can be read, heard and printed."""

from __future__ import annotations

import re
import zlib
from pathlib import Path

import pytest

from calmvoice import language, line_lint, wiring
from calmvoice.agreement.page import markdown, page_of, spoken
from calmvoice.agreement.pdf import pdf
from calmvoice.errors import SettingsError
from calmvoice.reminder_settings import Reminders
from calmvoice.settings import Agreement, Guidance, Settings

ENGLISH = language.load("en")
FULL = Agreement(
    agreed_on="2026-11-23",
    other_signal="red kite",
    early_catch=("slipping into our cycle", "our old loop"),
    event="food first, then us",
    until="20:30",
    bid="a squeeze of the hand",
    promise="Whoever waits lets the time be.",
    enough="sitting side by side",
    bedtime="22:30",
    quiet_from="22:00",
    quiet_to="7:00",
)


def page(agreed: Agreement) -> str:
    settings = Settings(agreement=agreed)
    return markdown(page_of(settings, wiring.pack(settings)))


def test_all_that_was_agreed_on_stands_on_the_page() -> None:
    text = page(FULL)
    for part in (
        'We say "yellow light", or press any key. We are pressing pause, not walking away.',
        '"red kite" means the same',
        "“I'm starting to overflow, and I still want us.",
        "A pause lasts twenty minutes.",
        '"food first, then us" means: that first, and forty-five minutes later we talk.',
        '"until half past eight" keeps us apart',
        "After half past ten we may stop for the night. We talk the next day at ten o'clock.",
        "From ten o'clock to seven o'clock, softly.",
        "First: a hug, if we both want it.",
        "On this we agree, 23.11.2026",
    ):
        assert part in text
    assert "{" not in text


def test_how_to_have_less_guidance_stands_there_and_a_caution_where_breath_is_held() -> None:
    text = page(FULL)
    assert '"Only sound" leaves out the words, "only words" leaves out the sound.' in text
    assert "dizzy" not in text
    settings = Settings(guidance=Guidance(routine="box"))
    assert "If you feel dizzy" in markdown(page_of(settings, wiring.pack(settings)))


def test_what_may_be_said_between_pauses_stands_there() -> None:
    chosen = Reminders(at="19:00", check_in="sunday", hello_days=3, practice_days=14)
    settings = Settings(agreement=FULL, reminders=chosen)
    text = markdown(page_of(settings, ENGLISH))
    assert "Sunday, from seven o'clock on: a check-in." in text
    assert "Every three days I may speak of a small hello" in text
    assert "Every fourteen days I may speak of practising a pause." in text
    assert "Rarely, to both, I may say that returns were missed" in text
    plain = page(Agreement())
    assert "check-in" not in plain
    assert "small hello" not in plain


def test_what_was_not_agreed_on_does_not() -> None:
    text = page(Agreement(people=1))
    assert "softly" not in text
    assert "Before we part" not in text
    assert "Either of us may, always" not in text
    assert "No pause lasts overnight." in text


def test_markdown_takes_nobodys_words_for_its_own_signs() -> None:
    assert "First: \\*tea\\* \\[x\\] \\<b\\>" in page(Agreement(ritual="*tea* [x] <b>"))


def test_read_aloud_it_is_easy_to_follow() -> None:
    settings = Settings(agreement=FULL)
    for text in spoken(page_of(settings, wiring.pack(settings))):
        quoted = re.sub(r"“.*”", "…", text)  # the bridges are linted as bridges
        assert not line_lint.faults(ENGLISH, "page.line", quoted), text


def pages_of(content: bytes) -> int:
    return len(re.findall(rb"/Type /Page\b(?!s)", content))


@pytest.mark.parametrize("agreed", [Agreement(), FULL, Agreement(people=1)])
def test_the_pdf_is_one_page(agreed: Agreement) -> None:
    settings = Settings(agreement=agreed)
    made = pdf(page_of(settings, wiring.pack(settings)), ("Zoë", "Дмитрий"))
    assert pages_of(made.content) == 1
    assert made.unprintable == ()
    assert made.content.startswith(b"%PDF")


def test_a_very_long_agreement_is_still_one_page() -> None:
    long = "sitting side by side on the old green sofa until the tea is cold " * 4
    settings = Settings(
        agreement=FULL.model_copy(
            update={"enough": long, "promise": long, "bid": long, "meaning": long}
        )
    )
    made = pdf(page_of(settings, wiring.pack(settings)))
    assert pages_of(made.content) == 1
    drawn = b"".join(
        zlib.decompress(part)
        for part in re.findall(rb"stream\r?\n(x.*?)\r?\nendstream", made.content, re.DOTALL)
        if b" Td" in zlib.decompress(part)
    )
    lowest = min(float(y) for y in re.findall(rb"BT [\d.]+ ([\d.]+) Td", drawn))
    assert lowest > 14 * 72 / 25.4, "it runs over the frame"


def test_a_script_no_font_has_is_told_and_breaks_nothing() -> None:
    settings = Settings(agreement=Agreement(ritual="a hug \U0001f917\U000e0041 שלום سلام"))
    made = pdf(page_of(settings, wiring.pack(settings)), ("\U00013000",))
    assert "\U000e0041" in made.unprintable
    assert "ש" not in made.unprintable
    assert pages_of(made.content) == 1


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    settings = Settings()
    (tmp_path / "x.ttf").write_bytes(b"not a font")
    for name in ("x.ttf", "nowhere.ttf"):
        with pytest.raises(SettingsError, match=r"ttf: no font"):
            pdf(page_of(settings, wiring.pack(settings)), (), tmp_path / name)


def test_a_page_for_one_speaks_of_one() -> None:
    agreement = {"people": 1, "bid": "a squeeze", "promise": "I wait."}
    settings = Settings.model_validate({"agreement": agreement})
    text = markdown(page_of(settings, wiring.pack(settings)))
    for word in ("we both", "by both", "either of us", "squeeze", "I wait"):
        assert word not in text
