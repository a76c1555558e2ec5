"""The input of every format: an episode's cues, turns, chapters and saved quotes, each computed once.

Conventions
-----------
An unknown value is None or an empty tuple, never an empty string. Texts are the transcript's, with each line break
replaced by a space. Each format escapes the characters that it cannot hold.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby, pairwise
from pathlib import Path

from aligner.captions import CaptionRules, Cue, CueBuilder, CueKind
from aligner.captions.build import POOR, remarks
from aligner.durations import to_milliseconds
from aligner.errors import SourceError
from aligner.languages.sentences import in_language, language_of_sentences
from aligner.model import Alignment, Annotation, AnnotationKind, Kind, Span, TimedWord, Verdict, outermost
from aligner.outputs import upload_name
from aligner.pins import review_status
from aligner.storage.file_names import read_fingerprint
from aligner.typography.tokens import Token, read_tokens
from media.errors import Message
from media.fingerprint import Fingerprint

UNNAMED = "?"
"""The speaker of paragraphs without a speaker, in an episode that names other speakers."""


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A segment that is not nested in another one. ``segment`` is the segment's index in the alignment, and ``words``
    are the indices of the words. ``span`` runs from the first spoken word to the last; None if no word is spoken."""

    segment: int
    kind: Kind
    speaker: str | None
    text: str
    words: range
    span: Span | None


@dataclass(frozen=True, slots=True)
class Turn:
    """Consecutive paragraphs of one speaker; or a single heading, note or stage direction."""

    kind: Kind
    speaker: str | None
    paragraphs: tuple[Paragraph, ...]

    @property
    def span(self) -> Span | None:
        """The time from the first spoken word to the last; None if no word is spoken."""
        said = [paragraph.span for paragraph in self.paragraphs if paragraph.span]
        return Span(said[0].start, max(each.end for each in said)) if said else None


@dataclass(frozen=True, slots=True)
class Chapter:
    """A chapter in seconds of the audio, from its heading to the next chapter or to the end of the audio."""

    title: str
    start: float
    end: float


@dataclass(frozen=True, slots=True)
class Quote:
    """A saved quote and its times."""

    text: str
    speaker: str | None
    start: float
    end: float


