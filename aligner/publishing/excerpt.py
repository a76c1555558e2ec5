"""Cut a quote out of an episode: choose the spans of audio that contain its words, and return their samples.

If a word is said but missing from the transcript, the aligner assigns its audio to a neighbouring word, whose span is
then too long or wrong. A word's start is the time of a recognised character and seldom wrong; its end is less certain.

Times are seconds of the episode; ``cut_out`` converts them to seconds of the clip. A *pause* lies between two spoken
words, or between a word and untranscribed speech. Unless the user asks for exact times, cuts are made only in pauses.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.errors import QuoteError
from aligner.model import Alignment, Span, Status, TimedSegment, TimedWord, Untranscribed
from aligner.quotes.comparison import Caution, QuoteEdges, cautions_of_edges
from aligner.quotes.quote import Quote, quote_of_words
from aligner.storage.alignment_json import read_alignment
from aligner.storage.checked_json import on_one_line, shortened
from aligner.storage.file_names import find_audio, find_cover, named_files

if TYPE_CHECKING:
    from media.decode import Waveform
    from media.mastering import Beside

# A fade takes the room before the voice, within these limits; the shortest prevents a click.
_SHORTEST_FADE, _LONGEST_FADE = 0.010, 0.030
_MARGIN = 0.05  # seconds decoded around a cut that may fall between two words without a gap
_BESIDE = 0.5  # seconds beside the voice that are checked for other words
_AROUND = 2.0  # seconds beside a word that show whether it is silent
_LONGEST = 30 * 60.0  # seconds; the audio of a clip is in memory as a whole


@dataclass(frozen=True, slots=True)
class Source:
    """An episode from which clips are cut: its alignment, the path of the alignment's file, and the path of its
    audio. ``read`` holds the other input files, such as a list of quotes; outputs must not overwrite them."""

    alignment: Alignment
    file: Path
    audio: Path
    read: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """The folder of the alignment's file. File names in the alignment are relative to this folder; it is the
        default for outputs."""
        return self.file.parent

    @property
    def protected(self) -> tuple[Path, ...]:
        """The files that no output may replace."""
        return (*named_files(self.alignment, self.file), self.audio, *self.read)

    @property
    def cover(self) -> Path | None:
        """The path of the episode's cover; None if no cover is named, or if the file is missing or may not be read."""
        return find_cover(self.alignment, self.file)


def open_episode(file: Path | str, audio: Path | str | None = None) -> Source:
    """Load the alignment in ``file`` and find its audio. If ``audio`` is None, the audio file is searched for by the
    path in the alignment, then by content. Raises AlignmentError if ``file`` is not an alignment; SourceError if the
    audio is missing or has changed."""
    file, alignment = Path(file), read_alignment(file)
    return Source(alignment, file, find_audio(alignment, file, None if audio is None else Path(audio)))


def missing_cover(alignment: Alignment, file: Path) -> tuple[Caution, ...]:
    """Return a caution if the alignment in ``file`` names a cover that is missing."""
    named = alignment.episode.cover
    if not named or find_cover(alignment, file):
        return ()
    name = shortened(on_one_line(named) or named)
    return (Caution("no-cover", f"{name}: the episode's cover is missing", name),)


# The most room between a cut and the voice. A voice fades out, so a clip may end later if the pause is long, and still
# leave a quarter of it to what follows.
HANDLE, _TAIL, _TAIL_SHARE = 0.25, 0.4, 0.75
_SHORTEST = 0.001  # seconds of a word that tightening removed


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spans of the episode that are joined, in this order, to form a clip."""

    spans: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """The span of the episode from the start of the clip to its end."""
        return Span(self.spans[0].start, self.spans[-1].end)

    @property
    def duration(self) -> float:
        """The length of the clip in seconds."""
        return sum(span.duration for span in self.spans)

    def at(self, time: float) -> float:
        """Convert a time of the episode to a time of the clip. All times in a removed part become the same time."""
        passed = 0.0
        for span in self.spans:
            if time < span.end:
                return passed + max(0.0, time - span.start)
            passed += span.duration
        return passed

    def at_ms(self, time: float) -> float:
        """Convert a time of the episode to a time of the clip, like ``at``, and round it to milliseconds."""
        return round(self.at(time), 3)


@dataclass(frozen=True, slots=True)
class Cut:
    """A quote, the spans of the episode that form its clip, and an alignment of the clip.

    ``alignment`` is the episode's alignment, changed to make captions of the clip: its times are seconds of the clip,
    and words outside the quote are marked as not spoken.
    """

    quote: Quote
    timeline: Timeline
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class CutOptions:
    """How to cut a quote: ``pad`` is the number of seconds to add at each end; ``tighten`` shortens long pauses;
    ``exact`` cuts at the requested times instead of in the pauses around the quote."""

    pad: float = 0.0
    tighten: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A cut and its audio, with a fade at the start and the end."""

    cut: Cut
    audio: Waveform


