"""A transcript that was sent, looked at before any work starts: as it was understood, who speaks, what is not said."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.corrections.told_structure import (
    ToldStructure,
    candidate_of,
    followed,
    told_paragraphs,
    with_structure,
)
from aligner.languages import KNOWN, language_code
from aligner.model import Kind, Segment, Transcript, outermost
from aligner.transcript import is_transcript_title, open_transcript, read_transcript
from aligner.transcript.draft import Draft
from aligner.typography import unbroken
from web.bounded import call
from web.library.sent_files import blaming_field

_MOST_CHARS = 120_000  # of text shown: two hours of talk; of the rest only the number of passages is told
_MOST_PASSAGES = 5000  # shown, however short; captions of two hours have half of them
_LONGEST_PASSAGE = 20_000  # characters
_MOST_SPEAKERS = 1000  # more than an episode may have
_SAMPLE_WORDS = 2000
_TITLE_WORDS, _LABEL_WORDS = 8, 4  # of a line that may be a heading, and of what may be a name
_MOST_CANDIDATES = 20  # names that are told though nothing speaks for them but a colon
_TELLING = 0.2  # share of little words from which a language is believed; in the wrong one it is under 0.12


@dataclass(frozen=True, slots=True)
class PreviewedRun:
    """A stretch of a passage of one kind: in a paragraph, the notes and stage directions stand out."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class PreviewedPassage:
    """A paragraph, a heading, a note or a stage direction on a line of its own; it is called by where it begins as it
    was read, in characters, and ``doubtful`` where it may be something else."""

    kind: Kind
    speaker: str | None
    runs: tuple[PreviewedRun, ...]
    start: int = 0
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class TranscriptPreview:
    """What was understood of a transcript.

    ``speakers`` are the labels in order of appearance, each with its number of passages; ``left`` is the number of
    passages that are not shown; ``language`` is what the file says, else a guess, else None. ``labels`` are what may be
    one, whether it is, and how many passages it opens; ``kinds`` what passages were said to be. ``title`` and ``show``
    are the episode's as the file names them, ``headline`` is what stands over its text and may be the title;
    ``lost`` is of how many paragraphs something was told while the file was another, that are not there any more.
    """

    passages: tuple[PreviewedPassage, ...]
    left: int
    speakers: tuple[tuple[str, int], ...]
    counts: dict[Kind, int]
    words: int
    title: str | None
    language: str | None
    labels: tuple[tuple[str, bool, int], ...] = ()
    kinds: Mapping[int, Kind] = field(default_factory=dict)
    show: str | None = None
    headline: str | None = None
    lost: int = 0


def preview(path: Path, told: ToldStructure | None = None) -> TranscriptPreview:
    """Read the transcript in ``path`` and show what was made of it, with what was told of it.

    Raises
    ------
    Unusable
        It is no transcript; the message says why.
    """
    with blaming_field("transcript"):
        return call(_preview, path, told)


def told_of(
    path: Path, labels: Mapping[str, bool], kinds: Mapping[int, Kind]
) -> tuple[ToldStructure, TranscriptPreview]:
    """What a person told of the transcript in ``path``, and what is made of it then; raises as ``preview``."""
    with blaming_field("transcript"):
        return call(_told_of, path, labels, kinds)


def _told_of(
    path: Path, labels: Mapping[str, bool], kinds: Mapping[int, Kind]
) -> tuple[ToldStructure, TranscriptPreview]:
    told = ToldStructure.of(read_transcript(path), labels, kinds)
    return told, _preview(path, told)


def _preview(path: Path, told: ToldStructure | None) -> TranscriptPreview:
    file = open_transcript(path)
    read = file.understood()
    told, lost = followed(told, read) if told else (ToldStructure(read.sha256), 0)
    transcript = with_structure(read, told)
    starts = [start for start, paragraph in told_paragraphs(read, told) if paragraph]
    language = guess_language(transcript)
    text = unbroken(transcript.text, language or "")
    outer = list(outermost(transcript.segments))
    shown: list[PreviewedPassage] = []
    chars = 0
    for start, (index, inner) in zip(starts, outer, strict=True):
        if chars >= _MOST_CHARS or len(shown) == _MOST_PASSAGES:
            break
        passage = _passage(transcript, text, index, inner)
        is_doubtful = start in told.kinds or _may_be_another(transcript, transcript.segments[index])
        shown.append(replace(passage, start=start, doubtful=is_doubtful))
        chars += sum(len(run.text) for run in passage.runs)
    said = [w for w in transcript.words if transcript.segments[w.segment].kind is Kind.SPEECH]
    return TranscriptPreview(
        passages=tuple(shown),
        left=len(outer) - len(shown),
        speakers=tuple(speakers_of(transcript).items())[:_MOST_SPEAKERS],
        counts=dict(Counter(segment.kind for segment in transcript.segments)),
        words=len(said),
        title=transcript.title,
        language=language,
        labels=tuple(_labels(read, transcript, told)),
        kinds=told.kinds,
        show=file.draft.show,
        headline=_headline(file.draft),
        lost=lost,
    )


