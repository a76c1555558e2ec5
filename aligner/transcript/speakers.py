"""Who says each line: labels are found by the evidence of the whole file, not by their shape alone.

A candidate is what stands before a colon, beside a time, in brackets or in bold at a line's start, or alone on a line.
It is a speaker's label if it recurs or is written like a name, and nothing speaks against it: a verb or pronoun, a
common word of the text, the shape of a title.

Conventions: offsets count code points of the whole text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from aligner.transcript.lines import Line
from aligner.transcript.marks import LETTERS, is_stage
from aligner.transcript.names import MAX_NAME_WORDS, Shape, clean_name, is_clause, shape_of
from aligner.transcript.times import TIME
from aligner.transcript.vocabulary import CHAPTERS, CLAUSE, METADATA, OPENERS

MAX_TITLE_WORDS = 14
MAX_SMALL_STARTS = 0.1  # of turns; where more start with a small letter, that says nothing
MIN_HABIT = 0.1  # share of lines with a recurring label that makes labels the file's habit
MIN_BARE_SHARE = 0.15  # the same for names alone on their lines, which look more like other things
_LABEL = r"(?P<label>[^:：\n]{1,80}?)"
LEAD = re.compile(r"(?:>>+|»|[-–—―•])?\s*")
TIMES = re.compile(rf"(?:{TIME}\s*)+[-–—|,]?\s*")
TIMED = re.compile(rf"{_LABEL}[\s,|@–-]+{TIME}[*_]{{0,2}}\s*(?P<colon>[:：-]?)[*_]{{0,2}}\s*")
COLON = re.compile(rf"{_LABEL}\s*[:：](?![/)(]|\d)[*_]{{0,2}}\s*(?:{TIME}\s*)?")
DASHED = re.compile(r"(?P<label>[^:：\n—–]{1,40}?)\s+[—–]\s+(?=\S)")
BRACKET = re.compile(r"(?:\[(?P<square>[^\[\]:\n]{1,40})\]|\((?P<round>[^():\n]{1,40})\))\s*[:：]?\s*(?=\S)")
BARE = re.compile(r"[^:：\n]{1,80}")
FINAL = re.compile(r"[.!?…:;。！？]['’\"”»)\]*_\s]*$")


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's label: its name, and where the words after it start."""

    name: str
    end: int


class Form(Enum):
    """How a label is set off from the words after it."""

    GIVEN = auto()  # the markup says so
    COLON = auto()
    TIMED = auto()
    BRACKET = auto()
    DASHED = auto()  # in capitals
    BOLD = auto()
    BARE = auto()  # alone on its line


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a label, and what its own line says for and against it."""

    name: str
    key: str
    end: int
    form: Form
    shape: Shape
    is_bold: bool
    opens_title: bool
    starts_small: bool  # what follows does not start like a turn


@dataclass(frozen=True, slots=True)
class File:
    """The whole file: how often each name opens a line, its lower-case words, whether labels are its habit."""

    counts: Counter[str]
    lower: frozenset[str]
    timed: int
    turns_start_small: bool  # in this file a turn may start with a small letter
    uses_labels: bool


def find_labels(text: str, lines: Sequence[Line]) -> list[Label | None]:
    """The label of each line, or None; names that differ in case only are spelled as most often."""
    if not lines:
        return []
    following = [*lines[1:], None]
    candidates = [_candidate(text, line, after) for line, after in zip(lines, following, strict=True)]
    file = _survey(text, lines, candidates)
    accepted = [found if found and is_speaker(found, file) else None for found in candidates]
    if not any(accepted):
        accepted = _bare_names(text, lines, file.lower)
    spelling = _spellings(accepted)
    return [Label(spelling[found.key], found.end) if found else None for found in accepted]


def _candidate(text: str, line: Line, after: Line | None) -> Candidate | None:
    if line.speaker is not None:
        end = line.start if line.label_end is None else line.label_end
        return Candidate(line.speaker, line.speaker.casefold(), end, Form.GIVEN, Shape.FULL_NAME, False, False, False)
    if line.kind is not None or line.label_end is not None:
        return None
    lead = LEAD.match(text, line.start, line.end)
    start = lead.end() if lead else line.start
    times = TIMES.match(text, start, line.end)
    start = times.end() if times else start
    timed = TIMED.match(text, start, line.end)
    if timed and shape_of(clean_name(timed["label"])) > Shape.SENTENCE:
        return _made(text, line, timed["label"], timed.end(), Form.TIMED)
    if colon := COLON.match(text, start, line.end):
        return _made(text, line, colon["label"], colon.end(), Form.COLON)
    if times and after and _is_name_above(text, start, line.end, after):
        return _made(text, line, text[start : line.end], line.end, Form.TIMED)
    dashed = DASHED.match(text, start, line.end)
    if dashed and any(len(word) > 2 and word.isupper() for word in LETTERS.findall(dashed["label"])):
        return _made(text, line, dashed["label"], dashed.end(), Form.DASHED)
    bracket = BRACKET.match(text, start, line.end)
    if bracket and not is_stage(bracket.group().rstrip(":： ")):
        return _made(text, line, bracket["square"] or bracket["round"], bracket.end(), Form.BRACKET)
    if line.bold_end is not None and line.start < line.bold_end < line.end:
        return _made(text, line, text[line.start : line.bold_end], line.bold_end, Form.BOLD)
    return None


def _is_name_above(text: str, start: int, end: int, after: Line) -> bool:
    """A few words beside a time, above a line without one: a service's ``00:12 Name`` and then what is said."""
    words = text[start:end]
    return 0 < len(words.split()) <= MAX_NAME_WORDS and not FINAL.search(words) and not TIMES.match(text, after.start)


