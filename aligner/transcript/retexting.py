"""A change of a transcript's text: paragraphs give way to others, which look like those around them.

The text is taken apart into paragraphs, each with what parts it from the one before and its label, and put together
again. A label is written as the text writes those of the same speaker, and where it is needed: a paragraph without one
goes on with the last speaker, so what now follows somebody else's words gets the label that it could do without.
"""

from __future__ import annotations

import re
import textwrap
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Annotated

from msgspec import Meta

from aligner.errors import TranscriptError
from aligner.model import Kind, Segment, Transcript, outermost
from aligner.transcript.marks import TIMES
from aligner.transcript.names import LONGEST_NAME, shortened
from aligner.transcript.structure import VOICE_CHANGE, Part, with_marks, words_of

BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")

_NAMELESS = "{}: "  # how a label is written where the text has none
_NAME = "{}"


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph, with what ``parts`` it from the one before, and the ``label`` or the dash that opens it.

    Places in its ``segments`` count from its start. One that is new has none yet; ``old`` is that whose place it took.
    """

    kind: Kind
    speaker: str | None
    text: str
    parts: str = ""
    label: str = ""
    segments: tuple[Segment, ...] = ()
    old: Turn | None = None

    @property
    def is_said(self) -> bool:
        """Return whether what comes after it without a label goes on with its speaker."""
        return self.kind is Kind.SPEECH or self.speaker is not None

    @property
    def names(self) -> bool:
        """Return whether its label names somebody."""
        return any(map(str.isalnum, self.label))


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """A text's habits: what ``parts`` paragraphs, the ``dash`` that opens a turn of nobody who is named, empty if none
    does; the ``usual`` label of each speaker, and how one of another is made; the ``width`` at which lines are broken,
    None where they are not."""

    parts: str
    dash: str
    usual: Mapping[str, str]
    made: str
    width: int | None

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> LabelStyle:
        said = [turn for turn in turns if turn.kind is Kind.SPEECH]
        named = [turn for turn in said if turn.names and turn.speaker and not TIMES.search(turn.label)]
        labels: dict[str, Counter[str]] = {}
        for turn in named:
            labels.setdefault(str(turn.speaker), Counter())[turn.label] += 1
        made = Counter(t.label.replace(str(t.speaker), _NAME, 1) for t in named if str(t.speaker) in t.label)
        dashes = Counter(turn.label for turn in said if turn.speaker is None and _is_dash(turn.label))
        broken = [turn.label + turn.text for turn in turns if BREAK.search(turn.text)]
        lines = [len(line) for each in broken for line in BREAK.split(each)]
        usual = {speaker: _likeliest(found) or "" for speaker, found in labels.items()}
        width = max(lines, default=None)
        return cls(_habit(turns, bool(lines)), _likeliest(dashes) or "", usual, _likeliest(made) or _NAMELESS, width)

    def label(self, speaker: str, old: Turn | None) -> str:
        """Return the label of a speaker, which replaces that of an ``old`` turn: a time in that stays."""
        if old and old.names and old.speaker and old.speaker in old.label and TIMES.search(old.label):
            return old.label.replace(old.speaker, speaker, 1)
        return self.usual.get(speaker) or self.made.replace(_NAME, speaker, 1)

    def wrapped(self, turn: Turn) -> Turn:
        """Return the turn with its lines broken as those of the text are."""
        before = "x" * len(BREAK.split(turn.label)[-1])
        if self.width is None or len(before + turn.text) <= self.width:
            return turn
        lines = textwrap.wrap(
            turn.text, self.width, initial_indent=before, break_long_words=False, break_on_hyphens=False
        )
        newline = BREAK.search(self.parts)
        return replace(turn, text=(newline.group() if newline else "\n").join(lines)[len(before) :])


def _habit(turns: Sequence[Turn], wrapped: bool) -> str:
    """Return what parts most paragraphs; a time that stands before one on its line parts none."""
    found = Counter(
        turn.parts
        for before, turn in pairwise(turns)
        if turn.parts.isspace() and (before.is_said or BREAK.search(turn.parts))
    )
    return _likeliest(found) or ("\n\n" if wrapped else "\n")


def _is_dash(label: str) -> bool:
    found = VOICE_CHANGE.match(f"{label}x")
    return found is not None and found.end() == len(label)


def _likeliest(found: Counter[str]) -> str | None:
    """Return the most frequent; of those as frequent the shortest, which has no more than it needs."""
    return max(found, key=lambda each: (found[each], -len(each)), default=None)


_BLANKS = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")  # controls, and what a file begins with
_HALVES = re.compile("[\ud800-\udfff]")
_LIKE_LABEL = re.compile(r"[^:：\n]{1,80}[:：](?:\s|$)")

ParagraphSpeaker = Annotated[str, Meta(max_length=1000)]
ParagraphText = Annotated[str, Meta(max_length=200_000)]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """What a person says that a paragraph is; ``text`` is without its label. Of a heading or a note nobody is the
    speaker."""

    kind: Kind
    speaker: ParagraphSpeaker | None
    text: ParagraphText


def retexted(transcript: Transcript, segments: range, paragraphs: Sequence[Paragraph]) -> Transcript:
    """Return the transcript in which ``segments``, indices of outermost ones and of what is in them, give way to
    ``paragraphs``, whose segments are pinned; an empty range puts them in before that index.

    Line breaks in a paragraph become spaces; one without a letter or a digit is none. Marks in brackets are found as a
    reader finds them. Where a speaker stood outside the text, as in captions, all get labels. Speech of nobody goes on
    with the last speaker, unless the text opens such speech with a dash. What the file is called,
    and the hash of its bytes, stay: they are for who writes it.

    Raises
    ------
    TranscriptError
        Nothing would be said in the text any more.
    ValueError
        There are no such segments.
    """
    outer = [*(index for index, _ in outermost(transcript.segments)), len(transcript.segments)]
    if segments.start not in outer or not segments.start <= segments.stop <= outer[-1]:
        raise ValueError(f"segments {segments.start} to {segments.stop} are no whole paragraphs")
    place = slice(bisect_left(outer, segments.start), bisect_left(outer, segments.stop))
    turns, tail = _taken_apart(transcript)
    style = LabelStyle.of(turns)
    new = [_turn(each) for each in map(_cleaned, paragraphs) if _has_letters(each.text)]
    return _put_together(transcript, [*_labelled(_parted(turns, place, new, style), style)], tail)


def _taken_apart(transcript: Transcript) -> tuple[list[Turn], str]:
    """Return the paragraphs, and what stands after the last."""
    text, turns, at = transcript.text, [], 0
    for index, inner in outermost(transcript.segments):
        segment = transcript.segments[index]
        parts, label = _parted_from_label(text[at : segment.char_start])
        held = tuple(
            _moved(each, -segment.char_start) for each in (segment, *map(transcript.segments.__getitem__, inner))
        )
        at = segment.char_end
        turns.append(Turn(segment.kind, segment.speaker, text[segment.char_start : at], parts, label, held))
    return turns, text[at:]


def _parted_from_label(gap: str) -> tuple[str, str]:
    """Return what stands between two paragraphs: lines of white space and signs, then the label."""
    starts = [0, *(found.end() for found in BREAK.finditer(gap))]
    lines = [gap[a:b] for a, b in zip(starts, [*starts[1:], len(gap)], strict=True)]
    named = next((start for start, line in zip(starts, lines, strict=True) if _has_letters(line)), starts[-1])
    named += len(gap[named:]) - len(gap[named:].lstrip())
    return gap[:named], gap[named:]


def _parted(turns: Sequence[Turn], place: slice, new: Sequence[Turn], style: LabelStyle) -> list[Turn]:
    """Return the paragraphs with the new ones among them: one that replaced another has that as its ``old``, and what
    parted it from the one before; others are parted as is the text's habit."""
    gone, after = turns[place], [*turns[place.stop :]]
    old = [*gone] if len(gone) == len(new) else gone[:1]
    made = [
        replace(turn, old=old[k], parts=old[k].parts) if k < len(old) else replace(turn, parts=style.parts)
        for k, turn in enumerate(new)
    ]
    if after and not made and (place.start == 0 or not BREAK.search(after[0].parts)):
        after[0] = replace(after[0], parts=(gone or after)[0].parts)  # the text's beginning, or a time on its line
    elif after and made and not gone and place.start == 0:
        made[0], after[0] = replace(made[0], parts=after[0].parts), replace(after[0], parts=style.parts)
    elif after and len(old) < len(made) and not BREAK.search(after[0].parts):
        after[0] = replace(after[0], parts=style.parts)
    return [*turns[: place.start], *made, *after]


