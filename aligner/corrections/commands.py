"""Corrections as JSON records with a ``kind``. Applying a correction to an alignment returns a new alignment.

    {"kind": "place", "word": 7, "start": 12.3, "end": 12.7}
    {"kind": "accept", "words": [[7, 9]], "annotations": [["norm", 12.3, 14.0]]}

Conventions
-----------
Words and segments are indices in the alignment; ``stop`` is the index after the last. To *pin* words is to fix their
times, or the fact that they are not spoken. A paragraph can only be replaced as a whole, with all segments inside it;
if ``first`` equals ``stop``, paragraphs are inserted before ``first``. Times are seconds of the episode. A record
states the intent, not the result, so it applies to a later alignment if its words are unchanged there (``rebased``).
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated, Any

from msgspec import Meta, Struct, field, structs, to_builtins

from aligner.corrections import pinning, text
from aligner.corrections.annotations import annotated, marked_reviewed, without_annotations
from aligner.corrections.repair import RecognisedAudio
from aligner.errors import CHANGED_MEANWHILE, ConflictError, CorrectionError
from aligner.mapping import Mapping
from aligner.model import Alignment, AnnotationKind, Pin, PinKind, Seconds, Span
from aligner.storage.checked_json import Count, Share
from aligner.transcript.retexting import Paragraph, ParagraphSpeaker, ParagraphText

_MOST_RUNS = 5000  # of words, and passages of audio, accepted at once
_MOST_PARAGRAPHS = 2000
_NUDGE = 0.1  # seconds
_LATEST = 5.0  # seconds of audio between the start of a word and the key press that marks it
_LONGEST_SHOWN = 120  # characters of a text that the history shows


class _Command(Struct, tag_field="kind"):
    pass


class Place(_Command, tag="place"):
    """A request to pin the word with the index ``word`` to the time from ``start`` to ``end``."""

    word: Count
    start: Seconds
    end: Seconds


class Start(_Command, tag="start"):
    """A request to pin the start of a word to ``at``, the time of a key press that may be up to ``late`` seconds late.
    If a confident match of the word starts between ``at - late`` and ``at + late / 4``, that start is used instead."""

    word: Count
    at: Seconds
    late: Annotated[float, Meta(ge=0, le=_LATEST)] = 0.0


class OfWords(_Command):
    """Base class of corrections to the words with indices from ``first`` up to but excluding ``stop``."""

    first: Count
    stop: Count


class Move(OfWords, tag="move"):
    """A request to move a range of words ``by`` seconds (earlier if negative) and pin them there."""

    by: Annotated[float, Meta(ge=-1e6, le=1e6)]


class Unspoken(OfWords, tag="unspoken"):
    """A request to pin a range of words as not spoken, so that aligning again does not change this."""


class Passage(OfWords, tag="passage"):
    """A request to align a range of words only between ``start`` and ``end``; words not found there become unspoken."""

    start: Seconds
    end: Seconds


class Paraphrase(Passage, tag="paraphrase"):
    """A request to pin a range of words to times between ``start`` and ``end``, because a paraphrase of these words is
    spoken there."""


class Instead(Passage, tag="instead"):
    """A request to replace a range of words with ``text``, which is spoken between ``start`` and ``end``."""

    text: ParagraphText


class Unpin(OfWords, tag="unpin"):
    """A request to remove the pins of a range of words."""


class Accept(_Command, tag="accept"):
    """A request to pin ranges of words at their present times, and to add annotations (kind, start, end)."""

    words: Annotated[list[tuple[Count, Count]], Meta(max_length=_MOST_RUNS)] = []
    annotations: Annotated[list[tuple[AnnotationKind, Seconds, Seconds]], Meta(max_length=_MOST_RUNS)] = []


class Annotate(_Command, tag="annotate"):
    """A request to annotate the audio from ``start`` to ``end``, for example as an ad or a jingle."""

    annotation: AnnotationKind = field(name="as")
    start: Seconds
    end: Seconds


class Unannotate(_Command, tag="unannotate"):
    """A request to remove all annotations that lie between ``start`` and ``end``."""

    start: Seconds
    end: Seconds


class Text(_Command, tag="text"):
    """A request to replace the segments from ``first`` up to ``stop`` with ``paragraphs``. Without segments, the
    paragraphs are inserted; without paragraphs, the segments are deleted."""

    first: Count
    stop: Count
    paragraphs: Annotated[list[Paragraph], Meta(max_length=_MOST_PARAGRAPHS)]


class Insert(_Command, tag="insert"):
    """A request to insert ``text``, which is spoken by ``speaker`` (None if unnamed) from ``start`` to ``end``."""

    start: Seconds
    end: Seconds
    speaker: ParagraphSpeaker | None
    text: ParagraphText


class MarkReviewed(_Command, tag="review"):
    """A request to mark the episode as reviewed by ``who``, who checked a ``share`` (0 to 1) of its words."""

    who: Annotated[str, Meta(max_length=200)]
    share: Share


class UnmarkReviewed(_Command, tag="unreview"):
    """A request to remove the mark that the episode is reviewed."""


Command = (
    Place | Start | Move | Unspoken | Passage | Paraphrase | Instead | Unpin | Accept | Annotate | Unannotate
    | Text | Insert | MarkReviewed | UnmarkReviewed
)  # fmt: skip


def corrected(alignment: Alignment, command: Command, recognised: RecognisedAudio | None) -> Alignment:
    """Apply a correction and return the new alignment. Words around the corrected words are aligned again, unless
    ``recognised`` is None. Raises CorrectionError if words or times are out of range or the correction contradicts an
    earlier one, ValueError if the result is not a valid alignment."""
    runs = words_of(command)
    for run in runs:
        _check_words(alignment, run)
    words = runs[0] if runs else range(0)
    match command:
        case Place(word, start, end):
            return pinning.placed(alignment, word, _checked_span(alignment, start, end), recognised)
        case Start(word, at, late):
            return pinning.started(alignment, word, at, recognised, late)
        case Move(by=by):
            return pinning.moved(alignment, words, by, recognised)
        case Unspoken():
            return pinning.with_pins(alignment, words, [Pin(PinKind.UNSPOKEN, words, None)], recognised)
        case Paraphrase(start=start, end=end):
            return pinning.paraphrased(alignment, words, _checked_span(alignment, start, end), recognised)
        case Instead(start=start, end=end, text=new):
            return text.with_passage(alignment, words, _checked_span(alignment, start, end), new, recognised)
        case Passage(start=start, end=end):
            return pinning.matched_in(alignment, words, _checked_span(alignment, start, end), recognised)
        case Unpin():
            return pinning.with_pins(alignment, words, [], recognised)
        case Accept(annotations=passages):
            spans = [(kind, _checked_span(alignment, start, end)) for kind, start, end in passages]
            return annotated(pinning.accepted(alignment, runs, recognised), spans)
        case Annotate(kind, start, end):
            return annotated(alignment, [(kind, _checked_span(alignment, start, end))])
        case Unannotate(start, end):
            return without_annotations(alignment, round(start, 3), round(end, 3))
        case Text(first, stop, paragraphs):
            return text.with_paragraphs(alignment, range(first, stop), paragraphs, recognised)
        case Insert(start, end, speaker, new):
            return text.inserted(alignment, _checked_span(alignment, start, end), speaker, new, recognised)
        case MarkReviewed(who, share):
            return marked_reviewed(alignment, who, share)
        case UnmarkReviewed():
            return replace(alignment, review=None)


@contextmanager
def refusing() -> Iterator[None]:
    """Context manager: raise CorrectionError instead of the ValueError that an invalid alignment causes."""
    try:
        yield
    except ValueError as error:
        raise CorrectionError("this correction would make the alignment invalid: {detail}", detail=error) from error


def _check_words(alignment: Alignment, words: range) -> None:
    if not 0 <= words.start < words.stop <= len(alignment.words):
        raise CorrectionError(
            "words {first} to {stop} are not in this transcript, which has {count}",
            first=words.start,
            stop=words.stop,
            count=len(alignment.words),
        )


def _checked_span(alignment: Alignment, start: float, end: float) -> Span:
    start, end, duration = round(start, 3), round(end, 3), alignment.audio.duration
    if not start < end <= round(duration, 3):
        raise CorrectionError(
            "{start:.2f} to {end:.2f} s is outside this audio, which lasts {duration:.2f} s",
            start=start,
            end=end,
            duration=duration,
        )
    return Span(start, end)


def is_nudge(alignment: Alignment, command: Command) -> bool:
    """Return whether a correction moves words by at most 0.1 seconds, so that no other words need be aligned again."""
    match command:
        case Move(by=by):
            return abs(by) <= _NUDGE
        case Place(word, start, end) if word < len(alignment.words) and (span := alignment.words[word].span):
            return max(abs(start - span.start), abs(end - span.end)) <= _NUDGE
    return False


def words_of(command: Command) -> list[range]:
    """Return the ranges of word indices that a correction names."""
    match command:
        case Place(word) | Start(word):
            return [range(word, word + 1)]
        case OfWords(first, stop):
            return [range(first, stop)]
        case Accept(runs):
            return [range(*run) for run in runs]
    return []


def rebased(command: Command, base: Alignment, now: Alignment) -> Command:
    """Return a correction of ``base`` with its indices adjusted to ``now``, a later version of the alignment. Raises
    ConflictError if the words or paragraphs that the correction names, or their times, have changed since."""
    if base is now:
        return command
    if isinstance(command, Text):
        mapping, targets = Mapping(_paragraphs(base), _paragraphs(now)), [range(command.first, command.stop)]
    else:
        mapping, targets = Mapping(_words(base), _words(now)), words_of(command)
    runs = [run for items in targets if (run := mapping.untouched(items)) is not None]
    if len(runs) < len(targets):
        raise ConflictError(CHANGED_MEANWHILE)
    match command, runs:
        case Place() | Start(), [words]:
            return structs.replace(command, word=words.start)
        case Text() | OfWords(), [items]:
            return structs.replace(command, first=items.start, stop=items.stop)
        case Accept(), _:
            return structs.replace(command, words=[(run.start, run.stop) for run in runs])
    return command


def what_of(command: Command) -> dict[str, Any]:
    """Return a record of a correction for the history: its kind, its arguments except lists, and its text cut short."""
    details = {name: value for name, value in to_builtins(command).items() if not isinstance(value, list | dict)}
    text = " ".join(each.text for each in command.paragraphs) if isinstance(command, Text) else details.get("text", "")
    return {**details, "text": text[:_LONGEST_SHOWN]} if text else details


def _paragraphs(alignment: Alignment) -> list[Hashable]:
    text = alignment.transcript.text
    return [(each.kind, each.speaker, text[each.char_start : each.char_end]) for each in alignment.transcript.segments]


def _words(alignment: Alignment) -> list[Hashable]:
    return [(timed.word.text, timed.span, timed.status, timed.pinned) for timed in alignment.words]
