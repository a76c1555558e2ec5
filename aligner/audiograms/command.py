"""``quotecast audiogram``: its options, and the closing lines of its run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.terminal import say, tell

if TYPE_CHECKING:
    from aligner.audiograms.making import Look
    from aligner.clipping import Excerpt
    from aligner.model import Alignment
    from aligner.quotes import Wanted

_SHAPES = ("portrait", "square", "landscape")  # those of media.audiogram.shapes, which would load too much here
_existing = click.Path(path_type=Path)


@click.command()
@click.argument("alignment", type=_existing)
@click.option("--quote", help="The words to show; small differences do not matter.")
@click.option("--match", type=click.IntRange(1), help="Of several places where they are said, the one to take.")
@click.option("--segment", help="Show what is said of the segment with this id.")
@click.option("--from", "start", help="Start instead of a quote, in seconds or h:mm:ss.")
@click.option("--to", "end", help="End, in seconds or h:mm:ss.")
@click.option("-o", "--output", type=_existing, help="File to write, .mp4 or .png.  [default: beside the alignment]")
@click.option("--shape", type=click.Choice(_SHAPES), default="portrait", show_default=True)
@click.option("--still", type=float, metavar="SECONDS", help="Write only the frame at this moment, as PNG.")
@click.option("--text", help="Wording and line breaks for this one: a text or its file; | ends a line, || a screen.")
@click.option("--cover", help="Picture of the show.  [default: the alignment's; auto forgets a remembered one]")
@click.option("--colour", help="Background, such as #1F5F8B; auto forgets.  [default: as last time for this show]")
@click.option("--accent", help="Colour of what is played; auto forgets.  [default: as last time for this show]")
@click.option("--font", help="Font of the quote: a file or a name; auto forgets.  [default: Source Serif]")
@click.option("--audio", type=_existing, help="The sound, if it is no longer where it was.")
@click.option("--pad", type=click.FloatRange(0, 30), default=0.0, help="Seconds more at both ends.")
@click.option("--tighten", is_flag=True, help="Make long pauses short.")
@click.option("--lufs", type=click.FloatRange(-40, -5), default=-16.0, show_default=True, help="Loudness.")
@click.option("--no-loudness", is_flag=True, help="Leave the loudness as it is.")
@click.option("--progress", "progress_mode", type=click.Choice(["auto", "json", "none"]), default="auto")
def audiogram(alignment: Path, **options: Any) -> None:
    """Make a video of a quote of ALIGNMENT: its words lit as they are said, over a moving waveform."""
    from aligner.audiograms.making import write_still, write_video
    from aligner.audiograms.styles import chosen, remember
    from aligner.clipping import CutOptions, cut_sound
    from aligner.outputs import check_outputs
    from aligner.progress import shown
    from aligner.quotes import choose, listing
    from aligner.sources import find_audio
    from aligner.store import read_alignment
    from media.clips import Finish

    stored = read_alignment(alignment)
    choices = chosen(stored.episode.show, options)
    look, warnings = _look(stored, alignment, choices, options)
    asked = choose(stored, _wanted(options))
    audio = find_audio(stored, alignment.parent, options["audio"])
    excerpt = cut_sound(stored, audio, asked.quote, CutOptions(options["pad"], options["tighten"]))
    target = _target(stored, excerpt, alignment, options)
    warnings += _unknown(stored, excerpt, look)
    check_outputs([target], [alignment, audio, *filter(None, [look.style.cover])])
    if options["still"] is not None:
        kept = write_still(stored, excerpt, look, options["still"], target)
    else:
        wanted = Finish(None if options["no_loudness"] else options["lufs"])
        with shown(options["progress_mode"]) as progress:
            kept = write_video(stored, excerpt, look, wanted, target, progress)
    remember(stored.episode.show, choices)
    for warning in warnings:
        tell(f"quotecast: warning: {warning}")
    if len(asked.places) > 1 and asked.taken is not None:
        number = asked.places.index(asked.taken) + 1
        say(*listing(stored, asked.places), f"Taken     {number}; --match N takes another")
    say(*_closing(excerpt, look, target), *(f"Kept      {path}, as edited before" for path in kept))


def _closing(excerpt: Excerpt, look: Look, target: Path) -> Iterator[str]:
    """What was shown, whether platforms will take it, and where it is."""
    from aligner.audiograms.platforms import length_note
    from aligner.progress import clock
    from media.audiogram.render import HELD

    quote, span = excerpt.cut.quote, excerpt.cut.timeline.span
    text = " ".join(quote.text.split())
    said_by = f" ({quote.speaker})" if quote.speaker else ""
    yield f"Quote     {text if len(text) <= 80 else text[:79] + '…'}{said_by}"
    seconds, shape = excerpt.sound.duration, look.shape
    size = f"{shape.name}, {shape.width}x{shape.height}"
    yield f"Video     {size}, {clock(seconds)}, from {clock(span.start)} of the episode"
    note = None if target.suffix.lower() == ".png" else length_note(seconds + HELD, shape.name)
    if note:
        yield f"Note      {note}"
    yield f"Written   {target}"


def _wanted(options: dict[str, Any]) -> Wanted:
    """What the options ask for.

    Raises
    ------
    click.UsageError
        They name no quote, or more than one.
    """
    from aligner.quotes import Wanted

    times = options["start"] is not None or options["end"] is not None
    if (options["quote"] is not None) + times + (options["segment"] is not None) != 1:
        raise click.UsageError("expected one of --quote, --from/--to, --segment")
    if options["match"] and options["quote"] is None:
        raise click.UsageError("--match goes with --quote")
    return Wanted(options["quote"], options["start"], options["end"], options["segment"], options["match"])


def _look(stored: Alignment, place: Path, choices: dict[str, str], options: dict[str, Any]) -> tuple[Look, list[str]]:
    """How the audiogram is to look, and what of the alignment could not be used for it."""
    from dataclasses import replace

    from aligner.audiograms.making import Look
    from aligner.audiograms.styles import style_of
    from aligner.audiograms.wording import read_wording
    from media.audiogram.shapes import SHAPES

    style, warnings = style_of(choices), []
    cover = stored.episode.cover
    if style.cover is None and cover and options["cover"] is None:
        found = next((path for path in (place.parent / cover, Path(cover)) if path.is_file()), None)
        style = replace(style, cover=found)
        if found is None:
            warnings.append(f"{cover}: the episode's cover is not there; --cover names another")
    text = None if options["text"] is None else read_wording(options["text"])
    return Look(SHAPES[options["shape"]], style, text), warnings


def _unknown(stored: Alignment, excerpt: Excerpt, look: Look) -> Iterator[str]:
    """A warning where the quote has characters that cannot be shown."""
    from aligner.audiograms.making import script_of
    from media.audiogram.render import unknown_characters

    unknown = unknown_characters(script_of(stored, excerpt, look), look.style, look.shape)
    if unknown:
        yield f"no font knows {' '.join(unknown[:20])}; left out, unless --font names one that does"


def _target(stored: Alignment, excerpt: Excerpt, place: Path, options: dict[str, Any]) -> Path:
    """The file to write.

    Raises
    ------
    OutputError
        Its ending is not that of what is written.
    """
    from aligner.clips.files import default_name
    from aligner.errors import OutputError

    ending = ".mp4" if options["still"] is None else ".png"
    given: Path | None = options["output"]
    if given is None:
        return place.parent / f"{default_name(stored, excerpt.cut)}-{options['shape']}{ending}"
    if given.suffix.lower() != ending:
        raise OutputError(
            f"{given}: {'a video' if ending == '.mp4' else 'a still'} is written, expected a name in {ending}"
        )
    return given
