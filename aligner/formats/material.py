"""What formats are written from: an episode's cues, turns, chapters and kept quotes, worked out once for all of them.

Conventions
-----------
What is not known is None or empty, never an empty string. Texts are the transcript's own, their line breaks one space;
what a format cannot hold of them is that format's to escape.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path, PurePosixPath

from aligner.captions import CaptionRules, Cue, CueBuilder, CueKind
from aligner.captions.build import POOR, remarks
from aligner.durations import to_milliseconds
from aligner.errors import SourceError
from aligner.languages.sentences import in_language, language_of_sentences
from aligner.model import Alignment, AnnotationKind, Kind, Span, TimedWord, Verdict, outermost
from aligner.outputs import upload_name
from aligner.pins import review_status
from aligner.typography.tokens import Token, read_tokens
from media.errors import Message

UNNAMED = "?"
"""Who says what nobody is named for, where others are."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An outermost segment, ``segment`` being its index; ``words`` index those of the alignment. ``span`` is from its
    first word that is said to its last; None where nobody says any of it."""

    segment: int
    kind: Kind
    speaker: str | None
    text: str
    words: range
    span: Span | None


@dataclass(frozen=True, slots=True)
class Turn:
    """Paragraphs that one speaker says one after another; or a heading, a note or a stage direction alone."""

    kind: Kind
    speaker: str | None
    paragraphs: tuple[Paragraph, ...]

    @property
    def span(self) -> Span | None:
        """From its first word that is said to its last."""
        said = [paragraph.span for paragraph in self.paragraphs if paragraph.span]
        return Span(said[0].start, max(each.end for each in said)) if said else None


@dataclass(frozen=True, slots=True)
class Chapter:
    """What stands under one heading: it ends where the next begins, the last with the sound."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Quote:
    """A passage that somebody kept."""

    text: str
    speaker: str | None
    start: float
    end: float


