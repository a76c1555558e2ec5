"""What a person said of a transcript's structure: which labels name speakers, and what paragraphs are.

Before the transcript is aligned that lies beside it in ``structure.json``:

    {"format": "quotecast-structure", "version": 1, "transcript": SHA256 of its bytes,
     "labels": {"Note": false, "Zoé": true},
     "kinds": {"1204": "heading"},      by the character at which the paragraph begins, as read without all this
     "texts": {"1204": "Of the sea"}}   how that paragraph begins

What is set so, and on an episode's page, is pinned in the alignment. When that is aligned again, all of it stays if the
file is the same; in an edited file it stays with the paragraphs that begin much as they did.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Literal

from msgspec import Meta, Struct, to_builtins

from aligner.errors import TranscriptError
from aligner.mapping import TextMapping
from aligner.model import Alignment, Kind, Segment, Transcript, outermost
from aligner.normalization import fold
from aligner.storage.atomic import write_text
from aligner.storage.checked_json import decode, encodable
from aligner.transcript.names import clean_name
from aligner.transcript.structure import Part, with_marks, words_of
from media.safe_fs import read_regular

FILE = "structure.json"
MOST_TOLD = 5000  # labels, and paragraphs, of which something is said

_LARGEST_BYTES = 1_000_000
_LABEL = re.compile(r"(?P<name>[^:：\n]{1,60}?)[ \t\xa0\u202f]{0,3}[:：]\s*(?=\S)")
_BREAK = re.compile("[\n\r\u2028\u2029]")
_BEGINNING = 200  # characters by which a paragraph is recognised
_ALIKE = 0.75  # of the letters with which it begins
_MOST = 0.5  # of the words of either paragraph that are in the other, if both are the same one


class StructureOverrides(Struct, frozen=True, tag_field="format", tag="quotecast-structure"):
    """``labels`` are whether each names a speaker, ``kinds`` what the paragraphs are that begin there, and ``texts``
    how those begin; all of the transcript whose file has that hash."""

    transcript: Annotated[str, Meta(max_length=64)]
    labels: Annotated[dict[Annotated[str, Meta(max_length=200)], bool], Meta(max_length=MOST_TOLD)] = {}
    kinds: Annotated[dict[int, Kind], Meta(max_length=MOST_TOLD)] = {}
    texts: Annotated[dict[int, Annotated[str, Meta(max_length=_BEGINNING)]], Meta(max_length=MOST_TOLD)] = {}
    version: Literal[1] = 1

    @classmethod
    def of(cls, transcript: Transcript, labels: Mapping[str, bool], kinds: Mapping[int, Kind]) -> StructureOverrides:
        """Return what was said of a transcript as a reader has it."""
        texts = {start: _beginning(transcript.text, start) for start in kinds}
        return cls(transcript.sha256, dict(labels), dict(kinds), texts)


def read_structure(path: Path) -> StructureOverrides:
    """Read the file at ``path``; raises TranscriptError if it is not there, or not one of ours."""
    try:
        return decode(read_regular(path, _LARGEST_BYTES), StructureOverrides)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError("{path}: cannot be read ({reason})", path=path, reason=reason) from error


def write_structure(path: Path, told: StructureOverrides) -> None:
    """Write the file; raises OutputError if that cannot be done."""
    content = json.dumps(to_builtins(told, str_keys=True), ensure_ascii=False, indent=1)
    write_text(path, encodable(content) + "\n")


def with_structure(transcript: Transcript, told: StructureOverrides | None) -> Transcript:
    """Return the transcript with what a person said of it, or of what it was before it was edited.

    Raises TranscriptError if nothing would be said in it any more.
    """
    if told is None:
        return transcript
    told = followed(told, transcript)
    segments = tuple(segment for _, paragraph in overridden_paragraphs(transcript, told) for segment in paragraph)
    words = words_of(transcript.text, segments)
    if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
        raise TranscriptError("nothing would be said in the transcript any more; a paragraph of speech was expected")
    return replace(transcript, segments=segments, words=words)


def followed(told: StructureOverrides, transcript: Transcript) -> StructureOverrides:
    """Return what was said of another file as said of ``transcript``: of paragraphs that begin much as they did, and of
    labels."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extractOne

    if told.transcript == transcript.sha256:
        return told
    starts = [transcript.segments[index].char_start for index, _ in outermost(transcript.segments)]
    places = {start: fold(_beginning(transcript.text, start)) for start in starts}
    kinds: dict[int, Kind] = {}
    for start, kind in told.kinds.items():
        text = fold(told.texts.get(start, ""))
        alike = extractOne(text, places, scorer=Levenshtein.normalized_similarity, score_cutoff=_ALIKE)
        if text and alike:
            kinds[alike[2]] = kind
    return StructureOverrides.of(transcript, told.labels, kinds)


