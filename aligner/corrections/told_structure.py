"""What a person said of a transcript's structure before it is aligned: which labels name speakers and which do not, and
what single paragraphs are. It lies beside the transcript as ``structure.json``:

    {"format": "quotecast-structure", "version": 1, "transcript": SHA256 of its bytes,
     "labels": {"Note": false, "Zoé": true},
     "kinds": {"1204": "heading"},      by where the paragraph begins, as it is read without all this, in characters
     "texts": {"1204": "Of the sea"}}   how that paragraph begins

Where the transcript was edited since, what was told follows its paragraphs by what they say. What of the text is
touched by it is pinned, as what is set on an episode's page, and so outlives that file.
"""

from __future__ import annotations

import json
import re
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from aligner.errors import TranscriptError
from aligner.model import Kind, Segment, Transcript, outermost
from aligner.normalization import fold
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode, encodable
from aligner.transcript.names import clean_name
from aligner.transcript.structure import Part, with_marks, words_of
from media.confinement import read_regular
from media.errors import Message

FILE = "structure.json"
MOST_TOLD = 5000  # labels, and paragraphs, of which something is told

_LARGEST_BYTES = 1_000_000
_LABEL = re.compile(r"(?P<name>[^:：\n]{1,60}?)[ \t\xa0\u202f]{0,3}[:：]\s*(?=\S)")
_BREAK = re.compile("[\n\r\u2028\u2029]")
_BEGINNING = 200  # characters by which a paragraph is known again
_NEAR, _ALIKE = 2000, 0.75  # characters from where it was, and share of its letters, for one that was edited

_Label = Annotated[str, Meta(max_length=200)]
_Beginning = Annotated[str, Meta(max_length=_BEGINNING)]


@dataclass(frozen=True, slots=True)
class ToldStructure:
    """``labels`` are whether each names a speaker, ``kinds`` what the paragraphs are that begin there, and ``texts``
    how those do; all of the transcript whose file has that hash."""

    transcript: str
    labels: Mapping[str, bool] = field(default_factory=dict)
    kinds: Mapping[int, Kind] = field(default_factory=dict)
    texts: Mapping[int, str] = field(default_factory=dict)

    @classmethod
    def of(cls, transcript: Transcript, labels: Mapping[str, bool], kinds: Mapping[int, Kind]) -> ToldStructure:
        """What is told of a transcript, as a reader has it."""
        return cls(transcript.sha256, labels, kinds, {start: _beginning(transcript.text, start) for start in kinds})


class _File(Struct):
    format: Literal["quotecast-structure"]
    version: Literal[1]
    transcript: Annotated[str, Meta(max_length=64)]
    labels: Annotated[dict[_Label, bool], Meta(max_length=MOST_TOLD)] = {}
    kinds: Annotated[dict[int, Kind], Meta(max_length=MOST_TOLD)] = {}
    texts: Annotated[dict[int, _Beginning], Meta(max_length=MOST_TOLD)] = {}


def read_structure(path: Path) -> ToldStructure:
    """What the file at ``path`` tells.

    Raises
    ------
    TranscriptError
        It is not there, or none of ours.
    """
    try:
        told = decode(read_regular(path, _LARGEST_BYTES), _File)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError("{path}: cannot be read ({reason})", path=path, reason=reason) from error
    return ToldStructure(told.transcript, told.labels, told.kinds, told.texts)


