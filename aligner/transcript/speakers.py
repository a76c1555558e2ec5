"""Who says each line: labels are found by the evidence of the whole file, not by their shape alone.

It stands before a colon, beside a time, in brackets or bold, or alone. Offsets count code points of the text.

A candidate is a speaker's label if it recurs or is written like a name, and nothing speaks against it: a verb or
pronoun, a common word of the text, words after it that read as the second half of a title or sentence. One that
surely names a voice, as lines of credits or capitals tell, needs no more.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import pairwise

from aligner.model import Transcript
from aligner.transcript.draft import Line
from aligner.transcript.marks import LETTERS, ONLY_TIME, TIME, TIMES, goes_on, is_said_after, is_stage
from aligner.transcript.names import MAX_NAME_WORDS, NameShape, clean_name, is_clause, shape_of
from aligner.transcript.vocabulary import (
    ARTICLES,
    CAST,
    CHAPTERS,
    CLAUSE,
    CREDITS,
    METADATA,
    OPENERS,
    QUESTION_AND_ANSWER,
    ROLES,
)

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


_CREDIT = re.compile(r"([^\s:：][^:：]{0,40}?)\s*[:：]")
EDGES = "#*_ :.–—-"
_BETWEEN = re.compile(r"[,;/&•|]|\s(?:et|and|und|y|e|en|och)\s", re.IGNORECASE)
_OF_PEOPLE = CAST | CREDITS | ROLES
_MOST_CHARS = 500  # of a line that names who takes part


def is_credit(text: str, line: Line) -> bool:
    """Whether a line tells of the episode rather than being said in it."""
    words = _opening(text, line)
    if any(word in METADATA for word in words):
        return True
    return any(word in ROLES or word in CREDITS for word in words) and not ends_sentence(text[line.start : line.end])


def people_credited(text: str, lines: Sequence[Line]) -> frozenset[str]:
    """The full names in lines of credits of those who take part, and their first and last words, casefolded."""
    told = (line for line in lines if any(word in _OF_PEOPLE for word in _opening(text, line)))
    names = [name for line in told if is_credit(text, line) for name in _names(text, line)]
    parts = [part for name in names for part in (name.split()[0], name.split()[-1])]
    return frozenset(" ".join(name.casefold().split()) for name in (*names, *parts))


def _opening(text: str, line: Line) -> list[str]:
    """The word that tells what a line of credits is of: the first one, or the one after an article."""
    found = _CREDIT.match(text, line.start, line.end)
    words = found[1].casefold().strip(EDGES).split() if found else []
    return words[1:2] if words and words[0] in ARTICLES else words[:1]


def _names(text: str, line: Line) -> list[str]:
    found = _CREDIT.match(text, line.start, line.end)
    listed = text[found.end() : min(line.end, found.end() + _MOST_CHARS)] if found else ""
    names = map(clean_name, _BETWEEN.split(listed))
    return [name for name in names if name and shape_of(name) is NameShape.FULL_NAME]


MAX_SMALL_STARTS = 0.1  # of turns; where more start with a small letter, that says nothing
MIN_OTHERS = 3  # turns of other names for each of one's own; who talks so much may write as they like
MAX_UNFINISHED = 0.3  # of turns; where more lack a full stop, that says nothing
MIN_HABIT = 0.1  # share of lines with a recurring label that makes labels the file's habit
MIN_NAMED = 0.6  # the same for labels that need not recur
MIN_DASHED = 0.3  # share of lines with a recurring name before a dash
MIN_BARE_SHARE = 0.15  # the same for names alone on their lines, which look more like other things
_HEADINGS = OPENERS | CHAPTERS | METADATA  # what begins with these names nobody, however often it stands alone


@dataclass(frozen=True, slots=True)
class Label:
    """A speaker's label: its name, and where the words after it start."""

    name: str
    end: int


@dataclass(frozen=True, slots=True)
class File:
    """What the whole file says of labels."""

    counts: Counter[str]  # how many lines each name opens
    small: Counter[str]  # ... with a small letter after it
    addressed: Counter[str]  # ... with nothing after it but an address
    turns: Counter[str]  # how many each name that recurs opens
    all_turns: int  # ... and all together
    all_small: int  # of these, with a small letter after it
    cast: frozenset[str]  # names that the credits tell
    shouts: bool  # most labels that recur are in capitals
    lower: frozenset[str]  # words that are written small somewhere
    timed: int  # labels with a time
    opening: str | None  # the name that opens the first line
    uses_dashes: bool  # names before dashes are its habit
    turns_unfinished: bool  # a turn may end without a full stop
    uses_labels: bool

    def turns_start_small(self, besides: str) -> bool:
        """Whether turns may start with a small letter, as those of other names tell where they are by far the most."""
        own = self.turns[besides]
        turns, small = self.all_turns - own, self.all_small - (self.small[besides] if own else 0)
        return turns <= MIN_OTHERS * own or small > MAX_SMALL_STARTS * turns


