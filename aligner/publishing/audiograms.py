"""Audiograms: draw a quote as a video whose words light up as they are said, as one frame of the video, or as a card.

A card is the picture that sites show with a link. ``LIMITS`` has the lengths of video that platforms allow, as
published in 2025 and 2026: Instagram (content publishing API; the Reels tab), TikTok (content posting API), YouTube
(Shorts), X and LinkedIn (posts of a free account).
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
from aligner.publishing.clips import ClipOptions, ListeningCheck, default_name, listen_again, post_text, record
from aligner.publishing.excerpt import Cut, Excerpt, Source, Timeline, cut_audio, cut_out
from aligner.publishing.screens import (
    Look,
    StyleChoices,
    duration_of,
    look_of,
    script_of,
    shown_words,
    style_of,
    undrawable_in,
    wording_of,
)
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import Quote, QuoteMatch, QuoteQuery, find_quote
from aligner.recognition import Progress, silent
from aligner.storage.atomic import making, scratch, write_keeping
from aligner.typography import unbroken
from media.video.drawing import SHAPES, ShapeName
from media.video.screens import Script, ShownWord

if TYPE_CHECKING:
    from media.decode import Waveform
    from media.video.drawing import Shape

_CODEC_MARGIN_DB = 1.0  # AAC raises peaks by less than this


@dataclass(frozen=True, slots=True)
class AudiogramOptions(ClipOptions):
    """The options of an audiogram, in addition to the options of a clip.

    ``text``, either the text itself or the path of a text file, is shown on the screen instead of the quote's words. If
    ``still`` is set, only a single frame is written: the frame at ``still`` seconds from the start of the video.
    """

    shape: ShapeName = "portrait"
    text: str | None = None
    style: StyleChoices = field(default_factory=StyleChoices)
    still: float | None = None

    @property
    def ending(self) -> str:
        """The file name extension: ``.png`` for a single frame (if ``still`` is set), otherwise ``.mp4``."""
        return ".mp4" if self.still is None else ".png"


@dataclass(frozen=True, slots=True)
class Audiogram:
    """A finished audiogram, or a single frame of an audiogram.

    ``duration`` is in seconds; ``wording`` is the text on the screen. ``paths`` are the written files. ``copies`` are
    backups of files that a person had edited and that were replaced.
    """

    match: QuoteMatch
    cut: Cut
    shape: Shape
    duration: float
    wording: str
    paths: tuple[Path, ...]
    copies: tuple[Path, ...]
    cautions: tuple[Caution, ...]


def make_audiogram(
    source: Source,
    query: QuoteQuery,
    target: Path | None = None,
    options: AudiogramOptions | None = None,
    progress: Progress = silent,
    warn: Callable[[Caution], object] = lambda caution: None,
) -> Audiogram:
    """Cut a quote out of an episode; write it as a video with a post text and a JSON record, or as a single frame.

    ``target`` ends in .mp4 for a video, in .png for a frame; by default, the file is named after the quote and written
    beside the alignment. ``warn`` is called before drawing, with a caution for each kind of character that cannot be
    drawn.

    Raises AlignerError or MediaError, and writes nothing, if the quote is not found or the audiogram cannot be made.
    """
    from media.video.backdrop import check_style

    options = options or AudiogramOptions()
    look, cautions = look_of(source, options.shape, options.style, options.text)
    check_style(look.style, look.shape)
    match = find_quote(source.alignment, query)
    if target is not None and target.suffix.lower() != options.ending:
        raise OutputError("{path}: expected a name in {ending}", path=target, ending=options.ending)
    seconds = match.quote.asked.duration
    progress("cutting", 0.0, seconds)
    excerpt = cut_audio(source, match.quote, options.cut)
    progress("cutting", seconds, seconds)
    target = target or source.folder / f"{default_name(source, excerpt.cut, options.shape)}{options.ending}"
    paths = (target, *(target.with_suffix(ending) for ending in (".txt", ".json") if options.still is None))
    chosen = options.text, look.style.font, look.style.cover  # texts and names, or files of them
    check_outputs(paths, [*source.protected, *(Path(each) for each in chosen if each)])
    seconds = duration_of(excerpt, look)
    for caution in (undrawable := tuple(undrawable_in(excerpt, look))):
        warn(caution)
    cautions = (*cautions, *undrawable)
    if options.still is None:
        cautions = (*cautions, *length_cautions(seconds, look.shape.name))
        contents, cautions = _video_contents(excerpt, look, options, target.name, cautions, progress)
    else:
        contents = [still_png(excerpt, look, options.still)]
    with making(target.parent):
        copies = write_keeping(dict(zip(paths, contents, strict=True)), ours_too=options.keep)
    cautions = (*match.cautions, *excerpt.cut.quote.cautions, *cautions)
    return Audiogram(match, excerpt.cut, look.shape, seconds, wording_of(excerpt, look), paths, copies, cautions)


def still_png(excerpt: Excerpt, look: Look, seconds: float) -> bytes:
    """Return the audiogram's frame at the time ``seconds`` as PNG. Raises MediaError if the video is shorter, or if
    the cover or the font cannot be used."""
    from media.video.render import render_still

    buffer = BytesIO()
    render_still(script_of(excerpt, look), excerpt.audio, look.style, look.shape, seconds, buffer)
    return buffer.getvalue()


def moving_mp4(excerpt: Excerpt, look: Look, lufs: float | None, seconds: float) -> bytes:
    """Return the first ``seconds`` of the audiogram as a small MP4 with a low frame rate, for a preview.

    ``lufs`` is the loudness, None to leave it unchanged. Raises MediaError if the cover or the font cannot be used, or
    if encoding fails.
    """
    from media.video.render import MOVING, render_video

    with scratch() as folder:
        path, script, audio = folder / "moving.mp4", script_of(excerpt, look), _finished(excerpt, lufs)
        grade = replace(MOVING, longest=seconds)
        render_video(script, audio, look.style, look.shape, path, lambda done, total: None, grade)
        return path.read_bytes()


def _finished(excerpt: Excerpt, lufs: float | None) -> Waveform:
    """Return the excerpt's audio at the loudness ``lufs`` (None: unchanged), with peaks limited for the codec."""
    from media.mastering import CEILING_DB, finish

    return finish(excerpt.audio, lufs, CEILING_DB - _CODEC_MARGIN_DB)


