"""The virtual sound card, homes whose voice is prepared once, and which tests run side by side."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from soundcard import SoundCard
from theatre import QUIET, Home, Program

from calmvoice.audio import portaudio


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files run side by side (``scripts/test``), but what plays aloud one after the other.

    A file stays together because its tests share what took long to make. The tests of real sound
    come first: they wait more than they work.
    """
    items.sort(key=lambda item: item.get_closest_marker("sound_card") is None)
    for item in items:
        aloud = item.get_closest_marker("sound_card") is not None
        item.add_marker(pytest.mark.xdist_group("aloud" if aloud else item.path.name))


@pytest.fixture(scope="session", autouse=True)
def nothing_recorded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What whoever runs the tests has recorded for themselves is not heard in them."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_DATA_HOME", str(tmp_path_factory.mktemp("data")))
        yield


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
        card.suspend(False)
    for thread in threading.enumerate():
        if thread.name == "close-stream":  # while one lives, devices are not listed anew
            thread.join(5.0)


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
    with Program(home, *QUIET) as program:
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
