"""Headings of plain text: short lines between turns, written as titles.

Whether a line without a full stop stands out depends on the file: where most lines have none (lyrics, raw recogniser
output), none of them is called a heading.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from aligner.transcript.labels import ends_sentence
from aligner.transcript.lines import Line
from aligner.transcript.speakers import Label
from aligner.transcript.vocabulary import FIRST_PERSON

MAX_CHARS = 110
MAX_WORDS = 16
MIN_PUNCTUATED_SHARE = 0.6  # of the spoken lines that are too long for a heading, or have a label
MAX_TITLES = 0.75  # words of titles for each spoken word; more is verse
BRACKETS_CHARS = 300  # of a line's end, in which brackets after its full stop are looked for
MAX_RUN = 3  # title-like lines in a row; more is a list or verse
CLOSING_BRACKETS = re.compile(r"(?:\s*[\[(][^\[\]()]*[\])])+\s*$")
MIN_EVIDENCE = 2  # spoken lines by which to tell whether the file punctuates at all


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
    return ends_sentence(CLOSING_BRACKETS.sub("", words[-BRACKETS_CHARS:]))


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
    label_before = labels[at - 1] if at > 0 else None
    if label_before and label_before.end >= lines[at - 1].end:
        return False  # the first words of the one who is named on the line above
    if at > 0 and not shaped[at - 1] and text[lines[at - 1].end - 1] in ",;—–-":
        return False
    if at + 1 == len(lines):
        return False  # a last line is a farewell
    if _run_length(shaped, at) > MAX_RUN:
        return False
    if text[lines[at + 1].start].islower():
        return False
    words = {word.casefold().strip(".,'’") for word in text[lines[at].start : lines[at].end].split()}
    return labels[at + 1] is not None or not words & FIRST_PERSON


def _run_length(shaped: Sequence[bool], at: int) -> int:
    """How many title-like lines stand together with this one."""
    first, last = at, at
    while first > 0 and shaped[first - 1]:
        first -= 1
    while last + 1 < len(shaped) and shaped[last + 1]:
        last += 1
    return last - first + 1
