"""From the episode's times to a clip's: where a cut may fall, and when words are said in what is left.

A word that was said and not printed leaves its mark on its neighbour: the aligner knows nothing of it, and stretches
the neighbour over it, or moves it away. A start is a letter that was heard, and is seldom wrong; an end is what was
left over.

Conventions
-----------
- Seconds of the episode until ``cut_out`` makes them the clip's. A *pause* is what lies between two spoken words, or
  between a word and speech that the transcript lacks; a cut falls into a pause and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from statistics import median

from aligner.model import Alignment, Span, Status, TimedSegment, TimedWord, Untranscribed
from aligner.normalization import letters_of, readings
from aligner.quotes.quote import Quote
from aligner.typography.tokens import CLOSERS

# Of 250 last words with something said after them, 30 end over 50 ms late; of those 15 last this much longer than their
# letters take, and 10 of the others.
_TOO_LONG = 0.05
# What is said after none but silence may be drawled, and is yet no longer than this.
_DRAWL, _DRAWLED = 2.5, 0.2
_AROUND = 300  # words on either side that tell how fast is spoken
_LETTER = 0.06  # seconds, where no word tells
_LEAST_LETTERS = 4
_FEW_LETTERS = 4  # are found in another word by chance


class QuoteEdges:
    """The first and the last word of a quote, each seen ``opening`` or not."""

    def __init__(self, alignment: Alignment, words: range) -> None:
        self._alignment = alignment
        self._around = alignment.words[max(0, words.start - _AROUND) : words.stop + _AROUND]
        self._said = [(timed, timed.span) for k in words if (timed := alignment.words[k]).span]

    def is_doubtful(self, opening: bool) -> bool:
        """Whether a word that sounds beside the quote without a gap may be in its clip."""
        word, span = self._said[0 if opening else -1]
        too_long = not opening and span.duration > self._natural(word) + _TOO_LONG
        return word.status is not Status.EXACT or too_long or self.is_longer_than_written(opening)

    def beyond_drawl(self, opening: bool) -> Span | None:
        """The outer part of the word, where it lasts longer than any drawl: what sounds there is another word."""
        word, span = self._said[0 if opening else -1]
        natural = self._natural(word)
        longest = max(_DRAWL * natural, natural + _DRAWLED)
        if span.duration <= longest:
            return None
        return Span(span.start, span.end - longest) if opening else Span(span.start + longest, span.end)

    def is_in_place(self, opening: bool) -> bool:
        """Whether the word is surely where it is timed: a few letters are also found in words that nobody printed."""
        word, _ = self._said[0 if opening else -1]
        return word.status is Status.EXACT and self._letters(word) > _FEW_LETTERS

    def is_longer_than_written(self, opening: bool) -> bool:
        """Whether the word ends the quote and is an abbreviation, which may be timed as it is written: ``etc.``"""
        text = self._said[0 if opening else -1][0].word.text.rstrip(CLOSERS)
        if opening or not text.endswith("."):
            return False
        ways = readings([text], self._alignment.language)[0]
        return max(map(len, ways)) > len(letters_of(text, self._alignment.language))

    def inner_pause(self, opening: bool) -> Span:
        """What lies between the word and its neighbour in the quote."""
        (_, one), (_, other) = (
            (self._said[:2] if opening else self._said[-2:]) if len(self._said) > 1 else self._said * 2
        )
        return Span(one.end, max(one.end, other.start))

    def _natural(self, timed: TimedWord) -> float:
        """The seconds that the word takes at the pace around, in the longest way to read it aloud."""
        ways = readings([timed.word.text], self._alignment.language)[0]
        return max(self._letters(timed), *map(len, ways)) * self._pace

    @cached_property
    def _pace(self) -> float:
        """Seconds that a letter takes around the quote."""
        return median([*self._paces()] or [_LETTER])

    def _paces(self) -> Iterator[float]:
        for timed in self._around:
            letters = self._letters(timed)
            if timed.span and timed.status is Status.EXACT and letters >= _LEAST_LETTERS:
                yield timed.span.duration / letters

    def _letters(self, timed: TimedWord) -> int:
        return max(1, len(letters_of(timed.word.text, self._alignment.language)))


# The room that a cut leaves at most between itself and the voice. A voice dies away, so that a clip may end later
# where the pause is long, and still leaves a quarter of it to what follows.
HANDLE, _TAIL, _TAIL_SHARE = 0.25, 0.4, 0.75
_LEAST = 0.001  # seconds; a word of which tightening left nothing still ends after its start


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spans of the episode that a clip is made of, in order, and where each of its moments is in the clip.

    A clip of one span is a plain cut; between two spans something of the episode was left out.
    """

    kept: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.kept:
            raise ValueError("a clip of nothing")

    @property
    def span(self) -> Span:
        """From where to where in the episode."""
        return Span(self.kept[0].start, self.kept[-1].end)

    @property
    def duration(self) -> float:
        """How long the clip is, in seconds."""
        return sum(span.duration for span in self.kept)

    def at(self, time: float) -> float:
        """The clip's time of an episode's time; what was left out is at the cut, what lies outside at an end."""
        passed = 0.0
        for span in self.kept:
            if time < span.end:
                return passed + max(0.0, time - span.start)
            passed += span.duration
        return passed