def _headline(draft: Draft) -> str | None:
    """What stands over the text, unless it only says that this is a transcript."""
    return None if draft.headline is None or is_transcript_title(draft.headline) else draft.headline


def _may_be_another(transcript: Transcript, segment: Segment) -> bool:
    """Whether a person should be asked what a passage is: what is not said, and a short line that ends as titles do."""
    words = transcript.text[segment.char_start : segment.char_end].split()
    return segment.kind is not Kind.SPEECH or (len(words) <= _TITLE_WORDS and words[-1][-1].isalnum())


def _labels(read: Transcript, now: Transcript, told: ToldStructure) -> Iterator[tuple[str, bool, int]]:
    """What names a speaker, and what may, though it was read or told otherwise."""
    speakers, before = speakers_of(now), speakers_of(read)
    yield from ((label, True, count) for label, count in [*speakers.items()][:_MOST_SPEAKERS])
    outer = (now.segments[index] for index, _ in outermost(now.segments))
    found = (candidate_of(now.text, s.char_start, s.char_end) for s in outer if s.kind is Kind.SPEECH)
    names = Counter(each[0] for each in found if each and len(each[0].split()) <= _LABEL_WORDS)
    refused = {label: before.get(label, 0) for label, is_one in told.labels.items() if not is_one}
    others = {**dict(names.most_common(_MOST_CANDIDATES)), **refused}
    yield from ((label, False, count) for label, count in others.items() if label not in speakers)


def labels_in(path: Path, told: ToldStructure | None = None) -> tuple[str, ...]:
    """The speakers' labels in a transcript that somebody sent, in order of appearance.

    Raises
    ------
    Unusable
        It is none; the message says why.
    """
    with blaming_field("transcript"):
        return call(_labels_in, path, told)


def _labels_in(path: Path, told: ToldStructure | None) -> tuple[str, ...]:
    return tuple(speakers_of(with_structure(read_transcript(path), told)))[:_MOST_SPEAKERS]


def speakers_of(transcript: Transcript) -> dict[str, int]:
    """The speakers' labels in order of appearance, and how many passages each has."""
    return dict(Counter(s.speaker for s in transcript.segments if s.speaker and s.kind is Kind.SPEECH))


def guess_language(transcript: Transcript) -> str | None:
    """The language that the file names, else the one whose little words are most frequent, None if none are."""
    if named := language_code(transcript.language):
        return named
    words = [word.text.casefold().strip('.,;:!?«»"“”()') for word in transcript.words[:_SAMPLE_WORDS]]
    words = [part for word in words for part in word.replace("’", "'").split("'")]
    little = {code: language.captioning.clinging for code, language in KNOWN.items()}
    shares = {code: sum(word in known for word in words) / len(words) for code, known in little.items()}
    likeliest = max(shares, key=lambda code: shares[code])
    return likeliest if shares[likeliest] >= _TELLING else None


def _passage(transcript: Transcript, text: str, index: int, inner: range) -> PreviewedPassage:
    """A passage of the transcript, whose ``text`` is as it is shown."""
    segment = transcript.segments[index]
    end = min(segment.char_end, segment.char_start + _LONGEST_PASSAGE)
    runs, at = [], segment.char_start
    for part in map(transcript.segments.__getitem__, inner):
        if part.char_end > end:
            break
        runs += [
            PreviewedRun(segment.kind, text[at : part.char_start]),
            PreviewedRun(part.kind, text[part.char_start : part.char_end]),
        ]
        at = part.char_end
    runs.append(PreviewedRun(segment.kind, text[at:end] + ("…" if end < segment.char_end else "")))
    return PreviewedPassage(segment.kind, segment.speaker, tuple(run for run in runs if run.text))
