"""From a quote to what is cut for it: the page that reads words -> span -> samples -> cut.

A word that was said and not printed leaves its mark on its neighbour: the aligner knows nothing of it, and stretches
the neighbour over it, or moves it away. A start is a letter that was matched, and is seldom wrong; an end is what was
left over.

Conventions
-----------
- Seconds of the episode until ``cut_out`` makes them the clip's. A *pause* is what lies between two spoken words, or
  between a word and speech that is missing from the transcript; a cut falls into a pause and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.errors import QuoteError
from aligner.model import Alignment, Span, Status, TimedSegment, TimedWord, Untranscribed
from aligner.quotes.comparison import Caution, QuoteEdges, cautions_of_edges
from aligner.quotes.quote import Quote, quote_across
from aligner.storage.alignment_json import read_alignment
from aligner.storage.checked_json import on_one_line, shortened
from aligner.storage.file_names import find_audio, find_cover, named_files

if TYPE_CHECKING:
    from media.decode import Waveform
    from media.mastering import Beside

# A fade takes no more than the room before the voice, if there is that much, and never less than keeps a click out.
_SHORTEST_FADE, _LONGEST_FADE = 0.010, 0.030
# What is looked at around a cut that may have to fall between two words that touch.
_MARGIN = 0.05
_HEARD = 0.5  # seconds beside the voice in which other words are listened for
_AROUND = 2.0  # ... and of sound beside a word by which it is told that it is not there
_LONGEST = 30 * 60.0  # seconds; the sound of a clip is in memory as a whole


@dataclass(frozen=True, slots=True)
class Source:
    """What is cut from: an episode's alignment, the file that holds it, and the sound that it was made of; ``read`` is
    what tells what to cut, if a file does."""

    alignment: Alignment
    file: Path
    audio: Path
    read: tuple[Path, ...] = ()

    @property
    def folder(self) -> Path:
        """Where the alignment lies: paths in it are seen from here, and what has no place of its own goes here."""
        return self.file.parent

    @property
    def kept(self) -> tuple[Path, ...]:
        """What nothing that is cut may take the place of."""
        return (*named_files(self.alignment, self.file), self.audio, *self.read)

    @property
    def cover(self) -> Path | None:
        """The episode's cover; None where none is named, it is not there, or may not be named by this alignment."""
        return find_cover(self.alignment, self.file)


def open_episode(file: Path | str, audio: Path | str | None = None) -> Source:
    """The alignment in ``file`` with its sound: ``audio``, else the one that is found by its path or its content.

    Raises AlignmentError: the file is no alignment; SourceError: the sound is not there, or has changed since it was
    aligned.
    """
    file, alignment = Path(file), read_alignment(file)
    return Source(alignment, file, find_audio(alignment, file, None if audio is None else Path(audio)))


def coverless(alignment: Alignment, file: Path) -> tuple[Caution, ...]:
    """A word where the episode whose alignment lies in ``file`` has a cover that is not there for it."""
    named = alignment.episode.cover
    if not named or find_cover(alignment, file):
        return ()
    told = shortened(on_one_line(named) or named)
    return (Caution("no-cover", f"{told}: the episode's cover is not there", told),)


# The room that a cut leaves at most between itself and the voice. A voice dies away, so that a clip may end later
# where the pause is long, and still leaves a quarter of it to what follows.
HANDLE, _TAIL, _TAIL_SHARE = 0.25, 0.4, 0.75
_A_MOMENT = 0.001  # seconds; a word of which tightening left nothing still ends after its start


@dataclass(frozen=True, slots=True)
class Timeline:
    """The spans of the episode that a clip is made of, in order, and where each of its moments is in the clip.

    A clip of one span is a plain cut; between two spans something of the episode was left out.
    """

    kept: tuple[Span, ...]

    @property
    def span(self) -> Span:
        """From where to where in the episode."""
        return Span(self.kept[0].start, self.kept[-1].end)

    @property
    def duration(self) -> float:
        """How long the clip is, in seconds."""
        return sum(span.duration for span in self.kept)

    def at(self, time: float) -> float:
        """The clip's time of an episode's time; what was left out is at the cut, what lies outside at an end."""
        passed = 0.0
        for span in self.kept:
            if time < span.end:
                return passed + max(0.0, time - span.start)
            passed += span.duration
        return passed


