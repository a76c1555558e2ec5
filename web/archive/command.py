"""``quotecast archive``: a whole show at once, added, aligned and kept up to date."""

from __future__ import annotations

import os
import shlex
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.options import PATH, progress_option
from aligner.cli.terminal import log, printable, say
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from web.archive.importing import Import
    from web.archive.records import Finding, Source
    from web.archive.state import Archive

_MOST_LISTED = 10  # of each kind


@click.group()
def archive() -> None:
    """A whole show at once: its episodes, from feeds and folders, aligned and kept up to date."""


@archive.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.argument("library", type=PATH)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: add the pairs that are sure, leave the others.")
@click.option("--allow-private", is_flag=True, help="Also fetch from a feed's own host that is off the public web.")
def add(sources: tuple[str, ...], library: Path, yes: bool, allow_private: bool) -> int:
    """Add the episodes of each SOURCE to LIBRARY: feeds (files or addresses), folders of audio and transcripts, files.

    What belongs together is shown first, with how sure that is and why. What is not sure waits as a question, on the
    archive's page in the app and in quotecast archive status.
    """
    from web.archive.records import Source
    from web.archive.sources import place_of
    from web.archive.state import open_archive

    places = [place_of(each) for each in sources]
    _check_named_last(library, places)
    _check_writable(library, is_made=True)
    archive = open_archive(library)
    with archive.alone("import"):
        _begin_again(archive)
        found = _read(archive, [Source(place, is_private=_may_be_private(place, allow_private)) for place in places])
        found.pair(is_again=True, tell=lambda name: log(f"Listening to {name}"))
        _show_pairs(found)
        count = len(found.sure)
        if count and not yes and not _is_confirmed(f"Add {count} episode{'s' * (count > 1)}?"):
            say("Added     nothing, and nothing is remembered of it")
            return ExitStatus.DONE
        found.remember_sources()
        return _add(found, library, is_again=True)


@archive.command()
@click.argument("library", type=PATH)
@click.option("--take", is_flag=True, help="Take every new transcript, unless it was edited here, and new audio.")
def update(library: Path, take: bool) -> int:
    """Read the sources of LIBRARY again: add new episodes, list what changed. Prints nothing where nothing is new."""
    from web.archive.status import describe

    archive = _archive_of(library)
    with archive.alone("import"):
        before = archive.changes()
        found = _read(archive)
        found.remember_sources()
        found.pair(is_again=False)
        found.take(take, lambda change, title: say(f"Taken     {title}: new {change.kind}"))
        changes = [(each, found.adder.tracked[each.folder].title) for each in archive.changes()]
        _say_some([f"Changed   {describe(each, title)}" for each, title in changes if each not in before])
        if take:
            _say_some([f"Kept      {title}: edited here; the app takes the new one" for each, title in changes
                       if each.is_edited and each.decision is None])  # fmt: skip
        return _add(found, library, is_again=False)


@archive.command()
@click.argument("library", type=PATH)
@click.option("--workers", type=click.IntRange(1, 1024), help="Episodes at a time.  [default: one for each core]")
@click.option("--again", is_flag=True, help="Also what failed, or an earlier quotecast aligned.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers do it: tcp://10.0.0.1:8786.")
@progress_option
def run(library: Path, workers: int | None, again: bool, scheduler: str | None, progress_mode: str) -> int:
    """Align every episode of LIBRARY that is not aligned, and write its captions. May be interrupted at any moment: the
    next run does what is left."""
    from aligner.cli.progress import report_done
    from web.archive.running import Run, shown
    from web.archive.state import open_archive

    if scheduler and workers:
        raise click.UsageError("--workers are those of this machine; a scheduler has its own")
    _check_writable(library)
    began, found = time.monotonic(), open_archive(library)
    current = Run(found)
    with found.alone("run"):
        try:
            with shown(progress_mode) as show:
                current.go(workers, scheduler, again, show)
        finally:
            if current.all:
                found.put_run({**current.facts(), "is_over": True})
    _say_how_it_went(found, current.all, time.monotonic() - began)
    report_done(progress_mode, **current.facts())
    return ExitStatus.UNUSABLE if current.failed or current.left else ExitStatus.DONE


@archive.command()
@click.argument("library", type=PATH)
def status(library: Path) -> int:
    """Show how LIBRARY stands: what is aligned, what failed, and what waits for an answer."""
    from web.archive.errors import shown
    from web.archive.status import waiting_for_a_person

    found = _archive_of(library)
    _say_some([f"Source    {shown(source.place)}" for source in found.sources()])
    _say_how_it_went(found)
    _say_some(list(waiting_for_a_person(found)))
    _list([each for each in found.findings() if each.kind not in ("question", "missing")])
    return ExitStatus.DONE