class Material:
    """An alignment as formats read it. ``name`` replaces a missing title. ``sound`` finds the aligned audio file, for
    formats that hold it; ``audio_path`` is its path relative to the output, for formats that name it, and
    ``other_audio_files`` its other possible names; ``cover`` is the episode's, if any; ``lost`` are the words of saved
    quotes that are missing from ``quotes``, since they were not found in the transcript or the audio.
    """

    def __init__(
        self,
        alignment: Alignment,
        name: str,
        quotes: Sequence[Quote] = (),
        sound: Callable[[], Path] | None = None,
        cover: Path | None = None,
        audio_path: str | None = None,
        other_audio_files: Sequence[str] = (),
        lost: Sequence[str] = (),
    ) -> None:
        self.alignment = alignment
        self.name = name
        self.quotes = tuple(sorted(quotes, key=lambda each: each.start))
        self.lost = tuple(lost)
        self.cover = cover
        self.audio_path = audio_path or alignment.audio.file
        self.other_audio_files = tuple(other_audio_files)
        self._find_sound = sound
        self._builders: dict[CaptionRules, CueBuilder] = {}

    @property
    def language(self) -> str:
        return self.alignment.language

    @property
    def title(self) -> str:
        """The episode's title, else its name."""
        return self.alignment.episode.title or self.name

    @property
    def upload_name(self) -> str:
        """What the episode's files are called where they are uploaded, without an ending; whoever makes them."""
        return upload_name(self.alignment.audio.file, self.alignment.episode.title)

    @property
    def upload_audio(self) -> str:
        """What its sound is called beside them."""
        return f"{self.upload_name}{PurePosixPath(self.alignment.audio.file).suffix.lower()}"

    @property
    def standing(self) -> Message:
        """Who stands for it, or that nobody does."""
        return review_status(self.alignment.review, self.alignment.machine_text)

    @property
    def is_poor(self) -> bool:
        """Whether its times deserve no trust, which every format says that has a place for it."""
        return self.alignment.verdict is Verdict.POOR

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences on the whole, for comments: those who edit and research read them in English."""
        return remarks(self.alignment.verdict, str(self.standing))

    @property
    def remarks_for_readers(self) -> tuple[str, ...]:
        """The same for who reads or listens, in ``sentence_language``."""
        poor = in_language(POOR, self.language)
        return remarks(self.alignment.verdict, in_language(self.standing, self.language), poor)

    @property
    def sentence_language(self) -> str:
        """That of the episode where our sentences are known in it, else English."""
        return language_of_sentences(self.language)

    @cached_property
    def sound(self) -> Path:
        """The file that was aligned, sought when it is first asked for.

        Raises SourceError or DecodeError if it is not there, has changed, or cannot be read.
        """
        if self._find_sound is None:
            raise SourceError(
                "{path}: the audio of the alignment is missing; name it with --audio", path=self.alignment.audio.file
            )
        return self._find_sound()

    @cached_property
    def nobody(self) -> str | None:
        """Who says what nobody is named for: ``UNNAMED`` where anybody is, since players take what has no name for more
        of what the last one named says."""
        return UNNAMED if any(each.speaker for each in self.alignment.transcript.segments) else None

    @cached_property
    def named(self) -> Material:
        """The same, in which ``nobody`` is named as any speaker."""
        alignment = self.alignment
        if self.nobody is None:
            return self
        segments = tuple(
            replace(each, segment=replace(each.segment, speaker=self.nobody))
            if each.segment.kind is Kind.SPEECH and not each.segment.speaker
            else each
            for each in alignment.segments
        )
        transcript = replace(alignment.transcript, segments=tuple(each.segment for each in segments))
        alignment = replace(alignment, transcript=transcript, segments=segments)
        return Material(alignment, self.name, self.quotes, self._find_sound, self.cover, lost=self.lost)

    def cues(self, rules: CaptionRules) -> list[Cue]:
        """The episode's cues by such rules."""
        builder = self._builders.get(rules) or self._builders.setdefault(rules, CueBuilder(self.alignment, rules))
        return builder.cues(rules.speaker_names)

    def transcript_cues(self, rules: CaptionRules) -> list[Cue]:
        """Return the cues for a transcript to read: one cue for each ad or passage of missing speech, however long."""
        told: list[Cue] = []
        for cue in self.cues(rules):
            if told and cue.kind is told[-1].kind is CueKind.UNTRANSCRIBED and cue.text == told[-1].text:
                told[-1] = replace(told[-1], end=cue.end)
            else:
                told.append(cue)
        return told

    def words(self, of: Paragraph) -> tuple[TimedWord, ...]:
        """The words of a paragraph."""
        return self.alignment.words[of.words.start : of.words.stop]

    @cached_property
    def tokens(self) -> Mapping[int, Sequence[Token]]:
        """Those of each paragraph of speech and of each stage direction between paragraphs, by its segment."""
        return {tokens[0].paragraph: tokens for tokens in read_tokens(self.alignment)}

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """All of the text, in its order."""
        return tuple(self._paragraphs())

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """All of the text, by who says it."""
        runs = groupby(
            self.paragraphs,
            lambda each: (each.kind, each.speaker, None if each.kind is Kind.SPEECH else each.segment),
        )
        return tuple(Turn(kind, speaker, tuple(run)) for (kind, speaker, _), run in runs)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The headings, each from when what it stands over begins; of those that begin at once the innermost, which is
        the last. Those after which nobody speaks are none."""
        starts: dict[int, tuple[str, float]] = {}
        for paragraph in self.paragraphs:
            start = self.alignment.segments[paragraph.segment].start
            if paragraph.kind is Kind.HEADING and start is not None:
                starts[to_milliseconds(start)] = paragraph.text, start
        ends = [*sorted(starts), to_milliseconds(self.alignment.audio.duration)]
        return tuple(
            Chapter(*starts[at], end=starts[until][1] if until in starts else self.alignment.audio.duration)
            for at, until in pairwise(ends)
            if at < until
        )

    @cached_property
    def ads(self) -> tuple[Span, ...]:
        """Where a person has said that an ad or a jingle is."""
        kinds = (AnnotationKind.AD, AnnotationKind.JINGLE)
        return tuple(Span(each.start, each.end) for each in self.alignment.annotations if each.kind in kinds)

    def _paragraphs(self) -> Iterator[Paragraph]:
        alignment = self.alignment
        starts = [timed.word.char_start for timed in alignment.words]
        segments = [timed.segment for timed in alignment.segments]
        for index, _ in outermost(segments):
            segment = segments[index]
            words = range(bisect_left(starts, segment.char_start), bisect_left(starts, segment.char_end))
            spans = [timed.span for timed in alignment.words[words.start : words.stop] if timed.span]
            text = " ".join(alignment.transcript.text[segment.char_start : segment.char_end].split())
            span = Span(spans[0].start, max(each.end for each in spans)) if spans else None
            yield Paragraph(index, segment.kind, segment.speaker, text, words, span)
