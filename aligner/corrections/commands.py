"""Corrections as they are asked for: records of JSON, told apart by their ``kind``; each makes of an alignment another.

    {"kind": "place", "word": 7, "start": 12.3, "end": 12.7}       the word is said then
    {"kind": "start", "word": 7, "at": 12.3}                       it begins then, and is as long as it is found to be;
                                                                   "late": 0.4: said up to so many seconds late
    {"kind": "move", "first": 7, "stop": 9, "by": -0.01}           each of them so many seconds later
    {"kind": "unspoken", "first": 7, "stop": 9}                    nobody says them
    {"kind": "passage", "first": 7, "stop": 90, "start": 12.3, "end": 48.0}    they are said in this sound
    {"kind": "paraphrase", "first": 7, "stop": 9, "start": 12.3, "end": 14.0}  that sound says the same in other words
    {"kind": "instead", "first": 7, "stop": 9, "start": 12.3, "end": 14.0, "text": "…"}   the words give way to these
    {"kind": "unpin", "first": 7, "stop": 9}                       what was set of them is found again
    {"kind": "accept", "words": [[7, 9]], "settled": [["norm", 12.3, 14.0]]}   all of it is right as it is
    {"kind": "settle", "as": "advert", "start": 30.0, "end": 60.0} what the text lacks there; or "jingle", "dismissed"
    {"kind": "unsettle", "start": 30.0, "end": 60.0}               what was settled within is asked again
    {"kind": "text", "first": 3, "stop": 5, "paragraphs": [{"kind": "speech", "speaker": "Zoé", "text": "…"}]}
                                                                   segments give way to paragraphs; either may be none
    {"kind": "insert", "start": 30.0, "end": 42.0, "speaker": null, "text": "…"}    what the text lacks there
    {"kind": "sign", "who": "Zoé", "share": 0.4}                   who stands for it, having looked at so much of it
    {"kind": "unsign"}

Conventions
-----------
Words and segments are indices of the alignment's, ``stop`` the one after the last; of segments only whole paragraphs
give way, with all that lies in them; ``first`` equal to ``stop`` puts paragraphs in before it. Times are seconds of the
episode. A record says what a person means, not what comes of it: the same may be asked of another state of the
alignment in which the words are the same (``following``).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Annotated

from msgspec import Meta, Struct, field

from aligner.corrections.paraphrasing import paraphrased
from aligner.corrections.pinning import (
    accepted,
    heard_in,
    moved,
    not_said,
    placed,
    started,
    unpinned,
)
from aligner.corrections.repair import Heard
from aligner.corrections.retelling import put_in, put_instead, rewritten
from aligner.corrections.settling import settled, signed, unsettled
from aligner.errors import CorrectionError
from aligner.model import Alignment, Kind, Span
from aligner.settled import SettledKind
from aligner.storage.checked_json import Count, Seconds, Share
from aligner.transcript.retexting import Paragraph

_MOST_RUNS = 5000  # of words or of sound that are accepted at once
_LONGEST_WHO, _LONGEST_SPEAKER, _LONGEST_PARAGRAPH = 200, 1000, 200_000  # characters
_MOST_PARAGRAPHS = 2000
_LATEST = 5.0  # seconds by which somebody says late that a word begins, however fast they listen
_LONGER = 0.1  # seconds that a sound may be said to be longer than was heard, as decoders differ by a frame or two

Offset = Annotated[float, Meta(ge=-1e6, le=1e6)]


class _Command(Struct, tag_field="kind"):
    pass


class Place(_Command, tag="place"):
    """The word is said from ``start`` to ``end``."""

    word: Count
    start: Seconds
    end: Seconds


class Start(_Command, tag="start"):
    """The word begins at ``at``, or where it is heard to begin up to ``late`` before; how long it lasts is found."""

    word: Count
    at: Seconds
    late: Annotated[float, Meta(ge=0, le=_LATEST)] = 0.0


class OfWords(_Command):
    """Of the words from ``first`` on, up to ``stop``."""

    first: Count
    stop: Count


class Move(OfWords, tag="move"):
    """The words are said ``by`` so many seconds later than they are."""

    by: Offset


class Unspoken(OfWords, tag="unspoken"):
    """Nobody says the words."""


class Passage(OfWords, tag="passage"):
    """All the words are said between ``start`` and ``end``, if they are."""

    start: Seconds
    end: Seconds


class Paraphrase(OfWords, tag="paraphrase"):
    """What is said between ``start`` and ``end`` is what the words say, in others."""

    start: Seconds
    end: Seconds


class Instead(OfWords, tag="instead"):
    """The words give way to ``text``, which is what is said between ``start`` and ``end``."""

    start: Seconds
    end: Seconds
    text: Annotated[str, Meta(max_length=_LONGEST_PARAGRAPH)]


class Unpin(OfWords, tag="unpin"):
    """What a person set of the words is forgotten."""


class Accept(_Command, tag="accept"):
    """The runs of ``words`` are right as they are, and the sound ``settled`` by its kind, start and end."""

    words: Annotated[list[tuple[Count, Count]], Meta(max_length=_MOST_RUNS)] = []
    settled: Annotated[list[tuple[SettledKind, Seconds, Seconds]], Meta(max_length=_MOST_RUNS)] = []


class Settle(_Command, tag="settle"):
    """A stretch of sound is ``settled`` as being of that kind."""

    settled: SettledKind = field(name="as")
    start: Seconds
    end: Seconds


class Unsettle(_Command, tag="unsettle"):
    """What was settled within a stretch of sound no longer is."""

    start: Seconds
    end: Seconds


class GivenParagraph(Struct):
    """A paragraph as a person writes it: ``text`` without the speaker's label."""

    kind: Kind
    speaker: Annotated[str, Meta(max_length=_LONGEST_SPEAKER)] | None
    text: Annotated[str, Meta(max_length=_LONGEST_PARAGRAPH)]


