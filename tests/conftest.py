"""The virtual sound card for every test that asks for it."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest
from soundcard import SoundCard

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
