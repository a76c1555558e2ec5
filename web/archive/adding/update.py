"""``quotecast archive update``: what is new or has changed at an archive's sources, taken up; made for cron."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus
from web.archive.command import opened, sure_option

if TYPE_CHECKING:
    from web.archive.adding.remembered import Archive


@click.command()
@click.argument("library", type=PATH)
@sure_option
@click.option("--no-listen", is_flag=True, help="Do not listen to sounds whose transcript is in doubt.")
def update(library: Path, sure: float, no_listen: bool) -> int:
    """Read the sources of LIBRARY again: new episodes, changed transcripts and sounds. Says nothing where nothing is
    new; where another run is at it, says so and is done."""
    from web.archive.adding.remembered import Archive

    archive = Archive(opened(library))
    with archive.alone() as is_alone:
        if not is_alone:
            say(f"Busy      another run adds to {library}")
            return ExitStatus.DONE
        return _update(archive, sure, not no_listen)


def _update(archive: Archive, sure: float, listens: bool) -> ExitStatus:
    from web.archive.adding.downloads import Downloads
    from web.archive.adding.left_open import is_all, leave_open
    from web.archive.adding.lines import is_sure, make_all, say_finished, show_pairing, watching
    from web.archive.adding.making import Maker
    from web.archive.adding.new_pairs import left_over, pair_new
    from web.archive.adding.present import finish, open_episodes, there_still
    from web.archive.adding.remembered import with_states
    from web.archive.adding.shows import shows_of
    from web.archive.adding.updating import Update, is_as_before
    from web.archive.doubts.choices import choices_in
    from web.archive.errors import ArchiveError
    from web.archive.pairing.listening import Listener
    from web.archive.sources.asking import Limits
    from web.archive.sources.gathering import Reading, gather

    say_finished(finish(archive))
    memory = archive.read()
    if not memory.sources:
        raise ArchiveError("{path}: has no sources yet; quotecast archive add names them", path=archive.library.root)
    limits = Limits(memory.most_bytes, memory.allow_private)
    known = {place: source.validators for place, source in memory.sources.items()}
    reading = Reading(archive.library.root, limits, archive.feeds, known, is_as_before(memory))
    gathered = gather([*memory.sources], reading, lenient=True)
    for fault in gathered.unread:
        tell(f"quotecast: {fault}")
    there = there_still(archive, memory.episodes)
    downloads = Downloads(archive.downloads, limits, watching)
    maker = Maker(archive, downloads, shows_of(archive.library.episodes()), gathered.covers)
    work = Update(archive, memory, maker, say, tell, there)
    downloads.sweep(gathered.named)
    gathered = work.take_changes(gathered)
    opened = open_episodes(archive, there)
    maker.open = {key: made for key, (made, _) in opened.items()}
    with downloads.holding() as fetched:
        before = memory.told  # what was in doubt before is not fetched each time
        hears = Listener(lambda sound: None if sound.key in before else fetched(sound)) if listens else None
        chosen = choices_in(archive.folder)
        new = pair_new(gathered.found, memory, [sound for _, sound in opened.values()], chosen, hears)
        pairs = [pair for pair in new.pairs if is_sure(pair, sure)]
        alone = [sound for sound in new.sounds if memory.unpaired and sound.key not in opened]
        if left_over(new) - memory.told or pairs:
            for fault in gathered.found.faults:
                tell(f"Left out  {fault}")
            show_pairing(new, sure)
        status = make_all(maker, pairs, alone) if pairs or alone else ExitStatus.DONE
    leave_open(archive, new, sure, is_all(memory, memory.sources, gathered))
    memory.told |= left_over(new)
    failed = bool(work.failed or gathered.unread or status is not ExitStatus.DONE)
    if not failed:
        memory.sources = with_states(memory.sources, gathered.states)
    archive.write(memory)
    return ExitStatus.UNUSABLE if failed else ExitStatus.DONE