def overridden_paragraphs(transcript: Transcript, told: StructureOverrides) -> Iterator[tuple[int, Sequence[Segment]]]:
    """Yield each paragraph with what lies within it, by where it begins as it was read."""
    text, superscripts = transcript.text, "¹" in transcript.text
    end = 0  # of the paragraph before
    read: str | None = None  # who spoke last, as the file was read
    speaker: str | None = None  # and as a person said
    for index, inner in outermost(transcript.segments):
        segment = transcript.segments[index]
        label = _BREAK.split(text[end : segment.char_start])[-1]
        goes_on = segment.kind is Kind.SPEECH and segment.speaker == read and not label.strip()
        part = _part(text, replace(segment, speaker=speaker) if goes_on else segment, label, told, speaker)
        if part == Part(segment.kind, segment.speaker, segment.char_start, segment.char_end):
            yield segment.char_start, (segment, *map(transcript.segments.__getitem__, inner))
        else:
            yield segment.char_start, [replace(each, pinned=True) for each in with_marks(text, part, superscripts)]
        end = segment.char_end
        read = segment.speaker if segment.kind is Kind.SPEECH else read
        speaker = part.speaker if part.kind is Kind.SPEECH else speaker


def candidate_of(text: str, start: int, end: int) -> tuple[str, int] | None:
    """Return what stands before a colon at the beginning of a paragraph, and where the words after it begin."""
    found = _LABEL.match(text, start, end)
    name = clean_name(found["name"]) if found else ""
    return (name, found.end()) if found and any(map(str.isalpha, name)) else None


def structured(transcript: Transcript, earlier: Alignment) -> Transcript:
    """Return the transcript with what a person set of its paragraphs in an ``earlier`` alignment."""
    if not any(segment.pinned for segment in earlier.transcript.segments):
        return transcript
    if transcript.sha256 == earlier.transcript.sha256 and transcript.text == earlier.transcript.text:
        segments = earlier.transcript.segments
    else:
        segments = tuple(_carried(transcript, earlier.transcript))
    return replace(transcript, segments=segments, words=words_of(transcript.text, segments))


def _beginning(text: str, start: int) -> str:
    return _BREAK.split(text[start : start + _BEGINNING], maxsplit=1)[0]


def _part(text: str, segment: Segment, label: str, told: StructureOverrides, last: str | None) -> Part:
    """Return a paragraph as a person said: ``label`` stands before it on its line, and ``last`` spoke last."""
    kind, speaker, start = told.kinds.get(segment.char_start, segment.kind), segment.speaker, segment.char_start
    if speaker is not None and told.labels.get(speaker) is False:
        start -= len(label.lstrip()) if any(map(str.isalnum, label)) else 0
        speaker = last
    elif segment.kind is not Kind.SPEECH and kind is Kind.SPEECH:
        speaker = last
    found = candidate_of(text, start, segment.char_end) if kind is Kind.SPEECH else None
    if found and told.labels.get(found[0]) is True:
        speaker, start = found
    return Part(kind, speaker if kind in (Kind.SPEECH, Kind.STAGE) else None, start, segment.char_end)


def _carried(new: Transcript, old: Transcript) -> Iterator[Segment]:
    """Yield the segments of a text, with the paragraphs set that were set in the old one."""
    ours, theirs = _paragraphs_of(old), _paragraphs_of(new)
    before, after = (Counter(of[word.segment] for word in each.words) for of, each in ((ours, old), (theirs, new)))
    there = TextMapping(old, new).counterparts().items()
    shared = Counter((theirs[new.words[now].segment], ours[old.words[then].segment]) for then, now in there)
    same = {index: at for (index, at), count in shared.items() if count >= _MOST * max(before[at], after[index])}
    for index, inner in outermost(new.segments):
        segment, was = new.segments[index], old.segments[same[index]] if index in same else None
        if segment.pinned or not was or not was.pinned:  # a pinned one was set of this text, later
            yield from (segment, *map(new.segments.__getitem__, inner))
            continue
        label, start = _label_of(old, same[index]), segment.char_start
        if label and new.text.startswith(label, start):
            start += len(label)
        part = Part(was.kind, was.speaker, start, segment.char_end)
        yield from (replace(each, pinned=True) for each in with_marks(new.text, part, "¹" in new.text))


def _paragraphs_of(transcript: Transcript) -> Mapping[int, int]:
    """Return for each segment the outermost one in which it lies."""
    return {each: index for index, inner in outermost(transcript.segments) for each in (index, *inner)}


def _label_of(transcript: Transcript, at: int) -> str:
    """Return what stands before an outermost segment, after the one before it."""
    end = max((each.char_end for each in transcript.segments[:at]), default=0)
    return transcript.text[end : transcript.segments[at].char_start].lstrip()
