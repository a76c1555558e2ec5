"""Override how a transcript's structure was read: which labels name speakers, and the kinds of paragraphs.

Before a transcript is aligned, its overrides are stored beside it in ``structure.json``:

    {"format": "quotecast-structure", "version": 1, "transcript": SHA256 of its bytes,
     "labels": {"Note": false, "Zoé": true},
     "kinds": {"1204": "heading"},      by the offset of the paragraph's first character, as read without overrides
     "texts": {"1204": "Of the sea"}}   the beginning of that paragraph

If the transcript file is edited, labels stay; a kind stays if there is a paragraph with a similar beginning. In an
alignment, paragraphs that a person has changed are pinned: they keep their kind and speaker when the episode is aligned
again, if most of their words are still in one paragraph.
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
from aligner.transcript.structure import Part, segments_with_marks, words_of
from media.safe_fs import read_regular

FILE = "structure.json"
MOST_OVERRIDES = 5000  # of labels, and of paragraphs

_LARGEST_BYTES = 1_000_000
_LABEL = re.compile(r"(?P<name>[^:：\n]{1,60}?)[ \t\xa0\u202f]{0,3}[:：]\s*(?=\S)")
_BREAK = re.compile("[\n\r\u2028\u2029]")
_BEGINNING = 200  # characters by which a paragraph is recognised
_ALIKE = 0.75  # least similarity of two beginnings
_MOST = 0.5  # least share of words in common, of either paragraph, if both are the same one


class StructureOverrides(Struct, frozen=True, tag_field="format", tag="quotecast-structure"):
    """A person's overrides for the file with the hash ``transcript``. ``labels`` says of each label whether it names a
    speaker. ``kinds`` and ``texts`` hold a paragraph's kind and beginning, by the offset of its first character."""

    transcript: Annotated[str, Meta(max_length=64)]
    labels: Annotated[dict[Annotated[str, Meta(max_length=200)], bool], Meta(max_length=MOST_OVERRIDES)] = {}
    kinds: Annotated[dict[int, Kind], Meta(max_length=MOST_OVERRIDES)] = {}
    texts: Annotated[dict[int, Annotated[str, Meta(max_length=_BEGINNING)]], Meta(max_length=MOST_OVERRIDES)] = {}
    version: Literal[1] = 1

    @classmethod
    def of(cls, transcript: Transcript, labels: Mapping[str, bool], kinds: Mapping[int, Kind]) -> StructureOverrides:
        """Return overrides for ``transcript`` from ``labels`` and ``kinds``; add the beginnings of the paragraphs."""
        texts = {start: _beginning(transcript.text, start) for start in kinds}
        return cls(transcript.sha256, dict(labels), dict(kinds), texts)


def read_structure(path: Path) -> StructureOverrides:
    """Return the overrides in the file at ``path``. Raises TranscriptError if it is missing or invalid."""
    try:
        return decode(read_regular(path, _LARGEST_BYTES), StructureOverrides)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise TranscriptError("{path}: cannot be read ({reason})", path=path, reason=reason) from error


def write_structure(path: Path, overrides: StructureOverrides) -> None:
    """Write the overrides to ``path``. Raises OutputError if that is not possible."""
    content = json.dumps(to_builtins(overrides, str_keys=True), ensure_ascii=False, indent=1)
    write_text(path, encodable(content) + "\n")


def with_structure(transcript: Transcript, overrides: StructureOverrides | None) -> Transcript:
    """Return the transcript with ``overrides`` applied, even if they were made for an earlier version of its file.
    Raises TranscriptError if no paragraph of speech is left."""
    if overrides is None:
        return transcript
    overrides = adapted(overrides, transcript)
    segments = tuple(segment for _, paragraph in overridden_paragraphs(transcript, overrides) for segment in paragraph)
    words = words_of(transcript.text, segments)
    if not any(segments[word.segment].kind is Kind.SPEECH for word in words):
        raise TranscriptError("the transcript would have no speech left; mark at least one paragraph as speech")
    return replace(transcript, segments=segments, words=words)


def adapted(overrides: StructureOverrides, transcript: Transcript) -> StructureOverrides:
    """Return ``overrides`` adapted to ``transcript``, if they were made for another version of its file. All labels
    stay; a kind stays if there is a paragraph with a similar beginning."""
    from rapidfuzz.distance import Levenshtein
    from rapidfuzz.process import extractOne

    if overrides.transcript == transcript.sha256:
        return overrides
    starts = [transcript.segments[index].char_start for index, _ in outermost(transcript.segments)]
    beginnings = {start: fold(_beginning(transcript.text, start)) for start in starts}
    kinds: dict[int, Kind] = {}
    for start, kind in overrides.kinds.items():
        text = fold(overrides.texts.get(start, ""))
        alike = extractOne(text, beginnings, scorer=Levenshtein.normalized_similarity, score_cutoff=_ALIKE)
        if text and alike:
            kinds[alike[2]] = kind
    return StructureOverrides.of(transcript, overrides.labels, kinds)


