"""From anchors to a time for every word: anchored words where they were heard, the others inside the speech between.

Conventions
-----------
Seconds. A *run* is a maximal stretch of speech words without an anchor; its *room* is the speech between the end of
the anchored word before it and the start of the one after. A run gets times only where the room can hold it, and no
word of it lies across a pause.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from aligner.locating.words.anchoring import Anchor, Anchors, seconds_per_letter
from aligner.model import UNSPOKEN, Audio, Kind, Placement, Span, Status, Transcript
from aligner.spans import Room, Speech, total


@dataclass(frozen=True, slots=True)
class TimingOptions:
    """How to place what was not heard; the rates are of fluent speech in European languages."""

    least_room: float = 0.35  # a run with less speech than this share of its natural length was not said ...
    squeezed: float = 0.40  # ... unless it is as short as this (seconds): little words vanish between others
    loose_room: float = 1.6  # with more room than this many natural lengths, words stay beside their neighbours
    long_run: float = 2.0  # a run of this natural length (seconds) that was heard as something else was not said
    other_speech: float = 0.5  # letters heard in its room, per letter of a run, that speak for "something else"
    alike: float = 0.6  # share of letters in common order above which it is the run after all, misheard
    pause: float = 0.15  # a pause this long inside a heard word cuts it
    least_word: float = 0.02  # seconds; ends come after starts


@dataclass(frozen=True, slots=True)
class _Run:
    """Words without an anchor, and the anchored words around them, all as indices into ``Transcript.words``."""

    words: tuple[int, ...]
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class _Scene:
    """All that placing a run looks at; ``found`` are the anchors with silences cut off, ``letter`` the pace."""

    transcript: Transcript
    anchors: Anchors
    found: Sequence[Anchor | None]
    speech: Speech
    duration: float
    letter: float


_CUT_DOUBT = 0.5  # what is left of an ear's probability for a word that had a pause inside it
_LONGEST_COMPARED = 5_000  # letters, some six minutes of speech
_MISHEARD, _IN_ROOM, _BESIDE, _SQUEEZED = 0.45, 0.4, 0.3, 0.25  # evidence for the ways of placing a run


def place(
    transcript: Transcript, anchors: Anchors, audio: Audio, options: TimingOptions | None = None
) -> tuple[Placement, ...]:
    """Give every word its time, or say that it is not spoken. Starts never decrease; ends come after starts."""
    options = options or TimingOptions()
    speech = Speech(audio.speech)
    pace = seconds_per_letter(anchors)
    found = [
        anchor and _without_pause(anchor, letters, speech, (pace, options))
        for anchor, letters in zip(anchors.found, anchors.spelled, strict=True)
    ]
    scene = _Scene(transcript, anchors, found, speech, audio.duration, pace)
    placed = [_anchored(anchor) if anchor else UNSPOKEN for anchor in found]
    for run in _runs(transcript, anchors):
        for word, placement in _place_run(run, scene, options):
            placed[word] = placement
    return tuple(_in_order(placed, audio.duration, options))


def _anchored(anchor: Anchor) -> Placement:
    status = Status.EXACT if anchor.exact else Status.FUZZY
    return Placement(Span(anchor.start, anchor.end), status, anchor.share * anchor.probability)


def _without_pause(anchor: Anchor, letters: str, speech: Speech, scale: tuple[float, TimingOptions]) -> Anchor:
    """Cut the pause off a heard word: recognisers let words begin in the pause before or last into the next.

    What sounds before an inner pause is the tail of the word before, if enough for the word sounds after it; then the
    ear is believed less.
    """
    pace, options = scale
    spans = speech.between(anchor.start, anchor.end)
    if not spans or anchor.end - anchor.start - total(spans) < options.pause:
        return anchor
    enough = spans[-1].duration >= options.least_room * len(letters) * pace
    kept = spans[-1] if enough else max(spans, key=lambda span: span.duration)
    doubt = _CUT_DOUBT if len(spans) > 1 else 1.0
    return replace(anchor, start=kept.start, end=kept.end, probability=anchor.probability * doubt)


def _runs(transcript: Transcript, anchors: Anchors) -> Iterable[_Run]:
    """Maximal runs of speech words without an anchor; words of other kinds neither break a run nor join it."""
    words: list[int] = []
    before: int | None = None
    for k, (word, anchor) in enumerate(zip(transcript.words, anchors.found, strict=True)):
        if anchor:
            if words:
                yield _Run(tuple(words), before, k)
            words, before = [], k
        elif transcript.segments[word.segment].kind is Kind.SPEECH:
            words.append(k)
    if words:
        yield _Run(tuple(words), before, None)


def _place_run(run: _Run, scene: _Scene, options: TimingOptions) -> list[tuple[int, Placement]]:
    """Times for the words of ``run`` that are said: pairs of word index and placement, none if it is unspoken."""
    left = None if run.before is None else scene.found[run.before]
    right = None if run.after is None else scene.found[run.after]
    if left is None and right is None:
        return []
    room = scene.speech.between(left.end if left else 0.0, right.start if right else scene.duration)
    letters = "".join(scene.anchors.spelled[k] for k in run.words)
    heard = scene.anchors.heard
    first, stop = left.hyp_end if left else 0, right.hyp_start if right else len(heard.letters)
    needed, available = sum(_length(k, scene) for k in run.words), total(room)

    much_heard = stop > first and stop - first >= options.other_speech * len(letters)
    if needed >= options.long_run and much_heard and _alike(letters, heard.letters[first:stop]) < options.alike:
        return []
    if available < options.least_room * needed:
        return _squeeze(run, scene, left, right) if needed <= options.squeezed else []
    if much_heard and stop - first <= options.loose_room * len(letters):
        misheard = scene.speech.between(float(heard.starts[first]), float(heard.ends[stop - 1]))
        return _spread(run.words, scene, misheard or room, _MISHEARD)
    if available <= options.loose_room * needed:
        return _spread(run.words, scene, room, _IN_ROOM)
    return _beside_neighbours(run, scene, room)


def _alike(letters: str, heard: str) -> float:
    """The share of letters that two strings have in common order, of the longer one; none of very long ones, which
    would have been matched."""
    from rapidfuzz.distance import LCSseq

    if max(len(letters), len(heard)) > _LONGEST_COMPARED:
        return 0.0
    return float(LCSseq.normalized_similarity(letters, heard))


def _squeeze(run: _Run, scene: _Scene, left: Anchor | None, right: Anchor | None) -> list[tuple[int, Placement]]:
    """Little words for which the ear left no room take the end of the word before, or the start of the next."""
    needed = sum(_length(k, scene) for k in run.words)
    if left:
        taken = min(needed, (left.end - left.start) / 2)
        return _spread(run.words, scene, [Span(left.end - taken, left.end)], _SQUEEZED)
    if right:
        taken = min(needed, (right.end - right.start) / 2)
        return _spread(run.words, scene, [Span(right.start, right.start + taken)], _SQUEEZED)
    return []


def _beside_neighbours(run: _Run, scene: _Scene, room: list[Span]) -> list[tuple[int, Placement]]:
    """In more room than it needs, a run follows the word before at its natural pace, if it shares that one's paragraph;
    the rest of it leads up to the word after."""
    words = scene.transcript.words
    paragraph = None if run.before is None else words[run.before].segment
    cut = len(run.words) if run.after is None else sum(words[k].segment == paragraph for k in run.words)
    following, leading = run.words[:cut], run.words[cut:]
    taken = sum(_length(k, scene) for k in following)
    kept = sum(_length(k, scene) for k in leading)
    stretch = Room(room)
    return [
        *_spread(following, scene, stretch.part(0.0, taken), _BESIDE),
        *_spread(leading, scene, stretch.part(stretch.size - kept, stretch.size), _BESIDE),
    ]


def _length(word: int, scene: _Scene) -> float:
    """The natural length of a word, in seconds; one without letters counts as one letter."""
    return max(1, len(scene.anchors.spelled[word])) * scene.letter


def _spread(words: Sequence[int], scene: _Scene, room: list[Span], evidence: float) -> list[tuple[int, Placement]]:
    """Share ``room`` out by the words' lengths."""
    if not words:
        return []
    places = Room(room).spread([_length(k, scene) for k in words])
    return [(k, Placement(place, Status.INTERPOLATED, evidence)) for k, place in zip(words, places, strict=True)]


def _in_order(placed: Sequence[Placement], duration: float, options: TimingOptions) -> Iterable[Placement]:
    """Make starts never decrease, ends come after starts, and no word last into the next where both have room."""
    latest, starts = max(0.0, duration - options.least_word), []
    previous = 0.0
    for placement in placed:
        if placement.span:
            previous = min(max(placement.span.start, previous), latest)
            starts.append(previous)
    following = iter([*starts[1:], duration])
    ordered = iter(starts)
    for placement in placed:
        if placement.span is None:
            yield placement
            continue
        start = next(ordered)
        end = max(min(placement.span.end, next(following)), start + options.least_word)
        yield replace(placement, span=Span(start, end))