def write_structure(path: Path, told: ToldStructure) -> None:
    """Write the file.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    kinds = {str(start): kind.value for start, kind in told.kinds.items()}
    texts = {str(start): text for start, text in told.texts.items()}
    content = {"format": "quotecast-structure", "version": 1, "transcript": told.transcript}
    content |= {"labels": dict(told.labels), "kinds": kinds, "texts": texts}
    write_text(path, encodable(json.dumps(content, ensure_ascii=False, indent=1)) + "\n")


def with_structure(transcript: Transcript, told: ToldStructure | None) -> Transcript:
    """The transcript, as a reader has it, with what a person told of it, or of what it was before it was edited.

    Raises
    ------
    TranscriptError
        Nothing would be said in it any more.
    """
    if told is None:
        return transcript
    told, _ = followed(told, transcript)
    segments = tuple(segment for _, paragraph in told_paragraphs(transcript, told) for segment in paragraph)
    words = words_of(transcript.text, segments)
    if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
        raise TranscriptError("nothing would be said in the transcript any more; a paragraph of speech was expected")
    return replace(transcript, segments=segments, words=words)


def followed(told: ToldStructure, transcript: Transcript) -> tuple[ToldStructure, int]:
    """What was told, as told of ``transcript``, where it was of another file; and of how many paragraphs something was
    told that are not found in it."""
    if told.transcript == transcript.sha256:
        return told, 0
    places = _Places(transcript)
    found = {start: place for start in told.kinds if (place := places.of(told.texts.get(start, ""), start)) is not None}
    kinds = {place: told.kinds[start] for start, place in found.items()}
    return ToldStructure.of(transcript, told.labels, kinds), len(told.kinds) - len(found)


def left_out(told: ToldStructure | None, transcript: Transcript, path: Path | None) -> tuple[Message, ...]:
    """What a person should know of what was told in the file at ``path``: that some of it is found no more."""
    _, lost = followed(told, transcript) if told else (None, 0)
    if not lost:
        return ()
    return (
        Message(
            "{path}: what was said of {n} paragraphs is left out, for the transcript has them no more",
            path=path,
            n=lost,
        ),
    )


class _Places:
    """The paragraphs of a transcript, by where they begin and how."""

    def __init__(self, transcript: Transcript) -> None:
        self._starts = [transcript.segments[index].char_start for index, _ in outermost(transcript.segments)]
        self._texts = {start: fold(_beginning(transcript.text, start)) for start in self._starts}
        self._by_text: dict[str, list[int]] = {}
        for start, text in self._texts.items():
            self._by_text.setdefault(text, []).append(start)

    def of(self, beginning: str, near: int) -> int | None:
        """Where a paragraph begins that begins so, or nearly so and not far from there; None where none does."""
        from rapidfuzz.distance import Levenshtein

        text = fold(beginning)
        if not text:
            return None
        if same := self._by_text.get(text):
            return min(same, key=lambda start: abs(start - near))
        first, stop = (bisect_left(self._starts, near + by) for by in (-_NEAR, _NEAR))
        alike = {at: Levenshtein.normalized_similarity(text, self._texts[at]) for at in self._starts[first:stop]}
        likeliest = max(alike, key=lambda at: (alike[at], -abs(at - near)), default=None)
        return likeliest if likeliest is not None and alike[likeliest] >= _ALIKE else None


def _beginning(text: str, start: int) -> str:
    return _BREAK.split(text[start : start + _BEGINNING], maxsplit=1)[0]


def told_paragraphs(transcript: Transcript, told: ToldStructure) -> Iterator[tuple[int, Sequence[Segment]]]:
    """Each paragraph with what lies within it, by where it begins as it was read."""
    text, superscripts = transcript.text, "¹" in transcript.text
    last = _Last(0, None, None)
    for index, inner in outermost(transcript.segments):
        segment = transcript.segments[index]
        part = _part(text, segment, told, last)
        if part == Part(segment.kind, segment.speaker, segment.char_start, segment.char_end):
            yield segment.char_start, (segment, *map(transcript.segments.__getitem__, inner))
        else:
            anew = with_marks(text, part, superscripts)
            yield segment.char_start, [replace(each, pinned=True) for each in anew]
        last = _Last(
            segment.char_end,
            segment.speaker if segment.kind is Kind.SPEECH else last.read,
            part.speaker if part.kind is Kind.SPEECH else last.told,
        )


def candidate_of(text: str, start: int, end: int) -> tuple[str, int] | None:
    """What stands before a colon at the beginning of a paragraph, and where the words after it begin."""
    found = _LABEL.match(text, start, end)
    name = clean_name(found["name"]) if found else ""
    return (name, found.end()) if found and any(map(str.isalpha, name)) else None


@dataclass(frozen=True, slots=True)
class _Last:
    """Where the last paragraph ends, and who spoke last, as it was ``read`` and as it was ``told``."""

    end: int
    read: str | None
    told: str | None


def _part(text: str, segment: Segment, told: ToldStructure, last: _Last) -> Part:
    """A paragraph as it was told: where it goes on with who spoke last, that is who did as it was told."""
    kind, speaker, start = told.kinds.get(segment.char_start, segment.kind), segment.speaker, segment.char_start
    before = _BREAK.split(text[last.end : start])[-1]  # its label, a dash, or nothing
    if speaker is not None and told.labels.get(speaker) is False:
        start -= len(before.lstrip()) if any(map(str.isalnum, before)) else 0
        speaker = last.told
    elif segment.kind is not Kind.SPEECH:
        speaker = last.told if kind is Kind.SPEECH else speaker
    elif speaker == last.read and not before.strip():
        speaker = last.told
    found = candidate_of(text, start, segment.char_end) if kind is Kind.SPEECH else None
    if found and told.labels.get(found[0]) is True:
        speaker, start = found
    return Part(kind, speaker if kind in (Kind.SPEECH, Kind.STAGE) else None, start, segment.char_end)
