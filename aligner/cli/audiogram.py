"""``quotecast audiogram``: a video of a quote, or a frame of one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, NumberRange, QuoteArguments, quote_options
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus
from media.video.drawing import SHAPES, ShapeName

if TYPE_CHECKING:
    from aligner.publishing.showing import StyleChoices
    from aligner.quotes.comparison import Caution


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(QuoteArguments):
    alignment: Path
    output: Path | None
    shape: ShapeName
    still: float | None
    text: str | None
    cover: str | None
    colour: str | None
    accent: str | None
    font: str | None
    end_card: bool | None
    no_listen: bool

    @property
    def style(self) -> StyleChoices:
        """What was chosen of the style."""
        from aligner.publishing.showing import StyleChoices

        return StyleChoices(self.colour, self.accent, self.font, self.cover, self.end_card)

    def tell_unshown(self, caution: Caution) -> None:
        """Say what will not be seen, to a person; a program reads it with the rest."""
        if self.progress_mode != "json":
            tell(f"quotecast: {caution.message}")


@click.command()
@click.argument("alignment", type=PATH)
@quote_options
@click.option("-o", "--output", type=PATH, help="File to write, .mp4 or .png.  [default: beside the alignment]")
@click.option(
    "--shape", type=click.Choice(tuple(SHAPES)), default="portrait", show_default=True, help="Format of the picture."
)
@click.option(
    "--still", type=NumberRange(min=0), metavar="SECONDS", help="Write only the frame at this moment, as PNG."
)
@click.option("--text", help="Wording and line breaks for this one: a text or its file; | ends a line, || a screen.")
@click.option(
    "--cover", help="Picture, or none; auto forgets.  [default: as last time for this show, else the episode's]"
)
@click.option("--colour", help="Background, such as #1F5F8B; auto forgets.  [default: as last time for this show]")
@click.option("--accent", help="Colour of what is played; auto forgets.  [default: as last time for this show]")
@click.option("--font", help="Font of the quote: a file or a name; auto forgets.  [default: Source Serif]")
@click.option(
    "--end-card/--no-end-card",
    default=None,
    help="Show at the end where more is to be heard, or not.  [default: as last time for this show, else shown]",
)
@click.option("--no-listen", is_flag=True, help="Do not compare what is heard in the video with what is printed.")
def audiogram(**options: Any) -> int:
    """Make a video of a quote of ALIGNMENT: its words lit as they are said, over a moving waveform."""
    from aligner.cli.progress import WholeRun, tell_done, telling_progress
    from aligner.cli.summary import audiogram_facts, audiogram_lines, merged
    from aligner.publishing.audiograms import AudiogramOptions, make_audiogram
    from aligner.publishing.excerpt import open_episode
    from aligner.publishing.showing import recall, remember, remembered_choices
    from aligner.storage.history import recover

    arguments = _Arguments(**options)
    query = arguments.query
    recover(arguments.alignment.parent, arguments.output and arguments.output.parent)
    source = open_episode(arguments.alignment, arguments.audio)
    show = source.alignment.episode.show
    style = recall(show, arguments.style)
    remembered = remembered_choices(style, arguments.style)
    wanted = AudiogramOptions(
        arguments.cut,
        arguments.shape,
        arguments.text,
        style,
        arguments.still,
        arguments.loudness_lufs,
        not arguments.no_listen,
        arguments.keep,
    )
    steps = ("cutting", "audiogram", *(() if arguments.no_listen else ("listening",)))
    whole = None if arguments.still is not None else WholeRun(steps, arguments.shape)
    with telling_progress(arguments.progress_mode, whole=whole) as progress:
        made = make_audiogram(source, query, arguments.output, wanted, progress, arguments.tell_unshown)
    remember(show, style)
    say(*audiogram_lines(made, source.alignment, remembered))
    facts = [audiogram_facts(made, remembered)]
    tell_done(arguments.progress_mode, clips=facts, **merged(facts))
    return ExitStatus.DONE