@dataclass(frozen=True, slots=True)
class Cut:
    """A quote with the clip's own times.

    ``alignment`` is the episode's, but of its words only those of the quote are spoken, and all its times are the
    clip's: captions of a clip are made of it as those of an episode are, with ``build_cues(alignment, rules,
    quote.words)``.
    """

    quote: Quote
    timeline: Timeline
    alignment: Alignment


def room_before(alignment: Alignment, target: float) -> Span:
    """Where a clip may begin that should begin at ``target``: up to ``HANDLE`` of the pause before it.

    Where ``target`` lies in a word, it is the end of a pause that is nearest.

    Examples
    --------
    Words end at 1.0 and start at 1.1: for a target of 1.1 it is 1.0 to 1.1; where the word before ends at 0.2, 0.85
    to 1.1.
    """
    pause = _nearest_pause(alignment, target)
    if pause.start > target:
        return Span(pause.start, min(pause.end, pause.start + HANDLE))
    high = min(target, pause.end)
    return Span(max(pause.start, high - HANDLE), high)


def room_after(alignment: Alignment, target: float) -> Span:
    """Where a clip may end that should end at ``target``: up to ``HANDLE`` of the pause after it, more of a long one.

    Examples
    --------
    The last word ends at 1.0; it is 1.0 to 1.2 where the next one starts at 1.2, 1.0 to 1.3 where at 1.4, 1.0 to 1.4
    where at 3.0.
    """
    pause = _nearest_pause(alignment, target)
    if pause.end < target:
        return Span(max(pause.start, pause.end - HANDLE), pause.end)
    low = max(target, pause.start)
    return Span(low, min(pause.end, low + max(HANDLE, min(_TAIL, _TAIL_SHARE * (pause.end - low)))))


def pauses_beside(alignment: Alignment, voice: Span) -> tuple[Span, Span]:
    """The pause before a voice, which ends with it, and the one after, which begins with it; either may be of no
    length."""
    before, after = _nearest_pause(alignment, voice.start), _nearest_pause(alignment, voice.end)
    return Span(min(before.start, voice.start), voice.start), Span(voice.end, max(after.end, voice.end))


def _nearest_pause(alignment: Alignment, target: float) -> Span:
    """The pause that holds ``target``, else the nearest one; a pause may be of no length."""
    return min(_pauses(alignment), key=lambda pause: max(pause.start - target, target - pause.end, 0.0))


def _pauses(alignment: Alignment) -> Iterator[Span]:
    """The pauses of the episode in order, those of no length between words that touch included."""
    spoken = [(word.span.start, word.span.end) for word in alignment.words if word.span]
    spoken += [(passage.start, passage.end) for passage in alignment.untranscribed]
    now = 0.0
    for start, end in sorted(spoken):
        yield Span(now, max(now, start))
        now = max(now, end)
    yield Span(now, max(now, alignment.audio.duration))


def cut_out(alignment: Alignment, quote: Quote, timeline: Timeline) -> Cut:
    """The quote with the times that its words, segments and untranscribed passages have in the clip."""
    words = tuple(
        _moved(word, timeline) if index in quote.words else _unspoken(word)
        for index, word in enumerate(alignment.words)
    )
    audio = replace(alignment.audio, duration=round(timeline.duration, 3))
    return Cut(
        quote,
        timeline,
        replace(
            alignment,
            audio=audio,
            words=words,
            segments=tuple(_moved_segment(segment, timeline) for segment in alignment.segments),
            untranscribed=tuple(_moved_passages(alignment.untranscribed, timeline)),
        ),
    )


def _moved(word: TimedWord, timeline: Timeline) -> TimedWord:
    if word.span is None:
        return word
    start, end = round(timeline.at(word.span.start), 3), round(timeline.at(word.span.end), 3)
    return replace(word, span=Span(start, max(end, round(start + _LEAST, 3))))


def _unspoken(word: TimedWord) -> TimedWord:
    return replace(word, span=None, status=Status.UNSPOKEN, confidence=0.0)


def _moved_segment(timed: TimedSegment, timeline: Timeline) -> TimedSegment:
    """A segment of which nothing is in the clip has no time in it."""
    whole = timeline.span
    if timed.start is None or timed.start >= whole.end or (timed.end or timed.start) < whole.start:
        return replace(timed, start=None, end=None)
    start = round(timeline.at(timed.start), 3)
    if timed.end is None:
        return replace(timed, start=start)
    return replace(timed, start=start, end=max(round(timeline.at(timed.end), 3), round(start + _LEAST, 3)))


def _moved_passages(passages: tuple[Untranscribed, ...], timeline: Timeline) -> list[Untranscribed]:
    moved = []
    for passage in passages:
        start, end = round(timeline.at(passage.start), 3), round(timeline.at(passage.end), 3)
        if end - start > _LEAST:
            moved.append(replace(passage, start=start, end=end))
    return moved
