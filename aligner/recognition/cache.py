"""What was recognised, kept between runs, so that aligning again after a text edit costs no listening.

Conventions
-----------
- The sound itself (length, speech, fingerprint) lies under the audio's hash; what was recognised, under the hash and
  all that decided it (ear, model, options). Neither knows the transcript. What was worked out of a text in the sound,
  stage by stage, and which language it was in, under the hash too, are of the last texts.
- The cache may be missing, unwritable, damaged or shared with another process: then things are heard again, never
  wrongly. An entry is replaced whole, and begins with its hash: any wrong bit would be a wrong time or another
  language, which cannot be told from a right one by its looks.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zlib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import UNSET, Struct, UnsetType, msgpack

from aligner.content_cache import ContentCache
from aligner.errors import OutputError
from aligner.model import Audio, HeardWord, Recognition, Span
from aligner.storage.atomic import replacing
from aligner.storage.checked_json import Seconds, Share, decode
from aligner.storage.database import cache_folder
from media.errors import from_facts, to_facts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aligner.emissions import Emissions

# Part of every key: raise it when the meaning of an entry changes, and old entries are left to be forgotten.
_FORMAT = 3

# An hour of emissions is 27 MB, so this is seventy hours of them; an hour of words is 0.6 MB.
_LARGEST_BYTES = 2_000_000_000
_ENTRY = ".entry"  # JSON, or MessagePack of what a stage found, behind its SHA-256
_EMISSIONS = ".f16"  # beside an entry that has their checksum: emissions, little-endian, without a header
_CHECK_BYTES = 32

_COSTS_TIME_ALONE = contextlib.suppress(OSError, OutputError)  # what a cache does that cannot be written


_T = TypeVar("_T")


class _Sound(Struct):
    """The entry of a sound: ``speech`` are starts and ends."""

    duration: Seconds
    speech: list[tuple[Seconds, Seconds]]
    warnings: list[dict[str, Any]]


class _Recognised(Struct):
    """The entry of what was recognised: ``words`` are text, start, end and probability; the rest is of emissions, of
    which ``check`` is the checksum."""

    words: list[tuple[str, Seconds, Seconds, Share]]
    language: str
    warnings: list[dict[str, Any]]
    prior: list[Share] | UnsetType = UNSET
    check: str = ""


EXAMINED, CARRIED = "sound", "carried"
"""What is known of a sound: by listening to the whole of it, or carried from another of which it has the most part."""


def load_audio(path: Path, sha256: str, known: str = EXAMINED) -> Audio | None:
    """What is known of the sound of the file with this hash, if it was examined before."""
    try:
        entry = _load({known: sha256}, _Sound)
        speech = tuple(Span(*span) for span in entry.speech)
        warnings = tuple(map(from_facts, entry.warnings))
        return Audio(path, sha256, entry.duration, speech, warnings, fingerprint=_load_fingerprint(sha256))
    except (OSError, ValueError):
        return None  # not there, or damaged: examined again


def store_audio(audio: Audio, known: str = EXAMINED) -> None:
    """Keep what is known of the sound."""
    spans = [[span.start, span.end] for span in audio.speech]
    if audio.fingerprint:
        store_fingerprint(audio.sha256, audio.fingerprint)
    _store(
        {known: audio.sha256},
        {"duration": audio.duration, "speech": spans, "warnings": list(map(to_facts, audio.warnings))},
    )


def store_fingerprint(sha256: str, content: bytes) -> None:
    """Keep the fingerprint of the sound of the file with this hash."""
    _write(_entry({"fingerprint": sha256}), content)


def _load_fingerprint(sha256: str) -> bytes | None:
    try:
        return _read(_entry({"fingerprint": sha256}))
    except (OSError, ValueError):
        return None  # none was made, or it is damaged


def load_recognition(key: Mapping[str, object]) -> Recognition | None:
    """What was recognised under ``key``, if anything was."""
    try:
        entry = _load(key, _Recognised)
        emissions = None if entry.prior is UNSET else _load_emissions(_entry(key), entry.check, entry.prior)
        words = tuple(HeardWord(*word) for word in entry.words)
        return Recognition(words, entry.language, tuple(map(from_facts, entry.warnings)), emissions)
    except (OSError, ValueError):
        return None  # not there, or damaged: heard again


def store_recognition(key: Mapping[str, object], recognition: Recognition) -> None:
    """Keep what was recognised under ``key``, which holds all that decided it."""
    words = [[word.text, word.start, word.end, word.probability] for word in recognition.words]
    warnings = list(map(to_facts, recognition.warnings))
    entry: dict[str, object] = {"words": words, "language": recognition.language, "warnings": warnings}
    emissions = recognition.emissions
    with _COSTS_TIME_ALONE:
        if emissions is not None:
            check = _store_emissions(_entry(key), emissions)
            entry |= {"prior": emissions.prior.tolist(), "check": check}
        _store(key, entry)


@contextlib.contextmanager
def found_before(stage: str, sha256: str) -> Iterator[ContentCache]:
    """What a stage of an earlier run found for a text of the sound; what it finds in the context is kept in its place,
    if that has anything new."""
    path = _entry({"found": stage, "sound": sha256})
    found = ContentCache(_load_found(path))
    yield found
    if found.changed:
        _write(path, msgpack.encode(found.used))


def _load_found(path: Path) -> dict[bytes, bytes]:
    try:
        return msgpack.decode(_read(path), type=dict[bytes, bytes])
    except (OSError, ValueError):
        return {}  # not there, or damaged: worked out


def _load_emissions(path: Path, check: str, prior: list[float]) -> Emissions:
    """The emissions with this checksum beside the entry at ``path``, mapped, not held: ten hours are 270 MB."""
    import numpy as np

    from aligner.emissions import COLUMNS, Emissions

    path = path.with_suffix(_EMISSIONS)
    values = np.memmap(path, "<f2", "r").reshape(-1, COLUMNS)
    if _checksum(values) != check:
        raise ValueError(f"{path} is damaged")
    _mark_used(path)
    return Emissions(values, np.array(prior, np.float32))


def _store_emissions(path: Path, emissions: Emissions) -> str:
    """Put the emissions beside the entry at ``path``; their checksum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = emissions.values.astype("<f2", order="C", copy=False)
    with replacing(path.with_suffix(_EMISSIONS)) as temporary, temporary.open("wb") as file:
        values.tofile(file)
    return _checksum(values)


