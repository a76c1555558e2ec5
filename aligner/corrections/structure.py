"""What a person said of paragraphs, through aligning again: of the same file all of it stays; in one that was edited
elsewhere it follows the paragraphs by what they say.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from aligner.corrections.pins import places
from aligner.model import Alignment, Segment, Transcript, outermost
from aligner.transcript.structure import Part, with_marks, words_of

_MOST = 0.5  # of the words of either paragraph that are in the other, where both are the same one


def structured(transcript: Transcript, earlier: Alignment | None, given: Collection[str] = ()) -> Transcript:
    """The transcript, as a reader has it, with what a person said of its paragraphs in an ``earlier`` alignment;
    ``given`` are names that were given to speakers now."""
    if earlier is None or not any(segment.pinned for segment in earlier.transcript.segments):
        return transcript
    if transcript.sha256 == earlier.transcript.sha256 and transcript.text == earlier.transcript.text:
        segments = _renamed(earlier.transcript.segments, transcript.segments, given)
    else:
        segments = tuple(_followed(transcript, earlier))
    return replace(transcript, segments=segments, words=words_of(transcript.text, segments))


def _renamed(earlier: tuple[Segment, ...], read: tuple[Segment, ...], given: Collection[str]) -> tuple[Segment, ...]:
    """The earlier segments, whose speakers are called as they are now: by a name that was given, if most of their
    paragraphs are that nobody set. That of another speaker is none: a reader may take one for the other."""
    now = {(segment.char_start, segment.char_end): segment.speaker for segment in read}
    speakers = {segment.speaker for segment in earlier}
    called: dict[str, Counter[str]] = {}
    for segment in earlier:
        name = now.get((segment.char_start, segment.char_end))
        if segment.speaker and name and not segment.pinned:
            called.setdefault(segment.speaker, Counter())[name] += 1
    likeliest = {speaker: found.most_common(1)[0][0] for speaker, found in called.items()}
    names = {speaker: name for speaker, name in likeliest.items() if name in given and name not in speakers}
    return tuple(replace(each, speaker=names.get(each.speaker or "", each.speaker)) for each in earlier)


@dataclass(frozen=True, slots=True)
class _Set:
    """A paragraph that a person has set, with the ``label`` that stands before it in the text."""

    segment: Segment
    label: str
    words: int


def _followed(transcript: Transcript, earlier: Alignment) -> Iterator[Segment]:
    """The segments of a text, those among them that a person has set as they were set."""
    text, there = transcript.text, places(earlier, transcript.words)
    ours = _paragraph_of(earlier.transcript)
    found: dict[int, Counter[int]] = {}
    theirs = _paragraph_of(transcript)
    for old, new in there.items():
        paragraph = theirs[transcript.words[new].segment]
        found.setdefault(paragraph, Counter())[ours[earlier.words[old].word.segment]] += 1
    set_before = dict(_set_paragraphs(earlier.transcript, ours))
    counts = Counter(theirs[word.segment] for word in transcript.words)
    for index, inner in outermost(transcript.segments):
        segment = transcript.segments[index]
        if segment.pinned:  # it was told of this text, which is later
            yield from (segment, *map(transcript.segments.__getitem__, inner))
            continue
        at, same = found[index].most_common(1)[0] if index in found else (None, 0)
        known = set_before.get(at) if at is not None else None
        if known is None or same < _MOST * max(counts[index], known.words):
            yield from (segment, *map(transcript.segments.__getitem__, inner))
            continue
        start = segment.char_start
        if known.label and text.startswith(known.label, start):
            start += len(known.label)
        part = Part(known.segment.kind, known.segment.speaker, start, segment.char_end)
        yield from (replace(each, pinned=True) for each in with_marks(text, part, "¹" in text))


def _paragraph_of(transcript: Transcript) -> Mapping[int, int]:
    """For each segment the outermost one in which it lies."""
    return {each: index for index, inner in outermost(transcript.segments) for each in (index, *inner)}


def _set_paragraphs(transcript: Transcript, paragraph: Mapping[int, int]) -> Iterator[tuple[int, _Set]]:
    counts = Counter(paragraph[word.segment] for word in transcript.words)
    end = 0
    for index, _ in outermost(transcript.segments):
        segment = transcript.segments[index]
        if segment.pinned:
            yield index, _Set(segment, transcript.text[end : segment.char_start].lstrip(), counts[index])
        end = segment.char_end
