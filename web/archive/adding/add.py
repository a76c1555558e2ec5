"""``quotecast archive add``: from feeds and folders to episodes in a library, once a person has seen the pairs."""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, NumberRange
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus
from web.archive.command import sure_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.archive.adding.remembered import Archive, Memory
    from web.archive.pairing.pairs import Pair, Pairing

_MOST_ASKED = 50  # pairs in doubt, one by one
_LINE_EVERY = 10.0  # seconds, where there is no terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    sources: tuple[str, ...]
    library: Path
    yes: bool
    sure: float
    listen: str
    without_transcript: bool
    allow_private: bool
    max_download: float
    again: tuple[str, ...]


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.argument("library", type=PATH)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: take the pairs that are sure, leave those in doubt.")
@sure_option
@click.option(
    "--listen",
    type=click.Choice(["doubt", "all", "none"]),
    default="doubt",
    show_default=True,
    help="Which sounds are listened to for two minutes, to tell their transcripts.",
)
@click.option("--without-transcript", is_flag=True, help="Also add sounds for which there is no transcript.")
@click.option(
    "--again", multiple=True, metavar="NAME", help="Also make the episode of that name, which was removed here."
)
@click.option("--allow-private", is_flag=True, help="Also fetch from this machine and its own network; remembered.")
@click.option(
    "--max-download",
    type=NumberRange(0.001, 1000),
    default=2.0,
    show_default=True,
    help="Gigabytes of a file that is fetched; remembered.",
)
def add(**options: Any) -> int:
    """Make episodes in LIBRARY of each SOURCE: a feed (a file or an address), folders of sound and transcripts, files.
    It is shown first which transcript belongs to which sound, how sure that is, and why."""
    from media.moving import is_taken
    from web.archive.adding.arguments import not_begun, opened_for

    arguments = _Arguments(**options)
    was_there = is_taken(arguments.library)
    places, archive = opened_for(arguments.sources, arguments.library)
    with archive.alone() as is_alone:
        if not is_alone:
            from web.archive.errors import ArchiveError

            raise ArchiveError("{path}: another run adds to it; wait for its end", path=arguments.library)
        with not_begun(archive, was_there):
            return _add(arguments, places, archive)


def _add(arguments: _Arguments, places: list[str], archive: Archive) -> ExitStatus:
    from web.archive.adding.attempts import Attempts
    from web.archive.adding.copies import Encodings
    from web.archive.adding.course import Course, limits_of, recalled
    from web.archive.adding.declared import told_apart
    from web.archive.adding.following import Feeds, own_texts, without_changed
    from web.archive.adding.known_again import KnownAgain
    from web.archive.adding.lines import show_pairing
    from web.archive.adding.listing import Listing
    from web.archive.adding.others import take_over
    from web.archive.adding.present import there_still
    from web.archive.adding.remembered import Source
    from web.archive.adding.removed import forget_removed, keep_away, names_away
    from web.archive.pairing.listening import Listener
    from web.archive.sources.gathering import Reading, gather

    memory, listing = recalled(archive), Listing(archive)
    _take_in(arguments, places, memory)
    once = Encodings(listing, memory)
    reading = Reading(
        archive.library.root, limits_of(memory), archive.feeds, each_once=once, watch=_Looking(), own=own_texts(memory)
    )
    gathered = gather(places, reading)
    for fault in gathered.found.faults:
        tell(f"Left out  {fault}")
    there = there_still(listing, memory.episodes)
    take_over(listing, memory, there, gathered.found, say)
    feeds = Feeds(listing, memory, there, gathered, reading, say, are_named=True)
    has_moved = feeds.follow()
    keep_away(listing, memory, gathered.found.sounds)
    forget_removed(memory, _wanted_again(names_away(listing, memory, gathered.found.sounds), arguments))
    course = Course(listing, memory, places, gathered, there, arguments.sure)
    attempts = Attempts(tell, archive.library.root)
    again = KnownAgain(listing, feeds, course.downloads, say, attempts)
    found, course.maker.follow = again.know(gathered.found, None, fetches=arguments.yes), again.take
    found, changed = without_changed(found, [*there.values()])
    for folder in changed:
        say(f"Changed   {listing.called(folder)}: what it was made of has changed, which an update takes up")
    with course.downloads.holding() as fetched:
        listener = Listener(fetched if arguments.yes else Listener().fetched)
        hears = None if arguments.listen == "none" else listener
        pairing = course.pair(found, hears, arguments.listen == "all")
        if arguments.yes or sys.stdin.isatty():
            pairing = told_apart(pairing, listing, course.downloads, hears)
        show_pairing(pairing, arguments.sure, archive.library.root)
        chosen = _chosen(pairing, arguments)
        memory.sources |= {place: Source(place) for place in places}
        course.end(pairing, is_done=False)  # so that the next update goes on where this run is killed
        alone = course.without_text(pairing) if arguments.without_transcript and chosen is not None else []
        status = course.make(pairing, chosen or [], alone)
    if not (chosen or alone):
        say("Made      nothing")
    elif status is ExitStatus.DONE and not (has_moved or again.count or attempts.failed):
        course.end(pairing, is_done=True)  # but for those that moved: what else is new of them, an update takes up
    return ExitStatus.UNUSABLE if attempts.failed else status


