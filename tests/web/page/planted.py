"""Small alignments of paragraphs, for the page of an episode."""

import random
import re
import shutil
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
from aligner.storage.alignment_json import read_alignment, to_text


def planted(*paragraphs: tuple[str | None, str], kind: Kind = Kind.SPEECH, unspoken: str = "") -> Alignment:
    """Return an alignment of paragraphs with speakers, a word per second; words in ``unspoken`` have no times."""
    text, segments, words = "", list[Segment](), list[TimedWord]()
    for speaker, content in paragraphs:
        base = len(text)
        segments.append(Segment(kind, speaker, base, base + len(content)))
        for token in re.finditer(r"\S*\w\S*", content):
            word = Word(token.group(), base + token.start(), base + token.end(), len(segments) - 1)
            at = float(len(words))
            said = token.group() not in unspoken.split()
            words.append(
                TimedWord(word, Span(at, at + 0.8), Status.EXACT, 0.9)
                if said
                else TimedWord(word, None, Status.UNSPOKEN, 0.0)
            )
        text += content + "\n"
    transcript = Transcript("t.txt", "ab" * 32, text, tuple(segments), tuple(w.word for w in words))
    starts = {w.word.segment: w.span.start for w in reversed(words) if w.span}
    timed = tuple(TimedSegment(f"s{k}", segment, starts.get(k), None, 0.9) for k, segment in enumerate(segments))
    audio = AudioFile("a.mp3", len(words) + 1.0, "0" * 64)
    engine = Engine("planted", "none")
    return Alignment("en", EpisodeDetails(), audio, transcript, engine, 1.0, Verdict.GOOD, timed, tuple(words))


def lay_right_to_left(sample: Path, folder: Path) -> None:
    """Write an episode with a planted transcript in Arabic and the audio of ``sample`` to ``folder``."""
    chance = random.Random(3)
    said_often = (
        "البحر الريح الميناء القارب الصباح الذي يذهب نحو جزيرة حيث أبدا اسم كان هناك صوت قديم يقول لنا إن الطريق"
    )
    lexicon = said_often.split()
    said = (" ".join(chance.choice(lexicon) for _ in range(12 + 9 * (k % 5))) + "." for k in range(24))
    ours = planted(*((("ليلى بن يوسف", "سامي الحداد")[k % 2], text) for k, text in enumerate(said)))
    about = EpisodeDetails("رحلة طويلة نحو البحر", "أصوات", "2026-01-01")
    lay(sample, folder, replace(ours, language="ar", episode=about))


def lay(sample: Path, folder: Path, ours: Alignment) -> None:
    """Write an episode to ``folder`` with the audio of ``sample`` and a transcript spread over its length."""
    folder.mkdir(parents=True, exist_ok=True)
    if folder != sample:
        shutil.copy(sample / "episode.mp3", folder)
    theirs = read_alignment(sample / "episode.alignment.json")
    pace = (theirs.audio.duration - 1) / len(ours.words)
    words = tuple(replace(w, span=Span(k * pace, (k + 0.8) * pace)) for k, w in enumerate(ours.words))
    segments = tuple(replace(s, start=None if s.start is None else s.start * pace) for s in ours.segments)
    told = replace(ours, audio=theirs.audio, words=words, segments=segments)
    (folder / "episode.alignment.json").write_text(to_text(told), encoding="utf-8")
    (folder / "transcript.txt").write_text(ours.transcript.text, encoding="utf-8")