def _labelled(turns: Sequence[Turn], style: LabelStyle) -> Iterator[Turn]:
    """Yield the paragraphs with the labels that they need."""
    speaker: str | None = None
    for turn in turns:
        if not turn.segments:
            turn = _going_on(turn, speaker, style)
            yield style.wrapped(replace(turn, label=_new_label(turn, speaker, style)))
        else:
            yield replace(turn, label=_kept_label(turn, speaker, style))
        if turn.is_said:
            speaker = turn.speaker


def _going_on(turn: Turn, speaker: str | None, style: LabelStyle) -> Turn:
    """Return a new paragraph after one of ``speaker``, who goes on in it if the text names nobody."""
    was_nobodys = turn.old is not None and turn.old.kind is turn.kind and turn.old.speaker is None
    if turn.kind is not Kind.SPEECH or turn.speaker or turn.label or style.dash or was_nobodys:
        return turn
    return replace(turn, speaker=speaker)


def _kept_label(turn: Turn, speaker: str | None, style: LabelStyle) -> str:
    """Return the label of a paragraph that stays, after one of ``speaker``."""
    needs_name = turn.kind is Kind.SPEECH and turn.speaker not in (None, speaker) and not turn.names
    return style.label(turn.speaker, turn) if needs_name and turn.speaker and _has_letters(turn.speaker) else turn.label