def _made(text: str, line: Line, label: str, end: int, form: Form) -> Candidate | None:
    name = clean_name(label)
    if not any(char.isalpha() for char in name):
        return None
    rest = text[end : line.end]
    return Candidate(
        name=name,
        key=" ".join(name.casefold().split()),
        end=end,
        form=form,
        shape=Shape.SENTENCE if is_clause(label.partition(",")[2]) else shape_of(name),
        is_bold=line.bold_end is not None and abs(line.bold_end - end) <= 3,
        opens_title=form is Form.COLON and 2 <= len(rest.split()) <= MAX_TITLE_WORDS and not FINAL.search(rest),
        starts_small=form is Form.COLON and rest[:1].islower(),
    )


def is_speaker(found: Candidate, file: File) -> bool:
    """Whether the evidence makes a speaker of a candidate."""
    if found.form is Form.GIVEN:
        return True
    first, *others = found.key.split()
    count, is_name = file.counts[found.key], found.shape >= Shape.NAME
    if found.shape is Shape.SENTENCE or first in OPENERS or first in CHAPTERS or (first in METADATA and count < 3):
        return False
    if found.starts_small and not file.turns_start_small and (count == 1 or found.opens_title):
        return False
    is_common = first in file.lower and (not others or first in CLAUSE)
    if found.form in (Form.BOLD, Form.BRACKET, Form.DASHED):
        return is_name and count >= 2 and not is_common
    if found.form is Form.TIMED and (count > 1 or (is_name and file.timed > 1)):
        return True
    if found.is_bold and (is_name or count > 1):
        return True
    if count >= 3:
        return is_name or (len(others) <= 2 and not is_common)
    if count == 2:
        return is_name and not (is_common and found.opens_title)
    return is_name and file.uses_labels and not is_common and not found.opens_title


def _survey(text: str, lines: Sequence[Line], candidates: Sequence[Candidate | None]) -> File:
    counts = Counter(found.key for found in candidates if found)
    spoken = (
        text[found.end if found else line.start : line.end] for line, found in zip(lines, candidates, strict=True)
    )
    lower = frozenset(word for words in spoken for word in LETTERS.findall(words) if word.islower())
    named = [found for found in candidates if found and found.shape >= Shape.NAME]
    recurring = sum(counts[found.key] > 1 for found in named)
    habit = recurring >= max(2, MIN_HABIT * len(lines)) or len(named) >= 0.6 * len(lines)
    timed = sum(found is not None and found.form is Form.TIMED for found in candidates)
    small = sum(found.starts_small for found in named if counts[found.key] > 1)
    return File(counts, lower, timed, small > MAX_SMALL_STARTS * recurring or not recurring, habit)


def _bare_names(text: str, lines: Sequence[Line], lower: frozenset[str]) -> list[Candidate | None]:
    """Names alone on their lines: they recur, are written like names, and stand above a line that is none."""
    shaped = [_bare(text, line, lower) for line in lines]
    counts = Counter(found.key for found in shaped if found)
    names = [found if found and counts[found.key] >= 2 else None for found in shaped]
    above = [found and not after for found, after in zip(names, [*names[1:], None], strict=True)]
    above[-1] = None  # nothing is said after the last line
    kept = [found if is_above else None for found, is_above in zip(names, above, strict=True)]
    enough = sum(found is not None for found in kept) >= max(2, MIN_BARE_SHARE * len(lines))
    return kept if enough else [None] * len(lines)


def _bare(text: str, line: Line, lower: frozenset[str]) -> Candidate | None:
    if line.kind is not None or line.label_end is not None or not BARE.fullmatch(text, line.start, line.end):
        return None
    words = text[line.start : line.end]
    if FINAL.search(words) or words[0] in "([-–—":
        return None
    found = _made(text, line, words, line.end, Form.BARE)
    is_common = found is not None and " " not in found.key and found.key in lower
    return found if found and found.shape >= Shape.NAME and not is_common else None


def _spellings(accepted: Sequence[Candidate | None]) -> dict[str, str]:
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for found in accepted:
        if found:
            spelled[found.key][found.name] += 1
    return {key: names.most_common(1)[0][0] for key, names in spelled.items()}
