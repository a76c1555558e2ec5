"""The head of alignment.json: the fields before the segments, and what is said of a file that is none, or damaged.

A list of episodes needs no more of an alignment. As quotecast writes them, a field to a line and the segments after
them, they are the beginning of the file, and quickly read whatever follows.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Annotated, BinaryIO, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from aligner.errors import AlignmentError, NewerError
from aligner.model import AudioFile, Engine, EpisodeDetails, Verdict
from aligner.settled import Signature
from aligner.storage.alignment_check import TooLongError, check_head, language_or_none, on_one_line, whole
from aligner.storage.checked_json import NotJsonError, Share, decode, shortened
from media.confinement import open_regular, read_regular
from media.damage import told_again
from media.decode import LONGEST
from media.errors import Message

FORMAT, VERSION = "quotecast-alignment", 1
LARGEST_BYTES = 1 << 26  # of an alignment; a day of talk has some 45 MB

_LARGEST_HEAD_BYTES = 1 << 23  # with the transcript's whole text
_MOST_HEAD_LINES = 30  # there are twelve fields
_LONGEST_WHO = 200  # characters

_Number = Annotated[int, Meta(ge=0, le=10**9)] | Annotated[float, Meta(ge=0, le=1e9)]

T = TypeVar("T")


class TranscriptFile(Struct):
    """The transcript that was aligned: its path, and the hash of its bytes."""

    file: str
    sha256: str


class StoredWarning(Struct):
    """A sentence about the sound: how it was made."""

    template: str
    values: Annotated[dict[str, _Number], Meta(max_length=5)]


class StoredSignature(Struct):
    """Who stands for the episode."""

    who: Annotated[str, Meta(max_length=_LONGEST_WHO)]
    when: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z")]
    share: Share


class AlignmentHead(Struct, kw_only=True):
    """The fields before the segments: what an alignment says of its episode, and how well it went."""

    format: str = FORMAT
    version: int = VERSION
    language: str
    episode: EpisodeDetails
    audio: AudioFile
    transcript: TranscriptFile
    engine: Engine
    coverage: Share
    verdict: Verdict
    warnings: Annotated[list[StoredWarning], Meta(max_length=20)] | UnsetType = UNSET  # of a sound that is not whole
    signature: StoredSignature | UnsetType = UNSET
    machine_text: bool | UnsetType = UNSET


H = TypeVar("H", bound=AlignmentHead)


class _Versioned(Struct):
    format: str | None = None
    version: int | None = None


def head_as_written(path: Path) -> AlignmentHead | None:
    """The head of the alignment that ``path`` holds, of whose words and segments, most of the file, nothing is read.

    None where the file is not laid out as quotecast lays it out, or holds what ``read_head`` might refuse.
    """
    try:
        with open_regular(path) as file:
            head = _quickly_read(_before_segments(file))
        return head and _checked(head)
    except (OSError, ValueError):
        return None


def read_head(path: Path) -> AlignmentHead:
    """The head of the alignment that ``path`` holds, however it is laid out: the file is read whole.

    What can only be read slowly, as lone surrogates are, is read no further than a head is long.

    Raises
    ------
    AlignmentError
        The file is missing, or the head is none of this version; of the rest nothing is known.
    NewerError
        It is of a later version.
    """
    with blaming(path):
        content = read_regular(path, LARGEST_BYTES)
        if len(content) <= _LARGEST_HEAD_BYTES:
            return _checked(decode_alignment(content, AlignmentHead))
        head = _quickly_read(content)
        return _checked(head or decode_alignment(_before_segments(BytesIO(content)), AlignmentHead))


def decode_alignment(content: bytes, shape: type[T]) -> T:
    """The record that ``content``, an alignment of this version, holds; raises ValueError, as ``blaming`` tells."""
    _check_version(decode(content, _Versioned))
    return decode(content, shape)


def head_on_lines(head: H) -> H:
    """The head with its titles on one line each, and the language that is unknown where it is no code."""
    said, engine = head.episode, head.engine
    titles = {name: on_one_line(getattr(said, name)) for name in ("title", "show", "date", "url", "guid")}
    named = Engine(whole(engine.ear), whole(engine.model))
    return msgspec.structs.replace(
        head, episode=replace(said, **titles), language=language_or_none(head.language), engine=named
    )


def warnings_in(head: AlignmentHead) -> tuple[str, ...]:
    """What is said of the sound, as far as it is a sentence of ours."""
    return warnings_told(() if head.warnings is UNSET else head.warnings)


def warnings_told(stored: Iterable[StoredWarning]) -> tuple[str, ...]:
    """The sentences of ours among those that are stored."""
    return tuple(filter(None, (told_again(each.template, each.values) for each in stored)))


def stored_warnings(warnings: Iterable[str]) -> list[StoredWarning] | UnsetType:
    """What ``warnings_in`` reads, seconds with 3 decimals; nothing is written where there are none."""
    made = [each for each in warnings if isinstance(each, Message)]
    return [StoredWarning(each.template, _rounded(each.values)) for each in made] or UNSET


def _rounded(values: Mapping[str, object]) -> dict[str, int | float]:
    return {name: round(each, 3) for name, each in values.items() if isinstance(each, int | float)}


def signature_in(stored: StoredSignature | UnsetType | None) -> Signature | None:
    """The signature that is stored, on one line; None where there is none, or nothing of the name shows."""
    if not stored or not (who := on_one_line(stored.who)):
        return None
    return Signature(who, stored.when, stored.share)


def stored_signature(signature: Signature) -> StoredSignature:
    """What ``signature_in`` reads."""
    return StoredSignature(signature.who, signature.when, round(signature.share, 4))


class _FormatError(ValueError):
    """It is another kind of file, or of no version."""


class _LaterError(ValueError):
    """It is of a later version."""


@contextlib.contextmanager
def blaming(path: Path) -> Iterator[None]:
    """Tell what is wrong as ``path``'s."""
    try:
        yield
    except OSError as error:
        raise AlignmentError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    except _LaterError as error:
        raise NewerError(
            "{path}: made by a newer quotecast (version {version} of its format, this one reads {known}); "
            "update quotecast",
            path=path,
            version=str(error),
            known=VERSION,
        ) from error
    except TooLongError as error:
        raise AlignmentError(
            "{path}: lasts longer than {most} hours, expected an episode", path=path, most=int(LONGEST / 3600)
        ) from error
    except (NotJsonError, _FormatError) as error:
        raise AlignmentError(
            "{path}: not an alignment.json that can be read ({detail})", path=path, detail=error
        ) from error
    except ValueError as error:
        raise AlignmentError("{path}: damaged alignment.json ({detail})", path=path, detail=shortened(error)) from error


