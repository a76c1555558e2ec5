"""Who says each line: labels are found by the evidence of the whole file, not by their shape alone.

A candidate is what stands before a colon or beside a time at the start of a line. It is a speaker's label if it recurs
or is written like a name, and nothing speaks against it: a verb or pronoun, a common word of the text, a title's shape.

Conventions: offsets count code points of the whole text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from aligner.transcript.lines import Line
from aligner.transcript.times import TIME
from aligner.transcript.vocabulary import (
    ARTICLES,
    CLAUSE,
    METADATA,
    OPENERS,
    PARTICLES,
    QUALIFIERS,
    ROLES,
)

MAX_LABEL_CHARS = 80
MAX_NAME_WORDS = 7
MAX_TITLE_WORDS = 14
LEAD = re.compile(r"(?:>>+|»|[-–—―•])?\s*")
TIMES = re.compile(rf"(?:{TIME}\s*)+[-–—|,]?\s*")
TIMED = re.compile(rf"(?P<label>[^:：\n]{{1,{MAX_LABEL_CHARS}}}?)[\s,|@–-]+(?P<time>{TIME})\s*(?P<colon>[:：-]?)\s*")
COLON = re.compile(rf"(?P<label>[^:：\n]{{1,{MAX_LABEL_CHARS}}}?)\s*[:：](?![/)(]|\d)\s*(?:{TIME}\s*)?")
BARE = re.compile(rf"[^:：\n]{{1,{MAX_LABEL_CHARS}}}")
BRACKETS = re.compile(r"\s*(?:\([^()]*\)|\[[^\[\]]*\])\s*")
WORD = re.compile(r"[^\s/&+]+")
FINAL = re.compile(r"[.!?…:;。！？]['’\"”»)\]\s]*$")


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's label: its name, and where the words after it start."""

    name: str
    end: int


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a label: the name it would give, how it is written, and whether it reads as a title's first half."""

    name: str
    key: str
    end: int
    form: str  # "colon", "timed" or "bare"
    marked: bool
    title_like: bool


@dataclass(frozen=True, slots=True)
class File:
    """The whole file: how often each name opens a line, its lower-case words, whether labels are its habit."""

    counts: Counter[str]
    lower: frozenset[str]
    uses_labels: bool


def find_labels(text: str, lines: Sequence[Line]) -> list[Label | None]:
    """The label of each line, or None; names that differ in case only are spelled as most often."""
    candidates = [_given(line) or _candidate(text, line) for line in lines]
    bare = [None if found else _bare(text, line) for found, line in zip(candidates, lines, strict=True)]
    file = _survey(text, lines, candidates)
    accepted = [found if found and is_speaker(found, file) else None for found in candidates]
    if not any(found and found.form != "bare" for found in accepted):
        accepted = [a or b for a, b in zip(accepted, _accept_bare(text, lines, bare, file), strict=True)]
    spelling = _spellings(accepted)
    return [Label(spelling[found.key], found.end) if found else None for found in accepted]


def _given(line: Line) -> Candidate | None:
    """The label that markup gives."""
    if line.speaker is None:
        return None
    end = line.start if line.label_end is None else line.label_end
    return Candidate(line.speaker, line.speaker.casefold(), end, "colon", True, False)


def _candidate(text: str, line: Line) -> Candidate | None:
    if line.kind is not None:
        return None
    start = LEAD.match(text, line.start, line.end).end()  # type: ignore[union-attr]  # it matches the empty string
    times = TIMES.match(text, start, line.end)
    start = times.end() if times else start
    timed = TIMED.match(text, start, line.end)
    if timed and (timed["colon"] or timed.end() == line.end or _name_words(timed["label"])):
        return _made(text, line, timed["label"], timed.end(), "timed")
    colon = COLON.match(text, start, line.end)
    if colon:
        return _made(text, line, colon["label"], colon.end(), "colon")
    if times and start < line.end and len(text[start : line.end].split()) <= MAX_NAME_WORDS:
        return _made(text, line, text[start : line.end], line.end, "timed")
    return None


def _bare(text: str, line: Line) -> Candidate | None:
    """A name alone on its line."""
    if line.kind is not None or not BARE.fullmatch(text, line.start, line.end):
        return None
    words = text[line.start : line.end]
    return None if FINAL.search(words) else _made(text, line, words, line.end, "bare")


def _made(text: str, line: Line, label: str, end: int, form: str) -> Candidate | None:
    name = clean_name(label)
    if not any(char.isalpha() for char in name):
        return None
    marked = line.bold_end is not None and abs(line.bold_end - end) <= 3
    rest = text[end : line.end]
    title_like = form == "colon" and 2 <= len(rest.split()) <= MAX_TITLE_WORDS and not FINAL.search(rest)
    return Candidate(name, " ".join(name.casefold().split()), end, form, marked, title_like)


