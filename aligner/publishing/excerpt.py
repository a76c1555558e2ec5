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
from aligner.model import Alignment, Span
from aligner.quotes import Caution, Cut, Quote, Timeline, cautions_of_edges, cut_out, room_after, room_before
from aligner.storage.alignment_check import on_one_line
from aligner.storage.alignment_json import read_alignment
from aligner.storage.audio_lookup import find_audio, find_named, is_elsewhere
from aligner.storage.checked_json import shortened

if TYPE_CHECKING:
    from media.waveform import Waveform

# A fade takes no more than the room before the voice, if there is that much, and never less than keeps a click out.
_SHORTEST_FADE, _LONGEST_FADE = 0.010, 0.030
# What is looked at around a cut that may have to fall between two words that touch.
_MARGIN = 0.05
_LONGEST = 30 * 60.0  # seconds; the sound of a clip is in memory as a whole


@dataclass(frozen=True, slots=True)
class Source:
    """What is cut from: an episode's alignment, the file that holds it, and the sound that it was made of."""

    alignment: Alignment
    file: Path
    audio: Path

    @property
    def folder(self) -> Path:
        """Where the alignment lies: paths in it are seen from here, and what has no place of its own goes here."""
        return self.file.parent

    @property
    def cover(self) -> Path | None:
        """The episode's cover; None where none is named, it is not there, or may not be named by this alignment."""
        named = self.alignment.episode.cover
        return find_named(named, self.file) if named else None


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


def coverless(source: Source) -> tuple[Caution, ...]:
    """A word where the episode has a cover that cannot be used."""
    named = source.alignment.episode.cover
    if not named or source.cover:
        return ()
    told = shortened(on_one_line(named) or named)
    if is_elsewhere(named, source.file):
        message = f"{told}: the cover is not in the folder of the alignment, which was made elsewhere; it is not used"
        return (Caution("cover-elsewhere", message, told),)
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
    origin = max(0.0, before.start - _MARGIN)
    sound = read_waveform(source.audio, origin, after.end + _MARGIN)
    start, end = _quietest(sound, origin, before, after)
    if options.exact:
        quote = replace(quote, cautions=(*quote.cautions, *cautions_of_edges(alignment, quote.asked)))
    else:
        start, end = min(start, quote.voice.start), max(end, quote.voice.end)
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


def _rooms(alignment: Alignment, quote: Quote, options: CutOptions) -> tuple[Span, Span]:
    """Where the clip may begin, and where it may end."""
    asked = quote.asked
    if options.exact:
        return Span(asked.start, asked.start), Span(asked.end, asked.end)
    start, end = min(asked.start, quote.voice.start), max(asked.end, quote.voice.end)
    return (
        room_before(alignment, max(0.0, start - options.pad)),
        room_after(alignment, min(alignment.audio.duration, end + options.pad)),
    )


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
