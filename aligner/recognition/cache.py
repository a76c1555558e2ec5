"""What was heard, kept between runs, so that aligning again after a text edit costs no listening.

Conventions
-----------
- The sound itself (length, speech) lies under the audio's hash; what was heard under the hash and all that decided it
  (ear, model, options). Neither knows the transcript. What a search found, under the hash too, is of the last texts.
- The cache may be missing, unwritable, damaged or shared with another process: then things are heard again, never
  wrongly. An entry is replaced whole.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import math
import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.errors import OutputError
from aligner.model import HeardWord, Span
from aligner.recognition.ear import Hearing, Sound
from aligner.storage.atomic import replacing, write_text
from aligner.storage.user_folders import cache_folder

if TYPE_CHECKING:
    from aligner.emissions import LetterScores

# Part of every key: raise it when the meaning of an entry changes, and old entries are left to be forgotten.
_FORMAT = 2

# An hour of letters is 27 MB, so this is seventy hours of them; an hour of words is 0.6 MB.
_LARGEST_BYTES = 2_000_000_000
_LETTERS = ".f16"  # beside the entry's own file: what scores letters took, little-endian, without a header


def load_sound(path: Path, sha256: str) -> Sound | None:
    """The sound of the file with this hash, if it was examined before."""
    entry = _load({"sound": sha256})
    try:
        speech = tuple(Span(_seconds(start), _seconds(end)) for start, end in entry["speech"])
        return Sound(path, sha256, _seconds(entry["duration"]), speech, _strings(entry["warnings"]))
    except (KeyError, TypeError, ValueError):
        return None  # not there, or damaged: examined again


def store_sound(sound: Sound) -> None:
    """Keep what is known of the sound."""
    spans = [[span.start, span.end] for span in sound.speech]
    _store({"sound": sound.sha256}, {"duration": sound.duration, "speech": spans, "warnings": list(sound.warnings)})


def load_hearing(key: Mapping[str, object]) -> Hearing | None:
    """What was heard under ``key``, if anything was."""
    entry = _load(key)
    try:
        words = tuple(HeardWord(str(t), _seconds(s), _seconds(e), _seconds(p)) for t, s, e, p in entry["words"])
        letters = _load_letters(_entry(key), entry["frames"], entry["prior"]) if "prior" in entry else None
        return Hearing(words, str(entry["language"]), _strings(entry["warnings"]), letters)
    except (OSError, KeyError, TypeError, ValueError):
        return None  # not there, or damaged: heard again


def store_hearing(key: Mapping[str, object], hearing: Hearing) -> None:
    """Keep what was heard under ``key``, which holds all that decided it."""
    words = [[word.text, word.start, word.end, word.probability] for word in hearing.words]
    entry = {"words": words, "language": hearing.language, "warnings": list(hearing.warnings)}
    if hearing.letters is None:
        _store(key, entry)
    else:
        about = {"frames": len(hearing.letters), "prior": hearing.letters.prior.tolist()}
        _store(key, entry | about, hearing.letters)


def load_paths(sha256: str) -> dict[bytes, bytes]:
    """What was found in the sound by an earlier search, as ``store_paths`` got it; nothing if it was never searched."""
    entry = _load({"paths": sha256})
    try:
        if entry["check"] != _check(entry["paths"]):
            return {}
        return {bytes.fromhex(key): base64.b64decode(found, validate=True) for key, found in entry["paths"].items()}
    except (AttributeError, KeyError, TypeError, ValueError):
        return {}  # not there, or damaged: searched again


def store_paths(sha256: str, paths: Mapping[bytes, bytes]) -> None:
    """Keep what a search found in the sound, in the place of what was kept before."""
    texts = {key.hex(): base64.b64encode(found).decode("ascii") for key, found in paths.items()}
    _store({"paths": sha256}, {"paths": texts, "check": _check(texts)})


def _check(paths: object) -> str:
    """Any wrong bit in a path would be a wrong time, and no path can be told from a right one by its looks."""
    return hashlib.sha256(json.dumps(paths, sort_keys=True).encode("ascii")).hexdigest()


def _load_letters(entry: Path, frames: int, prior: list[float]) -> LetterScores:
    """The scores beside an entry, read as they are needed: those of ten hours are 270 MB."""
    import numpy as np

    from aligner.emissions import COLUMNS, LetterScores

    path = entry.with_suffix(_LETTERS)
    if path.stat().st_size != frames * COLUMNS * 2:
        raise ValueError(f"{path} is not whole")
    values = np.memmap(path, "<f2", "r", shape=(frames, COLUMNS))
    os.utime(path)
    return LetterScores(values, np.array(prior, np.float32))


def _entry(key: Mapping[str, object]) -> Path:
    text = json.dumps({"format": _FORMAT, **key}, sort_keys=True, ensure_ascii=True)
    return cache_folder() / "heard" / f"{hashlib.sha256(text.encode('ascii')).hexdigest()}.json"


def _load(key: Mapping[str, object]) -> dict[str, Any]:
    """The entry, or an empty one if it is missing or damaged."""
    path = _entry(key)
    try:
        entry = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return {}
    with contextlib.suppress(OSError):  # marks it as used, for what is oldest goes first
        os.utime(path)
    return entry if isinstance(entry, dict) else {}


def _store(key: Mapping[str, object], entry: Mapping[str, object], letters: LetterScores | None = None) -> None:
    path = _entry(key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if letters is not None:
            _store_letters(path.with_suffix(_LETTERS), letters)
        write_text(path, json.dumps(entry, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        _forget_oldest(path.parent)
    except (OSError, OutputError):
        return  # a cache that cannot be written only costs time


def _store_letters(path: Path, letters: LetterScores) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        letters.values.astype("<f2", copy=False).tofile(file)


def _forget_oldest(folder: Path) -> None:
    """Delete the entries used longest ago until the folder is within its limit."""
    entries = []
    for path in folder.iterdir():
        with contextlib.suppress(FileNotFoundError):  # another process cleans up too
            state = path.stat()
            entries.append((state.st_mtime, state.st_size, path))
    total = sum(size for _, size, _ in entries)
    for _, size, path in sorted(entries):
        if total <= _LARGEST_BYTES:
            return
        path.unlink(missing_ok=True)
        total -= size


def _seconds(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise ValueError(f"{value!r} is not a number")
    return float(value)


def _strings(values: object) -> tuple[str, ...]:
    if not isinstance(values, list):
        raise ValueError(f"{values!r} is not a list")
    return tuple(str(value) for value in values)
