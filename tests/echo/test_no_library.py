"""Without libspeexdsp everything goes on, and it is said what to do."""

from __future__ import annotations

import ctypes
import logging

import numpy as np
import pytest

from calmvoice import wiring
from calmvoice.checkup import _check_echo
from calmvoice.echo.speex import EchoCanceller
from calmvoice.errors import SoundError
from calmvoice.sound import Samples


class Quiet:
    def played(self, start: float, count: int) -> Samples:
        return np.zeros(count, np.float32)


@pytest.fixture
def no_library(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str) -> ctypes.CDLL:
        raise OSError(f"{name}: cannot open shared object file")

    monkeypatch.setattr(ctypes, "CDLL", refuse)


@pytest.mark.usefixtures("no_library")
def test_the_error_says_what_to_install() -> None:
    with pytest.raises(SoundError, match="libspeexdsp is not installed") as caught:
        EchoCanceller()
    assert "libspeexdsp1" in caught.value.hint


@pytest.mark.usefixtures("no_library")
def test_it_is_said_once_and_everything_goes_on(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO):
        assert wiring.cleaner(Quiet()) is None
    (record,) = caplog.records
    assert record.levelname == "INFO"
    assert "sudo apt install libspeexdsp1" in record.getMessage()


@pytest.mark.usefixtures("no_library")
def test_the_doctor_calls_it_no_fault_but_gives_the_hint() -> None:
    finding = _check_echo()
    assert finding.ok
    assert finding.hint == "sudo apt install libspeexdsp1"
