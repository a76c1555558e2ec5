"""Turn a draft into a transcript's segments and words: what each line is, who says it, which lines are titles.

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
from aligner.transcript.draft import Draft
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
MIN_EVIDENCE = 2  # spoken lines by which to decide whether the file punctuates at all
MIN_CHAPTERS = 3
BULLETS = "-–—•*"
CHAPTER = re.compile(rf"{TIME}\s*(?:[-–—|:]\s*)?(\S.{{0,80}})")
NUMBERED = re.compile(r"(\d{1,3})[.)]\s+\S")
LINK = re.compile(r"https?://|www\.")
CLOSING_BRACKETS = re.compile(r"(?:\s{0,9}(?:\[[^\[\]()]{0,300}\]|\([^\[\]()]{0,300}\))){1,9}\s{0,9}$")


def is_transcript_title(words: str) -> bool:
    """Return whether a line is a heading such as "Transcript", above which nothing may be said yet."""
    return _folded(words) in TRANSCRIPT_TITLES


def is_end_title(words: str) -> bool:
    """Return whether a line is a heading such as "Notes", below which nothing may be said any more."""
    return _folded(words) in END_MATTER


def _folded(words: str) -> str:
    return " ".join(words.strip(EDGES).casefold().split())


def _is_finished(words: str) -> bool:
    """Return whether it ends with a full stop or its like, marks and stage directions after it set aside."""
    return ends_sentence(CLOSING_BRACKETS.sub("", words[-BRACKETS_CHARS:]))


def _is_title_like(words: str) -> bool:
    first = next((char for char in words if char.isalnum()), "a")
    if len(words) > MAX_CHARS or len(words.split()) > MAX_WORDS or first.islower() or words[0] in "—–-―([>♪":
        return False
    return not _is_finished(words) and words[-1] not in ",—–-"


def _is_listed(words: str) -> bool:
    """Return whether a line is an item of a list, a link or a title, rather than talk."""
    if words[0] in BULLETS or NUMBERED.match(words) or LINK.search(words):
        return True
    return len(words.split()) <= MAX_WORDS and not _is_finished(words)


def _count_words(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)


class _Lines:
    """The lines of a draft, which are marked step by step: ``kinds`` are None for speech."""

    def __init__(self, draft: Draft, labels: Sequence[Label | None]) -> None:
        self._text, self._lines, self._labels = draft.text, draft.lines, labels
        self._words = [draft.text[line.start : line.end] for line in draft.lines]
        self.kinds = [
            None if label else line.kind or _unspoken_kind(words, draft.guess_headings)
            for line, label, words in zip(draft.lines, labels, self._words, strict=True)
        ]

    def mark_front_matter(self, talk: range | None) -> None:
        """Mark what is above the first turn: all that comes before a heading "Transcript", and credits such as
        ``Date : 4 mai``.

        The last such heading up to where ``talk`` starts counts, in characters; without that, the last of all. Those
        after it are headings, and no more.
        """
        lines, kinds, words = self._lines, self.kinds, self._words
        first_label = next((at for at, label in enumerate(self._labels) if label), len(lines))
        titles = [at for at in range(min(first_label, len(lines) - 1)) if is_transcript_title(words[at])]
        body = max((at + 1 for at in titles if talk is None or lines[at].start <= talk.start), default=0)
        kinds[:body] = [kind or Kind.NOTE for kind in kinds[:body]]
        for at in titles:
            kinds[at] = Kind.HEADING
        in_list = False  # under a line such as "Guests:"
        for at in range(body, first_label):
            if kinds[at] is None and (is_credit(self._text, lines[at]) or (in_list and words[at][0] in BULLETS)):
                in_list = in_list or words[at][-1] in ":："
                kinds[at] = Kind.NOTE
            else:
                in_list = False

    def mark_end_matter(self, talk: range | None) -> None:
        """Mark what is below the talk: a heading such as "Notes" may begin what nobody says, as ``Music: Two tones``.

        The first such heading from where ``talk`` stops does, in characters; without that, the first below which the
        text looks so, and those who talk above it do not. Those before it are headings, and no more.
        """
        talks_until, kinds = self._talks_until(), self.kinds
        for at in range(1, len(self._lines)):
            if self._labels[at] or self._is_label_alone(at - 1) or not is_end_title(self._words[at]):
                continue
            is_last = talk is not None and self._lines[at].start >= talk.stop
            if at < talks_until[at] and not is_last:
                continue
            kinds[at] = Kind.HEADING
            if is_last or (talk is None and self._looks_noted(at)):
                kinds[at + 1 :] = [Kind.NOTE] * (len(kinds) - at - 1)
                return

    def mark_chapters(self) -> None:
        """Mark lines of a time and a title: alone a heading, three together a list of chapters.

        Where most lines have a time, that is how the talk itself is written.
        """
        is_chapter = [
            label is None and kind is None and self._is_chapter(at)
            for at, (label, kind) in enumerate(zip(self._labels, self.kinds, strict=True))
        ]
        if 2 * sum(is_chapter) > len(self._lines):
            return
        for chapter, run in groupby(range(len(self._lines)), key=is_chapter.__getitem__):
            found = list(run)
            for at in found if chapter else []:
                self.kinds[at] = Kind.NOTE if len(found) >= MIN_CHAPTERS else Kind.HEADING

    def mark_headings(self) -> None:
        """Mark lines that look like titles, unless most lines have no full stop (lyrics, raw recogniser output)."""
        spoken = [at for at, kind in enumerate(self.kinds) if kind is None]
        titles = {
            at
            for at in spoken
            if self._labels[at] is None and self._lines[at].kind is None and _is_title_like(self._words[at])
        }
        said = [self._said(at) for at in spoken if at not in titles and not self._is_label_alone(at)]
        if len(said) < MIN_EVIDENCE or sum(map(_is_finished, said)) < MIN_PUNCTUATED_SHARE * len(said):
            return
        if _count_words([self._words[at] for at in titles]) <= MAX_TITLES * _count_words(said):
            for at in titles:
                if self._stands_alone(titles, at):
                    self.kinds[at] = Kind.HEADING

    def _said(self, at: int) -> str:
        """Return a line's words after its label."""
        label = self._labels[at]
        return self._text[label.end if label else self._lines[at].start : self._lines[at].end]

    def _is_label_alone(self, at: int) -> bool:
        label = self._labels[at]
        return label is not None and label.end >= self._lines[at].end

    def _talks_until(self) -> list[int]:
        """Return for each line up to which the talk goes on, by its look: the last turn of those who have one above it,
        or of two others who both talk more than once."""
        turns: dict[str, list[int]] = {}
        for at, label in enumerate(self._labels):
            if label:
                turns.setdefault(label.name, []).append(at)
        again = sorted((own[-2] for own in turns.values() if len(own) > 1), reverse=True)
        until, last = [], again[1] if len(again) > 1 else -1
        for label in self._labels:
            until.append(last)
            last = max(last, turns[label.name][-1]) if label else last
        return until

    def _looks_noted(self, at: int) -> bool:
        """Return whether what follows a line looks like notes: it has no more words than were said before, or is mostly
        a list."""
        after = self._words[at + 1 :]
        said = _count_words([words for words, kind in zip(self._words[:at], self.kinds, strict=False) if not kind])
        return said > 0 and (_count_words(after) <= said or 2 * sum(map(_is_listed, after)) >= len(after))

    def _is_chapter(self, at: int) -> bool:
        found = CHAPTER.fullmatch(self._words[at])
        return found is not None and not ends_sentence(found[1]) and not found[1][0].islower()

    def _stands_alone(self, titles: set[int], at: int) -> bool:
        """Return whether a line is between finished ones: what comes before has ended, and what comes after starts
        anew."""
        words, count = self._words, len(self._words)
        if at > 0 and (self._is_label_alone(at - 1) or (at - 1 not in titles and words[at - 1][-1] in ",;—–-")):
            return False  # the first words of the one who is named on the line above, or of its sentence
        if at + 1 == count or words[at + 1][0].islower():
            return False  # a last line is a farewell
        if NUMBERED.match(words[at]) and sum(map(bool, map(NUMBERED.match, words[max(0, at - 1) : at + 2]))) > 1:
            return False  # one of a list
        before = takewhile(titles.__contains__, range(at - 1, at - 1 - MAX_RUN, -1))
        after = takewhile(titles.__contains__, range(at + 1, at + 1 + MAX_RUN))
        if sum(1 for _ in before) + 1 + sum(1 for _ in after) > MAX_RUN:
            return False
        own = {word.casefold().strip(".,'’") for word in words[at].split()}
        return self._labels[at + 1] is not None or not own & FIRST_PERSON


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


