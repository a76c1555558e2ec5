"""Import words and times from the output file of another recogniser. Formats and their fields (``outer``: ``inner``):

======================  =============================================================
Whisper and its kin     ``segments``: ``words``: ``word`` or ``text``, else ``text``
whisper.cpp             ``transcription``: ``offsets`` in ms, ``text``, ``tokens``
Vosk                    ``result``: ``word``, ``conf``; or a list of such objects
BBC/Kaldi, OpenAI API   ``words`` (in ``retval``): ``word`` or ``punct``
AssemblyAI              ``words``: ``text``, ``confidence``, whole milliseconds
AWS Transcribe          ``results``: ``items``: ``alternatives``, times as strings
Deepgram                ``results``: ``channels``: ``alternatives``: ``words``
SRT, WebVTT             cues, split at word times if they have any
======================  =============================================================

The content of a file determines its format, never its name. Times become seconds and are not corrected: the biases of
other recognisers are unknown. A word's probability is the recogniser's, or 1 if there is none. It is halved if the
word's time is estimated from a cue, or from the gap between the neighbouring words.
"""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from aligner.errors import AsrOutputError, TranscriptError
from aligner.languages import language_code
from aligner.model import Audio, RecognisedWord, Recognition, Span
from aligner.recognition import Progress
from aligner.recognition.asr import monotonic
from aligner.spans import JoinedSpans, SpeechSpans, total
from aligner.timed_text import read_cues
from aligner.timed_text.cues import timed_pieces, unrolled
from aligner.transcript.formats import decode
from media.errors import Message
from media.safe_fs import read_regular

# Part of the cache's key: raise it when the words read from a file change.
_READING = 3

_UNKNOWN = "und"  # ISO 639-2 for "undetermined"
_LARGEST_BYTES = 50_000_000  # an hour of words with all details is about 5 MB
_LEAST_OWN = 0.5  # least share of words with times of their own

# The length of a word whose end is missing or impossible: French and English have about 14 letters a second.
_PER_LETTER, _SHORTEST = 0.07, 0.1
_LONGEST, _LONGEST_PER_LETTER = 5.0, 1.0  # seconds; the most that a word lasts, and more for each letter
_FURTHEST = 1.0  # seconds for each word without a time, between its neighbours
_SHARED = 0.5  # factor on the probability of a word whose time is estimated
_LEAST_ROOM = 0.5  # least share of the words' usual length in detected speech; with less, not all of it was detected

_EXPECTED = Message(
    "expected JSON of Whisper, WhisperX, faster-whisper, whisper.cpp, Vosk, Kaldi, AWS Transcribe, Deepgram or "
    "AssemblyAI, or a VTT or SRT file"
)
_BETWEEN = re.compile(r"[\s,]*")
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_EVENT = re.compile(r"\[[^\[\]]{0,100}\]|<[^<>]{0,100}>|\A\s*\([^()]{0,100}\)\s*\Z")

# The formats' names for these; the first one found is used.
_TEXTS = ("punctuated_word", "punct", "word", "text")
_PROBABILITIES = ("probability", "confidence", "conf", "score")
_LANGUAGES = ("language", "language_code", "detected_language")
_MILLISECOND = 0.001

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Entry:
    """One or several words with their start (None: unknown) and end in seconds, and the recogniser's probability.

    ``lent`` says whether the times are estimated from those of the neighbours instead of read from the file.
    """

    text: str
    start: float | None
    end: float
    probability: float = 1.0
    lent: bool = False


Found = tuple[list[Entry] | None, str | None]
"""The entries of a file, None if its format is unknown, and its language."""


