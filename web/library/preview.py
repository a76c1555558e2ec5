"""What was sent, looked at before any work starts: the transcript as it was understood, who speaks, what is not said;
and what a sound or a picture says of itself."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path

from aligner.corrections.told_structure import ToldStructure, candidate_of, told_paragraphs, with_structure
from aligner.languages import KNOWN, language_code
from aligner.model import Kind, Segment, Transcript, outermost
from aligner.transcript import read_transcript
from aligner.typography import unbroken
from media.errors import DecodeError, NoPictureError, UserError
from media.pictures import PictureFormat
from web.bounded import call
from web.errors import Unusable

_MICROSECONDS = 1_000_000
_COVER_ENDINGS: dict[PictureFormat, str] = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_MOST_CHARS = 120_000  # of text shown: two hours of talk; of the rest only the number of passages is told
_MOST_PASSAGES = 5000  # shown, however short; captions of two hours have half of them
_LONGEST_PASSAGE = 20_000  # characters
_MOST_SPEAKERS = 1000  # more than an episode may have
_SAMPLE_WORDS = 2000
_TITLE_WORDS, _LABEL_WORDS = 8, 4  # of a line that may be a heading, and of what may be a name
_MOST_CANDIDATES = 20  # names that are told though nothing speaks for them but a colon
_TELLING = 0.2  # share of little words from which a language is believed; in the wrong one it is under 0.12


COVER_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
"""What a cover is served as, by its ending; others are not served."""


@dataclass(frozen=True, slots=True)
class SoundFile:
    """A sound's tags where they are of use in a form, and its length in seconds as the header has it, None unknown."""

    title: str | None
    show: str | None
    date: str | None
    duration: float | None


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
    one, whether it is, and how many passages it opens; ``kinds`` what passages were said to be.
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
    told = ToldStructure(read_transcript(path).sha256, labels, kinds)
    return told, _preview(path, told)


def _preview(path: Path, told: ToldStructure | None) -> TranscriptPreview:
    read = read_transcript(path)
    transcript = with_structure(read, told)
    if told is None or told.transcript != read.sha256:
        told = ToldStructure(read.sha256)
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
    )


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


def look_at(path: Path) -> SoundFile:
    """What is known of the sound in ``path``.

    Raises
    ------
    Unusable
        It is no sound, or damaged at its beginning.
    """
    with blaming_field("audio"):
        return call(_look_at, path)


def _look_at(path: Path) -> SoundFile:
    from media.container import read_tags

    duration = _stated_duration(path)
    tags = read_tags(path)
    return SoundFile(tags.title, tags.album, _day(tags.date), duration)


def check_sound(path: Path) -> None:
    """Make sure that there is sound in the file.

    Raises
    ------
    Unusable
        There is none.
    """
    with blaming_field("audio"):
        call(_stated_duration, path)


def _stated_duration(path: Path) -> float | None:
    """The length in seconds as the header has it, None where it has none."""
    from media.container import EXPECTED, open_container

    with contextlib.closing(open_container(path)) as container:
        if not container.streams.audio:
            raise DecodeError("{path}: has no sound; {expected}", path=path.name, expected=EXPECTED)
        return container.duration / _MICROSECONDS if container.duration else None


def cover_name(picture: Path) -> str:
    """The name that a picture gets as a cover, by what it is and not by what it is called.

    Raises
    ------
    Unusable
        It is no JPEG, PNG or WebP, is damaged, or has too many pixels.
    """
    with blaming_field("cover"):
        return call(_cover_name, picture)


def _cover_name(picture: Path) -> str:
    from media.pictures import format_of

    try:
        return f"cover{_COVER_ENDINGS[format_of(picture)]}"
    except NoPictureError as error:
        raise Unusable("upload.no_picture", "cover") from error


@contextlib.contextmanager
def blaming_field(field: str) -> Iterator[None]:
    """Tell what is wrong with a file beside the field in which it was given."""
    try:
        yield
    except Unusable as error:
        error.field = error.field or field
        raise
    except UserError as error:
        raise Unusable("upload.unusable", field, reason=error.message) from error


def _day(text: str | None) -> str | None:
    """A date if it is a whole one: a year alone is no use in a form that asks for a day."""
    try:
        return date.fromisoformat((text or "")[:10]).isoformat()
    except ValueError:
        return None
