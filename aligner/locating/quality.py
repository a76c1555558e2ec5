"""Judge an alignment: confidence, coverage and verdict; detect speech that is missing from the transcript.

Conventions
-----------
- Confidence is from 0 to 1: of words with 0.9 or more, 98 % start within 0.2 s of the true time. Coverage is the share
  of the transcript's speech words that were matched.
- The amount of speech missing from the transcript is compared with the words that have a time, not with all detected
  speech, because music may be mistaken for speech.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from aligner.model import (
    UNSPOKEN,
    Alignment,
    Audio,
    Kind,
    Located,
    Placement,
    RecognisedWord,
    Span,
    TimedSegment,
    TimedWord,
    Transcript,
    Untranscribed,
    Verdict,
    Word,
)
from aligner.spans import SpeechSpans, total

GOOD_COVERAGE = 0.85
"""Edited transcripts of good recordings have more; no review is needed."""

POOR_COVERAGE = 0.40
"""The transcript of another episode has far less."""

UNSURE = 0.6
"""The confidence below which a word is doubtful."""

_SURE_BETWEEN = 2  # a run of doubtful words may contain this many sure words in a row
_SHORTEST_DOUBT = 2.0  # seconds
_MUCH_MISSING = 0.25  # of the speech; few episodes have so many ads; the sample has 0.09, bench/dev 0.04


@dataclass(frozen=True, slots=True)
class Judgement:
    """The timed words and segments of an alignment, and its quality."""

    words: tuple[TimedWord, ...]
    segments: tuple[TimedSegment, ...]
    untranscribed: tuple[Untranscribed, ...]
    coverage: float
    verdict: Verdict


def judge(transcript: Transcript, located: Located, audio: Audio) -> Judgement:
    """Judge an alignment: return its words with the placements in ``located``, its segments and its quality."""
    return judged(transcript, timed_words(transcript.words, located.placements), located.untranscribed, audio)


def judged(
    transcript: Transcript, words: tuple[TimedWord, ...], untranscribed: tuple[Untranscribed, ...], audio: Audio
) -> Judgement:
    """Judge an alignment from its timed ``words``: return them, the segments with their times, and the quality."""
    coverage = coverage_of(transcript, words)
    verdict = _verdict(round(coverage, 4), _missing_share(words, untranscribed, audio))
    return Judgement(words, timed_segments(transcript, words), untranscribed, coverage, verdict)


def timed_words(words: Sequence[Word], placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    """Return the words with their placements. A word with a span shorter than a millisecond counts as not spoken."""
    lasting = (UNSPOKEN if each.span and not _lasts(each.span) else each for each in placements)
    return tuple(
        TimedWord(word, placement.span, placement.status, round(placement.confidence, 3), placement.pinned)
        for word, placement in zip(words, lasting, strict=True)
    )


def placement_of(word: TimedWord) -> Placement:
    return Placement(word.span, word.status, word.confidence, word.pinned)


def _lasts(span: Span) -> bool:
    return round(span.start, 3) < round(span.end, 3)


def coverage_of(transcript: Transcript, words: Sequence[TimedWord]) -> float:
    """Return the share of the transcript's speech words that were matched."""
    spoken = [w for w in words if transcript.segments[w.word.segment].kind is Kind.SPEECH]
    return sum(w.status.is_matched for w in spoken) / max(1, len(spoken))


def text_is_missing(verdict: Verdict, coverage: float) -> bool:
    """Return whether the verdict is "review" only because speech is missing from the transcript."""
    return verdict is Verdict.REVIEW and round(coverage, 4) >= GOOD_COVERAGE


def _verdict(coverage: float, missing: float) -> Verdict:
    if coverage < POOR_COVERAGE:
        return Verdict.POOR
    return Verdict.GOOD if coverage >= GOOD_COVERAGE and missing < _MUCH_MISSING else Verdict.REVIEW


