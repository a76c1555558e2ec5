"""Turn a draft into a transcript's segments and words: what each line is, who says it, which lines are titles.

Whether a line without a full stop stands out depends on the file: where most lines have none (lyrics, raw recogniser
output), none of them is called a heading.

The steps, in order: labels, then lines that nobody says (notes, times, stage directions, what stands around the talk),
then headings, then the rest, which is speech that goes on with the last speaker. Words are the tokens between white
space, cut where a mark is glued to them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice, takewhile

from aligner.model import Kind, Segment, Word, outermost
from aligner.transcript.draft import Draft, Line
from aligner.transcript.marks import FOOTNOTE, LEADING_TIME, ONLY_TIME, TIME, find_marks, goes_on, is_stage
from aligner.transcript.speakers import EDGES, Label, ends_sentence, find_labels, is_credit
from aligner.transcript.vocabulary import (
    END_MATTER,
    FIRST_PERSON,
    SEVERAL_VOICES,
    STAGE,
    STAGE_COMPANIONS,
    TRANSCRIPT_TITLES,
)

MAX_CHARS = 110
MAX_WORDS = 16
MIN_PUNCTUATED_SHARE = 0.6  # of the spoken lines that are too long for a heading, or have a label
MAX_TITLES = 0.75  # words of titles for each spoken word; more is verse
BRACKETS_CHARS = 300  # of a line's end, in which brackets after its full stop are looked for
MAX_RUN = 3  # title-like lines in a row; more is a list or verse
MIN_EVIDENCE = 2  # spoken lines by which to tell whether the file punctuates at all
Kinds = list[Kind | None]

CHAPTER = re.compile(rf"{TIME}\s*(?:[-–—|:]\s*)?(\S.{{0,80}})")
NUMBERED = re.compile(r"(\d{1,3})[.)]\s+\S")
FIRST_MARK = re.compile(r"\[1\]|¹")
LINK = re.compile(r"https?://|www\.")
MIN_CHAPTERS = 3
BULLETS = "-–—•*"


def find_headings(
    text: str, lines: Sequence[Line], labels: Sequence[Label | None], spoken: Sequence[bool]
) -> list[int]:
    """Indices of the lines that are headings; `spoken` says which lines are still taken for speech."""
    shaped = [
        is_said and label is None and line.kind is None and _is_title_like(text[line.start : line.end])
        for line, label, is_said in zip(lines, labels, spoken, strict=True)
    ]
    spoken_words = [
        text[label.end if label else line.start : line.end]
        for line, label, is_said, title in zip(lines, labels, spoken, shaped, strict=True)
        if is_said and not title and not (label and label.end >= line.end)
    ]
    titles = [text[line.start : line.end] for line, title in zip(lines, shaped, strict=True) if title]
    punctuated = sum(_is_finished(words) for words in spoken_words)
    if len(spoken_words) < MIN_EVIDENCE or punctuated < MIN_PUNCTUATED_SHARE * len(spoken_words):
        return []
    if _count_words(titles) > MAX_TITLES * _count_words(spoken_words):
        return []
    return [at for at, title in enumerate(shaped) if title and _stands_alone(text, lines, labels, shaped, at)]


def _is_finished(words: str) -> bool:
    """Ends with a full stop or its like, marks and stage directions after it set aside."""
    return ends_sentence(_without_closing_brackets(words[-BRACKETS_CHARS:]))


def _without_closing_brackets(words: str) -> str:
    kept = words.rstrip()
    while kept.endswith(("]", ")")):
        opening = max(kept.rfind("["), kept.rfind("("))
        if opening < 0 or any(char in "])" for char in kept[opening:-1]):
            break
        kept = kept[:opening].rstrip()
    return kept


def _count_words(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)


def _is_title_like(words: str) -> bool:
    first = next((char for char in words if char.isalnum()), "a")
    if len(words) > MAX_CHARS or len(words.split()) > MAX_WORDS or first.islower() or words[0] in "—–-―([>♪":
        return False
    return not _is_finished(words) and words[-1] not in ",—–-"


def _stands_alone(
    text: str, lines: Sequence[Line], labels: Sequence[Label | None], shaped: Sequence[bool], at: int
) -> bool:
    """Between finished lines: what comes before has ended, and what comes after starts anew."""
    if at > 0 and _is_label_alone(lines, labels, at - 1):
        return False  # the first words of the one who is named on the line above
    if at > 0 and not shaped[at - 1] and text[lines[at - 1].end - 1] in ",;—–-":
        return False
    if at + 1 == len(lines):
        return False  # a last line is a farewell
    if _run_length(shaped, at) > MAX_RUN or _is_one_of_list(text, lines, at):
        return False
    if text[lines[at + 1].start].islower():
        return False
    words = {word.casefold().strip(".,'’") for word in text[lines[at].start : lines[at].end].split()}
    return labels[at + 1] is not None or not words & FIRST_PERSON


def _is_label_alone(lines: Sequence[Line], labels: Sequence[Label | None], at: int) -> bool:
    """Whether a line is nothing but a label."""
    label = labels[at]
    return label is not None and label.end >= lines[at].end


def _is_one_of_list(text: str, lines: Sequence[Line], at: int) -> bool:
    """Whether a line is numbered and stands beside another that is."""
    here, *beside = lines[at], *lines[max(0, at - 1) : at], *lines[at + 1 : at + 2]
    return _is_numbered(text, here) and any(_is_numbered(text, line) for line in beside)


def _is_numbered(text: str, line: Line) -> bool:
    return NUMBERED.match(text, line.start, line.end) is not None


def _run_length(shaped: Sequence[bool], at: int) -> int:
    """How many title-like lines stand together with this one, up to ``MAX_RUN`` on either side."""
    before = takewhile(bool, reversed(shaped[max(0, at - MAX_RUN) : at]))
    after = takewhile(bool, shaped[at + 1 : at + 1 + MAX_RUN])
    return sum(1 for _ in before) + 1 + sum(1 for _ in after)


def mark_front_matter(
    text: str, lines: Sequence[Line], labels: Sequence[Label | None], kinds: Kinds, talk: range | None
) -> None:
    """Above the first turn: all that comes before a heading "Transcript", and credits such as ``Date : 4 mai``.

    The last such heading up to where ``talk`` starts is meant, in characters; where that is None, the last of all.
    Those after it are headings, and no more.
    """
    first_label = next((at for at, label in enumerate(labels) if label), len(lines))
    titles = [
        at
        for at in range(min(first_label, len(lines) - 1))
        if is_transcript_title(text[lines[at].start : lines[at].end])
    ]
    body = max((at + 1 for at in titles if talk is None or lines[at].start <= talk.start), default=0)
    kinds[:body] = [kind or Kind.NOTE for kind in kinds[:body]]
    for at in titles:
        kinds[at] = Kind.HEADING
    in_list = False  # under a line such as "Guests:"
    for at in range(body, first_label):
        if kinds[at] is None and (is_credit(text, lines[at]) or (in_list and text[lines[at].start] in BULLETS)):
            in_list = in_list or text[lines[at].end - 1] in ":："
            kinds[at] = Kind.NOTE
        else:
            in_list = False


def mark_end_matter(
    text: str, lines: Sequence[Line], labels: Sequence[Label | None], kinds: Kinds, talk: range | None
) -> None:
    """Below the talk a heading such as "Notes" or "Références" may begin what nobody says, as ``Music: Two tones``; so
    may a numbered list of references.

    The first such heading from where ``talk`` stops does, in characters; where that is None, the first below which the
    text looks so, and those who talk above it do not. Those before it are headings, and no more.
    """
    last_label = max((at for at, label in enumerate(labels) if label), default=-1)
    talks_until = _talks_until(labels)
    for at in range(1, len(lines)):
        if (
            labels[at]
            or _is_label_alone(lines, labels, at - 1)
            or not is_end_title(text[lines[at].start : lines[at].end])
        ):
            continue
        is_last = talk is not None and lines[at].start >= talk.stop
        if at < talks_until[at] and not is_last:
            continue
        kinds[at] = Kind.HEADING
        if is_last or (talk is None and _looks_noted(text, lines, kinds, at)):
            kinds[at + 1 :] = [Kind.NOTE] * (len(lines) - at - 1)
            return
    listed = _reference_list(text, lines[last_label + 1 :]) if FIRST_MARK.search(text) else 0
    kinds[len(lines) - listed :] = [kind or Kind.NOTE for kind in kinds[len(lines) - listed :]]


def _talks_until(labels: Sequence[Label | None]) -> list[int]:
    """For each line up to which the talk goes on, by its look: the last turn of those who have one above it, or of two
    others who both talk more than once."""
    turns: dict[str, list[int]] = {}
    for at, label in enumerate(labels):
        if label:
            turns.setdefault(label.name, []).append(at)
    again = sorted((own[-2] for own in turns.values() if len(own) > 1), reverse=True)
    both = again[1] if len(again) > 1 else -1
    until, last = [], both
    for label in labels:
        until.append(last)
        last = max(last, turns[label.name][-1]) if label else last
    return until


def is_transcript_title(words: str) -> bool:
    """Whether a line is a heading such as "Transcript", above which nothing may be said yet."""
    return _folded(words) in TRANSCRIPT_TITLES


def is_end_title(words: str) -> bool:
    """Whether a line is a heading such as "Notes", below which nothing may be said any more."""
    return _folded(words) in END_MATTER


def _looks_noted(text: str, lines: Sequence[Line], kinds: Kinds, at: int) -> bool:
    """Whether what follows a line looks like notes: it has no more words than were said before, or is mostly a list."""
    before, after = lines[:at], [text[line.start : line.end] for line in lines[at + 1 :]]
    said = _count_words([text[each.start : each.end] for each, kind in zip(before, kinds, strict=False) if not kind])
    return said > 0 and (_count_words(after) <= said or 2 * sum(map(_is_listed, after)) >= len(after))


def _is_listed(words: str) -> bool:
    """Whether a line is an item of a list, a link or a title, rather than talk."""
    if words[0] in BULLETS or NUMBERED.match(words) or LINK.search(words):
        return True
    return len(words.split()) <= MAX_WORDS and not _is_finished(words)


def _reference_list(text: str, lines: Sequence[Line]) -> int:
    """How many of the last lines are numbered 1, 2, 3...: the references that the text's marks point to."""
    numbers = [NUMBERED.match(text, line.start, line.end) for line in lines]
    length = 0
    while length < len(numbers) and numbers[-1 - length]:
        length += 1
    found = [int(number[1]) for number in numbers[len(numbers) - length :] if number]
    return length if found == list(range(1, length + 1)) else 0


def mark_chapters(text: str, lines: Sequence[Line], labels: Sequence[Label | None], kinds: Kinds) -> None:
    """Lines of a time and a title: alone a heading, three together a list of chapters.

    Where most lines have a time, that is how the talk itself is written.
    """
    is_chapter = [
        label is None and kind is None and _is_chapter(text, line)
        for line, label, kind in zip(lines, labels, kinds, strict=True)
    ]
    if 2 * sum(is_chapter) > len(lines):
        return
    for chapter, run in groupby(range(len(lines)), key=is_chapter.__getitem__):
        found = list(run)
        for at in found if chapter else []:
            kinds[at] = Kind.NOTE if len(found) >= MIN_CHAPTERS else Kind.HEADING


def _folded(words: str) -> str:
    return " ".join(words.strip(EDGES).casefold().split())


def _is_chapter(text: str, line: Line) -> bool:
    found = CHAPTER.fullmatch(text, line.start, line.end)
    return found is not None and not ends_sentence(found[1]) and not found[1][0].islower()


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
