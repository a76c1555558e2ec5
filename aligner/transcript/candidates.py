"""What may be a speaker's label, by how it is set off from the words after it; ``speakers`` tells which are.

It stands before a colon, beside a time, in brackets or bold, or alone. Offsets count code points of the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum, auto

from aligner.transcript.draft import Line
from aligner.transcript.marks import is_stage
from aligner.transcript.names import MAX_NAME_WORDS, NameShape, clean_name, is_clause, shape_of
from aligner.transcript.times import TIME, TIMES, goes_on, is_said_after

MAX_TITLE_WORDS = 14
FINAL_CHARS = 40  # more than a full stop and the quotes after it
_LABEL = r"(?P<label>[^:：\t]{1,80}?)"  # an editor may have wrapped it
LEAD = re.compile(r"(?:>>+|»|[-–—―•])?\s*")
TIMED = re.compile(rf"{_LABEL}[\s,|@–-]+{TIME}[*_]{{0,2}}\s*(?P<colon>[:：-]?)[*_]{{0,2}}\s*")
COLON = re.compile(rf"{_LABEL}\s*[:：](?![/)(]|\d)[*_]{{0,2}}\s*(?P<time>{TIME}\s*)?")
DASHED = re.compile(r"(?P<label>[^:：\n—–]{1,40}?)\s+[—–]\s+(?=\S)")
TABBED = re.compile(rf"(?:{TIME}\s*)?(?P<label>[^:：\t\n]{{1,40}})(?:\t+{TIME})?\t+(?=\S)")
BRACKET = re.compile(r"(?:\[(?P<square>[^\[\]:\n]{1,40})\]|\((?P<round>[^():\n]{1,40})\))\s*+(?:[:：]\s*+)?(?=\S)")
LETTERED = re.compile(r"[*_]{0,2}(?P<label>[A-Z])\.[*_]{0,2}\s+(?=\S)")
BARE = re.compile(r"[^:：\n]{1,80}")
ADDRESS = re.compile(r"[<(\[]?(?:[a-z]{3,6}://|www\.|mailto:|[\w.+-]{1,64}@[\w-]{1,64}\.)", re.IGNORECASE)
FINAL = re.compile(r"[.!?…:;。！？]['’\"”»)\]*_\s]*$")


class Form(Enum):
    """How a label is set off from the words after it."""

    GIVEN = auto()  # the markup says so
    COLON = auto()
    TIMED = auto()
    BRACKET = auto()
    TABBED = auto()
    DASHED = auto()
    BOLD = auto()
    LETTERED = auto()  # question and answer, as "Q."
    BARE = auto()  # alone on its line


@dataclass(frozen=True, slots=True)
class Candidate:
    """What may be a label, and what its own line says for and against it."""

    name: str
    key: str
    end: int
    form: Form
    shape: NameShape
    is_bold: bool = False
    opens_title: bool = False  # what follows reads as a title's second half
    starts_small: bool = False  # what follows does not start like a turn
    greets: bool = False  # what follows ends with its only comma, and the next line begins anew: ``Dear friends,``
    is_addressed: bool = False  # what follows is addresses of the web or of mail, which nobody says


def ends_sentence(words: str) -> bool:
    """Whether words end with a full stop or its like."""
    return FINAL.search(words, max(0, len(words) - FINAL_CHARS)) is not None


def candidate(text: str, line: Line, after: Line | None) -> Candidate | None:
    """The label that a line may open with, of several the one most like a name; `after` is the next line."""
    if line.speaker is not None:
        end = line.start if line.label_end is None else line.label_end
        return Candidate(line.speaker, line.speaker.casefold(), end, Form.GIVEN, NameShape.FULL_NAME)
    if line.kind is not None or line.label_end is not None:
        return None
    found = [_made(text, line, after, label, end, form) for label, end, form in _readings(text, line, after)]
    return max((each for each in found if each), key=lambda each: each.shape, default=None)


def _readings(text: str, line: Line, after: Line | None) -> Iterator[tuple[str, int, Form]]:
    """Every way to read a label off a line's start, with the end of it; the surest first."""
    if tabbed := TABBED.match(text, line.start, line.end):
        yield tabbed["label"], tabbed.end(), Form.TABBED
    lead = LEAD.match(text, line.start, line.end)
    start = lead.end() if lead else line.start
    times = TIMES.match(text, start, line.end)
    start = times.end() if times else start
    timed = TIMED.match(text, start, line.end)
    if timed and not is_said_after(timed["label"]):
        yield timed["label"], timed.end(), Form.TIMED
    if colon := COLON.match(text, start, line.end):
        said = colon["time"] and goes_on(text, colon.start("time"), line.end)
        yield colon["label"], colon.start("time") if said else colon.end(), Form.COLON
    if times and after and _is_name_above(text, start, line.end, after):
        yield text[start : line.end], line.end, Form.TIMED
    if dashed := DASHED.match(text, start, line.end):
        yield dashed["label"], dashed.end(), Form.DASHED
    bracket = BRACKET.match(text, start, line.end)
    if bracket and not is_stage(bracket.group().rstrip(":： ")):
        yield bracket["square"] or bracket["round"], bracket.end(), Form.BRACKET
    if lettered := LETTERED.match(text, start, line.end):
        yield lettered["label"], lettered.end(), Form.LETTERED
    if line.bold_end is not None and line.start < line.bold_end < line.end:
        yield text[line.start : line.bold_end], line.bold_end, Form.BOLD


def _is_name_above(text: str, start: int, end: int, after: Line) -> bool:
    """A few words beside a time, above a line without one: a service's ``00:12 Name`` and then what is said."""
    words = text[start:end]
    return 0 < len(words.split()) <= MAX_NAME_WORDS and not ends_sentence(words) and not TIMES.match(text, after.start)


def _greets(text: str, rest: str, after: Line | None) -> bool:
    return rest.endswith(",") and rest.count(",") == 1 and after is not None and text[after.start].isupper()


def _made(text: str, line: Line, after: Line | None, label: str, end: int, form: Form) -> Candidate | None:
    name = clean_name(label)
    if not any(char.isalpha() for char in name):
        return None
    rest = text[end : line.end]
    return Candidate(
        name=name,
        key=" ".join(name.casefold().split()),
        end=end,
        form=form,
        shape=NameShape.SENTENCE if is_clause(label.partition(",")[2]) else shape_of(name),
        is_bold=line.bold_end is not None and abs(line.bold_end - end) <= 3,
        opens_title=form is Form.COLON and 2 <= len(rest.split()) <= MAX_TITLE_WORDS and not ends_sentence(rest),
        greets=_greets(text, rest, after),
        starts_small=form in (Form.COLON, Form.TIMED) and rest[:1].islower(),
        is_addressed=bool(rest.split()) and all(ADDRESS.match(word) for word in rest.split()),
    )


def bare_name(text: str, line: Line) -> Candidate | None:
    """A name that has the line to itself."""
    if line.kind is not None or line.label_end is not None or not BARE.fullmatch(text, line.start, line.end):
        return None
    words = text[line.start : line.end]
    if ends_sentence(words) or words[0] in "([-–—":
        return None
    found = _made(text, line, None, words, line.end, Form.BARE)
    return found if found and found.shape >= NameShape.ARTICLED else None
