"""Small alignments of paragraphs, for the page of an episode."""

from __future__ import annotations

import re

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


def planted(*paragraphs: tuple[str | None, str], kind: Kind = Kind.SPEECH, unspoken: str = "") -> Alignment:
    """An alignment of paragraphs with their speakers, a word a second; the words of ``unspoken`` are not said."""
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
