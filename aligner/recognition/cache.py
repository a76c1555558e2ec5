"""Cache the output of recognisers between runs, so that aligning again after an edit of the text needs no recognition.

Conventions
-----------
- Facts about the audio (length, speech, fingerprint, tags) are stored under the audio's hash. The output of a
  recogniser is stored under the hash and all that determined the output (method, model, options). Neither depends on
  the transcript.
- If the cache is missing, damaged, not writable or in use by another process, audio is recognised again. An entry is
  replaced as a whole. It begins with a hash of its content, since a damaged bit could change a time or the language.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import zlib
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from msgspec import Struct, msgpack

from aligner.errors import OutputError
from aligner.model import Audio, RecognisedWord, Recognition, Span
from aligner.storage.atomic import replacing
from aligner.storage.database import cache_folder
from media.decode import Tags
from media.errors import from_facts, to_facts

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from aligner.emissions import Emissions

# Part of every key. Raise it when the meaning of entries changes; old entries are deleted in time.
_FORMAT = 4

# An hour of emissions is 27 MB, so this is seventy hours of them; an hour of words is 0.6 MB.
_LARGEST_BYTES = 2_000_000_000
_ENTRY = ".entry"  # MessagePack behind its SHA-256
_EMISSIONS = ".f16"  # emissions, little-endian, without a header; their checksum is in the entry beside the file
_CHECK_BYTES = 32

_T = TypeVar("_T")


class _Audio(Struct, array_like=True):
    duration: float
    speech: list[tuple[float, float]]
    warnings: list[dict[str, Any]]
    fingerprint: bytes | None
    tags: tuple[str | None, str | None, str | None] | None


class _Recognition(Struct, array_like=True):
    """A recogniser's output, as stored. ``words`` are (text, start, end, probability). With emissions, ``prior`` is the
    frequency of each letter and ``check`` the emissions' checksum; without, ``prior`` is None."""

    words: list[tuple[str, float, float, float]]
    language: str
    warnings: list[dict[str, Any]]
    prior: list[float] | None = None
    check: str = ""


EXAMINED, CARRIED = "audio", "carried"
"""How the facts about audio were found: by examining all of it, or carried over from the audio that it replaces."""


def load_audio(path: Path, sha256: str, known: str = EXAMINED) -> Audio | None:
    """Return the cached facts about the audio with this hash; None if missing or damaged. ``known`` says how they were
    found: by examining this audio (``EXAMINED``), or carried over from the audio it replaced (``CARRIED``)."""
    entry = _load({known: sha256}, _Audio)
    if entry is None:
        return None
    speech = tuple(Span(*span) for span in entry.speech)
    warnings = tuple(map(from_facts, entry.warnings))
    tags = Tags(*entry.tags) if entry.tags else None
    return Audio(path, sha256, entry.duration, speech, warnings, fingerprint=entry.fingerprint, tags=tags)


def store_audio(audio: Audio, known: str = EXAMINED) -> None:
    """Write the facts about audio to the cache. ``known`` says how they were found: see ``load_audio``."""
    spans = [(span.start, span.end) for span in audio.speech]
    warnings = list(map(to_facts, audio.warnings))
    tags = astuple(audio.tags) if audio.tags else None
    _store({known: audio.sha256}, _Audio(audio.duration, spans, warnings, audio.fingerprint, tags))


def load_recognition(key: Mapping[str, object]) -> Recognition | None:
    """Return the recogniser's output stored under ``key``; None if the entry is missing or damaged."""
    entry = _load(key, _Recognition)
    if entry is None:
        return None
    try:
        emissions = None if entry.prior is None else _load_emissions(_path(key), entry.check, entry.prior)
    except (OSError, ValueError):
        return None
    words = tuple(RecognisedWord(*word) for word in entry.words)
    return Recognition(words, entry.language, tuple(map(from_facts, entry.warnings)), emissions)


def store_recognition(key: Mapping[str, object], recognition: Recognition) -> None:
    """Write a recogniser's output to the cache; ``key`` holds all values that determined the output."""
    words = [(word.text, word.start, word.end, word.probability) for word in recognition.words]
    entry = _Recognition(words, recognition.language, list(map(to_facts, recognition.warnings)))
    emissions = recognition.emissions
    with contextlib.suppress(OSError, OutputError):
        if emissions is not None:
            entry.check, entry.prior = _store_emissions(_path(key), emissions), emissions.prior.tolist()
        _store(key, entry)


def _load_emissions(path: Path, check: str, prior: list[float]) -> Emissions:
    """Return the emissions stored with the entry at ``path``, mapped into memory. Raises ValueError if their checksum
    is not ``check``."""
    import numpy as np

    from aligner.emissions import COLUMNS, Emissions

    path = path.with_suffix(_EMISSIONS)
    values = np.memmap(path, "<f2", "r").reshape(-1, COLUMNS)
    if _checksum(values) != check:
        raise ValueError(f"{path} is damaged")
    os.utime(path)
    return Emissions(values, np.array(prior, np.float32))


def _store_emissions(path: Path, emissions: Emissions) -> str:
    """Write emissions to a file beside the entry at ``path``; return their checksum."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = emissions.values.astype("<f2", order="C", copy=False)
    with replacing(path.with_suffix(_EMISSIONS)) as temporary, temporary.open("wb") as file:
        values.tofile(file)
    return _checksum(values)


def _checksum(values: NDArray[np.float16]) -> str:
    """Return the CRC-32 of emissions in hex. For an hour of audio, a cryptographic hash would take 0.1 s longer."""
    return f"{zlib.crc32(values.data):08x}"


def _path(key: Mapping[str, object]) -> Path:
    text = json.dumps({"format": _FORMAT, **key}, sort_keys=True, ensure_ascii=True)
    return cache_folder() / "recognition" / f"{hashlib.sha256(text.encode('ascii')).hexdigest()}{_ENTRY}"


def _load(key: Mapping[str, object], shape: type[_T]) -> _T | None:
    try:
        content = _path(key).read_bytes()
        check, packed = content[:_CHECK_BYTES], content[_CHECK_BYTES:]
        if check != hashlib.sha256(packed).digest():
            return None
        found = msgpack.decode(packed, type=shape)
        os.utime(_path(key))  # the least recently used entries are deleted first
        return found
    except (OSError, ValueError):
        return None


def _store(key: Mapping[str, object], entry: object) -> None:
    path, packed = _path(key), msgpack.encode(entry)
    with contextlib.suppress(OSError, OutputError):
        path.parent.mkdir(parents=True, exist_ok=True)
        with replacing(path) as temporary:
            temporary.write_bytes(hashlib.sha256(packed).digest() + packed)
        _delete_oldest(path.parent)


def _delete_oldest(folder: Path) -> None:
    """Delete the least recently used entries until the folder is within its size limit."""
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
