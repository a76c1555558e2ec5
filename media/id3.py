"""Write chapters into a copy of an MP3, as frames CHAP and CTOC of its ID3 tag. The audio is not encoded again.

This follows "ID3 tag version 2.3.0", "2.4.0 - Main Structure" and the "ID3v2 Chapter Frame Addendum" 1.0. Few players
support unsynchronisation, extended headers and footers of a tag, so such a tag is refused.

Conventions
-----------
An existing tag keeps its version; a new tag is of version 2.3, which every player reads.
"""

from __future__ import annotations

import codecs
import contextlib
import re
import shutil
import unicodedata
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import BinaryIO

from media.decode import audio_track, open_container
from media.errors import TagError
from media.safe_fs import open_regular
from media.video.bidirectional import without_bidi_controls

_HEADER_BYTES = 10  # of a tag, and of a frame
_EXPERIMENTAL = 0x20  # the only flag of a tag that does not change its structure
_SUPPORTED = (3, 4)  # versions 2.x; earlier ones have no chapters
_NEW_VERSION = 3
_LARGEST = 1 << 28  # bytes that the size of a tag can express
_NAME = re.compile(rb"[A-Z0-9]{4}")
_NO_OFFSET = b"\xff" * 8  # chapters have times, not byte offsets
_REMARK = "Chapters, by quotecast"  # the description of our own text frame
_TOP, _ORDERED = 2, 1  # flags of a table of contents
_MOST_ENTRIES = 255  # of a table of contents, which omits later chapters
_DECODERS = ("mp3", "mp3float")


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter with its start and end in milliseconds. If ``is_listed`` is false, the chapter is left out of the table
    of contents, which is what most players show."""

    title: str
    start_ms: int
    end_ms: int
    is_listed: bool = True


@dataclass(frozen=True, slots=True)
class _Frame:
    name: bytes
    flags: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class _Tag:
    """An ID3 tag of version 2.3 or 2.4 (``version`` is 3 or 4). ``rest`` are the bytes after the last frame, and
    ``length`` is the size in bytes of the tag in the file."""

    version: int
    flags: int
    frames: tuple[_Frame, ...]
    rest: bytes
    length: int


def write_with_chapters(source: Path, title: str, marks: Sequence[Mark], file: BinaryIO, remark: str = "") -> None:
    """Write the MP3 at ``source`` to ``file`` with the chapters ``marks``, which replace existing chapters.

    ``title`` is the title of the table of contents; ``remark`` is a text that tag editors show. Raises TagError if
    ``source`` is not an MP3, or if its tag is damaged, too large or of a version without chapters; DecodeError or
    NoAudioError if ``source`` cannot be opened as audio."""
    check_taggable(source)
    with open_regular(source) as mp3:
        tag = _read_tag(mp3, source) or _Tag(_NEW_VERSION, 0, (), b"", 0)
        chapters = _chapter_frames(title, marks, tag.version)
        remarks = [_text_frame(b"TXXX", tag.version, _REMARK, remark)] if remark else []
        file.write(_tag_bytes(replace(tag, frames=(*_others(tag), *chapters, *remarks)), source))
        mp3.seek(tag.length)
        shutil.copyfileobj(mp3, file)


def check_taggable(path: Path) -> None:
    """Check that chapters can be written to the MP3 at ``path``; raise the same errors as ``write_with_chapters``."""
    with contextlib.closing(open_container(path)) as container:
        if container.format.name != "mp3" or audio_track(path, container).codec_context.name not in _DECODERS:
            raise TagError("{path}: is not an MP3; only MP3 files have chapters in ID3 tags", path=path)
    with open_regular(path) as mp3:
        _read_tag(mp3, path)


def _read_tag(file: BinaryIO, path: Path) -> _Tag | None:
    """Return the ID3v2 tag of ``file`` or None; raise TagError if the tag is damaged or refused."""
    header = file.read(_HEADER_BYTES)
    if header[:3] != b"ID3" or len(header) < _HEADER_BYTES:
        return None
    version, flags, size = header[3], header[5], _from_synchsafe(header[6:])
    if version not in _SUPPORTED:
        raise TagError(
            "{path}: its ID3 tag is of version 2.{version}, which has no chapters; save it as version 2.3 or 2.4 with "
            "any tag editor",
            path=path,
            version=version,
        )
    if flags & ~_EXPERIMENTAL:
        raise TagError(
            "{path}: its ID3 tag is unsynchronised, or has an extended header or a footer; save it again with any tag "
            "editor",
            path=path,
        )
    body = file.read(size)
    if len(body) < size:
        raise TagError("{path}: its ID3 tag is damaged; save it again with any tag editor", path=path)
    frames, rest = _frames(body, version)
    return _Tag(version, flags, tuple(frames), rest, _HEADER_BYTES + size)


def _frames(body: bytes, version: int) -> tuple[list[_Frame], bytes]:
    """Split a tag's body into frames. Return the frames, and the bytes after the last frame unless these are padding.

    In version 2.4, each byte of a frame's size should hold only seven bits, but some programs write all eight. So
    sizes that do not fit the body if read as seven bits are read as eight bits, if they then fit."""
    frames, rest = _frames_by(body, _from_synchsafe if version == 4 else int.from_bytes)
    if rest and version == 4:
        plain, behind = _frames_by(body, int.from_bytes)
        if not behind:
            return plain, behind
    return frames, rest


def _frames_by(body: bytes, size_of: Callable[[bytes], int]) -> tuple[list[_Frame], bytes]:
    frames, at = [], 0
    while _NAME.fullmatch(name := body[at : at + 4]):
        start = at + _HEADER_BYTES
        end = start + size_of(body[at + 4 : at + 8])
        if end > len(body):
            break
        frames.append(_Frame(name, body[at + 8 : start], body[start:end]))
        at = end
    return frames, body[at:] if body[at:].strip(b"\0") else b""


def _chapter_frames(title: str, marks: Sequence[Mark], version: int) -> Iterator[_Frame]:
    ordered = sorted(marks, key=lambda mark: mark.start_ms)
    names = [f"chp{number}".encode("ascii") for number in range(len(ordered))]
    listed = [name for name, mark in zip(names, ordered, strict=True) if mark.is_listed]
    # Apple's players ignore a table without a title.
    entries = b"".join(name + b"\0" for name in listed[:_MOST_ENTRIES])
    flags = bytes([_TOP | _ORDERED, min(len(listed), _MOST_ENTRIES)])
    yield _Frame(b"CTOC", b"\0\0", b"toc\0" + flags + entries + _titled(title, version))
    for name, mark in zip(names, ordered, strict=True):
        times = mark.start_ms.to_bytes(4) + mark.end_ms.to_bytes(4)
        yield _Frame(b"CHAP", b"\0\0", name + b"\0" + times + _NO_OFFSET + _titled(mark.title, version))


def _titled(title: str, version: int) -> bytes:
    return _frame_bytes(_text_frame(b"TIT2", version, title), version)


def _others(tag: _Tag) -> tuple[_Frame, ...]:
    return tuple(frame for frame in tag.frames if frame.name not in (b"CHAP", b"CTOC") and not _is_remark(frame))


def _text_frame(name: bytes, version: int, *texts: str) -> _Frame:
    """Return the text frame ``name`` with ``texts``, in an encoding that players support in a tag of ``version``."""
    plain = [_written(text) for text in texts]
    if all(map(str.isascii, plain)):
        return _Frame(name, b"\0\0", b"\0" + b"\0".join(text.encode("ascii") for text in plain))
    if version == 4:
        return _Frame(name, b"\0\0", b"\3" + b"\0".join(text.encode("utf-8") for text in plain))
    return _Frame(name, b"\0\0", b"\1" + b"\0\0".join(codecs.BOM_UTF16_LE + text.encode("utf-16-le") for text in plain))


def _written(text: str) -> str:
    """Return ``text`` with control characters and line breaks as spaces, and without Unicode direction controls."""
    return "".join(
        " " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in without_bidi_controls(text)
    )


def _is_remark(frame: _Frame) -> bool:
    """Return whether a frame is a remark that ``write_with_chapters`` added earlier."""
    names = (_REMARK.encode("ascii") + b"\0", codecs.BOM_UTF16_LE + _REMARK.encode("utf-16-le") + b"\0\0")
    return frame.name == b"TXXX" and frame.content[1:].startswith(names)


def _tag_bytes(tag: _Tag, path: Path) -> bytes:
    body = b"".join(_frame_bytes(frame, tag.version) for frame in tag.frames) + tag.rest
    if len(body) >= _LARGEST:
        raise TagError("{path}: its ID3 tag is too large to add chapters", path=path)
    return b"ID3" + bytes([tag.version, 0, tag.flags]) + _to_synchsafe(len(body)) + body


def _frame_bytes(frame: _Frame, version: int) -> bytes:
    size = len(frame.content)
    return frame.name + (_to_synchsafe(size) if version == 4 else size.to_bytes(4)) + frame.flags + frame.content


def _from_synchsafe(size: bytes) -> int:
    return (size[0] & 127) << 21 | (size[1] & 127) << 14 | (size[2] & 127) << 7 | size[3] & 127


def _to_synchsafe(size: int) -> bytes:
    return bytes(size >> shift & 127 for shift in (21, 14, 7, 0))
