"""``quotecast clip``: a clip of one quote, or one for each line of a file."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from aligner.cli.options import PATH, QuoteArguments, quote_options
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

_LARGEST_BYTES = 1_000_000  # of a file of quotes


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments(QuoteArguments):
    alignment: Path
    quotes: Path | None
    output: str | None  # as it was written: a slash at its end says that it is a folder
    no_listen: bool

    @property
    def folder_or_file(self) -> Path | None:
        return None if self.output is None else Path(self.output)


@click.command()
@click.argument("alignment", type=PATH)
@quote_options
@click.option("--quotes", type=PATH, help="File with a quote on each line, a clip for each.")
@click.option(
    "-o",
    "--output",
    type=click.Path(),
    help="File to write: .mp3, .m4a, .wav, .flac, .opus or .ogg; or a folder, made if its name ends in a slash.  "
    "[default: MP3 beside the alignment]",
)
@click.option("--no-listen", is_flag=True, help="Do not compare what is heard in the clip with what is printed.")
def clip(**options: Any) -> int:
    """Cut a quote out of ALIGNMENT's sound: a clip ready to post, its captions, text and sources beside it."""
    from aligner.storage.recovery import recover_all

    arguments = _Arguments(**options)
    output = arguments.folder_or_file
    recover_all(arguments.alignment.parent, output, output and output.parent)
    return _one(arguments) if arguments.quotes is None else _many(arguments, arguments.quotes)


def _one(arguments: _Arguments) -> ExitStatus:
    from aligner.cli.progress import tell_done, telling_progress
    from aligner.cli.report import clip_facts, clip_lines, merged
    from aligner.publishing.clips import ClipOptions, make_clip
    from aligner.publishing.excerpt import open_episode

    query = arguments.query
    source = open_episode(arguments.alignment, arguments.audio)
    options = ClipOptions(arguments.cut, arguments.loudness_lufs, not arguments.no_listen)
    with telling_progress(arguments.progress_mode, brief=True) as progress:
        made = make_clip(source, query, arguments.output, options, progress)
    say(*clip_lines(made, source.alignment))
    facts = [clip_facts(made, source.alignment)]
    tell_done(arguments.progress_mode, clips=facts, **merged(facts))
    return ExitStatus.DONE


def _many(arguments: _Arguments, file: Path) -> ExitStatus:
    from aligner.cli.progress import tell_done, telling_progress
    from aligner.cli.report import clip_facts, merged, quotes_table, troubles
    from aligner.publishing.clips import Clip, ClipOptions, make_clips
    from aligner.publishing.excerpt import open_episode
    from aligner.quotes import QuoteQuery

    if arguments.names_a_quote:
        raise click.UsageError("--quotes stands alone, without another way to name a quote")
    source, quotes = open_episode(arguments.alignment, arguments.audio), read_quotes(file)
    folder = arguments.folder_or_file or source.folder
    options, outcomes = ClipOptions(arguments.cut, arguments.loudness_lufs, not arguments.no_listen), []
    with telling_progress(arguments.progress_mode, brief=True) as progress:
        for outcome in make_clips(source, map(QuoteQuery, quotes), folder, options, progress):
            outcomes.append(outcome)
            for line in troubles(outcome, source.alignment):
                tell(f"quotecast: quote {len(outcomes)}: {line}")
    clips = [outcome if isinstance(outcome, Clip) else None for outcome in outcomes]
    say(*quotes_table(quotes, clips), f"{sum(map(bool, clips))} of {len(quotes)} quotes cut into {folder}")
    facts = [clip_facts(clip, source.alignment) if clip else None for clip in clips]
    tell_done(arguments.progress_mode, clips=facts, **merged(facts))
    return ExitStatus.DONE if all(clips) else ExitStatus.UNUSABLE


def read_quotes(path: Path) -> list[str]:
    """The quotes of a file, one a line; empty lines and those that begin with # are left out.

    Raises
    ------
    QuoteError
        It cannot be read, is too large, or holds no quote.
    TranscriptError
        It is not text.
    """
    from aligner.errors import QuoteError
    from aligner.transcript.formats import decode

    try:
        if path.stat().st_size > _LARGEST_BYTES:
            raise QuoteError(
                "{path}: is larger than {most} MB, expected a quote a line", path=path, most=_LARGEST_BYTES // 1_000_000
            )
        data = path.read_bytes()
    except OSError as error:
        raise QuoteError(
            "{path}: cannot be read ({reason}); expected a file with a quote a line", path=path, reason=error.strerror
        ) from error
    lines = (line.strip() for line in decode(data, str(path)).splitlines())
    quotes = [line for line in lines if line and not line.startswith("#")]
    if not quotes:
        raise QuoteError("{path}: holds no quote, expected one a line", path=path)
    return quotes
