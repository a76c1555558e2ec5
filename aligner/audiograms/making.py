"""From a cut quote to its audiogram: the sound finished, the words set, the frames rendered, the file put in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.audiograms.shown import shown_words
from aligner.audiograms.styles import style_of
from aligner.audiograms.wording import read_wording, reworded
from aligner.clips.listened import listen_again
from aligner.clips.posting import Heard, post_text, record
from aligner.model import Alignment
from aligner.quotes import Caution
from aligner.storage.atomic import making, scratch
from aligner.storage.backups import write_keeping
from media.video.screens import Script

if TYPE_CHECKING:
    from aligner.publishing.excerpt import Excerpt
    from aligner.recognition.ear import Progress
    from media.mastering import Finish
    from media.video.backdrop import Style
    from media.video.shapes import Shape

_CODEC_ROOM_DB = 1.0  # by less than this AAC's peaks pass those that it was given


@dataclass(frozen=True, slots=True)
class Look:
    """How an audiogram is to look: ``text`` is a wording of the user's own, with line breaks."""

    shape: Shape
    style: Style
    text: str | None = None


@dataclass(frozen=True, slots=True)
class VideoOptions:
    """How loud the video is, whether the model listens to it, and what else its record tells to look at."""

    finish: Finish
    listen: bool = True
    cautions: tuple[Caution, ...] = ()


@dataclass(frozen=True, slots=True)
class VideoFiles:
    """What was written, the video first; what was kept of files that someone else made there; what there is to look at.

    ``cautions`` are those of the options and those that listening gave.
    """

    paths: tuple[Path, ...]
    kept: tuple[Path, ...]
    cautions: tuple[Caution, ...]


def look_of(
    alignment: Alignment, folder: Path, choices: Mapping[str, str], shape: str, text: str | None = None
) -> tuple[Look, list[Caution]]:
    """The look that ``choices`` make (as ``styles.chosen`` gives them), and what could not be used for it.

    ``folder`` is the alignment's, where the episode's cover is looked for if none is chosen; ``text`` is a wording, or
    the path of a file that holds one.

    Raises
    ------
    AlignerError
        A colour is not one, or the wording cannot be read.
    """
    from media.video.shapes import SHAPES

    style, cautions, cover = style_of(choices), list[Caution](), alignment.episode.cover
    if cover and "cover" not in choices:
        found = (folder / cover).is_file()
        style = replace(style, cover=folder / cover if found else None)
        if not found:
            message = f"{cover}: the episode's cover is not there; --cover names another"
            cautions.append(Caution("no-cover", message, cover))
    return Look(SHAPES[shape], style, None if text is None else read_wording(text)), cautions


def script_of(alignment: Alignment, excerpt: Excerpt, look: Look) -> Script:
    """What the audiogram of the excerpt shows."""
    words = shown_words(excerpt.cut)
    if look.text is not None:
        words = reworded(words, look.text, alignment.language)
    return Script(words, excerpt.sound.duration, alignment.episode.show, alignment.episode.title)


def wording_of(alignment: Alignment, excerpt: Excerpt, look: Look) -> str:
    """The text that the audiogram shows: a line for each of its lines, an empty line between screens.

    Edited, it is the ``text`` of another look.

    Raises
    ------
    MediaError
        The font cannot be used.
    """
    from media.video.paint import screens_of, type_of
    from media.video.screens import written

    script = script_of(alignment, excerpt, look)
    return written(script.words, screens_of(script, type_of(look.style, look.shape), look.shape))


def video_paths(target: Path) -> tuple[Path, ...]:
    """The video's file and those beside it."""
    return target, target.with_suffix(".txt"), target.with_suffix(".json")


def write_video(
    alignment: Alignment, excerpt: Excerpt, look: Look, options: VideoOptions, target: Path, progress: Progress
) -> VideoFiles:
    """Write the audiogram as MP4 to ``target``, and beside it the text to post with it and a record of what it is.

    Raises
    ------
    OutputError
        It cannot be written; then nothing has changed.
    MediaError
        The cover or the font cannot be used, or the video not encoded.
    """
    from media.mastering import Encoding, encode, finish, measure
    from media.video.render import render_video

    script, cut = script_of(alignment, excerpt, look), excerpt.cut
    sound = finish(excerpt.sound, options.finish, options.finish.ceiling_db - _CODEC_ROOM_DB)
    with scratch() as folder:
        path, alone = folder / "audiogram.mp4", folder / "sound.wav"
        render_video(script, sound, look.style, look.shape, path, partial(progress, "audiogram"))
        # Listened to without the silences that hold its first and last frame.
        encode(sound, alone, Encoding())
        heard = listen_again(alone, cut, alignment.language, progress) if options.listen else Heard()
        heard = replace(heard, cautions=(*options.cautions, *heard.cautions))
        texts = post_text(alignment, cut), record(alignment, cut, target.name, measure(alone), heard)
        contents = [path.read_bytes(), *(text.encode("utf-8") for text in texts)]
    paths = video_paths(target)
    with making(target.parent):
        return VideoFiles(paths, write_keeping(dict(zip(paths, contents, strict=True))), heard.cautions)


def still_png(alignment: Alignment, excerpt: Excerpt, look: Look, seconds: float) -> bytes:
    """The frame at ``seconds`` of the audiogram as PNG, as ``write_still`` writes it; raises as that."""
    from media.video.render import render_still

    buffer = BytesIO()
    render_still(script_of(alignment, excerpt, look), excerpt.sound, look.style, look.shape, seconds, buffer)
    return buffer.getvalue()


def write_still(alignment: Alignment, excerpt: Excerpt, look: Look, seconds: float, target: Path) -> tuple[Path, ...]:
    """Write the frame at ``seconds`` of the audiogram as PNG to ``target``; returns and raises as ``write_video``."""
    picture = still_png(alignment, excerpt, look, seconds)
    with making(target.parent):
        return write_keeping({target: picture})
