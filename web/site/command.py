"""``quotecast publish``: write an episode or a show as a folder of pages, for any web host or to open from a disk."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from aligner.cli.options import PATH, progress_option
from aligner.cli.terminal import log, message_of, say
from aligner.errors import ExitStatus

if TYPE_CHECKING:
    from web.site.folder import Written
    from web.site.manifest import Manifest

_STEPS = ("preparing", "quotes")
_NO_BASE = "Left out  titles and pictures of link previews; give the folder's future address with --base-url"


def _web_address(_context: click.Context, option: click.Parameter, address: str | None) -> str | None:
    from aligner.publication import AddressError, as_uri, check_address, check_folder_address

    if not address:  # an empty one removes the remembered address
        return address
    try:
        (check_folder_address if option.name == "base_url" else check_address)(address)
    except AddressError as error:
        raise click.BadParameter(str(error)) from error
    return as_uri(address)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Arguments:
    alignments: tuple[Path, ...]
    output: Path
    audio: Path | None
    audio_url: str | None
    base_url: str | None
    interface: str | None
    show: bool
    progress_mode: str
    notes: tuple[str, ...] = ()  # lines about the options that the folder remembers

    @property
    def base(self) -> str | None:
        return f"{self.base_url.rstrip('/')}/" if self.base_url else None


@click.command()
@click.argument("alignments", type=PATH, nargs=-1, required=True, metavar="ALIGNMENT|LIBRARY...")
@click.option("-o", "--output", type=PATH, required=True, help="Folder to write.")
@click.option("--audio", type=PATH, metavar="AUDIO", help="The audio, if it was moved.")
@click.option(
    "--audio-url", callback=_web_address, help="Address of the published audio, which is not copied; remembered."
)
@click.option("--base-url", callback=_web_address, help="Future address of the folder, for link previews; remembered.")
@click.option("--show", is_flag=True, help="Start a show, even of one ALIGNMENT: others may follow.")
@click.option(
    "--interface",
    type=click.Choice(["en", "fr", "auto"]),
    help="Language of the interface; remembered.  [default: auto, the episode's]",
)
@progress_option
def publish(**options: Any) -> int:
    """Write a page with a synchronised player for ALIGNMENT: a folder for any web host, which also opens from a disk.

    Several, or a LIBRARY (a folder of episodes' folders), get a page that lists and searches all of them.
    """
    from aligner.storage.atomic import alone_in
    from aligner.storage.history import recover
    from web.site.manifest import read_manifest

    arguments = _with_libraries(_Arguments(**options))
    with alone_in(arguments.output):
        recover(*(path.parent for path in arguments.alignments), arguments.output)
        manifest = read_manifest(arguments.output)
        arguments = _with_remembered(arguments, manifest)
        if len(arguments.alignments) == 1 and not arguments.show and not (manifest and manifest.is_show):
            return _one(arguments, arguments.alignments[0])
        if arguments.audio or arguments.audio_url is not None:
            raise click.UsageError(
                "--audio and --audio-url are for one episode, not for a show; put each audio file beside its alignment"
            )
        return _several(arguments)


def _with_libraries(arguments: _Arguments) -> _Arguments:
    """Replace each folder among the arguments by its alignments. If there is a folder, set ``show``."""
    from aligner.outputs import alignments_in
    from media.safe_fs import is_folder

    libraries = {path: alignments_in(path) for path in arguments.alignments if is_folder(path)}
    alignments = tuple(each for path in arguments.alignments for each in libraries.get(path, (path,)))
    return replace(arguments, alignments=alignments, show=arguments.show or bool(libraries))


def _with_remembered(arguments: _Arguments, manifest: Manifest | None) -> _Arguments:
    """Fill in missing options from the last run's manifest, and set ``notes`` to lines about these options."""
    base, interface = arguments.base_url, arguments.interface
    lines = [f"Address   {arguments.base}" if base else _NO_BASE]
    if base is None and manifest and (base := manifest.base):
        lines = [f"Address   {base}, as before; another with --base-url"]
    if interface is None and manifest and manifest.interface:
        interface = manifest.interface
        lines.append(f"Interface {interface}, as before; another with --interface")
    interface = None if interface == "auto" else interface
    return replace(arguments, base_url=base, interface=interface, notes=tuple(lines))


def _one(arguments: _Arguments, alignment: Path) -> ExitStatus:
    from aligner.cli.progress import Run, report_done, reporting_progress
    from aligner.formats.embed import sync_warnings
    from aligner.pins import review_status
    from media.temporary import sweep
    from web.site.folder import write_folder
    from web.site.manifest import manifest_of
    from web.site.pages import prepared_episode

    output, audio_url = arguments.output, arguments.audio_url
    manifest_of(output)  # raises if the folder cannot be used
    sweep(output / "q")  # manifest_of has refused a link
    with (
        reporting_progress(arguments.progress_mode, Run(_STEPS)) as progress,
        prepared_episode(
            alignment, output, arguments.interface, arguments.base, progress, None, arguments.audio, audio_url
        ) as prepared,
    ):
        publication, contents, address = prepared
        written = write_folder(output, contents)
    stored = publication.alignment
    note = ", as before; another with --audio-url" if audio_url is None else ""
    say(
        f"Written   {output / 'index.html'}",
        f"Audio     {address}{note}" if address else f"Audio     {next(iter(contents.copied))}",
        f"Review    {review_status(stored.review, stored.machine_text)}",
        *arguments.notes,
        *(f"Warning   {each}" for each in sync_warnings(address or "") if "episode.sync" in contents.written),
        *(f"Left out  {each}" for each in contents.left_out),
        *_lines(written),
    )
    report_done(arguments.progress_mode, files=[str(output / "index.html")])
    return ExitStatus.DONE


def _several(arguments: _Arguments) -> ExitStatus:
    from aligner.cli.progress import Run, report_done, reporting_progress
    from media.errors import to_facts
    from media.safe_fs import is_regular
    from web.archive.state import show_of
    from web.site.show import Outcome, Show

    libraries = {path.absolute().parent.parent for path in arguments.alignments}
    facts = show_of(libraries.pop()) if len(libraries) == 1 else None
    show = Show(arguments.alignments, arguments.output, arguments.interface, arguments.base, facts)
    outcomes, to_make, numbers = list[Outcome](), len(show.lengths), count(1)
    run = Run(_STEPS, show.lengths or [1.0])

    def begin() -> None:
        run.begin_round()
        if to_make > 1 and arguments.progress_mode == "auto":
            log(f"Episode {next(numbers)} of {to_make}")

    with reporting_progress(arguments.progress_mode, run) as progress:
        for outcome in show.make(progress, begin):
            outcomes.append(outcome)
            if outcome.error:
                why = str(message_of(outcome.error)).removeprefix(f"{outcome.path}: ")
                log(f"quotecast: {outcome.path}: not published{' again' if outcome.episode else ''}: {why}")
    failed = [each for each in outcomes if each.error]
    written = [each.episode.folder for each in outcomes if each.episode and not each.error and not each.is_unchanged]
    unchanged = len(outcomes) - len(written) - len(failed)
    stays = [*(each.episode.folder for each in failed if each.episode), *(each.folder for each in show.left)]
    index = arguments.output / "index.html"
    files = [index] if is_regular(index) else []
    say(
        f"Written   {index if files else 'nothing'}",
        f"Episodes  {len(written)} written, {unchanged} unchanged, {len(failed)} failed",
        *(f"Stays     {folder}, as it was published" for folder in stays),
        *(f"Audio     {each.audio}, as before, of {each.path}" for each in outcomes if each.audio),
        *(arguments.notes if files else ()),
        *(f"Left out  {warning}" for each in outcomes for warning in each.left_out),
        *(line for each in outcomes for line in _lines(each.written, f"{each.path}: ")),
        *_lines(show.written),
    )
    report_done(
        arguments.progress_mode,
        files=[*map(str, files)],
        failed=[to_facts(message_of(each.error)) for each in failed if each.error],
    )
    return ExitStatus.UNUSABLE if failed else ExitStatus.DONE


def _lines(written: Written, of: str = "") -> list[str]:
    """Return lines to print: quotes left out (each after ``of``, such as "a.json: "), deleted pages, backups."""
    from aligner.formats import warnings_of_lost

    return [
        *(f"Left out  {of}{text}" for text in warnings_of_lost(written.left_out)),
        *(f"Removed   {path}: its quote is no longer saved" for path in written.removed),
        *(f"Kept      {path}, as edited before" for path in written.copies),
    ]
