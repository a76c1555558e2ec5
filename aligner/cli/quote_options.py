"""The options that say which quote is meant and how it is cut, shared by ``clip`` and ``audiogram``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from aligner.publishing.excerpt import CutOptions
    from aligner.quotes import Wanted
    from media.mastering import Finish

_path = click.Path(path_type=Path)

_OPTIONS = (
    click.option("--quote", help="The words to cut out; small differences do not matter."),
    click.option("--match", type=click.IntRange(1), help="Of several places where they are said, the one to take."),
    click.option("--from", "start", help="Start instead of a quote, in seconds or h:mm:ss."),
    click.option("--to", "end", help="End, in seconds or h:mm:ss."),
    click.option("--exact", is_flag=True, help="Cut at --from and --to to the millisecond, in a word if need be."),
    click.option(
        "--words",
        metavar="FIRST-LAST",
        help="The alignment's words from index FIRST up to but without LAST; with --from, --to and --exact only what "
        "the clip is said to hold.",
    ),
    click.option("--segment", help="Id of a segment of the alignment instead of a quote, such as s12."),
    click.option("--audio", type=_path, help="The sound, if it is no longer where it was."),
    click.option("--pad", type=click.FloatRange(0, 30), default=0.0, help="Seconds more at both ends."),
    click.option("--tighten", is_flag=True, help="Make long pauses short."),
    click.option("--lufs", type=click.FloatRange(-40, -5), default=-16.0, show_default=True, help="Loudness."),
    click.option("--no-loudness", is_flag=True, help="Leave the loudness as it is."),
    click.option(
        "--progress",
        "progress_mode",
        type=click.Choice(["auto", "json", "none"]),
        default="auto",
        help="json: a line of JSON on stderr for each step, the last one with the files and the warnings.",
    ),
)


def quote_options(command: Any) -> Any:
    """Give a command the options that ``wanted_of``, ``cutting_of`` and ``finish_of`` read."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command


def wanted_of(options: Mapping[str, Any]) -> Wanted:
    """Which quote the options name.

    Raises
    ------
    click.UsageError
        They name none, more than one, or do not go together.
    """
    from aligner.quotes import Wanted

    times = options["start"] is not None, options["end"] is not None
    ways = {
        "--quote": options["quote"] is not None,
        "--words": options["words"] is not None,
        "--from/--to": any(times) and not (options["words"] and options["exact"]),
        "--segment": options["segment"] is not None,
    }
    if sum(ways.values()) != 1:
        raise click.UsageError(f"expected one of {', '.join(ways)}; --words goes with --from, --to and --exact too")
    if options["match"] and not ways["--quote"]:
        raise click.UsageError("--match goes with --quote")
    if options["exact"] and not (all(times) and not options["pad"]):
        raise click.UsageError("--exact goes with --from and --to, and without --pad")
    indices = None if options["words"] is None else _read_indices(options["words"])
    return Wanted(options["quote"], options["start"], options["end"], options["segment"], options["match"], indices)


def cutting_of(options: Mapping[str, Any]) -> CutOptions:
    """How the quote is to be cut."""
    from aligner.publishing.excerpt import CutOptions

    return CutOptions(options["pad"], options["tighten"], options["exact"])


def finish_of(options: Mapping[str, Any]) -> Finish:
    """How loud the clip is to be."""
    from media.mastering import Finish

    return Finish(None if options["no_loudness"] else options["lufs"])


def _read_indices(text: str) -> range:
    found = re.fullmatch(r"(\d{1,9})-(\d{1,9})", text.strip())
    if not found or int(found[1]) >= int(found[2]):
        raise click.BadParameter(f"{text!r}; expected two indices such as 120-135", param_hint="--words")
    return range(int(found[1]), int(found[2]))
