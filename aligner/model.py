"""The records that flow through the pipeline. Times are float seconds of the episode, ranges half-open; character
offsets count code points of ``Transcript.text``. Records are frozen; every stage returns new ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

if TYPE_CHECKING:
    from aligner.emissions import Emissions
    from media.decode import Tags
    from media.kept_sound import KeptSound

HASH_DIGITS = 8
"""Of the hashes that quotes, links and pages carry."""

_ONE_LINE = r"^(?=.*\S)[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z"  # of which something can be seen

Text = Annotated[str, Meta(max_length=10_000)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Kind(StrEnum):
    """What a passage of the transcript is."""

    SPEECH = "speech"
    HEADING = "heading"
    NOTE = "note"
    STAGE = "stage"


class Status(StrEnum):
    """How a word's time is known."""

    EXACT = "exact"
    FUZZY = "fuzzy"
    INTERPOLATED = "interpolated"
    UNSPOKEN = "unspoken"

    @property
    def is_matched(self) -> bool:
        """Whether the word itself was matched, and its time is not only estimated from its neighbours."""
        return self in (Status.EXACT, Status.FUZZY)


class Verdict(StrEnum):
    """What a person should do with the whole episode."""

    GOOD = "good"
    REVIEW = "review"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Span:
    """A span of audio, in seconds."""

    start: float
    end: float

    def __post_init__(self) -> None:
        if not self.start <= self.end:
            raise ValueError(f"span ends at {self.end}, before it starts at {self.start}")

    @property
    def duration(self) -> float:
        return self.end - self.start

    @property
    def middle(self) -> float:
        return (self.start + self.end) / 2


@dataclass(frozen=True, slots=True)
class Segment:
    """A passage of the transcript of one kind: a speaker's paragraph, a heading, a note, a stage direction.

    ``char_start`` and ``char_end`` leave out the speaker's label. A note or a stage direction inside a paragraph is a
    segment of its own within that; segments are in order of ``char_start``, an outer one first.
    """

    kind: Kind
    speaker: str | None
    char_start: int
    char_end: int
    pinned: bool = False

    def __post_init__(self) -> None:
        if not 0 <= self.char_start < self.char_end:
            raise ValueError(f"segment holds no text: [{self.char_start}, {self.char_end})")


def outermost(segments: Sequence[Segment]) -> Iterator[tuple[int, range]]:
    """Yield the index of each segment that lies in no other, and the indices of those within it, in order."""
    index = 0
    while index < len(segments):
        inner = index + 1
        while inner < len(segments) and segments[inner].char_end <= segments[index].char_end:
            inner += 1
        yield index, range(index + 1, inner)
        index = inner


@dataclass(frozen=True, slots=True)
class Word:
    """A token of the transcript with a letter or a digit, and its punctuation; ``segment`` is the index of the
    innermost segment that holds it."""

    text: str
    char_start: int
    char_end: int
    segment: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """The transcript as its authors wrote it, and its structure; ``text`` is the reader's plain text, ``sha256`` is of
    the file's bytes, ``title`` and ``language`` are the file's own if it names them."""

    file: str
    sha256: str
    text: str
    segments: tuple[Segment, ...]
    words: tuple[Word, ...]
    title: str | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        last = 0
        for word in self.words:
            if word.char_start < last or self.text[word.char_start : word.char_end] != word.text:
                raise ValueError(f"word {word.text!r} is not at [{word.char_start}, {word.char_end})")
            last = word.char_end


@dataclass(frozen=True, slots=True)
class Audio:
    """An episode's audio before recognition: how long it is and where someone talks.

    ``duration`` is what was decoded, not what the header says; ``speech`` holds the spans where someone talks, disjoint
    and in order; ``sha256`` is of the file's bytes; ``warnings`` are shown to the user (a file cut short). ``kept``
    holds the samples, so that they need not be decoded again; the ``fingerprint`` recognises the audio when it is cut
    or encoded again."""

    path: Path
    sha256: str
    duration: float
    speech: tuple[Span, ...]
    warnings: tuple[str, ...] = ()
    kept: KeptSound | None = field(default=None, compare=False, repr=False)
    fingerprint: bytes | None = field(default=None, compare=False, repr=False)
    tags: Tags | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word as a recogniser gives it, with its own probability (0 to 1)."""

    text: str
    start: float
    end: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Recognition:
    """What a recogniser made of an episode's audio: words, or the emissions of every frame.

    ``words`` are in order of time, each ending after it starts, and empty if there are ``emissions``; ``language`` is
    "und" if it is unknown; ``warnings`` are shown to the user.
    """

    words: tuple[RecognisedWord, ...]
    language: str
    warnings: tuple[str, ...] = ()
    emissions: Emissions | None = None


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the transcript and when it is said; ``span`` is None where it is unspoken."""

    word: Word
    span: Span | None
    status: Status
    confidence: float
    pinned: bool = False

    def __post_init__(self) -> None:
        if (self.span is None) != (self.status is Status.UNSPOKEN):
            raise ValueError(f"{self.word.text!r} is {self.status} at {self.span}")
        if self.span is not None and not 0 <= self.span.start < self.span.end:
            raise ValueError(f"{self.word.text!r} ends at {self.span.end}, not after its start {self.span.start}")


