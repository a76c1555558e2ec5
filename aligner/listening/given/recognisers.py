"""The JSON of recognisers, told apart by its structure.

======================  =============================================================
Whisper and its kin     ``segments``: ``words``: ``word`` or ``text``, else ``text``
whisper.cpp             ``transcription``: ``offsets`` in ms, ``text``
Vosk                    ``result``: ``word``, ``conf``; or a list of such
BBC/Kaldi, OpenAI API   ``words`` (in ``retval``): ``word`` or ``punct``
AssemblyAI              ``words``: ``text``, whole milliseconds
AWS Transcribe          ``results``: ``items``: ``alternatives``, times as strings
Deepgram                ``results``: ``channels``: ``alternatives``: ``words``
======================  =============================================================
"""

from __future__ import annotations

from typing import Any

from aligner.listening.given.entries import Entry, entry

Found = tuple[list[Entry] | None, str | None]

# As the formats name them, the better spelt first.
_TEXTS = ("punctuated_word", "punct", "word", "text")
_PROBABILITIES = ("probability", "confidence", "conf", "score")

_MILLISECOND = 0.001


def recogniser_entries(content: object) -> Found:
    """The words of a recogniser's JSON and the language that it names; (None, None) if it is of no known format."""
    if isinstance(content, list):
        return _from_list(_records(content))
    if not isinstance(content, dict):
        return None, None
    retval, results = content.get("retval"), content.get("results")
    if isinstance(retval, dict):
        return recogniser_entries({name: value for name, value in retval.items() if name != "retval"})
    if isinstance(results, dict) and isinstance(results.get("channels"), list):
        return _deepgram(results)
    if isinstance(results, dict) and isinstance(results.get("items"), list):
        return _aws(results)
    if isinstance(content.get("transcription"), list):
        return _whisper_cpp(content)
    language = _string(content.get("language")) or _string(content.get("language_code"))
    if isinstance(content.get("segments"), list) and content["segments"]:
        return _segments(_records(content["segments"])), language
    for name in ("words", "word_segments", "result"):
        if isinstance(content.get(name), list):
            return _words(_records(content[name])), language
    return None, None


def _from_list(records: list[dict[str, Any]]) -> Found:
    """A list of Vosk's results, of segments, or of words."""
    if any(isinstance(record.get("result"), list) for record in records):
        return [found for record in records for found in _words(_records(record.get("result")))], None
    if any("segments" in record for record in records):
        return [found for record in records for found in _segments(_records(record.get("segments")))], None
    if any("words" in record for record in records):
        return _segments(records), None
    return (_words(records) if any("start" in record for record in records) else None), None


def _segments(segments: list[dict[str, Any]]) -> list[Entry]:
    found: list[Entry] = []
    for segment in segments:
        words = _records(segment.get("words"))
        found += _words(words) if words else _words([segment])
    return found


def _words(records: list[dict[str, Any]]) -> list[Entry]:
    """Words with ``start`` and ``end``, or cues with a ``text``."""
    unit = _MILLISECOND if _in_milliseconds(records) else 1.0
    return [
        entry(_first(record, _TEXTS), record.get("start"), record.get("end"), _first(record, _PROBABILITIES), unit)
        for record in records
    ]


def _in_milliseconds(records: list[dict[str, Any]]) -> bool:
    """AssemblyAI's words have a ``text`` and whole numbers for times; nobody's seconds are all whole."""
    times = [record.get(name) for record in records for name in ("start", "end") if record.get(name) is not None]
    whole = all(isinstance(time, int) and not isinstance(time, bool) for time in times)
    return whole and len(times) > 2 and all("text" in record and "word" not in record for record in records)


def _aws(results: dict[str, Any]) -> Found:
    found = []
    for item in _records(results["items"]):
        if item.get("type") == "punctuation":
            continue
        best = next(iter(_records(item.get("alternatives"))), {})
        found.append(entry(best.get("content"), item.get("start_time"), item.get("end_time"), best.get("confidence")))
    return found, _string(results.get("language_code"))


def _deepgram(results: dict[str, Any]) -> Found:
    found: list[Entry] = []
    language = None
    for channel in _records(results["channels"]):
        best = next(iter(_records(channel.get("alternatives"))), {})
        found += _words(_records(best.get("words")))
        language = language or _string(channel.get("detected_language"))
    return found, language


def _whisper_cpp(content: dict[str, Any]) -> Found:
    found = []
    for cue in _records(content["transcription"]):
        offsets = cue.get("offsets")
        times = offsets if isinstance(offsets, dict) else {}
        found.append(entry(cue.get("text"), times.get("from"), times.get("to"), unit=_MILLISECOND))
    result = content.get("result")
    return found, _string(result.get("language")) if isinstance(result, dict) else None


def _records(values: object) -> list[dict[str, Any]]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _first(record: dict[str, Any], names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if record.get(name) is not None), None)


def _string(value: object) -> str | None:
    return value if isinstance(value, str) else None
