"""Define cues, the labels of speakers and the rules for captions, and check cues against the rules.

Conventions
-----------
- The times of a cue are seconds of the episode, ``[start, end)``, in whole milliseconds, as in files. Cues are in order
  and do not overlap.
- Durations are seconds. Lengths are characters as ``width`` counts them; for reading speed, a line break counts too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from enum import StrEnum
from itertools import zip_longest

from aligner.durations import to_milliseconds
from aligner.languages import language_of, word_set
from aligner.model import Span
from aligner.timed_text.cues import CueBlock, Problem, plain
from aligner.transcript.vocabulary import ARTICLES, PARTICLES, QUALIFIERS, ROLES, TITLES
from aligner.typography.tokens import width


class CueKind(StrEnum):
    """The content of a cue: speech, a stage direction, or a mark such as "[ad]" for audio without text."""

    SPEECH = "speech"
    STAGE = "stage"
    UNTRANSCRIBED = "untranscribed"


@dataclass(frozen=True, slots=True)
class CueWord:
    """A word as displayed, with its punctuation, even if a space separates the punctuation from the word (``mot !``).

    ``before`` is the white space before the word in its line. ``span`` is the word's time, None if unknown. ``word`` is
    the index in ``Alignment.words``, None in a stage direction or for punctuation displayed separately.
    """

    text: str
    before: str
    span: Span | None
    word: int | None


@dataclass(frozen=True, slots=True)
class CueLine:
    """A line of a cue, by one speaker. ``lead`` precedes the words: a dash, a name, both or ""."""

    speaker: str | None
    lead: str
    words: tuple[CueWord, ...]

    @property
    def spoken(self) -> str:
        """The words of the line without the lead."""
        first, *rest = self.words or (CueWord("", "", None, None),)
        return first.text + "".join(word.before + word.text for word in rest)

    @property
    def text(self) -> str:
        return f"{self.lead} {self.spoken}" if self.lead and self.words else self.lead + self.spoken


@dataclass(frozen=True, slots=True)
class Cue:
    """A caption on screen from ``start`` to ``end``, in seconds of the episode."""

    start: float
    end: float
    lines: tuple[CueLine, ...]
    kind: CueKind = CueKind.SPEECH

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"cue ends at {self.end}, not after its start {self.start}")
        if not self.lines or not all(line.text for line in self.lines):
            raise ValueError(f"cue at {self.start} has an empty line")

    @property
    def duration(self) -> float:
        return self.end - self.start

    @property
    def text(self) -> str:
        return "\n".join(line.text for line in self.lines)

    @property
    def words(self) -> tuple[CueWord, ...]:
        return tuple(word for line in self.lines for word in line.words)

    @property
    def voice_start(self) -> float | None:
        """The start, in seconds, of the first word with a known time; None if no word has one."""
        return next((word.span.start for word in self.words if word.span), None)


# Matches the description after a name: "Antonio Casilli, voix off", "Voices - a film".
_ASIDE = re.compile(r"(?:[,،、，(\[（［【]|\s[-–—]\s).*", re.DOTALL)
_PARTICLES = word_set("de du des la le d van von der den ten ter di da das dos della dello degli zu el al bin ben")
# First words that are not first names: ``La Rosalía``, ``Van Morrison``, ``Abu Bakr``.
_NO_FIRST_NAMES = ARTICLES | PARTICLES | _PARTICLES | TITLES | ROLES
_NO_FIRST_NAMES |= word_set(
    "abbé abd abou abu aït dal dalla dei docteur doctor dom lady los lord mac mc père professor san santa"
)
_TITLES = word_set("dr prof")  # in every language


class SpeakerNames(StrEnum):
    """The cues that show the speaker's name. ALWAYS: all, unless there is no time to read the name. CHANGE: those in
    which the speaker changes. DASH: none, but a dash marks a change of speaker. NEVER: none."""

    ALWAYS = "always"
    CHANGE = "change"
    DASH = "dash"
    NEVER = "never"


def speaker_labels(
    speakers: Iterable[str], language: str, max_line: int, mark: str | None = None
) -> dict[str, tuple[str, str]]:
    """Return the full and the short label of each speaker: a name followed by ``mark``, or by the language's usual mark
    if ``mark`` is None. A label has at most ``max_line`` characters."""
    mark = language_of(language).captioning.name_mark if mark is None else mark
    return {
        speaker: (label(speaker, mark, max_line), label(short, mark, max_line))
        for speaker, short in short_names(speakers, language).items()
    }


def short_names(speakers: Iterable[str], language: str = "") -> dict[str, str]:
    """Return a short name for each speaker: the first name if it is clear and unique, else the whole name.

    Titles before a full name, such as "Dr.", and descriptions after a name are omitted. ``language`` is a code.

    Examples
    --------
    >>> short_names(["Dr. Zoë O’Brien", "Ada Morel", "Mrs. Petit"], "en")
    {'Dr. Zoë O’Brien': 'Zoë', 'Ada Morel': 'Ada', 'Mrs. Petit': 'Mrs. Petit'}
    """
    bare = {speaker: " ".join(_ASIDE.sub("", speaker).split()) or speaker for speaker in speakers}
    shared = Counter(bare.values())
    names = {
        speaker: name if shared[name] == 1 or _is_same_voice(speaker, name) else speaker
        for speaker, name in bare.items()
    }
    titles = language_of(language).captioning.sentences.titles | _TITLES
    persons = {name: _untitled(name, titles) for name in set(names.values())}
    first_names = Counter(name.split()[0].casefold() for name in persons.values())

    def short(name: str) -> str:
        first = persons[name].split()[0]
        return first if _is_person(persons[name]) and first_names[first.casefold()] == 1 else name

    return {speaker: short(name) for speaker, name in names.items()}


def _untitled(name: str, titles: AbstractSet[str]) -> str:
    words = name.split()
    while len(words) > 2 and words[0].rstrip(".").casefold() in titles:
        words.pop(0)
    return " ".join(words)


def _is_same_voice(speaker: str, name: str) -> bool:
    """Return whether ``speaker`` is ``name`` alone or with a remark such as "off" or "voice-over"."""
    return QUALIFIERS.issuperset(re.findall(r"[\w.]+", speaker.removeprefix(name).casefold()))


def _is_person(name: str) -> bool:
    first, *others = name.split()
    named = [word for word in others if word.casefold() not in _PARTICLES]
    if len(named) != 1 or first.isupper() or first.casefold() in _NO_FIRST_NAMES:  # ``DJ Shadow``
        return False
    return all(re.sub("[-'’]", "", word).isalpha() and word[0].isupper() for word in (first, *named))


def label(name: str, mark: str, max_line: int) -> str:
    """Return the name and ``mark``, in at most ``max_line`` characters. A name that is too long is cut after a word and
    gets an ellipsis."""
    name = " ".join(name.split())
    if width(name + mark) <= max_line:
        return name + mark
    cut = name
    while cut and width(cut + "…" + mark) > max_line:
        cut = cut[:-1]
    whole = cut if name[len(cut)].isspace() else cut.rpartition(" ")[0] or cut
    return whole.rstrip() + "…" + mark


@dataclass(frozen=True, slots=True)
class CaptionRules:
    """The limits of cues, in seconds and characters; comments in the code explain them. The defaults are those of
    Netflix's timed text guidelines (general, French, English), unless a comment says otherwise."""

    max_lines: int = 2
    # The most speakers in a cue, each on a line.
    max_voices: int = 2
    max_line: int = 42
    # 5/6 s, in whole milliseconds.
    min_duration: float = 0.834
    max_duration: float = 7.0
    # Two frames at 25 per second: enough to see that the text changes.
    min_gap: float = 0.08
    # Three frames at 24 per second, before or after the voice starts.
    max_start_error: float = 0.125
    # How far a cue may start from its voice to lend reading time to a neighbour. A fifth of the limit above remains for
    # the error of word times.
    lend: float = 0.1
    # Characters per second, in captions for deaf and hard-of-hearing readers.
    max_speed: float = 20.0
    # How long a cue stays after its last word if nobody speaks (12 frames at 24 per second).
    linger: float = 0.5
    # A shorter pause between cues would flicker: the first cue stays until ``min_gap`` before the second.
    chain: float = 0.4
    # A longer silence between two words, which may be music, splits the cue.
    max_pause: float = 1.0
    # The same between a word and one that it clings to ("Il … n'est pas"), a hesitation: the second word appears early
    # by as much, since a cue with a lone "Il" would not help.
    max_hesitation: float = 3.0
    # Longer speech that is missing from the transcript is announced.
    min_untranscribed: float = 3.0
    # The longest that a cue with only a stage direction is shown.
    stage_duration: float = 3.0
    speaker_names: SpeakerNames = SpeakerNames.NEVER
    # Whether a speaker's first cue has the full name and later ones the short name.
    introduces: bool = True
    # What follows a name; None: as the language has it.
    name_mark: str | None = None
    # Whether to show stage directions and marks for speech that is missing from the transcript.
    sound_cues: bool = True


