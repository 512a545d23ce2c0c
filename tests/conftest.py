"""The virtual sound card, and homes whose voice is prepared once, for tests that ask for them."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from soundcard import SoundCard
from theatre import Home, Program

from calmvoice.audio import portaudio


@pytest.fixture(scope="session")
def sound_card_of_session() -> Iterator[SoundCard]:
    missing = SoundCard.missing()
    if missing and os.environ.get("CI") == "true":
        pytest.fail(missing)
    if missing:
        pytest.skip(missing)
    with SoundCard() as card, pytest.MonkeyPatch.context() as patch:
        for name, value in card.environment.items():
            patch.setenv(name, value)
        portaudio.look_again()
        yield card


@pytest.fixture
def sound_card(sound_card_of_session: SoundCard) -> Iterator[SoundCard]:
    """A running card: what the test before killed or froze is well again, nothing is muted."""
    card = sound_card_of_session
    if not card.running:
        card.start()
    yield card
    if card.running:
        card.thaw()
        card.mute_microphone(False)


SHORT = """
[agreement]
pause_minutes = 5

[breathing]
minutes = 0.5
"""


@pytest.fixture(scope="session")
def voice_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The sentences of a short pause, rendered by the program itself."""
    home = Home(tmp_path_factory.mktemp("prepared"))
    home.settings.write_text(SHORT, "utf-8")
    with Program(home, "--plain", "--no-microphone", "--no-speaker") as program:
        program.wait_for("Listening", limit=240)
        program.type("q")
        assert program.wait() == 0
    return home.cache


@pytest.fixture
def home(tmp_path: Path, voice_cache: Path) -> Home:
    """A home with a short breathing and a pause of five minutes."""
    home = Home(tmp_path, voice_cache)
    home.settings.write_text(SHORT, "utf-8")
    return home
