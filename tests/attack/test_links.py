"""No link or special file in a library leads a request or job out of it."""

import contextlib
import ctypes
import json
import os
import random
import shutil
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from media import safe_fs
from media.errors import UserError
from tests.attack.asked_app import Visitor, sent
from tests.attack.effort import EFFORT, often
from tests.attack.full_library import lay_out, plant_user, requests
from web.app import create_app
from web.http.server import resume
from web.jobs import Jobs
from web.jobs.kinds import Prepare
from web.library.library import open_library
from web.settings import Settings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="inotify, of Linux, reports what is opened")

SECRET = b"xqsecretzv"
"""What each file outside of the library holds."""

_CELLS, _JOBS = often(20), often(5)


def _by_a_folder(path: Path, outside: Path) -> None:
    (path.parent / ".far").symlink_to(outside.parent)
    path.symlink_to(Path(".far", outside.name))


KINDS: dict[str, Callable[[Path, Path], object]] = {
    "link": lambda path, outside: path.symlink_to(outside),
    "link by a folder": _by_a_folder,
    "link to a folder": lambda path, outside: path.symlink_to(outside.parent),
    "link to nothing": lambda path, outside: path.symlink_to(outside.with_name("made")),
    "loop": lambda path, _: path.symlink_to(path.name),
    "link to a device": lambda path, _: path.symlink_to("/dev/zero"),
    "FIFO": lambda path, _: os.mkfifo(path),
    "socket": lambda path, _: os.mknod(path, stat.S_IFSOCK | 0o666),
    "folder": lambda path, _: path.mkdir(),
    "file": lambda path, _: path.write_bytes(b"\0 no such thing"),
}
"""What takes the place of a file or folder, of which there is another outside."""


@dataclass(frozen=True, slots=True)
class Cell:
    """A kind of thing in the place of a file or folder of the library."""

    kind: str
    place: str


def cells(count: int, places: Iterable[str]) -> list[Cell]:
    """Return so many cells of the table: each kind first, then each place."""
    table = [Cell(kind, place) for kind in KINDS for place in places]
    random.Random(1).shuffle(table)
    by_kind = {cell.kind: cell for cell in table}.values()
    by_place = {cell.place: cell for cell in table}.values()
    return list(dict.fromkeys((*by_kind, *by_place, *table)))[:count]


_EVENTS = 0x20 | 0x2 | 0x4 | 0x100 | 0x200 | 0xC0  # opened, written, attributes changed, made, removed, moved
_EVENT = struct.Struct("iIII")


