"""Define the records that pass through the pipeline. Times are seconds of the episode as floats, ranges are half-open,
character offsets count code points of ``Transcript.text``. Records are immutable; every stage returns new ones."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from msgspec import Meta

if TYPE_CHECKING:
    from aligner.emissions import Emissions
    from media.audio_cache import AudioCache
    from media.decode import Tags

HASH_DIGITS = 8
"""The number of hash digits in quotes, links and pages."""

_ONE_LINE = r"^(?=.*\S)[^\x00-\x1f\x7f-\x9f\u2028\u2029]*\Z"  # with at least one visible character

Text = Annotated[str, Meta(max_length=10_000)]
Seconds = Annotated[float, Meta(ge=0, le=1e9)]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]


class Kind(StrEnum):
    """A kind of transcript segment; STAGE is a stage direction, such as "laughter"."""

    SPEECH = "speech"
    HEADING = "heading"
    NOTE = "note"
    STAGE = "stage"


class Status(StrEnum):
    """A way in which a word's time was determined. EXACT and FUZZY: the word was matched in the audio. INTERPOLATED:
    the time is estimated from neighbouring words. UNSPOKEN: the word has no time."""

    EXACT = "exact"
    FUZZY = "fuzzy"
    INTERPOLATED = "interpolated"
    UNSPOKEN = "unspoken"

    @property
    def is_matched(self) -> bool:
        """Whether the word was matched in the audio; otherwise, a time of the word is only an estimate."""
        return self in (Status.EXACT, Status.FUZZY)


class Verdict(StrEnum):
    """The quality of a whole alignment: GOOD, REVIEW (a person should check it) or POOR."""

    GOOD = "good"
    REVIEW = "review"
    POOR = "poor"


@dataclass(frozen=True, slots=True)
class Span:
    """A span of audio from ``start`` to ``end``, in seconds."""

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
    """A part of the transcript of one kind: a speaker's paragraph, a heading, a note or a stage direction.

    ``char_start`` and ``char_end`` exclude the speaker's label. A note or a stage direction within a paragraph is a
    segment of its own. Segments are ordered by ``char_start``; a segment comes before the segments inside it.
    ``pinned`` says whether a person corrected the segment.
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
    """Yield the index of each segment that is not inside another segment, and the range of indices of the segments
    inside it."""
    index = 0
    while index < len(segments):
        inner = index + 1
        while inner < len(segments) and segments[inner].char_end <= segments[index].char_end:
            inner += 1
        yield index, range(index + 1, inner)
        index = inner


@dataclass(frozen=True, slots=True)
class Word:
    """A token of the transcript with a letter or a digit, including adjacent punctuation.

    ``segment`` is the index of the innermost segment that contains the word.
    """

    text: str
    char_start: int
    char_end: int
    segment: int


@dataclass(frozen=True, slots=True)
class Transcript:
    """The text of a transcript as its authors wrote it, and its structure.

    ``text`` is the plain text, ``sha256`` the hash of the file's bytes. ``title`` and ``language`` are None unless the
    file specifies them.
    """

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
    """What is known about an episode's audio before recognition.

    ``duration`` is the decoded length, not the one in the header. ``speech`` has disjoint spans in order. ``sha256`` is
    the hash of the file's bytes. ``warnings`` are shown to the user. ``samples`` holds the decoded samples. The
    ``fingerprint`` identifies the audio even if it is cut or encoded again. ``tags`` are the file's metadata.
    """

    path: Path
    sha256: str
    duration: float
    speech: tuple[Span, ...]
    warnings: tuple[str, ...] = ()
    samples: AudioCache | None = field(default=None, compare=False, repr=False)
    fingerprint: bytes | None = field(default=None, compare=False, repr=False)
    tags: Tags | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class RecognisedWord:
    """A word that a recogniser returned, with its times and its probability (0 to 1)."""

    text: str
    start: float
    end: float
    probability: float = 1.0


