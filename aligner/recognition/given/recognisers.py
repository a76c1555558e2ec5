"""The JSON of recognisers, told apart by its structure.

======================  =============================================================
Whisper and its kin     ``segments``: ``words``: ``word`` or ``text``, else ``text``
whisper.cpp             ``transcription``: ``offsets`` in ms, ``text``, ``tokens``
Vosk                    ``result``: ``word``, ``conf``; or a list of such
BBC/Kaldi, OpenAI API   ``words`` (in ``retval``): ``word`` or ``punct``
AssemblyAI              ``words``: ``text``, ``confidence``, whole milliseconds
AWS Transcribe          ``results``: ``items``: ``alternatives``, times as strings
Deepgram                ``results``: ``channels``: ``alternatives``: ``words``
======================  =============================================================
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from aligner.recognition.given.entries import Entry, entry, filled, number

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