def _take_in(arguments: _Arguments, places: Sequence[str], memory: Memory) -> None:
    """Take into the memory how the sources are to be read, and say which are left out."""
    from web.archive.errors import shown_place

    memory.allow_private = arguments.allow_private or memory.allow_private
    memory.most_bytes = int(arguments.max_download * 1e9)
    memory.unpaired = arguments.without_transcript or memory.unpaired
    for place in memory.strange:
        if place not in places:
            tell(f"Left out  {shown_place(place)}: a source that somebody else named")


def _wanted_again(away: Sequence[str], arguments: _Arguments) -> set[str]:
    """Those of the episodes that were removed here which are asked for; the others are told, with the way back."""
    from aligner.cli.terminal import printable

    for name in {*arguments.again} - {*away}:
        tell(f"Left out  {name}: no episode of these sources that was removed here is called so")
    wanted, is_asked = {*arguments.again} & {*away}, sys.stdin.isatty() and not arguments.yes
    for name in away:
        if name in wanted:
            continue
        if is_asked and click.confirm(printable(f"Removed   {name} was removed here. Make it again?"), default=False):
            wanted.add(name)
        else:
            say(f"Removed   {name}: was removed here, and is not made; it may be in the app's trash, --again makes it")
    return wanted


def _chosen(pairing: Pairing, arguments: _Arguments) -> list[Pair] | None:
    """The pairs to make, for certain where a person said so; None where a person wants none."""
    sure, doubtful = pairing.sure(arguments.sure), pairing.in_doubt(arguments.sure)
    if arguments.yes:
        return sure
    if not sys.stdin.isatty():
        tell("Asked     nothing, for nobody is there to answer; --yes takes what is sure")
        return None
    more = len(pairing.sounds) if arguments.without_transcript else 0
    if (sure or more) and not click.confirm(f"Make {len(sure) + more} episodes?", default=True):
        return None
    wanted = [*sure, *(pair for pair in doubtful[:_MOST_ASKED] if click.confirm(_question(pair), default=False))]
    return [replace(pair, confidence=1.0) for pair in wanted]


def _question(pair: Pair) -> str:
    from aligner.cli.terminal import printable

    return printable(f"In doubt ({pair.confidence:.2f}): {pair.sound.name} with {pair.text.name}. Make it?")


class _Looking:
    """Tells how many files were looked at: of each in a terminal, elsewhere in a line from time to time."""

    def __init__(self, every: float = _LINE_EVERY) -> None:
        self._every, self._told = every, time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        words = f"Looking   {done} of {total} files"
        if sys.stderr.isatty():
            print(f"\r{words}", end="\n" if done == total else "", file=sys.stderr, flush=True)
        elif time.monotonic() - self._told >= self._every:
            self._told = time.monotonic()
            tell(words)
