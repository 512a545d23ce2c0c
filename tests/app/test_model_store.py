"""Other speech models: added from a folder, a zip or the vendor, or refused with the reason."""

from __future__ import annotations

import hashlib
import http.server
import os
import shutil
import threading
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from calmvoice.ears.model import default_model_path
from calmvoice.errors import ModelError
from calmvoice.model_store import Download, ModelStore


@pytest.fixture(scope="session")
def zipped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Our own model under another name, zipped as the vendor does."""
    folder = tmp_path_factory.mktemp("zip")
    shutil.copytree(default_model_path(), folder / "in" / "other-model")
    return Path(shutil.make_archive(str(folder / "other-model"), "zip", folder / "in"))


@dataclass
class Vendor:
    """A web server with one file; it may end a connection early, and keeps what it was asked."""

    content: bytes
    end_after: int | None = None
    ranges: list[str | None] = field(default_factory=list)
    url: str = ""

    def expected(self) -> Download:
        return Download(self.url, len(self.content), hashlib.sha256(self.content).hexdigest())


@pytest.fixture
def vendor(zipped: Path) -> Iterator[Vendor]:
    vendor = Vendor(zipped.read_bytes())

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = self.headers.get("Range")
            vendor.ranges.append(asked)
            start = int(asked.removeprefix("bytes=").removesuffix("-")) if asked else 0
            part = vendor.content[start:]
            self.send_response(206 if asked else 200)
            self.send_header("Content-Length", str(len(part)))
            self.end_headers()
            self.wfile.write(part[: vendor.end_after])

        def log_message(self, *_: object) -> None: ...

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    vendor.url = f"http://127.0.0.1:{server.server_port}/other-model.zip"
    yield vendor
    server.shutdown()
    server.server_close()


def test_a_zip_is_added_and_found_by_name(tmp_path: Path, zipped: Path) -> None:
    store = ModelStore(tmp_path)
    added = store.add(zipped)
    assert added.name == "other-model"
    assert [model.name for model in store.list("")] == ["calmvoice-en", "other-model"]
    assert store.find("other-model", "").path == tmp_path / "other-model"
    assert not [path for path in tmp_path.iterdir() if path.name.startswith(".")]


def test_a_folder_is_added_with_its_own_name(tmp_path: Path) -> None:
    shutil.copytree(default_model_path(), tmp_path / "from" / "mine")
    store = ModelStore(tmp_path / "store")
    assert store.add(tmp_path / "from" / "mine").name == "mine"
    with pytest.raises(ModelError, match="already"):
        store.add(tmp_path / "from")


def test_the_model_in_use_is_marked(tmp_path: Path, zipped: Path) -> None:
    store = ModelStore(tmp_path)
    added = store.add(zipped)
    used = [model.name for model in store.list(str(added.path)) if model.in_use]
    assert used == ["other-model"]
    with pytest.raises(ModelError, match="there are: calmvoice-en, other-model"):
        store.find("nobody", "")


def test_what_is_no_model_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    store = ModelStore(tmp_path / "store")
    (tmp_path / "empty").mkdir()
    (tmp_path / "text.zip").write_text("no zip")
    broken = tmp_path / "broken"
    shutil.copytree(default_model_path(), broken)
    (broken / "am" / "final.mdl").write_bytes(b"short")
    for source, message in (
        (tmp_path / "empty", "holds no speech model"),
        (tmp_path / "text.zip", "not a readable zip"),
        (tmp_path / "nowhere", "no such file"),
        (broken, "damaged"),
    ):
        with pytest.raises(ModelError, match=message):
            store.add(source)
    assert [model.name for model in store.list("")] == ["calmvoice-en"]
    assert list((tmp_path / "store").iterdir()) == []


def test_what_an_addition_left_that_was_killed_is_cleared_away(
    tmp_path: Path, zipped: Path
) -> None:
    store = ModelStore(tmp_path / "models")
    killed, at_work = (store.folder / f".adding-{name}" for name in ("killed", "at-work"))
    for folder in (killed, at_work):
        (folder / "unpacked").mkdir(parents=True)
    two_days_ago = time.time() - 2 * 24 * 3600
    os.utime(killed, (two_days_ago, two_days_ago))
    store.add(zipped)
    assert not killed.exists()
    assert at_work.exists()


def test_another_addition_may_end_while_this_one_begins(tmp_path: Path, zipped: Path) -> None:
    store = ModelStore(tmp_path / "models")
    store.folder.mkdir()
    gone = store.folder / ".adding-another"  # seen in the folder, and nothing there when asked
    gone.symlink_to(tmp_path / "nothing")
    assert store.add(zipped).name == "other-model"


def test_a_zip_that_python_cannot_read_is_refused(tmp_path: Path, zipped: Path) -> None:
    whole = bytearray(zipped.read_bytes())
    with zipfile.ZipFile(zipped) as archive:
        inside = archive.getinfo("other-model/am/final.mdl")
    directory = whole.index(b"PK\x01\x02")
    locked, odd, torn = bytearray(whole), bytearray(whole), bytearray(whole)
    for entry in range(directory, len(whole) - 4):
        if whole[entry : entry + 4] == b"PK\x01\x02":
            locked[entry + 8] |= 1  # with a password
            odd[entry + 10] = 99  # packed in a way that nobody knows
    torn[inside.header_offset + 200 : inside.header_offset + 300] = bytes(100)
    for name, content in (("locked", locked), ("odd", odd), ("torn", torn)):
        source = tmp_path / f"{name}.zip"
        source.write_bytes(content)
        with pytest.raises(ModelError, match="not a readable zip"):
            ModelStore(tmp_path / "store").add(source)


def test_a_model_that_fails_when_it_is_asked_for_words_is_refused(tmp_path: Path) -> None:
    broken = tmp_path / "broken"
    shutil.copytree(default_model_path(), broken)
    words = broken / "graph" / "Gr.fst"
    words.write_bytes(words.read_bytes()[: words.stat().st_size // 2])
    with pytest.raises(ModelError, match=r"damaged: graph/Gr\.fst"):
        ModelStore(tmp_path / "store").add(broken)
    (broken / "SHA256SUMS").unlink()
    with pytest.raises(ModelError, match="cannot be used"):
        ModelStore(tmp_path / "store").add(broken)


def test_a_zip_that_climbs_out_of_its_folder_is_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "bad.zip", "w") as archive:
        archive.writestr("../../escaped", "x")
    with pytest.raises(ModelError, match="outside"):
        ModelStore(tmp_path / "store").add(tmp_path / "bad.zip")
    assert not (tmp_path / "escaped").exists()


def test_a_download_is_checked_and_added(tmp_path: Path, vendor: Vendor) -> None:
    seen: list[int] = []
    store = ModelStore(tmp_path)
    added = store.download(vendor.expected(), lambda done, total: seen.append(done))
    assert added.name == "other-model"
    assert seen[-1] == len(vendor.content)
    assert [path.name for path in tmp_path.iterdir()] == ["other-model"]


def test_a_download_that_broke_off_goes_on_where_it_ended(tmp_path: Path, vendor: Vendor) -> None:
    store = ModelStore(tmp_path)
    vendor.end_after = 1_000_000
    with pytest.raises(ModelError, match="could not be fetched") as caught:
        store.download(vendor.expected(), lambda done, total: None)
    assert "goes on where it ended" in caught.value.hint
    vendor.end_after = None
    store.download(vendor.expected(), lambda done, total: None)
    assert vendor.ranges[0] is None
    began = int(str(vendor.ranges[-1]).removeprefix("bytes=").removesuffix("-"))
    assert 900_000 < began <= 1_000_000


def test_another_file_than_expected_is_thrown_away(tmp_path: Path, vendor: Vendor) -> None:
    expected = vendor.expected()
    vendor.content = bytes(reversed(vendor.content))
    with pytest.raises(ModelError, match="not the file that was expected"):
        ModelStore(tmp_path).download(expected, lambda done, total: None)
    assert list(tmp_path.iterdir()) == []
