"""What was recognised, kept between runs, so that aligning again after a text edit costs no listening.

Conventions
-----------
- The sound itself (length, speech) lies under the audio's hash; what was recognised, under the hash and all that
  decided it (ear, model, options). Neither knows the transcript. What a search found and which language a text was in,
  under the hash too, are of the last texts.
- The cache may be missing, unwritable, damaged or shared with another process: then things are heard again, never
  wrongly. An entry is replaced whole.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType

from aligner.errors import OutputError
from aligner.languages import NAMED
from aligner.model import Audio, HeardWord, Recognition, Span
from aligner.storage.atomic import replacing, write_text
from aligner.storage.checked_json import Count, decode
from aligner.storage.user_folders import cache_folder
from aligner.transcript.language import WrittenLanguage
from media.errors import from_facts, to_facts

if TYPE_CHECKING:
    from aligner.emissions import Emissions

# Part of every key: raise it when the meaning of an entry changes, and old entries are left to be forgotten.
_FORMAT = 2

# An hour of emissions is 27 MB, so this is seventy hours of them; an hour of words is 0.6 MB.
_LARGEST_BYTES = 2_000_000_000
_EMISSIONS = ".f16"  # beside the entry's own file: the emissions, little-endian, without a header


_T = TypeVar("_T")
_Number = Annotated[float, Meta(ge=-1e9, le=1e9)]


class _Sound(Struct):
    """The entry of a sound: ``speech`` are starts and ends."""

    duration: _Number
    speech: list[tuple[_Number, _Number]]
    warnings: list[str]
    messages: list[dict[str, Any]] = []


class _Recognised(Struct):
    """The entry of what was recognised: ``words`` are text, start, end and probability; the rest is of emissions."""

    words: list[tuple[str, _Number, _Number, _Number]]
    language: str
    warnings: list[str]
    messages: list[dict[str, Any]] = []
    frames: int = 0
    prior: list[_Number] | UnsetType = UNSET


class _Paths(Struct):
    """The entry of what a search found: by the key in hexadecimal digits, in base 64."""

    paths: dict[str, str]
    check: str


class _Language(Struct):
    """The entry of a text's language: ``words`` by how often they stand in it."""

    code: str
    words: dict[str, Count]
    check: str


def load_audio(path: Path, sha256: str) -> Audio | None:
    """What is known of the sound of the file with this hash, if it was examined before."""
    try:
        entry = _load({"sound": sha256}, _Sound)
        speech = tuple(Span(*span) for span in entry.speech)
        return Audio(path, sha256, entry.duration, speech, _warnings(entry))
    except (OSError, ValueError):
        return None  # not there, or damaged: examined again


def store_audio(audio: Audio) -> None:
    """Keep what is known of the sound."""
    spans = [[span.start, span.end] for span in audio.speech]
    _store(
        {"sound": audio.sha256},
        {"duration": audio.duration, "speech": spans, **_told(audio.warnings)},
    )


def load_recognition(key: Mapping[str, object]) -> Recognition | None:
    """What was recognised under ``key``, if anything was."""
    try:
        entry = _load(key, _Recognised)
        emissions = None if entry.prior is UNSET else _load_emissions(_entry(key), entry.frames, entry.prior)
        words = tuple(HeardWord(*word) for word in entry.words)
        return Recognition(words, entry.language, _warnings(entry), emissions)
    except (OSError, ValueError):
        return None  # not there, or damaged: heard again


def store_recognition(key: Mapping[str, object], recognition: Recognition) -> None:
    """Keep what was recognised under ``key``, which holds all that decided it."""
    words = [[word.text, word.start, word.end, word.probability] for word in recognition.words]
    entry = {"words": words, "language": recognition.language, **_told(recognition.warnings)}
    emissions = recognition.emissions
    if emissions is None:
        _store(key, entry)
    else:
        _store(key, entry | {"frames": len(emissions), "prior": emissions.prior.tolist()}, emissions)