class Watch:
    """What is done with ``folder`` and all in it from now on, by whatever process (inotify)."""

    def __init__(self, folder: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(os.O_NONBLOCK)
        self._folders: dict[int, Path] = {}
        for each in (folder, *filter(Path.is_dir, folder.rglob("*"))):
            self._folders[libc.inotify_add_watch(self._descriptor, os.fsencode(each), _EVENTS)] = each

    def seen(self) -> Iterator[str]:
        """Yield what happened, and end the watch."""
        with os.fdopen(self._descriptor, "rb", buffering=0) as file:
            content = b"".join(iter(lambda: file.read(1 << 16) or b"", b""))
        at = 0
        while at < len(content):
            number, mask, _, length = _EVENT.unpack_from(content, at)
            name = content[at + _EVENT.size :][:length].rstrip(b"\0").decode()
            at += _EVENT.size + length
            yield f"{self._folders[number]}/{name} event {mask:#x}"


class Ground:
    """A library to copy from, and the same ``outside`` of it with a secret in each file."""

    def __init__(self, folder: Path) -> None:
        self._whole, self.library, self.outside = folder / "whole", folder / "library", folder / "outside"
        lay_out(self._whole)
        shutil.copytree(self._whole, self.outside)
        for path in filter(Path.is_file, self.outside.rglob("*")):
            _hide_secret(path)

    @property
    def places(self) -> list[str]:
        """Return the path of every file and folder of the library, but for the episode that must not suffer."""
        names = (path.relative_to(self._whole).as_posix() for path in self._whole.rglob("*"))
        return sorted(name for name in names if not name.startswith("other"))

    @contextlib.contextmanager
    def with_cell(self, cell: Cell) -> Iterator[list[str]]:
        """Copy the library and put a cell into it; add to the list that is yielded what leads out of it."""
        shutil.copytree(self._whole, self.library)
        plant_user(self.library)
        path = self.library / cell.place
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        KINDS[cell.kind](path, self.outside / cell.place)
        wrong, before, watch = list[str](), _states(self.outside), Watch(self.outside)
        try:
            yield wrong
            wrong += dict.fromkeys(watch.seen())
            wrong += [f"the secret was written: {path}" for path in _holding_secret(self.library)]
            wrong += ["what lies outside has changed"] * (_states(self.outside) != before)
        finally:
            shutil.rmtree(self.library)

    def asked(self, cell: Cell, monkeypatch: pytest.MonkeyPatch) -> list[str]:
        """Return what is wrong when the server starts in a library with a cell and answers every request."""
        monkeypatch.setattr(Jobs, "_start", lambda _: None)
        with self.with_cell(cell) as wrong, contextlib.suppress(UserError):  # by which the server does not start
            open_library(self.library)
            app = create_app(Settings(self.library))
            try:
                with contextlib.redirect_stderr(None):
                    resume(app)
                visitor = Visitor(app)
                for request in (request for request in requests() if EFFORT > 1 or not request.costly):
                    answer = visitor.ask(sent(request))
                    wrong += [f"{request.path}: {each}" for each in visitor.complaints(sent(request), answer, [SECRET])]
                    if request.endpoint == "library.index" and b"/episodes/other" not in answer.body:
                        wrong.append(f"another episode is not listed: {request.path}")
            finally:
                app.extensions["jobs"].close()
        return wrong


def _hide_secret(path: Path) -> None:
    if path.suffix == ".json":
        known = json.loads(path.read_bytes())
        path.write_text(json.dumps({**known, "secret": SECRET.decode()}), encoding="utf-8")
    else:
        path.write_bytes(path.read_bytes() + b"\n" + SECRET)


def _states(folder: Path) -> dict[Path, tuple[int, int]]:
    return {path: (path.lstat().st_size, path.lstat().st_mtime_ns) for path in folder.rglob("*")}


def _holding_secret(folder: Path) -> list[Path]:
    paths = (Path(parent, name) for parent, _, names in os.walk(folder) for name in names)
    return [path for path in paths if stat.S_ISREG(path.lstat().st_mode) and SECRET in path.read_bytes()]


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("ground"))


def test_every_route_of_the_app_is_requested(tmp_path: Path) -> None:
    rules = create_app(Settings(tmp_path / "library")).url_map.iter_rules()
    of_files = {rule.endpoint for rule in rules if not rule.endpoint.startswith("visitor.")} - {"static"}
    assert {request.endpoint for request in requests()} == of_files


@pytest.mark.nightly
def test_no_request_reads_or_changes_anything_outside_a_library(
    ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert {cell: wrong for cell in cells(_CELLS, ground.places) if (wrong := ground.asked(cell, monkeypatch))} == {}


@pytest.mark.nightly
def test_no_job_reads_or_changes_anything_outside_a_library(ground: Ground) -> None:
    command = [sys.executable, "-P", "-m", *Prepare("episode.mp3").command()]
    environment = {**os.environ, safe_fs.VARIABLE: str(ground.library)}
    places = ("talk/episode.mp3", "talk/.quotecast", "talk/.quotecast/peaks.json", "talk/.quotecast/playable.m4a")
    for cell in cells(_JOBS, places):
        with ground.with_cell(cell) as wrong:  # it may fail, in words
            folder = ground.library / "talk"
            done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, timeout=120, check=False)
            assert b"Traceback" not in done.stderr
        assert wrong == [], cell
