"""``quotecast publish``: an episode as a folder of pages that any web host sends."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from aligner.cli.options import PATH, progress_option

if TYPE_CHECKING:
    from aligner.model import Alignment


def _web_address(_context: click.Context, _option: click.Parameter, given: str | None) -> str | None:
    from aligner.publication import is_web_address

    if given is not None and not is_web_address(given):
        raise click.BadParameter(f"{given!r} is no address of the web; expected one like https://example.org/episode/")
    return given


@click.command()
@click.argument("alignment", type=PATH)
@click.option("-o", "--output", type=PATH, required=True, help="Folder to write.")
@click.option("--audio", type=PATH, help="The sound, if it is no longer where it was.")
@click.option("--audio-url", callback=_web_address, help="Where the sound is published: it is not copied.")
@click.option("--base-url", callback=_web_address, help="Where the folder will be found, for links that unfold.")
@click.option("--interface", type=click.Choice(["en", "fr"]), help="Language of the buttons.  [default: the episode's]")
@progress_option()
def publish(
    alignment: Path,
    output: Path,
    audio: Path | None,
    audio_url: str | None,
    base_url: str | None,
    interface: str | None,
    progress_mode: str,
) -> int:
    """Make a folder of ALIGNMENT that any web host can send, and that opens from a disk: a page that plays in step."""
    from aligner.cli.progress import tell_done, telling_progress
    from aligner.cli.terminal import say
    from aligner.cli.time_left import WholeRun
    from aligner.errors import ExitStatus
    from aligner.settled import standing
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.audio_lookup import find_cover
    from aligner.storage.file_names import JSON_SUFFIX
    from aligner.storage.recovery import recover, recover_all
    from web.site.folder import check_folder, write_folder
    from web.site.pages import Publication, contents_of
    from web.site.sound import site_sound

    recover_all(alignment.parent, output)
    check_folder(output)
    recover(output / "q")  # which is no link
    stored: Alignment = read_alignment(alignment)
    cover = find_cover(stored, alignment)
    name = alignment.name.removesuffix(JSON_SUFFIX)
    base = base_url and f"{base_url.rstrip('/')}/"
    publication = Publication(stored, alignment, name, cover, interface, base)
    with (
        telling_progress(progress_mode, whole=WholeRun(("preparing", "cutting"))) as progress,
        site_sound(stored, alignment, audio, audio_url, progress) as sound,
    ):
        kept = write_folder(output, contents_of(publication, sound, progress))
    say(
        f"Written   {output / 'index.html'}",
        f"Sound     {sound.address}",
        f"Review    {standing(stored.signature, stored.machine_text)}",
        *(() if base else ("Left out  addresses for links that unfold; give them with --base-url",)),
        *(f"Kept      {path}, as edited before" for path in kept),
    )
    tell_done(progress_mode, files=[str(output / "index.html")])
    return ExitStatus.DONE
