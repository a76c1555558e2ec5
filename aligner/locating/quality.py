"""How far an alignment can be believed: confidence, coverage, the verdict; and speech missing from the text.

Conventions
-----------
- Confidence runs from 0 to 1, surer being higher: of words at 0.9 and over, 98 % start within 0.2 s of the truth.
  Coverage is the share of the transcript's speech words that were heard. What is said and the text lacks is measured
  against the words that have a time, so music that was taken for speech counts for neither.
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
"""Edited transcripts of good recordings lie above; a person need not look."""

POOR_COVERAGE = 0.40
"""Another episode's transcript lies far below."""

UNSURE = 0.6
"""Confidence below which a word is in doubt."""

_SURE_BETWEEN = 2  # words in a row that are sure end a run in doubt when there are more than these
_SHORTEST_DOUBT = 2.0  # seconds
_MUCH_LACKING = 0.25  # of what is said, as ads take in few episodes; the sample's takes 0.09, bench/dev's 0.04


@dataclass(frozen=True, slots=True)
class Judgement:
    """Timed words and segments, and what is to be thought of them."""

    words: tuple[TimedWord, ...]
    segments: tuple[TimedSegment, ...]
    untranscribed: tuple[Untranscribed, ...]
    coverage: float
    verdict: Verdict


def judge(transcript: Transcript, located: Located, audio: Audio) -> Judgement:
    """Turn placements into words with confidence, and judge the whole."""
    return judged(transcript, timed_words(transcript.words, located.placements), located.untranscribed, audio)


def judged(
    transcript: Transcript, words: tuple[TimedWord, ...], untranscribed: tuple[Untranscribed, ...], audio: Audio
) -> Judgement:
    """What comes of all words' times, and of what the text lacks."""
    coverage = coverage_of(transcript, words)
    verdict = _verdict(round(coverage, 4), _lacking(words, untranscribed, audio))
    return Judgement(words, timed_segments(transcript, words), untranscribed, coverage, verdict)