class ImportedRecogniser:
    """A recogniser that reads words from another recogniser's output file. ``language`` overrides the language in the
    file. Raises AsrOutputError if the file cannot be used."""

    name = "imported"

    def __init__(self, path: Path, language: str | None = None) -> None:
        self.model = path.name
        self._path = path
        self._output = read_asr_output(path)
        self._language = language_code(language) or self._output.language or _UNKNOWN

    def identity(self) -> dict[str, object]:
        """Return the values that determine the words: the file's hash, the language and the version of this code."""
        return {"asr_output": self._output.sha256, "language": self._language, "reading": _READING}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """Return the words of the file that start before the audio ends. Raise AsrOutputError if most start later."""
        words = self._output.words(audio.speech)
        within = [word for word in words if word.start < audio.duration]
        beyond = len(words) - len(within)
        if beyond > len(within):
            raise AsrOutputError(
                "{path}: {beyond} of {words} words lie after the audio's end at {duration:.0f} s, "
                "the last at {last:.0f} s; expected a recogniser's output for {audio}",
                path=self._path,
                beyond=beyond,
                words=len(words),
                duration=audio.duration,
                last=words[-1].start,
                audio=audio.path.name,
            )
        warnings = []
        if beyond:
            warnings.append(
                Message("words of the ASR output after the end of the audio are left out: {count}", count=beyond)
            )
        if self._language == _UNKNOWN:
            warnings.append(Message("the ASR output does not say which language is spoken; give --language"))
        return Recognition(tuple(monotonic(within, audio.duration)), self._language, tuple(warnings))


@dataclass(frozen=True, slots=True)
class AsrOutput:
    """The content of a recogniser's output file: words, language (ISO 639-1 code or None), and the file's hash."""

    entries: tuple[Entry, ...]
    language: str | None
    sha256: str

    def words(self, speech: Sequence[Span] = ()) -> list[RecognisedWord]:
        """Return the words in order of start. Words with estimated times are placed within ``speech`` if possible."""
        spans = SpeechSpans(speech)
        return sorted((word for one in self.entries for word in _spread(one, spans)), key=lambda word: word.start)


def read_asr_output(path: Path) -> AsrOutput:
    """Return the content of a recogniser's output file. Words with impossible times are corrected or omitted.

    Raises AsrOutputError if the file cannot be read, has an unknown format, or has too few words with usable times.
    """
    try:
        data = read_regular(path, _LARGEST_BYTES)
    except OSError as error:
        raise AsrOutputError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    try:
        text = decode(data, str(path))
    except TranscriptError as error:
        raise AsrOutputError("{path}: is not text; {expected}", path=path, expected=_EXPECTED) from error
    found, language = _entries(text, path)
    if found is None:
        raise AsrOutputError("{path}: not a recogniser's output; {expected}", path=path, expected=_EXPECTED)
    own, lent = (_count(found, is_lent) for is_lent in (False, True))
    if not own:
        raise AsrOutputError("{path}: no word with a time in it; {expected}", path=path, expected=_EXPECTED)
    if own < _LEAST_OWN * (own + lent):
        raise AsrOutputError(
            "{path}: only {timed} of {words} words have a usable time; expected nearly all",
            path=path,
            timed=own,
            words=own + lent,
        )
    return AsrOutput(tuple(found), language_code(language), hashlib.sha256(data).hexdigest())


def _count(entries: Sequence[Entry], lent: bool) -> int:
    nowhere = SpeechSpans(())
    return sum(1 for one in entries if one.lent is lent for _ in _spread(one, nowhere))


def _entries(text: str, path: Path) -> Found:
    if not text.lstrip().startswith(("{", "[")):
        return _of_cues(text)
    try:
        documents = _documents(text)
    except (RecursionError, ValueError) as error:
        raise AsrOutputError(
            "{path}: damaged JSON ({detail}); {expected}", path=path, detail=error, expected=_EXPECTED
        ) from error
    return _of_json(documents[0] if len(documents) == 1 else documents)


def _documents(text: str) -> list[object]:
    """Return the JSON values in a text; Vosk writes several in succession."""
    decoder = json.JSONDecoder()
    documents: list[object] = []
    at = len(text) - len(text.lstrip())
    while at < len(text):
        document, at = decoder.raw_decode(text, at)
        documents.append(document)
        between = _BETWEEN.match(text, at)
        at = between.end() if between else at
    return documents


def _of_cues(text: str) -> Found:
    """Return the words and language of a caption file. Lines that are shown twice (roll-up) are returned once."""
    file = read_cues(text)
    if not file.cues:
        return None, None
    found = [
        _entry(words, start if cue.is_timed else None, end)
        for cue in unrolled(file.cues)
        for words, start, end in timed_pieces(cue)
    ]
    return _filled(found), file.language


def _of_json(content: object) -> Found:
    if isinstance(content, list):
        return _of_list(_records(content))
    outer = _record(content)
    held = _record(outer.get("retval")) or outer
    results = _record(held.get("results"))
    if isinstance(results.get("channels"), list):
        return _of_deepgram(results)
    if isinstance(results.get("items"), list):
        return _filled(_of_aws(_records(results["items"]))), _language(results)
    if isinstance(held.get("transcription"), list):
        found = [one for cue in _records(held["transcription"]) for one in _of_whisper_cpp(cue)]
        return _filled(found), _language(_record(held.get("result")))
    return _of_segments_or_words(held), _language(held)


def _of_list(records: list[Record]) -> Found:
    """Return the words and language in a list of segments, of words, or of whole outputs, as written by Vosk."""
    if any("start" in record for record in records):
        return _of_segments(records), None
    parts = [_of_json(record) for record in records]
    known = [found for found, _ in parts if found is not None]
    language = next((language for _, language in parts if language), None)
    return ([one for found in known for one in found] if known else None), language


def _of_segments_or_words(held: Record) -> list[Entry] | None:
    """Return the words in an output's segments or, if these have none, in its list of words. Without such a list,
    return the texts of the segments; without segments too, None."""
    segments = _records(held.get("segments"))
    if any(_records(segment.get("words")) for segment in segments):
        return _of_segments(segments)
    for name in ("words", "word_segments", "result"):
        if isinstance(held.get(name), list):
            return _filled(_of_words(_records(held[name])))
    return _of_segments(segments) if isinstance(held.get("segments"), list) else None


def _of_segments(segments: list[Record]) -> list[Entry]:
    found: list[Entry] = []
    for segment in segments:
        words = _records(segment.get("words"))
        edges = _number(segment.get("start")), _number(segment.get("end"))
        found += _filled(_of_words(words), *edges) if words else _of_words([segment])
    return _filled(found)


def _of_words(records: list[Record]) -> list[Entry]:
    unit = _MILLISECOND if _in_milliseconds(records) else 1.0
    return [
        _entry(_first(record, _TEXTS), record.get("start"), record.get("end"), _first(record, _PROBABILITIES), unit)
        for record in records
    ]


def _in_milliseconds(records: list[Record]) -> bool:
    """Return whether the records are AssemblyAI's: with ``text``, ``confidence`` and times in whole milliseconds."""
    times = [record.get(name) for record in records for name in ("start", "end") if record.get(name) is not None]
    whole = all(isinstance(time, int) for time in times)
    return whole and all("text" in record and "word" not in record and "confidence" in record for record in records)


def _of_aws(items: list[Record]) -> Iterator[Entry]:
    """Yield words, each with the punctuation after it, which is a separate item in the file."""
    last: Entry | None = None
    for item in items:
        best = next(iter(_records(item.get("alternatives"))), {})
        found = _entry(best.get("content"), item.get("start_time"), item.get("end_time"), best.get("confidence"))
        if item.get("type") == "punctuation":
            last = replace(last, text=last.text + found.text) if last else None
            continue
        if last:
            yield last
        last = found
    if last:
        yield last


def _of_deepgram(results: Record) -> Found:
    found: list[Entry] = []
    language = None
    for channel in _records(results["channels"]):
        best = next(iter(_records(channel.get("alternatives"))), {})
        found += _filled(_of_words(_records(best.get("words"))))
        language = language or _language(channel)
    return found, language


def _of_whisper_cpp(cue: Record) -> list[Entry]:
    """Return the words of a cue, joined from tokens, or the cue's whole text if the tokens differ from this text."""
    text = cue.get("text")
    tokens = [one for one in _records(cue.get("tokens")) if not str(one.get("text")).startswith("[_")]
    if not tokens or "".join(str(one.get("text")) for one in tokens).split() != str(text).split():
        return [_by_offsets(cue, text, cue.get("p"))]
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
    chances = [chance for token in tokens if (chance := _number(token.get("p"))) is not None]
    return _by_offsets({"offsets": spoken}, text, min(chances, default=None))


def _by_offsets(record: Record, text: object, probability: object) -> Entry:
    times = _record(record.get("offsets"))
    return _entry(text, times.get("from"), times.get("to"), probability, _MILLISECOND)


def _language(record: Record) -> str | None:
    found = _first(record, _LANGUAGES)
    return found if isinstance(found, str) else None


def _first(record: Record, names: tuple[str, ...]) -> object:
    return next((record[name] for name in names if record.get(name) is not None), None)


def _record(value: object) -> Record:
    return value if isinstance(value, dict) else {}


def _records(values: object) -> list[Record]:
    return [value for value in values if isinstance(value, dict)] if isinstance(values, list) else []


def _entry(text: object, start: object, end: object, probability: object = None, unit: float = 1.0) -> Entry:
    """Return an entry made from values in a file; ``unit`` is the file's unit of time in seconds.

    Events (``[Music]``, ``<unk>``, ``(laughter)``) and control characters are removed. If the end is missing, not after
    the start, or impossibly late, a usual duration is assumed.
    """
    words = _EVENT.sub(" ", _CONTROL.sub("", text)) if isinstance(text, str) else ""
    begin, finish, sure = _number(start, unit), _number(end, unit), _number(probability)
    share = min(sure, 1.0) if sure is not None else 1.0
    if begin is None:
        return Entry(words, None, 0.0, share)
    letters = _letters(words)
    if finish is None or not begin < finish <= begin + _LONGEST + _LONGEST_PER_LETTER * letters:
        finish = begin + max(_SHORTEST, _PER_LETTER * letters)
    return Entry(words, begin, finish, share)


def _number(value: object, unit: float = 1.0) -> float | None:
    """Return a number or numeric string times ``unit``; None if it is negative, not finite, or no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        result = float(value) * unit
    except (ValueError, OverflowError):
        return None
    return result if math.isfinite(result) and result >= 0 else None


def _filled(entries: Iterable[Entry], start: float | None = None, end: float | None = None) -> list[Entry]:
    """Return the entries with missing times estimated from the gap between the neighbours. The first and the last entry
    have only one neighbour; the gap then extends to ``start`` or ``end``, the edges of the segment.

    Between "en" 1.0-1.2 and "déjà" 2.0-2.3, "2021" gets 1.2-2.0. With neither neighbours nor edges, no times are set.
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


def _spread(found: Entry, speech: SpeechSpans) -> Iterator[RecognisedWord]:
    """Yield the words of an entry. They divide the speech within the entry's times in proportion to their letters.

    "à demain" from 1.0 to 2.4 gives "à" 1.0-1.2 and "demain" 1.2-2.4.
    """
    words = [word for word in found.text.split() if _letters(word)]
    if found.start is None or not words:
        return
    if len(words) == 1 and not found.lent:
        yield RecognisedWord(words[0], found.start, found.end, found.probability)
        return
    inside = speech.between(found.start, found.end)
    has_room = total(inside) >= _LEAST_ROOM * _PER_LETTER * _letters(found.text)
    room = JoinedSpans(inside if has_room else [Span(found.start, found.end)])
    for word, span in zip(words, room.share_out([_letters(word) for word in words]), strict=True):
        yield RecognisedWord(word, span.start, span.end, found.probability * _SHARED)


def _letters(text: str) -> int:
    return sum(map(str.isalnum, text))