class Text(_Command, tag="text"):
    """The segments give way to ``paragraphs``."""

    first: Count
    stop: Count
    paragraphs: Annotated[list[GivenParagraph], Meta(max_length=_MOST_PARAGRAPHS)]


class Insert(_Command, tag="insert"):
    """What is said from ``start`` to ``end``, which the text lacks."""

    start: Seconds
    end: Seconds
    speaker: Annotated[str, Meta(max_length=_LONGEST_SPEAKER)] | None
    text: Annotated[str, Meta(max_length=_LONGEST_PARAGRAPH)]


class Sign(_Command, tag="sign"):
    """``who`` stands for the episode, having looked at a ``share`` of its words."""

    who: Annotated[str, Meta(max_length=_LONGEST_WHO)]
    share: Share


class Unsign(_Command, tag="unsign"):
    """Nobody stands for it any more."""


Command = (
    Place
    | Start
    | Move
    | Unspoken
    | Passage
    | Paraphrase
    | Instead
    | Unpin
    | Accept
    | Settle
    | Unsettle
    | Text
    | Insert
    | Sign
    | Unsign
)


def corrected(alignment: Alignment, command: Command, heard: Heard | None) -> Alignment:
    """The alignment with a correction. Where nothing is known of what was ``heard``, only what was set is.

    Raises
    ------
    CorrectionError
        There are no such words, there is no such sound, or it contradicts what was set before.
    ValueError
        What comes of it is no alignment; whether it can be kept is for who keeps it.
    """
    return replace(_made(_within(alignment, heard), command, heard), audio=alignment.audio)


@contextmanager
def refusing() -> Iterator[None]:
    """Refuse, as a CorrectionError, that of which no alignment comes."""
    try:
        yield
    except ValueError as error:
        raise CorrectionError("what would come of this cannot be kept: {detail}", detail=error) from error


def _within(alignment: Alignment, heard: Heard | None) -> Alignment:
    """The alignment, whose sound lasts no longer than what was ``heard`` of it."""
    most = heard.audio.duration if heard else alignment.audio.duration
    if alignment.audio.duration <= most + _LONGER:
        return alignment
    if any(word.span and word.span.end > most + _LONGER for word in alignment.words):
        raise CorrectionError(
            "only {heard:.2f} s were heard of this sound, and words are timed after that; align it again first",
            heard=most,
        )
    return replace(alignment, audio=replace(alignment.audio, duration=most))


def _made(alignment: Alignment, command: Command, heard: Heard | None) -> Alignment:
    match command:
        case Place(word, start, end):
            return placed(alignment, word, _sound(alignment, start, end), heard)
        case Start(word, at, late):
            return started(alignment, word, at, heard, late)
        case Move(first, stop, by):
            return moved(alignment, range(first, stop), by, heard)
        case Unspoken(first, stop):
            return not_said(alignment, range(first, stop), heard)
        case Passage(first, stop, start, end):
            return heard_in(alignment, range(first, stop), _sound(alignment, start, end), heard)
        case Paraphrase(first, stop, start, end):
            return paraphrased(alignment, range(first, stop), _sound(alignment, start, end), heard)
        case Instead(first, stop, start, end, text):
            return put_instead(alignment, range(first, stop), _sound(alignment, start, end), text, heard)
        case Unpin(first, stop):
            return unpinned(alignment, range(first, stop), heard)
        case Accept(runs, stretches):
            spans = [(kind, _sound(alignment, start, end)) for kind, start, end in stretches]
            return settled(accepted(alignment, [range(*run) for run in runs], heard), spans)
        case Settle(kind, start, end):
            return settled(alignment, [(kind, _sound(alignment, start, end))])
        case Unsettle(start, end):
            return unsettled(alignment, start, end)
        case Text(first, stop, paragraphs):
            given = [Paragraph(each.kind, each.speaker, each.text) for each in paragraphs]
            return rewritten(alignment, range(first, stop), given, heard)
        case Insert(start, end, speaker, text):
            return put_in(alignment, _sound(alignment, start, end), speaker, text, heard)
        case Sign(who, share):
            return signed(alignment, who, share)
        case Unsign():
            return replace(alignment, signature=None)


def _sound(alignment: Alignment, start: float, end: float) -> Span:
    start, end, duration = round(start, 3), round(end, 3), alignment.audio.duration
    if not start < end <= round(duration, 3):
        raise CorrectionError(
            "{start:.2f} to {end:.2f} s is no stretch of this sound, which lasts {duration:.2f} s",
            start=start,
            end=end,
            duration=duration,
        )
    return Span(start, end)
