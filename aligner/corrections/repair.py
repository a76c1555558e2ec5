"""What a correction does to the words around it: they give way, and are searched again as far as that changes anything.

Words that reach into what a person set end or begin beside it; those that lie within it share the room up to the next
word, which makes room for them if there is little, and so on. Then the search goes outward from the corrected words,
between the pins beside them: more and more words on either side, until at both ends what is found now is what was found
before. So a corrected word takes the passage with it that was wrong for the same reason, and nothing else moves. A word
that this search does not find keeps a place beside what was set, if there is room for one.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import accumulate, pairwise, takewhile
from math import inf

from aligner.attempts import find_untranscribed, locate
from aligner.locating.pinned import (
    TimedLetters,
    is_same,
    locate_between,
    located_outside,
    merge_placements,
    silenced,
    silent_spans,
)
from aligner.locating.quality import coverage_of, judged, placement_of, timed_segments, timed_words
from aligner.model import (
    UNSPOKEN,
    Alignment,
    Audio,
    Pin,
    PinKind,
    Placement,
    Recognition,
    Span,
    Status,
    TimedWord,
    Untranscribed,
)
from aligner.pins import Region, passages_of, regions, rooms_between, walls_among

LEAST = 0.02
"""Seconds that a word lasts, and that are left of one that is cut: a frame of the recognition."""

_SHARED = 0.06  # seconds that each word has at least which shares room with others
_LETTER = 0.065  # seconds that a word lasts for each of its letters, where nothing better is known
_AROUND = 30  # words on either side that are searched at first; each time that is not enough, twice as many
_MEETING, _MET = 6, 5  # words at either end of what was searched, of which so many are where they were
_BESIDE = 0.05  # seconds by which words may overlap, and do not contradict each other


@dataclass(frozen=True, slots=True)
class RecognisedAudio:
    """An episode's audio, and what the recogniser that its alignment names made of it."""

    audio: Audio
    recognition: Recognition


def repaired(
    alignment: Alignment,
    pins: Sequence[Pin],
    touched: range,
    heard: RecognisedAudio | None,
    sought: set[int] | None = None,
) -> Alignment:
    """Return the alignment with these ``pins``, in order of their words; the words around those ``touched`` are
    searched again.

    Those ``sought``, by default all that were touched, are then where they were found; all others only if they are
    better heard there. Without what was ``heard`` nothing is searched. Raises ValueError if the pins contradict each
    other.
    """
    if heard is None:
        return _only_set(alignment, touched, pins)
    regions(pins, Region(range(len(alignment.words)), Span(0.0, inf)))
    search = partial(locate, language=alignment.language)
    silent = silent_spans(alignment.annotations, pins)
    spoken = RecognisedAudio(*silenced(heard.audio, heard.recognition, silent))
    limits = _between_pins(pins, touched, len(alignment.words))
    first, stop = _contradicted(alignment, [pin for pin in pins if pin.words.start in touched], touched)
    first, stop = max(first, limits.start), min(stop, limits.stop)
    around = _AROUND
    while True:
        words = range(max(limits.start, first - around), min(limits.stop, stop + around))
        region = Region(words, _sound_left(alignment, words, pins))
        between = partial(locate_between, alignment.transcript, pins=pins, locate=search, whole=region)
        found = located_outside(between, heard.audio, heard.recognition, silent)
        pairs = list(zip(alignment.words[words.start : words.stop], found.placements, strict=True))
        before = _meeting(pairs[: first - words.start][::-1], words.start == limits.start)
        after = _meeting(pairs[stop - words.start :], words.stop == limits.stop)
        if before is not None and after is not None:
            break
        around *= 2
    part = range(first - before, stop + after)
    taken = found.placements[part.start - words.start : part.stop - words.start]
    own = {*(touched if sought is None else sought), *_beside_passages(alignment, pins, part)}
    made = _with_part(alignment.words, part, _taken(alignment, part, taken, spoken, own))
    made = keeping_places(alignment.words, made, touched, pins, alignment.audio.duration)
    new = [placement_of(word) for word in made[words.start : words.stop]]
    now = judged_again(alignment, made, _passages(alignment, new, region.span, heard), heard.audio)
    return replace(now, pinned_passages=passages_of(pins))


