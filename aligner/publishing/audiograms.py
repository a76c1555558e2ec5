"""Audiograms: from what is quoted to a video of it, its words lit as they are said, or to one frame of that as PNG."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.errors import OutputError
from aligner.publishing.clips import default_name
from aligner.publishing.excerpt import CutOptions, Excerpt, Source, coverless, cut_sound
from aligner.publishing.listening import ListeningCheck, listen_again
from aligner.publishing.platforms import PODCAST_LUFS, check_loudness, length_caution
from aligner.publishing.post import post_text, record
from aligner.publishing.screen_words import read_wording, reworded, shown_words
from aligner.publishing.styles import StyleChoices, style_of
from aligner.quotes import Caution, Cut, QuoteMatch, QuoteQuery, find_quote
from aligner.recognition import Progress, silent
from aligner.storage.atomic import making, scratch
from aligner.storage.backups import write_keeping
from aligner.storage.outputs import check_outputs
from media.errors import Message
from media.video.screens import Script
from media.video.shapes import SHAPES, ShapeName

if TYPE_CHECKING:
    from media.video.backdrop import Style
    from media.video.shapes import Shape

_CODEC_ROOM_DB = 1.0  # by less than this AAC's peaks pass those that it was given
_MOST_SHOWN = 20  # characters without a glyph


@dataclass(frozen=True, slots=True)
class AudiogramOptions:
    """How the quote is cut, what is shown, how loud it is, and whether the model listens to it when it is done.

    ``shape`` is one of ``media.video.shapes.SHAPES``; ``text`` a wording of the user's own, or the path of a file that
    holds one; ``style`` what was chosen of its style; ``still`` the moment, in seconds of the clip, of which only
    the frame is written; ``lufs`` None leaves the loudness as it is.
    """

    cut: CutOptions = field(default_factory=CutOptions)
    shape: ShapeName = "portrait"
    text: str | None = None
    style: StyleChoices = field(default_factory=StyleChoices)
    still: float | None = None
    lufs: float | None = PODCAST_LUFS
    listen: bool = True

    def __post_init__(self) -> None:
        check_loudness(self.lufs)


@dataclass(frozen=True, slots=True)
class Look:
    """How an audiogram is to look: ``text`` is a wording of the user's own, with line breaks."""

    shape: Shape
    style: Style
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Audiogram:
    """An audiogram that was made, or a frame of one.

    ``match`` is the quote and where it was found; ``duration`` that of its sound, in seconds; ``wording`` what it
    shows, as ``wording_of`` gives it; ``paths`` the video or picture first, then what lies beside it; ``kept`` copies
    of what someone had made or edited in their place; ``cautions`` all there is to look at before it is published.
    """

    match: QuoteMatch
    cut: Cut
    shape: Shape
    duration: float
    wording: str
    paths: tuple[Path, ...]
    kept: tuple[Path, ...]
    cautions: tuple[Caution, ...]


def make_audiogram(
    source: Source,
    query: QuoteQuery,
    target: Path | None = None,
    options: AudiogramOptions | None = None,
    progress: Progress = silent,
) -> Audiogram:
    """Cut a quote out of the episode, and write the video of it with the text to post and a record, or the still.

    ``target`` ends in .mp4, in .png for a still; without one it is named after the quote, beside the alignment.

    Raises
    ------
    AlignerError, MediaError
        The quote is not there, or its audiogram cannot be made or written; then nothing has changed.
    """
    from media.video.render import HELD

    options = options or AudiogramOptions()
    look, cautions = look_of(source, options.shape, options.style, options.text)
    match = find_quote(source.alignment, query)
    excerpt = cut_sound(source, match.quote, options.cut)
    paths = _checked_paths(source, excerpt, options, target, look.style.cover)
    told = (*cautions, *_unshowable(excerpt, look))
    if options.still is None:
        told = (*told, *filter(None, [length_caution(excerpt.sound.duration + HELD, look.shape.name)]))
        contents, told = _video_contents(excerpt, look, options, paths[0].name, told, progress)
    else:
        contents = [still_png(excerpt, look, options.still)]
    with making(paths[0].parent):
        kept = write_keeping(dict(zip(paths, contents, strict=True)))
    wording, told = wording_of(excerpt, look), (*excerpt.cut.quote.cautions, *told)
    return Audiogram(match, excerpt.cut, look.shape, excerpt.sound.duration, wording, paths, kept, told)


