"""What stands on the screen: the microphone, the hour, large letters, and light that calls."""

from __future__ import annotations

import pytest

from calmvoice import wiring
from calmvoice.captions import captions
from calmvoice.keys import Keys
from calmvoice.meanings import Meaning
from calmvoice.screen import Screen
from calmvoice.session.script import Breaths, Line
from calmvoice.session.stages import Stage
from calmvoice.settings import Settings
from calmvoice.shell import Status

SETTINGS = Settings()
PACK = wiring.pack(SETTINGS)
MIDDAY = 1_800_000_000.0


def screen(large: bool = False) -> Screen:
    return Screen(wiring.wording(SETTINGS, PACK), Keys(PACK), is_large=large)


def status(stage: Stage, *, quiet: bool = False, deaf: bool = False) -> Status:
    return_at = MIDDAY + 600 if stage is not Stage.LISTENING else None
    return Status(stage, return_at, frozenset({Meaning.GUESTS}), False, quiet, deaf)


def test_a_microphone_that_is_off_is_seen_in_every_stage() -> None:
    for stage in Stage:
        assert "microphone is off" in screen().headline(status(stage, deaf=True), MIDDAY)
        assert "microphone" not in screen().headline(status(stage), MIDDAY)
    assert '"yellow light"' not in screen().headline(status(Stage.LISTENING, deaf=True), MIDDAY)
    assert "o microphone" in screen().help(status(Stage.LISTENING))


def test_quiet_hours_are_seen() -> None:
    assert screen().headline(status(Stage.LISTENING, quiet=True), MIDDAY).endswith("Quiet hours.")


@pytest.mark.parametrize(
    ("stage", "quiet", "large", "lit"),
    [
        (Stage.CALLING, True, False, True),
        (Stage.CALLING, False, True, True),
        (Stage.CALLING, False, False, False),
        (Stage.SETTLING, True, True, False),
    ],
)
def test_light_calls_in_the_night_and_for_who_reads(
    stage: Stage, quiet: bool, large: bool, lit: bool
) -> None:
    assert screen(large).is_lit(status(stage, quiet=quiet)) is lit


def test_usual_captions_hold_the_whole_script_and_the_cues_of_the_breath() -> None:
    shown = captions(screen())
    shown.begin((Line("breathing.intro"),))
    assert shown.draw("", 80, 10).startswith("Sit down if you can.")
    shown.begin((Breaths(0, 30),))
    assert shown.draw("In.", 80, 10) == "In."


def test_large_captions_follow_the_voice_sentence_by_sentence() -> None:
    large = screen(large=True)
    shown = captions(large)
    shown.begin((Line("breathing.intro"),))
    first = shown.draw("", 80, 19)
    assert first == shown.draw("Sit down if you can.", 80, 19)
    second = shown.draw("Both feet on the floor.", 80, 19)
    assert second != first
    assert shown.draw("", 80, 19) == second, "the last sentence stays until another sounds"
    shown.begin((Line("time_left.half"),))  # only shown, while an older cue is still remembered
    assert shown.draw("Both feet on the floor.", 80, 19) == shown.draw("Halfway.", 80, 19)