@archive.command()
@click.argument("library", type=PATH)
@click.argument("name", metavar="SOURCE|EPISODE")
def forget(library: Path, name: str) -> int:
    """Read a source of LIBRARY no more, whose episodes stay; or let the source add an episode again whose folder was
    deleted."""
    from web.archive.errors import ArchiveError
    from web.archive.status import forget as forget_episode

    found = _archive_of(library)
    places = {source.place for source in found.sources()}
    path = os.path.abspath(name)  # noqa: PTH100
    wanted = {each for each in places if path == each or ("://" in name and each.startswith(name.rstrip("?…")))}
    if len(wanted) == 1:
        found.forget_source(wanted.pop())
        say(f"Forgotten {name}; its episodes stay")
    elif forget_episode(found, name):
        say(f"Forgotten {name}; quotecast archive update adds it again if its source still has it")
    else:
        raise ArchiveError("{name}: is no source and no missing episode; archive status lists both", name=name)
    return ExitStatus.DONE


@archive.command()
@click.argument("old", type=PATH)
@click.argument("new", type=PATH)
def move(old: Path, new: Path) -> int:
    """Tell quotecast that the library at OLD lies at NEW now: what the archive remembers goes with it."""
    from web.archive.state import move_archive

    _check_writable(new)
    move_archive(old, new)
    say(f"Moved     {old} -> {new}")
    return ExitStatus.DONE


_KINDS = {
    "question": "Question", "audio": "No text", "text": "No audio", "duplicate": "Twice", "fault": "Left out",
    "unread": "Unread", "gone": "Gone", "missing": "Missing",
}  # fmt: skip
_DETAILS = {
    "gone": "its {kind} is not at its source any more; the episode stays",
    "missing": "its folder was deleted; quotecast archive forget lets it be added again",
    "duplicate": "the same as {of}",
}


def _check_named_last(library: Path, places: Sequence[str]) -> None:
    """Make sure that the last argument is meant as the library.

    Raises ArchiveError: it is an address, or a source itself.
    """
    from web.archive.errors import ArchiveError
    from web.archive.folders import holds_loose_files

    if ":/" in str(library):
        raise ArchiveError("the library comes last, a folder; an address of the web was given")
    if str(library.resolve()) in places or holds_loose_files(library):
        raise ArchiveError(
            "{path}: holds audio or transcripts as a source does; the library comes last, in a folder of its own",
            path=library,
        )


def _check_writable(library: Path, is_made: bool = False) -> None:
    """Raise OutputError where a library cannot be written, or is not there and not to be made."""
    from aligner.errors import OutputError
    from media.safe_fs import is_folder
    from web.library.library import open_library

    if not (is_made or is_folder(library)):
        raise OutputError("{path}: nothing is there; expected a library", path=library)
    if reason := open_library(library):
        raise OutputError("{path}: cannot be written ({reason})", path=library, reason=reason)


def _archive_of(library: Path) -> Archive:
    """Return the user's archive of a library; raises ArchiveError where they have none there."""
    from web.archive.errors import ArchiveError
    from web.archive.state import archive_at

    if found := archive_at(library):
        return found
    raise ArchiveError(
        "{path}: no archive of yours; quotecast archive add names its sources, and archive move follows a library that"
        " was moved",
        path=library,
    )


def _may_be_private(place: str, is_allowed: bool) -> bool:
    """Return whether the host of a feed may be off the public web: where the person who named it says so."""
    import socket

    from web.archive.fetching import host_of, may_ask

    if "://" not in place or is_allowed or not sys.stdin.isatty():
        return is_allowed
    try:
        numbers = {str(address[4][0]) for address in socket.getaddrinfo(host_of(place), None)}
    except OSError:  # fetching says so
        return False
    return not all(map(may_ask, numbers)) and _is_confirmed(
        f"{host_of(place)} is not on the public web. Fetch from it?"
    )


def _read(found: Archive, new: Sequence[Source] = ()) -> Import:
    """Read the sources; how many files were read is shown on a terminal."""
    from rich.console import Console

    from web.archive.importing import Import

    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with console.status("Reading the sources") as shown:
        imported = Import.read(found, new, lambda done, total: shown.update(f"Reading file {done} of {total}"))
    if imported.recognised:
        say(f"There     {imported.recognised} of them are in the library already, and are followed from now on")
    return imported


