"""What an export will be, before it is made: its edges, its sound, a still of it; all by the code that makes it.

A child makes them, so that who drags a handle does not take the machine from who listens. It reads the alignment from
its file, and keeps it for the next one.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.model import Alignment, Span
from aligner.publishing.excerpt import Source
from aligner.quotes import Caution, Quote, quote_of_words, span_of
from aligner.storage.alignment_json import read_alignment
from aligner.storage.audio_lookup import LARGEST_GUESSED_BYTES, find_audio, find_named, sha256_of
from aligner.typography import unbroken
from media.safe_fs import status_of
from web.bounded import call
from web.caching import until_changed
from web.clips import exports
from web.clips.exports import Export
from web.clips.looks import ShownLook, look_for, shown_look
from web.errors import Unusable, WebError

if TYPE_CHECKING:
    from aligner.publishing.excerpt import Excerpt

# Seconds of a clip that the server cuts in its own memory, for a look or a listen; the job cuts longer ones too.
LONGEST = 300.0

_LONGEST_STRETCH = exports.LONGEST + 600.0  # seconds: the longest clip, and its surroundings
_MOST_COLUMNS = 4000
_AT_HAND = 4096  # hashes of sounds


@dataclass(frozen=True, slots=True)
class Preview:
    """What is printed, where it will be cut in the episode, how long the file will be, and what to look at before.

    ``wording`` is how an audiogram breaks it, a line for each line and an empty one between screens; ``look`` how it
    looks. Of a clip longer than ``LONGEST`` the edges are those of the voice,
    and there is no wording.
    """

    text: str
    span: Span
    duration: float
    cautions: tuple[Caution, ...]
    wording: str | None = None
    look: ShownLook | None = None


def source_of(alignment: Alignment, file: Path) -> Source:
    """The alignment with its sound.

    Raises
    ------
    SourceError, DecodeError
        The sound is not there, has changed, or cannot be read.
    Unusable, Busy
        It cannot be looked at within bounds, or not now.
    """
    named = find_named(alignment.audio.file, file)
    if named:
        hashed = _hash_of(named)
        if isinstance(hashed, Unusable):
            raise hashed.with_traceback(None)
        if hashed == alignment.audio.sha256:
            return Source(alignment, file, named)
    return Source(alignment, file, call(_find, file))


@until_changed(_AT_HAND)
def _hash_of(audio: Path) -> str | Unusable:
    """The SHA-256 of a sound, or why it has none: either is found out once."""
    if status_of(audio).st_size > LARGEST_GUESSED_BYTES:
        return Unusable("bounded.time")
    try:
        return call(sha256_of, audio)
    except Unusable as error:
        return error


def _find(file: Path) -> Path:
    return find_audio(read_alignment(file), file)


def preview(source: Source, export: Export) -> Preview:
    """What the export will be.

    Raises
    ------
    AlignerError, MediaError, Unusable, Busy
        It cannot be made, within bounds or at all, or not now.
    """
    if _is_long(source, export):
        quote = _chosen(source, export)
        told = (*quote.cautions, *_length_told(quote.asked.duration, export))
        look = call(_shown, source.file, source.audio, export, quote.text) if export.shape else None
        return Preview(quote.text, quote.asked, quote.asked.duration, told, look=look)
    return call(_preview, source.file, source.audio, export)


def _preview(file: Path, audio: Path, export: Export) -> Preview:
    source = read_source(file, audio)
    looked = look_for(source, export) if export.shape else None
    excerpt = excerpt_of(source, export)
    quote, timeline = excerpt.cut.quote, excerpt.cut.timeline
    if looked is None:
        return Preview(quote.text, timeline.span, timeline.duration, quote.cautions)
    from aligner.publishing.showing import duration_of, unshown_in, wording_of

    look, cautions = looked
    wording = wording_of(excerpt, look)
    seconds = duration_of(excerpt, look)
    told = (*quote.cautions, *cautions, *unshown_in(excerpt, look), *_length_told(seconds, export))
    shown = shown_look(source, export, quote.text)
    return Preview(quote.text, timeline.span, seconds, told, wording, shown)


def _shown(file: Path, audio: Path, export: Export, text: str) -> ShownLook:
    return shown_look(read_source(file, audio), export, text)


def sound(source: Source, export: Export) -> bytes:
    """The clip's file, as the export will write it; an audiogram's sound as MP3.

    Raises
    ------
    AlignerError, MediaError
        As ``preview``.
    Unusable
        It is longer than ``LONGEST``.
    """
    check_length(source, export)
    return call(_sound, source.file, source.audio, export)


def _sound(file: Path, audio: Path, export: Export) -> bytes:
    from aligner.publishing.clips import clip_bytes

    ending = ".mp3" if export.shape else f".{export.format}"
    content, _ = clip_bytes(excerpt_of(read_source(file, audio), export), ending, export.lufs)
    return content


def still(source: Source, export: Export, seconds: float = 0.0) -> bytes:
    """The frame at ``seconds`` of the audiogram, as PNG.

    Raises
    ------
    AlignerError, MediaError, Unusable
        As ``sound``; or the audiogram has no such moment.
    """
    check_length(source, export)
    return call(_still, source.file, source.audio, export, seconds)


def _still(file: Path, audio: Path, export: Export, seconds: float) -> bytes:
    from aligner.publishing.audiograms import still_png

    source = read_source(file, audio)
    look, _ = look_for(source, export)
    return still_png(excerpt_of(source, export), look, seconds)


def preview_facts(preview: Preview, language: str) -> dict[str, Any]:
    """What a clip in that language will say, where it will be cut, and what to look at; texts as they are shown."""
    return {
        "text": unbroken(preview.text, language),
        "start": preview.span.start,
        "end": preview.span.end,
        "duration": round(preview.duration, 3),
        "wording": preview.wording,
        "cautions": [
            {name: unbroken(text, language) for name, text in asdict(caution).items()} for caution in preview.cautions
        ],
        "look": asdict(preview.look) if preview.look else None,
    }


@dataclass(frozen=True, slots=True)
class StretchPeaks:
    """``peaks`` are the loudest moments of as many equal parts of ``span``, 0 to 255, 255 being the loudest of all."""

    span: Span
    peaks: tuple[int, ...]


def stretch_of(source: Source, start: float, end: float, columns: int) -> StretchPeaks:
    """The sound from ``start`` to ``end`` in ``columns`` parts.

    Raises
    ------
    WebError
        There is no such stretch, or it is too long.
    MediaError
        The sound cannot be decoded.
    """
    if not (0 <= start < end <= source.alignment.audio.duration + 1 and end - start <= _LONGEST_STRETCH):
        raise WebError("stretch.none", minutes=round(_LONGEST_STRETCH / 60))
    if not 0 < columns <= _MOST_COLUMNS:
        raise WebError("stretch.columns", most=_MOST_COLUMNS)
    return StretchPeaks(Span(start, end), call(_peaks, source.audio, start, end, columns))


def _peaks(audio: Path, start: float, end: float, columns: int) -> tuple[int, ...]:
    from media.peaks import levels_between, quantised

    levels = levels_between(audio, start, end, columns)
    return tuple(quantised(levels, float(levels.max())))


def read_source(file: Path, audio: Path) -> Source:
    """The alignment in ``file``, as a child keeps it, with its sound."""
    return Source(read_alignment(file), file, audio)


def _length_told(duration: float, export: Export) -> list[Caution]:
    """Which platforms do not take an audiogram of ``duration`` seconds, if it is one."""
    from aligner.publishing.platforms import length_caution

    caution = length_caution(duration, export.shape) if export.shape else None
    return [caution] if caution else []


def _chosen(source: Source, export: Export) -> Quote:
    edges = export.edges and span_of(source.alignment, export.edges.start, export.edges.end)
    return quote_of_words(source.alignment, export.words, edges)


def _is_long(source: Source, export: Export) -> bool:
    return _chosen(source, export).asked.duration > LONGEST


def check_length(source: Source, export: Export) -> None:
    """Raises Unusable where the clip is longer than ``LONGEST``."""
    if _is_long(source, export):
        raise Unusable("clip.refused.preview", minutes=round(LONGEST / 60))


def excerpt_of(source: Source, export: Export) -> Excerpt:
    """What the export cuts, raising as ``aligner.publishing.excerpt.cut_sound``."""
    from aligner.publishing.excerpt import CutOptions, cut_sound

    cutting = CutOptions(tighten=export.tighten, exact=export.edges is not None)
    return cut_sound(source, _chosen(source, export), cutting)
