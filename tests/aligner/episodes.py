"""Small planted episodes: a transcript, what was heard of it and when."""

import re
from dataclasses import dataclass
from pathlib import Path

from aligner.emissions import Emissions
from aligner.locating.quality import Judgement, judge
from aligner.locating.words import locate_by_words
from aligner.model import (
    Alignment,
    Audio,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    Placement,
    RecognisedWord,
    Segment,
    Span,
    TimedWord,
    Transcript,
    Word,
)


@dataclass(frozen=True)
class Planted:
    """A sound, and what an ear makes of it: words, or emissions."""

    words: tuple[RecognisedWord, ...]
    speech: tuple[Span, ...]
    duration: float
    language: str = "en"
    emissions: Emissions | None = None

    @property
    def audio(self) -> Audio:
        return Audio(Path("planted.mp3"), "0" * 64, self.duration, self.speech)


def transcript_of(*paragraphs: str | tuple[Kind, str]) -> Transcript:
    """A transcript of paragraphs of speech, or of the kind given; every token is a word."""
    text, segments, words = "", [], []
    for paragraph in paragraphs:
        kind, content = paragraph if isinstance(paragraph, tuple) else (Kind.SPEECH, paragraph)
        base = len(text)
        segments.append(Segment(kind, None, base, base + len(content)))
        for token in re.finditer(r"\S*\w\S*", content):
            words.append(Word(token.group(), base + token.start(), base + token.end(), len(segments) - 1))
        text += content + "\n"
    return Transcript("planted.txt", "0" * 64, text, tuple(segments), tuple(words))


def heard_as(*speech: tuple[float, str], letter: float = 0.07, gap: float = 0.0, duration: float = 0.0) -> Planted:
    """Words heard at an even pace in stretches that begin at the given times; outside them is silence."""
    words, spans = [], []
    for start, text in speech:
        now = start
        for token in text.split():
            end = now + letter * len(token)
            words.append(RecognisedWord(token, now, end, 0.9))
            now = end + gap
        spans.append(Span(start, words[-1].end))
    return Planted(tuple(words), tuple(spans), max(duration, words[-1].end))


def footnoted(before: str, mark: str, after: str) -> Transcript:
    """A paragraph with a mark inside it, as a transcript is read."""
    text = f"{before} {mark} {after}\n"
    at = len(before) + 1
    nested = Segment(Kind.SPEECH, None, 0, len(text) - 1), Segment(Kind.NOTE, None, at, at + len(mark))
    words = tuple(
        Word(token.group(), token.start(), token.end(), int(token.start() == at)) for token in re.finditer(r"\S+", text)
    )
    return Transcript("planted.txt", "0" * 64, text, nested, words)


def alignment_of(*paragraphs: str, start: float = 1.0) -> Alignment:
    """The alignment of paragraphs heard just as written, a second of silence between them."""
    transcript = transcript_of(*paragraphs)
    stretches = []
    for paragraph in paragraphs:
        stretches.append((start, paragraph))
        start += 0.07 * len("".join(paragraph.split())) + 1.0
    heard = heard_as(*stretches)
    judgement = judge(transcript, locate_by_words(transcript, heard.audio, heard.words, "en"), heard.audio)
    audio = AudioFile("harbour.mp3", round(heard.duration, 3), "1" * 64)
    return as_judged(transcript, judgement, audio, Engine("planted", "none"), "The ferry")


def as_judged(
    transcript: Transcript, judgement: Judgement, audio: AudioFile, engine: Engine, title: str | None = None
) -> Alignment:
    """The alignment of an English episode that was judged so."""
    return Alignment(
        language="en",
        episode=EpisodeDetails(title=title),
        audio=audio,
        transcript=transcript,
        engine=engine,
        coverage=judgement.coverage,
        verdict=judgement.verdict,
        segments=judgement.segments,
        words=judgement.words,
        untranscribed=judgement.untranscribed,
    )


def spoken(word: TimedWord | Placement) -> Span:
    """When a word is said, which must be."""
    assert word.span is not None
    return word.span