def _only_set(alignment: Alignment, words: range, pins: Sequence[Pin]) -> Alignment:
    """Return the alignment with the words as the pins have them, and nothing searched."""
    placed = {k: replace(placement_of(alignment.words[k]), pinned=False) for k in words}
    set_now = [pin for pin in pins if words.start <= pin.words.start and pin.words.stop <= words.stop]
    set_now.sort(key=lambda pin: pin.kind is not PinKind.PASSAGE)
    for pin in set_now:
        for word in pin.words:
            if pin.kind is PinKind.PASSAGE and pin.span:
                placed[word] = _clipped(placed[word], pin.span.start, pin.span.end)
            else:
                placed[word] = Placement(pin.span, Status.EXACT if pin.span else Status.UNSPOKEN, 1.0, pinned=True)
    start = min((pin.span.start for pin in set_now if pin.span), default=inf)
    end = max((pin.span.end for pin in set_now if pin.span), default=-inf)
    for k, timed in enumerate(alignment.words):
        if k not in words and timed.span and not timed.pinned:
            before, after = (-inf, start) if k < words.start else (end, inf)
            if timed.span.start < before or timed.span.end > after:
                placed[k] = _clipped(placement_of(timed), before, after)
    made = list(alignment.words)
    timed_again = timed_words([alignment.words[k].word for k in placed], list(placed.values()))
    for k, timed in zip(placed, timed_again, strict=True):
        made[k] = timed
    new = with_words(alignment, keeping_places(alignment.words, made, words, pins, alignment.audio.duration), None)
    return replace(new, pinned_passages=passages_of(pins))


def _clipped(placement: Placement, start: float, end: float) -> Placement:
    """Return the placement as far as it lies between two times."""
    if placement.span is None or start <= placement.span.start < placement.span.end <= end:
        return placement
    start, end = max(placement.span.start, start), min(placement.span.end, end)
    return replace(placement, span=Span(start, end)) if start < end else UNSPOKEN