@dataclass(eq=False)
class Material:
    """An alignment, and what else the formats need: quotes, audio, cover and names.

    ``name`` is used as the title if the episode has none. ``quotes`` are sorted by time. ``find_audio`` finds the
    aligned audio file, for the formats that contain it. ``cover`` is the cover image. ``audio_path`` is the path of the
    audio relative to the written file, by default as in the alignment, and ``other_audio_files`` are other names that
    the audio may have there. ``lost`` holds the texts of saved quotes that are no longer in the audio, and so not in
    ``quotes``. ``file`` is the alignment's file, beside which the audio's fingerprint is stored.
    """

    alignment: Alignment
    name: str
    quotes: Sequence[Quote] = ()
    find_audio: Callable[[], Path] | None = None
    cover: Path | None = None
    audio_path: str = ""
    other_audio_files: Sequence[str] = ()
    lost: Sequence[str] = ()
    file: Path | None = None

    def __post_init__(self) -> None:
        self.audio_path = self.audio_path or self.alignment.audio.file
        self._builders: dict[CaptionRules, CueBuilder] = {}

    @property
    def language(self) -> str:
        return self.alignment.language

    @property
    def title(self) -> str:
        """The episode's title, or ``name`` if the episode has no title."""
        return self.alignment.episode.title or self.name

    @property
    def upload_name(self) -> str:
        """The name of the episode's files for upload, without an extension."""
        return upload_name(self.alignment.audio.file, self.alignment.episode.title)

    @property
    def review_sentence(self) -> Message:
        """A sentence that says who reviewed the alignment, or that nobody did."""
        return review_status(self.alignment.review, self.alignment.machine_text)

    @property
    def is_poor(self) -> bool:
        """Whether the verdict on the alignment is POOR, which means that the words' times are unreliable."""
        return self.alignment.verdict is Verdict.POOR

    @property
    def remarks(self) -> tuple[str, ...]:
        """Sentences about the alignment's quality and review, in English, for comments in files."""
        return remarks(self.alignment.verdict, str(self.review_sentence))

    @property
    def remarks_for_readers(self) -> tuple[str, ...]:
        """The sentences of ``remarks``, in ``sentence_language``, for text that readers and listeners see."""
        poor = in_language(POOR, self.language)
        return remarks(self.alignment.verdict, in_language(self.review_sentence, self.language), poor)

    @property
    def sentence_language(self) -> str:
        """The language of the sentences that quotecast adds: the episode's if translations exist, else English."""
        return language_of_sentences(self.language)

    @cached_property
    def audio(self) -> Path:
        """The aligned audio file, located on first access.

        Raises SourceError or DecodeError if the file is missing, has changed, or cannot be read.
        """
        if self.find_audio is None:
            raise SourceError(
                "{path}: the audio of the alignment is missing; name it with --audio", path=self.alignment.audio.file
            )
        return self.find_audio()

    @cached_property
    def fingerprint(self) -> Fingerprint | None:
        """The stored fingerprint of the audio; None if it is missing, as for imported captions, or damaged."""
        return read_fingerprint(self.file, self.alignment.audio.sha256) if self.file else None

    @cached_property
    def nobody(self) -> str | None:
        """The name to write for an unnamed speaker: ``UNNAMED`` if the transcript names other speakers, else None. If
        no name were written, players would attribute the speech to the last speaker with a name."""
        return UNNAMED if any(each.speaker for each in self.alignment.transcript.segments) else None

    @cached_property
    def named(self) -> Material:
        """The same material, but with ``nobody`` as the speaker of each speech segment without a speaker."""
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
        return replace(self, alignment=alignment)

    def cues(self, rules: CaptionRules) -> list[Cue]:
        """Return the episode's captions: cues that keep to the ``rules`` for their length, lines and speaker names."""
        builder = self._builders.get(rules) or self._builders.setdefault(rules, CueBuilder(self.alignment, rules))
        return builder.cues(rules.speaker_names)

    def transcript_cues(self, rules: CaptionRules) -> list[Cue]:
        """Return the cues for use as a transcript: each ad or passage of missing speech is one cue, however long."""
        merged: list[Cue] = []
        for cue in self.cues(rules):
            if merged and cue.kind is merged[-1].kind is CueKind.UNTRANSCRIBED and cue.text == merged[-1].text:
                merged[-1] = replace(merged[-1], end=cue.end)
            else:
                merged.append(cue)
        return merged

    def words(self, of: Paragraph) -> tuple[TimedWord, ...]:
        """Return the words of a paragraph."""
        return self.alignment.words[of.words.start : of.words.stop]

    @cached_property
    def tokens(self) -> Mapping[int, Sequence[Token]]:
        """The tokens of each spoken paragraph and each stage direction between paragraphs, by segment index."""
        return {tokens[0].paragraph: tokens for tokens in read_tokens(self.alignment)}

    @cached_property
    def paragraphs(self) -> tuple[Paragraph, ...]:
        """The paragraphs of the whole transcript, in order."""
        return tuple(self._paragraphs())

    @cached_property
    def turns(self) -> tuple[Turn, ...]:
        """The turns of the whole transcript, in order."""
        runs = groupby(
            self.paragraphs,
            lambda each: (each.kind, each.speaker, None if each.kind is Kind.SPEECH else each.segment),
        )
        return tuple(Turn(kind, speaker, tuple(run)) for (kind, speaker, _), run in runs)

    @cached_property
    def chapters(self) -> tuple[Chapter, ...]:
        """The chapters, one for each heading that speech follows. If several headings start at the same time, only
        the last one, which is the innermost, has a chapter."""
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
    def ads(self) -> tuple[Annotation, ...]:
        """The passages annotated as an ad or a jingle."""
        kinds = (AnnotationKind.AD, AnnotationKind.JINGLE)
        return tuple(each for each in self.alignment.annotations if each.kind in kinds)

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