def _missing_share(words: Sequence[TimedWord], untranscribed: Sequence[Untranscribed], audio: Audio) -> float:
    speech = SpeechSpans(audio.speech)
    missing = sum(total(speech.between(passage.start, passage.end)) for passage in untranscribed)
    return missing / max(1.0, missing + sum(word.span.duration for word in words if word.span))


def timed_segments(transcript: Transcript, words: Sequence[TimedWord]) -> tuple[TimedSegment, ...]:
    """Return the segments with the times and the mean confidence of their words. A segment without a spoken word has no
    time if it is speech; otherwise, as for a heading, it starts with the next spoken word."""
    members: dict[int, list[tuple[Span, float]]] = {}
    starts: list[tuple[int, float]] = []
    for word in words:
        if word.span:
            members.setdefault(word.word.segment, []).append((word.span, word.confidence))
            starts.append((word.word.char_start, word.span.start))
    timed = []
    for index, segment in enumerate(transcript.segments):
        said = members.get(index, [])
        chance = sum(confidence for _, confidence in said) / len(said) if said else 0.0
        start, end = (said[0][0].start, max(span.end for span, _ in said)) if said else (None, None)
        if not said and segment.kind is not Kind.SPEECH:
            following = bisect_left(starts, (segment.char_end,))
            start = starts[following][1] if following < len(starts) else None
        timed.append(TimedSegment(f"s{index}", segment, start, end, round(chance, 3)))
    return tuple(timed)


def doubtful_runs(alignment: Alignment) -> list[tuple[range, Span]]:
    """Return the word indices and the span of each passage in which words have low confidence. A passage may contain
    words of high confidence, at most two in a row, and lasts two seconds or more, except in an automatic transcript."""
    spans = ((run, span_of(alignment, run)) for run in _runs_in_doubt(alignment))
    least = 0.0 if alignment.machine_text else _SHORTEST_DOUBT
    return [(run, span) for run, span in spans if span and span.duration >= least]


def span_of(alignment: Alignment, words: range) -> Span | None:
    """Return the span from the first to the last spoken word of ``words``; None if none is spoken."""
    spans = [span for index in words if (span := alignment.words[index].span)]
    return Span(spans[0].start, max(span.end for span in spans)) if spans else None


def _runs_in_doubt(alignment: Alignment) -> Iterator[range]:
    run: list[int] = []
    sure = 0
    for index, word in enumerate(alignment.words):
        if word.span is None:
            continue
        if word.confidence < UNSURE:
            run.append(index)
            sure = 0
            continue
        sure += 1
        if run and sure > _SURE_BETWEEN:
            yield range(run[0], run[-1] + 1)
            run = []
    if run:
        yield range(run[0], run[-1] + 1)


_LEAST = 1.5  # seconds of speech; less between words is hesitation
_EDGE = 0.3  # seconds; a span of speech this short is only the end of a word

_MARGIN = 0.3  # seconds of breath and fade on either side of the recognised speech that belong to a passage
_JINGLE = 5.0  # seconds of music or silence within a passage, or between it and the words around, that belong to it
_LEAST_WORDS = 4  # recognised words in a passage; fewer are chance or a restart

_LEAST_LETTERS = 12  # decoded letters in a passage, some three words
_LETTERS_A_SECOND = 4.0  # speech has fifteen; music that is taken for speech has fewer


