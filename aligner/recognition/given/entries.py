"""Words and times from the JSON of other recognisers, however odd the file.

======================  =============================================================
Whisper and its kin     ``segments``: ``words``: ``word`` or ``text``, else ``text``
whisper.cpp             ``transcription``: ``offsets`` in ms, ``text``, ``tokens``
Vosk                    ``result``: ``word``, ``conf``; or a list of such
BBC/Kaldi, OpenAI API   ``words`` (in ``retval``): ``word`` or ``punct``
AssemblyAI              ``words``: ``text``, ``confidence``, whole milliseconds
AWS Transcribe          ``results``: ``items``: ``alternatives``, times as strings
Deepgram                ``results``: ``channels``: ``alternatives``: ``words``
======================  =============================================================

Conventions
-----------
- Seconds. A start of None is a time that the file does not give, or not in a form that can be used.
- Letters are letters and digits; words without any are nobody's speech and are left out.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

from aligner.model import HeardWord, Span
from aligner.spans import JoinedSpans, SpeechSpans, total

# French and English are spoken at about 14 letters a second; for words whose end is missing or cannot be.
_PER_LETTER, _SHORTEST = 0.07, 0.1

# No voice holds out longer: this, and so much more for each letter.
_LONGEST, _LONGEST_PER_LETTER = 5.0, 1.0

# A word without a time is no further than this from the neighbour that lends it one.
_FURTHEST = 1.0

# What is left of the probability of a word whose time is only shared out: it was heard, but not just then.
_SHARED = 0.5

# Of the time that words usually take; with less, it is not all their speech that was found.
_LEAST_ROOM = 0.5

_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_EVENT = re.compile(r"\[[^\[\]]{0,100}\]|<[^<>]{0,100}>|\A\s*\([^()]{0,100}\)\s*\Z")


@dataclass(frozen=True, slots=True)
class Entry:
    """One or several words with their common times, and the recogniser's probability.

    ``lent`` is True where the times are not the file's own but lent by the neighbours.
    """

    text: str
    start: float | None
    end: float
    probability: float = 1.0
    lent: bool = False


def entry(text: object, start: object, end: object, probability: object = None, unit: float = 1.0) -> Entry:
    """Make an entry of whatever stands in a file; ``unit`` is how many seconds the file's 1 is.

    Events (``[Music]``, ``<unk>``, ``(laughter)``) and control characters are taken out of the text. An end that is
    missing, not after the start or longer after it than anyone speaks becomes the usual one; a probability that is
    missing or none becomes 1.
    """
    words = _EVENT.sub(" ", _CONTROL.sub("", text)) if isinstance(text, str) else ""
    begin, finish, sure = number(start, unit), number(end, unit), number(probability)
    share = min(sure, 1.0) if sure is not None else 1.0
    if begin is None:
        return Entry(words, None, 0.0, share)
    letters = _letters(words)
    if finish is None or not begin < finish <= begin + _LONGEST + _LONGEST_PER_LETTER * letters:
        finish = begin + max(_SHORTEST, _PER_LETTER * letters)
    return Entry(words, begin, finish, share)


def number(value: object, unit: float = 1.0) -> float | None:
    """``unit`` times a finite number of at least 0, given as such or in digits; None for all else."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value) * unit
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) and result >= 0 else None


def filled(entries: Iterable[Entry], start: float | None = None, end: float | None = None) -> list[Entry]:
    """Lend times to the words that have none: those between their neighbours', or the edges of what holds them all.

    "en" 1.0-1.2, "2021", "déjà" 2.0-2.3 gives "2021" 1.2-2.0. Without neighbour or edge they stay untimed.
    """
    runs = [(timed, list(run)) for timed, run in groupby(entries, key=lambda one: one.start is not None)]
    result: list[Entry] = []
    for at, (timed, run) in enumerate(runs):
        low = result[-1].end if at else start
        high = runs[at + 1][1][0].start if at + 1 < len(runs) else end
        result += run if timed else _lent(run, low, high)
    return result


def _lent(run: list[Entry], low: float | None, high: float | None) -> list[Entry]:
    text = " ".join(one.text for one in run)
    usual = max(_SHORTEST, _PER_LETTER * _letters(text))
    if high is None:
        if low is None:
            return run
        high = low + usual
    elif low is None:
        low = max(0.0, high - usual)
        high = low + usual
    low = min(low, high)  # neighbours that overlap
    high = min(high, low + _FURTHEST * len(run))
    return [Entry(text, low, max(high, low + _SHORTEST), min(one.probability for one in run), lent=True)]


def spread(found: Entry, speech: SpeechSpans) -> Iterator[HeardWord]:
    """The entry's words, its time shared out by their letters over the speech that is in it.

    "à demain" from 1.0 to 2.4 gives "à" 1.0-1.2 and "demain" 1.2-2.4, less sure than words with times of their own.
    """
    words = [word for word in found.text.split() if _letters(word)]
    if found.start is None or not words:
        return
    if len(words) == 1 and not found.lent:
        yield HeardWord(words[0], found.start, found.end, found.probability)
        return
    room = JoinedSpans(_room(found.start, found.end, speech, _letters(found.text)))
    for word, place in zip(words, room.share_out([_letters(word) for word in words]), strict=True):
        yield HeardWord(word, place.start, place.end, found.probability * _SHARED)


def _room(start: float, end: float, speech: SpeechSpans, letters: int) -> list[Span]:
    """The speech between two times, or all of it where there is too little speech for so many letters."""
    inside = speech.between(start, end)
    return inside if total(inside) >= _LEAST_ROOM * _PER_LETTER * letters else [Span(start, end)]


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))


