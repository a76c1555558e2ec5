"""Two versions of a transcript by sentences, as much of it as a page shows: what differs, and a sentence around it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from aligner.errors import AlignmentError, HistoryError, OutputError
from aligner.model import Alignment, Transcript
from aligner.storage.history import as_of, open_history
from aligner.transcript import open_transcript
from aligner.transcript.language import guess_language
from web.library import Episode
from web.library.incoming import judged
from web.versions.sentences import Difference, Row, compared, sentences_of
from web.versions.text_changes import text_changes

_AROUND = 1  # sentences that stay, beside one that differs
_MOST = 400  # sentences that differ are shown; of the rest their number is told


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that are shown in a row, after so many that are left out, for nothing of them differs."""

    left_out: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Shown:
    """What a page shows of a comparison: ``left`` is the number of sentences that differ and are not shown."""

    parts: tuple[Part, ...]
    added: int
    removed: int
    changed: int
    left: int

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.changed)


def compare(episode: Episode, before: Path, after: Path) -> Shown:
    """What differs between two files of a transcript.

    Raises
    ------
    Unusable
        One of them is no transcript, or too long; the message says why.
    Busy
        Too many are waiting.
    """
    return judged("transcript", _compare, episode.alignment, episode.details.language, before, after)


def _compare(alignment: Path | None, language: str | None, before: Path, after: Path) -> Shown:
    texts = [transcript_of(path, alignment) for path in (before, after)]
    known = language or guess_language(texts[1]) or ""
    found = [*compared(*(sentences_of(text, known) for text in texts))]
    rows, left = _first(found)
    counts = Counter(row.difference for row in found)
    return Shown(
        tuple(_parts(rows)), counts[Difference.ADDED], counts[Difference.REMOVED], counts[Difference.CHANGED], left
    )


def transcript_of(path: Path, alignment: Path | None) -> Transcript:
    """The transcript that a file holds, its paragraphs as they were set by hand where the history knows that state."""
    file = open_transcript(path)
    known = _known(file.sha256, alignment) if alignment else None
    return known.transcript if known else file.understood()


def _known(sha256: str, alignment: Path) -> Alignment | None:
    try:
        change = text_changes(alignment).get(sha256)
        return as_of(open_history(alignment), change.id).alignment if change else None
    except (AlignmentError, HistoryError, OutputError, ValueError):
        return None


def _first(rows: Sequence[Row]) -> tuple[Sequence[Row], int]:
    """The rows up to the last that is shown, and how many that differ come after."""
    differing = [k for k, row in enumerate(rows) if row.difference is not Difference.SAME]
    return (rows[: differing[_MOST]], len(differing) - _MOST) if len(differing) > _MOST else (rows, 0)


def _parts(rows: Sequence[Row]) -> Iterator[Part]:
    near: set[int] = set()
    for k, row in enumerate(rows):
        if row.difference is not Difference.SAME:
            near.update(range(k - _AROUND, k + _AROUND + 1))
    left_out = 0
    for is_shown, run in groupby(enumerate(rows), key=lambda pair: pair[0] in near):
        held = tuple(row for _, row in run)
        if is_shown:
            yield Part(left_out, held)
        left_out = 0 if is_shown else len(held)
    if left_out:
        yield Part(left_out, ())
