"""Audiograms: from what is quoted to a video of it, its words lit as they are said, to one frame of that, or to a card.

How long a video may be is as platforms published it in 2025 and 2026: Instagram (content publishing API; the Reels
tab), TikTok (content posting API), YouTube (Shorts), X and LinkedIn (posts of a free account).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import partial
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.durations import clock
from aligner.errors import OutputError
from aligner.model import Alignment
from aligner.outputs import check_outputs
from aligner.publishing import PODCAST_LUFS
from aligner.publishing.clips import ListeningCheck, check_loudness, default_name, listen_again, post_text, record
from aligner.publishing.excerpt import Cut, CutOptions, Excerpt, Source, Timeline, cut_out, cut_sound
from aligner.publishing.showing import (
    Look,
    StyleChoices,
    duration_of,
    look_of,
    script_of,
    shown_words,
    style_of,
    unshown_in,
    wording_of,
)
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import Quote, QuoteMatch, QuoteQuery, find_quote
from aligner.recognition import Progress, silent
from aligner.storage.atomic import making, scratch, write_keeping
from aligner.typography import unbroken
from media.errors import Message
from media.video.drawing import SHAPES, ShapeName
from media.video.screens import Script, ShownWord

if TYPE_CHECKING:
    from media.decode import Waveform
    from media.video.drawing import Shape

_CODEC_ROOM_DB = 1.0  # by less than this AAC's peaks pass those that it was given


@dataclass(frozen=True, slots=True)
class AudiogramOptions:
    """How the quote is cut, what is shown, how loud it is, and whether the model listens to it when it is done.

    ``shape`` is one of ``media.video.drawing.SHAPES``; ``text`` a wording of the user's own, or the path of a file that
    holds one; ``style`` what was chosen of its style; ``still`` the moment, in seconds of the clip, of which only
    the frame is written; ``lufs`` None leaves the loudness as it is; ``keep`` as ``ClipOptions`` have it.
    """

    cut: CutOptions = field(default_factory=CutOptions)
    shape: ShapeName = "portrait"
    text: str | None = None
    style: StyleChoices = field(default_factory=StyleChoices)
    still: float | None = None
    lufs: float | None = PODCAST_LUFS
    listen: bool = True
    keep: bool = False

    def __post_init__(self) -> None:
        check_loudness(self.lufs)

    @property
    def ending(self) -> str:
        """That of the file: a video's, or a still's."""
        return ".mp4" if self.still is None else ".png"


@dataclass(frozen=True, slots=True)
class Audiogram:
    """An audiogram that was made, or a frame of one.

    ``match`` is the quote and where it was found; ``duration`` the whole video's, in seconds; ``wording`` what it
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
    unshown: Callable[[Caution], object] = lambda caution: None,
) -> Audiogram:
    """Cut a quote out of the episode, and write the video of it with the text to post and a record, or the still.

    ``target`` ends in .mp4, in .png for a still; without one it is named after the quote, beside the alignment. What
    cannot be shown as it is meant is told to ``unshown`` before anything is painted.

    Raises AlignerError, MediaError: the quote is not there, or its audiogram cannot be made or written; then nothing
    has changed.
    """
    from media.video.backdrop import check_style

    options = options or AudiogramOptions()
    look, cautions = look_of(source, options.shape, options.style, options.text)
    check_style(look.style, look.shape)
    match = find_quote(source.alignment, query)
    _check_ending(options, target)
    seconds = match.quote.asked.duration
    progress("cutting", 0.0, seconds)
    excerpt = cut_sound(source, match.quote, options.cut)
    progress("cutting", seconds, seconds)
    target = target or source.folder / f"{default_name(source, excerpt.cut, options.shape)}{options.ending}"
    paths = (target, *(target.with_suffix(ending) for ending in (".txt", ".json") if options.still is None))
    chosen = options.text, look.style.font, look.style.cover  # texts and names, or files of them
    check_outputs(paths, [*source.kept, *(Path(each) for each in chosen if each)])
    missing, seconds = tuple(unshown_in(excerpt, look)), duration_of(excerpt, look)
    for caution in missing:
        unshown(caution)
    told = (*cautions, *missing)
    if options.still is None:
        told = (*told, *filter(None, [length_caution(seconds, look.shape.name)]))
        contents, told = _video_contents(excerpt, look, options, paths[0].name, told, progress)
    else:
        contents = [still_png(excerpt, look, options.still)]
    with making(paths[0].parent):
        kept = write_keeping(dict(zip(paths, contents, strict=True)), ours_too=options.keep)
    wording, told = wording_of(excerpt, look), (*match.cautions, *excerpt.cut.quote.cautions, *told)
    return Audiogram(match, excerpt.cut, look.shape, seconds, wording, paths, kept, told)


def still_png(excerpt: Excerpt, look: Look, seconds: float) -> bytes:
    """The frame at ``seconds`` of the audiogram as PNG.

    Raises MediaError: there is no such moment, or the cover or the font cannot be used.
    """
    from media.video.render import render_still

    buffer = BytesIO()
    render_still(script_of(excerpt, look), excerpt.sound, look.style, look.shape, seconds, buffer)
    return buffer.getvalue()


