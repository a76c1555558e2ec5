"""From a quote to what is cut for it: the page that reads words -> span -> samples -> cut.

Conventions
-----------
Seconds of the episode until ``cut_out`` makes them the clip's.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.errors import QuoteError
from aligner.model import Alignment, Span, Status
from aligner.quotes import (
    HANDLE,
    Caution,
    Cut,
    Quote,
    QuoteEdges,
    Timeline,
    cautions_of_edges,
    cautions_of_room,
    cut_out,
    pauses_beside,
    quote_across,
    room_after,
    room_before,
)
from aligner.storage.alignment_json import read_alignment
from aligner.storage.checked_json import on_one_line, shortened
from aligner.storage.file_names import find_audio, find_cover, named_files

if TYPE_CHECKING:
    from media.mastering import Beside
    from media.waveform import Waveform

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

    Raises
    ------
    AlignmentError
        The file is no alignment.
    SourceError
        The sound is not there, or has changed since it was aligned.
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

    Raises
    ------
    QuoteError
        The clip would be longer than half an hour.
    MediaError
        The sound cannot be decoded.
    """
    from media.mastering import join
    from media.waveform import read_waveform

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
    else:
        quote = replace(quote, cautions=(*quote.cautions, *cautions_of_room(alignment, _outer(quote), options.pad)))
    start, end = _quietest(sound, origin, before, after)
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

    def is_heard(index: int) -> bool:
        word = alignment.words[index]
        maybe_soft = word.status is not Status.INTERPOLATED  # something was heard there
        return word.span is not None and not is_silent(
            sound, word.span.start - origin, word.span.end - origin, maybe_soft=maybe_soft
        )

    first = next(filter(is_heard, quote.words), quote.words[-1])
    last = next(filter(is_heard, reversed(quote.words)), first)
    return range(first, last + 1)


def _shortened(alignment: Alignment, quote: Quote, words: range) -> Quote:
    """The quote with fewer words, which is told."""
    shorter = quote_across(alignment, words, None if quote.asked == quote.voice else quote.asked)
    left = " ".join(alignment.words[k].word.text for k in quote.words if k not in words)
    told = [caution for caution in quote.cautions if caution.kind == "left-out"]
    told.append(Caution("left-out", f"not in the sound, and left out: {left}", left))
    return replace(shorter, cautions=(*shorter.cautions, *told))


def _rooms(alignment: Alignment, quote: Quote, options: CutOptions) -> tuple[Span, Span]:
    """Where the clip may begin, and where it may end."""
    asked = quote.asked
    if options.exact:
        return Span(asked.start, asked.start), Span(asked.end, asked.end)
    outer = _outer(quote)
    return (
        room_before(alignment, max(0.0, outer.start - options.pad)),
        room_after(alignment, min(alignment.audio.duration, outer.end + options.pad)),
    )


def _outer(quote: Quote) -> Span:
    """From where the first begins, of what was asked for and what is said of it, to where the last ends."""
    return Span(min(quote.asked.start, quote.voice.start), max(quote.asked.end, quote.voice.end))


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


def _quietest(sound: Waveform, origin: float, before: Span, after: Span) -> tuple[float, float]:
    """Where to cut in the room before and after."""
    from media.mastering import quietest

    return (
        quietest(sound, before.start - origin, before.end - origin, prefer_late=False) + origin,
        quietest(sound, after.start - origin, after.end - origin, prefer_late=True) + origin,
    )


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
