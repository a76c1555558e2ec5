"""Where a recognition model is: a folder that was given, Whisper base, or another one of the model hub.

Conventions
-----------
- A model is a folder in CTranslate2's form: ``model.bin``, ``config.json``, ``tokenizer.json`` and a vocabulary.
"""

from __future__ import annotations

import contextlib
import hashlib
import re
from collections.abc import Iterator
from pathlib import Path

from aligner.errors import ModelError
from aligner.recognition import Progress, silent
from aligner.recognition.hub import quiet
from aligner.recognition.whisper_base import REPOSITORY, base_folder, not_here
from aligner.storage.atomic import state_of
from media.safe_fs import is_regular, open_regular, regular_file

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
