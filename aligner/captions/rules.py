"""A cue's records, how cues name speakers, and the rules that they keep to, a reason beside each default.

Conventions
-----------
- A cue's times are seconds of the episode on the millisecond grid, ``[start, end)``; cues are in order and disjoint.
- A word keeps its own span, None where that is not known.
- Durations are seconds, lengths are characters as ``width`` counts them.
- Cues are judged on the millisecond grid that files are written on; the speed counts every character shown, a line
  break as one.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
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
    """What a cue shows."""

    SPEECH = "speech"
    STAGE = "stage"
    UNTRANSCRIBED = "untranscribed"


@dataclass(frozen=True, slots=True)
class CueWord:
    """A word as shown, the punctuation that stands apart from it included (``mot !``).

    ``before`` parts it from the word before where both share a line: a space, a no-break space or nothing. ``word`` is
    an index into ``Alignment.words``; None for stage directions and lone punctuation.
    """

    text: str
    before: str
    span: Span | None
    word: int | None


@dataclass(frozen=True, slots=True)
class CueLine:
    """A line of a cue: one speaker's. ``lead`` is what captions add before the words: a dash, the speaker's name."""

    speaker: str | None
    lead: str
    words: tuple[CueWord, ...]

    @property
    def spoken(self) -> str:
        """The words alone, without what captions add."""
        first, *rest = self.words or (CueWord("", "", None, None),)
        return first.text + "".join(word.before + word.text for word in rest)

    @property
    def text(self) -> str:
        return f"{self.lead} {self.spoken}" if self.lead and self.words else self.lead + self.spoken


@dataclass(frozen=True, slots=True)
class Cue:
    """One caption on screen."""

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
        """When the first word whose time is known is said."""
        return next((word.span.start for word in self.words if word.span), None)


# "Antonio Casilli, voix off" and "Voices - a film" are a name and what is said about it.
_ASIDE = re.compile(r"(?:[,،、，(\[（［【]|\s[-–—]\s).*", re.DOTALL)
_PARTICLES = word_set("de du des la le d van von der den ten ter di da das dos della dello degli zu el al bin ben")
# What begins a name and is none alone: ``La Rosalía``, ``Van Morrison``, ``Abu Bakr``.
_HEADS = ARTICLES | PARTICLES | _PARTICLES | TITLES | ROLES
_HEADS |= word_set(
    "abbé abd abou abu aït dal dalla dei docteur doctor dom lady los lord mac mc père professor san santa"
)
_TITLES = word_set("dr prof")  # in every language


class SpeakerNames(StrEnum):
    """How the text of cues tells who speaks: by name in every cue that leaves time for it or where the speaker changes,
    by a dash where the speaker changes, or not at all."""

    ALWAYS = "always"
    CHANGE = "change"
    DASH = "dash"
    NEVER = "never"


def speaker_labels(
    speakers: Iterable[str], language: str, max_line: int, mark: str | None = None
) -> dict[str, tuple[str, str]]:
    """The full and the short label of each speaker, ``mark`` behind the name, or what the language has there."""
    mark = language_of(language).captioning.name_mark if mark is None else mark
    return {
        speaker: (label(speaker, mark, max_line), label(short, mark, max_line))
        for speaker, short in short_names(speakers, language).items()
    }


def short_names(speakers: Iterable[str], language: str = "") -> dict[str, str]:
    """The shortest clear form of each speaker's name: the first name where it is one and no other speaker has it,
    without titles of the language, by its code.

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
    """A name without the titles before it, where two words are left: ``Mme Petit`` is no name without."""
    words = name.split()
    while len(words) > 2 and words[0].rstrip(".").casefold() in titles:
        words.pop(0)
    return " ".join(words)


def _is_same_voice(speaker: str, name: str) -> bool:
    """Whether what is said about a name tells no more than how the voice is heard."""
    return QUALIFIERS.issuperset(re.findall(r"[\w.]+", speaker.removeprefix(name).casefold()))


def _is_person(name: str) -> bool:
    """Whether a name reads as first name and last name; one that may not is never cut."""
    first, *others = name.split()
    named = [word for word in others if word.casefold() not in _PARTICLES]
    if len(named) != 1 or first.isupper() or first.casefold() in _HEADS:  # ``DJ Shadow``
        return False
    return all(re.sub("[-'’]", "", word).isalpha() and word[0].isupper() for word in (first, *named))