class Norm(StrEnum):
    """A limit that cues should observe, such as the reading speed."""

    LINE_LENGTH = "line length"
    LINE_COUNT = "line count"
    SHORT = "too short"
    LONG = "too long"
    GAP = "gap before the next"
    START = "start against the voice"
    SPEED = "reading speed"


@dataclass(frozen=True, slots=True)
class CueReport:
    """A report on cues. ``missed`` holds the limits that each cue exceeds, in the order of the cues."""

    missed: tuple[frozenset[Norm], ...]

    @property
    def counts(self) -> dict[Norm, int]:
        """The number of cues that exceed each limit."""
        found = Counter(norm for missed in self.missed for norm in missed)
        return {norm: found[norm] for norm in Norm}

    @property
    def within(self) -> float:
        """The share of cues within all limits other than reading speed; 1 if there are no cues."""
        return self._share(not missed - {Norm.SPEED} for missed in self.missed)

    @property
    def readable(self) -> float:
        """The share of cues within the limit of reading speed; 1 if there are no cues."""
        return self._share(Norm.SPEED not in missed for missed in self.missed)

    def _share(self, passes: Iterable[bool]) -> float:
        return sum(passes) / len(self.missed) if self.missed else 1.0


def judge_cues(cues: Sequence[Cue], rules: CaptionRules | None = None) -> CueReport:
    """Return which limits each cue exceeds; without ``rules``, the default rules apply."""
    rules = rules or CaptionRules()
    followers = [*(cue.start for cue in cues[1:]), None] if cues else []
    return CueReport(tuple(_missed(cue, following, rules) for cue, following in zip(cues, followers, strict=True)))


