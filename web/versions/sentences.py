"""Two texts beside each other by sentences: what was taken out, put in and changed, and in what changed the words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise

from aligner.languages import language_of
from aligner.model import Kind, Transcript, outermost
from aligner.typography.sentences import ends_sentence

_MOST_COMPARED = 10**8  # pairs of sentences: a tenth of a second; of longer texts the differing middle is one change
_MOST_PAIRED = 40_000  # pairs of sentences in one stretch whose likeness is asked
_ALIKE = 0.5  # of the letters of two sentences that are one sentence, changed
_LONGEST = 1_000  # characters of a sentence whose words are compared
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
    """A sentence before and after, None where it was not there; the runs are those of its text."""

    difference: Difference
    before: Sentence | None
    after: Sentence | None
    before_runs: tuple[Run, ...] = ()
    after_runs: tuple[Run, ...] = ()


def sentences_of(transcript: Transcript, language: str) -> list[Sentence]:
    """The sentences of a transcript; one ends with its paragraph."""
    captioning = language_of(language).captioning
    found: list[Sentence] = []
    for index, _ in outermost(transcript.segments):
        segment = transcript.segments[index]
        tokens = transcript.text[segment.char_start : segment.char_end].split()
        words: list[str] = []
        for token, following in pairwise([*tokens, ""]):
            words.append(token)
            if ends_sentence(token, following, captioning):
                found.append(Sentence(segment.kind, segment.speaker, " ".join(words)))
                words = []
    return found


def compared(before: Sequence[Sentence], after: Sequence[Sentence]) -> Iterator[Row]:
    """Yield the sentences of two texts in order, those that are the same beside each other."""
    from rapidfuzz.distance import Levenshtein

    same = next(
        (k for k, (a, b) in enumerate(zip(before, after, strict=False)) if a != b), min(len(before), len(after))
    )
    most = min(len(before), len(after)) - same
    left = next((k for k in range(most) if before[-1 - k] != after[-1 - k]), most)
    old, new = before[same : len(before) - left], after[same : len(after) - left]
    yield from map(_same, before[:same])
    if len(old) * len(new) > _MOST_COMPARED:
        yield from _stretch(old, new)
    else:
        for edit in Levenshtein.opcodes(old, new):
            gone, put_in = old[edit.src_start : edit.src_end], new[edit.dest_start : edit.dest_end]
            yield from map(_same, gone) if edit.tag == "equal" else _stretch(gone, put_in)
    yield from map(_same, before[len(before) - left :])


def _stretch(gone: Sequence[Sentence], put_in: Sequence[Sentence]) -> Iterator[Row]:
    """What became of sentences that gave way to others: those that are alike, in order, are one that was changed."""
    i = j = 0
    for a, b in (*_alike(gone, put_in), (len(gone), len(put_in))):
        yield from (Row(Difference.REMOVED, each, None, (Run(each.text, True),)) for each in gone[i:a])
        yield from (Row(Difference.ADDED, None, each, (), (Run(each.text, True),)) for each in put_in[j:b])
        if a < len(gone):
            yield _changed(gone[a], put_in[b])
        i, j = a + 1, b + 1


def _alike(gone: Sequence[Sentence], put_in: Sequence[Sentence]) -> Iterator[tuple[int, int]]:
    """Yield the pairs of sentences that are alike, in order of both: each goes with the one most like it of those that
    come after the last pair."""
    from rapidfuzz.distance import Indel
    from rapidfuzz.process import extractOne

    start, texts = 0, [each.text for each in put_in]
    if len(gone) * len(put_in) > _MOST_PAIRED:
        return
    for k, sentence in enumerate(gone):
        found = extractOne(sentence.text, texts[start:], scorer=Indel.normalized_similarity, score_cutoff=_ALIKE)
        if found:
            yield k, start + found[2]
            start += found[2] + 1


def _same(sentence: Sentence) -> Row:
    runs = (Run(sentence.text, False),)
    return Row(Difference.SAME, sentence, sentence, runs, runs)


def _changed(before: Sentence, after: Sentence) -> Row:
    from rapidfuzz.distance import Levenshtein

    if max(len(before.text), len(after.text)) > _LONGEST:
        runs = (Run(before.text, True),), (Run(after.text, True),)
        return Row(Difference.CHANGED, before, after, *runs)
    old, new = _TOKEN.findall(before.text), _TOKEN.findall(after.text)
    gone: list[Run] = []
    put_in: list[Run] = []
    for edit in Levenshtein.opcodes(old, new):
        for side, part in ((gone, old[edit.src_start : edit.src_end]), (put_in, new[edit.dest_start : edit.dest_end])):
            if part:
                side.append(Run("".join(part), edit.tag != "equal"))
    return Row(Difference.CHANGED, before, after, tuple(gone), tuple(put_in))