def _show_pairs(found: Import) -> None:
    """Show which transcript belongs to which audio, how sure that is and why, and what is left over."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    if found.pairing.pairs:
        table = Table("", "Audio", "Transcript", "Sure", "Why", box=None, pad_edge=False)
        for pair in found.pairing.pairs:
            kind = "Pair" if pair in found.sure else "Question"
            why = ", ".join(str(reason.words) for reason in pair.best.reasons[:3])
            why += f"; or {' or '.join(each.text.name for each in pair.others[:2])}" if pair.others else ""
            cells = (kind, pair.audio.name, pair.best.text.name, f"{pair.confidence:.0%}", why)
            table.add_row(*(Text(printable(cell), overflow="ellipsis", no_wrap=True) for cell in cells))
        console = Console(highlight=False)
        Console(highlight=False, width=console.width if console.is_terminal else 160).print(table)
    _list([each for each in found.findings() if each.kind not in ("question", "unread")])


def _is_confirmed(question: str) -> bool:
    if not sys.stdin.isatty():
        log("Asked     nothing, for nobody is there to answer; --yes adds what is sure")
        return False
    try:
        return click.confirm(question, default=True)
    except click.Abort:  # Ctrl+D or Ctrl+C
        say("")
        return False


def _begin_again(archive: Archive) -> None:
    """Forget all episodes if the folder of none is there any more: the library was deleted, to begin anew."""
    from media.safe_fs import is_folder

    episodes = archive.episodes()
    if episodes and not any(is_folder(archive.root / folder) for folder in episodes):
        for folder in episodes:
            archive.forget_episode(folder)
        say(f"Forgotten {len(episodes)} episodes: the folder of none is there any more")


def _add(found: Import, library: Path, is_again: bool) -> ExitStatus:
    """Add what is sure, remember what is left, and say what is new of it and what comes next."""
    count = len(found.adder.tracked)
    found.add(lambda tracked: say(f"Added     {tracked.title}"), is_again)
    count = len(found.adder.tracked) - count
    new = found.finish()
    if not is_again:
        _list(new)
    for problem in (*found.offer.unread.values(), *found.problems):
        log(f"quotecast: {problem}")
    if count or is_again:
        command = f"quotecast archive run {shlex.quote(str(library))}"
        say(f"Next      {command}" if count else "Added     nothing")
    if any(each.kind == "question" and each.answer is None for each in new):
        say(f"Questions quotecast serve {shlex.quote(str(library))} asks them on the page Archive")
    return ExitStatus.UNUSABLE if found.problems or found.offer.unread else ExitStatus.DONE


def _say_how_it_went(found: Archive, ran: int | None = None, seconds: float = 0.0) -> None:
    """Say how many episodes are aligned, and list those that are not, with the reason."""
    from collections import Counter

    from web.archive.status import State, episode_statuses

    statuses = episode_statuses(found)
    count = Counter(each.state for each in statuses)
    _say_some([f"Failed    {each.title}: {each.error}" for each in statuses if each.state is State.FAILED])
    _say_some([f"Missing   {each.folder}: {_DETAILS['missing']}" for each in statuses if each.state is State.MISSING])
    _say_some([f"No text   {each.title}: the app, or quotecast transcribe, makes a first transcript"
               for each in statuses if each.state is State.UNTRANSCRIBED])  # fmt: skip
    if old := sum(each.is_old for each in statuses):
        say(f"Earlier   {old} were aligned by an earlier quotecast; archive run --again aligns them again")
    left = f", {count[State.WAITING]} wait" if count[State.WAITING] else ""
    say(f"Episodes  {count[State.DONE]} aligned, {count[State.FAILED]} failed{left}")
    if ran:
        say(f"Took      {seconds:.0f} s for {ran}")


def _list(findings: Sequence[Finding]) -> None:
    """List findings, some of each kind."""
    from media.errors import from_facts

    for kind, title in _KINDS.items():
        lines = list[str]()
        for each in (each for each in findings if each.kind == kind):
            reason = from_facts(each.details["reason"]) if "reason" in each.details else ""
            detail = _DETAILS.get(kind, "").format(**each.details) or reason
            lines.append(f"{title:10}{each.name}{': ' if detail else ''}{detail}")
        _say_some(lines)


def _say_some(lines: Sequence[str]) -> None:
    say(*lines[:_MOST_LISTED]) if lines else None
    if len(lines) > _MOST_LISTED:
        say(f"          and {len(lines) - _MOST_LISTED} more, on the archive's page in the app")