def _checksum(values: NDArray[np.float16]) -> str:
    """CRC-32, which tells damage as well as a hash does and costs an hour of emissions a tenth of a second less."""
    return f"{zlib.crc32(values.data):08x}"


def _entry(key: Mapping[str, object]) -> Path:
    text = json.dumps({"format": _FORMAT, **key}, sort_keys=True, ensure_ascii=True)
    return cache_folder() / "heard" / f"{hashlib.sha256(text.encode('ascii')).hexdigest()}{_ENTRY}"


def _load(key: Mapping[str, object], shape: type[_T]) -> _T:
    """The entry.

    Raises
    ------
    OSError, ValueError
        It is not there, or damaged.
    """
    return decode(_read(_entry(key)), shape)


def _store(key: Mapping[str, object], entry: Mapping[str, object]) -> None:
    _write(_entry(key), json.dumps(entry, separators=(",", ":"), allow_nan=False).encode("ascii"))


def _read(path: Path) -> bytes:
    """What an entry holds.

    Raises
    ------
    OSError, ValueError
        It is not there, or damaged.
    """
    content = path.read_bytes()
    check, held = content[:_CHECK_BYTES], content[_CHECK_BYTES:]
    if check != hashlib.sha256(held).digest():
        raise ValueError(f"{path} is damaged")
    _mark_used(path)
    return held


def _mark_used(path: Path) -> None:
    """What was used longest ago goes first."""
    with contextlib.suppress(OSError):
        os.utime(path)


def _write(path: Path, held: bytes) -> None:
    with _COSTS_TIME_ALONE:
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_bytes(hashlib.sha256(held).digest() + held)
        _forget_oldest(path.parent)


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
