"""Two versions of a transcript by sentences: what differs, with a sentence around it, and the words that differ."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from itertools import pairwise
from pathlib import Path

from aligner.errors import AlignmentError, HistoryError, OutputError
from aligner.languages import language_of
from aligner.model import Kind, Transcript, outermost
from aligner.storage.history import as_of, open_history
from aligner.transcript import open_transcript
from aligner.transcript.language import guess_language
from aligner.typography.tokens import ends_sentence
from web.library import Episode
from web.library.incoming import judged
from web.versions.listing import change_to

_ALIKE = 0.5  # of the letters of two sentences, from which on one is the other, changed
_TOKEN = re.compile(r"\s+|\S+")


class Difference(StrEnum):
    """What became of a sentence."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, with the kind of its paragraph and who says it."""

    kind: Kind
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Words of a sentence that are the same in the other, or are not."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A sentence before and after, None where it is missing; the runs are those of its text."""

    difference: Difference
    before: Sentence | None
    after: Sentence | None
    before_runs: tuple[Run, ...] = ()
    after_runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Sentences that are shown in a row, after so many that are left out, for they are the same."""

    left_out: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """What a page shows of two texts, and how many sentences differ."""

    parts: tuple[Part, ...]
    added: int
    removed: int
    changed: int

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.changed)


def compare(episode: Episode, before: Path, after: Path) -> Comparison:
    """Compare two files of a transcript.

    Raises Unusable: one of them is no transcript, or too long, and the message says why; Busy: too many are waiting.
    """
    return judged("transcript", _compare, episode.alignment, episode.details.language, before, after)


def transcript_of(path: Path, alignment: Path | None) -> Transcript:
    """Return the transcript in a file, with its paragraphs as the history of the ``alignment`` knows that text."""
    file = open_transcript(path)
    try:
        if alignment and (change := change_to(alignment, file.sha256)):
            return as_of(open_history(alignment), change.id).alignment.transcript
    except (AlignmentError, HistoryError, OutputError, ValueError):
        pass  # the file says enough
    return file.understood()


def _compare(alignment: Path | None, language: str | None, before: Path, after: Path) -> Comparison:
    texts = [transcript_of(path, alignment) for path in (before, after)]
    known = language or guess_language(texts[1]) or ""
    parts = tuple(compared(*(sentences_of(text, known) for text in texts)))
    counts = Counter(row.difference for part in parts for row in part.rows)
    return Comparison(parts, counts[Difference.ADDED], counts[Difference.REMOVED], counts[Difference.CHANGED])


def sentences_of(transcript: Transcript, language: str) -> list[Sentence]:
    """Return the sentences of a transcript; one ends with its paragraph."""
    captioning = language_of(language).captioning
    found: list[Sentence] = []
    for index, _ in outermost(transcript.segments):
        segment = transcript.segments[index]
        words: list[str] = []
        for token, following in pairwise([*transcript.text[segment.char_start : segment.char_end].split(), ""]):
            words.append(token)
            if ends_sentence(token, following, captioning):
                found.append(Sentence(segment.kind, segment.speaker, " ".join(words)))
                words = []
    return found


def compared(before: Sequence[Sentence], after: Sequence[Sentence]) -> Iterator[Part]:
    """Yield the sentences that differ, with one before and after each."""
    shown = 0
    for group in SequenceMatcher(None, before, after, autojunk=False).get_grouped_opcodes(1):
        rows = (row for tag, i, j, k, m in group for row in _rows(tag == "equal", before[i:j], after[k:m]))
        yield Part(group[0][1] - shown, tuple(rows))
        shown = group[-1][2]
    if shown < len(before):
        yield Part(len(before) - shown, ())


def _rows(is_same: bool, old: Sequence[Sentence], new: Sequence[Sentence]) -> Iterator[Row]:
    if is_same:
        yield from (Row(Difference.SAME, sentence, sentence) for sentence in new)
    else:
        yield from _replaced(old, new)


def _replaced(gone: Sequence[Sentence], added: Sequence[Sentence]) -> Iterator[Row]:
    """Yield what became of sentences that gave way to others: those that are alike, in order, are one, changed."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extractOne

    texts = [each.text for each in added]
    for sentence in gone:
        start = len(added) - len(texts)
        found = extractOne(sentence.text, texts, scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
        if found is None:
            yield Row(Difference.REMOVED, sentence, None, (Run(sentence.text, True),))
            continue
        at = start + found[2]
        yield from map(_added, added[start:at])
        yield Row(Difference.CHANGED, sentence, added[at], *_runs(sentence.text, added[at].text))
        del texts[: found[2] + 1]
    yield from map(_added, added[len(added) - len(texts) :])


def _added(sentence: Sentence) -> Row:
    return Row(Difference.ADDED, None, sentence, (), (Run(sentence.text, True),))


def _runs(before: str, after: str) -> tuple[tuple[Run, ...], tuple[Run, ...]]:
    """Return the words of two sentences, by whether they differ."""
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    gone: list[Run] = []
    added: list[Run] = []
    for tag, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, tokens in ((gone, old[slice(*places[:2])]), (added, new[slice(*places[2:])])):
            if tokens:
                side.append(Run("".join(tokens), tag != "equal"))
    return tuple(gone), tuple(added)
