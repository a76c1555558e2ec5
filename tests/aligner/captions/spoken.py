"""Build alignments with known times from text.

A paragraph is text, or a speaker and text, or a kind and text. In it, ``[1]`` is a footnote mark, ``(…)`` a stage
direction, ``~word`` an unspoken word, and ``|2.5`` a silence of so many seconds before the next word.
"""

import re
from dataclasses import dataclass, field

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
    Untranscribed,
    Verdict,
    Word,
)

Paragraph = str | tuple[str | Kind | None, str]
_INNER = re.compile(r"\[\d+\]|\([^)]*\)")


@dataclass
class _Speaker:
    speed: float
    clock: float
    text: str = ""
    segments: list[Segment] = field(default_factory=list)
    words: list[TimedWord] = field(default_factory=list)

    def say(self, content: str, segment: int, said: bool) -> None:
        """Add text spoken at an even pace, with the time of a character between words."""
        for run in re.findall(r"\s+|\S+", content):
            if run.startswith("|"):
                self.clock += float(run[1:])
                self.text = self.text.rstrip(" ")
                continue
            spoken = said and not run.startswith("~")
            run = run.removeprefix("~")
            if any(character.isalnum() for character in run):
                word = Word(run, len(self.text), len(self.text) + len(run), segment)
                start, self.clock = self.clock, self.clock + spoken * (len(run) + 1) / self.speed
                span = Span(start, self.clock - 0.5 / self.speed) if spoken else None
                self.words.append(TimedWord(word, span, Status.EXACT if spoken else Status.UNSPOKEN, 1.0))
            self.text += run


def spoken(
    *paragraphs: Paragraph,
    language: str = "fr",
    speed: float = 14.0,
    start: float = 1.0,
    tail: float = 2.0,
    untranscribed: tuple[tuple[float, float], ...] = (),
    verdict: Verdict = Verdict.GOOD,
) -> Alignment:
    """Return an alignment of the paragraphs, spoken in turn at ``speed`` characters per second."""
    voice = _Speaker(speed, start)
    for paragraph in paragraphs:
        head, content = paragraph if isinstance(paragraph, tuple) else (None, paragraph)
        kind = head if isinstance(head, Kind) else Kind.SPEECH
        name = None if isinstance(head, Kind) else head
        voice.text += f"{name} : " if name else ""
        _add_paragraph(voice, kind, name, content)
        voice.text += "\n"
    words = tuple(timed.word for timed in voice.words)
    transcript = Transcript("planted.txt", "0" * 64, voice.text, tuple(voice.segments), words)
    return Alignment(
        language=language,
        episode=EpisodeDetails(),
        audio=AudioFile("planted.mp3", voice.clock + tail, "1" * 64),
        transcript=transcript,
        engine=Engine("imported", "none"),
        coverage=1.0,
        verdict=verdict,
        segments=tuple(TimedSegment(f"s{n}", s, None, None, 1.0) for n, s in enumerate(voice.segments)),
        words=tuple(voice.words),
        untranscribed=tuple(Untranscribed(first, last, "") for first, last in untranscribed),
    )


def _add_paragraph(voice: _Speaker, kind: Kind, name: str | None, content: str) -> None:
    outer, base = len(voice.segments), len(voice.text)
    voice.segments.append(Segment(kind, name, base, base + 1))
    said = kind is Kind.SPEECH
    position = 0
    for inner in _INNER.finditer(content) if said else ():
        voice.say(content[position : inner.start()], outer, said)
        position = inner.end()
        kind_within = Kind.NOTE if inner.group().startswith("[") else Kind.STAGE
        voice.segments.append(Segment(kind_within, None, len(voice.text), len(voice.text) + len(inner.group())))
        voice.say(inner.group(), len(voice.segments) - 1, said=False)
    voice.say(content[position:], outer, said)
    voice.segments[outer] = Segment(kind, name, base, len(voice.text))
