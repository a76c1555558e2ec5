"""``quotecast clip``: its options, and the table of a run over many quotes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.quote_options import quote_options, wanted_of
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from aligner.clips.making import Made, Maker
    from aligner.recognition import Progress

_existing = click.Path(path_type=Path)


@click.command()
@click.argument("alignment", type=_existing)
@quote_options
@click.option("--quotes", type=_existing, help="File with a quote on each line, a clip for each.")
@click.option(
    "-o",
    "--output",
    type=_existing,
    help="File to write: .mp3, .m4a, .wav, .flac, .opus or .ogg; or a folder.  [default: MP3 beside the alignment]",
)
@click.option("--no-listen", is_flag=True, help="Do not compare what is heard in the clip with what is printed.")
def clip(alignment: Path, **options: Any) -> int:
    """Cut a quote out of ALIGNMENT's sound: a clip ready to post, its captions, text and sources beside it."""
    from aligner.cli.progress import shown, tell_done
    from aligner.clips.making import Maker, read_quotes
    from aligner.clips.telling import closing_lines, facts_of, merged

    mode = options["progress_mode"]
    if options["quotes"]:
        _check_alone(options)
        maker, quotes = Maker(alignment, options), read_quotes(options["quotes"])
        with shown(mode, brief=True) as progress:
            outcomes = [_attempt(maker, quote, number, progress) for number, quote in enumerate(quotes, start=1)]
        say(*_table(quotes, outcomes), f"{sum(map(bool, outcomes))} of {len(quotes)} quotes cut into {maker.folder}")
    else:
        wanted = wanted_of(options)
        maker = Maker(alignment, options)
        with shown(mode, brief=True) as progress:
            outcomes = [maker.make(wanted, progress)]
        say(*(line for made in outcomes if made for line in closing_lines(made)))
    clips = [facts_of(made) if made else None for made in outcomes]
    tell_done(mode, clips=clips, **merged(clips))
    return ExitStatus.DONE if all(outcomes) else ExitStatus.UNUSABLE


def _check_alone(options: dict[str, Any]) -> None:
    others = ("quote", "match", "start", "end", "words", "segment", "exact")
    if any(options[name] for name in others):
        raise click.UsageError("--quotes stands alone, without another way to name a quote")


def _attempt(maker: Maker, quote: str, number: int, progress: Progress) -> Made | None:
    """The clip of one quote of several, None where it failed, for that stops nothing; what is to be said is said."""
    from aligner.errors import AlignerError
    from aligner.quotes import Wanted
    from media.errors import MediaError

    try:
        made = maker.make(Wanted(quote), progress)
    except (AlignerError, MediaError) as error:
        tell(f"quotecast: quote {number}: {error}")
        return None
    if len(made.places) > 1:
        tell(f"quotecast: quote {number}: is in {len(made.places)} places, of which this was taken: {made.taken}")
    for caution in made.cautions:
        tell(f"quotecast: quote {number}: look at this: {caution.message}")
    return made


def _table(quotes: Sequence[str], outcomes: Sequence[Made | None]) -> Iterator[str]:
    """A line for each quote."""
    from aligner.clips.telling import shortened

    for number, (quote, made) in enumerate(zip(quotes, outcomes, strict=True), start=1):
        state = "failed" if made is None else "look" if made.cautions else "ok"
        seconds = f"{made.cut.timeline.duration:.1f} s" if made else ""
        file = made.files.paths[0].name if made else ""
        yield f"{number:>4}  {state:<6}  {seconds:>7}  {shortened(quote, 50):<50}  {file}".rstrip()
