"""Replace paragraphs in a transcript's text. New paragraphs are formatted like those around them.

The text is split into paragraphs, each with its label and the white space before it, and joined again. A new label is
written as the text usually writes that speaker's label. A paragraph without a label belongs to the previous speaker; if
an edit changes the previous speaker, the paragraph is given a label.
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
from aligner.transcript.structure import VOICE_CHANGE, Part, segments_with_marks, words_of

BREAK = re.compile(r"\r\n|[\n\r\v\f\x85\u2028\u2029]")
_NAME = "{}"  # placeholder for the speaker
_BLANKS = re.compile(r"[ \t\r\n\f\v\x1c-\x1f\x85\u2028\u2029]+")
_NO_TEXT = re.compile("[\x00-\x1f\x7f-\x9f\ufeff\ufffe\uffff]")  # controls and byte-order marks
_SURROGATES = re.compile("[\ud800-\udfff]")
_LIKE_LABEL = re.compile(r"[^:：\n]{1,80}[:：](?:\s|$)")

ParagraphSpeaker = Annotated[str, Meta(max_length=1000)]
ParagraphText = Annotated[str, Meta(max_length=200_000)]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as edited by a person; ``text`` excludes the speaker's label. Headings and notes have no speaker."""

    kind: Kind
    speaker: ParagraphSpeaker | None
    text: ParagraphText


@dataclass(frozen=True, slots=True)
class Turn:
    """A paragraph, with the ``gap`` (white space) before it, and the ``label`` or dash that opens it.

    The offsets in ``segments`` count from the paragraph's start. A new paragraph has no segments yet; ``old`` is the
    paragraph that it replaces.
    """

    kind: Kind
    speaker: str | None
    text: str
    gap: str = ""
    label: str = ""
    segments: tuple[Segment, ...] = ()
    old: Turn | None = None

    @property
    def continues(self) -> bool:
        """Whether the next paragraph, if unlabelled, has the same speaker: true if this is speech or has a speaker."""
        return self.kind is Kind.SPEECH or self.speaker is not None

    @property
    def has_name(self) -> bool:
        """Whether the label has a letter or digit and so names a speaker, unlike a dash."""
        return _has_letters(self.label)


@dataclass(frozen=True, slots=True)
class LabelStyle:
    """The way in which a text formats its paragraphs.

    ``gap`` is the usual white space between paragraphs. ``dash`` opens the turn of an unnamed speaker, or is "".
    ``usual`` maps speakers to their labels; ``pattern`` is the label of any other speaker, with a placeholder for the
    name. ``width`` is the number of characters at which lines are wrapped, None if they are not.
    """

    gap: str
    dash: str
    usual: Mapping[str, str]
    pattern: str
    width: int | None

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> LabelStyle:
        """Return the style of a text with these paragraphs."""
        said = [turn for turn in turns if turn.kind is Kind.SPEECH]
        named = [turn for turn in said if turn.has_name and turn.speaker and not TIMES.search(turn.label)]
        labels: dict[str, Counter[str]] = {}
        for turn in named:
            labels.setdefault(str(turn.speaker), Counter())[turn.label] += 1
        patterns = Counter(t.label.replace(str(t.speaker), _NAME, 1) for t in named if str(t.speaker) in t.label)
        dashes = Counter(turn.label for turn in said if turn.speaker is None and _is_dash(turn.label))
        broken = [turn.label + turn.text for turn in turns if BREAK.search(turn.text)]
        width = max((len(line) for each in broken for line in BREAK.split(each)), default=None)
        # A gap without a line break, after a time on the same line, does not count.
        gaps = Counter(b.gap for a, b in pairwise(turns) if b.gap.isspace() and (a.continues or BREAK.search(b.gap)))
        return cls(
            gap=_most_frequent(gaps, "\n\n" if broken else "\n"),
            dash=_most_frequent(dashes, ""),
            usual={speaker: _most_frequent(found, "") for speaker, found in labels.items()},
            pattern=_most_frequent(patterns, f"{_NAME}: "),
            width=width,
        )

    def label(self, speaker: str, old: Turn | None) -> str:
        """Return the label for ``speaker``. A time in the label of the replaced paragraph ``old`` is kept."""
        if old and old.has_name and old.speaker and old.speaker in old.label and TIMES.search(old.label):
            return old.label.replace(old.speaker, speaker, 1)
        return self.usual.get(speaker) or self.pattern.replace(_NAME, speaker, 1)

    def wrapped(self, turn: Turn) -> Turn:
        """Return the paragraph with its lines wrapped at ``width`` characters, if the text is wrapped."""
        indent = "x" * len(BREAK.split(turn.label)[-1])
        if self.width is None or len(indent + turn.text) <= self.width:
            return turn
        lines = textwrap.wrap(
            turn.text, self.width, initial_indent=indent, break_long_words=False, break_on_hyphens=False
        )
        newline = BREAK.search(self.gap)
        return replace(turn, text=(newline.group() if newline else "\n").join(lines)[len(indent) :])