def load_paths(sha256: str) -> dict[bytes, bytes]:
    """What was found in the sound by an earlier search, as ``store_paths`` got it; nothing if it was never searched."""
    try:
        entry = _load({"paths": sha256}, _Paths)
        if entry.check != _check(entry.paths):
            return {}
        return {bytes.fromhex(key): base64.b64decode(found, validate=True) for key, found in entry.paths.items()}
    except (OSError, ValueError):
        return {}  # not there, or damaged: searched again


def store_paths(sha256: str, paths: Mapping[bytes, bytes]) -> None:
    """Keep what a search found in the sound, in the place of what was kept before."""
    texts = {key.hex(): base64.b64encode(found).decode("ascii") for key, found in paths.items()}
    _store({"paths": sha256}, {"paths": texts, "check": _check(texts)})


def load_language(sha256: str) -> WrittenLanguage | None:
    """Which language a text of the sound was in, if one was told."""
    try:
        entry = _load({"language": sha256}, _Language)
    except (OSError, ValueError):
        return None  # not there, or damaged: told again
    whole = entry.code in NAMED and entry.check == _check({entry.code: entry.words})
    return WrittenLanguage(entry.code, entry.words) if whole else None


def store_language(sha256: str, language: WrittenLanguage) -> None:
    """Keep which language a text of the sound is in, in the place of what was kept before."""
    check = _check({language.code: language.words})
    _store({"language": sha256}, {"code": language.code, "words": language.words, "check": check})


def _check(content: Mapping[str, object]) -> str:
    """Any wrong bit would be a wrong time or another language, which cannot be told from a right one by its looks."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode("ascii")).hexdigest()


def _load_emissions(entry: Path, frames: int, prior: list[float]) -> Emissions:
    """The emissions beside an entry, read as they are needed: those of ten hours are 270 MB."""
    import numpy as np

    from aligner.emissions import COLUMNS, Emissions

    path = entry.with_suffix(_EMISSIONS)
    if path.stat().st_size != frames * COLUMNS * 2:
        raise ValueError(f"{path} is not whole")
    values = np.memmap(path, "<f2", "r", shape=(frames, COLUMNS))
    os.utime(path)
    return Emissions(values, np.array(prior, np.float32))


def _entry(key: Mapping[str, object]) -> Path:
    text = json.dumps({"format": _FORMAT, **key}, sort_keys=True, ensure_ascii=True)
    return cache_folder() / "heard" / f"{hashlib.sha256(text.encode('ascii')).hexdigest()}.json"


def _load(key: Mapping[str, object], shape: type[_T]) -> _T:
    """The entry.

    Raises
    ------
    OSError, ValueError
        It is not there, or damaged.
    """
    path = _entry(key)
    entry = decode(path.read_bytes(), shape)
    with contextlib.suppress(OSError):  # marks it as used, for what is oldest goes first
        os.utime(path)
    return entry


def _store(key: Mapping[str, object], entry: Mapping[str, object], emissions: Emissions | None = None) -> None:
    path = _entry(key)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if emissions is not None:
            _store_emissions(path.with_suffix(_EMISSIONS), emissions)
        write_text(path, json.dumps(entry, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        _forget_oldest(path.parent)
    except (OSError, OutputError):
        return  # a cache that cannot be written only costs time


def _store_emissions(path: Path, emissions: Emissions) -> None:
    with replacing(path) as temporary, temporary.open("wb") as file:
        emissions.values.astype("<f2", copy=False).tofile(file)


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


def _told(warnings: Sequence[str]) -> dict[str, Any]:
    """The fields of an entry that keep warnings: their text, which is all that earlier versions know, and its parts."""
    return {"warnings": list(map(str, warnings)), "messages": [to_facts(warning) for warning in warnings]}


def _warnings(entry: _Sound | _Recognised) -> tuple[str, ...]:
    """The warnings of an entry; one of an earlier version holds their text alone."""
    return tuple(map(from_facts, entry.messages)) if entry.messages else tuple(entry.warnings)