def find_labels(text: str, lines: Sequence[Line]) -> list[Label | None]:
    """The label of each line, or None; names that differ in case only are spelled as most often."""
    if not lines:
        return []
    candidates = _candidates(text, lines)
    file = _survey(text, lines, candidates)
    accepted = [found if found and is_speaker(found, file) else None for found in candidates]
    if not any(accepted):
        accepted = _bare_names(text, lines, file.lower)
    spelling = _spellings(accepted)
    return [Label(spelling[found.key], found.end) if found else None for found in accepted]


def likely_labels(text: str, lines: Sequence[Line]) -> list[tuple[Line, Label]]:
    """The lines that open like a label, in a text that has them, and are taken for no turn only because what follows
    reads like the second half of a title."""
    candidates = _candidates(text, lines)
    file = _survey(text, lines, candidates)
    return [
        (line, Label(found.name, found.end))
        for line, found in zip(lines, candidates, strict=True)
        if found
        and found.opens_title
        and not is_speaker(found, file)
        and is_speaker(replace(found, opens_title=False), file)
    ]


def _candidates(text: str, lines: Sequence[Line]) -> list[Candidate | None]:
    following = [*lines[1:], None]
    return _in_interviews([candidate(text, line, after) for line, after in zip(lines, following, strict=True)])


def is_speaker(found: Candidate, file: File) -> bool:
    """Whether the evidence makes a speaker of a candidate."""
    if found.form in (Form.GIVEN, Form.LETTERED):
        return True
    first, *others = found.key.split()
    count, is_name = file.counts[found.key], _is_name(found, file.counts)
    if found.shape is NameShape.SENTENCE or first in OPENERS or first in CHAPTERS or (first in METADATA and count < 3):
        return False
    if count == file.addressed[found.key]:
        return False
    if _names_a_voice(found, file):
        return True
    greets = found.greets and found.shape in (NameShape.ARTICLED, NameShape.FULL_NAME)
    opens_title = found.opens_title and not file.turns_unfinished and not greets
    mostly_small = 2 * file.small[found.key] > count
    if (mostly_small or (found.starts_small and opens_title)) and not file.turns_start_small(found.key):
        return False
    is_common = first in file.lower and (not others or first in CLAUSE)
    if found.shape is NameShape.WORDS:
        is_common = all(word.replace("’", "'").rpartition("'")[2] in file.lower for word in (first, *others))
    if found.form is Form.DASHED and not (file.uses_dashes or _is_shouted(found.name)):
        return False
    if found.form in (Form.BOLD, Form.BRACKET, Form.DASHED, Form.TABBED):
        return is_name and count >= 2 and not is_common
    if found.form is Form.TIMED and (count > 1 or (is_name and file.timed > 1)):
        return True
    if found.is_bold and (is_name or count > 1):
        return True
    if count >= 3:
        return is_name or (len(others) <= 2 and not is_common)
    if count == 2:
        return is_name and not (is_common and opens_title)
    if found.key == file.opening and found.shape is NameShape.FULL_NAME and not opens_title:
        return True  # a talk by one person has one label
    return is_name and file.uses_labels and not is_common and not opens_title


def _in_interviews(candidates: Sequence[Candidate | None]) -> list[Candidate | None]:
    """The candidates, those of one letter and a full stop only where question and answer recur in turn; elsewhere such
    letters number a list, or begin a name."""
    lettered = [found.key for found in candidates if found and found.form is Form.LETTERED]
    counts = Counter(lettered)
    recur = {pair for pair in QUESTION_AND_ANSWER if all(counts[letter] > 1 for letter in pair)}
    asked = {letter for pair in recur for letter in pair}
    turns = sum(one != other for one, other in pairwise(lettered))
    is_interview = len(recur) == 1 and set(lettered) <= asked and 2 * turns >= len(lettered)
    return [found if not found or found.form is not Form.LETTERED or is_interview else None for found in candidates]


