"""Episodes that were spoken for tests, at the times that are known of them."""

import json
from pathlib import Path

from aligner.locating.quality import timed_segments
from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    Span,
    Status,
    TimedWord,
    Untranscribed,
    Verdict,
)
from aligner.transcript import read_transcript


def at_true_times(folder: Path) -> Alignment:
    """The French episode of a folder, its transcript read as any, each word when it is said."""
    transcript = read_transcript(folder / "transcript.txt")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    said = {word["char_start"]: word for word in truth["words"] if word["start"] is not None}
    words = []
    for word in transcript.words:
        true = said.get(word.char_start) if transcript.segments[word.segment].kind is Kind.SPEECH else None
        span = Span(true["start"], true["end"]) if true else None
        words.append(TimedWord(word, span, Status.EXACT if true else Status.UNSPOKEN, 1.0))
    return Alignment(
        language="fr",
        episode=EpisodeDetails(),
        audio=AudioFile("episode.mp3", truth["duration"], "0" * 64),
        transcript=transcript,
        engine=Engine("imported", "none"),
        coverage=1.0,
        verdict=Verdict.GOOD,
        segments=timed_segments(transcript, words),
        words=tuple(words),
        untranscribed=tuple(Untranscribed(each["start"], each["end"], "") for each in truth["extra"]),
    )