def _video_contents(
    excerpt: Excerpt,
    look: Look,
    options: AudiogramOptions,
    name: str,
    cautions: tuple[Caution, ...],
    progress: Progress,
) -> tuple[list[bytes], tuple[Caution, ...]]:
    """Return the bytes of the video ``name``, the post text and the record; and ``cautions`` with any new ones."""
    from media.mastering import Encoding, encode, measure
    from media.video.render import render_video

    script, cut = script_of(excerpt, look), excerpt.cut
    seconds = duration_of(excerpt, look)
    progress("audiogram", 0.0, seconds)
    audio = _finished(excerpt, options.lufs)
    with scratch() as folder:
        path, alone = folder / "audiogram.mp4", folder / "sound.wav"
        render_video(script, audio, look.style, look.shape, path, partial(progress, "audiogram"))
        # The check listens to the audio without the silence under the first and the last frame.
        encode(audio, alone, Encoding())
        check = listen_again(alone, cut, progress) if options.listen else ListeningCheck()
        cautions = (*cautions, *check.cautions)
        texts = post_text(cut, seconds), record(cut, name, measure(alone), check.text, cautions, seconds)
        return [path.read_bytes(), *(text.encode("utf-8") for text in texts)], cautions


_UPRIGHT: tuple[ShapeName, ...] = ("portrait", "square")
LIMITS: tuple[tuple[str, float, float, tuple[ShapeName, ...]], ...] = (
    ("the Instagram Reels tab", 5, 90, _UPRIGHT),
    ("X and LinkedIn", 0.5, 140, tuple(SHAPES)),
    ("YouTube Shorts", 1, 180, _UPRIGHT),
    ("TikTok", 3, 600, tuple(SHAPES)),
    ("Instagram Reels", 3, 900, _UPRIGHT),
)
"""The least and the most seconds of a video on each platform, and the shapes for which that holds."""


def length_cautions(seconds: float, shape: ShapeName) -> tuple[Caution, ...]:
    """Return a caution that lists the platforms that refuse a video of this length and shape, if there are any."""
    limits = [limit for limit in LIMITS if shape in limit[3]]
    refused, relation = [(name, clock(most)) for name, _, most, _ in limits if seconds > most], "longer"
    if not refused:
        refused, relation = [(name, f"{least:g} s") for name, least, _, _ in limits if seconds < least], "shorter"
    if not refused:
        return ()
    length = clock(seconds, decimals=1) if relation == "longer" else f"{seconds:.1f} s"
    names = ", ".join(f"{name} ({limit})" for name, limit in refused)
    # The detail has no English between the names.
    detail = names.removeprefix("the ").replace(" and ", ", ")
    return (Caution("length", f"{length} is {relation} than allowed by {names}", detail),)


_LONGEST_TITLE = 300  # characters that fit on a card


def quote_card(alignment: Alignment, quote: Quote, choices: StyleChoices) -> bytes:
    """Return the card of a quote: a PNG picture that sites show with a link to the quote. Raises QuoteError if the
    quote has no speech; PictureError or FontError if the cover or the font cannot be used."""
    from media.video.card import card_png

    words = shown_words(cut_out(alignment, quote, Timeline((quote.voice,))))
    episode = alignment.episode
    script = Script(words, quote.voice.duration, episode.show, episode.title, alignment.language)
    return card_png(script, style_of(choices))


def title_card(title: str, show: str | None, below: str | None, language: str, choices: StyleChoices) -> bytes:
    """Return a card for an episode or a show: a PNG picture that sites show with a link. The card has the ``title``,
    the show's name and the text ``below``. Raises PictureError or FontError if the cover or the font cannot be used."""
    from media.video.card import card_png

    pieces = unbroken(title[:_LONGEST_TITLE], language).split(" ")
    words = tuple(ShownWord(piece, 0.0, 0.0) for piece in pieces if piece)
    return card_png(Script(words, 0.0, show, below if show else None, language), style_of(choices))
