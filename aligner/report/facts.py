"""The facts of a report, gathered once: the terminal, the page, the picture and JSON all show this record.

Conventions
-----------
Seconds of the episode. Of lists that can be long the record holds the first, in the order said, and how many there are.
"""

from __future__ import annotations

from dataclasses import dataclass

from aligner.model import EpisodeDetails, PinKind, Status, Verdict
from aligner.report.figures import CaptionFigures, Counts
from aligner.report.repeats import Repeat
from aligner.report.strip import Column
from aligner.report.word_range import WordRange
from media.errors import Message


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, printed or heard, and whether the other side has it too."""

    text: str
    matches: bool


@dataclass(frozen=True, slots=True)
class DoubtfulPassage:
    """A run of words in doubt; ``doubtful`` of its words are, ``cost`` is how many of them may be at a wrong time.

    ``heard`` is what was heard there, None where nobody knows any more; both texts may be cut short, as ``shortened``
    says.
    """

    words: WordRange
    start: float
    end: float
    speaker: str | None
    doubtful: int
    cost: float
    printed: tuple[Piece, ...]
    heard: tuple[Piece, ...] | None
    shortened: bool


@dataclass(frozen=True, slots=True)
class UnspokenPassage:
    """A run of words of speech that nobody says; ``after`` is when the word before it ends, None before the first."""

    words: WordRange
    after: float | None
    speaker: str | None
    text: str


@dataclass(frozen=True, slots=True)
class LackingPassage:
    """Speech that the text lacks, and what was heard there."""

    start: float
    end: float
    text: str


@dataclass(frozen=True, slots=True)
class LostCorrection:
    """What a person had set right, and holds no more: of which words, and where it had them; None where they are not
    said."""

    kind: PinKind
    text: str
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class HeadingPlace:
    """A heading and when it is reached."""

    text: str
    start: float


@dataclass(frozen=True, slots=True)
class Report:
    """How well an episode's transcript was found in its sound.

    ``doubtful``, ``lacking``, ``unspoken`` and ``repeats`` are how many there are; of the first the costliest are
    listed first, of the last two the longest. ``is_unread`` is whether the text is a machine's for which nobody stands;
    ``standing`` says who stands for the alignment, ``was_heard`` whether
    this machine still knows what was heard, and ``lost_pins`` how many corrections have no words in the text any more,
    or others against them.
    """

    episode: EpisodeDetails
    duration: float
    audio_file: str
    transcript_file: str
    transcript_sha256: str
    language: str
    ear: str
    model: str
    verdict: Verdict
    lacks_text: bool
    is_cut_short: bool
    is_unread: bool
    warnings: tuple[str, ...]
    standing: Message
    coverage: float
    counts: Counts
    lost_pins: int
    strip: tuple[Column, ...]
    headings: tuple[HeadingPlace, ...]
    was_heard: bool
    doubtful: int
    doubtful_passages: tuple[DoubtfulPassage, ...]
    lacking: int
    lacking_passages: tuple[LackingPassage, ...]
    unspoken: int
    unspoken_passages: tuple[UnspokenPassage, ...]
    repeats: int
    repeated_passages: tuple[Repeat, ...]
    lost_corrections: tuple[LostCorrection, ...]
    captions: tuple[CaptionFigures, ...]

    def count(self, status: Status) -> int:
        """How many words of speech have that status."""
        return self.counts.by_status[status]
