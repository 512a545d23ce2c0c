"""A virtual sound card: a private PulseAudio with one loudspeaker, one microphone and no hardware.

Rules: everything lives in one temporary directory and dies with it; nothing of the user's own
sound server is touched. PortAudio reads the environment once, so a process that uses this card
starts with ``environment`` set, or calls ``enter_environment`` before it loads PortAudio.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType

import numpy as np

from calmvoice.sound import SPEAKER_RATE, Samples, Sound, write_wav

SPEAKER_SINK, MICROPHONE_SINK, MICROPHONE = "speaker", "room", "microphone"
READY_SECONDS = 5.0  # it takes 0.04 s; a loaded machine may take longer

SERVER_SCRIPT = f"""
load-module module-native-protocol-unix auth-anonymous=1 socket={{socket}}
load-module module-null-sink sink_name={SPEAKER_SINK} rate={SPEAKER_RATE} channels=1 norewinds=1
load-module module-null-sink sink_name={MICROPHONE_SINK} rate={SPEAKER_RATE} channels=1 norewinds=1
load-module module-remap-source source_name={MICROPHONE} master={MICROPHONE_SINK}.monitor
set-default-sink {SPEAKER_SINK}
set-default-source {MICROPHONE}
"""

ALSA_CONFIG = """
</usr/share/alsa/alsa.conf>
pcm.!default { type pulse }
ctl.!default { type pulse }
"""


class Recording:
    """What the loudspeaker played: grows while it is open; ``samples`` are floats at 48 kHz."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process = process
        self._parts: list[Samples] = []
        self._count = 0
        self._start = float("inf")
        self._grown = threading.Condition()
        self._reader = threading.Thread(target=self._read, name="recording", daemon=True)
        self._reader.start()

    @property
    def samples(self) -> Samples:
        with self._grown:
            return np.concatenate(self._parts) if self._parts else np.zeros(0, np.float32)

    @property
    def start(self) -> float:
        """The steady time of the first sample: the least delayed of all arrivals tells it best."""
        with self._grown:
            return self._start

    def wait_until(self, steady: float, limit: float = 5.0) -> None:
        """Wait until what was played at this steady time has been recorded."""

        def recorded() -> bool:
            return self._count > 0 and self._start + self._count / SPEAKER_RATE >= steady

        with self._grown:
            if not self._grown.wait_for(recorded, max(0.0, steady - time.monotonic()) + limit):
                raise TimeoutError(f"the recording ends before {steady:.3f} s")

    def stop(self) -> None:
        with suppress(ProcessLookupError):
            self._process.kill()
        self._process.wait()
        self._reader.join()

    def _read(self) -> None:
        assert self._process.stdout is not None
        rest = b""
        while data := os.read(self._process.stdout.fileno(), 1 << 16):
            arrived, data = time.monotonic(), rest + data
            whole = len(data) // 4 * 4
            rest = data[whole:]
            with self._grown:
                self._parts.append(np.frombuffer(data[:whole], "<f4").astype(np.float32))
                self._count += whole // 4
                self._start = min(self._start, arrived - self._count / SPEAKER_RATE)
                self._grown.notify_all()
        self._process.stdout.close()