def _names_a_voice(found: Candidate, file: File) -> bool:
    """Whether a label is a speaker's whatever follows it: one of the cast, or a role or a name as those who recur have
    theirs in capitals."""
    if found.form is not Form.COLON or found.shape < NameShape.NAME:
        return False
    recurs, is_role = file.counts[found.key] > 1, any(word in ROLES for word in found.key.split())
    return (
        found.key in file.cast
        or (is_role and recurs)
        or (_is_shouted(found.name) and (is_role or (recurs and file.shouts)))
    )


def _is_name(found: Candidate, counts: Mapping[str, int]) -> bool:
    """Whether a candidate is written like a name; after an article, it also has to recur or stand before a colon."""
    if found.shape is NameShape.ARTICLED:
        return counts[found.key] > 1 or found.form is Form.COLON
    return found.shape >= NameShape.NAME


def _is_shouted(name: str) -> bool:
    """In capitals, as plays and minutes write names (``Mme ROY``)."""
    return any(len(word) > 2 and word.isupper() for word in LETTERS.findall(name))


def _survey(text: str, lines: Sequence[Line], candidates: Sequence[Candidate | None]) -> File:
    counts = Counter(found.key for found in candidates if found)
    named = [found for found in candidates if found and _is_name(found, counts)]
    recurring = [found for found in named if counts[found.key] > 1]
    turns = recurring or named
    once = [line for line, found in zip(lines, candidates, strict=True) if not found or counts[found.key] == 1]
    with_words = sum(not ONLY_TIME.fullmatch(text, line.start, line.end) for line in lines)
    spoken = [
        text[found.end if found else line.start : line.end] for line, found in zip(lines, candidates, strict=True)
    ]
    return File(
        counts=counts,
        small=Counter(found.key for found in candidates if found and found.starts_small),
        addressed=Counter(found.key for found in candidates if found and found.is_addressed),
        cast=people_credited(text, once),
        shouts=_share(_is_shouted(found.name) for found in recurring) > 0.5,
        lower=frozenset(word for words in spoken for word in LETTERS.findall(words) if word.islower()),
        timed=sum(found is not None and found.form is Form.TIMED for found in candidates),
        turns=Counter(found.key for found in recurring),
        all_turns=len(recurring),
        all_small=sum(found.starts_small for found in recurring),
        opening=candidates[0].key if candidates[0] else None,
        uses_dashes=sum(found.form is Form.DASHED for found in recurring) >= MIN_DASHED * with_words,
        turns_unfinished=_share(found.opens_title for found in turns) > MAX_UNFINISHED,
        uses_labels=len(recurring) >= max(2, MIN_HABIT * with_words) or len(named) >= MIN_NAMED * with_words,
    )


def _share(facts: Iterable[bool]) -> float:
    listed = list(facts)
    return sum(listed) / len(listed) if listed else 0.0


def _bare_names(text: str, lines: Sequence[Line], lower: frozenset[str]) -> list[Candidate | None]:
    """Names alone on their lines: they recur, are written like names, and stand above a line that is none."""
    shaped = [bare_name(text, line) for line in lines]
    shaped = [found if found and (" " in found.key or found.key not in lower) else None for found in shaped]
    shaped = [None if found and found.key.split()[0] in _HEADINGS else found for found in shaped]
    counts = Counter(found.key for found in shaped if found)
    names = [found if found and counts[found.key] >= 2 else None for found in shaped]
    above = [found and not after for found, after in zip(names, [*names[1:], None], strict=True)]
    above[-1] = None  # nothing is said after the last line
    kept = [found if is_above else None for found, is_above in zip(names, above, strict=True)]
    enough = sum(found is not None for found in kept) >= max(2, MIN_BARE_SHARE * len(lines))
    return kept if enough else [None] * len(lines)


def _spellings(accepted: Sequence[Candidate | None]) -> dict[str, str]:
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for found in accepted:
        if found:
            spelled[found.key][found.name] += 1
    return {key: names.most_common(1)[0][0] for key, names in spelled.items()}


def renamed(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """The transcript with each speaker whose label is in ``names`` called by the name it has there; its text stays."""
    segments = tuple(
        replace(segment, speaker=names.get(segment.speaker, segment.speaker)) if segment.speaker else segment
        for segment in transcript.segments
    )
    return replace(transcript, segments=segments)