def _new_label(turn: Turn, speaker: str | None, style: LabelStyle) -> str:
    """Return the label of a paragraph that is new, after one of ``speaker``."""
    if turn.label:
        return turn.label
    old = turn.old if turn.old and turn.old.kind is turn.kind else None
    is_same = old is not None and old.speaker == turn.speaker
    if turn.speaker is None:
        if old and is_same:
            return old.label
        return style.dash if turn.kind is Kind.SPEECH and speaker is not None else ""
    goes_on = turn.speaker == speaker and not _LIKE_LABEL.match(turn.text)
    if old and is_same and (old.names or goes_on):
        return old.label
    return "" if goes_on and not (old and old.names) else style.label(turn.speaker, old)


def _put_together(transcript: Transcript, turns: Sequence[Turn], tail: str) -> Transcript:
    starts, pieces, at = [], [], 0
    for turn in turns:
        pieces.append(turn.parts + turn.label + turn.text)
        at += len(pieces[-1])
        starts.append(at - len(turn.text))
    text = "".join(pieces) + tail
    segments = tuple(_segments(text, turns, starts))
    words = words_of(text, segments)
    if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
        raise TranscriptError("nothing would be said in the transcript any more; a paragraph of speech was expected")
    return replace(transcript, text=text, segments=segments, words=words)


def _segments(text: str, turns: Sequence[Turn], starts: Sequence[int]) -> Iterator[Segment]:
    superscripts = "¹" in text
    for turn, start in zip(turns, starts, strict=True):
        if not turn.segments:
            part = Part(turn.kind, turn.speaker, start, start + len(turn.text))
            yield from (replace(segment, pinned=True) for segment in with_marks(text, part, superscripts))
        else:
            yield from (_moved(segment, start) for segment in turn.segments)


def _moved(segment: Segment, by: int) -> Segment:
    return replace(segment, char_start=segment.char_start + by, char_end=segment.char_end + by)


def _turn(paragraph: Paragraph) -> Turn:
    """Return the paragraph as one that is new; a dash with which somebody opens it is no word of it."""
    kind, speaker, text = paragraph.kind, paragraph.speaker, paragraph.text
    dash = VOICE_CHANGE.match(text) if kind is Kind.SPEECH and speaker is None else None
    return Turn(kind, speaker, text[dash.end() :], label=dash.group()) if dash else Turn(kind, speaker, text)


def _cleaned(paragraph: Paragraph) -> Paragraph:
    """Return the paragraph on one line, without what no text has."""
    text, speaker = _line(paragraph.text), _line(paragraph.speaker or "")
    named = paragraph.kind in (Kind.SPEECH, Kind.STAGE) and _has_letters(speaker)
    return Paragraph(paragraph.kind, shortened(speaker, LONGEST_NAME) if named else None, text)


def _line(text: str) -> str:
    return _NO_TEXT.sub("", _BLANKS.sub(" ", _HALVES.sub("\ufffd", text))).strip()


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))