def label(name: str, mark: str, max_line: int) -> str:
    """``Name:``, cut after a word, with an ellipsis, where it would overflow a line."""
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
    """What a cue may be. Numbers are Netflix's timed text guidelines (general, French and English) where not said."""

    max_lines: int = 2
    # How many speakers may share a cue, on a line each.
    max_voices: int = 2
    max_line: int = 42
    # 5/6 s, on the millisecond grid of the files.
    min_duration: float = 0.834
    max_duration: float = 7.0
    # Two frames at 25 per second: the eye sees that the text has changed.
    min_gap: float = 0.08
    # Three frames at 24 per second, either side of the voice.
    max_start_error: float = 0.125
    # How far from its voice a cue may start to give reading time to its neighbour; a fifth of the norm above is left to
    # the error of the word times.
    lend: float = 0.1
    # Characters per second, for captions in the language spoken, for deaf and hard-of-hearing readers.
    max_speed: float = 20.0
    # How long a cue stays after its last word where nobody speaks (12 frames at 24 per second).
    linger: float = 0.5
    # A pause between cues shorter than this flickers: the first cue is held until the gap before the second.
    chain: float = 0.4
    # A longer silence between two words splits the cue; what lies there may be music.
    max_pause: float = 1.0
    # One between a word and what it clings to ("Il … n'est pas") is a hesitation, and splits it when longer than this:
    # what follows is then shown early by as much, where a lone "Il" would say nothing.
    max_hesitation: float = 3.0
    # Speech that the transcript lacks is announced when it lasts longer than this.
    min_untranscribed: float = 3.0
    # A stage direction that has its own cue is shown no longer than this.
    stage_duration: float = 3.0
    speaker_names: SpeakerNames = SpeakerNames.NEVER
    # Speakers are introduced by their full name, and go by a short one afterwards.
    introduces: bool = True
    # What follows a name; as the language writes it where None.
    name_mark: str | None = None
    # Stage directions, and the mark where speech was not transcribed.
    sound_cues: bool = True


class Norm(StrEnum):
    """What is asked of a cue."""

    LINE_LENGTH = "line length"
    LINE_COUNT = "line count"
    SHORT = "too short"
    LONG = "too long"
    GAP = "gap before the next"
    START = "start against the voice"
    SPEED = "reading speed"


@dataclass(frozen=True, slots=True)
class CueReport:
    """The norms each cue misses; ``missed`` is as long as the cues judged."""

    missed: tuple[frozenset[Norm], ...]

    @property
    def counts(self) -> dict[Norm, int]:
        """How many cues miss each norm."""
        found = Counter(norm for missed in self.missed for norm in missed)
        return {norm: found[norm] for norm in Norm}

    @property
    def within(self) -> float:
        """The share of cues inside every norm but reading speed; 1 where there are no cues."""
        return self._share(lambda missed: not missed - {Norm.SPEED})

    @property
    def readable(self) -> float:
        """The share of cues inside the reading speed; 1 where there are no cues."""
        return self._share(lambda missed: Norm.SPEED not in missed)

    def _share(self, passes: Callable[[frozenset[Norm]], bool]) -> float:
        return sum(map(passes, self.missed)) / len(self.missed) if self.missed else 1.0


def judge_cues(cues: Sequence[Cue], rules: CaptionRules | None = None) -> CueReport:
    """Judge cues by the rules; the voice of a cue is that of its words."""
    rules = rules or CaptionRules()
    followers = [*(cue.start for cue in cues[1:]), None] if cues else []
    return CueReport(tuple(_missed(cue, after, rules) for cue, after in zip(cues, followers, strict=True)))


def _missed(cue: Cue, following: float | None, rules: CaptionRules) -> frozenset[Norm]:
    missed = set(measured(cue.text.split("\n"), Span(cue.start, cue.end), following, rules))
    voice = cue.voice_start
    if cue.kind is CueKind.SPEECH and voice is not None:
        error_ms = abs(to_milliseconds(cue.start) - to_milliseconds(voice))
        if error_ms > to_milliseconds(rules.max_start_error):
            missed.add(Norm.START)
    return frozenset(missed)


def measured(lines: Sequence[str], span: Span, following: float | None, rules: CaptionRules) -> dict[Norm, str]:
    """The norms that a cue misses, whoever made it, each with its figure and what the rules ask for.

    ``following`` is when the next cue starts; None where there is none.
    """
    start_ms, end_ms = to_milliseconds(span.start), to_milliseconds(span.end)
    duration_ms = end_ms - start_ms
    missed = {}
    longest, read = max(map(width, lines), default=0), width(" ".join(lines))
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
    if read > rules.max_speed * duration_ms / 1000:
        missed[Norm.SPEED] = f"{_speed(read, duration_ms)} characters a second, at most {rules.max_speed:g}"
    return missed


def _speed(characters: int, duration_ms: int) -> str:
    """Characters a second, rounded up, since a figure that is told is over the norm."""
    return f"{math.ceil(characters / max(duration_ms, 1) * 10_000) / 10:.1f}"


def missed_norms(cues: Sequence[CueBlock], rules: CaptionRules | None = None) -> list[Problem]:
    """The norms that the cues of a file miss, as a problem each; when the voice starts is not known."""
    rules = rules or CaptionRules()
    found = []
    timed = [cue for cue in cues if cue.is_timed]
    starts = [cue.start for cue in timed]
    for cue, following in zip_longest(timed, starts[1:]):
        lines = [text for text in map(plain, cue.lines) if text]
        for norm, figure in measured(lines, Span(cue.start, max(cue.start, cue.end)), following, rules).items():
            found.append(Problem(cue.line, norm, f"{norm}: {figure}"))
    return found