def passages_of_words(
    placements: Sequence[Placement], unclaimed: Sequence[RecognisedWord], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Return the passages between timed words that contain recognised words missing from the transcript.

    ``unclaimed`` holds the recognised words that match no word of the transcript, sorted by the middle of their spans.
    """
    middles = [(word.start + word.end) / 2 for word in unclaimed]
    found = []
    for gap, _ in _speech_between(placements, audio):
        for words in _in_a_row(unclaimed[bisect_left(middles, gap.start) : bisect_left(middles, gap.end)]):
            if len(words) >= _LEAST_WORDS:
                start, end = max(gap.start, words[0].start - _MARGIN), min(gap.end, words[-1].end + _MARGIN)
                found.append(Untranscribed(start, end, " ".join(word.text.strip() for word in words)))
    return tuple(found)


def passages_of_letters(
    placements: Sequence[Placement], times: NDArray[np.floating], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Return the passages of speech that are missing from the transcript: letters were decoded there, but no word was
    placed. ``times`` holds the start of each decoded letter in seconds. The passages have no text, since letters that
    were decoded without a language model are unreadable."""
    found: list[Untranscribed] = []
    for gap, speech in _speech_between(placements, audio):
        spans = SpeechSpans(speech)
        letters = np.concatenate([times[slice(*np.searchsorted(times, [s.start, s.end]))] for s in speech])
        dense = (span for span in _dense_in(letters.tolist()) if _is_spoken(span, spans))
        found += (Untranscribed(span.start, span.end, "") for span in _with_jingles(list(dense), gap))
    return tuple(found)


def _is_spoken(span: Span, speech: SpeechSpans) -> bool:
    return total(speech.between(span.start - _MARGIN, span.end + _MARGIN)) >= _LEAST


def _in_a_row(words: Sequence[RecognisedWord]) -> Iterator[Sequence[RecognisedWord]]:
    starts = [k for k in range(1, len(words)) if words[k].start - words[k - 1].end > _JINGLE]
    return (words[first:stop] for first, stop in pairwise([0, *starts, len(words)]) if first < stop)


def _dense_in(times: Sequence[float]) -> Iterator[Span]:
    """Yield the spans that have more letters than music would, and enough for a passage. ``times`` holds the start of
    each letter. A score rises by 1 with each letter and falls by ``_LETTERS_A_SECOND`` in each second. A span ends
    where its score was highest, once the score is 0 or has fallen by as much as in ``_JINGLE`` seconds without letters.
    See Zhang, Berman and Miller, "Alignments without low-scoring regions", J. Comput. Biol. 5 (1998)."""
    gained = most = 0.0
    first = last = 0
    for k, (before, at) in enumerate(pairwise([0.0, *times, np.inf])):
        gained -= _LETTERS_A_SECOND * (at - before)
        if gained <= max(0.0, most - _LETTERS_A_SECOND * _JINGLE):
            if last + 1 - first >= _LEAST_LETTERS:
                yield Span(times[first], times[last])
            gained = most = 0.0
            first = last = k
        gained += 1.0
        if gained > most:
            most, last = gained, k


def _with_jingles(spans: Sequence[Span], gap: Span) -> Iterator[Span]:
    """Yield a passage for each of the ``spans`` of letters in a gap between words. A passage extends a little beyond
    its span, and up to the neighbouring word if only short music or silence is in between. Passages do not overlap."""
    middles = [(one.end + other.start) / 2 for one, other in pairwise(spans)]
    first, last = gap.start + _MARGIN, gap.end - _MARGIN
    for one, low, high in zip(spans, [gap.start, *middles], [*middles, gap.end], strict=False):
        start, end = max(one.start, gap.start) - _MARGIN, min(one.end, gap.end) + _MARGIN
        if low == gap.start and start - first <= _JINGLE:
            start = min(start, first)
        if high == gap.end and last - end <= _JINGLE:
            end = max(end, last)
        yield Span(max(low, start), min(high, end))


def _speech_between(placements: Sequence[Placement], audio: Audio) -> Iterator[tuple[Span, list[Span]]]:
    """Yield each gap between timed words that has enough speech for a passage, and the gap's spans of speech."""
    speech, free_from = SpeechSpans(audio.speech), 0.0
    timed = [placement.span for placement in placements if placement.span]
    for word in [*timed, Span(audio.duration, audio.duration)]:
        if word.start - free_from >= _LEAST:
            gap = Span(free_from, word.start)
            inside = [span for span in speech.between(gap.start, gap.end) if span.duration >= _EDGE]
            if total(inside) >= _LEAST:
                yield gap, inside
        free_from = max(free_from, word.end)
