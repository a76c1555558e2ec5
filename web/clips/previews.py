"""What an export will be, before it is made: its edges, audio, a frame and a video, by the code that makes it.

All but ``audio_of`` takes long: it is called through ``web.worker_pool.call``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.publishing.excerpt import Source
from aligner.quotes.quote import Quote, quote_of_words, span_of
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import state_of
from aligner.storage.file_names import find_audio
from aligner.typography import unbroken
from web.clips import exports
from web.clips.folder import caution_facts
from web.clips.looks import look_for, shown_look
from web.errors import Conflict, Unusable, WebError
from web.jobs.kinds import Export
from web.worker_pool import call

if TYPE_CHECKING:
    from aligner.publishing.excerpt import Excerpt

LONGEST = 300.0  # seconds of a clip that is previewed; the job cuts longer ones too
LONGEST_MOVING = 90.0  # seconds of a preview as video

_LONGEST_PASSAGE = exports.LONGEST + 600.0  # seconds: the longest clip, and its surroundings
_MOST_COLUMNS = 4000


@dataclass(frozen=True, slots=True)
class WantedClip:
    """An export of the alignment in ``file``, whose transcript is of that ``version``, and whose audio is at ``audio``.
    What is made of it is made by a child process, and raises QuoteError, AlignerError, MediaError: it cannot be made;
    Conflict: the transcript is another one by now."""

    export: Export
    file: Path
    version: str
    audio: Path

    @property
    def source(self) -> Source:
        alignment = read_alignment(self.file)
        if alignment.version != self.version:
            raise Conflict("page.changed")
        return Source(alignment, self.file, self.audio)


def audio_of(file: Path, listed: Path | None) -> Path:
    """Return the audio of the alignment in ``file``, which is looked for again once that file, or the audio that the
    library lists for the episode, has changed.

    Raises SourceError, DecodeError: the audio is missing, has changed, or cannot be read; Unusable, Busy: it cannot be
    looked at within the limits, or now.
    """
    return _audio_of(file, (state_of(file), listed and state_of(listed)))


@lru_cache(maxsize=16)
def _audio_of(file: Path, _states: object) -> Path:
    return call(_find_audio, file)


def _find_audio(file: Path) -> Path:
    return find_audio(read_alignment(file), file)


def preview(wanted: WantedClip) -> dict[str, Any]:
    """Return what the export will be: its ``text`` as shown, ``start`` and ``end`` in the episode, its ``duration`` as
    a file, ``cautions`` to look at; of an audiogram its ``wording``, a line for each of its lines and an empty one
    between screens, and its ``look``. Of a clip longer than ``LONGEST`` the edges are those of the voice, and there is
    no wording."""
    source, export = wanted.source, wanted.export
    quote, wording, shown = _quote(source, export), None, None
    span, duration, cautions = quote.asked, quote.asked.duration, quote.cautions
    excerpt = _excerpt(source, export) if duration <= LONGEST else None
    if excerpt:
        quote, timeline = excerpt.cut.quote, excerpt.cut.timeline
        span, duration, cautions = timeline.span, timeline.duration, quote.cautions
    if export.shape:
        from aligner.publishing.audiograms import length_cautions
        from aligner.publishing.screens import duration_of, undrawable_in, wording_of

        look, of_look = look_for(source, export.shape, export.style, export.text)
        if excerpt:
            wording, duration = wording_of(excerpt, look), duration_of(excerpt, look)
            cautions = (*cautions, *of_look, *undrawable_in(excerpt, look))
        cautions = (*cautions, *length_cautions(duration, export.shape))
        shown = shown_look(source, look, export.style, export.text or quote.text)
    language = source.alignment.language
    return {
        "text": unbroken(quote.text, language),
        "start": span.start,
        "end": span.end,
        "duration": round(duration, 3),
        "wording": wording,
        "cautions": caution_facts(cautions, language),
        "look": shown,
    }


def sound(wanted: WantedClip) -> bytes:
    """Return what the export will sound like, as MP3; raises Unusable if it is longer than ``LONGEST``."""
    from aligner.publishing.clips import clip_bytes

    return clip_bytes(_excerpt(wanted.source, wanted.export), ".mp3", wanted.export.lufs)[0]


def still(wanted: WantedClip) -> bytes:
    """Return the first frame of the audiogram, as PNG; raises as ``sound``."""
    from aligner.publishing.audiograms import still_png

    source, export = wanted.source, wanted.export
    look, _ = look_for(source, export.shape or "portrait", export.style, export.text)
    return still_png(_excerpt(source, export), look, 0.0)


def moving(wanted: WantedClip, seconds: float) -> bytes:
    """Return the first ``seconds`` of the audiogram as a small MP4 of its own frames and audio. Raises as ``sound``;
    WebError: too many or too few seconds."""
    from aligner.publishing.audiograms import moving_mp4

    if not 1 <= seconds <= LONGEST_MOVING:
        raise WebError("error.400")
    source, export = wanted.source, wanted.export
    look, _ = look_for(source, export.shape or "portrait", export.style, export.text)
    return moving_mp4(_excerpt(source, export), look, export.lufs, seconds)


def peaks_between(audio: Path, duration: float, start: float, end: float, columns: int) -> list[int]:
    """Return the loudest moments of equal parts of the audio between two times, 255 being the loudest of all.

    Raises WebError: there is no such passage, or it is too long; MediaError: the audio cannot be decoded.
    """
    from media.waveform import levels_between, quantised

    is_passage = 0 <= start < end <= duration + 1 and end - start <= _LONGEST_PASSAGE
    if not (is_passage and 0 < columns <= _MOST_COLUMNS):
        raise WebError("error.400")
    levels = levels_between(audio, start, end, columns)
    return quantised(levels, float(levels.max()))


def _quote(source: Source, export: Export) -> Quote:
    edges = export.edges and span_of(source.alignment, export.edges.start, export.edges.end)
    return quote_of_words(source.alignment, export.words, edges)


def _excerpt(source: Source, export: Export) -> Excerpt:
    """Return what the export cuts; raises Unusable if it is longer than ``LONGEST``."""
    from aligner.publishing.excerpt import CutOptions, cut_audio

    quote = _quote(source, export)
    if quote.asked.duration > LONGEST:
        raise Unusable("clip.refused.preview", minutes=round(LONGEST / 60))
    return cut_audio(source, quote, CutOptions(tighten=export.tighten, exact=export.edges is not None))
