"""A draft to a transcript's segments and words: what each line is, who says it, and the marks inside it.

The steps, in order: labels, then lines that nobody says (notes, times, stage directions, what stands around the talk),
then headings, then the rest, which is speech that goes on with the last speaker. Words are the tokens between white
space, cut where a mark is glued to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from aligner.model import Kind, Segment, Word, outermost
from aligner.transcript.draft import Draft, Line
from aligner.transcript.headings import find_headings, mark_chapters, mark_end_matter, mark_front_matter
from aligner.transcript.marks import FOOTNOTE, find_marks, is_stage
from aligner.transcript.speakers import Label, find_labels
from aligner.transcript.times import LEADING_TIME, ONLY_TIME, goes_on
from aligner.transcript.vocabulary import SEVERAL_VOICES, STAGE, STAGE_COMPANIONS

VOICE_CHANGE = re.compile(r"(?:[—–―]|>>+|[-‐‑](?=\s))\s*(?=\S)")
URL = re.compile(r"(?:[-*•]\s*)?(?:https?://|www\.)\S+")
BRACKETED = re.compile(r"(?:\[[^\[\]]*\]|\([^()]*\)|\*[^*]*\*)[.!]?")
MUSIC = re.compile(r"[\s♪♫🎵🎶]+")
NOTE_START = re.compile(rf"(?:{FOOTNOTE.pattern}|[¹²³⁰⁴-⁹]+|↑)\s*\S", re.IGNORECASE)
TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Part:
    """A line understood: its kind, its speaker, and the range left when its label is taken off."""

    kind: Kind
    speaker: str | None
    start: int
    end: int


def segments_of(draft: Draft, most: int | None = None, talk: range | None = None) -> tuple[Segment, ...]:
    """The segments of a draft, in order, or the first ``most``; marks are nested in their paragraph's.

    ``talk`` as of ``TranscriptFile.understood``.
    """
    labels = find_labels(draft.text, draft.lines)
    kinds = _kinds(draft, labels, talk)
    superscripts = "¹" in draft.text
    parts = _parts(draft, labels, kinds)
    return tuple(islice((each for part in parts for each in with_marks(draft.text, part, superscripts)), most))


def _kinds(draft: Draft, labels: Sequence[Label | None], talk: range | None) -> list[Kind | None]:
    """The kind of each line; None for speech."""
    text, lines = draft.text, draft.lines
    kinds = [line.kind or _unspoken_kind(text, line, draft.guess_headings) for line in lines]
    kinds = [None if label else kind for kind, label in zip(kinds, labels, strict=True)]
    mark_front_matter(text, lines, labels, kinds, talk)
    mark_end_matter(text, lines, labels, kinds, talk)
    if draft.guess_headings:
        mark_chapters(text, lines, labels, kinds)
        for at in find_headings(text, lines, labels, [kind is None for kind in kinds]):
            kinds[at] = Kind.HEADING
    return kinds


def _unspoken_kind(text: str, line: Line, may_be_heading: bool) -> Kind | None:
    words = text[line.start : line.end]
    if ONLY_TIME.fullmatch(words) or URL.fullmatch(words) or NOTE_START.match(words):
        return Kind.NOTE
    if may_be_heading and re.match(r"#{1,6}\s+\S", words):  # in captions a mark of song
        return Kind.HEADING
    if BRACKETED.fullmatch(words):
        return Kind.STAGE if is_stage(words.rstrip(".!"), alone=True) else None
    bare = MUSIC.sub(" ", words).strip().casefold()
    if bare and len(bare.split()) <= 4 and bare.split()[0] in STAGE | {"pause"}:
        return Kind.STAGE if all(word in STAGE | STAGE_COMPANIONS for word in bare.split()) else None
    return None


def _parts(draft: Draft, labels: Sequence[Label | None], kinds: Sequence[Kind | None]) -> list[Part]:
    text, parts = draft.text, []
    speaker: str | None = None
    opens_with_times = 2 * sum(goes_on(text, line.start, line.end) for line in draft.lines) > len(draft.lines)
    for line, label, kind in zip(draft.lines, labels, kinds, strict=True):
        start = line.start
        if kind is not None:
            parts.append(Part(kind, None, start, line.end))
            continue
        if label:
            speaker, start = label.name, label.end
        else:
            time = LEADING_TIME.match(text, start, line.end)
            if time and time.end() < line.end and (opens_with_times or not goes_on(text, start, line.end)):
                parts.append(Part(Kind.NOTE, None, start, time.end()))
                start = time.end()
            if dash := VOICE_CHANGE.match(text, start, line.end):
                start = dash.end()
                speaker = speaker if _is_several(speaker) else None
        parts.append(Part(Kind.SPEECH, speaker, start, line.end))
    return parts


def _is_several(speaker: str | None) -> bool:
    return speaker is not None and any(word in SEVERAL_VOICES for word in speaker.casefold().split())


def with_marks(text: str, part: Part, superscripts: bool) -> list[Segment]:
    """The part's segment and those of the marks in it; a part that is all mark is that mark."""
    words = text[part.start : part.end]
    if not any(char.isalnum() for char in words) and part.kind is Kind.SPEECH:
        return []
    start, end = part.start + len(words) - len(words.lstrip()), part.end - len(words) + len(words.rstrip())
    if part.kind is not Kind.SPEECH:
        return [Segment(part.kind, part.speaker, start, end)]
    marks = find_marks(text, start, end, superscripts=superscripts)
    if len(marks) == 1 and not any(char.isalnum() for char in text[start : marks[0].start] + text[marks[0].end : end]):
        return [Segment(marks[0].kind, part.speaker, start, end)]
    nested = [Segment(mark.kind, part.speaker, mark.start, mark.end) for mark in marks]
    return [Segment(Kind.SPEECH, part.speaker, start, end), *nested]


def words_of(text: str, segments: Sequence[Segment], most: int | None = None) -> tuple[Word, ...]:
    """Every token of the segments that has a letter or a digit, in order of the text, or the first ``most``.

    `segments` are in order of ``char_start``, nested ones after the one that holds them.
    """
    words = (
        Word(token.group(), token.start(), token.end(), index)
        for start, end, index in _stretches(segments)
        for token in TOKEN.finditer(text, start, end)
        if any(map(str.isalnum, token.group()))
    )
    return tuple(islice(words, most))


def _stretches(segments: Sequence[Segment]) -> Iterator[tuple[int, int, int]]:
    """(start, end, index of the innermost segment), in order, without overlap."""
    for at, within in outermost(segments):
        position = segments[at].char_start
        for inner in within:
            yield position, segments[inner].char_start, at
            yield segments[inner].char_start, segments[inner].char_end, inner
            position = segments[inner].char_end
        yield position, segments[at].char_end, at