def clean_name(label: str) -> str:
    """The name in a label: without what follows a comma or stands in brackets, and how the voice is heard.

    >>> clean_name("Antonio Casilli, voix off")
    'Antonio Casilli'
    """
    name = BRACKETS.sub(" ", label).split(",", 1)[0]
    head, dash, tail = re.split(r"(\s[-–—]\s)", name, maxsplit=1) if re.search(r"\s[-–—]\s", name) else (name, "", "")
    if dash and tail.casefold().split() and all(word in QUALIFIERS for word in tail.casefold().split()):
        name = head
    return " ".join(name.strip(' \t\u00a0\u202f*_-–—>|"“”').split())


def is_speaker(found: Candidate, file: File) -> bool:
    """Whether the evidence makes a speaker of a candidate."""
    words = _name_words(found.name)
    if found.marked and found.form == "colon" and words is not None:
        return True
    if not words:
        return False
    count, shape = file.counts[found.key], _shape(words)
    common = len(words) == 1 and words[0].casefold() in file.lower
    if any(word.casefold() in OPENERS for word in words[:1]) or (count < 3 and words[0].casefold() in METADATA):
        return False
    if found.form == "timed" and (shape > 0 or count > 1):
        return True
    if count >= 3:
        return shape > 0 or len(words) <= 3
    if count == 2:
        return shape > 0 and not (common and found.title_like)
    return file.uses_labels and shape > 0 and not common and not found.title_like


def _name_words(name: str) -> list[str] | None:
    """The words of a name, or None if it reads as part of a sentence."""
    words: list[str] = WORD.findall(name)
    folded = [word.casefold().replace("’", "'") for word in words]
    if not words or len(words) > MAX_NAME_WORDS or re.search(r"[!?…;«»{}=]|\w{4,}\.\s", name):
        return None
    small = [
        word for original, word in zip(words, folded, strict=True) if original[0].islower() or original is words[0]
    ]
    if any(word in CLAUSE or word.partition("'")[0] + "'" in CLAUSE for word in small) and len(words[0]) > 1:
        return None
    return words


def _shape(words: Sequence[str]) -> int:
    """2: surely written like a name or a role; 1: perhaps; 0: not."""
    folded = [word.casefold().strip(".") for word in words]
    if any(word in ROLES for word in folded[:4]):
        return 2
    named = [word for word, low in zip(words, folded, strict=True) if low not in PARTICLES | ARTICLES]
    if not named or not all(_is_capital(word) for word in named):
        return 0
    if folded[0] in ARTICLES:
        return 0
    return 2 if len(named) >= 2 or named[0].isupper() else 1


def _is_capital(word: str) -> bool:
    """Starts with a capital, a digit, or a letter of a script without case."""
    first = next((char for char in word if char.isalnum()), "a")
    return not first.islower()


def _survey(text: str, lines: Sequence[Line], candidates: Sequence[Candidate | None]) -> File:
    counts = Counter(found.key for found in candidates if found)
    lower = frozenset(word for word in re.findall(r"[^\W\d_]+", text) if word.islower())
    named = [found for found in candidates if found and _shape(_name_words(found.name) or ["a"]) > 0]
    recurring = sum(counts[found.key] > 1 for found in named)
    habit = recurring >= max(2, 0.1 * len(lines)) or len(named) >= 0.6 * len(lines)
    return File(counts, lower, habit)


def _accept_bare(
    text: str, lines: Sequence[Line], bare: Sequence[Candidate | None], file: File
) -> list[Candidate | None]:
    """Names alone on their lines, if they recur, look like names and each is followed by a line that does not."""
    counts: Counter[str] = Counter()
    for at, found in enumerate(bare):
        followed = at + 1 < len(lines) and bare[at + 1] is None
        if found and (words := _name_words(found.name)) and _shape(words) > 0 and followed:
            counts[found.key] += 1 if len(words) > 1 or words[0].casefold() not in file.lower else 0
    speakers = {key for key, count in counts.items() if count >= 2}
    enough = sum(counts[key] for key in speakers) >= 0.2 * len(lines) or any(f and f.marked for f in bare)
    return [found if found and enough and found.key in speakers else None for found in bare]


def _spellings(accepted: Sequence[Candidate | None]) -> dict[str, str]:
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for found in accepted:
        if found:
            spelled[found.key][found.name] += 1
    return {key: names.most_common(1)[0][0] for key, names in spelled.items()}


__all__ = ["Label", "clean_name", "find_labels", "is_speaker"]