@dataclass(frozen=True, slots=True)
class Cut:
    """A quote with the clip's own times.

    ``alignment`` is the episode's, but of its words only those of the quote are spoken, and all its times are the
    clip's: captions of a clip are made of it as those of an episode are, with ``build_cues(alignment, rules,
    quote.words)``.
    """

    quote: Quote
    timeline: Timeline
    alignment: Alignment


@dataclass(frozen=True, slots=True)
class CutOptions:
    """``pad`` seconds more at each end; with ``tighten``, long pauses become short ones.

    With ``exact`` the clip is what the quote's ``asked`` says to the millisecond; else its edges go into the pauses
    beside the voice.
    """

    pad: float = 0.0
    tighten: bool = False
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A quote cut out: its words in the clip's time, and the sound as it was, faded at both ends.

    ``cut.timeline.span`` is where the edges are in the episode.
    """

    cut: Cut
    sound: Waveform


def cut_sound(source: Source, quote: Quote, options: CutOptions | None = None) -> Excerpt:
    """Cut the quote out of the sound; only that part of it is decoded.

    Raises QuoteError: the clip would be longer than half an hour; MediaError: the sound cannot be decoded.
    """
    from media.decode import read_waveform
    from media.mastering import join, quietest

    alignment, options = source.alignment, options or CutOptions()
    before, after = _rooms(alignment, quote, options)
    if after.end - before.start > _LONGEST:
        raise QuoteError(
            "the clip would last {minutes:.0f} min, expected 30 at most", minutes=(after.end - before.start) / 60
        )
    origin = max(0.0, min(before.start, quote.voice.start - _HEARD) - _MARGIN)
    until = max(after.end, quote.voice.end + _HEARD) + _MARGIN
    begin = max(0.0, min(origin, quote.voice.start - _AROUND))
    around = read_waveform(source.audio, begin, max(until, quote.voice.end + _AROUND))
    heard = _heard(alignment, quote, around, begin)
    if heard != quote.words:
        return cut_sound(source, _shortened(alignment, quote, heard), options)
    sound = around.between(origin - begin, until - begin)
    if options.exact:
        quote = replace(quote, cautions=(*quote.cautions, *cautions_of_edges(alignment, quote.asked)))
    elif quote.asked == quote.voice and not options.pad:
        before, after, cautions = _without_others(alignment, quote, sound, origin, (before, after))
        quote = replace(quote, cautions=(*quote.cautions, *cautions))
    start = quietest(sound, before.start - origin, before.end - origin, prefer_late=False) + origin
    end = quietest(sound, after.start - origin, after.end - origin, prefer_late=True) + origin
    if not options.exact:
        start, end = min(start, max(quote.voice.start, before.end)), max(end, min(quote.voice.end, after.start))
    # To the millisecond, as pydub cuts and the captions count.
    whole = Span(round(start, 3), round(min(end, origin + sound.duration), 3))
    kept = _kept(alignment, quote, sound, origin, whole) if options.tighten else (whole,)
    joined = join(
        sound,
        [(span.start - origin, span.end - origin) for span in kept],
        _fade(quote.voice.start - whole.start),
        _fade(whole.end - quote.voice.end),
    )
    return Excerpt(cut_out(alignment, quote, Timeline(kept)), joined)


def _heard(alignment: Alignment, quote: Quote, sound: Waveform, origin: float) -> range:
    """The words of the quote without those at its ends that were timed where all is silent."""
    from media.mastering import is_silent

    def is_matched(index: int) -> bool:
        word = alignment.words[index]
        maybe_soft = word.status is not Status.INTERPOLATED  # something was heard there
        return word.span is not None and not is_silent(
            sound, word.span.start - origin, word.span.end - origin, maybe_soft=maybe_soft
        )

    first = next(filter(is_matched, quote.words), quote.words[-1])
    last = next(filter(is_matched, reversed(quote.words)), first)
    return range(first, last + 1)


def _shortened(alignment: Alignment, quote: Quote, words: range) -> Quote:
    """The quote with fewer words, which is told."""
    shorter = quote_across(alignment, words, None if quote.asked == quote.voice else quote.asked)
    left = " ".join(alignment.words[k].word.text for k in quote.words if k not in words)
    told = [caution for caution in quote.cautions if caution.kind == "left-out"]
    told.append(Caution("left-out", f"not in the sound, and left out: {left}", left))
    return replace(shorter, cautions=(*shorter.cautions, *told))


def _rooms(alignment: Alignment, quote: Quote, options: CutOptions) -> tuple[Span, Span]:
    """Return where the clip may begin, and where it may end."""
    asked = quote.asked
    if options.exact:
        return Span(asked.start, asked.start), Span(asked.end, asked.end)
    start, end = min(asked.start, quote.voice.start), max(asked.end, quote.voice.end)
    return (
        room_before(alignment, max(0.0, start - options.pad)),
        room_after(alignment, min(alignment.audio.duration, end + options.pad)),
    )


def _without_others(
    alignment: Alignment, quote: Quote, sound: Waveform, origin: float, rooms: tuple[Span, Span]
) -> tuple[Span, Span, tuple[Caution, ...]]:
    """Where the clip may begin and end so that what nobody wrote down beside the quote is not in it, and a word where
    it may be in it yet."""
    from media.mastering import beside

    voice = (quote.voice.start - origin, quote.voice.end - origin)
    edges, parted, cautions = QuoteEdges(alignment, quote.words), list(rooms), []
    for number, pause in enumerate(pauses_beside(alignment, quote.voice)):
        opening, room = number == 0, rooms[number]
        within = max(pause.start - origin, 0.0), min(pause.end - origin, sound.duration)
        found = beside(sound, voice, within, before=opening)
        if _may_hold_another(sound, origin, edges, found, opening):
            kind, where = ("unclean-start", "before the first") if opening else ("unclean-end", "after the last")
            cautions.append(Caution(kind, f"something else is said right {where} word; listen to the cut"))
        if found is None or edges.is_longer_than_written(opening):
            continue
        low, high = found.low + origin, found.high + origin
        if found.clean:
            low, high = (max(low, high - HANDLE), high) if opening else (low, min(high, max(low, room.end)))
        parted[number] = Span(low, high)
    return parted[0], parted[1], tuple(cautions)


def _may_hold_another(sound: Waveform, origin: float, edges: QuoteEdges, found: Beside | None, opening: bool) -> bool:
    """Whether the clip may hold a word that nobody wrote down, since one sounds beside it without a gap, or the times
    of the word at its edge are not those of that word alone."""
    from media.mastering import has_voice, is_silent

    beyond, inner = edges.beyond_drawl(opening), edges.inner_pause(opening)
    if found is not None and not found.clean:
        if not found.dips or edges.is_doubtful(opening):
            return True
    elif beyond and not is_silent(sound, beyond.start - origin, beyond.end - origin):
        return True
    return not edges.is_in_place(opening) and has_voice(sound, inner.start - origin, inner.end - origin)


def _fade(room: float) -> float:
    return min(max(room, _SHORTEST_FADE), _LONGEST_FADE)


def _kept(alignment: Alignment, quote: Quote, sound: Waveform, origin: float, whole: Span) -> tuple[Span, ...]:
    """What is left of the clip when its long pauses are tightened."""
    from media.mastering import tightened

    spoken = [(said.start, said.end) for k in quote.words if (said := alignment.words[k].span)]
    spoken += [(p.start, p.end) for p in alignment.untranscribed]
    reached, pauses = whole.start, []
    for start, end in sorted(spoken):
        if whole.start <= reached < start <= whole.end:
            pauses.append((reached - origin, start - origin))
        reached = max(reached, end)
    parts = tightened(sound, (whole.start - origin, whole.end - origin), pauses)
    return tuple(Span(round(start + origin, 3), round(end + origin, 3)) for start, end in parts)


def room_before(alignment: Alignment, target: float) -> Span:
    """Where a clip may begin that should begin at ``target``: up to ``HANDLE`` of the pause before it.

    Where ``target`` lies in a word, it is the end of a pause that is nearest.

    Words end at 1.0 and start at 1.1: for a target of 1.1 it is 1.0 to 1.1; where the word before ends at 0.2, 0.85
    to 1.1.
    """
    pause = _nearest_pause(alignment, target)
    if pause.start > target:
        return Span(pause.start, min(pause.end, pause.start + HANDLE))
    high = min(target, pause.end)
    return Span(max(pause.start, high - HANDLE), high)


def room_after(alignment: Alignment, target: float) -> Span:
    """Where a clip may end that should end at ``target``: up to ``HANDLE`` of the pause after it, more of a long one.

    The last word ends at 1.0; it is 1.0 to 1.2 where the next one starts at 1.2, 1.0 to 1.3 where at 1.4, 1.0 to 1.4
    where at 3.0.
    """
    pause = _nearest_pause(alignment, target)
    if pause.end < target:
        return Span(max(pause.start, pause.end - HANDLE), pause.end)
    low = max(target, pause.start)
    return Span(low, min(pause.end, low + max(HANDLE, min(_TAIL, _TAIL_SHARE * (pause.end - low)))))


def pauses_beside(alignment: Alignment, voice: Span) -> tuple[Span, Span]:
    """The pause before a voice, which ends with it, and the one after, which begins with it; either may be of no
    length."""
    before, after = _nearest_pause(alignment, voice.start), _nearest_pause(alignment, voice.end)
    return Span(min(before.start, voice.start), voice.start), Span(voice.end, max(after.end, voice.end))


def _nearest_pause(alignment: Alignment, target: float) -> Span:
    """The pause that holds ``target``, else the nearest one; a pause may be of no length."""
    return min(_pauses(alignment), key=lambda pause: max(pause.start - target, target - pause.end, 0.0))


def _pauses(alignment: Alignment) -> Iterator[Span]:
    """The pauses of the episode in order, those of no length between words that touch included."""
    spoken = [(word.span.start, word.span.end) for word in alignment.words if word.span]
    spoken += [(passage.start, passage.end) for passage in alignment.untranscribed]
    now = 0.0
    for start, end in sorted(spoken):
        yield Span(now, max(now, start))
        now = max(now, end)
    yield Span(now, max(now, alignment.audio.duration))


def cut_out(alignment: Alignment, quote: Quote, timeline: Timeline) -> Cut:
    """The quote with the times that its words, segments and untranscribed passages have in the clip."""
    words = tuple(
        _moved(word, timeline)
        if index in quote.words
        else replace(word, span=None, status=Status.UNSPOKEN, confidence=0.0)
        for index, word in enumerate(alignment.words)
    )
    audio = replace(alignment.audio, duration=round(timeline.duration, 3))
    return Cut(
        quote,
        timeline,
        replace(
            alignment,
            audio=audio,
            words=words,
            segments=tuple(_moved_segment(segment, timeline) for segment in alignment.segments),
            untranscribed=tuple(_moved_passages(alignment.untranscribed, timeline)),
        ),
    )


def _moved(word: TimedWord, timeline: Timeline) -> TimedWord:
    if word.span is None:
        return word
    start, end = round(timeline.at(word.span.start), 3), round(timeline.at(word.span.end), 3)
    return replace(word, span=Span(start, max(end, round(start + _A_MOMENT, 3))))


def _moved_segment(timed: TimedSegment, timeline: Timeline) -> TimedSegment:
    """A segment of which nothing is in the clip has no time in it."""
    whole = timeline.span
    if timed.start is None or timed.start >= whole.end or (timed.end or timed.start) < whole.start:
        return replace(timed, start=None, end=None)
    start = round(timeline.at(timed.start), 3)
    if timed.end is None:
        return replace(timed, start=start)
    return replace(timed, start=start, end=max(round(timeline.at(timed.end), 3), round(start + _A_MOMENT, 3)))


def _moved_passages(passages: tuple[Untranscribed, ...], timeline: Timeline) -> list[Untranscribed]:
    moved = []
    for passage in passages:
        start, end = round(timeline.at(passage.start), 3), round(timeline.at(passage.end), 3)
        if end - start > _A_MOMENT:
            moved.append(replace(passage, start=start, end=end))
    return moved
