"""The commands of ``quotecast archive``."""

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

_MOST_LISTED = 10  # lines of each kind


@click.group()
def archive() -> None:
    """Import a whole show from feeds and folders, align its episodes, and keep them up to date."""


@archive.command()
@click.argument("sources", nargs=-1, required=True, metavar="SOURCE...")
@click.argument("library", type=PATH)
@click.option("-y", "--yes", is_flag=True, help="Ask nothing: add the pairs that are sure, leave the others.")
@click.option("--allow-private", is_flag=True, help="Also fetch from a feed's own host that is off the public web.")
def add(sources: tuple[str, ...], library: Path, yes: bool, allow_private: bool) -> int:
    """Add the episodes of each SOURCE to LIBRARY.

    A SOURCE is a feed (a file or an address), a folder of audio and transcripts, or a file. The pairs of audio and
    transcript are shown first, with their probability and the reasons. A pair that is not sure becomes a question, on
    the archive's page in the app and in quotecast archive status.
    """
    from web.archive.records import Source
    from web.archive.sources import location_of
    from web.archive.state import open_archive

    locations = [location_of(each) for each in sources]
    _check_named_last(library, locations)
    _check_writable(library, is_made=True)
    archive = open_archive(library)
    with archive.locked("import"):
        _forget_if_deleted(archive)
        new = [Source(each, is_private=allow_private) for each in locations]
        found = _read(archive, new)
        found.pair(force=True, on_match=lambda name: log(f"Analysing {name}"))
        _show_pairs(found)
        count = len(found.sure)
        if count and not yes and not _is_confirmed(f"Add {count} episode{'s' * (count > 1)}?"):
            say("Added     nothing, and nothing is remembered of it")
            return ExitStatus.DONE
        found.store_sources()
        return _add(found, library, force=True)


@archive.command()
@click.argument("library", type=PATH)
@click.option("--take", is_flag=True, help="Take every new transcript, unless it was edited here, and new audio.")
def update(library: Path, take: bool) -> int:
    """Read the sources of LIBRARY again: add new episodes, list changes. Prints nothing if nothing is new."""
    from web.archive.status import describe

    archive = _archive_of(library)
    with archive.locked("import"):
        known = archive.changes()
        found = _read(archive)
        found.store_sources()
        found.pair(force=False)
        found.take(take, lambda change, title: say(f"Taken     {title}: new {change.kind}"))
        changes = [(each, found.adder.imported[each.folder].title) for each in archive.changes()]
        _say_some([f"Changed   {describe(each, title)}" for each, title in changes if each not in known])
        if take:
            _say_some([f"Kept      {title}: edited here; the app takes the new one" for each, title in changes
                       if each.is_edited and each.decision is None])  # fmt: skip
        return _add(found, library, force=False)


@archive.command()
@click.argument("library", type=PATH)
@click.option("--workers", type=click.IntRange(1, 1024), help="Episodes at a time.  [default: one for each core]")
@click.option("--again", is_flag=True, help="Also what failed, or an earlier quotecast aligned.")
@click.option("--scheduler", metavar="ADDRESS", help="A Dask scheduler whose workers do it: tcp://10.0.0.1:8786.")
@progress_option
def run(library: Path, workers: int | None, again: bool, scheduler: str | None, progress_mode: str) -> int:
    """Align the episodes of LIBRARY that are not aligned. You may interrupt it at any time: the next run aligns the
    remaining episodes."""
    from aligner.cli.progress import report_done
    from web.archive.running import Run, progress_display
    from web.archive.state import open_archive

    if scheduler and workers:
        raise click.UsageError("--workers are those of this machine; a scheduler has its own")
    _check_writable(library)
    started, found = time.monotonic(), open_archive(library)
    current = Run(found)
    with found.locked("run"):
        try:
            with progress_display(progress_mode) as show:
                current.align_all(workers, scheduler, again, show)
        finally:
            if current.all:
                found.put_run({**current.facts(), "is_over": True})
    _say_summary(found, current.all, time.monotonic() - started)
    report_done(progress_mode, **current.facts())
    return ExitStatus.UNUSABLE if current.failed or current.deferred else ExitStatus.DONE


@archive.command()
@click.argument("library", type=PATH)
def status(library: Path) -> int:
    """Show what is aligned, what failed, and which questions wait."""
    from web.archive.errors import redacted
    from web.archive.status import pending_decisions

    found = _archive_of(library)
    _say_some([f"Source    {redacted(source.location)}" for source in found.sources()])
    _say_summary(found)
    _say_some(list(pending_decisions(found)))
    _list([each for each in found.findings() if each.kind not in ("question", "missing")])
    return ExitStatus.DONE