def cut_audio(source: Source, quote: Quote, options: CutOptions | None = None) -> Excerpt:
    """Cut the quote out of the audio, decoding only this passage. Raises QuoteError if the clip would be longer than
    half an hour; MediaError if the audio cannot be decoded."""
    from media.decode import read_waveform
    from media.mastering import join, quietest

    alignment, options = source.alignment, options or CutOptions()
    before, after = _rooms(alignment, quote, options)
    if after.end - before.start > _LONGEST:
        minutes = (after.end - before.start) / 60
        raise QuoteError("the clip would last {minutes:.0f} min, expected 30 at most", minutes=minutes)
    origin = max(0.0, min(before.start, quote.voice.start - _BESIDE) - _MARGIN)
    until = max(after.end, quote.voice.end + _BESIDE) + _MARGIN
    begin = max(0.0, min(origin, quote.voice.start - _AROUND))
    around = read_waveform(source.audio, begin, max(until, quote.voice.end + _AROUND))
    audible = _audible_words(alignment, quote, around, begin)
    if audible != quote.words:
        return cut_audio(source, _shortened(alignment, quote, audible), options)
    audio = around.between(origin - begin, until - begin)
    if options.exact:
        quote = replace(quote, cautions=(*quote.cautions, *cautions_of_edges(alignment, quote.asked)))
    elif quote.asked == quote.voice and not options.pad:
        before, after, cautions = _without_others(alignment, quote, audio, origin, (before, after))
        quote = replace(quote, cautions=(*quote.cautions, *cautions))
    start = quietest(audio, before.start - origin, before.end - origin, prefer_late=False) + origin
    end = quietest(audio, after.start - origin, after.end - origin, prefer_late=True) + origin
    if not options.exact:
        start, end = min(start, max(quote.voice.start, before.end)), max(end, min(quote.voice.end, after.start))
    # In whole milliseconds, as captions count.
    whole = Span(round(start, 3), round(min(end, origin + audio.duration), 3))
    spans = _tightened(alignment, quote, audio, origin, whole) if options.tighten else (whole,)
    joined = join(
        audio,
        [(span.start - origin, span.end - origin) for span in spans],
        _fade(quote.voice.start - whole.start),
        _fade(whole.end - quote.voice.end),
    )
    return Excerpt(cut_out(alignment, quote, Timeline(spans)), joined)


def _audible_words(alignment: Alignment, quote: Quote, audio: Waveform, origin: float) -> range:
    """Return the range of the quote's words, without words at either end whose audio is silent. ``audio`` starts at
    second ``origin`` of the episode."""
    from media.mastering import is_silent

    def is_audible(index: int) -> bool:
        word = alignment.words[index]
        maybe_soft = word.status is not Status.INTERPOLATED  # something was recognised there
        return word.span is not None and not is_silent(
            audio, word.span.start - origin, word.span.end - origin, maybe_soft=maybe_soft
        )

    first = next(filter(is_audible, quote.words), quote.words[-1])
    last = next(filter(is_audible, reversed(quote.words)), first)
    return range(first, last + 1)


def _shortened(alignment: Alignment, quote: Quote, words: range) -> Quote:
    """Return the quote reduced to the range ``words``, with a caution that lists the removed words."""
    asked = None if quote.asked == quote.voice else quote.asked
    shorter = quote_of_words(alignment, words, asked, mostly_spoken=False)
    left = " ".join(alignment.words[k].word.text for k in quote.words if k not in words)
    cautions = [caution for caution in quote.cautions if caution.kind == "left-out"]
    cautions.append(Caution("left-out", f"not in the audio, and left out: {left}", left))
    return replace(shorter, cautions=(*shorter.cautions, *cautions))


