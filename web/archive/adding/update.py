"""``quotecast archive update``: what is new or has changed at an archive's sources, taken up; made for cron."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus
from web.archive.command import sure_option

if TYPE_CHECKING:
    from web.archive.adding.remembered import Archive


@click.command()
@click.argument("library", type=PATH)
@sure_option
@click.option("--no-listen", is_flag=True, help="Do not listen to sounds whose transcript is in doubt.")
def update(library: Path, sure: float, no_listen: bool) -> int:
    """Read the sources of LIBRARY again: new episodes, changed transcripts and sounds. Says nothing where nothing is
    new; where another run is at it, says so and is done."""
    from web.archive.adding.arguments import opened_again

    archive = opened_again(library)
    with archive.alone() as is_alone:
        if not is_alone:
            say(f"Busy      another run adds to {library}")
            return ExitStatus.DONE
        return _update(archive, sure, not no_listen)


def _update(archive: Archive, sure: float, listens: bool) -> ExitStatus:
    from web.archive.adding.attempts import Attempts
    from web.archive.adding.caught_up import take_titles
    from web.archive.adding.copies import Encodings
    from web.archive.adding.course import Course, check_sources, limits_of, recalled
    from web.archive.adding.declared import told_apart
    from web.archive.adding.following import Feeds, is_as_before, own_texts
    from web.archive.adding.known_again import KnownAgain
    from web.archive.adding.lines import show_pairing
    from web.archive.adding.listing import Listing
    from web.archive.adding.new_pairs import fault_key, left_over, with_news
    from web.archive.adding.others import take_over
    from web.archive.adding.present import there_still
    from web.archive.adding.removed import keep_away
    from web.archive.adding.updating import Update
    from web.archive.pairing.listening import Listener
    from web.archive.sources.gathering import Reading, gather

    memory = recalled(archive)
    check_sources(archive, memory)
    known = {place: source.validators for place, source in memory.sources.items()}
    listing, skipped = Listing(archive), is_as_before(memory)
    once = Encodings(listing, memory)
    reading = Reading(
        archive.library.root, limits_of(memory), archive.feeds, known, skipped, once, own=own_texts(memory)
    )
    gathered = gather([*memory.sources], reading, lenient=True)
    for fault in gathered.unread:
        tell(f"quotecast: {fault}")
    there = there_still(listing, memory.episodes)
    take_over(listing, memory, there, gathered.found, say)
    feeds = Feeds(listing, memory, there, gathered, reading, say)
    feeds.follow()
    keep_away(listing, memory, gathered.found.sounds)
    attempts = Attempts(tell, archive.library.root)
    take_titles(listing, memory, there, attempts, say)
    course = Course(listing, memory, memory.sources, gathered, there, sure)
    course.downloads.sweep(gathered.named)
    work = Update(memory, course.maker, say, attempts, there)
    again = KnownAgain(listing, feeds, course.downloads, say, attempts)
    for fault in gathered.found.faults:
        if fault_key(fault) not in memory.told:
            tell(f"Left out  {fault}")
    course.catch_up(attempts, say)
    found = work.take_changes(again.know(gathered.found, work.take_sound, memory.told))
    course.maker.follow, known_before = again.take, again.count
    with course.downloads.holding() as fetched:
        before = memory.told
        hears = with_news(before, Listener(fetched), Listener()) if listens else None
        new = told_apart(course.pair(found, hears, told=before), listing, course.downloads, hears)
        pairs, alone = new.sure(course.sure), course.without_text(new) if memory.unpaired else []
        if left_over(new) - memory.told or pairs:
            show_pairing(new, sure, archive.library.root, before)
        status = course.make(new, pairs, alone)
    failed = bool(attempts.failed or gathered.unread or status is not ExitStatus.DONE)
    course.end(new, is_done=not failed and again.count == known_before)  # the next one takes up what they have
    return ExitStatus.UNUSABLE if failed else ExitStatus.DONE
