"""What an export will be, before it is made: its edges, audio, a frame and a video, by the code that makes it.

A child process makes each, from the files of the alignment and the audio.
"""

from __future__ import annotations

import contextlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.model import Alignment
from aligner.publishing.excerpt import Source
from aligner.quotes import Quote, quote_of_words, span_of
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import state_of
from aligner.storage.file_names import find_audio
from aligner.typography import unbroken
from media.safe_fs import is_folder, remove_folder
from media.temporary import scratch_folder
from web.bounded import call
from web.clips import exports
from web.clips.exports import Export
from web.clips.folder import caution_facts
from web.clips.looks import look_for, shown_look
from web.errors import Conflict, Unusable, WebError

if TYPE_CHECKING:
    from aligner.publishing.excerpt import Excerpt

LONGEST = 300.0  # seconds of a clip that is previewed; the job cuts longer ones too
LONGEST_MOVING = 90.0  # seconds of a preview as video

_LONGEST_PASSAGE = exports.LONGEST + 600.0  # seconds: the longest clip, and its surroundings
_MOST_COLUMNS = 4000

_found: dict[Path, tuple[Path, object]] = {}  # by alignment: its audio, and the states of both
_wanted: dict[str, Path] = {}  # by page: a folder that is there while its video is wanted


def source_of(alignment: Alignment, file: Path) -> Source:
    """Return the alignment with its audio.

    Raises SourceError, DecodeError: the audio is missing, has changed, or cannot be read; Unusable, Busy: it cannot be
    looked at within the limits, or now.
    """
    return Source(alignment, file, _audio_of(file))


def _audio_of(file: Path) -> Path:
    """Return the audio, which is looked for again once the alignment or the audio has changed."""
    audio, states = _found.get(file, (file, None))
    with contextlib.suppress(OSError):
        if states == (state_of(file), state_of(audio)):
            return audio
    state, audio = state_of(file), call(_find_audio, file)
    _found[file] = audio, (state, state_of(audio))
    return audio


def _find_audio(file: Path) -> Path:
    return find_audio(read_alignment(file), file)


def preview(source: Source, export: Export) -> dict[str, Any]:
    """Return what the export will be: its ``text`` as shown, ``start`` and ``end`` in the episode, its ``duration`` as
    a file, ``cautions`` to look at; of an audiogram its ``wording``, a line for each of its lines and an empty one
    between screens, and its ``look``. Of a clip longer than ``LONGEST`` the edges are those of the voice, and there is
    no wording.

    Raises AlignerError, MediaError, Unusable, Busy: it cannot be made, not within the limits, or not now.
    """
    return call(_preview, source.file, source.audio, export)


def _preview(file: Path, audio: Path, export: Export) -> dict[str, Any]:
    source = Source(read_alignment(file), file, audio)
    quote, wording, shown = _quote(source, export), None, None
    span, duration, cautions = quote.asked, quote.asked.duration, quote.cautions
    excerpt = _excerpt(source, export) if duration <= LONGEST else None
    if excerpt:
        quote, timeline = excerpt.cut.quote, excerpt.cut.timeline
        span, duration, cautions = timeline.span, timeline.duration, quote.cautions
    if export.shape:
        from aligner.publishing.platforms import length_caution
        from aligner.publishing.showing import duration_of, unshown_in, wording_of

        look, of_look = look_for(source, export.shape, export.style, export.text)
        if excerpt:
            wording, duration = wording_of(excerpt, look), duration_of(excerpt, look)
            cautions = (*cautions, *of_look, *unshown_in(excerpt, look))
        of_length = length_caution(duration, export.shape)
        cautions = (*cautions, of_length) if of_length else cautions
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


def sound(source: Source, export: Export) -> bytes:
    """Return the clip's file as the export will write it, of an audiogram its audio as MP3; raises as ``preview``, and
    Unusable if it is longer than ``LONGEST``."""
    return call(_sound, source.file, source.audio, export)


def _sound(file: Path, audio: Path, export: Export) -> bytes:
    from aligner.publishing.clips import clip_bytes

    excerpt = _excerpt(Source(read_alignment(file), file, audio), export)
    content, _ = clip_bytes(excerpt, export.sound_ending, export.lufs)
    return content


def still(source: Source, export: Export) -> bytes:
    """Return the first frame of the audiogram, as PNG; raises as ``sound``."""
    return call(_still, source.file, source.audio, export)


def _still(file: Path, audio: Path, export: Export) -> bytes:
    from aligner.publishing.audiograms import still_png

    source = Source(read_alignment(file), file, audio)
    look, _ = look_for(source, export.shape or "portrait", export.style, export.text)
    return still_png(_excerpt(source, export), look, 0.0)


def moving(source: Source, export: Export, page: str, seconds: float = LONGEST_MOVING) -> bytes:
    """Return the first ``seconds`` of the audiogram as a small MP4 of its own frames and audio. What is still being
    made for the same ``page`` ends.

    Raises as ``sound``; WebError: too many or too few seconds; Conflict: the page has requested another one.
    """
    if not 1 <= seconds <= LONGEST_MOVING:
        raise WebError("error.400")
    if earlier := _wanted.pop(page, None):
        remove_folder(earlier)
    with scratch_folder() as wanted:
        _wanted[page] = wanted
        try:
            return call(_moving, source.file, source.audio, export, seconds, wanted)
        finally:
            if _wanted.get(page) == wanted:
                _wanted.pop(page, None)


def _moving(file: Path, audio: Path, export: Export, seconds: float, wanted: Path) -> bytes:
    from aligner.publishing.audiograms import moving_mp4

    def end_if_unwanted(*_: object) -> None:
        if not is_folder(wanted):
            raise Conflict("clip.refused.ended")

    end_if_unwanted()  # it may have waited for its turn
    source = Source(read_alignment(file), file, audio)
    look, _ = look_for(source, export.shape or "portrait", export.style, export.text)
    return moving_mp4(_excerpt(source, export), look, export.lufs, seconds, end_if_unwanted)


def peaks_between(source: Source, start: float, end: float, columns: int) -> list[int]:
    """Return the loudest moments of equal parts of the audio between two times, 255 being the loudest of all.

    Raises WebError: there is no such passage, or it is too long; MediaError: the audio cannot be decoded.
    """
    is_passage = 0 <= start < end <= source.alignment.audio.duration + 1 and end - start <= _LONGEST_PASSAGE
    if not (is_passage and 0 < columns <= _MOST_COLUMNS):
        raise WebError("error.400")
    return call(_peaks, source.audio, start, end, columns)


def _peaks(audio: Path, start: float, end: float, columns: int) -> list[int]:
    from media.waveform import levels_between, quantised

    levels = levels_between(audio, start, end, columns)
    return quantised(levels, float(levels.max()))


def _quote(source: Source, export: Export) -> Quote:
    edges = export.edges and span_of(source.alignment, export.edges.start, export.edges.end)
    return quote_of_words(source.alignment, export.words, edges)


def _excerpt(source: Source, export: Export) -> Excerpt:
    """Return what the export cuts; raises Unusable if it is longer than ``LONGEST``."""
    from aligner.publishing.excerpt import CutOptions, cut_sound

    quote = _quote(source, export)
    if quote.asked.duration > LONGEST:
        raise Unusable("clip.refused.preview", minutes=round(LONGEST / 60))
    return cut_sound(source, quote, CutOptions(tighten=export.tighten, exact=export.edges is not None))