def _is_dash(label: str) -> bool:
    found = VOICE_CHANGE.match(f"{label}x")
    return found is not None and found.end() == len(label)


def _most_frequent(found: Counter[str], default: str) -> str:
    return max(found, key=lambda each: (found[each], -len(each)), default=default)


def retexted(transcript: Transcript, segments: range, paragraphs: Sequence[Paragraph]) -> Transcript:
    """Return the transcript with ``paragraphs`` in place of ``segments``, a range of indices of whole paragraphs.

    If the range is empty, the paragraphs are inserted before its start. The new segments are pinned (marked as
    corrected by a person). Line breaks in a paragraph become spaces; a paragraph without a letter or digit is omitted.
    If speakers were named outside the text, as in captions, each change of speaker gets a label. Speech without a
    speaker belongs to the previous speaker, unless the text opens such speech with a dash. The caller updates the
    file's name and hash.

    Raises TranscriptError if no speech would be left, ValueError if ``segments`` are not whole paragraphs.
    """
    outer = [*(index for index, _ in outermost(transcript.segments)), len(transcript.segments)]
    if segments.start not in outer or not segments.start <= segments.stop <= outer[-1]:
        raise ValueError(f"segments {segments.start} to {segments.stop} are no whole paragraphs")
    replaced = slice(bisect_left(outer, segments.start), bisect_left(outer, segments.stop))
    turns, tail = _split(transcript)
    style = LabelStyle.of(turns)
    new = [turn for turn in map(_new_turn, paragraphs) if _has_letters(turn.text)]
    return _join(transcript, [*_labelled(_replaced(turns, replaced, new, style), style)], tail)


def _split(transcript: Transcript) -> tuple[list[Turn], str]:
    text, turns, at = transcript.text, [], 0
    for index, inner in outermost(transcript.segments):
        segment = transcript.segments[index]
        gap, label = _gap_and_label(text[at : segment.char_start])
        nested = map(transcript.segments.__getitem__, inner)
        moved = tuple(_moved(each, -segment.char_start) for each in (segment, *nested))
        at = segment.char_end
        turns.append(Turn(segment.kind, segment.speaker, text[segment.char_start : at], gap, label, moved))
    return turns, text[at:]


def _gap_and_label(between: str) -> tuple[str, str]:
    """Split the text between two paragraphs into white space and the label of the second paragraph. The label begins on
    the first line with a letter or digit."""
    starts = [0, *(found.end() for found in BREAK.finditer(between))]
    lines = [between[a:b] for a, b in zip(starts, [*starts[1:], len(between)], strict=True)]
    label = next((start for start, line in zip(starts, lines, strict=True) if _has_letters(line)), starts[-1])
    label += len(between[label:]) - len(between[label:].lstrip())
    return between[:label], between[label:]


def _replaced(turns: Sequence[Turn], place: slice, new: Sequence[Turn], style: LabelStyle) -> list[Turn]:
    removed, after = turns[place], [*turns[place.stop :]]
    old = [*removed] if len(removed) == len(new) else removed[:1]
    inserted = [
        replace(turn, old=old[k], gap=old[k].gap) if k < len(old) else replace(turn, gap=style.gap)
        for k, turn in enumerate(new)
    ]
    if after and not inserted and (place.start == 0 or not BREAK.search(after[0].gap)):
        after[0] = replace(after[0], gap=(removed or after)[0].gap)  # at the text's beginning, or after a time
    elif after and inserted and not removed and place.start == 0:
        inserted[0], after[0] = replace(inserted[0], gap=after[0].gap), replace(after[0], gap=style.gap)
    elif after and len(old) < len(inserted) and not BREAK.search(after[0].gap):
        after[0] = replace(after[0], gap=style.gap)
    return [*turns[: place.start], *inserted, *after]