def overridden_paragraphs(
    transcript: Transcript, overrides: StructureOverrides
) -> Iterator[tuple[int, Sequence[Segment]]]:
    """Apply the overrides. Yield each paragraph's original offset and new segments: itself, then those inside it."""
    text, superscripts = transcript.text, "¹" in transcript.text
    end = 0  # of the paragraph before
    read: str | None = None  # who spoke last, as the file was read
    speaker: str | None = None  # and as a person said
    for index, inner in outermost(transcript.segments):
        segment = transcript.segments[index]
        label = _BREAK.split(text[end : segment.char_start])[-1]
        goes_on = segment.kind is Kind.SPEECH and segment.speaker == read and not label.strip()
        part = _part(text, replace(segment, speaker=speaker) if goes_on else segment, label, overrides, speaker)
        if part == Part(segment.kind, segment.speaker, segment.char_start, segment.char_end):
            yield segment.char_start, (segment, *map(transcript.segments.__getitem__, inner))
        else:
            found = segments_with_marks(text, part, superscripts)
            yield segment.char_start, [replace(each, pinned=True) for each in found]
        end = segment.char_end
        read = segment.speaker if segment.kind is Kind.SPEECH else read
        speaker = part.speaker if part.kind is Kind.SPEECH else speaker


def candidate_of(text: str, start: int, end: int) -> tuple[str, int] | None:
    """Return the name at the beginning of ``text[start:end]``, as in "Zoé: Hello", and the offset after the colon."""
    found = _LABEL.match(text, start, end)
    name = clean_name(found["name"]) if found else ""
    return (name, found.end()) if found and any(map(str.isalpha, name)) else None


def structured(transcript: Transcript, earlier: Alignment) -> Transcript:
    """Return the transcript with the kinds and speakers that a person set for paragraphs of ``earlier``."""
    if not any(segment.pinned for segment in earlier.transcript.segments):
        return transcript
    if transcript.sha256 == earlier.transcript.sha256 and transcript.text == earlier.transcript.text:
        segments = earlier.transcript.segments
    else:
        segments = tuple(_carried(transcript, earlier.transcript))
    return replace(transcript, segments=segments, words=words_of(transcript.text, segments))


def _beginning(text: str, start: int) -> str:
    return _BREAK.split(text[start : start + _BEGINNING], maxsplit=1)[0]


def _part(text: str, segment: Segment, label: str, overrides: StructureOverrides, last: str | None) -> Part:
    """Return a paragraph with the overrides applied. ``label`` is the text before the paragraph on its line, such as
    "Zoé:". ``last`` is the previous paragraph's speaker, who also speaks this one if it has no speaker of its own."""
    kind, speaker, start = overrides.kinds.get(segment.char_start, segment.kind), segment.speaker, segment.char_start
    if speaker is not None and overrides.labels.get(speaker) is False:
        start -= len(label.lstrip()) if any(map(str.isalnum, label)) else 0
        speaker = last
    elif segment.kind is not Kind.SPEECH and kind is Kind.SPEECH:
        speaker = last
    found = candidate_of(text, start, segment.char_end) if kind is Kind.SPEECH else None
    if found and overrides.labels.get(found[0]) is True:
        speaker, start = found
    return Part(kind, speaker if kind in (Kind.SPEECH, Kind.STAGE) else None, start, segment.char_end)


def _carried(new: Transcript, old: Transcript) -> Iterator[Segment]:
    ours, theirs = _paragraphs_of(old), _paragraphs_of(new)
    before, after = (Counter(of[word.segment] for word in each.words) for of, each in ((ours, old), (theirs, new)))
    there = TextMapping(old, new).counterparts().items()
    shared = Counter((theirs[new.words[now].segment], ours[old.words[then].segment]) for then, now in there)
    same = {index: at for (index, at), count in shared.items() if count >= _MOST * max(before[at], after[index])}
    for index, inner in outermost(new.segments):
        segment, was = new.segments[index], old.segments[same[index]] if index in same else None
        if segment.pinned or not was or not was.pinned:  # a pin of the new text is the later one
            yield from (segment, *map(new.segments.__getitem__, inner))
            continue
        label, start = _label_of(old, same[index]), segment.char_start
        if label and new.text.startswith(label, start):
            start += len(label)
        part = Part(was.kind, was.speaker, start, segment.char_end)
        yield from (replace(each, pinned=True) for each in segments_with_marks(new.text, part, "¹" in new.text))


def _paragraphs_of(transcript: Transcript) -> Mapping[int, int]:
    return {each: index for index, inner in outermost(transcript.segments) for each in (index, *inner)}


def _label_of(transcript: Transcript, at: int) -> str:
    end = max((each.char_end for each in transcript.segments[:at]), default=0)
    return transcript.text[end : transcript.segments[at].char_start].lstrip()
