"""Move an alignment to new audio of the same episode. Start reading here.

1. ``matching`` finds the spans that both recordings share; ``moving`` converts the times of words and of pins (times
   that a person set).
2. ``new_audio`` converts the recognition of the old audio too, and runs the recogniser on added audio only.
3. This module searches added audio for words without a time, and lists added speech missing from the transcript.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

from msgspec import Meta

from aligner.attempts import find_untranscribed, locate
from aligner.corrections.repair import RecognisedAudio, reassessed
from aligner.locating.pinned import locate_between, without
from aligner.locating.quality import placement_of, timed_words
from aligner.model import Alignment, AudioFile, LostPin, Pin, PinKind, Placement, Span, TimedWord, Untranscribed
from aligner.pins import Region, pins_of, review_removed
from aligner.pipeline import with_text
from aligner.recognition import Progress, Recogniser, silent
from aligner.recognition.cached import recognition_of
from aligner.retiming.moving import EDGE, AudioMapping, MatchedSpan, gaps, move_alignment
from aligner.retiming.new_audio import NewAudio, merged, recognise_new
from aligner.spans import runs_of
from aligner.storage.checked_json import Count
from aligner.storage.file_names import seen_from

_Offset = Annotated[float, Meta(ge=-1e6, le=1e6)]

_APART = 5.0  # seconds of pause within which displaced words are one passage
_NOTICEABLE = 0.01  # seconds; a smaller move counts as none
_SAME_RATE = 0.0005  # two seconds an hour: clocks of recorders differ by that


class Change(StrEnum):
    """What happened to a span of audio in the new recording: it kept its time, was moved, dropped or added."""

    KEPT = "kept"
    MOVED = "moved"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class ChangedSpan:
    """A span of audio and how it changed. ``old`` is None for added audio, ``new`` is None for dropped audio. ``rate``
    is the seconds of old audio per second of new audio."""

    change: Change
    old: Span | None
    new: Span | None
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Shift:
    """The number of ``words`` that moved together, and the seconds by which they moved: from ``by`` (least) to
    ``most``. The two are equal if the speed is unchanged."""

    words: Count
    by: _Offset
    most: _Offset


@dataclass(frozen=True, slots=True)
class Retimed:
    """An alignment moved to new audio, with ``old``, the alignment before the move. ``lost``, ``displaced`` and
    ``found`` hold indices of words: words whose audio was cut, words whose audio is no longer in text order, and words
    found in added audio. ``passages`` is added speech that is missing from the transcript."""

    alignment: Alignment
    old: Alignment
    matched: tuple[MatchedSpan, ...]
    lost: tuple[int, ...] = ()
    displaced: tuple[int, ...] = ()
    found: tuple[int, ...] = ()
    passages: tuple[Untranscribed, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def mapping(self) -> AudioMapping:
        """The conversion of times in the old audio to times in the new audio."""
        return AudioMapping(self.matched, self.alignment.audio.duration)

    @property
    def lost_pins(self) -> tuple[LostPin, ...]:
        """The pins (corrections by a person) that were lost in this move."""
        return self.alignment.lost_pins[len(self.old.lost_pins) :]

    def changes(self) -> Iterator[ChangedSpan]:
        """Yield what happened to each span of audio, in order of the new recording. Dropped audio follows the audio
        that preceded it in the old recording."""
        cut = gaps([each.old for each in self.matched], self.old.audio.duration)
        dropped = [ChangedSpan(Change.DROPPED, span, None) for span in cut]
        yield from (each for each in dropped if each.old and each.old.start == 0)
        added = gaps([each.new for each in self.matched], self.alignment.audio.duration)
        parts: list[MatchedSpan | Span] = [*self.matched, *added]
        for part in sorted(parts, key=lambda part: part.start if isinstance(part, Span) else part.new.start):
            if isinstance(part, Span):
                yield ChangedSpan(Change.ADDED, None, part)
                continue
            moves = part.new.start - part.old.start, part.new.end - part.old.end
            change = Change.KEPT if max(map(abs, moves)) < _NOTICEABLE else Change.MOVED
            yield ChangedSpan(change, part.old, part.new, part.rate if abs(part.rate - 1) > _SAME_RATE else 1.0)
            yield from (each for each in dropped if each.old and each.old.start == part.old.end > 0)

    def shifts(self) -> Iterator[Shift]:
        """Yield how far the words in matched spans moved, and how many words. Spans with an equal shift are counted
        together; the shift of most words comes first."""
        counts = Counter[tuple[float, float]]()
        spans = [(old.span, new.span) for old, new in zip(self.old.words, self.alignment.words, strict=True)]
        moves = [(old, new.start - old.start) for old, new in spans if old and new]
        for each in self.matched:
            own = [by for old, by in moves if each.old.start <= old.middle < each.old.end]
            if own:
                counts[round(min(own), 2), round(max(own), 2)] += len(own)
        for (least, most), count in counts.most_common():
            yield Shift(count, least, most)

    def texts(self, words: Sequence[int]) -> Iterator[tuple[Span, str]]:
        """Group consecutive ``words`` (indices); yield, for each group, the span in the old audio and the text."""
        for run in runs_of(words):
            timed = self.old.words[run.start : run.stop]
            spans = [each.span for each in timed if each.span]
            if spans:
                span = Span(spans[0].start, max(each.end for each in spans))
                yield span, " ".join(each.word.text for each in timed)


def retime_alignment(
    alignment: Alignment,
    matched: Sequence[MatchedSpan],
    new: NewAudio,
    file: Path,
    folder: Path,
    progress: Progress = silent,
    transcriber: Recogniser | None = None,
) -> Retimed:
    """Move the alignment in ``file`` to new audio; the result names files relative to ``folder``.

    ``transcriber`` transcribes added speech that is missing from the transcript; the default is Whisper.
    ``progress(stage, done, total)`` is called with seconds of audio, as in ``aligner.pipeline.align``.

    Raises MediaError, ModelError or SpeechError if the new audio cannot be recognised.
    """
    from aligner.recognition.asr import AsrRecogniser

    audio = AudioFile(seen_from(folder, new.target or new.path), new.duration, new.sha256)
    moved = move_alignment(
        _relative_to(folder, alignment, file), AudioMapping(matched, new.duration), audio, new.loudness
    )
    old = recognition_of(alignment)
    displaced = merged((span for _, span in moved.displaced), _APART)
    recognised = recognise_new(alignment, RecognisedAudio(*old) if old else None, matched, new, displaced, progress)
    added = gaps([each.new for each in matched], new.duration)
    progress("locating", 0.0, new.duration)
    words = find_words(moved.alignment, added, recognised)
    now = replace(moved.alignment, words=words, warnings=recognised.audio.warnings)
    missing = untranscribed_in(now, [*added, *displaced], recognised)
    progress("locating", new.duration, new.duration)
    transcriber = transcriber or AsrRecogniser("base", alignment.language)
    transcribed = with_text([*moved.cut, *missing], recognised.audio, transcriber, progress)
    passages = [*(each for each in now.untranscribed if each not in moved.cut), *transcribed]
    now = reassessed(now, words, sorted(passages, key=lambda each: each.start), recognised.audio)
    found = tuple(k for k, word in enumerate(now.words) if word.span and not moved.alignment.words[k].span)
    if found:
        now = replace(now, review=None)
    warnings = (*recognised.audio.warnings, *review_removed(alignment.review, now.review, same_audio=True))
    out_of_order = tuple(k for k, _ in moved.displaced)
    new_passages = transcribed[len(moved.cut) :]
    return Retimed(now, alignment, tuple(matched), moved.lost, out_of_order, found, new_passages, warnings)


def _relative_to(folder: Path, alignment: Alignment, file: Path) -> Alignment:
    if folder == file.parent:
        return alignment
    cover = alignment.episode.cover
    episode = replace(alignment.episode, cover=seen_from(folder, file.parent / cover) if cover else None)
    transcript = replace(alignment.transcript, file=seen_from(folder, file.parent / alignment.transcript.file))
    return replace(alignment, episode=episode, transcript=transcript)


# Text without audio is searched for between the words around it, and only what is found in new audio is taken.
_LEAST_WORDS = 4  # fewer matches are chance
_LEAST_MATCHED = 0.5  # of the words from the first match to the last, and of all words searched for
_SENTENCE = 20  # matches that suffice in a long text: so many in a row are not chance
_LEAST_SECONDS = 0.3  # of audio in which a word may be said
_LEAST_PASSAGE = 1.5  # seconds of untranscribed speech, as elsewhere
_MARGIN = 0.3  # seconds of breath and fade that belong to a passage


def find_words(alignment: Alignment, new: Sequence[Span], recognised: RecognisedAudio) -> tuple[TimedWord, ...]:
    """Search the spans ``new`` of added audio for words that have no time. Return all words of the alignment; the words
    that were found have a time now."""
    words = list(alignment.words)
    new = [span for span in new if span.duration >= _LEAST_SECONDS]
    pins = pins_of(alignment)
    for run in runs_of(k for k, word in enumerate(words) if word.span is None):
        if all(words[k].pinned for k in run):
            continue
        before = alignment.words[run.start - 1].span if run.start else None
        after = alignment.words[run.stop].span if run.stop < len(words) else None
        start = before.end if before else 0.0
        room = Span(start, max(start, after.start if after else alignment.audio.duration))
        if len(run) >= _LEAST_WORDS and any(_overlap(room, span) >= _LEAST_SECONDS for span in new):
            placements = _located(alignment, run, room, new, pins, recognised)
            words[run.start : run.stop] = _timed(alignment.words[run.start : run.stop], placements)
    return tuple(words)


def _located(
    alignment: Alignment, run: range, room: Span, new: Sequence[Span], pins: Sequence[Pin], recognised: RecognisedAudio
) -> list[Placement]:
    """Search for the words of ``run`` in ``room``, the audio between the timed words around ``run``. Return their
    placements: new ones for words found in added audio (``new``), if enough words are found; otherwise the old ones."""
    olds = [placement_of(word) for word in alignment.words[run.start : run.stop]]
    own = [pin for pin in pins if pin.kind is PinKind.UNSPOKEN and pin.words.start in run]
    search, region = partial(locate, language=alignment.language), Region(run, room)
    found = locate_between(
        alignment.transcript, recognised.audio, recognised.recognition, own, search, region
    ).placements
    matched = _dense([k for k, each in enumerate(found) if each.status.is_matched and _is_within(each.span, new)])
    if len(matched) < max(_LEAST_WORDS, min(_SENTENCE, _LEAST_MATCHED * len(run))):
        return olds
    within = range(matched[0], matched[-1] + 1)
    passages = [pin for pin in pins if pin.kind is PinKind.PASSAGE]
    return [
        each if k in within and _is_within(each.span, new) and _fits(run.start + k, each.span, passages) else olds[k]
        for k, each in enumerate(found)
    ]


def _dense(matched: Sequence[int]) -> list[int]:
    """Return the longest part of ``matched`` (indices of matched words, in order) in which at least half of all words
    from the first to the last are matched: for 0, 7, 8 and 10, it is 7, 8 and 10."""
    best: list[int] = []
    for first in range(len(matched)):
        for last in range(len(matched) - 1, first, -1):
            count = last - first + 1
            if count <= len(best):
                break
            if count >= _LEAST_MATCHED * (matched[last] - matched[first] + 1):
                best = list(matched[first : last + 1])
                break
    return best


def _is_within(span: Span | None, new: Sequence[Span]) -> bool:
    return span is not None and any(each.start - EDGE <= span.middle < each.end + EDGE for each in new)


def _fits(word: int, span: Span | None, passages: Sequence[Pin]) -> bool:
    """Return whether ``span`` overlaps each span that a person set (pinned) for a passage containing ``word``."""
    own = (pin.span for pin in passages if word in pin.words and pin.span)
    return all(span is not None and _overlap(span, each) > 0 for each in own)


def _overlap(one: Span, other: Span) -> float:
    return min(one.end, other.end) - max(one.start, other.start)


def _timed(words: Sequence[TimedWord], placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    in_ms = [
        replace(each, span=Span(round(each.span.start, 3), round(each.span.end, 3))) if each.span else each
        for each in placements
    ]
    timed = timed_words([timed.word for timed in words], in_ms)
    return tuple(old if old.span is new.span else new for old, new in zip(words, timed, strict=True))


def untranscribed_in(alignment: Alignment, spans: Sequence[Span], recognised: RecognisedAudio) -> list[Untranscribed]:
    """Return passages of speech in ``spans`` that are missing from the transcript and not yet listed in
    ``alignment.untranscribed``. They have no text, because they are transcribed later."""
    if not spans:
        return []
    known = [Span(each.start, each.end) for each in alignment.untranscribed]
    placements = [placement_of(word) for word in alignment.words]
    found = []
    for passage in find_untranscribed(placements, recognised.audio, recognised.recognition):
        for span in spans:
            start, end = max(passage.start, span.start - _MARGIN), min(passage.end, span.end + _MARGIN)
            for part in without([Span(start, max(start, end))], known):
                if part.duration >= _LEAST_PASSAGE:
                    found.append(Untranscribed(round(part.start, 3), round(part.end, 3), ""))
                    known.append(part)
    return sorted(found, key=lambda each: each.start)
