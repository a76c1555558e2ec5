"""``quotecast archive run``: every episode of a library aligned, captioned and made ready, by many workers."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, progress_option
from aligner.cli.terminal import say, tell
from aligner.errors import ExitStatus
from web.archive.command import opened

if TYPE_CHECKING:
    from web.archive.runs.places import Index, Place
    from web.archive.runs.running import Run
    from web.library import Library

_INTERRUPTED = 128


def _scheduler(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    if given is not None and "://" not in given:
        raise click.BadParameter(f"{given!r}; expected an address such as tcp://10.0.0.1:8786")
    return given


class _Address(click.Path):
    """A folder, or the address of a store as it was given."""

    name = "library"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Path | str:
        return str(value) if "://" in str(value) else Path(PATH.convert(value, param, ctx))


@click.command()
@click.argument("library", type=_Address())
@click.option(
    "--scheduler",
    callback=_scheduler,
    metavar="ADDRESS",
    help="A Dask scheduler whose workers do it, such as tcp://10.0.0.1:8786.  [default: workers on this machine]",
)
@click.option(
    "--workers", type=click.IntRange(1, 1024), help="Workers on this machine.  [default: as many as it has cores]"
)
@click.option("--retry", is_flag=True, help="Also try again what failed before, and has not changed since.")
@progress_option()
def run(library: Path | str, scheduler: str | None, workers: int | None, retry: bool, progress_mode: str) -> int:
    """Do what is left of every episode of LIBRARY: listen, align, write captions, draw the waveform, index.

    What is done stays: ended at any moment, the next run goes on. A worker takes one core and 2 GB of memory.
    LIBRARY is a folder, or s3://BUCKET/FOLDER in an object store.
    """
    from aligner.cli.progress import tell_done
    from aligner.errors import OutputError
    from web.archive.runs.running import Run
    from web.archive.runs.telling import called_in, facts_of, lines_at_end, telling
    from web.archive.runs.workers import SchedulerLostError, Workers

    if scheduler and workers:
        raise click.UsageError("--workers are those of this machine; a scheduler has its own")
    began = time.monotonic()
    with _saying_what_to_do(), _sole_place(library) as place, _stopped_by_signals() as received:
        try:
            hands = Workers(scheduler, workers, place.do)
            going = Run(place, hands, retry)
            going.plan()
            if going.progress.damaged:
                tell(f"quotecast: {going.progress.damaged}")
            with (
                telling(going, place.root, progress_mode) as told,
                hands if going.has_work else contextlib.nullcontext(),
            ):
                for _ in going.go():
                    if received:
                        going.stop.set()
                    told()
        except SchedulerLostError:
            raise OutputError("{address}: no scheduler answers there", address=scheduler) from None
        except OutputError:
            if going.progress.ran:
                say(*lines_at_end(going, time.monotonic() - began, called_in(place.root)))
            raise
        say(*lines_at_end(going, time.monotonic() - began, called_in(place.root)))
        if received:
            tell("quotecast: interrupted; what is done stays, and the same command goes on")
            return _INTERRUPTED + received[0]
        tell_done(progress_mode, **facts_of(going))
    return ExitStatus.DONE if _is_whole(going) else ExitStatus.UNUSABLE


@contextlib.contextmanager
def _saying_what_to_do() -> Iterator[None]:
    """Have what cannot be written, wherever in a run that is found, end it with one sentence."""
    from aligner.errors import OutputError

    try:
        yield
    except OutputError as error:
        path, reason = (error.message.values.get(name) for name in ("path", "reason"))
        if reason is None:
            raise
        raise OutputError(
            "{path}: cannot be written ({reason}); what is done stays: put that right, and the same command does what"
            " is left",
            path=path, reason=reason,
        ) from error  # fmt: skip


@contextlib.contextmanager
def _sole_place(library: Path | str) -> Iterator[Place]:
    """Where the episodes lie, for this run alone."""
    if isinstance(library, str):
        from web.archive.runs.store.place import sole_place

        with sole_place(library) as stored:
            yield stored
        return
    from web.archive.runs.places import FolderPlace
    from web.archive.runs.records import sole_run

    shelf = opened(library)
    with sole_run(shelf.root):
        yield FolderPlace(shelf, _index(shelf))


def _index(shelf: Library) -> Index:
    """What brings the search index up to date. Where that cannot be written now, the next search has it done."""

    def update(folders: Sequence[Path]) -> None:
        from web.errors import WebError
        from web.search.upkeep import upkeep_of

        with contextlib.suppress(WebError, OSError):
            upkeep_of(shelf).update(folders)

    return update


def _is_whole(going: Run) -> bool:
    from web.archive.runs.telling import facts_of

    episodes = facts_of(going)["episodes"]
    return not (episodes["failed"] or episodes["left"])


@contextlib.contextmanager
def _stopped_by_signals() -> Iterator[list[int]]:
    """The signals that asked for an end: the first lets the run end in order, the second ends it at once."""
    received = list[int]()
    before = dict[int, Any]()

    def hear(number: int, frame: object) -> None:
        received.append(number)
        if len(received) > 1:
            for each, handler in before.items():
                signal.signal(each, handler)
            signal.raise_signal(number)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, hear)
    try:
        yield received
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)