def _rooms(alignment: Alignment, quote: Quote, options: CutOptions) -> tuple[Span, Span]:
    """Return the span of time in which the clip may begin, and the span in which it may end."""
    asked = quote.asked
    if options.exact:
        return Span(asked.start, asked.start), Span(asked.end, asked.end)
    start, end = min(asked.start, quote.voice.start), max(asked.end, quote.voice.end)
    return (
        room_before(alignment, max(0.0, start - options.pad)),
        room_after(alignment, min(alignment.audio.duration, end + options.pad)),
    )


def _without_others(
    alignment: Alignment, quote: Quote, audio: Waveform, origin: float, rooms: tuple[Span, Span]
) -> tuple[Span, Span, tuple[Caution, ...]]:
    """Adjust ``rooms``, the two spans in which the clip may begin and end, to exclude words outside the quote. Return
    both spans, and a caution for each end that may contain another word. ``audio`` starts at second ``origin``."""
    from media.mastering import beside

    voice = (quote.voice.start - origin, quote.voice.end - origin)
    edges, narrowed, cautions = QuoteEdges(alignment, quote.words), list(rooms), []
    for number, pause in enumerate(_pauses_beside(alignment, quote.voice)):
        opening, room = number == 0, rooms[number]
        within = max(pause.start - origin, 0.0), min(pause.end - origin, audio.duration)
        found = beside(audio, voice, within, before=opening)
        if _may_contain_another(audio, origin, edges, found, opening):
            kind, where = ("unclean-start", "before the first") if opening else ("unclean-end", "after the last")
            cautions.append(Caution(kind, f"something else is said right {where} word; listen to the cut"))
        if found is None or edges.is_abbreviated(opening):
            continue
        low, high = found.low + origin, found.high + origin
        if found.clean:
            low, high = (max(low, high - HANDLE), high) if opening else (low, min(high, max(low, room.end)))
        narrowed[number] = Span(low, high)
    return narrowed[0], narrowed[1], tuple(cautions)


def _may_contain_another(
    audio: Waveform, origin: float, edges: QuoteEdges, found: Beside | None, opening: bool
) -> bool:
    """Return whether a word outside the quote may be audible at the clip's start (if ``opening``) or end. ``audio``
    starts at second ``origin``; ``found`` describes the audio beside the quote, None if unknown."""
    from media.mastering import has_voice, is_silent

    beyond, inner = edges.beyond_drawl(opening), edges.inner_pause(opening)
    if found is not None and not found.clean:
        if not found.dips or edges.is_doubtful(opening):
            return True
    elif beyond and not is_silent(audio, beyond.start - origin, beyond.end - origin):
        return True
    return not edges.is_certain(opening) and has_voice(audio, inner.start - origin, inner.end - origin)


def _fade(room: float) -> float:
    return min(max(room, _SHORTEST_FADE), _LONGEST_FADE)


def _tightened(alignment: Alignment, quote: Quote, audio: Waveform, origin: float, whole: Span) -> tuple[Span, ...]:
    """Return the parts of ``whole``, the span of the clip, that remain when long pauses are shortened. ``audio``
    starts at second ``origin`` of the episode."""
    from media.mastering import tightened

    spoken = [(said.start, said.end) for k in quote.words if (said := alignment.words[k].span)]
    spoken += [(p.start, p.end) for p in alignment.untranscribed]
    reached, pauses = whole.start, []
    for start, end in sorted(spoken):
        if whole.start <= reached < start <= whole.end:
            pauses.append((reached - origin, start - origin))
        reached = max(reached, end)
    parts = tightened(audio, (whole.start - origin, whole.end - origin), pauses)
    return tuple(Span(round(start + origin, 3), round(end + origin, 3)) for start, end in parts)


