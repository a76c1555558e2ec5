"""Move an alignment to new audio of the same episode: the page to read first.

old sound, new sound --stretches (matching)--> Timeline --moved--> words, pins, passages where their sound is now
what was heard of the old sound --carried--+
what is new, listened to ------------------+--> heard --words_in, passages_in--> text found there, and what it lacks
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import partial
from itertools import groupby
from pathlib import Path

from aligner.attempts import lacked, locate
from aligner.corrections.repair import Heard, judged_anew
from aligner.locating.pinned import locate_between
from aligner.locating.quality import placement_of, timed_words
from aligner.model import (
    Alignment,
    AudioFile,
    LostPin,
    Pin,
    PinKind,
    Placement,
    Span,
    TimedWord,
    Untranscribed,
)
from aligner.pins import Region, pins_of, review_removed
from aligner.pipeline import with_text
from aligner.recognition import Progress, Recogniser, silent
from aligner.recognition.cached import recognition_of
from aligner.retiming.carrying import NewSound, carried, joined
from aligner.retiming.matching import Stretch, gaps
from aligner.retiming.moving import EDGE, Timeline, moved
from aligner.storage.file_names import seen_from

_APART = 5.0  # seconds of pause within which displaced words are one stretch


@dataclass(frozen=True, slots=True)
class Retimed:
    """An alignment of the new sound, and what became of the ``old`` one's times: indices of words that have ``lost``
    their sound, that are ``displaced`` in it, and that were ``found`` in what is new; passages that are new."""

    alignment: Alignment
    old: Alignment
    stretches: tuple[Stretch, ...]
    lost: tuple[int, ...] = ()
    displaced: tuple[int, ...] = ()
    found: tuple[int, ...] = ()
    passages: tuple[Untranscribed, ...] = ()
    warnings: tuple[str, ...] = ()

    @property
    def timeline(self) -> Timeline:
        return Timeline(self.stretches, self.alignment.audio.duration)


def retimed(
    alignment: Alignment,
    stretches: Sequence[Stretch],
    sound: NewSound,
    file: Path,
    folder: Path,
    progress: Progress = silent,
    hears_words: Recogniser | None = None,
) -> Retimed:
    """The ``alignment`` in ``file`` moved to another ``sound``, for ``folder``, from which its paths are seen.

    ``hears_words`` puts words to what the text lacks, by default the words ear. Told of ``progress`` are the stages
    ``speech``, ``letters`` or ``words``, ``locating`` and ``untranscribed``, as of ``align``.

    Raises MediaError, ModelError, SpeechError: what is new cannot be listened to.
    """
    from aligner.recognition.asr import AsrRecogniser

    audio = AudioFile(seen_from(folder, sound.place or sound.path), sound.duration, sound.sha256)
    there = _from_there(alignment, file, folder)
    made = moved(there, Timeline(stretches, sound.duration), audio, sound.loudness)
    old = recognition_of(alignment)
    displaced = joined((span for _, span in made.displaced), _APART)
    heard = carried(alignment, Heard(*old) if old else None, stretches, sound, displaced, progress)
    new = gaps([each.new for each in stretches], sound.duration)
    progress("locating", 0.0, sound.duration)
    now = replace(made.alignment, words=words_in(made.alignment, new, heard), warnings=heard.audio.warnings)
    lacking = passages_in(now, [*new, *displaced], heard)
    progress("locating", sound.duration, sound.duration)
    ear = hears_words or AsrRecogniser("base", alignment.language)
    told = with_text([*made.cut, *lacking], heard.audio, ear, progress)
    passages = [*(each for each in now.untranscribed if each not in made.cut), *told]
    now = judged_anew(now, now.words, sorted(passages, key=lambda each: each.start), heard.audio)
    found = tuple(k for k, word in enumerate(now.words) if word.span and not made.alignment.words[k].span)
    if found:
        now = replace(now, review=None)
    new_passages = told[len(made.cut) :]
    warnings = (*heard.audio.warnings, *review_removed(alignment.review, now.review, same_audio=True))
    lost, away = made.lost, tuple(k for k, _ in made.displaced)
    return Retimed(now, alignment, tuple(stretches), lost, away, found, new_passages, warnings)


def _from_there(alignment: Alignment, file: Path, folder: Path) -> Alignment:
    """The alignment with its paths seen from another folder than that of ``file``."""
    if folder == file.parent:
        return alignment

    def seen(name: str) -> str:
        return seen_from(folder, file.parent / name)

    cover = alignment.episode.cover
    episode = replace(alignment.episode, cover=seen(cover) if cover else None)
    transcript = replace(alignment.transcript, file=seen(alignment.transcript.file))
    return replace(alignment, episode=episode, transcript=transcript)


# Text that has no audio yet is sought in what is new. Words that are said in kept audio stay where they are: between
# two of them lies the text that is sought, and only what is found in new audio is taken.
_LEAST_WORDS = 4  # fewer heard in what is new are a stray, as where passages are found
_LEAST_HEARD = 0.5  # of the words from the first that is heard to the last, and of all that are sought; of many
_SENTENCE = 20  # words in a row are enough: nobody says so many again by chance, as they do half a dozen
_LEAST_SECONDS = 0.3  # of sound, in which a word may be said
_LEAST_PASSAGE = 1.5  # seconds, as where passages are found
_MARGIN = 0.3  # seconds of breath and fade that belong to a passage, as there


def words_in(alignment: Alignment, new: Sequence[Span], heard: Heard) -> tuple[TimedWord, ...]:
    """The words, those that had no sound being where they are found in spans of ``new`` sound."""
    words = list(alignment.words)
    new = [span for span in new if span.duration >= _LEAST_SECONDS]
    pins = pins_of(alignment)
    for run in _unsaid(alignment.words):
        before = alignment.words[run.start - 1].span if run.start else None
        after = alignment.words[run.stop].span if run.stop < len(words) else None
        start = before.end if before else 0.0
        room = Span(start, max(start, after.start if after else alignment.audio.duration))
        if len(run) >= _LEAST_WORDS and any(_overlap(room, span) >= _LEAST_SECONDS for span in new):
            placements = _found(alignment, run, room, new, pins, heard)
            words[run.start : run.stop] = _timed(alignment.words[run.start : run.stop], placements)
    return tuple(words)


def _unsaid(words: Sequence[TimedWord]) -> Iterator[range]:
    """The runs of words that have no sound, and of which some may be sought."""
    for is_unsaid, run in groupby(range(len(words)), key=lambda k: words[k].span is None):
        indices = list(run)
        if is_unsaid and not all(words[k].pinned for k in indices):
            yield range(indices[0], indices[-1] + 1)


def _found(
    alignment: Alignment, run: range, room: Span, new: Sequence[Span], pins: Sequence[Pin], heard: Heard
) -> list[Placement]:
    """The placements of a run of words, as they are found in what is new of their room."""
    olds = [placement_of(word) for word in alignment.words[run.start : run.stop]]
    own = [pin for pin in pins if pin.kind is PinKind.UNSPOKEN and pin.words.start in run]
    search = partial(locate, language=alignment.language)
    region = Region(run, room)
    found = locate_between(alignment.transcript, heard.audio, heard.recognition, own, search, region).placements
    said = [k for k, each in enumerate(found) if each.status.is_matched and _is_new(each.span, new)]
    said = _together(said)
    if len(said) < max(_LEAST_WORDS, min(_SENTENCE, _LEAST_HEARD * len(run))):
        return olds
    within = range(said[0], said[-1] + 1)
    passages = [pin for pin in pins if pin.kind is PinKind.PASSAGE]
    return [
        each if k in within and _is_new(each.span, new) and _fits(run.start + k, each.span, passages) else olds[k]
        for k, each in enumerate(found)
    ]


def _together(said: Sequence[int]) -> list[int]:
    """Of the places of words that are heard those of the largest group in which most words are."""
    best: list[int] = []
    for first in range(len(said)):
        for last in range(len(said) - 1, first, -1):
            count = last - first + 1
            if count <= len(best):
                break
            if count >= _LEAST_HEARD * (said[last] - said[first] + 1):
                best = list(said[first : last + 1])
                break
    return best


def _is_new(span: Span | None, new: Sequence[Span]) -> bool:
    return span is not None and any(each.start - EDGE <= span.middle < each.end + EDGE for each in new)


def _fits(word: int, span: Span | None, passages: Sequence[Pin]) -> bool:
    """Whether a word is said where a person said that it is."""
    own = (pin.span for pin in passages if word in pin.words and pin.span)
    return all(span is not None and _overlap(span, each) > 0 for each in own)


def _overlap(one: Span, other: Span) -> float:
    return min(one.end, other.end) - max(one.start, other.start)


def _timed(words: Sequence[TimedWord], placements: Sequence[Placement]) -> tuple[TimedWord, ...]:
    """The words at their placements, in milliseconds."""
    in_ms = (
        replace(each, span=Span(round(each.span.start, 3), round(each.span.end, 3))) if each.span else each
        for each in placements
    )
    made = timed_words([timed.word for timed in words], list(in_ms))
    return tuple(old if old.span is new.span else new for old, new in zip(words, made, strict=True))


def passages_in(alignment: Alignment, spans: Sequence[Span], heard: Heard) -> list[Untranscribed]:
    """What is said in some ``spans`` of the sound and no word of the text is, without what is known of the text's lack;
    what it says is still to be heard."""
    if not spans:
        return []
    known = [Span(each.start, each.end) for each in alignment.untranscribed]
    placements = [placement_of(word) for word in alignment.words]
    found = []
    for passage in lacked(placements, heard.audio, heard.recognition):
        for span in spans:
            start, end = max(passage.start, span.start - _MARGIN), min(passage.end, span.end + _MARGIN)
            for part in _beside(start, end, known):
                if part.duration >= _LEAST_PASSAGE:
                    found.append(Untranscribed(round(part.start, 3), round(part.end, 3), ""))
                    known.append(part)
    return sorted(found, key=lambda each: each.start)


def _beside(start: float, end: float, known: Sequence[Span]) -> Iterator[Span]:
    """Yield what of a passage is beside spans that are known."""
    for span in sorted(known, key=lambda span: span.start):
        if span.start < end and span.end > start:
            if span.start > start:
                yield Span(start, span.start)
            start = max(start, span.end)
    if start < end:
        yield Span(start, end)


_SEEN = 0.01  # seconds; less is no move that anybody notices
_SAME_RATE = 0.0005  # two seconds an hour are no other speed: clocks of machines differ by that


class Fate(StrEnum):
    """What became of a span of sound."""

    KEPT = "kept"
    MOVED = "moved"
    DROPPED = "dropped"
    ADDED = "added"


@dataclass(frozen=True, slots=True)
class Row:
    """A span of the ``old`` sound, of the ``new`` one, or of both; ``rate`` is how much faster it is now."""

    fate: Fate
    old: Span | None
    new: Span | None
    rate: float = 1.0


@dataclass(frozen=True, slots=True)
class Shift:
    """How many words were moved ``by`` so many seconds, to a hundredth; of what is faster or slower now, so many at the
    ``most``."""

    words: int
    by: float
    most: float


@dataclass(frozen=True, slots=True)
class Account:
    """All that a person wants to know before, or after, the new sound is taken.

    ``lost`` and ``displaced`` are texts in a row with when they were said; ``found`` is how many words that had no
    sound have some now; ``passages`` what the text lacks of what is new; ``lost_pins`` those that are lost by this.
    """

    rows: tuple[Row, ...]
    shifts: tuple[Shift, ...]
    lost: tuple[tuple[Span, str], ...]
    displaced: tuple[tuple[Span, str], ...]
    found: int
    passages: tuple[Untranscribed, ...]
    lost_pins: tuple[LostPin, ...]


def account_of(made: Retimed) -> Account:
    """What became of an alignment."""
    old, new = made.old, made.alignment
    return Account(
        tuple(rows_of(made.stretches, old.audio.duration, new.audio.duration)),
        tuple(_shifts(made)),
        tuple(_texts(made, made.lost)),
        tuple(_texts(made, made.displaced)),
        len(made.found),
        made.passages,
        new.lost_pins[len(old.lost_pins) :],
    )


def rows_of(stretches: Sequence[Stretch], old: float, new: float) -> Iterator[Row]:
    """The spans of two sounds, which last so long, in order of the new one; what was dropped, after what was before."""
    dropped = gaps([each.old for each in stretches], old)
    yield from (Row(Fate.DROPPED, span, None) for span in dropped if span.start == 0)
    added = gaps([each.new for each in stretches], new)
    parts: list[Stretch | Span] = [*stretches, *added]
    for each in sorted(parts, key=lambda each: each.start if isinstance(each, Span) else each.new.start):
        if isinstance(each, Span):
            yield Row(Fate.ADDED, None, each)
            continue
        edges = each.new.start - each.old.start, each.new.end - each.old.end
        fate = Fate.KEPT if max(map(abs, edges)) < _SEEN else Fate.MOVED
        rate = each.rate if abs(each.rate - 1) > _SAME_RATE else 1.0
        yield Row(fate, each.old, each.new, rate)
        yield from (Row(Fate.DROPPED, span, None) for span in dropped if span.start == each.old.end > 0)


def _shifts(made: Retimed) -> Iterator[Shift]:
    """How far the words of each stretch were moved, those that were moved by the same together, most words first."""
    found: dict[tuple[float, float], int] = {}
    spans = [(was.span, now.span) for was, now in zip(made.old.words, made.alignment.words, strict=True)]
    moves = [(old, new.start - old.start) for old, new in spans if old and new]
    for stretch in made.stretches:
        own = [by for old, by in moves if stretch.old.start <= old.middle < stretch.old.end]
        if own:
            key = round(min(own), 2), round(max(own), 2)
            found[key] = found.get(key, 0) + len(own)
    for (least, most), count in sorted(found.items(), key=lambda each: -each[1]):
        yield Shift(count, least, most)


def _texts(made: Retimed, words: Sequence[int]) -> Iterator[tuple[Span, str]]:
    """The texts of words in a row, with when they were said."""
    for _, run in groupby(enumerate(words), key=lambda each: each[1] - each[0]):
        timed = [made.old.words[k] for _, k in run]
        spans = [each.span for each in timed if each.span]
        if spans:
            span = Span(spans[0].start, max(each.end for each in spans))
            yield span, " ".join(each.word.text for each in timed)
