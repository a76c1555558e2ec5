"""``quotecast clip`` and ``audiogram``: cut quotes out of an episode as audio files, or one quote as a video."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click

from aligner.cli.options import PATH, QuoteArguments, help_all_option, quote_options
from aligner.cli.progress import Run, report_done, reporting_progress
from aligner.cli.results import audiogram_lines, clip_facts, clip_lines, shortened
from aligner.cli.terminal import log, say
from aligner.errors import ExitStatus, QuoteError
from aligner.publishing.audiograms import AudiogramOptions, make_audiogram
from aligner.publishing.clips import Clip, ClipOptions, make_clip, make_clips
from aligner.publishing.excerpt import open_episode
from aligner.publishing.screens import StyleChoices, recall, remember, remembered_choices
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import QuoteQuery
from aligner.storage.history import recover
from aligner.transcript.formats import decode
from media.mastering import formats
from media.safe_fs import read_regular
from media.video.drawing import SHAPES, ShapeName

_LARGEST_BYTES = 1_000_000  # of a file of quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class _ClipArguments(QuoteArguments):
    alignment: Path
    quotes: Path | None
    output: str | None  # as typed: a slash at the end means a folder
    no_listen: bool

    @property
    def steps(self) -> tuple[str, ...]:
        return ("cutting", "encoding", *(() if self.no_listen else ("listening",)))

    @property
    def options(self) -> ClipOptions:
        return ClipOptions(self.cut, self.loudness_lufs, not self.no_listen, self.keep)


@click.command()
@click.argument("alignment", type=PATH)
@quote_options
@click.option("--quotes", type=PATH, metavar="FILE", help="File with a quote on each line, a clip for each.")
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    help="File to write: .mp3, .m4a, .wav, .flac, .opus or .ogg; or a folder, created if its name ends in a slash.  "
    "[default: MP3 beside the alignment]",
)
@click.option("--no-listen", is_flag=True, help="Do not check the words of the clip with a recogniser.")
@help_all_option
def clip(**options: Any) -> int:
    """Cut a quote out of ALIGNMENT's audio: a clip ready to post, with captions, text and sources beside it."""
    arguments = _ClipArguments(**options)
    output = None if arguments.output is None else Path(arguments.output)
    recover(arguments.alignment.parent, output, output and output.parent)
    return _one(arguments) if arguments.quotes is None else _several(arguments, arguments.quotes)


def _one(arguments: _ClipArguments) -> ExitStatus:
    query = arguments.query
    source = open_episode(arguments.alignment, arguments.audio)
    with reporting_progress(arguments.progress_mode, Run(arguments.steps)) as progress:
        result = make_clip(source, query, arguments.output, arguments.options, progress)
    say(*clip_lines(result, source.alignment))
    report_done(arguments.progress_mode, **clip_facts([result]))
    return ExitStatus.DONE


def _several(arguments: _ClipArguments, file: Path) -> ExitStatus:
    if arguments.names_a_quote:
        raise click.UsageError("--quotes stands alone, without another way to name a quote")
    if arguments.output is not None and _names_a_file(arguments.output):
        raise click.UsageError(f"-o {arguments.output}: is a file, expected a folder for the clips of --quotes")
    source, quotes = replace(open_episode(arguments.alignment, arguments.audio), read=(file,)), read_quotes(file)
    folder = Path(arguments.output) if arguments.output else source.folder
    run = Run(arguments.steps, [1.0] * len(quotes))

    def queries() -> Iterator[QuoteQuery]:
        for quote in quotes:
            run.begin_round()
            yield QuoteQuery(quote)

    clips, lines = list[Clip](), list[str]()
    with reporting_progress(arguments.progress_mode, run) as progress:
        outcomes = make_clips(source, queries(), folder, arguments.options, progress)
        for number, (quote, outcome) in enumerate(zip(quotes, outcomes, strict=True), start=1):
            beginning = f"{number:>4}  {shortened(quote, 50):<50}"
            if not isinstance(outcome, Clip):
                log(f"quotecast: quote {number}: {outcome}")
                lines.append(f"{beginning}  failed")
                continue
            clips.append(outcome)
            lines.append(f"{beginning}  {outcome.cut.timeline.duration:>5.1f} s  {outcome.paths[0].name}")
            if (count := len(outcome.match.occurrences)) > 1:
                log(f"quotecast: quote {number}: occurs {count} times; check that this is yours")
            for caution in outcome.cautions:
                log(f"quotecast: quote {number}: check this: {caution.message}")
    say(*lines, f"{len(clips)} of {len(quotes)} quotes cut into {folder}")
    report_done(arguments.progress_mode, **clip_facts(clips))
    return ExitStatus.DONE if len(clips) == len(quotes) else ExitStatus.UNUSABLE