def _labelled(turns: Sequence[Turn], style: LabelStyle) -> Iterator[Turn]:
    speaker: str | None = None
    for each in turns:
        turn = _with_label(each, speaker, style)
        yield turn
        if turn.continues:
            speaker = turn.speaker


def _with_label(turn: Turn, previous: str | None, style: LabelStyle) -> Turn:
    """Add the label of a paragraph: usually "" if the paragraph before has the same speaker (``previous``)."""
    if turn.segments:
        is_unclear = turn.kind is Kind.SPEECH and turn.speaker != previous and not turn.has_name
        is_named = turn.speaker is not None and _has_letters(turn.speaker)
        return replace(turn, label=style.label(str(turn.speaker), turn)) if is_unclear and is_named else turn
    old = turn.old if turn.old and turn.old.kind is turn.kind else None
    has_voice = turn.speaker or turn.label or style.dash or (old and old.speaker is None)
    if turn.kind is Kind.SPEECH and not has_voice:
        turn = replace(turn, speaker=previous)
    goes_on = turn.speaker == previous and not _LIKE_LABEL.match(turn.text)
    if turn.label:
        label = turn.label
    elif old and old.speaker == turn.speaker and (turn.speaker is None or old.has_name or goes_on):
        label = old.label
    elif turn.speaker is None:
        label = style.dash if turn.kind is Kind.SPEECH and previous is not None else ""
    elif goes_on and not (old and old.has_name):
        label = ""
    else:
        label = style.label(turn.speaker, old)
    return style.wrapped(replace(turn, label=label))


def _join(transcript: Transcript, turns: Sequence[Turn], tail: str) -> Transcript:
    starts, pieces, at = [], [], 0
    for turn in turns:
        pieces.append(turn.gap + turn.label + turn.text)
        at += len(pieces[-1])
        starts.append(at - len(turn.text))
    text = "".join(pieces) + tail
    segments = tuple(_segments(text, turns, starts))
    words = words_of(text, segments)
    if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
        raise TranscriptError("the transcript would have no speech left; mark at least one paragraph as speech")
    return replace(transcript, text=text, segments=segments, words=words)


def _segments(text: str, turns: Sequence[Turn], starts: Sequence[int]) -> Iterator[Segment]:
    superscripts = "¹" in text
    for turn, start in zip(turns, starts, strict=True):
        if not turn.segments:
            part = Part(turn.kind, turn.speaker, start, start + len(turn.text))
            yield from (replace(segment, pinned=True) for segment in segments_with_marks(text, part, superscripts))
        else:
            yield from (_moved(segment, start) for segment in turn.segments)


def _moved(segment: Segment, by: int) -> Segment:
    return replace(segment, char_start=segment.char_start + by, char_end=segment.char_end + by)


def _new_turn(paragraph: Paragraph) -> Turn:
    """Return an edited paragraph as a turn: on one line, without control characters. If no speaker is named, a dash at
    the start becomes the label."""
    kind, text, speaker = paragraph.kind, _line(paragraph.text), _line(paragraph.speaker or "")
    is_named = kind in (Kind.SPEECH, Kind.STAGE) and _has_letters(speaker)
    dash = VOICE_CHANGE.match(text) if kind is Kind.SPEECH and not is_named else None
    start = dash.end() if dash else 0
    return Turn(kind, shortened(speaker, LONGEST_NAME) if is_named else None, text[start:], label=text[:start])


def _line(text: str) -> str:
    return _NO_TEXT.sub("", _BLANKS.sub(" ", _SURROGATES.sub("\ufffd", text))).strip()


def _has_letters(text: str) -> bool:
    return any(map(str.isalnum, text))
