"""Plant episodes in a library: silent audio, a transcript, and an evenly paced alignment."""

import wave
from collections.abc import Sequence
from pathlib import Path

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
    Verdict,
)
from aligner.storage.alignment_json import to_text
from aligner.transcript import read_transcript

PACE = 0.3  # seconds from one spoken word to the next
TALK = "Anna Weber: Bonjour à tous, voici l’été des vélos.\n\nA heading\n\nBob Ross: C'est rendez-vous au café !\n"


def plant(
    folder: Path,
    text: str = TALK,
    name: str = "talk",
    title: str | None = "Un été",
    show: str | None = None,
    date: str | None = None,
) -> Path:
    """Write an aligned episode to ``folder``; return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    write_sound(folder / f"{name}.wav")
    (folder / f"{name}.txt").write_text(text, encoding="utf-8")
    alignment = aligned(folder / f"{name}.txt", f"{name}.wav", EpisodeDetails(title, show, date))
    (folder / f"{name}.alignment.json").write_text(to_text(alignment), encoding="utf-8")
    return folder


def aligned(transcript: Path, audio: str, episode: EpisodeDetails) -> Alignment:
    """The alignment of a transcript whose k-th spoken word starts at k times ``PACE``."""
    read = read_transcript(transcript)
    words, now = [], 0.0
    for word in read.words:
        if read.segments[word.segment].kind is Kind.SPEECH:
            words.append(TimedWord(word, Span(round(now, 3), round(now + PACE - 0.05, 3)), Status.EXACT, 0.98))
            now += PACE
        else:
            words.append(TimedWord(word, None, Status.UNSPOKEN, 0.0))
    return Alignment(
        language="fr",
        episode=episode,
        audio=AudioFile(audio, round(now + 1, 3), "1" * 64),
        transcript=read,
        engine=Engine("planted", "none"),
        coverage=0.97,
        verdict=Verdict.GOOD,
        segments=tuple(
            TimedSegment(f"s{k}", segment, *_span(words, k), 0.9) for k, segment in enumerate(read.segments)
        ),
        words=tuple(words),
    )


def write_sound(path: Path, seconds: float = 0.1) -> Path:
    """A WAV of silence."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(8000)
        file.writeframes(bytes(2 * int(8000 * seconds)))
    return path


def tree(folder: Path) -> dict[str, bytes]:
    """Every file under ``folder`` with its content, by its path."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def _span(words: Sequence[TimedWord], segment: int) -> tuple[float | None, float | None]:
    said = [w.span for w in words if w.word.segment == segment and w.span]
    return (said[0].start, said[-1].end) if said else (None, None)
