"""The transcript as it was understood, to be looked at before any work starts: who speaks, what is not said."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from aligner.languages import KNOWN, language_code
from aligner.model import Kind, Transcript, outermost
from aligner.transcript import read_transcript
from web.bounded import call
from web.library.incoming import blaming_field

_MOST_CHARS = 120_000  # of text shown: two hours of talk; of the rest only the number of passages is told
_LONGEST_PASSAGE = 20_000  # characters
_MOST_SPEAKERS = 1000  # more than an episode may have
_SAMPLE_WORDS = 2000
_TELLING = 0.2  # share of little words from which a language is believed; in the wrong one it is under 0.12


@dataclass(frozen=True, slots=True)
class PreviewedRun:
    """A stretch of a passage of one kind: in a paragraph, the notes and stage directions stand out."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True)
class PreviewedPassage:
    """A paragraph, a heading, a note or a stage direction on a line of its own."""

    kind: Kind
    speaker: str | None
    runs: tuple[PreviewedRun, ...]


@dataclass(frozen=True, slots=True)
class TranscriptPreview:
    """What was understood of a transcript.

    ``speakers`` are the labels in order of appearance, each with its number of passages; ``left`` is the number of
    passages that are not shown; ``language`` is what the file says, else a guess, else None.
    """

    passages: tuple[PreviewedPassage, ...]
    left: int
    speakers: tuple[tuple[str, int], ...]
    counts: dict[Kind, int]
    words: int
    title: str | None
    language: str | None


def preview(path: Path) -> TranscriptPreview:
    """Read the transcript in ``path`` and show what was made of it.

    Raises
    ------
    Unusable
        It is no transcript; the message says why.
    """
    with blaming_field("transcript"):
        return call(_preview, path)


def _preview(path: Path) -> TranscriptPreview:
    transcript = read_transcript(path)
    outer = list(outermost(transcript.segments))
    shown: list[PreviewedPassage] = []
    chars = 0
    for index, inner in outer:
        if chars >= _MOST_CHARS:
            break
        passage = _passage(transcript, index, inner)
        shown.append(passage)
        chars += sum(len(run.text) for run in passage.runs)
    said = [w for w in transcript.words if transcript.segments[w.segment].kind is Kind.SPEECH]
    return TranscriptPreview(
        passages=tuple(shown),
        left=len(outer) - len(shown),
        speakers=tuple(speakers_of(transcript).items())[:_MOST_SPEAKERS],
        counts=dict(Counter(segment.kind for segment in transcript.segments)),
        words=len(said),
        title=transcript.title,
        language=guess_language(transcript),
    )


def labels_in(path: Path) -> tuple[str, ...]:
    """The speakers' labels in a transcript that somebody sent, in order of appearance.

    Raises
    ------
    Unusable
        It is none; the message says why.
    """
    with blaming_field("transcript"):
        return call(_labels_in, path)


def _labels_in(path: Path) -> tuple[str, ...]:
    return tuple(speakers_of(read_transcript(path)))[:_MOST_SPEAKERS]


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


def _passage(transcript: Transcript, index: int, inner: range) -> PreviewedPassage:
    text, segment = transcript.text, transcript.segments[index]
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
    return PreviewedPassage(segment.kind, segment.speaker, tuple(run for run in runs if run.text.strip()))