def segments_of(draft: Draft, talk: range | None = None) -> tuple[Segment, ...]:
    """Return the segments of a draft, in order; marks are nested in their paragraph's.

    ``talk`` as of ``TranscriptFile.understood``.
    """
    labels = find_labels(draft.text, draft.lines)
    kinds = _kinds(draft, labels, talk)
    superscripts = "¹" in draft.text
    parts = _parts(draft, labels, kinds)
    return tuple(each for part in parts for each in with_marks(draft.text, part, superscripts))


def _kinds(draft: Draft, labels: Sequence[Label | None], talk: range | None) -> Sequence[Kind | None]:
    """Return the kind of each line; None for speech."""
    lines = _Lines(draft, labels)
    lines.mark_front_matter(talk)
    lines.mark_end_matter(talk)
    if draft.guess_headings:
        lines.mark_chapters()
        lines.mark_headings()
    return lines.kinds


def _unspoken_kind(words: str, may_be_heading: bool) -> Kind | None:
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
    """Return the part's segment and those of the marks in it; a part that is all mark is that mark."""
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
    """Return every token of the segments that has a letter or a digit, in order of the text, or the first ``most``.

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
    """Yield (start, end, index of the innermost segment), in order, without overlap."""
    for at, within in outermost(segments):
        position = segments[at].char_start
        for inner in within:
            yield position, segments[inner].char_start, at
            yield segments[inner].char_start, segments[inner].char_end, inner
            position = segments[inner].char_end
        yield position, segments[at].char_end, at
