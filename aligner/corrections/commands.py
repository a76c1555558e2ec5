"""Corrections as they are requested: JSON records told apart by their ``kind``, each of which makes another alignment.

    {"kind": "place", "word": 7, "start": 12.3, "end": 12.7}
    {"kind": "accept", "words": [[7, 9]], "annotations": [["norm", 12.3, 14.0]]}

Conventions
-----------
Words and segments are indices of the alignment's, ``stop`` the one after the last; of segments only whole paragraphs
give way, with all that lies in them; ``first`` equal to ``stop`` inserts paragraphs before it. Times are seconds of the
episode. A record says what a person means, not what comes of it: it can be applied to another state of the alignment in
which the words are the same (``followed``).
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
from aligner.errors import ConflictError, CorrectionError
from aligner.mapping import Mapping
from aligner.model import Alignment, AnnotationKind, Pin, PinKind, Span
from aligner.storage.checked_json import Count, Seconds, Share
from aligner.transcript.retexting import Paragraph, ParagraphSpeaker, ParagraphText

_MOST_RUNS = 5000  # of words or of audio that are accepted at once
_MOST_PARAGRAPHS = 2000
_NUDGE = 0.1  # seconds
_LATEST = 5.0  # seconds by which somebody says late that a word begins, however fast they listen
_LONGEST_SHOWN = 120  # characters of a text that the history repeats


class _Command(Struct, tag_field="kind"):
    pass


class Place(_Command, tag="place"):
    """The word is said from ``start`` to ``end``."""

    word: Count
    start: Seconds
    end: Seconds


class Start(_Command, tag="start"):
    """The word begins at ``at``, or where it is heard to begin up to ``late`` before; its length is found."""

    word: Count
    at: Seconds
    late: Annotated[float, Meta(ge=0, le=_LATEST)] = 0.0


class OfWords(_Command):
    """Of the words from ``first`` on, up to ``stop``."""

    first: Count
    stop: Count


class Move(OfWords, tag="move"):
    """The words are said ``by`` so many seconds later than they are."""

    by: Annotated[float, Meta(ge=-1e6, le=1e6)]


class Unspoken(OfWords, tag="unspoken"):
    """Nobody says the words."""


class Passage(OfWords, tag="passage"):
    """All the words that are said at all are said between ``start`` and ``end``."""

    start: Seconds
    end: Seconds


class Paraphrase(Passage, tag="paraphrase"):
    """What is said between ``start`` and ``end`` means the same as the words."""


class Instead(Passage, tag="instead"):
    """``text``, which is said between ``start`` and ``end``, replaces the words."""

    text: ParagraphText


class Unpin(OfWords, tag="unpin"):
    """What a person set of the words is forgotten."""


class Accept(_Command, tag="accept"):
    """Accept runs of ``words`` as they are, and passages of audio: ``annotations`` of a kind, start and end each."""

    words: Annotated[list[tuple[Count, Count]], Meta(max_length=_MOST_RUNS)] = []
    annotations: Annotated[list[tuple[AnnotationKind, Seconds, Seconds]], Meta(max_length=_MOST_RUNS)] = []


class Annotate(_Command, tag="annotate"):
    """A passage of audio is an ad, a jingle, or needs no text."""

    annotation: AnnotationKind = field(name="as")
    start: Seconds
    end: Seconds


class Unannotate(_Command, tag="unannotate"):
    """Remove the annotations within a passage of audio."""

    start: Seconds
    end: Seconds


class Text(_Command, tag="text"):
    """The segments give way to ``paragraphs``; either may be none."""

    first: Count
    stop: Count
    paragraphs: Annotated[list[Paragraph], Meta(max_length=_MOST_PARAGRAPHS)]


class Insert(_Command, tag="insert"):
    """What is said from ``start`` to ``end`` is missing from the transcript."""

    start: Seconds
    end: Seconds
    speaker: ParagraphSpeaker | None
    text: ParagraphText


class MarkReviewed(_Command, tag="review"):
    """``who`` has reviewed the episode, having looked at a ``share`` of its words."""

    who: Annotated[str, Meta(max_length=200)]
    share: Share


class UnmarkReviewed(_Command, tag="unreview"):
    """Nobody has reviewed it."""


Command = (
    Place | Start | Move | Unspoken | Passage | Paraphrase | Instead | Unpin | Accept | Annotate | Unannotate
    | Text | Insert | MarkReviewed | UnmarkReviewed
)  # fmt: skip


def corrected(alignment: Alignment, command: Command, heard: RecognisedAudio | None) -> Alignment:
    """Return the alignment with a correction. Without what was ``heard``, nothing around it is repaired.

    Raises CorrectionError if there are no such words or times, or it contradicts what was set before; ValueError if the
    result is no valid alignment. Whether it can be stored is for who stores it.
    """
    runs = words_of(command)
    for run in runs:
        _check_words(alignment, run)
    words = runs[0] if runs else range(0)
    match command:
        case Place(word, start, end):
            return pinning.placed(alignment, word, _sound(alignment, start, end), heard)
        case Start(word, at, late):
            return pinning.started(alignment, word, at, heard, late)
        case Move(by=by):
            return pinning.moved(alignment, words, by, heard)
        case Unspoken():
            return pinning.with_pins(alignment, words, [Pin(PinKind.UNSPOKEN, words, None)], heard)
        case Paraphrase(start=start, end=end):
            return pinning.paraphrased(alignment, words, _sound(alignment, start, end), heard)
        case Instead(start=start, end=end, text=new):
            return text.put_instead(alignment, words, _sound(alignment, start, end), new, heard)
        case Passage(start=start, end=end):
            return pinning.heard_in(alignment, words, _sound(alignment, start, end), heard)
        case Unpin():
            return pinning.with_pins(alignment, words, [], heard)
        case Accept(annotations=passages):
            spans = [(kind, _sound(alignment, start, end)) for kind, start, end in passages]
            return annotated(pinning.accepted(alignment, runs, heard), spans)
        case Annotate(kind, start, end):
            return annotated(alignment, [(kind, _sound(alignment, start, end))])
        case Unannotate(start, end):
            return without_annotations(alignment, round(start, 3), round(end, 3))
        case Text(first, stop, paragraphs):
            return text.rewritten(alignment, range(first, stop), paragraphs, heard)
        case Insert(start, end, speaker, new):
            return text.put_in(alignment, _sound(alignment, start, end), speaker, new, heard)
        case MarkReviewed(who, share):
            return marked_reviewed(alignment, who, share)
        case UnmarkReviewed():
            return replace(alignment, review=None)


@contextmanager
def refusing() -> Iterator[None]:
    """Raise CorrectionError if what comes of a correction is no valid alignment."""
    try:
        yield
    except ValueError as error:
        raise CorrectionError("what would come of this cannot be kept: {detail}", detail=error) from error


def _check_words(alignment: Alignment, words: range) -> None:
    if not 0 <= words.start < words.stop <= len(alignment.words):
        raise CorrectionError(
            "words {first} to {stop} are none of this transcript, which has {count}",
            first=words.start,
            stop=words.stop,
            count=len(alignment.words),
        )


def _sound(alignment: Alignment, start: float, end: float) -> Span:
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
    """Return whether a correction moves words so little that nothing around them need be searched: that was right."""
    match command:
        case Move(by=by):
            return abs(by) <= _NUDGE
        case Place(word, start, end) if word < len(alignment.words) and (span := alignment.words[word].span):
            return max(abs(start - span.start), abs(end - span.end)) <= _NUDGE
    return False


def words_of(command: Command) -> list[range]:
    """Return the words that a correction is of."""
    match command:
        case Place(word) | Start(word):
            return [range(word, word + 1)]
        case OfWords(first, stop):
            return [range(first, stop)]
        case Accept(runs):
            return [range(*run) for run in runs]
    return []


def followed(command: Command, base: Alignment, now: Alignment) -> Command:
    """Return the correction, which was made on ``base``, as one of ``now``.

    Raises ConflictError if what it corrects was changed since: the words or their times, or the text, kind or speaker
    of its paragraphs.
    """
    if base is now:
        return command
    if isinstance(command, Text):
        mapping, asked = Mapping(_paragraphs(base), _paragraphs(now)), [range(command.first, command.stop)]
    else:
        mapping, asked = Mapping(_words(base), _words(now)), words_of(command)
    runs = [run for items in asked if (run := mapping.untouched(items)) is not None]
    if len(runs) < len(asked):
        raise ConflictError("changed by someone else meanwhile; look at it again")
    match command, runs:
        case Place() | Start(), [words]:
            return structs.replace(command, word=words.start)
        case Text() | OfWords(), [items]:
            return structs.replace(command, first=items.start, stop=items.stop)
        case Accept(), _:
            return structs.replace(command, words=[(run.start, run.stop) for run in runs])
    return command


def what_of(command: Command) -> dict[str, Any]:
    """Return what the history says of a correction: its kind, and those of its arguments that are small."""
    told = {name: value for name, value in to_builtins(command).items() if not isinstance(value, list | dict)}
    text = " ".join(each.text for each in command.paragraphs) if isinstance(command, Text) else told.get("text", "")
    return {**told, "text": text[:_LONGEST_SHOWN]} if text else told


def _paragraphs(alignment: Alignment) -> list[Hashable]:
    text = alignment.transcript.text
    return [(each.kind, each.speaker, text[each.char_start : each.char_end]) for each in alignment.transcript.segments]


def _words(alignment: Alignment) -> list[Hashable]:
    return [(timed.word.text, timed.span, timed.status, timed.pinned) for timed in alignment.words]
