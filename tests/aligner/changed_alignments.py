"""Alignments of any shape, and others that come of them by changes as people make them."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from aligner.locating.quality import coverage_of, timed_segments
from aligner.model import (
    Alignment,
    Annotation,
    AnnotationKind,
    AudioFile,
    Engine,
    EpisodeDetails,
    Kind,
    LostPin,
    Pin,
    PinKind,
    Review,
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


@dataclass(frozen=True)
class Said:
    """A word of a paragraph, and how long it lasts; None where nobody says it."""

    text: str
    lasts: float | None
    status: Status = Status.EXACT
    confidence: float = 0.9


@dataclass(frozen=True)
class Paragraph:
    """Words in a row, of which those of the range are a note within."""

    words: tuple[Said, ...]
    speaker: str | None = None
    kind: Kind = Kind.SPEECH
    note: tuple[int, int] | None = None
    id: str | None = None
    pinned: bool = False


@dataclass(frozen=True)
class Episode:
    """Paragraphs, and what else is said of an episode."""

    paragraphs: tuple[Paragraph, ...]
    gaps: tuple[tuple[float, float], ...] = ()
    title: str = "The ferry"
    between: str = "\n\n"
    signed: str = ""

    def aligned(self) -> Alignment:
        """The alignment of it, whose segments' times are those of their words."""
        text, segments, ids, words = self._laid_out()
        transcript = Transcript("ferry.txt", "0" * 64, text, tuple(segments), tuple(timed.word for timed in words))
        numbered = timed_segments(transcript, words)
        return Alignment(
            language="en",
            episode=EpisodeDetails(title=self.title),
            audio=AudioFile("ferry.mp3", 1000.0, "1" * 64),
            transcript=transcript,
            engine=Engine("planted", "none"),
            coverage=round(coverage_of(transcript, words), 4),
            verdict=Verdict.REVIEW,
            segments=tuple(replace(s, id=name or s.id) for s, name in zip(numbered, ids, strict=True)),
            words=tuple(words),
            untranscribed=tuple(Untranscribed(start, end, "ahoy") for start, end in self.gaps),
            pinned_passages=tuple(self._pinned()),
            annotations=tuple(Annotation(AnnotationKind.AD, start, end) for start, end in self.gaps[:1]),
            review=Review(self.signed, "2026-11-27T01:02:03Z", 0.5) if self.signed else None,
            machine_text=bool(self.signed),
            lost_pins=tuple(LostPin(PinKind.WORD, "ahoy", Span(start, end)) for start, end in self.gaps[1:]),
        )

    def _pinned(self) -> Iterator[Pin]:
        at = 0
        for paragraph in self.paragraphs:
            if paragraph.pinned:
                yield Pin(PinKind.PASSAGE, range(at, at + len(paragraph.words)), Span(10.0 * at, 10.0 * at + 5.0))
            at += len(paragraph.words)

    def _laid_out(self) -> tuple[str, list[Segment], list[str | None], list[TimedWord]]:
        text, now = "", 1.0
        segments: list[Segment] = []
        ids: list[str | None] = []
        words: list[TimedWord] = []
        for paragraph in self.paragraphs:
            text += f"{paragraph.speaker}: " if paragraph.speaker else ""
            outer, edges = len(segments), []
            start = len(text)
            for index, said in enumerate(paragraph.words):
                edges.append((len(text), len(text) + len(said.text)))
                inner = paragraph.note and paragraph.note[0] <= index < paragraph.note[1]
                span = None if said.lasts is None else Span(round(now, 3), round(now + said.lasts, 3))
                now += (said.lasts or 0.0) + 0.1
                word = Word(said.text, *edges[-1], outer + bool(inner))
                status = said.status if span else Status.UNSPOKEN
                words.append(TimedWord(word, span, status, said.confidence))
                text += said.text + " "
            segments.append(Segment(paragraph.kind, paragraph.speaker, start, len(text) - 1, paragraph.pinned))
            ids.append(paragraph.id)
            if paragraph.note:
                first, last = paragraph.note
                segments.append(Segment(Kind.NOTE, None, edges[first][0], edges[last - 1][1]))
                ids.append(None)
            text += self.between
        return text, segments, ids, words


TEXTS = st.sampled_from(["the", "ferry", "came", "in", "late,", "œuf", "naïve", "“ahoy!”", "9:15", "x", "tide\u2028s"])
STATUSES = st.sampled_from([Status.EXACT, Status.FUZZY, Status.INTERPOLATED])
SAID = st.builds(Said, TEXTS, st.none() | st.sampled_from([0.05, 0.3, 1.25]), STATUSES, st.sampled_from([0.5, 0.9, 1]))


@st.composite
def paragraphs(draw: st.DrawFn) -> Paragraph:
    words = tuple(draw(st.lists(SAID, min_size=1, max_size=6)))
    first = draw(st.integers(0, len(words) - 1))
    note = draw(st.none() | st.integers(first + 1, len(words)).map(lambda last: (first, last)))
    names = st.sampled_from([None, None, "Ada", "Quint"])
    return Paragraph(
        words,
        draw(names),
        draw(st.sampled_from(Kind)),
        note,
        draw(st.sampled_from([None, None, "", "s1"])),
        draw(st.booleans()),
    )


@st.composite
def episodes(draw: st.DrawFn) -> Episode:
    starts = draw(st.lists(st.integers(0, 50), max_size=3, unique=True).map(sorted))
    return Episode(
        tuple(draw(st.lists(paragraphs(), max_size=6))),
        tuple((float(start), start + 0.5) for start in starts),
        draw(st.sampled_from(["The ferry", "The tide"])),
        draw(st.sampled_from(["\n", "\n\n"])),
    )


@st.composite
def changed(draw: st.DrawFn, episode: Episode) -> Episode:
    """What becomes of an episode by a few changes."""
    for _ in range(draw(st.integers(0, 3))):
        old = list(episode.paragraphs)
        at = draw(st.integers(0, len(old)))
        match draw(st.sampled_from(["put in", "take out", "swap", "word", "word", "name", "title", "gaps", "sign"])):
            case "put in":
                old.insert(at, draw(paragraphs()))
            case "take out" if old:
                del old[at - 1]
            case "swap":
                old = old[at:] + old[:at]
            case "name" if old:
                old[at - 1] = replace(old[at - 1], speaker=draw(st.sampled_from([None, "Ada", "Grace"])))
            case "title":
                episode = replace(episode, title="The harbour")
            case "sign":
                episode = replace(episode, signed=draw(st.sampled_from(["", "Zoé"])))
            case "gaps":
                episode = replace(episode, gaps=episode.gaps[1:])
            case "word" if old:
                words = list(old[at - 1].words)
                words[draw(st.integers(0, len(words) - 1))] = draw(SAID)
                old[at - 1] = replace(old[at - 1], words=tuple(words))
        episode = replace(episode, paragraphs=tuple(old))
    return episode


@st.composite
def two_states(draw: st.DrawFn) -> tuple[Alignment, Alignment]:
    """An alignment, and what became of it, which may be anything."""
    episode = draw(episodes())
    new = draw(changed(episode) | episodes())
    return episode.aligned(), new.aligned()


def segment_named(alignment: Alignment, place: int, speaker: str) -> Alignment:
    """The alignment with another speaker in one segment."""
    segments = list(alignment.segments)
    timed: TimedSegment = segments[place]
    segments[place] = replace(timed, segment=replace(timed.segment, speaker=speaker))
    transcript = replace(alignment.transcript, segments=tuple(timed.segment for timed in segments))
    return replace(alignment, segments=tuple(segments), transcript=transcript)