def timed_words(words: Sequence[Word], placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    """The words where they were placed; one that no millisecond was left to is not said."""
    lasting = (UNSPOKEN if each.span and not _lasts(each.span) else each for each in placements)
    return tuple(
        TimedWord(word, placement.span, placement.status, round(placement.confidence, 3), placement.pinned)
        for word, placement in zip(words, lasting, strict=True)
    )


def placement_of(word: TimedWord) -> Placement:
    """Return when a word is said, as a search tells it."""
    return Placement(word.span, word.status, word.confidence, word.pinned)


def _lasts(span: Span) -> bool:
    """Whether something is left of it where times are kept in milliseconds."""
    return span.end - span.start > 0.001 or round(span.start, 3) < round(span.end, 3)


def coverage_of(transcript: Transcript, words: Sequence[TimedWord]) -> float:
    """The share of the words of speech that were heard."""
    spoken = [w for w in words if transcript.segments[w.word.segment].kind is Kind.SPEECH]
    return sum(w.status.is_matched for w in spoken) / max(1, len(spoken))


def lacks_text(verdict: Verdict, coverage: float) -> bool:
    """Whether a verdict is no better for what the sound says and the text lacks, not for what of the text was heard."""
    return verdict is Verdict.REVIEW and round(coverage, 4) >= GOOD_COVERAGE


def _verdict(coverage: float, lacking: float) -> Verdict:
    if coverage < POOR_COVERAGE:
        return Verdict.POOR
    return Verdict.GOOD if coverage >= GOOD_COVERAGE and lacking < _MUCH_LACKING else Verdict.REVIEW


def _lacking(words: Sequence[TimedWord], untranscribed: Sequence[Untranscribed], audio: Audio) -> float:
    """The share of what is said that the transcript lacks, by time: of the words, and of the speech that is none of
    them."""
    speech = SpeechSpans(audio.speech)
    foreign = sum(total(speech.between(passage.start, passage.end)) for passage in untranscribed)
    return foreign / max(1.0, foreign + sum(word.span.duration for word in words if word.span))


def timed_segments(transcript: Transcript, words: Sequence[TimedWord]) -> tuple[TimedSegment, ...]:
    """Segments from their words' times; what is not speech and not said starts with the next word that is said."""
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
    """Return the runs of words in doubt that last two seconds or more, a sure word or two among them: which words they
    are, and when these are said."""
    found: list[tuple[range, Span]] = []
    for run in _runs_in_doubt(alignment):
        span = span_of(alignment, run)
        if span and span.duration >= _SHORTEST_DOUBT:
            found.append((run, span))
    return found


def span_of(alignment: Alignment, words: range) -> Span | None:
    """Return from where to where words are said; None where none is."""
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
_EDGE = 0.3  # seconds of speech that may hang over a word's end without being a passage

_MARGIN = 0.3  # seconds of breath and fade on either side of what was heard that belong to a passage
_JINGLE = 5.0  # seconds of music or silence in a passage, or between it and the words around, that belong to it
_LEAST_WORDS = 4  # fewer heard words than this in a passage are a stray or a restart

LEAST_LETTERS = 12  # heard in a passage, some three words
_LETTERS_A_SECOND = 4.0  # people say fifteen, and music that is taken for speech has few


def worded_passages(
    placements: Sequence[Placement], unclaimed: Sequence[RecognisedWord], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words that hold heard words of their own.

    ``unclaimed`` are the heard words in which no word of the transcript was found, in order of their middles.
    """
    middles = [(word.start + word.end) / 2 for word in unclaimed]
    found = []
    for gap, _ in _speech_between(placements, audio):
        for said in _in_a_row(unclaimed[bisect_left(middles, gap.start) : bisect_left(middles, gap.end)]):
            if len(said) >= _LEAST_WORDS:
                start, end = max(gap.start, said[0].start - _MARGIN), min(gap.end, said[-1].end + _MARGIN)
                found.append(Untranscribed(start, end, " ".join(word.text.strip() for word in said)))
    return tuple(found)


def lettered_passages(
    placements: Sequence[Placement], times: NDArray[np.floating], audio: Audio
) -> tuple[Untranscribed, ...]:
    """Stretches of speech between timed words in which letters were heard, at rising ``times``.

    They have no text yet: letters are no words.
    """
    found: list[Untranscribed] = []
    for gap, speech in _speech_between(placements, audio):
        spans = SpeechSpans(speech)
        letters = np.concatenate([times[slice(*np.searchsorted(times, [s.start, s.end]))] for s in speech])
        dense = (heard for heard in _dense_in(letters.tolist()) if _is_spoken(heard, spans))
        found += (Untranscribed(span.start, span.end, "") for span in _with_jingles(list(dense), gap))
    return tuple(found)


def _is_spoken(heard: Span, speech: SpeechSpans) -> bool:
    """Whether there is speech enough for a passage where letters were heard."""
    return total(speech.between(heard.start - _MARGIN, heard.end + _MARGIN)) >= _LEAST


def _in_a_row(words: Sequence[RecognisedWord]) -> Iterator[Sequence[RecognisedWord]]:
    """The words, parted where nothing is heard for long."""
    starts = [k for k in range(1, len(words)) if words[k].start - words[k - 1].end > _JINGLE]
    return (words[first:stop] for first, stop in pairwise([0, *starts, len(words)]) if first < stop)


def _dense_in(times: Sequence[float]) -> Iterator[Span]:
    """The stretches of rising ``times`` of letters that have the most letters beyond those of music, each of them
    letters enough; one ends where so few follow that it would lose more than a jingle costs.

    Zhang, Berman and Miller, "Alignments without low-scoring regions", J. Comput. Biol. 5 (1998).
    """
    gained = most = 0.0
    first = last = 0
    for k, (before, at) in enumerate(pairwise([0.0, *times, np.inf])):
        gained -= _LETTERS_A_SECOND * (at - before)
        if gained <= max(0.0, most - _LETTERS_A_SECOND * _JINGLE):
            if last + 1 - first >= LEAST_LETTERS:
                yield Span(times[first], times[last])
            gained = most = 0.0
            first = last = k
        gained += 1.0
        if gained > most:
            most, last = gained, k


def _with_jingles(heard: Sequence[Span], gap: Span) -> Iterator[Span]:
    """What was heard in a gap between two words, with its margins, and with short music or silence up to the words; of
    stretches beside each other none reaches into the next."""
    middles = [(one.end + other.start) / 2 for one, other in pairwise(heard)]
    first, last = gap.start + _MARGIN, gap.end - _MARGIN
    for one, low, high in zip(heard, [gap.start, *middles], [*middles, gap.end], strict=False):
        start, end = max(one.start, gap.start) - _MARGIN, min(one.end, gap.end) + _MARGIN
        if low == gap.start and start - first <= _JINGLE:
            start = min(start, first)
        if high == gap.end and last - end <= _JINGLE:
            end = max(end, last)
        yield Span(max(low, start), min(high, end))


def _speech_between(placements: Sequence[Placement], audio: Audio) -> Iterator[tuple[Span, list[Span]]]:
    """Each gap between timed words that holds speech enough for a passage, with that speech."""
    speech, free_from = SpeechSpans(audio.speech), 0.0
    timed = [placement.span for placement in placements if placement.span]
    for word in [*timed, Span(audio.duration, audio.duration)]:
        if word.start - free_from >= _LEAST:
            gap = Span(free_from, word.start)
            inside = [span for span in speech.between(gap.start, gap.end) if span.duration >= _EDGE]
            if total(inside) >= _LEAST:
                yield gap, inside
        free_from = max(free_from, word.end)
