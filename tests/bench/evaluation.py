"""How far an alignment is from the truth.

Conventions
-----------
- Seconds. A transcript word is known by its characters, ``[char_start, char_end)``, and is compared with the word of
  the alignment whose range shares the most characters with its own.
- A quantile ``q`` of ``n`` errors is the one at index ``floor(q n)`` in order of size.
- A figure over nothing (no word spoken, no ad) is None.

Metrics
-------
- Errors of starts and ends are over the words that are spoken and were given a time; the shares within a limit, beyond
  it, and missed are of all spoken words, judged on the start. The end of a word that runs on into the next is judged
  against the next word's start (``judged_ends``).
- ``unspoken_f1``: of unspoken words of the transcript (headings, footnote marks, cut paragraphs).
- ``untranscribed_recall`` and ``_precision``: in seconds of untranscribed speech.
- ``honesty``: of words more than ``WRONG`` off, the share not called exact with a confidence of at least ``SURE``.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from pathlib import Path

from aligner.model import Span, Status, TimedWord, Untranscribed

WRONG, SURE = 0.5, 0.5
_RUN_ON = 0.1  # seconds; a longer space between two words is a pause


@dataclass(frozen=True, slots=True)
class TrueWord:
    """A word of the transcript and its true time; ``span`` is None for an unspoken word."""

    char_start: int
    char_end: int
    span: Span | None


@dataclass(frozen=True, slots=True)
class Truth:
    """The truth of an episode: its words in order, and its untranscribed speech."""

    words: tuple[TrueWord, ...]
    extra: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Evidence:
    """The counts of the comparison of one or several episodes."""

    start_errors: tuple[float, ...] = ()  # found minus true
    end_errors: tuple[float, ...] = ()
    missed: int = 0
    unspoken_right: int = 0  # rightly called unspoken; wrongly so are the missed
    unspoken_timed: int = 0
    wrong: int = 0
    wrong_admitted: int = 0
    extra_seconds: float = 0.0
    listed_seconds: float = 0.0
    both_seconds: float = 0.0

    def __add__(self, other: Evidence) -> Evidence:
        return Evidence(*(getattr(self, name) + getattr(other, name) for name in self.__slots__))


@dataclass(frozen=True, slots=True)
class Score:
    """The figures that the evidence amounts to."""

    spoken: int
    start_mean: float | None
    start_median: float | None
    start_p95: float | None
    start_bias: float | None
    end_median: float | None
    within_100_ms: float | None
    within_200_ms: float | None
    beyond_1_s: float | None
    missed: float | None
    unspoken_f1: float | None
    untranscribed_recall: float | None
    untranscribed_precision: float | None
    honesty: float | None


def read_truth(path: Path) -> Truth:
    """Read a ``truth.json``; tokens without a letter or digit are no words.

    Raises OSError, ValueError, KeyError if the file cannot be read, is no JSON, or lacks a field.
    """
    truth = json.loads(path.read_text(encoding="utf-8"))
    words = [
        TrueWord(
            word["char_start"],
            word["char_end"],
            None if word["start"] is None or word["end"] is None else Span(word["start"], word["end"]),
        )
        for word in truth["words"]
        if re.search(r"\w", word["text"])
    ]
    return Truth(tuple(words), tuple(Span(span["start"], span["end"]) for span in truth.get("extra", [])))


def compare(words: Sequence[TimedWord], untranscribed: Iterable[Untranscribed], truth: Truth) -> Evidence:
    """Count how an alignment's words and untranscribed spans differ from the truth."""
    listed = [Span(span.start, span.end) for span in untranscribed]
    evidence = Evidence(
        extra_seconds=sum(span.duration for span in truth.extra),
        listed_seconds=sum(span.duration for span in listed),
        both_seconds=sum(max(0.0, min(a.end, b.end) - max(a.start, b.start)) for a in truth.extra for b in listed),
    )
    pairs = zip(paired(words, truth.words), judged_ends([word.span for word in truth.words]), strict=True)
    starts, ends = [], []
    missed = right = timed = wrong = admitted = 0
    for (true, found), true_end in pairs:
        span = found.span if found else None
        if true.span is None:
            right, timed = right + (span is None), timed + (span is not None)
        elif found is None or span is None or true_end is None:
            missed += 1
        else:
            starts.append(span.start - true.span.start)
            ends.append(span.end - true_end)
            off = abs(starts[-1]) > WRONG
            wrong += off
            admitted += off and not (found.status is Status.EXACT and found.confidence >= SURE)
    return evidence + Evidence(tuple(starts), tuple(ends), missed, right, timed, wrong, admitted)


def judged_ends(spans: Sequence[Span | None]) -> list[float | None]:
    """Return the end of each spoken word, or the start of the next one if the space between them is at most 100 ms.

    A synthesiser's truth leaves about 50 ms between connected words; speech has no such space.
    """
    ends: list[float | None] = []
    following = inf
    for span in reversed(spans):
        if span is None:
            ends.append(None)
            continue
        runs_on = 0 <= round(following - span.end, 3) <= _RUN_ON
        ends.append(following if runs_on else span.end)
        following = span.start
    return ends[::-1]


def summarise(evidence: Evidence) -> Score:
    """The figures of one episode, or of several whose evidence was added up."""
    errors = sorted(map(abs, evidence.start_errors))
    spoken = len(errors) + evidence.missed
    right = evidence.unspoken_right
    return Score(
        spoken=spoken,
        start_mean=_ratio(sum(errors), len(errors)),
        start_median=_quantile(errors, 0.5),
        start_p95=_quantile(errors, 0.95),
        start_bias=_quantile(sorted(evidence.start_errors), 0.5),
        end_median=_quantile(sorted(map(abs, evidence.end_errors)), 0.5),
        within_100_ms=_ratio(sum(error <= 0.1 for error in errors), spoken),
        within_200_ms=_ratio(sum(error <= 0.2 for error in errors), spoken),
        beyond_1_s=_ratio(sum(error > 1 for error in errors), spoken),
        missed=_ratio(evidence.missed, spoken),
        unspoken_f1=_ratio(2 * right, 2 * right + evidence.missed + evidence.unspoken_timed),
        untranscribed_recall=_ratio(evidence.both_seconds, evidence.extra_seconds),
        untranscribed_precision=_ratio(evidence.both_seconds, evidence.listed_seconds if evidence.extra_seconds else 0),
        honesty=_ratio(evidence.wrong_admitted, evidence.wrong),
    )


def paired(found: Sequence[TimedWord], true: Iterable[TrueWord]) -> list[tuple[TrueWord, TimedWord | None]]:
    """Each true word with the found word that shares the most characters with it, the first of equals."""
    begins = [timed.word.char_start for timed in found]
    pairs = []
    for word in true:
        best, most = None, 0
        for timed in found[max(0, bisect_right(begins, word.char_start) - 1) :]:
            if timed.word.char_start >= word.char_end:
                break
            shared = min(timed.word.char_end, word.char_end) - max(timed.word.char_start, word.char_start)
            if shared > most:
                best, most = timed, shared
        pairs.append((word, best))
    return pairs


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _quantile(ordered: Sequence[float], q: float) -> float | None:
    return ordered[min(len(ordered) - 1, int(q * len(ordered)))] if ordered else None
