"""``quotecast audiogram``: its options, and the closing lines of its run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.quote_options import cutting_of, finish_of, quote_options, wanted_of
from aligner.cli.terminal import say

if TYPE_CHECKING:
    from aligner.audiograms.making import Look
    from aligner.model import Alignment
    from aligner.publishing.excerpt import Excerpt
    from aligner.quotes import Caution

_SHAPES = ("portrait", "square", "landscape")  # those of media.video.shapes, which would load too much here
_existing = click.Path(path_type=Path)


@click.command()
@click.argument("alignment", type=_existing)
@quote_options
@click.option("-o", "--output", type=_existing, help="File to write, .mp4 or .png.  [default: beside the alignment]")
@click.option("--shape", type=click.Choice(_SHAPES), default="portrait", show_default=True)
@click.option("--still", type=float, metavar="SECONDS", help="Write only the frame at this moment, as PNG.")
@click.option("--text", help="Wording and line breaks for this one: a text or its file; | ends a line, || a screen.")
@click.option(
    "--cover", help="Picture, or none; auto forgets.  [default: as last time for this show, else the episode's]"
)
@click.option("--colour", help="Background, such as #1F5F8B; auto forgets.  [default: as last time for this show]")
@click.option("--accent", help="Colour of what is played; auto forgets.  [default: as last time for this show]")
@click.option("--font", help="Font of the quote: a file or a name; auto forgets.  [default: Source Serif]")
@click.option("--no-listen", is_flag=True, help="Do not compare what is heard in the video with what is printed.")
def audiogram(alignment: Path, **options: Any) -> None:
    """Make a video of a quote of ALIGNMENT: its words lit as they are said, over a moving waveform."""
    from aligner.audiograms.making import VideoOptions, look_of, video_paths, wording_of, write_still, write_video
    from aligner.audiograms.styles import chosen, remember
    from aligner.cli.progress import shown, tell_done
    from aligner.clips.telling import cut_facts
    from aligner.publishing.excerpt import cut_sound
    from aligner.quotes import choose, listing
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.audio_lookup import find_audio
    from aligner.storage.outputs import check_outputs

    wanted = wanted_of(options)
    stored = read_alignment(alignment)
    choices = chosen(stored.episode.show, options)
    look, cautions = look_of(stored, alignment.parent, choices, options["shape"], options["text"])
    asked = choose(stored, wanted)
    audio = find_audio(stored, alignment.parent, options["audio"])
    excerpt = cut_sound(stored, audio, asked.quote, cutting_of(options))
    target = _target(stored, excerpt, alignment, options)
    targets = video_paths(target) if options["still"] is None else (target,)
    check_outputs(targets, [alignment, audio, *filter(None, [look.style.cover])])
    told = (*cautions, *_cautions(stored, excerpt, look, target))
    with shown(options["progress_mode"]) as progress:
        if options["still"] is None:
            made = VideoOptions(finish_of(options), not options["no_listen"], told)
            video = write_video(stored, excerpt, look, made, target, progress)
            paths, kept, told = video.paths, video.kept, video.cautions
        else:
            paths, kept = (target,), write_still(stored, excerpt, look, options["still"], target)
    remember(stored.episode.show, choices)
    told = (*excerpt.cut.quote.cautions, *told)
    if len(asked.places) > 1 and asked.taken is not None:
        number = asked.places.index(asked.taken) + 1
        say(*listing(stored, asked.places), f"Taken     {number}; --match N takes another")
    say(*_closing(excerpt, look, paths, told), *(f"Kept      {path}, as edited before" for path in kept))
    facts = cut_facts(excerpt.cut, told) | {"wording": wording_of(stored, excerpt, look)}
    files = {"files": [str(path) for path in paths], "kept": [str(path) for path in kept]}
    tell_done(options["progress_mode"], clips=[facts | files], **files, warnings=facts["warnings"])


def _closing(excerpt: Excerpt, look: Look, paths: Sequence[Path], cautions: Sequence[Caution]) -> Iterator[str]:
    """What was shown, what to look at, and where it is."""
    from aligner.clips.telling import quote_line
    from aligner.durations import clock

    span, shape = excerpt.cut.timeline.span, look.shape
    yield quote_line(excerpt.cut)
    size = f"{shape.name}, {shape.width}x{shape.height}"
    yield f"Video     {size}, {clock(excerpt.sound.duration)}, from {clock(span.start)} of the episode"
    yield from (f"Look at   {caution.message}" for caution in cautions)
    first, *beside = paths
    with_them = f", with {', '.join(path.suffix for path in beside)} beside it" if beside else ""
    yield f"Written   {first}{with_them}"


def _cautions(stored: Alignment, excerpt: Excerpt, look: Look, target: Path) -> Iterator[Caution]:
    """Characters that cannot be shown, and platforms that will not take the length."""
    from aligner.audiograms.making import script_of
    from aligner.audiograms.platforms import length_caution
    from aligner.quotes import Caution
    from media.video.render import HELD, unknown_characters

    unknown = unknown_characters(script_of(stored, excerpt, look), look.style, look.shape)
    if unknown:
        shown = " ".join(unknown[:20])
        yield Caution("no-glyph", f"no font knows {shown}; left out, unless --font names one that does", shown)
    length = length_caution(excerpt.sound.duration + HELD, look.shape.name)
    if length and target.suffix.lower() != ".png":
        yield length


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