def _quickly_read(content: bytes) -> AlignmentHead | None:
    """The head of an alignment, whole or ``_before_segments``; None where it is none, or can only be read slowly."""
    with contextlib.suppress(msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        _check_version(msgspec.json.decode(content, type=_Versioned))
        return msgspec.json.decode(content, type=AlignmentHead)
    return None


def _before_segments(file: BinaryIO) -> bytes:
    """The fields before the segments as an object of their own; of other files a piece of their beginning."""
    head, left = [], _LARGEST_HEAD_BYTES
    for _ in range(_MOST_HEAD_LINES):
        line = file.readline(left)
        if not line or line.lstrip().startswith(b'"segments":'):
            break
        head.append(line)
        left -= len(line)
    return b"".join(head).rstrip().removesuffix(b",") + b"}"


def _check_version(said: _Versioned) -> None:
    if said.format != FORMAT:
        raise _FormatError(f"expected format {FORMAT!r}")
    if said.version is not None and said.version > VERSION:
        raise _LaterError(shortened(said.version))
    if said.version != VERSION:
        raise _FormatError(f"version {shortened(said.version)} of the format; expected {VERSION}")


def _checked(head: AlignmentHead) -> AlignmentHead:
    """Raises ValueError where what it says cannot be."""
    head = head_on_lines(head)
    check_head(head.episode, head.audio, head.engine, head.transcript.file, head.transcript.sha256)
    return head