def look_of(
    source: Source, shape: ShapeName, choices: StyleChoices, text: str | None = None
) -> tuple[Look, tuple[Caution, ...]]:
    """The look that ``choices`` make, and what could not be used for it.

    The episode's cover is taken if none is chosen; ``text`` is a wording, or the path of a file that holds one.

    Raises
    ------
    AlignerError
        A colour is not one, or the wording cannot be read.
    """
    style, cautions = style_of(choices), tuple[Caution, ...]()
    if choices.cover is None:
        style, cautions = replace(style, cover=source.cover), coverless(source)
    return Look(SHAPES[shape], style, None if text is None else read_wording(text)), cautions


def script_of(excerpt: Excerpt, look: Look) -> Script:
    """What the audiogram of the excerpt shows."""
    words, alignment = shown_words(excerpt.cut), excerpt.cut.alignment
    if look.text is not None:
        words = reworded(words, look.text, alignment.language)
    return Script(words, excerpt.sound.duration, alignment.episode.show, alignment.episode.title)


def wording_of(excerpt: Excerpt, look: Look) -> str:
    """The text that the audiogram shows: a line for each of its lines, an empty line between screens.

    Edited, it is the ``text`` of another look.

    Raises
    ------
    MediaError
        The font cannot be used.
    """
    from media.video.paint import screens_of, type_of
    from media.video.screens import written

    script = script_of(excerpt, look)
    return written(script.words, screens_of(script, type_of(look.style, look.shape), look.shape))


def still_png(excerpt: Excerpt, look: Look, seconds: float) -> bytes:
    """The frame at ``seconds`` of the audiogram as PNG.

    Raises
    ------
    MediaError
        There is no such moment, or the cover or the font cannot be used.
    """
    from media.video.render import render_still

    buffer = BytesIO()
    render_still(script_of(excerpt, look), excerpt.sound, look.style, look.shape, seconds, buffer)
    return buffer.getvalue()


def _checked_paths(
    source: Source, excerpt: Excerpt, options: AudiogramOptions, target: Path | None, cover: Path | None
) -> tuple[Path, ...]:
    """The files to write.

    Raises
    ------
    OutputError
        The target's ending is not that of what is written, or something cannot be written there.
    """
    is_video = options.still is None
    ending = ".mp4" if is_video else ".png"
    if target is None:
        target = source.folder / f"{default_name(excerpt.cut)}-{options.shape}{ending}"
    elif target.suffix.lower() != ending:
        raise OutputError(
            "{path}: {kind} is written, expected a name in {ending}",
            path=target,
            kind=Message("a video") if is_video else Message("a still"),
            ending=ending,
        )
    paths = (target, target.with_suffix(".txt"), target.with_suffix(".json")) if is_video else (target,)
    check_outputs(paths, [source.file, source.audio, *filter(None, [cover])])
    return paths


def _unshowable(excerpt: Excerpt, look: Look) -> Iterator[Caution]:
    """The characters that no font knows."""
    from media.video.render import unknown_characters

    unknown = unknown_characters(script_of(excerpt, look), look.style, look.shape)
    if unknown:
        shown = " ".join(unknown[:_MOST_SHOWN])
        yield Caution("no-glyph", f"no font knows {shown}; left out, unless --font names one that does", shown)


def _video_contents(
    excerpt: Excerpt, look: Look, options: AudiogramOptions, name: str, told: tuple[Caution, ...], progress: Progress
) -> tuple[list[bytes], tuple[Caution, ...]]:
    """What the video ``name`` and the files beside it hold; and what was ``told`` before, with what listening gave."""
    from media.mastering import CEILING_DB, Encoding, encode, finish, measure
    from media.video.render import render_video

    script, cut = script_of(excerpt, look), excerpt.cut
    sound = finish(excerpt.sound, options.lufs, CEILING_DB - _CODEC_ROOM_DB)
    with scratch() as folder:
        path, alone = folder / "audiogram.mp4", folder / "sound.wav"
        render_video(script, sound, look.style, look.shape, path, partial(progress, "audiogram"))
        # Listened to without the silences that hold its first and last frame.
        encode(sound, alone, Encoding())
        check = listen_again(alone, cut, progress) if options.listen else ListeningCheck()
        told = (*told, *check.cautions)
        texts = post_text(cut), record(cut, name, measure(alone), check.text, told)
        return [path.read_bytes(), *(text.encode("utf-8") for text in texts)], told
