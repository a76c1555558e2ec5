"""Read and write ID3 tags as the standards describe them, and read chapters as AntennaPod does.

Written from "ID3 tag version 2.3.0", "2.4.0 - Main Structure" and the "Chapter Frame Addendum" 1.0, without our
own writer.
"""

import io
import struct
from dataclasses import dataclass


@dataclass(frozen=True)
class Frame:
    name: str
    flags: int
    content: bytes


@dataclass(frozen=True)
class Tagged:
    """A file: the version and flags of its tag, its frames, and everything after the tag."""

    version: int
    flags: int
    frames: tuple[Frame, ...]
    audio: bytes

    def named(self, name: str) -> list[Frame]:
        return [frame for frame in self.frames if frame.name == name]

    @property
    def others(self) -> list[Frame]:
        """The frames without those of chapters."""
        return [frame for frame in self.frames if frame.name not in ("CHAP", "CTOC")]


@dataclass(frozen=True)
class Chapter:
    name: str
    start_ms: int
    end_ms: int
    title: str


@dataclass(frozen=True)
class Contents:
    name: str
    is_top: bool
    is_ordered: bool
    entries: tuple[str, ...]
    title: str


def read(content: bytes) -> Tagged:
    """Return the file; assert that its tag is valid and has a plain structure."""
    assert content[:3] == b"ID3"
    version, revision, flags = content[3:6]
    assert (version in (3, 4), revision, flags & ~0x20) == (True, 0, 0)
    size = _seven_bits(content[6:10])
    body, audio = content[10 : 10 + size], content[10 + size :]
    assert len(body) == size
    return Tagged(version, flags, tuple(_frames(body, version)), audio)


def made(version: int, frames: list[Frame], audio: bytes, padding: int = 0) -> bytes:
    """Return a file with this tag."""
    body = b""
    for frame in frames:
        length = len(frame.content)
        size = _in_seven_bits(length) if version == 4 else struct.pack(">I", length)
        body += frame.name.encode("ascii") + size + struct.pack(">H", frame.flags) + frame.content
    body += bytes(padding)
    return b"ID3" + bytes([version, 0, 0]) + _in_seven_bits(len(body)) + body + audio


def chapters(tagged: Tagged) -> list[Chapter]:
    found = []
    for frame in tagged.named("CHAP"):
        name, rest = _terminated(frame.content)
        start, end, *offsets = struct.unpack(">IIII", rest[:16])
        assert offsets == [0xFFFFFFFF] * 2
        found.append(Chapter(name, start, end, _title(rest[16:], tagged.version)))
    return found


def tables(tagged: Tagged) -> list[Contents]:
    found = []
    for frame in tagged.named("CTOC"):
        name, rest = _terminated(frame.content)
        flags, count, rest = rest[0], rest[1], rest[2:]
        entries = []
        for _ in range(count):
            entry, rest = _terminated(rest)
            entries.append(entry)
        found.append(Contents(name, bool(flags & 2), bool(flags & 1), tuple(entries), _title(rest, tagged.version)))
    return found


def in_contents(tagged: Tagged) -> list[Chapter]:
    """Return the chapters in players that read the table of contents: Apple's, Overcast."""
    known = {chapter.name: chapter for chapter in chapters(tagged)}
    by_name = {table.name: table for table in tables(tagged)}
    [top] = [table for table in by_name.values() if table.is_top]
    assert top.is_ordered
    assert top.title

    def entries(table: Contents) -> list[Chapter]:
        return [each for name in table.entries for each in ([known[name]] if name in known else entries(by_name[name]))]

    return entries(top)


def as_antennapod_reads(content: bytes) -> list[tuple[int, str]]:
    """The start, in milliseconds, and the title of each chapter as AntennaPod's reader takes them.

    It knows no unsynchronisation, takes four bytes too few of an extended header, ignores the table of contents and the
    ends of chapters, and stops at a frame whose name begins with no letter or digit.
    """
    stream = io.BytesIO(content)
    assert stream.read(3) == b"ID3"
    major, _, flags = stream.read(3)
    size = _seven_bits(stream.read(4))
    begins = stream.tell()
    if flags & 0x40:
        stream.read(struct.unpack(">I", stream.read(4))[0] - 4)
    found = []
    while stream.tell() < begins + size:
        name, length = stream.read(4), stream.read(4)
        if not b"0" <= name[:1] <= b"z":
            break
        stream.read(2)
        frame = stream.read(_seven_bits(length) if major >= 4 else struct.unpack(">I", length)[0])
        if name == b"CHAP":
            _, rest = _terminated(frame)
            found.append((struct.unpack(">I", rest[:4])[0], _title(rest[16:], major)))
    return found


def texts(frame: Frame) -> tuple[str, ...]:
    """Return the texts of a text frame."""
    encoding, end = {0: ("latin-1", b"\0"), 1: ("utf-16", b"\0\0"), 3: ("utf-8", b"\0")}[frame.content[0]]
    found, rest = [], frame.content[1:]
    while True:
        stops = (at for at in range(0, len(rest), len(end)) if rest[at : at + len(end)] == end)
        stop = next(stops, len(rest))
        found.append(rest[:stop].decode(encoding))
        if stop == len(rest):
            return tuple(found)
        rest = rest[stop + len(end) :]


def _frames(body: bytes, version: int) -> list[Frame]:
    frames, at = [], 0
    while body[at : at + 4].strip(b"\0"):
        name = body[at : at + 4].decode("ascii")
        size = _seven_bits(body[at + 4 : at + 8]) if version == 4 else struct.unpack(">I", body[at + 4 : at + 8])[0]
        [flags] = struct.unpack(">H", body[at + 8 : at + 10])
        content = body[at + 10 : at + 10 + size]
        assert len(content) == size
        frames.append(Frame(name, flags, content))
        at += 10 + size
    assert not body[at:].strip(b"\0")
    return frames


def _title(frames: bytes, version: int) -> str:
    [frame] = _frames(frames, version)
    assert frame.name == "TIT2"
    encoding = {0: "latin-1", 1: "utf-16", 3: "utf-8"}[frame.content[0]]
    assert encoding != "utf-8" or version == 4
    return frame.content[1:].decode(encoding)


def _terminated(content: bytes) -> tuple[str, bytes]:
    text, _, rest = content.partition(b"\0")
    return text.decode("latin-1"), rest


def _seven_bits(size: bytes) -> int:
    number = 0
    for byte in size:
        assert byte < 128
        number = number * 128 + byte
    return number


def _in_seven_bits(size: int) -> bytes:
    return bytes([size // 128**3, size // 128**2 % 128, size // 128 % 128, size % 128])
