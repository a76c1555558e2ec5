"""An episode of hours, with words at an even pace over silence."""

import contextlib
import hashlib
import random
import tempfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from aligner.model import (
    Alignment,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    Segment,
    Span,
    Status,
    TimedSegment,
    TimedWord,
    Transcript,
    Verdict,
    Word,
)
from aligner.storage.alignment_json import to_text
from media.ffmpeg import running
from tests.web.serving import serving
from web.app import create_app
from web.settings import Settings

_SPEAKERS = ("Ana", "Bo", "Chloé")
_LEXICON = ("la", "mer", "vent", "port", "bateau", "matin", "qui", "part", "vers", "une", "île", "où", "jamais", "nom")


def long_alignment(words: int, seconds: float, file: str) -> Alignment:
    """``words`` words over ``seconds``, a paragraph every 60, a heading every 3,000."""
    rng = random.Random(7)
    text, segments, timed = "", list[TimedSegment](), list[TimedWord]()
    step, chapters = seconds / words, 0
    while len(timed) < words:
        if len(timed) >= 3000 * chapters:
            chapters += 1
            title = f"Chapitre {chapters}"
            segment = Segment(Kind.HEADING, None, len(text), len(text) + len(title))
            segments.append(TimedSegment(f"s{len(segments)}", segment, len(timed) * step, None, 0.9))
            for token in title.split():
                at = len(text) + title.index(token)
                word = Word(token, at, at + len(token), len(segments) - 1)
                timed.append(TimedWord(word, None, Status.UNSPOKEN, 0.0))
            text += title + "\n"
        begin, first = len(text), len(timed)
        for _ in range(60):
            token = rng.choice(_LEXICON)
            word = Word(token, len(text), len(text) + len(token), len(segments))
            now = len(timed) * step
            timed.append(TimedWord(word, Span(round(now, 3), round(now + 0.8 * step, 3)), Status.EXACT, 0.95))
            text += token + " "
        segment = Segment(Kind.SPEECH, rng.choice(_SPEAKERS), begin, len(text) - 1)
        segments.append(TimedSegment(f"s{len(segments)}", segment, timed[first].span.start, timed[-1].span.end, 0.95))
        text = text[:-1] + "\n"
    digest = hashlib.sha256(text.encode()).hexdigest()
    bare = tuple(word.word for word in timed)
    transcript = Transcript("long.txt", digest, text, tuple(s.segment for s in segments), bare)
    episode = EpisodeDetails("Trois heures", "La mer", "2026-01-01")
    audio = AudioFile(file, seconds + 60, "0" * 64)
    engine = Engine("planted", "none")
    return Alignment("fr", episode, audio, transcript, engine, 1.0, Verdict.GOOD, tuple(segments), tuple(timed))


def plant_long(folder: Path, words: int = 30_000, seconds: float = 3 * 3600.0) -> Path:
    """Lay a long episode in ``folder``: a CBR MP3 and its alignment."""
    folder.mkdir(parents=True)
    audio = folder / "long.mp3"
    silence = ["-f", "lavfi", "-i", "anullsrc=r=8000:cl=mono", "-t", f"{seconds + 60}"]
    with running([*silence, "-b:a", "16k", str(audio)]):
        pass
    alignment = long_alignment(words, seconds, audio.name)
    digest = hashlib.sha256(audio.read_bytes()).hexdigest()
    alignment = replace(alignment, audio=replace(alignment.audio, sha256=digest))
    (folder / "long.alignment.json").write_text(to_text(alignment), encoding="utf-8")
    (folder / "long.txt").write_text(alignment.transcript.text, encoding="utf-8")
    return folder


@contextlib.contextmanager
def serving_long() -> Iterator[str]:
    """The address of a long episode, served from a library of its own; its 20 MB are gone afterwards."""
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder, "library")
        plant_long(root / "long")
        with serving(create_app(Settings(root))) as server:
            yield f"{server}/episodes/long"
