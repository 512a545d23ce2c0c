"""The speech models on this computer: the one that comes along, and those that were added.

Rules: only ``download`` reaches the network, and only when it is asked for by name; a model is
checked and loaded once before it counts as added; a half copy never stands under a model's name.
"""

from __future__ import annotations

import hashlib
import lzma
import shutil
import tempfile
import time
import zipfile
import zlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import platformdirs

from calmvoice.ears.model import SpeechModel, default_model_path
from calmvoice.errors import ModelError

Progress = Callable[[int, int], None]
"""Called with the bytes that are there and the bytes there will be."""

CHUNK_BYTES = 1 << 16
UNREADABLE = (
    *(OSError, EOFError, zipfile.BadZipFile, zlib.error, lzma.LZMAError),
    RuntimeError,  # with a password, or packed in a way that Python has not
)
LARGEST_BYTES = 4_000_000_000  # unpacked; the vendor's largest models take 3 GB
TIMEOUT_SECONDS = 30.0
ROOM = ".adding-"
LEFT_SECONDS = 24 * 3600.0  # an addition that began before was killed


@dataclass(frozen=True)
class Download:
    """A file that is known before it is fetched."""

    url: str
    size: int
    sha256: str

    @property
    def name(self) -> str:
        """The file's name without its ending: the model's name."""
        return self.url.rsplit("/", 1)[-1].removesuffix(".zip")


VENDOR_ENGLISH = Download(
    "https://alphacephei.com/vosk/models/vosk-model-small-en-us-0.15.zip",
    41_205_931,
    "30f26242c4eb449f948e42cb302dd7a686cb29a3423a8367f99ff41780942498",
)


@dataclass(frozen=True)
class StoredModel:
    """A model by its name and folder; ``in_use`` is the one the settings name."""

    name: str
    path: Path
    in_use: bool


