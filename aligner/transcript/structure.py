"""Turn a draft into a transcript's segments and words: classify each line and assign its speaker.

Three steps find the speakers' labels, the unspoken lines (notes, times, stage directions, front and end matter), and
the headings, in this order. All other lines are speech of the speaker named last. Words are separated by white space,
and by marks such as footnote numbers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice, takewhile

from aligner.model import Kind, Segment, Word, outermost
from aligner.transcript.draft import Draft
from aligner.transcript.marks import FOOTNOTE, LEADING_TIME, ONLY_TIME, find_marks, goes_on, is_stage
from aligner.transcript.speakers import EDGES, Candidate, ends_sentence, find_labels, is_credit
from aligner.transcript.vocabulary import (
    END_MATTER,
    FIRST_PERSON,
    SEVERAL_VOICES,
    STAGE,
    STAGE_COMPANIONS,
    TRANSCRIPT_TITLES,
)

_TITLE_CHARS = 110  # the most that a title has
_TITLE_WORDS = 16
MIN_PUNCTUATED_SHARE = 0.6  # of the spoken lines that do not look like titles
MAX_TITLES = 0.75  # words of titles per spoken word; more is verse
BRACKETS_CHARS = 300  # at a line's end, where brackets may follow the full stop
MAX_RUN = 3  # title-like lines in a row; more is a list or verse
MIN_EVIDENCE = 2  # spoken lines needed to decide whether the file has punctuation
CLOSING_BRACKETS = re.compile(r"(?:\s{0,9}(?:\[[^\[\]()]{0,300}\]|\([^\[\]()]{0,300}\))){1,9}\s{0,9}$")


def is_transcript_title(words: str) -> bool:
    """Return whether a line is a heading such as "Transcript", which may end the front matter."""
    return _folded(words) in TRANSCRIPT_TITLES


def is_end_title(words: str) -> bool:
    """Return whether a line is a heading such as "Notes", which may begin the end matter."""
    return _folded(words) in END_MATTER


def _folded(words: str) -> str:
    return " ".join(words.strip(EDGES).casefold().split())


def _is_finished(words: str) -> bool:
    """Return whether a line ends with closing punctuation, not counting brackets after it."""
    return ends_sentence(CLOSING_BRACKETS.sub("", words[-BRACKETS_CHARS:]))


def _is_title_like(words: str) -> bool:
    first = next((char for char in words if char.isalnum()), "a")
    if len(words) > _TITLE_CHARS or len(words.split()) > _TITLE_WORDS or first.islower() or words[0] in "—–-―([>♪":
        return False
    return not _is_finished(words) and words[-1] not in ",—–-"


def _count_words(lines: Sequence[str]) -> int:
    return sum(len(line.split()) for line in lines)


class _Lines:
    """The lines of a draft while they are classified. ``kinds`` has the kind of each line, None for speech."""

    def __init__(self, draft: Draft, labels: Sequence[Candidate | None]) -> None:
        self._text, self._lines, self._labels = draft.text, draft.lines, labels
        self._words = [draft.text[line.start : line.end] for line in draft.lines]
        self.kinds = [
            None if label else line.kind or _unspoken_kind(words, draft.guess_headings)
            for line, label, words in zip(draft.lines, labels, self._words, strict=True)
        ]

    def mark_front_matter(self, talk: range | None) -> None:
        """Mark lines before the speech as notes: all lines above a heading such as "Transcript", and credits like
        ``Date : 4 mai`` above the first label.

        If there are several such headings, the last is used; with ``talk``, the last one that starts before ``talk``.
        """
        lines, kinds = self._lines, self.kinds
        first_label = next((at for at, label in enumerate(self._labels) if label), len(lines))
        titles = [at for at in range(min(first_label, len(lines) - 1)) if is_transcript_title(self._words[at])]
        body = max((at + 1 for at in titles if talk is None or lines[at].start <= talk.start), default=0)
        kinds[:body] = [kind or Kind.NOTE for kind in kinds[:body]]
        for at in titles:
            kinds[at] = Kind.HEADING
        for at in range(body, first_label):
            if kinds[at] is None and is_credit(self._text, lines[at]):
                kinds[at] = Kind.NOTE

    def mark_end_matter(self, talk: range | None) -> None:
        """Mark the lines below a heading such as "Notes" as notes, including labelled lines like ``Music: Two tones``.

        If ``talk`` (the spoken range) is passed, this heading is the first one after ``talk``. Otherwise, it is the
        first that meets two conditions: no speaker has a label both above and below it, and the lines below have no
        more words than the speech above. A line that meets only the first condition becomes an ordinary heading.
        """
        kinds, talk_end = self.kinds, 0
        last_turns = {label.name: at for at, label in enumerate(self._labels) if label}
        for at in range(1, len(self._lines)):
            if above := self._labels[at - 1]:
                talk_end = max(talk_end, last_turns[above.name])
            if self._labels[at] or self._is_label_alone(at - 1) or not is_end_title(self._words[at]):
                continue
            is_last = talk is not None and self._lines[at].start >= talk.stop
            if at < talk_end and not is_last:
                continue
            kinds[at] = Kind.HEADING
            if is_last or (talk is None and self._looks_noted(at)):
                kinds[at + 1 :] = [Kind.NOTE] * (len(kinds) - at - 1)
                return

    def mark_headings(self) -> None:
        """Mark lines that look like titles as headings, unless most lines lack punctuation, as in lyrics."""
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
        label = self._labels[at]
        return self._text[label.end if label else self._lines[at].start : self._lines[at].end]

    def _is_label_alone(self, at: int) -> bool:
        label = self._labels[at]
        return label is not None and label.end >= self._lines[at].end

    def _looks_noted(self, at: int) -> bool:
        """Return whether the lines below line ``at`` have no more words than the speech above, as notes usually do."""
        said = _count_words([words for words, kind in zip(self._words[:at], self.kinds, strict=False) if not kind])
        return _count_words(self._words[at + 1 :]) <= said > 0

    def _stands_alone(self, titles: set[int], at: int) -> bool:
        """Return whether line ``at`` is not part of a sentence, list or verse; ``titles`` are all title-like lines."""
        words = self._words
        if at > 0 and (self._is_label_alone(at - 1) or (at - 1 not in titles and words[at - 1][-1] in ",;—–-")):
            return False
        if at + 1 == len(words) or words[at + 1][0].islower():
            return False  # a last line is a farewell
        before = takewhile(titles.__contains__, range(at - 1, at - 1 - MAX_RUN, -1))
        after = takewhile(titles.__contains__, range(at + 1, at + 1 + MAX_RUN))
        if sum(1 for _ in before) + 1 + sum(1 for _ in after) > MAX_RUN:
            return False
        own = {word.casefold().strip(".,'’") for word in words[at].split()}
        return self._labels[at + 1] is not None or not own & FIRST_PERSON


VOICE_CHANGE = re.compile(r"(?:[—–―]|>>+|[-‐‑](?=\s))\s*(?=\S)")
MUSIC = re.compile(r"[♪♫🎵🎶]+")
STAGE_OPENERS = STAGE | {"pause"}
STAGE_WORDS = STAGE | STAGE_COMPANIONS
URL = re.compile(r"(?:[-*•]\s*|\[[^\[\]]+\]:\s*)?(?:https?://|www\.)\S+")
BRACKETED = re.compile(r"(?:\[[^\[\]]*\]|\([^()]*\)|\*[^*]*\*)[.!]?")
NOTE_START = re.compile(rf"(?:{FOOTNOTE.pattern}|[¹²³⁰⁴-⁹]+|↑)\s*\S", re.IGNORECASE)
TOKEN = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Part:
    """A line or a piece of it, of one kind. A time before speech is a piece of its own; a label is part of none."""

    kind: Kind
    speaker: str | None
    start: int
    end: int


def segments_of(draft: Draft, talk: range | None = None) -> tuple[Segment, ...]:
    """Return the segments of a draft, in order. Marks such as stage directions follow the paragraph that contains them.

    ``talk`` is the range of characters known to be spoken: front matter ends before it, end matter begins after it.
    """
    labels = find_labels(draft.text, draft.lines)
    lines = _Lines(draft, labels)
    lines.mark_front_matter(talk)
    lines.mark_end_matter(talk)
    if draft.guess_headings:
        lines.mark_headings()
    superscripts = "¹" in draft.text
    parts = _parts(draft, labels, lines.kinds)
    return tuple(each for part in parts for each in segments_with_marks(draft.text, part, superscripts))


def _unspoken_kind(words: str, may_be_heading: bool) -> Kind | None:
    if ONLY_TIME.fullmatch(words) or URL.fullmatch(words) or NOTE_START.match(words):
        return Kind.NOTE
    if may_be_heading and re.match(r"#{1,6}\s+\S", words):  # in captions "#" marks a song
        return Kind.HEADING
    if BRACKETED.fullmatch(words):
        return Kind.STAGE if is_stage(words.rstrip(".!"), alone=True) else None
    bare = MUSIC.sub(" ", words).casefold().split()
    is_stage_word = 0 < len(bare) <= 4 and bare[0] in STAGE_OPENERS and STAGE_WORDS.issuperset(bare)
    return Kind.STAGE if is_stage_word else None


def _parts(draft: Draft, labels: Sequence[Candidate | None], kinds: Sequence[Kind | None]) -> list[Part]:
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
                speaker = speaker if speaker and SEVERAL_VOICES.intersection(speaker.casefold().split()) else None
        parts.append(Part(Kind.SPEECH, speaker, start, line.end))
    return parts


def segments_with_marks(text: str, part: Part, superscripts: bool) -> list[Segment]:
    """Return the segment of ``part``, then a segment for each mark (text that is not spoken) inside ``part``. If the
    part is only a mark, return just the mark's segment. For speech without letters or digits, return none.
    ``superscripts`` says whether raised numbers are footnote marks."""
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
    """Return the words in the segments, in order, at most ``most`` of them. A word is a token with a letter or digit.

    ``segments`` are sorted by ``char_start``, and a nested segment follows the segment that contains it.
    """
    words = (
        Word(token.group(), token.start(), token.end(), index)
        for start, end, index in _spans(segments)
        for token in TOKEN.finditer(text, start, end)
        if any(map(str.isalnum, token.group()))
    )
    return tuple(islice(words, most))


def _spans(segments: Sequence[Segment]) -> Iterator[tuple[int, int, int]]:
    for at, within in outermost(segments):
        position = segments[at].char_start
        for inner in within:
            yield position, segments[inner].char_start, at
            yield segments[inner].char_start, segments[inner].char_end, inner
            position = segments[inner].char_end
        yield position, segments[at].char_end, at
