"""The records of a quote: which words, and which parts of the episode a clip of it is made of."""

from __future__ import annotations

from dataclasses import dataclass

from aligner.model import Alignment, Span


@dataclass(frozen=True, slots=True)
class Quote:
    """Words of an alignment to be cut out.

    ``words`` indexes ``Alignment.words``; its first and its last are spoken. ``voice`` is from the start of the first
    to the end of the last, in seconds of the episode; ``asked`` is the same, or the times that the user gave.
    ``text`` is what is printed, without footnote marks, headings and stage directions, a line for each paragraph;
    ``speakers`` who says it, in order of appearance; ``cautions`` what its words alone give away.
    """

    words: range
    voice: Span
    asked: Span
    text: str
    speakers: tuple[str, ...]
    cautions: tuple[Caution, ...] = ()

    def __post_init__(self) -> None:
        if not self.words:
            raise ValueError("a quote without words")

    @property
    def speaker(self) -> str | None:
        """Everyone who speaks in it, for a line of credits."""
        return ", ".join(self.speakers) or None


@dataclass(frozen=True, slots=True)
class Caution:
    """What a person should look at before a clip is published.

    ``kind`` is for programs; ``detail`` holds the words that ``message`` speaks of, for who says it in other words.
    """

    kind: str
    message: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spans of the episode that a clip is made of, in order, and where each of its moments is in the clip.

    A clip of one span is a plain cut; between two spans something of the episode was left out.
    """

    kept: tuple[Span, ...]

    def __post_init__(self) -> None:
        if not self.kept:
            raise ValueError("a clip of nothing")

    @property
    def span(self) -> Span:
        """From where to where in the episode."""
        return Span(self.kept[0].start, self.kept[-1].end)

    @property
    def duration(self) -> float:
        """How long the clip is, in seconds."""
        return sum(span.duration for span in self.kept)

    def at(self, time: float) -> float:
        """The clip's time of an episode's time; what was left out is at the cut, what lies outside at an end."""
        passed = 0.0
        for span in self.kept:
            if time < span.end:
                return passed + max(0.0, time - span.start)
            passed += span.duration
        return passed


@dataclass(frozen=True, slots=True)
class Cut:
    """A quote with the clip's own times.

    ``alignment`` is the episode's, but of its words only those of the quote are spoken, and all its times are the
    clip's: captions of a clip are made of it as those of an episode are, with ``build_cues(alignment, rules,
    quote.words)``.
    """

    quote: Quote
    timeline: Timeline
    alignment: Alignment
