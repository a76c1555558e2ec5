"""Who says each line: labels are found by the evidence of the whole file, not by their shape alone.

A candidate is a speaker's label if it recurs or is written like a name, and nothing speaks against it: a verb or
pronoun, a common word of the text, words after it that read as the second half of a title or sentence. One that
surely names a voice, as lines of credits or capitals tell, needs no more.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from aligner.model import Transcript
from aligner.transcript.candidates import Candidate, Form, bare_name, candidate
from aligner.transcript.credits import people_credited
from aligner.transcript.draft import Line
from aligner.transcript.marks import LETTERS
from aligner.transcript.names import NameShape
from aligner.transcript.times import ONLY_TIME
from aligner.transcript.vocabulary import CHAPTERS, CLAUSE, METADATA, OPENERS, QUESTION_AND_ANSWER, ROLES

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