@dataclass(frozen=True, slots=True)
class Placement:
    """When a word is said, None if it is not, and how well it was found (0 to 1; 1 if a person ``pinned`` it)."""

    span: Span | None
    status: Status
    confidence: float
    pinned: bool = False


UNSPOKEN = Placement(None, Status.UNSPOKEN, 0.0)


@dataclass(frozen=True, slots=True)
class TimedSegment:
    """A segment and when it is said; one that nobody says starts with the next spoken word and has no end."""

    id: str
    segment: Segment
    start: float | None
    end: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Untranscribed:
    """Speech that is missing from the transcript, with what was recognised there."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class Located:
    """Where a transcript is in the audio: a placement for each of its words, and the speech that it lacks."""

    placements: tuple[Placement, ...]
    untranscribed: tuple[Untranscribed, ...]


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """What is known of the episode as a publication; ``cover`` is a path as ``AudioFile.file``, ``guid`` that of the
    episode's item in its feed."""

    title: Text | None = None
    show: Text | None = None
    date: Text | None = None
    url: Text | None = None
    cover: Text | None = None
    guid: Text | None = None


@dataclass(frozen=True, slots=True)
class AudioFile:
    """The audio of an alignment: its path from the alignment's folder, decoded length, and the hash of its bytes."""

    file: Text
    duration: float
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Engine:
    """The method of recognition (acoustic, asr, imported), and its model."""

    method: Text
    model: Text


class PinKind(StrEnum):
    """What a person has fixed: when a word is said, that words are not said, or where they are said together."""

    WORD = "word"
    UNSPOKEN = "unspoken"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Pin:
    """What a person fixed of some words of a transcript: a word's ``span``, that of a passage in which all are said, or
    None if they are not said."""

    kind: PinKind
    words: range
    span: Span | None

    def __post_init__(self) -> None:
        if not 0 <= self.words.start < self.words.stop or self.words.step != 1:
            raise ValueError(f"a pin of words {self.words.start} to {self.words.stop} holds none")
        if self.kind is PinKind.WORD and len(self.words) > 1:
            raise ValueError(f"a word's pin holds {len(self.words)}")
        if (self.span is None) != (self.kind is PinKind.UNSPOKEN) or (self.span and self.span.start < 0):
            raise ValueError(f"a pin of kind {self.kind} is at {self.span}")


@dataclass(frozen=True, slots=True)
class LostPin:
    """A pin whose words are no longer in the text, or whose audio is another: what it said, and their text."""

    kind: PinKind
    text: str
    span: Span | None


class AnnotationKind(StrEnum):
    """Why a stretch of sound is not asked about again: what the text lacks there, or that its cues may miss a norm."""

    AD = "ad"
    JINGLE = "jingle"
    DISMISSED = "dismissed"
    NORM = "norm"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A stretch of sound, in seconds, of which a person has said what it is."""

    kind: AnnotationKind
    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"an annotation ends at {self.end}, not after its start {self.start}")


@dataclass(frozen=True, slots=True)
class Review:
    """Who stands for an episode as it is published; ``when`` is in UTC, as ISO 8601 has it, to the second; ``share`` (0
    to 1) is how much of its words were looked at."""

    who: Annotated[str, Meta(max_length=200, pattern=_ONE_LINE)]
    when: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z")]
    share: Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Alignment:
    """An episode's transcript with the time of every word: the one source of truth for every output.

    ``warnings`` are of the audio (a file cut short). What a person fixed is in the words and segments that are pinned
    and in ``pinned_passages``; ``lost_pins`` have no words any more; ``annotations`` mark passages of audio.
    ``machine_text`` is whether the transcript is an automatic one.
    """

    language: str
    episode: EpisodeDetails
    audio: AudioFile
    transcript: Transcript
    engine: Engine
    coverage: float
    verdict: Verdict
    segments: tuple[TimedSegment, ...]
    words: tuple[TimedWord, ...]
    untranscribed: tuple[Untranscribed, ...] = field(default=())
    warnings: tuple[str, ...] = ()
    pinned_passages: tuple[Pin, ...] = ()
    lost_pins: tuple[LostPin, ...] = ()
    annotations: tuple[Annotation, ...] = ()
    review: Review | None = None
    machine_text: bool = False

    @property
    def version(self) -> str:
        """The digits of the transcript's hash that quotes, links and pages carry."""
        return self.transcript.sha256[:HASH_DIGITS]
