"""Preview a clip before its export: times, audio, a frame and a video, rendered by the same code as the export.

All functions but ``audio_of`` are slow, so routes call them through ``web.worker_pool.call``.
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
from web.clips.styles import style_facts, style_for
from web.errors import Conflict, Unusable, WebError
from web.jobs.kinds import Export
from web.worker_pool import call

if TYPE_CHECKING:
    from aligner.publishing.excerpt import Excerpt
    from aligner.publishing.screens import Look

LONGEST = 300.0  # seconds of a clip with a preview; jobs export longer ones too
LONGEST_VIDEO = 90.0  # seconds of a video preview

_LONGEST_PASSAGE = exports.LONGEST + 600.0  # seconds: the longest clip and its surroundings
_MOST_COLUMNS = 4000


@dataclass(frozen=True, slots=True)
class RequestedClip:
    """A request to preview the clip that ``export`` describes. ``file`` is the episode's alignment, ``audio`` the
    episode's audio, ``version`` the expected hash of the transcript. Functions that take a RequestedClip raise Conflict
    if the transcript has another hash; QuoteError, AlignerError or MediaError if the clip is impossible."""

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
    """Return the path of the audio of the alignment at ``file``. The path is cached until the alignment or the file
    ``listed`` changes. ``listed`` is the audio's path in the list of episodes, if any. Raises SourceError or
    DecodeError if the audio is missing, changed or unreadable; Unusable or Busy if the server lacks resources."""
    return _audio_of(file, (state_of(file), listed and state_of(listed)))


@lru_cache(maxsize=16)
def _audio_of(file: Path, _states: object) -> Path:
    return call(_find_audio, file)


def _find_audio(file: Path) -> Path:
    return find_audio(read_alignment(file), file)


def preview(requested: RequestedClip) -> dict[str, Any]:
    """Return the properties of a requested clip as JSON for the page.

    The properties are ``text``, ``start`` and ``end`` in seconds of the episode, ``duration`` of the exported file, and
    ``cautions`` (warnings); for an audiogram also ``style`` and ``wording``, the text on the screens with an empty line
    between screens. The audio of a clip longer than ``LONGEST`` is not read: then start and end are not adjusted to
    pauses, and ``wording`` is None."""
    source, export = requested.source, requested.export
    quote, wording, style = _quote(source, export), None, None
    span, duration, cautions = quote.asked, quote.asked.duration, quote.cautions
    excerpt = _excerpt(source, export) if duration <= LONGEST else None
    if excerpt:
        quote, timeline = excerpt.cut.quote, excerpt.cut.timeline
        span, duration, cautions = timeline.span, timeline.duration, quote.cautions
    if export.shape:
        from aligner.publishing.audiograms import length_cautions
        from aligner.publishing.screens import duration_of, undrawable_in, wording_of

        look, of_look = style_for(source, export.shape, export.style, export.text)
        if excerpt:
            wording, duration = wording_of(excerpt, look), duration_of(excerpt, look)
            cautions = (*cautions, *of_look, *undrawable_in(excerpt, look))
        cautions = (*cautions, *length_cautions(duration, export.shape))
        style = style_facts(source, look, export.style, export.text or quote.text)
    language = source.alignment.language
    return {
        "text": unbroken(quote.text, language),
        "start": span.start,
        "end": span.end,
        "duration": round(duration, 3),
        "wording": wording,
        "cautions": caution_facts(cautions, language),
        "style": style,
    }


def audio(requested: RequestedClip) -> bytes:
    """Return the audio of the requested clip as MP3. Raises Unusable if the clip is longer than ``LONGEST``."""
    from aligner.publishing.clips import clip_bytes

    return clip_bytes(_excerpt(requested.source, requested.export), ".mp3", requested.export.lufs)[0]


def frame(requested: RequestedClip) -> bytes:
    """Return the first frame of the audiogram as PNG. Raises Unusable if the clip is longer than ``LONGEST``."""
    from aligner.publishing.audiograms import still_png

    return still_png(*_audiogram(requested), 0.0)


def video(requested: RequestedClip, seconds: float) -> bytes:
    """Return the first ``seconds`` of the audiogram as a small MP4. Raises Unusable if the clip is longer than
    ``LONGEST``, WebError if ``seconds`` is out of range."""
    from aligner.publishing.audiograms import moving_mp4

    if not 1 <= seconds <= LONGEST_VIDEO:
        raise WebError("error.400")
    return moving_mp4(*_audiogram(requested), requested.export.lufs, seconds)


def peaks_between(audio: Path, duration: float, start: float, end: float, columns: int) -> list[int]:
    """Divide the audio between ``start`` and ``end`` (seconds) into ``columns`` equal slices. Return the peak level of
    each, from 0 to 255 (the loudest slice). ``duration`` is the length of the whole audio. Raises WebError if the
    passage is invalid or too long; MediaError if the audio cannot be decoded."""
    from media.waveform import levels_between, quantised

    is_passage = 0 <= start < end <= duration + 1 and end - start <= _LONGEST_PASSAGE
    if not (is_passage and 0 < columns <= _MOST_COLUMNS):
        raise WebError("error.400")
    levels = levels_between(audio, start, end, columns)
    return quantised(levels, float(levels.max()))


def _quote(source: Source, export: Export) -> Quote:
    edges = export.edges and span_of(source.alignment, export.edges.start, export.edges.end)
    return quote_of_words(source.alignment, export.words, edges)


def _audiogram(requested: RequestedClip) -> tuple[Excerpt, Look]:
    source, export = requested.source, requested.export
    look, _ = style_for(source, export.shape or "portrait", export.style, export.text)
    return _excerpt(source, export), look


def _excerpt(source: Source, export: Export) -> Excerpt:
    """Return the passage to export, with its audio and words. Raises Unusable if it is longer than ``LONGEST``."""
    from aligner.publishing.excerpt import CutOptions, cut_audio

    quote = _quote(source, export)
    if quote.asked.duration > LONGEST:
        raise Unusable("clip.refused.preview", minutes=round(LONGEST / 60))
    return cut_audio(source, quote, CutOptions(tighten=export.tighten, exact=export.edges is not None))