@dataclass(frozen=True, slots=True)
class Recognition:
    """The output of a recogniser for a whole episode: either words or emissions.

    ``words`` are in order of time, and each ends after it starts; they are empty if there are ``emissions``.
    ``language`` is "und" if it is unknown. ``warnings`` are shown to the user.
    """

    words: tuple[RecognisedWord, ...]
    language: str
    warnings: tuple[str, ...] = ()
    emissions: Emissions | None = None


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word of the transcript and its time. ``span`` is None if the word is not spoken. ``confidence`` is the
    probability that the time is right or, in an automatic transcript (``Alignment.machine_text``), that the word is
    the one that was said. ``pinned`` says whether a person corrected the time."""

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
    """The location of a word in the audio: ``span`` is the word's time, None if the word is not spoken. ``confidence``
    is from 0 to 1. ``pinned`` says whether a person fixed the time; the confidence is then 1."""

    span: Span | None
    status: Status
    confidence: float
    pinned: bool = False


UNSPOKEN = Placement(None, Status.UNSPOKEN, 0.0)


@dataclass(frozen=True, slots=True)
class TimedSegment:
    """A segment with its time. A heading, note or stage direction without a spoken word has the start of the next
    spoken word, and no ``end``. A segment of speech without a spoken word has neither ``start`` nor ``end``."""

    id: str
    segment: Segment
    start: float | None
    end: float | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Untranscribed:
    """A passage of speech that is missing from the transcript; ``text`` is the recognised text, "" if none yet."""

    start: Seconds
    end: Seconds
    text: str


@dataclass(frozen=True, slots=True)
class Located:
    """The result of a search: a placement for each word, and the speech that is missing from the transcript."""

    placements: tuple[Placement, ...]
    untranscribed: tuple[Untranscribed, ...]


@dataclass(frozen=True, slots=True)
class EpisodeDetails:
    """The details of a published episode. ``cover`` is a path relative to the alignment's folder; ``guid`` is the id of
    the item in the podcast's feed."""

    title: Text | None = None
    show: Text | None = None
    date: Text | None = None
    url: Text | None = None
    cover: Text | None = None
    guid: Text | None = None


@dataclass(frozen=True, slots=True)
class AudioFile:
    """The audio file of an alignment: its path relative to the alignment's folder, decoded length in seconds, and the
    hash of its bytes."""

    file: Text
    duration: float
    sha256: Sha256


@dataclass(frozen=True, slots=True)
class Engine:
    """The recognition method ("acoustic", "asr" or "imported") and the name of its model."""

    method: Text
    model: Text


class PinKind(StrEnum):
    """A kind of correction: it sets the time of a word, marks words as not spoken, or sets the time of a passage."""

    WORD = "word"
    UNSPOKEN = "unspoken"
    PASSAGE = "passage"


@dataclass(frozen=True, slots=True)
class Pin:
    """A person's correction of the times of some words, which alignment must respect.

    ``words`` are indices. ``span`` is the time of the word or of the whole passage, None if the words are unspoken.
    """

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
    """A pin that no longer applies, because its words were deleted or its audio was replaced. ``text`` is the text of
    the pinned words."""

    kind: PinKind
    text: str
    span: Span | None


class AnnotationKind(StrEnum):
    """The reason why a passage of audio needs no attention: it needs no text (AD, JINGLE, DISMISSED), or a person
    accepted captions that break a rule (NORM)."""

    AD = "ad"
    JINGLE = "jingle"
    DISMISSED = "dismissed"
    NORM = "norm"


@dataclass(frozen=True, slots=True)
class Annotation:
    """A mark that a person put on a passage of audio, from ``start`` to ``end`` in seconds."""

    kind: AnnotationKind
    start: float
    end: float

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"an annotation ends at {self.end}, not after its start {self.start}")


@dataclass(frozen=True, slots=True)
class Review:
    """A mark that a person reviewed an episode. ``who`` is the person's name, ``when`` an ISO 8601 time in UTC.
    ``share`` is the share of words that were checked (0 to 1)."""

    who: Annotated[str, Meta(max_length=200, pattern=_ONE_LINE)]
    when: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z\Z")]
    share: Annotated[float, Meta(ge=0, le=1)]


@dataclass(frozen=True, slots=True)
class Alignment:
    """A transcript with the time of every word. All outputs are derived from an alignment.

    ``coverage`` is the share of speech words (no headings, no notes) that were matched. ``warnings`` concern the audio.
    A person's corrections are stored in pinned words and segments, in ``pinned_passages``, and in ``lost_pins``, whose
    words no longer exist. ``annotations`` mark passages of audio. ``machine_text`` is True for an automatic transcript.
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
        """The first digits of the transcript's hash, which identify the text in quotes, links and pages."""
        return self.transcript.sha256[:HASH_DIGITS]
