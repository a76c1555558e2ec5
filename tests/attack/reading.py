"""Reads files as quotecast does, each within limits: the child of ``tests.attack.inputs``.

    python -m tests.attack.reading FOLDER < NAMES

For each name it says ``[NAME, null]`` before it reads and ``[NAME, END]`` after, so that one can tell at which it died.
"""

from __future__ import annotations

import json
import resource
import signal
import sys
import time
import traceback
from pathlib import Path

from aligner.captions.build import build_cues
from aligner.errors import AsrOutputError, CaptionError, TranscriptError
from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    Span,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Verdict,
)
from aligner.normalization import readings, spell
from aligner.recognition.imported_asr import read_asr_output
from aligner.timed_text import check_captions
from aligner.transcript import read_transcript
from aligner.transcript.formats import Format, decode, format_of
from web.bounded import CPU_SECONDS

MEMORY_BYTES = 2_000_000_000
SECONDS = CPU_SECONDS  # of processor time to read a file: what the app gives a child for it
MOST_CUED = 5_000  # words of which captions are made, and characters of the longest of them


class TooSlowError(BaseException):
    """The time is over. No ``Exception``, so that nothing of what is attacked catches it."""


def _over(*_of_signal: object) -> None:
    raise TooSlowError


def end_of(path: Path) -> str:
    """How the reading of a file ends: accepted or refused, anything else is a failure."""
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, SECONDS)
            end = _read(path)
            for other in (check_captions, read_asr_output):
                try:
                    other(path)
                except (CaptionError, AsrOutputError) as error:
                    error.message.encode("utf-8")
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except TooSlowError:
        return f"too slow: {traceback.format_exc(limit=-4)}"
    except BaseException:
        return traceback.format_exc(limit=-4)
    return end


def _read(path: Path) -> str:
    try:
        transcript = read_transcript(path)
    except TranscriptError as error:
        error.message.encode("utf-8")
        return "refused"
    _check(transcript)
    _check_nothing_lost(transcript, path)
    words = transcript.words[:MOST_CUED]
    if all(len(word.text) < MOST_CUED for word in words):
        tokens = [word.text for word in words]
        readings(tokens, "fr")
        spell(tokens, "en")
        build_cues(_alignment(transcript))
    return "accepted"


def _check(transcript: Transcript) -> None:
    """The words are where they say, in a segment that holds them, and all of it can be written."""
    json.dumps([transcript.text, transcript.title, transcript.language], ensure_ascii=False).encode("utf-8")
    for word in transcript.words:
        segment = transcript.segments[word.segment]
        assert segment.char_start <= word.char_start < word.char_end <= segment.char_end
    for segment in transcript.segments:
        (segment.speaker or "").encode("utf-8")
    assert "\0" not in transcript.text


def _check_nothing_lost(transcript: Transcript, path: Path) -> None:
    """Plain text is the file's own, character by character."""
    data = path.read_bytes()
    if format_of(path, data) is Format.PLAIN:
        assert transcript.text == decode(data, str(path))


def _alignment(transcript: Transcript) -> Alignment:
    """The transcript's first words, said at an even pace."""
    words = []
    for at, word in enumerate(transcript.words[:MOST_CUED]):
        said = transcript.segments[word.segment].kind is Kind.SPEECH
        span = Span(at / 3, at / 3 + 0.3) if said else None
        words.append(TimedWord(word, span, Status.EXACT if said else Status.UNSPOKEN, 1.0))
    return Alignment(
        language="fr",
        episode=EpisodeDetails(),
        audio=AudioFile("a.mp3", len(words) / 3 + 2, "1" * 64),
        transcript=transcript,
        engine=Engine("imported", "none"),
        coverage=1.0,
        verdict=Verdict.GOOD,
        segments=tuple(TimedSegment(f"s{n}", each, None, None, 1.0) for n, each in enumerate(transcript.segments)),
        words=tuple(words),
    )


def main() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    signal.signal(signal.SIGPROF, _over)
    began = time.process_time()
    for name in sys.stdin.read().split("\n"):
        print(json.dumps([name, None]), flush=True)
        print(json.dumps([name, end_of(Path(sys.argv[1]) / name)]), flush=True)
    print(f"{time.process_time() - began:.1f} s", file=sys.stderr)


if __name__ == "__main__":
    main()