@archive.command()
@click.argument("library", type=PATH)
@click.argument("name", metavar="SOURCE|EPISODE")
def forget(library: Path, name: str) -> int:
    """Remove a source from LIBRARY; its episodes stay. Or forget an episode whose folder was deleted: its source can
    then add it again."""
    from web.archive.errors import ArchiveError
    from web.archive.status import forget as forget_episode

    found = _archive_of(library)
    locations = {source.location for source in found.sources()}
    path = os.path.abspath(name)  # noqa: PTH100
    wanted = {each for each in locations if path == each or ("://" in name and each.startswith(name.rstrip("?…")))}
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
    """Record that you moved a library from OLD to NEW."""
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


def _check_named_last(library: Path, locations: Sequence[str]) -> None:
    """Raise ArchiveError if ``library``, which must be the command's last argument, looks like a source. ``locations``
    are the sources that the user gave before the library."""
    from web.archive.errors import ArchiveError
    from web.archive.folders import holds_loose_files

    if ":/" in str(library):
        raise ArchiveError("the library comes last, a folder; an address of the web was given")
    if str(library.resolve()) in locations or holds_loose_files(library):
        raise ArchiveError(
            "{path}: holds audio or transcripts as a source does; the library comes last, in a folder of its own",
            path=library,
        )


def _check_writable(library: Path, is_made: bool = False) -> None:
    from aligner.errors import OutputError
    from media.safe_fs import is_folder
    from web.library.library import open_library

    if not (is_made or is_folder(library)):
        raise OutputError("{path}: nothing is there; expected a library", path=library)
    if reason := open_library(library):
        raise OutputError("{path}: cannot be written ({reason})", path=library, reason=reason)


def _archive_of(library: Path) -> Archive:
    from web.archive.errors import ArchiveError
    from web.archive.state import archive_at

    if found := archive_at(library):
        return found
    raise ArchiveError(
        "{path}: no archive of yours; quotecast archive add names its sources, and archive move follows a library that"
        " was moved",
        path=library,
    )


def _read(found: Archive, new: Sequence[Source] = ()) -> Import:
    from rich.console import Console

    from web.archive.importing import Import

    console = Console(stderr=True, quiet=not sys.stderr.isatty())
    with console.status("Reading the sources") as status_line:
        result = Import.read(found, new, lambda done, total: status_line.update(f"Reading file {done} of {total}"))
    if result.adopted:
        say(f"There     {result.adopted} of them are in the library already, and are followed from now on")
    return result


def _show_pairs(found: Import) -> None:
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
        log("Asked     nothing, as there is no terminal; --yes adds the sure pairs")
        return False
    try:
        return click.confirm(question, default=True)
    except click.Abort:  # Ctrl+D or Ctrl+C
        say("")
        return False


def _forget_if_deleted(archive: Archive) -> None:
    """Delete the records of all episodes if all their folders were deleted, so that they can be imported again."""
    from media.safe_fs import is_folder

    episodes = archive.episodes()
    if episodes and not any(is_folder(archive.root / folder) for folder in episodes):
        for folder in episodes:
            archive.forget_episode(folder)
        say(f"Forgotten {len(episodes)} episodes: none of their folders exists any more")


def _add(found: Import, library: Path, force: bool) -> ExitStatus:
    """Add the pairs that need no confirmation as episodes. Print problems, and the command to run next. If ``force`` is
    true, retry audio that failed in the last import."""
    count = len(found.adder.imported)
    found.add(lambda imported: say(f"Added     {imported.title}"), force)
    count = len(found.adder.imported) - count
    new = found.finish()
    if not force:
        _list(new)
    for problem in (*found.contents.unread.values(), *found.problems):
        log(f"quotecast: {problem}")
    if count or force:
        command = f"quotecast archive run {shlex.quote(str(library))}"
        say(f"Next      {command}" if count else "Added     nothing")
    if any(each.kind == "question" and each.answer is None for each in new):
        say(f"Questions quotecast serve {shlex.quote(str(library))} asks them on the page Archive")
    return ExitStatus.UNUSABLE if found.problems or found.contents.unread else ExitStatus.DONE


def _say_summary(found: Archive, ran: int | None = None, seconds: float = 0.0) -> None:
    """Print how many episodes are aligned, and which failed. After a run, also print how many episodes it processed
    (``ran``), and its duration in ``seconds``."""
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