def _names_a_file(output: str) -> bool:
    """Return whether ``--output`` names a file, not a folder: an existing file, or a path with a clip's extension."""
    path = Path(output)
    return path.is_file() or (path.suffix.lower() in formats() and not path.is_dir())


def read_quotes(path: Path) -> list[str]:
    """Return the quotes of a file, one per line, without empty lines and comments (#).

    Raises QuoteError if the file cannot be read or has no quotes, TranscriptError if it is not text.
    """
    try:
        text = decode(read_regular(path, _LARGEST_BYTES), str(path))
    except OSError as error:
        raise QuoteError("{path}: cannot be read ({reason})", path=path, reason=error.strerror) from error
    lines = (line.strip() for line in text.splitlines())
    quotes = [line for line in lines if line and not line.startswith("#")]
    if not quotes:
        raise QuoteError("{path}: has no quotes; expected one a line", path=path)
    return quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class _AudiogramArguments(QuoteArguments):
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


@click.command()
@click.argument("alignment", type=PATH)
@quote_options
@click.option("-o", "--output", type=PATH, help="File to write, .mp4 or .png.  [default: beside the alignment]")
@click.option(
    "--shape", type=click.Choice(tuple(SHAPES)), default="portrait", show_default=True, help="Format of the picture."
)
@click.option("--still", type=click.FloatRange(0), metavar="SECONDS", help="Write only the frame at this time, as PNG.")
@click.option("--text", help="Wording and line breaks for this one: a text or its file; | ends a line, || a screen.")
@click.option(
    "--cover", help="Picture, or none; auto forgets it.  [default: as last time for this show, else the episode's]"
)
@click.option("--colour", help="Background, such as #1F5F8B; auto forgets it.  [default: as last time for this show]")
@click.option("--accent", help="Colour of what is played; auto forgets it.  [default: as last time for this show]")
@click.option("--font", help="Font of the quote: a file or a name; auto forgets it.  [default: Source Serif]")
@click.option(
    "--end-card/--no-end-card",
    default=None,
    help="End with a card that says where to hear more, or not.  [default: as last time for this show, else yes]",
)
@click.option("--no-listen", is_flag=True, help="Do not check the words of the video with a recogniser.")
@help_all_option
def audiogram(**options: Any) -> int:
    """Make a video of a quote of ALIGNMENT: its words light up as they are said, over a moving waveform."""
    arguments = _AudiogramArguments(**options)
    query = arguments.query
    recover(arguments.alignment.parent, arguments.output and arguments.output.parent)
    source = open_episode(arguments.alignment, arguments.audio)
    show = source.alignment.episode.show
    chosen = StyleChoices(arguments.colour, arguments.accent, arguments.font, arguments.cover, arguments.end_card)
    style = recall(show, chosen)
    remembered = remembered_choices(style, chosen)
    wanted = AudiogramOptions(
        arguments.cut,
        arguments.loudness_lufs,
        not arguments.no_listen,
        arguments.keep,
        arguments.shape,
        arguments.text,
        style,
        arguments.still,
    )
    run = Run(("cutting", "audiogram", *(() if arguments.no_listen else ("listening",))))
    with reporting_progress(arguments.progress_mode, run) as progress:
        result = make_audiogram(source, query, arguments.output, wanted, progress, _warn)
    remember(show, style)
    say(*audiogram_lines(result, source.alignment, remembered))
    report_done(arguments.progress_mode, **clip_facts([result]))
    return ExitStatus.DONE


def _warn(caution: Caution) -> None:
    log(f"quotecast: {caution.message}")