def with_words(alignment: Alignment, words: tuple[TimedWord, ...], heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with other times of its words, and what these come to, as far as that is known without what
    was heard."""
    if heard:
        return judged_again(alignment, words, alignment.untranscribed, heard.audio)
    segments, coverage = timed_segments(alignment.transcript, words), coverage_of(alignment.transcript, words)
    return replace(alignment, words=words, segments=segments, coverage=round(coverage, 4))


def judged_again(
    alignment: Alignment, words: tuple[TimedWord, ...], passages: Iterable[Untranscribed], audio: Audio
) -> Alignment:
    """Return the alignment with other times of words and untranscribed passages, and what these come to."""
    rounded = (replace(each, start=round(each.start, 3), end=round(each.end, 3)) for each in passages)
    found = judged(alignment.transcript, words, tuple(rounded), audio)
    return replace(
        alignment,
        coverage=round(found.coverage, 4),
        verdict=found.verdict,
        segments=found.segments,
        words=found.words,
        untranscribed=found.untranscribed,
    )


def _taken(
    alignment: Alignment, part: range, found: Sequence[Placement], heard: RecognisedAudio, sought: Collection[int]
) -> list[Placement]:
    """Return the placements of a part of the words, with what is taken of those that were ``found`` for them."""
    words = alignment.words[part.start : part.stop]
    before, after = _neighbours(alignment, part)
    start = before.start if before else 0.0
    room = Span(start, max(start, after.start if after else alignment.audio.duration))
    said = [each.span for each in [*map(placement_of, words), *found] if each.span]
    sound = Span(min((s.start for s in said), default=0.0), max((s.end for s in said), default=0.0))
    letters = TimedLetters.of(heard.recognition, sound)
    return merge_placements(words, found, {word - part.start for word in sought}, room, letters, alignment.language)


def _with_part(words: tuple[TimedWord, ...], part: range, placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    """Return the words with those of a part placed again; one that is where it was stays the same."""
    own = words[part.start : part.stop]
    made = timed_words([timed.word for timed in own], list(map(_in_milliseconds, placements)))
    new = (old if placement_of(old) == at else one for old, one, at in zip(own, made, placements, strict=True))
    return (*words[: part.start], *new, *words[part.stop :])


def _in_milliseconds(placement: Placement) -> Placement:
    """Return the placement with the times that are stored; a person's are as they set them."""
    span = placement.span
    if span is None or placement.pinned:
        return placement
    return replace(placement, span=Span(round(span.start, 3), round(span.end, 3)))


def _between_pins(pins: Sequence[Pin], touched: range, words: int) -> range:
    """Return the words between the pins on either side of those touched."""
    placed = [pin.words for pin in pins if pin.span]
    first = max((each.stop for each in placed if each.stop <= touched.start), default=0)
    return range(first, min((each.start for each in placed if each.start >= touched.stop), default=words))


def _contradicted(alignment: Alignment, pins: Sequence[Pin], touched: range) -> tuple[int, int]:
    """Return the first and the end of the words touched, and of those whose times contradict the pins on them."""
    first, stop = touched.start, touched.stop
    starts: dict[int, float] = {}
    ends: dict[int, float] = {}
    for pin in pins:
        if pin.span:
            starts[pin.words.start] = min(pin.span.start, starts.get(pin.words.start, inf))
            end = max(pin.span.start, pin.span.end - _BESIDE)
            ends[pin.words.stop] = max(end, ends.get(pin.words.stop, -inf))
    earliest, latest = inf, -inf  # at which a word may begin: before what is pinned after it, after what is before it
    for k in reversed(range(max(starts, default=0))):
        earliest = min(earliest, starts.get(k + 1, inf))
        if (span := alignment.words[k].span) and (span.start > earliest or span.end > earliest + _BESIDE):
            first = min(first, k)
    for k in range(min(ends, default=len(alignment.words)), len(alignment.words)):
        latest = max(latest, ends.get(k, -inf))
        if (span := alignment.words[k].span) and span.start < latest:
            stop = max(stop, k + 1)
    return first, stop


def _sound_left(alignment: Alignment, words: range, pins: Sequence[Pin]) -> Span:
    """Return the audio between the words on either side of ``words``, with all that pins leave to these."""
    before, after = _neighbours(alignment, words)
    start = before.end if before else 0.0
    end = max(start, after.start if after else alignment.audio.duration)
    walls = [time for _, time in walls_among(pins, words)]
    return Span(min([start, *walls]), max([end, *walls]))


def _neighbours(alignment: Alignment, words: range) -> tuple[Span | None, Span | None]:
    """Return when the nearest words before and after ``words`` are said."""
    before = next((w.span for w in reversed(alignment.words[: words.start]) if w.span), None)
    return before, next((w.span for w in alignment.words[words.stop :] if w.span), None)


def _beside_passages(alignment: Alignment, pins: Sequence[Pin], part: range) -> Iterator[int]:
    """Yield the words of a part that begin where a passage leaves them no room."""
    passages = passages_of(pins)
    if not passages:
        return
    rooms = rooms_between(passages, Region(range(len(alignment.words)), Span(0.0, inf)))
    for k in part:
        span = alignment.words[k].span
        if span and not rooms[k].start <= span.start <= rooms[k].end:
            yield k


def _meeting(pairs: Sequence[tuple[TimedWord, Placement]], is_all: bool) -> int | None:
    """Return the number of words after which the next ones are where they were; None if they never are, and more words
    can be searched."""
    said = [(k, is_same(*pair)) for k, pair in enumerate(pairs) if pair[0].span or pair[1].span]
    for at, (k, same) in enumerate(said):
        if same and sum(one for _, one in said[at : at + _MEETING]) >= _MET:
            return k
    return len(pairs) if is_all else None


def _passages(
    alignment: Alignment, placements: Sequence[Placement], span: Span, heard: RecognisedAudio
) -> Iterator[Untranscribed]:
    """Yield the untranscribed passages: as they were outside a span, and between its words, which are now at
    ``placements``."""
    yield from (each for each in alignment.untranscribed if each.end <= span.start)
    known = [each for each in alignment.untranscribed if each.end > span.start and each.start < span.end]
    for each in find_untranscribed(placements, heard.audio, heard.recognition, span):
        yield each if each.text else replace(each, text=_text_in(each, known))
    yield from (each for each in alignment.untranscribed if each.start >= span.end)


def _text_in(passage: Untranscribed, known: Sequence[Untranscribed]) -> str:
    """Return what was recognised before in a passage: the text of passages that lie in it for the most part."""
    shared = ((each, min(each.end, passage.end) - max(each.start, passage.start)) for each in known)
    return " ".join(each.text for each, seconds in shared if each.text and 2 * seconds > each.end - each.start)


def beside_pinned(words: Sequence[TimedWord], own: range, span: Span, duration: float) -> tuple[TimedWord, ...]:
    """Return the words of audio of that duration, of which those of ``own`` are set to be said in ``span``, with those
    around them beside it."""
    made = list(words)
    _give_way(made, reversed(range(own.start)), Span(-span.end, -span.start), 0.0, -1)
    _give_way(made, range(own.stop, len(made)), span, duration, 1)
    return tuple(made)


def keeping_places(
    before: Sequence[TimedWord], words: Sequence[TimedWord], own: range, pins: Sequence[Pin], duration: float
) -> tuple[TimedWord, ...]:
    """Return the words, of which the pins say when those of ``own`` are said, with a place beside these for those that
    were said ``before`` and are nowhere since. After them, if there is little room, the words that follow make some;
    before them there is what is free."""
    said = [pin.span for pin in pins if pin.kind is PinKind.WORD and pin.span and pin.words.start in own]
    if not said:
        return tuple(words)
    made = list(words)
    lost = {k for k, old in enumerate(before) if old.span and not made[k].span and not made[k].pinned}
    _put_beside(made, reversed(range(own.start)), {k for k in lost if k < own.start}, -said[0].start, 0.0, -1)
    end = max(each.end for each in said)
    _put_beside(made, range(own.stop, len(made)), {k for k in lost if k >= own.stop}, end, duration, 1)
    return tuple(made)


def _put_beside(
    words: list[TimedWord], outward: Iterable[int], lost: Collection[int], edge: float, last: float, sign: int
) -> None:
    """Place those that are lost, from the edge on, each between the words that are said around it."""
    run: list[int] = []
    reach = edge
    for k in outward:
        if k in lost:
            run.append(k)
        if words[k].span is None:
            continue
        near, far = _seen(words[k], sign)
        if run and sign > 0 and near - edge < _SHARED * len(run) and not words[k].pinned:
            run.append(k)
            reach = far
            continue
        _share_out(words, run, edge, min(near, _reach(words, run, edge, reach)), sign)
        run, edge, reach = [], far, far
        if not any((each - k) * sign > 0 for each in lost):
            return
    _share_out(words, run, edge, min(last, _reach(words, run, edge, reach)), sign)


def _reach(words: Sequence[TimedWord], run: Sequence[int], edge: float, reach: float) -> float:
    """Return where a run of words ends that starts at the edge and lasts as usual, or as some of them ``reach``."""
    return max(reach, edge + sum(usual_length(words[k]) for k in run))


def _give_way(words: list[TimedWord], outward: Iterable[int], span: Span, last: float, sign: int) -> None:
    """Have the words on one side, from the next one on, begin where the span ends and end by ``last``; on the other
    side time runs backwards, its ``sign`` is -1."""
    said = [k for k in outward if words[k].span]
    count = max((at + 1 for at, k in enumerate(said) if _seen(words[k], sign)[0] < span.end), default=0)
    if any(_seen(words[k], sign)[1] <= span.start for k in said[:count]):
        return
    inside = [*takewhile(lambda k: not words[k].pinned, said[:count])]
    following = said[len(inside)] if len(inside) < len(said) else None
    if following is not None and len(inside) < count:
        _cut(words, following, span.end, sign)  # what a person set begins where they said, but may end earlier
    if not inside or (len(inside) == 1 and _cut(words, inside[0], span.end, sign)):
        return
    latest = min(last, span.end + sum(usual_length(words[k]) for k in inside))
    for k in said[len(inside) :]:
        near, far = _seen(words[k], sign)
        latest = min(latest, near)
        if latest - span.end >= _SHARED * len(inside) or words[k].pinned:
            break
        inside, latest = [*inside, k], far
    _share_out(words, inside, span.end, latest, sign)


def _seen(timed: TimedWord, sign: int) -> tuple[float, float]:
    """Return where a word begins and ends, as time runs."""
    assert timed.span
    return (timed.span.start, timed.span.end) if sign > 0 else (-timed.span.end, -timed.span.start)


def _cut(words: list[TimedWord], k: int, edge: float, sign: int) -> bool:
    """Have a word begin at the edge, if something of it is left then."""
    far = _seen(words[k], sign)[1]
    if far - edge < LEAST:
        return False
    words[k] = replace(words[k], span=_span(edge, far, sign))
    return True


def _share_out(words: list[TimedWord], run: Sequence[int], edge: float, latest: float, sign: int) -> None:
    """Place a run of words, from the edge on, by their letters; if there is little room, those farthest from it."""
    fitting = max(0, min(len(run), int((latest - edge) / _SHARED + 1e-6)))
    nowhere, placed = run[: len(run) - fitting], run[len(run) - fitting :]
    lengths = [usual_length(words[k]) for k in placed]
    ends = [edge + (latest - edge) * share / sum(lengths) for share in accumulate(lengths)]
    places = [Placement(_span(near, far, sign), Status.INTERPOLATED, 0.0) for near, far in pairwise([edge, *ends])]
    for k, there in zip([*nowhere, *placed], [*[UNSPOKEN] * len(nowhere), *places], strict=True):
        words[k] = replace(words[k], span=there.span, status=there.status, confidence=there.confidence)


def _span(near: float, far: float, sign: int) -> Span:
    start, end = sorted((round(sign * near, 3), round(sign * far, 3)))
    return Span(start, end)


def usual_length(timed: TimedWord) -> float:
    """Return how long a word lasts of which no more is known than its letters."""
    return _LETTER * max(1, len(timed.word.text))