Record = dict[str, Any]
Found = tuple[list[Entry] | None, str | None]

# As the formats name them, the better spelt first.
_TEXTS = ("punctuated_word", "punct", "word", "text")
_PROBABILITIES = ("probability", "confidence", "conf", "score")
_LANGUAGES = ("language", "language_code", "detected_language")

_MILLISECOND = 0.001


def recogniser_entries(content: object) -> Found:
    """The words of a recogniser's JSON and the language that it names; (None, None) if it is of no known format."""
    if isinstance(content, list):
        return _from_list(_records(content))
    outer = _record(content)
    held = _record(outer.get("retval")) or outer
    results = _record(held.get("results"))
    if isinstance(results.get("channels"), list):
        return _deepgram(results)
    if isinstance(results.get("items"), list):
        return filled(_aws(_records(results["items"]))), _language(results)
    if isinstance(held.get("transcription"), list):
        found = [one for cue in _records(held["transcription"]) for one in _whisper_cpp(cue)]
        return filled(found), _language(_record(held.get("result")))
    return _plain(held), _language(held)


def _from_list(records: list[Record]) -> Found:
    """A list of segments, of words, or of whole outputs as Vosk gives one after another."""
    if any("start" in record for record in records):
        return _segments(records), None
    parts = [recogniser_entries(record) for record in records]
    known = [found for found, _ in parts if found is not None]
    language = next((language for _, language in parts if language), None)
    return ([one for found in known for one in found] if known else None), language


def _plain(held: Record) -> list[Entry] | None:
    """Words in segments, else words, else segments with nothing but text."""
    segments = _records(held.get("segments"))
    if any(_records(segment.get("words")) for segment in segments):
        return _segments(segments)
    for name in ("words", "word_segments", "result"):
        if isinstance(held.get(name), list):
            return filled(_words(_records(held[name])))
    alternatives = _records(held.get("alternatives"))
    if any(isinstance(one.get("result"), list) for one in alternatives):
        return filled(_words(_records(alternatives[0].get("result"))))
    return _segments(segments) if isinstance(held.get("segments"), list) else None


def _segments(segments: list[Record]) -> list[Entry]:
    found: list[Entry] = []
    for segment in segments:
        words = _records(segment.get("words"))
        edges = number(segment.get("start")), number(segment.get("end"))
        found += filled(_words(words), *edges) if words else _words([segment])
    return filled(found)


def _words(records: list[Record]) -> list[Entry]:
    """Words, or segments with a ``text``, between ``start`` and ``end``."""
    unit = _MILLISECOND if _in_milliseconds(records) else 1.0
    return [
        entry(_first(record, _TEXTS), record.get("start"), record.get("end"), _first(record, _PROBABILITIES), unit)
        for record in records
    ]


def _in_milliseconds(records: list[Record]) -> bool:
    """Whether these are AssemblyAI's words: a ``text``, a ``confidence``, and nothing but whole numbers for times."""
    times = [record.get(name) for record in records for name in ("start", "end") if record.get(name) is not None]
    whole = all(isinstance(time, int) for time in times)
    return whole and all("text" in record and "word" not in record and "confidence" in record for record in records)


def _aws(items: list[Record]) -> Iterator[Entry]:
    """Words, each with the punctuation that follows it as items of their own."""
    last: Entry | None = None
    for item in items:
        best = next(iter(_records(item.get("alternatives"))), {})
        found = entry(best.get("content"), item.get("start_time"), item.get("end_time"), best.get("confidence"))
        if item.get("type") == "punctuation":
            last = replace(last, text=last.text + found.text) if last else None
            continue
        if last:
            yield last
        last = found
    if last:
        yield last


def _deepgram(results: Record) -> Found:
    found: list[Entry] = []
    language = None
    for channel in _records(results["channels"]):
        best = next(iter(_records(channel.get("alternatives"))), {})
        found += filled(_words(_records(best.get("words"))))
        language = language or _language(channel)
    return found, language


def _whisper_cpp(cue: Record) -> list[Entry]:
    """A cue's words: its tokens joined where one starts with a space, or the whole text where tokens do not give it."""
    text = cue.get("text")
    tokens = [one for one in _records(cue.get("tokens")) if not str(one.get("text")).startswith("[_")]
    if not tokens or "".join(str(one.get("text")) for one in tokens).split() != str(text).split():
        return [_offsets(cue, text, cue.get("p"))]
    words: list[list[Record]] = []
    for token in tokens:
        if not words or str(token["text"])[:1].isspace():
            words.append([])
        words[-1].append(token)
    return [_joined(pieces) for pieces in words]


def _joined(tokens: list[Record]) -> Entry:
    text = "".join(str(token["text"]) for token in tokens)
    last = _record(tokens[-1].get("offsets"))
    spoken = _record(tokens[0].get("offsets")) | {"to": last.get("to")}
    chances = [chance for token in tokens if (chance := number(token.get("p"))) is not None]
    return _offsets({"offsets": spoken}, text, min(chances, default=None))


def _offsets(record: Record, text: object, probability: object) -> Entry:
    times = _record(record.get("offsets"))
    return entry(text, times.get("from"), times.get("to"), probability, _MILLISECOND)


def _language(record: Record) -> str | None:
    found = _first(record, _LANGUAGES)
    return found if isinstance(found, str) else None


def _first(record: Record, names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if record.get(name) is not None), None)


def _record(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _records(values: object) -> list[Record]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []
