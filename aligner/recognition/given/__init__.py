"""The given ear: someone else's recogniser has listened already, and this reads what it wrote down.

Conventions
-----------
- A format is recognised by what is in the file, never by its name.
- Times are made seconds by each format's own unit and then taken as they are: other recognisers' biases are not ours to
  know.
- A word's probability is the recogniser's, 1 where it gives none, and half as much where the word's time is only shared
  out (from a cue, from the gap between its neighbours).
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import HypothesisError, TranscriptError
from aligner.languages import language_code
from aligner.model import Audio, HeardWord, Recognition, Span
from aligner.recognition import Progress
from aligner.recognition.given.entries import Entry, Found, entry, filled, recogniser_entries, spread
from aligner.recognition.words import monotonic
from aligner.spans import SpeechSpans
from aligner.timed_text import read_cues
from aligner.timed_text.cues import timed_pieces, unrolled
from aligner.transcript.formats import decode
from media.errors import Message
from media.safe_fs import read_regular, status_of

__all__ = ["GivenEar", "Hypothesis", "read_hypothesis"]

# Part of what is cached: raise it when the same file comes to give other words.
_READING = 2

_UNKNOWN = "und"  # ISO 639-2 for "undetermined"

# An hour of words with every detail that a recogniser can give is about 5 MB.
_LARGEST_BYTES = 50_000_000

# A day of talk without a pause is about 300,000 words.
_MOST_WORDS = 500_000

_LEAST_OWN = 0.5  # of the words have times; with fewer it is no file of timed words

_EXPECTED = Message(
    "expected JSON of Whisper, WhisperX, faster-whisper, whisper.cpp, Vosk, Kaldi, AWS Transcribe, Deepgram or "
    "AssemblyAI, or a VTT or SRT file"
)
_BETWEEN = re.compile(r"[\s,]*")
_NAMED_FIELDS = 5


class GivenEar:
    """Hears what the file ``path`` says was heard; ``language`` is taken where the caller knows it.

    Raises
    ------
    HypothesisError
        The file cannot be understood.
    """

    name = "given"

    def __init__(self, path: Path, language: str | None = None) -> None:
        self.model = path.name
        self._path = path
        self._hypothesis = read_hypothesis(path)
        self._language = language_code(language) or self._hypothesis.language or _UNKNOWN

    def identity(self) -> dict[str, object]:
        """The file's bytes and the language."""
        return {"hypothesis": self._hypothesis.sha256, "language": self._language, "reading": _READING}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        """The file's words, as far as they lie within the sound.

        Raises
        ------
        HypothesisError
            Most of them do not: the file is another recording's.
        """
        words = self._hypothesis.words(audio.speech)
        within = [word for word in words if word.start < audio.duration]
        beyond = len(words) - len(within)
        if beyond > len(within):
            raise HypothesisError(
                "{path}: {beyond} of {words} words lie after the sound's end at {duration:.0f} s, "
                "the last at {last:.0f} s; expected what a recogniser heard in {audio}",
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
                Message(
                    "words of the hypothesis that lie after the end of the sound are left out: {count}", count=beyond
                )
            )
        if self._language == _UNKNOWN:
            warnings.append(Message("the hypothesis does not say which language is spoken; give --language"))
        return Recognition(tuple(monotonic(within, audio.duration)), self._language, tuple(warnings))


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A recogniser's output as it stands in the file; ``language`` is an ISO 639-1 code where there is one.

    ``sha256`` is of the file's bytes.
    """

    entries: tuple[Entry, ...]
    language: str | None
    sha256: str

    def words(self, speech: Sequence[Span] = ()) -> list[HeardWord]:
        """The words in order of start; those without a time of their own lie within ``speech`` where they can."""
        where = SpeechSpans(speech)
        return sorted((word for one in self.entries for word in spread(one, where)), key=lambda word: word.start)


def read_hypothesis(path: Path) -> Hypothesis:
    """Read a recogniser's output; words with odd times are mended or left out.

    Raises
    ------
    HypothesisError
        The file is missing, too large, of no known format, or too few of its words have usable times.
    """
    data = _bytes(path)
    found, language = _entries(_text(data, path), path)
    own, lent = (_count(found or [], is_lent) for is_lent in (False, True))
    if own + lent > _MOST_WORDS:
        raise HypothesisError(
            "{path}: holds {words} words; expected one episode's, at most {most}",
            path=path,
            words=own + lent,
            most=_MOST_WORDS,
        )
    if not own + lent:
        raise HypothesisError("{path}: no word with a time in it; {expected}", path=path, expected=_EXPECTED)
    if own < _LEAST_OWN * (own + lent):
        raise HypothesisError(
            "{path}: only {timed} of {words} words have a usable time; expected nearly all",
            path=path,
            timed=own,
            words=own + lent,
        )
    return Hypothesis(tuple(found or ()), language_code(language), hashlib.sha256(data).hexdigest())


def _count(entries: Sequence[Entry], lent: bool) -> int:
    """How many words have times that are the file's own, or lent."""
    nowhere = SpeechSpans(())
    return sum(1 for one in entries if one.lent is lent for _ in spread(one, nowhere))


def _bytes(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise HypothesisError("{path}: is a folder; {expected}", path=path, expected=_EXPECTED)
        size = status_of(path).st_size
        if size > _LARGEST_BYTES:
            raise HypothesisError(
                "{path}: is {size:.0f} MB large; expected at most {most:.0f}",
                path=path,
                size=size / 1e6,
                most=_LARGEST_BYTES / 1e6,
            )
        data = read_regular(path, _LARGEST_BYTES)
    except FileNotFoundError as error:
        raise HypothesisError("{path}: no such file; {expected}", path=path, expected=_EXPECTED) from error
    except OSError as error:
        raise HypothesisError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    if not data.strip():
        raise HypothesisError("{path}: is empty; {expected}", path=path, expected=_EXPECTED)
    return data


def _text(data: bytes, path: Path) -> str:
    try:
        return decode(data, str(path))
    except TranscriptError as error:
        raise HypothesisError("{path}: is not text; {expected}", path=path, expected=_EXPECTED) from error


def _entries(text: str, path: Path) -> Found:
    if not text.lstrip().startswith(("{", "[")):
        found, language = cue_entries(text)
        seen = Message("text without the times of captions")
    else:
        documents = _documents(text, path)
        content = documents[0] if len(documents) == 1 else documents
        found, language = recogniser_entries(content)
        seen = _description(content)
    if found is None:
        raise HypothesisError("{path}: {seen}; {expected}", path=path, seen=seen, expected=_EXPECTED)
    return found, language


def cue_entries(text: str) -> Found:
    """The cues of a caption file, cut at word times where it has them; (None, None) if there is no cue.

    Captions that roll up show each line twice, the second time above the new one; the second showing is left out.
    """
    file = read_cues(text)
    if not file.cues:
        return None, None
    found = [
        entry(words, start if cue.is_timed else None, end)
        for cue in unrolled(file.cues)
        for words, start, end in timed_pieces(cue)
    ]
    return filled(found), file.language


def _documents(text: str, path: Path) -> list[object]:
    """The JSON values of a file; Vosk writes one after another."""
    decoder = json.JSONDecoder()
    documents: list[object] = []
    at = len(text) - len(text.lstrip())
    try:
        while at < len(text):
            document, at = decoder.raw_decode(text, at)
            documents.append(document)
            between = _BETWEEN.match(text, at)
            at = between.end() if between else at
    except json.JSONDecodeError as error:
        raise HypothesisError(
            "{path}: damaged JSON, line {line}: {detail}; {expected}",
            path=path,
            line=error.lineno,
            detail=error.msg,
            expected=_EXPECTED,
        ) from error
    except (RecursionError, ValueError) as error:
        raise HypothesisError(
            "{path}: JSON nested too deeply or with too long a number; {expected}", path=path, expected=_EXPECTED
        ) from error
    return documents


def _description(content: object) -> Message:
    """What a JSON value is, in few words on one line."""
    if not isinstance(content, dict):
        return Message("JSON without a recogniser's words")
    names = ", ".join(repr(name)[:30] for name in list(content)[:_NAMED_FIELDS])
    if not names:
        return Message("JSON without anything in it")
    return Message("JSON of no known recogniser, with the fields {names}", names=names)
