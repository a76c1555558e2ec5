"""Compare two versions of a transcript: list the sentences that differ, with context, and mark the changed words."""

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
from web.library.incoming import call_for_field
from web.versions.listing import change_to

_SIMILAR = 0.5  # share of common characters from which two sentences count as one that was changed
_TOKEN = re.compile(r"\s+|\S+")


class Difference(StrEnum):
    """How a sentence of one version of a transcript differs from the other version."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence, with the kind and the speaker of the sentence's paragraph."""

    kind: Kind
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive words of a sentence: either all differ from the other version (``differs``), or all are the same."""

    text: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a comparison: a sentence in the version ``before`` (None if added) and the version ``after`` (None if
    removed). If they differ, ``before_runs`` and ``after_runs`` divide them into runs of equal or different words."""

    difference: Difference
    before: Sentence | None
    after: Sentence | None
    before_runs: tuple[Run, ...] = ()
    after_runs: tuple[Run, ...] = ()


@dataclass(frozen=True, slots=True)
class Part:
    """Consecutive rows to show, after ``left_out`` identical sentences that are not shown. If the two versions end with
    identical sentences that are not shown, the last part has no rows."""

    left_out: int
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    """The differences between two texts, and the numbers of added, removed and changed sentences."""

    parts: tuple[Part, ...]
    added: int
    removed: int
    changed: int

    @property
    def is_same(self) -> bool:
        return not (self.added or self.removed or self.changed)


def compare(episode: Episode, before: Path, after: Path) -> Comparison:
    """Return the differences between two versions of the episode's transcript, in the files ``before`` and ``after``.

    Raises Unusable if a file is not a transcript or is too long, Busy if the server has too much work."""
    return call_for_field("transcript", _compare, episode.alignment, episode.details.language, before, after)


def transcript_of(path: Path, alignment: Path | None) -> Transcript:
    """Return the transcript in a file. The kinds and speakers of paragraphs come from the history of ``alignment`` if a
    change there produced this text, else from the file."""
    file = open_transcript(path)
    try:
        if alignment and (change := change_to(alignment, file.sha256)):
            return as_of(open_history(alignment), change.id).alignment.transcript
    except (AlignmentError, HistoryError, OutputError, ValueError):
        pass  # the structure in the file is good enough
    return file.understood()


def _compare(alignment: Path | None, language: str | None, before: Path, after: Path) -> Comparison:
    texts = [transcript_of(path, alignment) for path in (before, after)]
    language = language or guess_language(texts[1]) or ""
    parts = tuple(differences(*(sentences_of(text, language) for text in texts)))
    counts = Counter(row.difference for part in parts for row in part.rows)
    return Comparison(parts, counts[Difference.ADDED], counts[Difference.REMOVED], counts[Difference.CHANGED])


def sentences_of(transcript: Transcript, language: str) -> list[Sentence]:
    """Return the sentences of a transcript; the end of a paragraph also ends a sentence."""
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


def differences(before: Sequence[Sentence], after: Sequence[Sentence]) -> Iterator[Part]:
    """Yield groups of sentences that differ, each with one sentence of context before and after."""
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
    """Yield rows for the removed sentences ``gone`` and the ``added`` sentences. Two similar sentences share a row."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extractOne

    texts = [each.text for each in added]
    for sentence in gone:
        start = len(added) - len(texts)
        found = extractOne(sentence.text, texts, scorer=Indel.normalized_similarity, score_cutoff=_SIMILAR)
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
    old, new = _TOKEN.findall(before), _TOKEN.findall(after)
    gone: list[Run] = []
    added: list[Run] = []
    for tag, *edges in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        for side, tokens in ((gone, old[slice(*edges[:2])]), (added, new[slice(*edges[2:])])):
            if tokens:
                side.append(Run("".join(tokens), tag != "equal"))
    return tuple(gone), tuple(added)