class ModelStore:
    """The models in one folder of the user's, besides the one that comes along."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or platformdirs.user_data_path("calmvoice") / "models"

    def list(self, used: str) -> tuple[StoredModel, ...]:
        """Return all models; ``used`` is the path in the settings, empty for our own."""
        own = default_model_path()
        paths = [own]
        if self.folder.is_dir():
            visible = (path for path in self.folder.iterdir() if not path.name.startswith("."))
            paths += sorted(path for path in visible if path.is_dir())
        in_use = Path(used).expanduser() if used else own
        if in_use not in paths:
            paths.append(in_use)
        return tuple(StoredModel(path.name, path, path == in_use) for path in paths)

    def find(self, name: str, used: str) -> StoredModel:
        """Return the model of this name; raises ``ModelError`` with the names there are."""
        models = self.list(used)
        for model in models:
            if model.name == name:
                return model
        names = ", ".join(model.name for model in models)
        raise ModelError(f"there is no model {name!r}; there are: {names}")

    def add(self, source: Path) -> StoredModel:
        """Copy a model from a folder or a zip file, if it loads; raises ``ModelError``."""
        if not source.exists():
            raise ModelError(f"{source}: no such file or folder")
        with self._room() as room:
            if source.is_dir():
                found = _model_in(source, source)
                name = found.resolve().name
                model = Path(room) / name
                shutil.copytree(found, model)
            else:
                unpacked = Path(room) / "unpacked"
                _unzip(source, unpacked)
                model = _model_in(unpacked, source)
                name = source.stem if model == unpacked else model.name
            if name in {known.name for known in self.list("")}:
                raise ModelError(
                    f"there is a model {name!r} already", "Rename the folder, and add it again."
                )
            _try_out(model, source)
            model.rename(self.folder / name)
        return StoredModel(name, self.folder / name, in_use=False)

    def download(self, wanted: Download, progress: Progress) -> StoredModel:
        """Fetch a file, going on where an earlier try ended, and add the model in it.

        Raises ``ModelError`` when it cannot be fetched (what came so far is kept) or is not the
        file that was expected (it is thrown away).
        """
        self.folder.mkdir(parents=True, exist_ok=True)
        part = self.folder / f".{wanted.name}.part"
        try:
            _fetch(wanted, part, progress)
        except OSError as error:  # those of requests are
            raise ModelError(
                f"{wanted.url} could not be fetched: {error}",
                "Run the same command again: it goes on where it ended.",
            ) from error
        found = hashlib.sha256(part.read_bytes()).hexdigest()
        if found != wanted.sha256:
            part.unlink()
            raise ModelError(
                f"{wanted.url} is not the file that was expected: its SHA-256 is {found}, "
                f"not {wanted.sha256}",
                "It was thrown away. Try again, or add a copy that you trust.",
            )
        complete = part.with_name(f"{wanted.name}.zip")
        part.rename(complete)
        try:
            return self.add(complete)
        finally:
            complete.unlink()

    def _room(self) -> tempfile.TemporaryDirectory[str]:
        """Return a folder to work in, and clear away what one that was killed left."""
        self.folder.mkdir(parents=True, exist_ok=True)
        for left in self.folder.glob(f"{ROOM}*"):
            with suppress(FileNotFoundError):  # its own addition ended in this moment
                if time.time() - left.stat().st_mtime > LEFT_SECONDS:
                    shutil.rmtree(left, ignore_errors=True)
        return tempfile.TemporaryDirectory(dir=self.folder, prefix=ROOM)


def _fetch(wanted: Download, part: Path, progress: Progress) -> None:
    have = part.stat().st_size if part.exists() else 0
    if have > wanted.size:
        part.unlink()
        have = 0
    if have == wanted.size:
        return
    import requests  # 11 MB, which nothing else needs

    ranged = {"Range": f"bytes={have}-"} if have else {}
    with requests.get(wanted.url, headers=ranged, stream=True, timeout=TIMEOUT_SECONDS) as answer:
        answer.raise_for_status()
        going_on = answer.status_code == requests.codes.partial_content
        have = have if going_on else 0
        with part.open("ab" if going_on else "wb") as file:
            for chunk in answer.iter_content(CHUNK_BYTES):
                file.write(chunk)
                have += len(chunk)
                progress(have, wanted.size)
                if have > wanted.size:
                    break
    if have < wanted.size:
        raise OSError(f"the connection ended after {have} of {wanted.size} bytes")


def _unzip(source: Path, target: Path) -> None:
    try:
        with zipfile.ZipFile(source) as archive:
            entries = archive.infolist()
            if sum(entry.file_size for entry in entries) > LARGEST_BYTES:
                raise ModelError(
                    f"{source} unpacks to more than {LARGEST_BYTES // 10**9} GB: that is no model"
                )
            for entry in entries:
                inside = (target / entry.filename).resolve()
                if not inside.is_relative_to(target.resolve()):
                    raise ModelError(f"{source} wants to write outside its folder: refused")
            archive.extractall(target)
    except UNREADABLE as error:
        raise ModelError(f"{source}: not a readable zip file ({error})") from error


def _try_out(model: Path, source: Path) -> None:
    """Let it be loaded, and asked for whole words, which reads the rest of it.

    Raises ``ModelError``.
    """
    try:
        speech = SpeechModel(model)
        if speech.has_language:
            speech.free_recogniser()
    except Exception as error:
        reason = str(error).replace(str(model), str(source))
        raise ModelError(
            f"{source} holds a model that cannot be used ({reason})",
            "Fetch it again from where you have it.",
        ) from error


def _model_in(folder: Path, source: Path) -> Path:
    """Return the folder itself, or the one folder directly in it, that holds a model."""
    candidates = [folder, *sorted(path for path in folder.iterdir() if path.is_dir())]
    found = [path for path in candidates if (path / "conf" / "model.conf").is_file()]
    if len(found) != 1:
        count = "no speech model" if not found else f"{len(found)} speech models"
        raise ModelError(
            f"{source} holds {count}",
            "A Vosk model is a folder with am/, conf/ and graph/ in it.",
        )
    return found[0]
