"""Find the speaker's label of each line, by evidence from the whole file.

A candidate for a label ends with a colon, stands beside a time, in brackets or in bold, or is alone on its line. A
candidate is accepted as a label if it recurs or looks like a name. It is rejected if it contains a verb or pronoun, if
it is a common word of the text, or if the text after it looks like the second half of a title or sentence. Offsets
count code points of the text.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from aligner.model import Transcript
from aligner.transcript.draft import Line
from aligner.transcript.marks import LETTERS, ONLY_TIME, TIME, TIMES, goes_on, is_said_after, is_stage
from aligner.transcript.names import MAX_NAME_WORDS, NameShape, clean_name, is_clause, shape_of
from aligner.transcript.vocabulary import ARTICLES, CHAPTERS, CLAUSE, CREDITS, METADATA, OPENERS, ROLES

MAX_TITLE_WORDS = 14
FINAL_CHARS = 40  # more than a full stop and its closing quotation marks
_LABEL = r"(?P<label>[^:：\t]{1,80}?)"  # may contain the line break of an editor
LEAD = re.compile(r"(?:>>+|»|[-–—―•])?\s*")
TIMED = re.compile(rf"{_LABEL}[\s,|@–-]+{TIME}[*_]{{0,2}}\s*(?P<colon>[:：-]?)[*_]{{0,2}}\s*")
COLON = re.compile(rf"{_LABEL}\s*[:：](?![/)(]|\d)[*_]{{0,2}}\s*(?P<time>{TIME}\s*)?")
BRACKET = re.compile(r"(?:\[(?P<square>[^\[\]:\n]{1,40})\]|\((?P<round>[^():\n]{1,40})\))\s*+(?:[:：]\s*+)?(?=\S)")
BARE = re.compile(r"[^:：\n]{1,80}")
ADDRESS = re.compile(r"[<(\[]?(?:[a-z]{3,6}://|www\.|mailto:|[\w.+-]{1,64}@[\w-]{1,64}\.)", re.IGNORECASE)
FINAL = re.compile(r"[.!?…:;。！？]['’\"”»)\]*_\s]*$")


class Form(Enum):
    """The way in which a label is set apart from the text after it."""

    MARKUP = auto()
    COLON = auto()
    TIMED = auto()
    BRACKET = auto()
    BOLD = auto()
    BARE = auto()  # alone on its line


@dataclass(frozen=True, slots=True)
class Candidate:
    """A possible label, with evidence from its own line. ``key`` is the casefolded name; ``end`` is the offset of the
    text after the label. ``opens_title``: this text looks like the second half of a title. ``starts_small``: this
    text begins with a small letter. ``is_addressed``: this text consists of web or mail addresses."""

    name: str
    key: str
    end: int
    form: Form
    shape: NameShape
    is_bold: bool = False
    opens_title: bool = False  # the words after it look like the second half of a title
    starts_small: bool = False  # the words after it begin with a small letter
    is_addressed: bool = False  # only web or mail addresses follow


def ends_sentence(words: str) -> bool:
    """Return whether the words end with punctuation that closes a sentence or clause."""
    return FINAL.search(words, max(0, len(words) - FINAL_CHARS)) is not None


def candidate(text: str, line: Line, after: Line | None) -> Candidate | None:
    """Return a candidate for the speaker's label at the start of a line, or None. Of several candidates, the one that
    looks most like a name is returned. ``after`` is the next line."""
    if line.speaker is not None:
        end = line.start if line.label_end is None else line.label_end
        return Candidate(line.speaker, line.speaker.casefold(), end, Form.MARKUP, NameShape.FULL_NAME)
    if line.kind is not None or line.label_end is not None:
        return None
    found = [_candidate(text, line, label, end, form) for label, end, form in _possible_labels(text, line, after)]
    return max(filter(None, found), key=lambda each: each.shape, default=None)


def _possible_labels(text: str, line: Line, after: Line | None) -> Iterator[tuple[str, int, Form]]:
    lead = LEAD.match(text, line.start, line.end)
    start = lead.end() if lead else line.start
    times = TIMES.match(text, start, line.end)
    start = times.end() if times else start
    timed = TIMED.match(text, start, line.end)
    if timed and not is_said_after(timed["label"]):
        yield timed["label"], timed.end(), Form.TIMED
    if colon := COLON.match(text, start, line.end):
        is_spoken = colon["time"] and goes_on(text, colon.start("time"), line.end)
        yield colon["label"], colon.start("time") if is_spoken else colon.end(), Form.COLON
    words = text[start : line.end]
    is_short = 0 < len(words.split()) <= MAX_NAME_WORDS and not ends_sentence(words)
    if times and is_short and after and not TIMES.match(text, after.start):
        yield words, line.end, Form.TIMED  # "00:12 Name" above the words, as transcription services write it
    bracket = BRACKET.match(text, start, line.end)
    if bracket and not is_stage(bracket.group().rstrip(":： ")):
        yield bracket["square"] or bracket["round"], bracket.end(), Form.BRACKET
    if line.bold_end is not None and line.start < line.bold_end < line.end:
        yield text[line.start : line.bold_end], line.bold_end, Form.BOLD


def _candidate(text: str, line: Line, label: str, end: int, form: Form) -> Candidate | None:
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
        starts_small=form in (Form.COLON, Form.TIMED) and rest[:1].islower(),
        is_addressed=bool(rest.split()) and all(ADDRESS.match(word) for word in rest.split()),
    )


def bare_name(text: str, line: Line, lower: frozenset[str]) -> Candidate | None:
    """Return a candidate if the line consists only of a name, else None. ``lower`` has the words that occur in lower
    case in the text; a line that is one of these words is not a name."""
    if line.kind is not None or line.label_end is not None or not BARE.fullmatch(text, line.start, line.end):
        return None
    words = text[line.start : line.end]
    if ends_sentence(words) or words[0] in "([-–—":
        return None
    found = _candidate(text, line, words, line.end, Form.BARE)
    if not found or found.shape < NameShape.ARTICLED or found.key in lower or found.key.split()[0] in _HEADINGS:
        return None
    return found


_CREDIT = re.compile(r"([^\s:：][^:：]{0,40}?)\s*[:：]")
EDGES = "#*_ :.–—-"


def is_credit(text: str, line: Line) -> bool:
    """Return whether a line is information on the episode, such as ``Date: 4 May``."""
    found = _CREDIT.match(text, line.start, line.end)
    words = found[1].casefold().strip(EDGES).split() if found else []
    word = next((each for each in words[:2] if each not in ARTICLES), "")
    return word in METADATA or (word in ROLES | CREDITS and not ends_sentence(text[line.start : line.end]))


MAX_SMALL_STARTS = 0.1  # share of turns; if more start with a small letter, the file's turns may
MIN_OTHERS = 3  # turns of others per turn of a speaker; with fewer, the speaker's turns set the file's style
MAX_UNFINISHED = 0.3  # share of turns; if more have no full stop, the file's turns may
MIN_HABIT = 0.1  # share of lines with a recurring label in a file that uses labels
MIN_NAMED = 0.6  # the same for labels that look like names
MIN_BARE_SHARE = 0.15  # the same for names alone on their lines
_HEADINGS = OPENERS | CHAPTERS | METADATA  # first words of recurring lines that are not names


def find_labels(text: str, lines: Sequence[Line]) -> list[Candidate | None]:
    """Return the speaker's label of each line, None if a line has none. If names differ only in case, the most frequent
    spelling is used for all."""
    if not lines:
        return []
    candidates = [candidate(text, line, after) for line, after in zip(lines, [*lines[1:], None], strict=True)]
    evidence = _Evidence(text, lines, candidates)
    accepted = [found if found and evidence.is_speaker(found) else None for found in candidates]
    if not any(accepted):
        accepted = _bare_names(text, lines, evidence.lower)
    spelled: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for found in filter(None, accepted):
        spelled[found.key][found.name] += 1
    spelling = {key: names.most_common(1)[0][0] for key, names in spelled.items()}
    return [replace(found, name=spelling[found.key]) if found else None for found in accepted]


class _Evidence:
    """Statistics of a whole file that decide which candidates are accepted as labels."""

    def __init__(self, text: str, lines: Sequence[Line], candidates: Sequence[Candidate | None]) -> None:
        known = [found for found in candidates if found]
        self._counts = Counter(found.key for found in known)
        self._small = Counter(found.key for found in known if found.starts_small)
        self._addressed = Counter(found.key for found in known if found.is_addressed)
        named = [found for found in known if self._is_name(found)]
        recurring = [found for found in named if self._counts[found.key] > 1]
        turns = recurring or named
        with_words = sum(not ONLY_TIME.fullmatch(text, line.start, line.end) for line in lines)
        starts = (found.end if found else line.start for line, found in zip(lines, candidates, strict=True))
        texts = (text[start : line.end] for line, start in zip(lines, starts, strict=True))
        self.lower = frozenset(word for words in texts for word in LETTERS.findall(words) if word.islower())
        self._turns = Counter(found.key for found in recurring)
        self._all_small = sum(found.starts_small for found in recurring)
        self._shouts = 2 * sum(_is_shouted(found.name) for found in recurring) > len(recurring)
        self._timed = sum(found.form is Form.TIMED for found in known)
        self._opening = candidates[0].key if candidates[0] else None
        self._turns_unfinished = sum(found.opens_title for found in turns) > MAX_UNFINISHED * len(turns)
        self._uses_labels = len(recurring) >= max(2, MIN_HABIT * with_words) or len(named) >= MIN_NAMED * with_words

    def is_speaker(self, found: Candidate) -> bool:
        """Return whether a candidate is accepted as a speaker's label."""
        if found.form is Form.MARKUP:
            return True
        first, *others = found.key.split()
        count, is_name = self._counts[found.key], self._is_name(found)
        is_no_name = first in OPENERS or first in CHAPTERS or (first in METADATA and count < 3)
        if found.shape is NameShape.SENTENCE or is_no_name or count == self._addressed[found.key]:
            return False
        if self._names_a_voice(found):
            return True
        opens_title = found.opens_title and not self._turns_unfinished
        mostly_small = 2 * self._small[found.key] > count
        if (mostly_small or (found.starts_small and opens_title)) and not self._turns_start_small(found.key):
            return False
        is_letter = found.form is Form.COLON and len(found.key) == 1  # "A", as automatic transcripts name a voice
        is_common = first in self.lower and not is_letter and (not others or first in CLAUSE)
        if found.shape is NameShape.WORDS:
            is_common = all(word.replace("’", "'").rpartition("'")[2] in self.lower for word in (first, *others))
        if found.form in (Form.BOLD, Form.BRACKET):
            return is_name and count >= 2 and not is_common
        if found.form is Form.TIMED and (count > 1 or (is_name and self._timed > 1)):
            return True
        if found.is_bold and (is_name or count > 1):
            return True
        if count >= 3:
            return is_name or (len(others) <= 2 and not is_common)
        if count == 2:
            return is_name and not (is_common and opens_title)
        if found.key == self._opening and found.shape is NameShape.FULL_NAME and not opens_title:
            return True  # a talk by one person has one label
        return is_name and self._uses_labels and not is_common and not opens_title

    def _is_name(self, found: Candidate) -> bool:
        if found.shape is NameShape.ARTICLED:
            return self._counts[found.key] > 1 or found.form is Form.COLON
        return found.shape >= NameShape.NAME

    def _names_a_voice(self, found: Candidate) -> bool:
        """Return whether a candidate before a colon is certainly a label. A role like "host" is one if it recurs or is
        in capitals. A name is one if it recurs in capitals and most recurring names of the file are in capitals."""
        if found.form is not Form.COLON or found.shape < NameShape.NAME:
            return False
        recurs, is_role = self._counts[found.key] > 1, any(word in ROLES for word in found.key.split())
        return (is_role and recurs) or (_is_shouted(found.name) and (is_role or (recurs and self._shouts)))

    def _turns_start_small(self, key: str) -> bool:
        """Return whether a turn of the speaker ``key`` may start with a small letter: if many turns of other speakers
        do, or if there are too few turns of other speakers to compare."""
        own, turns = self._turns[key], sum(self._turns.values())
        small = self._all_small - (self._small[key] if own else 0)
        return turns - own <= MIN_OTHERS * own or small > MAX_SMALL_STARTS * (turns - own)


def _is_shouted(name: str) -> bool:
    return any(len(word) > 2 and word.isupper() for word in LETTERS.findall(name))


def _bare_names(text: str, lines: Sequence[Line], lower: frozenset[str]) -> list[Candidate | None]:
    names = [bare_name(text, line, lower) for line in lines]
    counts = Counter(found.key for found in names if found)
    names = [found if found and counts[found.key] >= 2 else None for found in names]
    labels = [found if not after else None for found, after in zip(names, [*names[1:], None], strict=True)]
    labels[-1] = None  # no words follow the last line
    enough = sum(found is not None for found in labels) >= max(2, MIN_BARE_SHARE * len(lines))
    return labels if enough else [None] * len(lines)


def renamed(transcript: Transcript, names: Mapping[str, str]) -> Transcript:
    """Return the transcript with its speakers renamed; ``names`` maps old names to new. The text does not change."""
    segments = (
        replace(each, speaker=each.speaker and names.get(each.speaker, each.speaker)) for each in transcript.segments
    )
    return replace(transcript, segments=tuple(segments))
