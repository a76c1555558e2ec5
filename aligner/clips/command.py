"""``quotecast clip``: its options, the closing lines of its run, and the table of a run over many quotes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.terminal import say, tell

if TYPE_CHECKING:
    from aligner.clips.making import Made

UNUSABLE = 3  # the exit status where a quote of several could not be used

_existing = click.Path(path_type=Path)


@click.command()
@click.argument("alignment", type=_existing)
@click.option("--quote", help="The words to cut out; small differences do not matter.")
@click.option("--match", type=click.IntRange(1), help="Of several places where they are said, the one to take.")
@click.option("--from", "start", help="Start instead of a quote, in seconds or h:mm:ss.")
@click.option("--to", "end", help="End, in seconds or h:mm:ss.")
@click.option("--segment", help="Id of a segment of the alignment instead of a quote, such as s12.")
@click.option("--quotes", type=_existing, help="File with a quote on each line, a clip for each.")
@click.option(
    "-o",
    "--output",
    type=_existing,
    help="File to write: .mp3, .m4a, .wav, .flac, .opus or .ogg; or a folder.  [default: MP3 beside the alignment]",
)
@click.option("--audio", type=_existing, help="The sound, if it is no longer where it was.")
@click.option("--pad", type=click.FloatRange(0, 30), default=0.0, help="Seconds more at both ends.")
@click.option("--tighten", is_flag=True, help="Make long pauses short.")
@click.option("--lufs", type=click.FloatRange(-40, -5), default=-16.0, show_default=True, help="Loudness.")
@click.option("--no-loudness", is_flag=True, help="Leave the loudness as it is.")
@click.option("--no-listen", is_flag=True, help="Do not compare what is heard in the clip with what is printed.")
def clip(alignment: Path, **options: Any) -> int:
    """Cut a quote out of ALIGNMENT's sound: a clip ready to post, its captions, text and sources beside it."""
    from aligner.clips.making import Maker, read_quotes
    from aligner.quotes import Wanted

    _check_usage(options)
    maker = Maker(alignment, options)
    if options["quotes"]:
        return _many(maker, read_quotes(options["quotes"]))
    wanted = Wanted(options["quote"], options["start"], options["end"], options["segment"], options["match"])
    say(*_closing(maker.make(wanted)))
    return 0


def _check_usage(options: dict[str, Any]) -> None:
    ways = {
        "--quote": options["quote"] is not None,
        "--from/--to": options["start"] is not None or options["end"] is not None,
        "--segment": options["segment"] is not None,
        "--quotes": options["quotes"] is not None,
    }
    if sum(ways.values()) != 1:
        raise click.UsageError(f"expected one of {', '.join(ways)}")
    if options["match"] and not ways["--quote"]:
        raise click.UsageError("--match goes with --quote")


def _closing(made: Made) -> Iterator[str]:
    """What was cut, where else it is said, what to look at, and where the files are."""
    from aligner.progress import clock

    cut = made.cut
    yield f"Quote     {_short(cut.quote.text, 80)}{f' ({cut.quote.speaker})' if cut.quote.speaker else ''}"
    if len(made.places) > 1:
        yield f"Places    {made.places[0]}"
        yield from (f"          {place}" for place in made.places[1:])
        yield f"Taken     {made.number}; --match N takes another"
    elif made.places and made.score < 1:
        yield f"Found     as {made.score:.0%} of what was asked for"
    span, level = cut.timeline.span, made.files.level
    loudness = "too short or quiet to have a loudness" if level.lufs is None else f"{level.lufs:.1f} LUFS"
    peak = max(level.true_peak_db, -120.0)
    yield f"Clip      {cut.timeline.duration:.1f} s from {clock(span.start)} on; {loudness}, peak {peak:.1f} dBTP"
    yield from (f"Look at   {caution.message}" for caution in made.cautions)
    first, *beside = made.files.paths
    yield f"Written   {first}, with {', '.join(path.suffix for path in beside)} beside it"
    if made.files.kept:
        yield f"Kept      {', '.join(map(str, made.files.kept))}, as edited before"


def _many(maker: Any, quotes: list[str]) -> int:
    """A clip for each quote, one failure among them stopping nothing; a table at the end."""
    from aligner.errors import AlignerError
    from aligner.quotes import Wanted
    from media.errors import MediaError

    rows, failed = [], 0
    for number, quote in enumerate(quotes, start=1):
        try:
            made = maker.make(Wanted(quote))
        except (AlignerError, MediaError) as error:
            failed += 1
            tell(f"quotecast: quote {number}: {error}")
            rows.append((number, "failed", "", _short(quote, 50), ""))
            continue
        for caution in made.cautions:
            tell(f"quotecast: quote {number}: look at this: {caution.message}")
        state = "look" if made.cautions else "ok"
        seconds = f"{made.cut.timeline.duration:.1f} s"
        rows.append((number, state, seconds, _short(quote, 50), made.files.paths[0].name))
    say(
        *(f"{number:>4}  {state:<6}  {seconds:>7}  {quote:<50}  {file}" for number, state, seconds, quote, file in rows)
    )
    say(f"{len(quotes) - failed} of {len(quotes)} quotes cut into {maker.folder}")
    return UNUSABLE if failed else 0


def _short(text: str, length: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
