"""Chapters in a copy of an MP3: frames CHAP and CTOC in its ID3 tag, everything else as it was, nothing encoded again.

The tag is read and written as "ID3 tag version 2.3.0" and "2.4.0 - Main Structure" say, the chapters as the "ID3v2
Chapter Frame Addendum" 1.0. What a tag says of itself as a whole is left out, for it is another one now: its
unsynchronisation, extended header (with a checksum) and footer, which few players understand, and its padding.

Conventions
-----------
A tag keeps its version; where there is none, one of version 2.3 is made, which every player reads.
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

from media.decode import open_container, sound_track
from media.errors import TagError
from media.safe_fs import open_regular
from media.video.bidirectional import undirected

_HEADER_BYTES = 10  # of a tag, and of a frame
_UNSYNCHRONISED, _EXTENDED, _EXPERIMENTAL, _FOOTER = 0x80, 0x40, 0x20, 0x10  # flags of a tag
_FRAME_UNSYNCHRONISED = 0x02  # in the second byte of a frame's flags, from version 2.4 on
_READ = (3, 4)  # versions 2.x; those before have no chapters
_WRITTEN = 3
_LARGEST = 1 << 28  # bytes, which no tag reaches
_NAME = re.compile(rb"[A-Z0-9]{4}")
_UNSAFE = re.compile(rb"\xff[\xe0-\xff]|\xff\Z")  # in what was unsynchronised there is no such thing
_NO_OFFSET = b"\xff" * 8  # times count, not places in the file
_REMARK = "Chapters, by quotecast"  # what our remark is called
_TOP, _ORDERED = 2, 1  # flags of a table of contents
_MOST_ENTRIES = 255  # of a table of contents; later chapters are in the file and not in its table
_DECODERS = ("mp3", "mp3float")


@dataclass(frozen=True, slots=True)
class Mark:
    """A chapter, in milliseconds. One that is not ``listed`` is left out of the table of contents: players that show
    that do not show it, others know what it is."""

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
    """Its frames in their order, and what follows them that is none; ``length`` is how many bytes it takes in its
    file."""

    version: int
    flags: int
    frames: tuple[_Frame, ...]
    rest: bytes
    length: int


def write_with_chapters(source: Path, title: str, marks: Sequence[Mark], file: BinaryIO, remark: str = "") -> None:
    """Write the MP3 at ``source`` to ``file`` with these chapters, in order of their starts, instead of those that it
    may have; ``title`` is that of their table, ``remark`` what is told of them, in a text that editors of tags show.

    Raises TagError: it is no MP3, or its tag is one that has no chapters, or is damaged; DecodeError, NoAudioError: it
    cannot be opened as sound.
    """
    check_taggable(source)
    with open_regular(source) as sound:
        tag = _read_tag(sound, source) or _Tag(_WRITTEN, 0, (), b"", 0)
        made = _chapter_frames(title, marks, tag.version)
        told = [_text_frame(b"TXXX", tag.version, _REMARK, remark)] if remark else []
        file.write(_tag_bytes(replace(tag, frames=(*_others(tag), *made, *told)), source))
        sound.seek(tag.length)
        shutil.copyfileobj(sound, file)


def check_taggable(path: Path) -> None:
    """Find out before the work whether chapters can be put into a copy of the sound at ``path``.

    Raises TagError, DecodeError, NoAudioError: as ``write_with_chapters``.
    """
    with contextlib.closing(open_container(path)) as container:
        if container.format.name != "mp3" or sound_track(path, container).codec_context.name not in _DECODERS:
            raise TagError("{path}: is no MP3; the chapters of an ID3 tag are in MP3 files alone", path=path)
    with open_regular(path) as sound:
        _read_tag(sound, path)


def _read_tag(file: BinaryIO, path: Path) -> _Tag | None:
    """The tag that ``file`` begins with; None where it has none."""
    header = file.read(_HEADER_BYTES)
    if header[:3] != b"ID3" or len(header) < _HEADER_BYTES:
        return None
    version, flags, size = header[3], header[5], _from_synchsafe(header[6:])
    if version not in _READ:
        raise TagError(
            "{path}: its tag is of version 2.{version} of ID3, in which no chapters are written; save it as version "
            "2.3 or 2.4 with any editor of tags",
            path=path,
            version=version,
        )
    body = file.read(size)
    if len(body) < size:
        raise _damaged(path)
    if version == 3 and flags & _UNSYNCHRONISED:  # all of it, where version 2.4 has it frame by frame
        body = _synchronised(body)
    begins = _after_extended_header(body, version, path) if flags & _EXTENDED else 0
    frames, rest = _frames(body[begins:], version)
    if version == 4 and flags & _UNSYNCHRONISED:
        frames = [_with_plain_content(frame) for frame in frames]
    length = _HEADER_BYTES + size + (_HEADER_BYTES if version == 4 and flags & _FOOTER else 0)
    return _Tag(version, flags & _EXPERIMENTAL, tuple(frames), rest, length)


def _after_extended_header(body: bytes, version: int, path: Path) -> int:
    """Its length counts itself from version 2.4 on, and not before."""
    length = _from_synchsafe(body[:4]) if version == 4 else 4 + int.from_bytes(body[:4])
    if not 6 <= length <= len(body):
        raise _damaged(path)
    return length


def _frames(body: bytes, version: int) -> tuple[list[_Frame], bytes]:
    """The frames, and what follows them but for the padding. Lengths in version 2.4 have seven bits a byte; some
    programs have written eight, and their frames follow one another only if read so."""
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


def _with_plain_content(frame: _Frame) -> _Frame:
    """A frame of a tag that says of all that they are unsynchronised, without that; some programs say so of what they
    have left as it was."""
    flags = bytes([frame.flags[0], frame.flags[1] & ~_FRAME_UNSYNCHRONISED])
    content = frame.content if _UNSAFE.search(frame.content) else _synchronised(frame.content)
    return _Frame(frame.name, flags, content)


def _synchronised(content: bytes) -> bytes:
    return content.replace(b"\xff\0", b"\xff")


def _chapter_frames(title: str, marks: Sequence[Mark], version: int) -> Iterator[_Frame]:
    ordered = sorted(marks, key=lambda mark: mark.start_ms)
    names = [f"chp{number}".encode("ascii") for number in range(len(ordered))]
    listed = [name for name, mark in zip(names, ordered, strict=True) if mark.is_listed]
    # Apple shows no table that has no title.
    entries = b"".join(name + b"\0" for name in listed[:_MOST_ENTRIES])
    flags = bytes([_TOP | _ORDERED, min(len(listed), _MOST_ENTRIES)])
    yield _Frame(b"CTOC", b"\0\0", b"toc\0" + flags + entries + _titled(title, version))
    for name, mark in zip(names, ordered, strict=True):
        times = mark.start_ms.to_bytes(4) + mark.end_ms.to_bytes(4)
        yield _Frame(b"CHAP", b"\0\0", name + b"\0" + times + _NO_OFFSET + _titled(mark.title, version))


def _titled(title: str, version: int) -> bytes:
    return _frame_bytes(_text_frame(b"TIT2", version, title), version)


def _others(tag: _Tag) -> tuple[_Frame, ...]:
    """The frames that are not of chapters."""
    return tuple(frame for frame in tag.frames if frame.name not in (b"CHAP", b"CTOC") and not _is_remark(frame))


def _text_frame(name: bytes, version: int, *texts: str) -> _Frame:
    """A frame of texts, in an encoding that the version knows and all players do."""
    plain = [_written(text) for text in texts]
    if all(map(str.isascii, plain)):
        return _Frame(name, b"\0\0", b"\0" + b"\0".join(text.encode("ascii") for text in plain))
    if version == 4:
        return _Frame(name, b"\0\0", b"\3" + b"\0".join(text.encode("utf-8") for text in plain))
    return _Frame(name, b"\0\0", b"\1" + b"\0\0".join(codecs.BOM_UTF16_LE + text.encode("utf-16-le") for text in plain))


def _written(text: str) -> str:
    """The text without what ends it, breaks its line, or turns around what is shown beside it."""
    return "".join(" " if unicodedata.category(c) in ("Cc", "Cs", "Zl", "Zp") else c for c in undirected(text))


def _is_remark(frame: _Frame) -> bool:
    """Whether it is one that we wrote: what was told of other chapters goes with them."""
    names = (_REMARK.encode("ascii") + b"\0", codecs.BOM_UTF16_LE + _REMARK.encode("utf-16-le") + b"\0\0")
    return frame.name == b"TXXX" and frame.content[1:].startswith(names)


def _tag_bytes(tag: _Tag, path: Path) -> bytes:
    body = b"".join(_frame_bytes(frame, tag.version) for frame in tag.frames) + tag.rest
    if len(body) >= _LARGEST:
        raise TagError("{path}: its tag is too large to hold chapters", path=path)
    return b"ID3" + bytes([tag.version, 0, tag.flags]) + _to_synchsafe(len(body)) + body


def _frame_bytes(frame: _Frame, version: int) -> bytes:
    size = len(frame.content)
    return frame.name + (_to_synchsafe(size) if version == 4 else size.to_bytes(4)) + frame.flags + frame.content


def _from_synchsafe(size: bytes) -> int:
    return (size[0] & 127) << 21 | (size[1] & 127) << 14 | (size[2] & 127) << 7 | size[3] & 127


def _to_synchsafe(size: int) -> bytes:
    return bytes(size >> shift & 127 for shift in (21, 14, 7, 0))


def _damaged(path: Path) -> TagError:
    return TagError("{path}: its ID3 tag is damaged; save it anew with any editor of tags", path=path)
