"""What two people made of the same, as each is told of it: whole paragraphs, or words and when they are said."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import chain

from aligner.model import Alignment, Kind, TimedWord, outermost


def both_versions(base: Alignment, ours: Alignment, theirs: Alignment) -> tuple[str, str] | None:
    """What became of the paragraphs of ``base`` that two have changed, in ``ours`` and in ``theirs``: how they read, or
    nothing where they are gone; where only times are others, of which words. None where there are no such paragraphs.
    """
    old, mine, other = map(_paragraphs, (base, ours, theirs))
    for alike in (_written, _said):  # what is said at another time is told where nothing is written otherwise
        one, two = (_changes(old, side, alike) for side in (mine, other))
        if clashes := list(_clashes(one, two)):
            sides = [[clash.of(changes, side) for clash in clashes] for changes, side in ((one, mine), (two, other))]
            before = [old[clash.start : clash.stop] for clash in clashes]
            told = ["\n".join(filter(None, map(_told, before, side))) for side in sides]
            if told[0] == told[1]:
                told = ["\n".join(map(_named, chain.from_iterable(side))) for side in sides]
            return told[0], told[1]
    return None


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """An outermost segment, with the words in it and in what lies within it."""

    kind: Kind
    speaker: str | None
    text: str
    words: tuple[TimedWord, ...]


def _paragraphs(alignment: Alignment) -> list[_Paragraph]:
    transcript, at = alignment.transcript, 0
    found = []
    for index, _ in outermost(transcript.segments):
        segment, first = transcript.segments[index], at
        while at < len(alignment.words) and alignment.words[at].word.char_start < segment.char_end:
            at += 1
        text = transcript.text[segment.char_start : segment.char_end]
        found.append(_Paragraph(segment.kind, segment.speaker, text, alignment.words[first:at]))
    return found


def _written(paragraph: _Paragraph) -> Hashable:
    return paragraph.kind, paragraph.speaker, paragraph.text


def _said(paragraph: _Paragraph) -> Hashable:
    return _written(paragraph), tuple(map(_time, paragraph.words))


def _time(timed: TimedWord) -> Hashable:
    return timed.span, timed.status, timed.pinned


@dataclass(frozen=True, slots=True)
class _Change:
    """Paragraphs from ``start`` to before ``stop`` that became ``made`` more of them, or fewer."""

    start: int
    stop: int
    made: int


def _changes(
    old: Sequence[_Paragraph], new: Sequence[_Paragraph], alike: Callable[[_Paragraph], Hashable]
) -> list[_Change]:
    from rapidfuzz.distance import Levenshtein

    edits = Levenshtein.opcodes(list(map(alike, old)), list(map(alike, new)))
    return [
        _Change(e.src_start, e.src_end, e.dest_end - e.dest_start - (e.src_end - e.src_start))
        for e in edits
        if e.tag != "equal"
    ]


@dataclass(slots=True)
class _Clash:
    """Paragraphs that both changed, from ``start`` to before ``stop``, with the ``changes`` of both."""

    start: int
    stop: int
    changes: list[_Change] = field(default_factory=list)

    def of(self, changes: Sequence[_Change], side: Sequence[_Paragraph]) -> Sequence[_Paragraph]:
        """What became of them on one side, by its changes."""
        own = [each for each in changes if self.start <= each.start and each.stop <= self.stop]
        start = self.start + sum(each.made for each in changes if each.stop <= self.start and each not in own)
        return side[start : start + self.stop - self.start + sum(each.made for each in own)]


def _clashes(one: Sequence[_Change], two: Sequence[_Change]) -> Iterator[_Clash]:
    """The changes of both that touch each other, together."""
    joined: list[_Clash] = []
    for change in sorted([*one, *two], key=lambda each: (each.start, each.stop)):
        if not joined or change.start > joined[-1].stop:
            joined.append(_Clash(change.start, change.stop))
        joined[-1].stop = max(joined[-1].stop, change.stop)
        joined[-1].changes.append(change)
    for each in joined:
        if any(c in one for c in each.changes) and any(c in two for c in each.changes):
            yield each


def _told(before: Sequence[_Paragraph], after: Sequence[_Paragraph]) -> str:
    """Paragraphs as they read now; where that is as before, the words that are said at another time."""
    if [each.text for each in before] != [each.text for each in after]:
        return "\n".join(each.text for each in after)
    if list(map(_written, before)) != list(map(_written, after)):
        return "\n".join(map(_named, after))
    words = [word for each in after for word in each.words]
    olds = (word for each in before for word in each.words)
    return " ".join(word_and_time(new) for old, new in zip(olds, words, strict=True) if _time(old) != _time(new))


def _named(paragraph: _Paragraph) -> str:
    return f"{paragraph.speaker}: {paragraph.text}" if paragraph.speaker else paragraph.text


def word_and_time(timed: TimedWord) -> str:
    """A word as a person would know it again, and when it is said."""
    text, span = timed.word.text, timed.span
    return f"{text} ({span.start:.3f}–{span.end:.3f})" if span else text