def _missed(cue: Cue, following: float | None, rules: CaptionRules) -> frozenset[Norm]:
    missed = set(_failures(cue.text.split("\n"), Span(cue.start, cue.end), following, rules))
    voice = cue.voice_start
    if cue.kind is CueKind.SPEECH and voice is not None:
        error_ms = abs(to_milliseconds(cue.start) - to_milliseconds(voice))
        if error_ms > to_milliseconds(rules.max_start_error):
            missed.add(Norm.START)
    return frozenset(missed)


def _failures(lines: Sequence[str], span: Span, following: float | None, rules: CaptionRules) -> dict[Norm, str]:
    """Return the limits that a cue exceeds, each with a text that states the cue's value and the limit. ``following``
    is the start of the next cue, None for the last cue."""
    start_ms, end_ms = to_milliseconds(span.start), to_milliseconds(span.end)
    duration_ms = end_ms - start_ms
    missed = {}
    longest, length = max(map(width, lines), default=0), width(" ".join(lines))
    if longest > rules.max_line:
        missed[Norm.LINE_LENGTH] = f"{longest} characters, at most {rules.max_line}"
    if len(lines) > rules.max_lines:
        missed[Norm.LINE_COUNT] = f"{len(lines)} lines, at most {rules.max_lines}"
    if duration_ms < to_milliseconds(rules.min_duration):
        missed[Norm.SHORT] = f"{duration_ms / 1000:g} s, at least {rules.min_duration:g}"
    if duration_ms > to_milliseconds(rules.max_duration):
        missed[Norm.LONG] = f"{duration_ms / 1000:g} s, at most {rules.max_duration:g}"
    if following is not None:
        gap_ms = to_milliseconds(following) - end_ms
        if gap_ms < to_milliseconds(rules.min_gap):
            missed[Norm.GAP] = f"{gap_ms / 1000:g} s, at least {rules.min_gap:g}"
    if length > rules.max_speed * duration_ms / 1000:
        # Rounded up, so that the figure is over the limit.
        speed = math.ceil(length / max(duration_ms, 1) * 10_000) / 10
        missed[Norm.SPEED] = f"{speed:.1f} characters a second, at most {rules.max_speed:g}"
    return missed


def missed_norms(cues: Sequence[CueBlock], rules: CaptionRules | None = None) -> list[Problem]:
    """Return a problem for each limit that a cue of a caption file exceeds. The start of a cue is not checked, since a
    file does not show when the cue's words are spoken."""
    rules = rules or CaptionRules()
    found = []
    timed = [cue for cue in cues if cue.is_timed]
    starts = [cue.start for cue in timed]
    for cue, following in zip_longest(timed, starts[1:]):
        lines = [text for text in map(plain, cue.lines) if text]
        for norm, figure in _failures(lines, Span(cue.start, max(cue.start, cue.end)), following, rules).items():
            found.append(Problem(cue.line, norm, f"{norm}: {figure}"))
    return found
