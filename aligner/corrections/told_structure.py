"""What a person said of a transcript's structure before it is aligned: which labels name speakers and which do not, and
what single paragraphs are. It lies beside the transcript as ``structure.json`` and is of that very file alone:

    {"format": "quotecast-structure", "version": 1, "transcript": SHA256 of its bytes,
     "labels": {"Note": false, "Zoé": true},
     "kinds": {"1204": "heading"}}      by where the paragraph begins, as it is read without all this, in characters

What of the text is touched by it is pinned, as what is set on an episode's page, and so outlives that file.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct

from aligner.errors import TranscriptError
from aligner.model import Kind, Segment, Transcript, outermost
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode, encodable
from aligner.transcript.names import clean_name
from aligner.transcript.structure import Part, with_marks, words_of
from media.confinement import read_regular

FILE = "structure.json"
MOST_TOLD = 5000  # labels, and paragraphs, of which something is told

_LARGEST_BYTES = 1_000_000
_LABEL = re.compile(r"(?P<name>[^:：\n]{1,60}?)[ \t\xa0\u202f]{0,3}[:：]\s*(?=\S)")
_BREAK = re.compile("[\n\r\u2028\u2029]")

_Label = Annotated[str, Meta(max_length=200)]


@dataclass(frozen=True, slots=True)
class ToldStructure:
    """``labels`` are whether each names a speaker, ``kinds`` what the paragraphs are that begin there; both of the
    transcript whose file has that hash."""

    transcript: str
    labels: Mapping[str, bool] = field(default_factory=dict)
    kinds: Mapping[int, Kind] = field(default_factory=dict)


class _File(Struct):
    format: Literal["quotecast-structure"]
    version: Literal[1]
    transcript: Annotated[str, Meta(max_length=64)]
    labels: Annotated[dict[_Label, bool], Meta(max_length=MOST_TOLD)] = {}
    kinds: Annotated[dict[int, Kind], Meta(max_length=MOST_TOLD)] = {}


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
    return ToldStructure(told.transcript, told.labels, told.kinds)


def write_structure(path: Path, told: ToldStructure) -> None:
    """Write the file.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    kinds = {str(start): kind.value for start, kind in told.kinds.items()}
    content = {"format": "quotecast-structure", "version": 1, "transcript": told.transcript}
    text = json.dumps(content | {"labels": dict(told.labels), "kinds": kinds}, ensure_ascii=False, indent=1)
    write_text(path, encodable(text) + "\n")


def with_structure(transcript: Transcript, told: ToldStructure | None) -> Transcript:
    """The transcript, as a reader has it, with what a person told of it; nothing of another file.

    Raises
    ------
    TranscriptError
        Nothing would be said in it any more.
    """
    if told is None or told.transcript != transcript.sha256:
        return transcript
    segments = tuple(segment for _, paragraph in told_paragraphs(transcript, told) for segment in paragraph)
    words = words_of(transcript.text, segments)
    if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
        raise TranscriptError("nothing would be said in the transcript any more; a paragraph of speech was expected")
    return replace(transcript, segments=segments, words=words)


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