def moving_mp4(
    excerpt: Excerpt,
    look: Look,
    lufs: float | None,
    seconds: float,
    progress: Callable[[float, float], object] = lambda done, total: None,
) -> bytes:
    """The first ``seconds`` of the audiogram as a video for a look: its own frames and sound, fewer and smaller.

    Raises MediaError: the cover or the font cannot be used, or it cannot be encoded.
    """
    from media.video.render import MOVING, render_video

    with scratch() as folder:
        path, script, sound = folder / "moving.mp4", script_of(excerpt, look), _finished(excerpt, lufs)
        grade = replace(MOVING, longest=seconds)
        render_video(script, sound, look.style, look.shape, path, progress, grade)
        return path.read_bytes()


def _finished(excerpt: Excerpt, lufs: float | None) -> Waveform:
    """The sound of the video, at the loudness that was asked for."""
    from media.mastering import CEILING_DB, finish

    return finish(excerpt.sound, lufs, CEILING_DB - _CODEC_ROOM_DB)


def _check_ending(options: AudiogramOptions, target: Path | None) -> None:
    """Make sure, before a long sound is read, that the target's ending is that of what is written."""
    if target is not None and target.suffix.lower() != options.ending:
        raise OutputError(
            "{path}: {kind} is written, expected a name in {ending}",
            path=target,
            kind=Message("a video") if options.still is None else Message("a still"),
            ending=options.ending,
        )


def _video_contents(
    excerpt: Excerpt, look: Look, options: AudiogramOptions, name: str, told: tuple[Caution, ...], progress: Progress
) -> tuple[list[bytes], tuple[Caution, ...]]:
    """What the video ``name`` and the files beside it hold; and what was ``told`` before, with what listening gave."""
    from media.mastering import Encoding, encode, measure
    from media.video.render import render_video

    script, cut = script_of(excerpt, look), excerpt.cut
    seconds = duration_of(excerpt, look)
    progress("audiogram", 0.0, seconds)
    sound = _finished(excerpt, options.lufs)
    with scratch() as folder:
        path, alone = folder / "audiogram.mp4", folder / "sound.wav"
        render_video(script, sound, look.style, look.shape, path, partial(progress, "audiogram"))
        # Listened to without the silences that hold its first and last frame.
        encode(sound, alone, Encoding())
        check = listen_again(alone, cut, progress) if options.listen else ListeningCheck()
        told = (*told, *check.cautions)
        texts = post_text(cut, seconds), record(cut, name, measure(alone), check.text, told, seconds)
        return [path.read_bytes(), *(text.encode("utf-8") for text in texts)], told


_UPRIGHT: tuple[ShapeName, ...] = ("portrait", "square")
LIMITS: tuple[tuple[str, float, float, tuple[ShapeName, ...]], ...] = (
    ("the Instagram Reels tab", 5, 90, _UPRIGHT),
    ("X and LinkedIn", 0.5, 140, tuple(SHAPES)),
    ("YouTube Shorts", 1, 180, _UPRIGHT),
    ("TikTok", 3, 600, tuple(SHAPES)),
    ("Instagram Reels", 3, 900, _UPRIGHT),
)
"""How many seconds a video has at least and at most on a platform, which shows these shapes."""


def length_caution(seconds: float, shape: ShapeName) -> Caution | None:
    """Return what to know of the length before posting, its detail being the platforms; None if every one takes it."""
    limits = [limit for limit in LIMITS if shape in limit[3]]
    refused, message = [(where, clock(most)) for where, _, most, _ in limits if seconds > most], "longer"
    if not refused:
        refused, message = [(where, f"{least:g} s") for where, least, _, _ in limits if seconds < least], "shorter"
    if not refused:
        return None
    length = clock(seconds, decimals=1) if message == "longer" else f"{seconds:.1f} s"
    told = ", ".join(f"{where} ({limit})" for where, limit in refused)
    # The detail has no English around the names.
    detail = told.removeprefix("the ").replace(" and ", ", ")
    return Caution("length", f"{length} is {message} than allowed by {told}", detail)


_LONGEST_TITLE = 300  # characters: more than a card has room for


def quote_card(alignment: Alignment, quote: Quote, choices: StyleChoices) -> bytes:
    """The card of a quote, as PNG.

    Raises QuoteError: no word of it stands in a paragraph of speech; PictureError, FontError: the cover or the font
    cannot be used.
    """
    from media.video.card import card_png

    words = shown_words(cut_out(alignment, quote, Timeline((quote.voice,))))
    episode = alignment.episode
    script = Script(words, quote.voice.duration, episode.show, episode.title, alignment.language)
    return card_png(script, style_of(choices))


def title_card(title: str, show: str | None, below: str | None, language: str, choices: StyleChoices) -> bytes:
    """The card of an episode or a show, as PNG: its title, its show, and what is to stand ``below`` that, as the date.

    Raises PictureError, FontError: the cover or the font cannot be used.
    """
    from media.video.card import card_png

    pieces = unbroken(title[:_LONGEST_TITLE], language).split(" ")
    words = tuple(ShownWord(piece, 0.0, 0.0) for piece in pieces if piece)
    return card_png(Script(words, 0.0, show, below if show else None, language), style_of(choices))