def room_before(alignment: Alignment, target: float) -> Span:
    """Return the span in which a clip may begin if its speech starts at second ``target``.

    The span is at most the last 0.25 s of the pause before ``target``: if ``target`` is 1.1 and the previous word ends
    at 0.2, the span is 0.85 to 1.1. If ``target`` is inside a word, the span lies in the nearest pause.
    """
    pause = _nearest_pause(alignment, target)
    if pause.start > target:
        return Span(pause.start, min(pause.end, pause.start + HANDLE))
    high = min(target, pause.end)
    return Span(max(pause.start, high - HANDLE), high)


def room_after(alignment: Alignment, target: float) -> Span:
    """Return the span in which a clip may end if its speech ends at second ``target``.

    The span is at most the first 0.4 s of the pause after ``target``: if ``target`` is 1.0 and the next word starts at
    3.0, the span is 1.0 to 1.4. If ``target`` is inside a word, the span lies in the nearest pause.
    """
    pause = _nearest_pause(alignment, target)
    if pause.end < target:
        return Span(max(pause.start, pause.end - HANDLE), pause.end)
    low = max(target, pause.start)
    return Span(low, min(pause.end, low + max(HANDLE, min(_TAIL, _TAIL_SHARE * (pause.end - low)))))


def _pauses_beside(alignment: Alignment, voice: Span) -> tuple[Span, Span]:
    """Return the pauses before and after ``voice``, a span of speech; a pause may have length 0."""
    before, after = _nearest_pause(alignment, voice.start), _nearest_pause(alignment, voice.end)
    return Span(min(before.start, voice.start), voice.start), Span(voice.end, max(after.end, voice.end))


def _nearest_pause(alignment: Alignment, target: float) -> Span:
    """Return the pause that contains the time ``target``, or else the nearest pause; a pause may have length 0."""
    return min(_pauses(alignment), key=lambda pause: max(pause.start - target, target - pause.end, 0.0))


def _pauses(alignment: Alignment) -> Iterator[Span]:
    """Yield the pauses of the episode in order; two words without a gap have a pause of length 0 between them."""
    spoken = [(word.span.start, word.span.end) for word in alignment.words if word.span]
    spoken += [(passage.start, passage.end) for passage in alignment.untranscribed]
    now = 0.0
    for start, end in sorted(spoken):
        yield Span(now, max(now, start))
        now = max(now, end)
    yield Span(now, max(now, alignment.audio.duration))


def cut_out(alignment: Alignment, quote: Quote, timeline: Timeline) -> Cut:
    """Return the ``Cut`` of a quote with its ``timeline`` and an alignment whose times count from the clip's start."""
    words = tuple(
        _moved_word(word, timeline)
        if index in quote.words
        else replace(word, span=None, status=Status.UNSPOKEN, confidence=0.0)
        for index, word in enumerate(alignment.words)
    )
    moved = replace(
        alignment,
        audio=replace(alignment.audio, duration=round(timeline.duration, 3)),
        words=words,
        segments=tuple(_moved_segment(segment, timeline) for segment in alignment.segments),
        untranscribed=tuple(_moved_passages(alignment.untranscribed, timeline)),
    )
    return Cut(quote, timeline, moved)


def _moved_word(word: TimedWord, timeline: Timeline) -> TimedWord:
    return word if word.span is None else replace(word, span=_moved(word.span.start, word.span.end, timeline))


def _moved(start: float, end: float, timeline: Timeline) -> Span:
    start = timeline.at_ms(start)
    return Span(start, max(timeline.at_ms(end), round(start + _SHORTEST, 3)))


def _moved_segment(timed: TimedSegment, timeline: Timeline) -> TimedSegment:
    """Convert a segment's times to times of the clip; set them to None if the segment is outside the clip."""
    whole = timeline.span
    if timed.start is None or timed.start >= whole.end or (timed.end or timed.start) < whole.start:
        return replace(timed, start=None, end=None)
    if timed.end is None:
        return replace(timed, start=timeline.at_ms(timed.start))
    span = _moved(timed.start, timed.end, timeline)
    return replace(timed, start=span.start, end=span.end)


def _moved_passages(passages: tuple[Untranscribed, ...], timeline: Timeline) -> Iterator[Untranscribed]:
    for passage in passages:
        start, end = timeline.at_ms(passage.start), timeline.at_ms(passage.end)
        if end - start > _SHORTEST:
            yield replace(passage, start=start, end=end)
