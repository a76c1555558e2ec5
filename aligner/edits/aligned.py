"""What a person changed, brought together with what aligning made of the same text meanwhile.

Aligning says anew when words are said, by a millisecond or more, and is nobody's word against another's: its times
stand, but for the words of which a person said when they are said, or said it no more.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import accumulate

from aligner.edits.edit import Edit, applied, difference, moves_of
from aligner.edits.merging import rebased
from aligner.errors import ConflictError
from aligner.locating.quality import timed_segments
from aligner.model import Alignment, Span, TimedWord, Untranscribed


def over_times(edit: Edit, before: Alignment, after: Alignment) -> Edit:
    """An edit of ``before``, as one of ``after``, which aligning made of it.

    Raises
    ------
    ConflictError
        Aligning took another text that changed the same, or leaves no room for what a person said.
    """
    try:
        return rebased(edit, difference(before, after), after)
    except ConflictError:
        if before.transcript.words != after.transcript.words:
            raise
    wanted = applied(before, edit)
    words, said = [*wanted.words], dict[int, TimedWord]()
    goes = moves_of(edit).words
    for k, aligned in enumerate(after.words):
        n, was = goes.item(k), before.words[k]
        if n is None or words[n].word.text != was.word.text:
            continue
        if words[n].pinned == was.pinned:
            words[n] = _at_the_time_of(words[n], aligned)
        else:
            said[n] = aligned
    moved = replace(
        before,
        words=after.words,
        segments=timed_segments(before.transcript, after.words),
        untranscribed=after.untranscribed,
    )
    fitted = tuple(_fitted(words, said))
    wanted = replace(
        wanted,
        words=fitted,
        segments=timed_segments(wanted.transcript, fitted),
        untranscribed=tuple(_lacking(before, wanted, after)),
    )
    return rebased(difference(moved, wanted), difference(moved, after), after)


def _at_the_time_of(word: TimedWord, aligned: TimedWord) -> TimedWord:
    return replace(word, span=aligned.span, status=aligned.status, confidence=aligned.confidence)


def _fitted(words: Sequence[TimedWord], said: Mapping[int, TimedWord]) -> list[TimedWord]:
    """The words, those that were ``said`` otherwise within the room that the others leave them; where they leave none,
    when aligning has them, unless a person has pinned them."""
    starts = (word.span.start if word.span and n not in said else float("inf") for n, word in enumerate(words))
    after = [*accumulate(reversed([*starts, float("inf")]), min)][::-1]
    fitted: list[TimedWord] = []
    end = 0.0
    for n, word in enumerate(words):
        if n in said and word.span:
            start, stop = max(word.span.start, end), min(word.span.end, after[n + 1])
            if start < stop:
                word = replace(word, span=Span(start, stop))
            elif not word.pinned:
                word = _at_the_time_of(word, said[n])
        fitted.append(word)
        end = word.span.end if word.span else end
    return fitted


def _lacking(before: Alignment, wanted: Alignment, after: Alignment) -> list[Untranscribed]:
    """The speech that the text lacks as aligning has it, without what lies where the edit takes some away, and with
    what it brings elsewhere."""
    gone = [each for each in before.untranscribed if each not in wanted.untranscribed]
    come = [each for each in wanted.untranscribed if each not in before.untranscribed]
    left = [each for each in after.untranscribed if not _meets_any(each, gone)]
    brought = [each for each in come if not _meets_any(each, left)]
    return sorted([*left, *brought], key=lambda each: each.start)


def _meets_any(passage: Untranscribed, others: Sequence[Untranscribed]) -> bool:
    return any(passage.start < other.end and other.start < passage.end for other in others)
