"""``quotecast archive forget``: sources that are read no more; what was made of them stays."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import say
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from collections.abc import Sequence

    from web.archive.adding.remembered import Archive


@click.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.argument("library", type=PATH)
def forget(sources: tuple[str, ...], library: Path) -> int:
    """Read each SOURCE of LIBRARY no more: a feed or a folder, as it was added, or as it is shown. Its episodes stay as
    they are."""
    from web.archive.adding.arguments import opened_again
    from web.archive.errors import ArchiveError

    archive = opened_again(library)
    with archive.alone() as is_alone:
        if not is_alone:
            raise ArchiveError("{path}: another run adds to it; wait for its end", path=library)
        return _forget(archive, sources)


def _forget(archive: Archive, sources: Sequence[str]) -> ExitStatus:
    from media.moving import remove_file
    from web.archive.adding.course import check_sources
    from web.archive.adding.left_open import leave_open
    from web.archive.adding.listing import Listing
    from web.archive.adding.not_taken import give_up, not_taken
    from web.archive.adding.present import there_still
    from web.archive.adding.remembered import Source
    from web.archive.errors import shown_place
    from web.archive.pairing.assignment import SURE
    from web.archive.pairing.pairs import Pairing
    from web.archive.sources.gathering import kept_at

    memory = archive.read()
    check_sources(archive, memory)
    places = dict.fromkeys(_named(source, [*memory.sources], archive.library.root) for source in sources)
    # The others are read anew, as if nothing were known of them: episodes of those that go may be theirs by now.
    memory.sources = {place: Source(place) for place in memory.sources if place not in places}
    archive.write(memory)
    there = there_still(Listing(archive), memory.episodes)
    give_up(archive, memory.sources, there)
    stays = not_taken(archive, memory.sources, there)
    leave_open(archive, Pairing(), SURE, None, stays)
    for place in places:
        remove_file(kept_at(archive.feeds, place))
        say(f"Forgotten {shown_place(place)}")
    return ExitStatus.DONE


def _named(source: str, places: Sequence[str], library: Path) -> str:
    """The place that is meant: one that cannot be told from others by what is shown has to be named whole.

    Raises
    ------
    ArchiveError
        There is none.
    """
    from web.archive.errors import ArchiveError, shown_place
    from web.archive.sources.gathering import whole_path

    whole = source if "://" in source else whole_path(source)
    alike = [place for place in places if shown_place(place) == source]
    meant = whole if whole in places else alike[0] if len(alike) == 1 else None
    if meant is None:
        raise ArchiveError(
            "{source}: is no source of {path}; its sources are {sources}",
            source=shown_place(source), path=library, sources=", ".join(map(shown_place, places)),
        )  # fmt: skip
    return meant
