"""What was recognised, kept between runs, so that aligning again after a text edit costs no listening.

Conventions
-----------
- The sound itself (length, speech) lies under the audio's hash; what was recognised, under the hash and all that
  decided it (ear, model, options). Neither knows the transcript. What was worked out of a text in the sound, stage by
  stage, and which language it was in, under the hash too, are of the last texts.
- The cache may be missing, unwritable, damaged or shared with another process: then things are heard again, never
  wrongly. An entry is replaced whole.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypeVar

from msgspec import UNSET, Meta, Struct, UnsetType, msgpack

from aligner.content_cache import ContentCache
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
_FOUND = ".found"  # what a stage found, in MessagePack, behind its SHA-256
_CHECK_BYTES = 32

_COSTS_TIME_ALONE = contextlib.suppress(OSError, OutputError)  # what a cache does that cannot be written


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


@contextlib.contextmanager
def found_before(stage: str, sha256: str) -> Iterator[ContentCache]:
    """What a stage of an earlier run found for a text of the sound; what it finds in the context is kept in its place,
    if that has anything new."""
    path = _entry({"found": stage, "sound": sha256}).with_suffix(_FOUND)
    found = ContentCache(_load_found(path))
    yield found
    if found.changed:
        packed = msgpack.encode(found.used)
        with _COSTS_TIME_ALONE:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary:
                temporary.write_bytes(hashlib.sha256(packed).digest() + packed)
            _forget_oldest(path.parent)


def _load_found(path: Path) -> dict[bytes, bytes]:
    try:
        content = _read(path)
    except OSError:
        return {}  # not there: worked out
    check, packed = content[:_CHECK_BYTES], content[_CHECK_BYTES:]
    return msgpack.decode(packed, type=dict[bytes, bytes]) if check == hashlib.sha256(packed).digest() else {}


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
    return decode(_read(_entry(key)), shape)


def _read(path: Path) -> bytes:
    content = path.read_bytes()
    with contextlib.suppress(OSError):  # marks it as used, for what is oldest goes first
        os.utime(path)
    return content


def _store(key: Mapping[str, object], entry: Mapping[str, object], emissions: Emissions | None = None) -> None:
    path = _entry(key)
    with _COSTS_TIME_ALONE:
        path.parent.mkdir(parents=True, exist_ok=True)
        if emissions is not None:
            _store_emissions(path.with_suffix(_EMISSIONS), emissions)
        write_text(path, json.dumps(entry, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
        _forget_oldest(path.parent)


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