class SoundCard:
    """A loudspeaker and a microphone that can be spoken into, recorded, frozen and killed."""

    def __init__(self) -> None:
        self.directory = Path(tempfile.mkdtemp(prefix="soundcard-"))
        self._socket = self.directory / "native"
        self.environment = {
            "PULSE_RUNTIME_PATH": str(self.directory),
            "PULSE_STATE_PATH": str(self.directory),
            "XDG_CONFIG_HOME": str(self.directory),
            "PULSE_SERVER": f"unix:{self._socket}",
            "ALSA_CONFIG_PATH": str(self.directory / "asound.conf"),
        }
        (self.directory / "asound.conf").write_text(ALSA_CONFIG)
        (self.directory / "card.pa").write_text(SERVER_SCRIPT.format(socket=self._socket))
        self._server: subprocess.Popen[bytes] | None = None

    @staticmethod
    def missing() -> str:
        """Return why there can be no virtual card on this computer, or nothing."""
        programs = [
            name
            for name in ("pulseaudio", "pactl", "paplay", "parec")
            if shutil.which(name) is None
        ]
        if programs:
            return (
                f"no {', '.join(programs)}: sudo apt install pulseaudio pulseaudio-utils "
                "libasound2-plugins libportaudio2"
            )
        return ""

    def __enter__(self) -> SoundCard:
        self.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.kill()
        shutil.rmtree(self.directory, ignore_errors=True)

    @property
    def variables(self) -> dict[str, str]:
        """The whole environment for a subprocess that should use this card."""
        return {**os.environ, **self.environment}

    def enter_environment(self) -> None:
        """Let this process use the card; only before PortAudio is loaded or initialised."""
        os.environ.update(self.environment)

    @property
    def running(self) -> bool:
        """Whether there is a server, frozen or not."""
        return self._server is not None

    def start(self) -> None:
        """Start the server and wait until it answers."""
        self._socket.unlink(missing_ok=True)
        self._server = subprocess.Popen(
            [
                "pulseaudio",
                "-n",
                "--daemonize=no",
                "--exit-idle-time=-1",
                "--use-pid-file=no",
                "--log-level=error",
                f"--file={self.directory / 'card.pa'}",
            ],
            env=self.variables,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=(self.directory / "server.log").open("ab"),
        )
        deadline = time.monotonic() + READY_SECONDS
        while not self._answers():
            if time.monotonic() > deadline or self._server.poll() is not None:
                log = (self.directory / "server.log").read_text()
                raise RuntimeError(f"pulseaudio did not start: {log}")
            with suppress(subprocess.TimeoutExpired):  # looks again in 10 ms, or when it has died
                self._server.wait(0.01)

    def kill(self) -> None:
        """The server dies without a word, as after a crash."""
        if self._server is not None:
            self._server.kill()
            self._server.wait()
            self._server = None

    def restart(self) -> None:
        self.kill()
        self.start()

    def freeze(self) -> None:
        """The server stops answering but keeps its connections."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def say(self, sound: Sound | Path) -> subprocess.Popen[bytes]:
        """Speak into the microphone; returns at once with the process that does it."""
        path = (
            sound if isinstance(sound, Path) else self.directory / f"say-{time.monotonic_ns()}.wav"
        )
        if isinstance(sound, Sound):
            write_wav(path, sound)
        return subprocess.Popen(
            ["paplay", f"--device={MICROPHONE_SINK}", "--latency-msec=50", str(path)],
            env=self.variables,
            stdin=subprocess.DEVNULL,
        )

    @contextmanager
    def hiss(self, gain_db: float = -60.0, seconds: int = 60) -> Iterator[None]:
        """Let the room hiss a little, at most so long: without it the microphone is all zeros."""
        noise = np.random.default_rng(1).standard_normal(seconds * SPEAKER_RATE).astype(np.float32)
        process = self.say(Sound(noise * np.float32(10 ** (gain_db / 20))))
        try:
            yield
        finally:
            process.kill()
            process.wait()

    @contextmanager
    def record(self) -> Iterator[Recording]:
        """Record what the loudspeaker plays; it is running when this returns."""
        recording = Recording(
            subprocess.Popen(
                [
                    "parec",
                    f"--device={SPEAKER_SINK}.monitor",
                    "--raw",
                    "--format=float32le",
                    f"--rate={SPEAKER_RATE}",
                    "--channels=1",
                    "--latency-msec=10",
                ],
                env=self.variables,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
            )
        )
        try:
            recording.wait_until(time.monotonic())
            yield recording
        finally:
            recording.stop()

    @property
    def is_listened_to(self) -> bool:
        """Whether any program holds the microphone open."""
        return "protocol-native" in self._control("list", "short", "source-outputs")

    def plug_in_another_microphone(self) -> str:
        """A second one, spoken into as the first; returns what ``unplug`` takes."""
        return self._control(
            "load-module", "module-remap-source", "source_name=second",
            f"master={MICROPHONE_SINK}.monitor",
        ).strip()  # fmt: skip

    def choose_microphone(self, name: str = MICROPHONE) -> None:
        """Make a microphone the system's choice, as in the desktop's settings."""
        self._control("set-default-source", name)

    def unplug(self, module: str) -> None:
        """Take a device away."""
        self._control("unload-module", module)

    def microphone_of(self, process: int) -> str:
        """The name of the source that a process listens to; "" if none."""
        sources = {
            line.split("\t")[0]: line.split("\t")[1]
            for line in self._control("list", "short", "sources").splitlines()
        }
        for entry in self._listening(process):
            return sources[entry.split("Source: ")[1].split()[0]]
        return ""

    def clients_of(self, process: int) -> int:
        """How many connections a process has to the server."""
        return self._control("list", "clients").count(f'application.process.id = "{process}"')

    def listen_to(self, process: int, source: str) -> None:
        """Let what a process listens to come from another source."""
        for entry in self._listening(process):
            self._control("move-source-output", entry.split(maxsplit=1)[0], source)

    def _listening(self, process: int) -> list[str]:
        """What the server lists of each stream that a process listens to; its number is first."""
        entries = self._control("list", "source-outputs").split("Source Output #")[1:]
        return [one for one in entries if f'application.process.id = "{process}"' in one]

    def suspend(self, suspended: bool = True) -> None:
        """Let everything stand still, as power saving and some desktops do."""
        for sink in (SPEAKER_SINK, MICROPHONE_SINK):
            self._control("suspend-sink", sink, "1" if suspended else "0")

    def mute_microphone(self, muted: bool = True) -> None:
        self._control("set-source-mute", MICROPHONE, "1" if muted else "0")

    @contextmanager
    def loopback(self, gain_db: float = -10.0) -> Iterator[None]:
        """Let the microphone hear the loudspeaker meanwhile, this much softer.

        A room does not move: the module would stretch what it passes on to keep to its latency.
        """
        module = self._control(
            "load-module", "module-loopback", f"source={SPEAKER_SINK}.monitor",
            f"sink={MICROPHONE_SINK}", "latency_msec=20", "adjust_time=0",
            "source_dont_move=1", "sink_dont_move=1",
        ).strip()  # fmt: skip
        inputs = self._control("list", "sink-inputs").split("Sink Input #")[1:]
        entry = next(part for part in inputs if f"Owner Module: {module}\n" in part)
        linear = f"{10 ** (gain_db / 20):.6f}"
        self._control("set-sink-input-volume", entry.split(maxsplit=1)[0], linear)
        try:
            yield
        finally:
            self._control("unload-module", module)

    @contextmanager
    def remembering_volumes(self) -> Iterator[None]:
        """Let the server remember each program's volume meanwhile, as on a desktop."""
        module = self._control("load-module", "module-stream-restore").strip()
        try:
            yield
        finally:
            self._control("unload-module", module)

    def _control(self, *arguments: str) -> str:
        return subprocess.run(
            ["pactl", *arguments],
            env=self.variables,
            check=True,
            timeout=5,
            capture_output=True,
            text=True,
        ).stdout

    def _answers(self) -> bool:
        done = subprocess.run(
            ["pactl", "info"],
            env=self.variables,
            check=False,
            capture_output=True,
            timeout=READY_SECONDS,
        )
        return done.returncode == 0

    def _signal(self, number: signal.Signals) -> None:
        assert self._server is not None, "the card is not running"
        self._server.send_signal(number)


def level_db(samples: Samples) -> float:
    """Root mean square in dBFS; −120 for nothing at all."""
    power = float(np.mean(np.square(samples, dtype=np.float64))) if len(samples) else 0.0
    return 10 * float(np.log10(max(power, 1e-12)))


def find(pattern: Samples, recording: Samples) -> int:
    """Return the sample at which the pattern begins in the recording, by correlation."""
    size = 1 << (len(pattern) + len(recording) - 1).bit_length()
    spectrum = np.fft.rfft(recording, size) * np.conj(np.fft.rfft(pattern, size))
    return int(np.argmax(np.fft.irfft(spectrum, size)[: max(1, len(recording) - len(pattern) + 1)]))
