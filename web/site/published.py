"""The words of an episode as they were published, which are searched where its alignment has changed since, or gone.

They are read from what other sites embed of it, ``episode.cast.json``. That has no offsets in the transcript: those
here are in its paragraphs one after the other, of a version that none has, so that links lead by their times.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from contextlib import suppress
from itertools import accumulate
from pathlib import Path
from typing import Annotated

from msgspec import Meta, Struct

from aligner.model import Kind
from aligner.normalization import fold
from aligner.storage.alignment_json import LARGEST_BYTES
from aligner.storage.checked_json import decode
from media.safe_fs import is_folder, read_regular
from web.site.word_index import Index

CAST = "episode.cast.json"

_NO_VERSION = "0" * 64
_LONGEST_MS = 1_000_000_000  # of a sound: eleven days
_Time = Annotated[int, Meta(ge=-_LONGEST_MS, le=_LONGEST_MS)]  # may be before that of the word before
_Length = Annotated[int, Meta(ge=0, le=_LONGEST_MS)]
_Number = Annotated[int, Meta(ge=0, le=1_000_000)]


class _Paragraph(Struct, frozen=True):
    words: list[str]
    kind: str = Kind.SPEECH
    speaker: _Number | None = None
    start: _Length = 0
    starts: list[_Time | None] = []
    lengths: list[_Length | None] = []

    def times(self) -> Iterator[tuple[int, int]]:
        """When each word begins and ends, in milliseconds, -1 where nobody says it."""
        before = self.start
        untold = [None] * len(self.words)
        for start, length in zip(self.starts or untold, self.lengths or untold, strict=True):
            if start is None or length is None or not 0 <= before + start <= _LONGEST_MS:
                yield -1, -1
            else:
                before += start
                yield before, before + length


class _Cast(Struct, frozen=True):
    language: Annotated[str, Meta(min_length=2, max_length=40)]
    speakers: list[str]
    paragraphs: list[_Paragraph]


def published_index(folder: Path) -> Index | None:
    """What is searched of the episode that was published into ``folder``; None where that cannot be read."""
    with suppress(OSError, ValueError):
        if is_folder(folder):
            return _index(decode(read_regular(folder / CAST, LARGEST_BYTES), _Cast))
    return None


def _index(cast: _Cast) -> Index:
    pieces = [piece for paragraph in cast.paragraphs for piece in paragraph.words]
    times = list(_times(cast.paragraphs))
    parts = [fold(piece, " ").split() for piece in pieces]
    lengths = [sum(map(len, paragraph.words)) + 1 for paragraph in cast.paragraphs]  # and a line's end
    begins = list(accumulate(lengths, initial=0))
    ranges = [
        _range(piece, at)
        for paragraph, at in zip(cast.paragraphs, begins, strict=False)
        for piece, at in zip(paragraph.words, accumulate(map(len, paragraph.words), initial=at), strict=False)
    ]
    return Index(
        folded=" " + "".join(f"{part} " for word in parts for part in word),
        owners=array("l", [number for number, word in enumerate(parts) for _ in word]),
        starts_ms=array("l", [start for start, _ in times]),
        ends_ms=array("l", [end for _, end in times]),
        char_starts=array("l", [start for start, _ in ranges]),
        char_ends=array("l", [end for _, end in ranges]),
        segments=array("l", [number for number, each in enumerate(cast.paragraphs) for _ in each.words]),
        passages=[
            (begin, begin + length - 1, _speaker(each, cast.speakers))
            for each, begin, length in zip(cast.paragraphs, begins, lengths, strict=False)
        ],
        text="".join(f"{''.join(each.words)}\n" for each in cast.paragraphs),
        sha256=_NO_VERSION,
        language=cast.language,
    )


def _times(paragraphs: Sequence[_Paragraph]) -> Iterator[tuple[int, int]]:
    """Those of all words; what nobody says and is no speech starts where it begins to be said, or what follows it."""
    told = [_checked(each) for each in paragraphs]
    following, starts = -1, list[int]()
    for times in reversed(told):
        following = next((start for start, _ in times if start >= 0), following)
        starts.append(following)
    for each, times, start in zip(paragraphs, told, reversed(starts), strict=True):
        is_speech = each.kind == Kind.SPEECH
        yield from (time if is_speech or time[0] >= 0 else (start, -1) for time in times)


def _checked(paragraph: _Paragraph) -> list[tuple[int, int]]:
    times = list(paragraph.times())
    if len(times) != len(paragraph.words):
        raise ValueError("a paragraph has other times than words")
    return times


def _range(piece: str, at: int) -> tuple[int, int]:
    """Where the word itself stands, without the space around it."""
    return at + len(piece) - len(piece.lstrip()), at + len(piece.rstrip() or piece)


def _speaker(paragraph: _Paragraph, speakers: Sequence[str]) -> str | None:
    known = paragraph.speaker is not None and paragraph.speaker < len(speakers)
    return speakers[paragraph.speaker] if known and paragraph.speaker is not None else None
