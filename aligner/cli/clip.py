"""``quotecast clip``: a clip of one quote, or one for each line of a file."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, QuoteArguments, quote_options
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.publishing.clips import ClipOptions

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

    @property
    def steps(self) -> tuple[str, ...]:
        return ("cutting", "encoding", *(() if self.no_listen else ("listening",)))

    @property
    def options(self) -> ClipOptions:
        from aligner.publishing.clips import ClipOptions

        return ClipOptions(self.cut, self.loudness_lufs, not self.no_listen, self.keep)


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
    from aligner.storage.history import recover

    arguments = _Arguments(**options)
    output = arguments.folder_or_file
    recover(arguments.alignment.parent, output, output and output.parent)
    return _one(arguments) if arguments.quotes is None else _many(arguments, arguments.quotes)


def _one(arguments: _Arguments) -> ExitStatus:
    from aligner.cli.progress import WholeRun, tell_done, telling_progress
    from aligner.cli.summary import clip_facts, clip_lines, merged
    from aligner.publishing.clips import make_clip
    from aligner.publishing.excerpt import open_episode

    query = arguments.query
    source = open_episode(arguments.alignment, arguments.audio)
    with telling_progress(arguments.progress_mode, brief=True, whole=WholeRun(arguments.steps)) as progress:
        made = make_clip(source, query, arguments.output, arguments.options, progress)
    say(*clip_lines(made, source.alignment))
    facts = [clip_facts(made, source.alignment)]
    tell_done(arguments.progress_mode, clips=facts, **merged(facts))
    return ExitStatus.DONE


def _many(arguments: _Arguments, file: Path) -> ExitStatus:
    from aligner.cli.progress import WholeRun, tell_done, telling_progress
    from aligner.cli.summary import clip_facts, merged, quotes_table, troubles
    from aligner.publishing.clips import Clip, make_clips
    from aligner.publishing.excerpt import open_episode
    from aligner.quotes.quote import QuoteQuery

    if arguments.names_a_quote:
        raise click.UsageError("--quotes stands alone, without another way to name a quote")
    if arguments.output is not None and _names_a_file(arguments.output):
        raise click.UsageError(f"-o {arguments.output}: is a file, expected a folder for the clips of --quotes")
    source, quotes = replace(open_episode(arguments.alignment, arguments.audio), read=(file,)), read_quotes(file)
    folder = arguments.folder_or_file or source.folder
    outcomes = []
    whole = WholeRun(arguments.steps, rounds=len(quotes))

    def queries() -> Iterator[QuoteQuery]:
        for quote in quotes:
            whole.begin_round()
            yield QuoteQuery(quote)

    with telling_progress(arguments.progress_mode, brief=True, whole=whole) as progress:
        for outcome in make_clips(source, queries(), folder, arguments.options, progress):
            outcomes.append(outcome)
            for line in troubles(outcome, source.alignment):
                tell(f"quotecast: quote {len(outcomes)}: {line}")
    clips = [outcome if isinstance(outcome, Clip) else None for outcome in outcomes]
    say(*quotes_table(quotes, clips), f"{sum(map(bool, clips))} of {len(quotes)} quotes cut into {folder}")
    facts = [clip_facts(clip, source.alignment) if clip else None for clip in clips]
    tell_done(arguments.progress_mode, clips=facts, **merged(facts))
    return ExitStatus.DONE if all(clips) else ExitStatus.UNUSABLE


def _names_a_file(output: str) -> bool:
    """Whether there is a file of this name, or it would be that of a clip."""
    from media.mastering import formats

    path = Path(output)
    if path.exists():
        return not path.is_dir()
    return path.suffix.lower() in formats() and not output.endswith(("/", os.sep))


def read_quotes(path: Path) -> list[str]:
    """The quotes of a file, one a line; empty lines and those that begin with # are left out.

    Raises
    ------
    QuoteError
        It cannot be read, is too large, or holds no quote.
    TranscriptError
        It is not text.
    """
    import errno

    from aligner.errors import QuoteError
    from aligner.transcript.formats import decode
    from media.safe_fs import read_regular

    try:
        data = read_regular(path, _LARGEST_BYTES)
    except OSError as error:
        if error.errno == errno.EFBIG:
            raise QuoteError(
                "{path}: is larger than {most} MB, expected a quote a line", path=path, most=_LARGEST_BYTES // 1_000_000
            ) from error
        raise QuoteError(
            "{path}: cannot be read ({reason}); expected a file with a quote a line", path=path, reason=error.strerror
        ) from error
    lines = (line.strip() for line in decode(data, str(path)).splitlines())
    quotes = [line for line in lines if line and not line.startswith("#")]
    if not quotes:
        raise QuoteError("{path}: holds no quote, expected one a line", path=path)
    return quotes
