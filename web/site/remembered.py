"""What a folder remembers of the options that earlier runs were given, so that nothing goes because a later one leaves
them out. A list may be anybody's: what it remembers is checked as what is given."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from aligner.errors import OutputError
from aligner.model import Alignment
from aligner.publication import AddressError, check_address, check_folder_address
from web.site.lists import LIST, List


def remembered_base(told: List | None, folder: Path) -> str | None:
    """Where ``folder`` will be found, as its list tells.

    Raises
    ------
    OutputError
        The list has an address that could not be given.
    """
    if not told or not told.base:
        return None
    if not _is_right(told.base, check_folder_address):
        raise OutputError(
            "{path}: has an address that no folder has; give the right one with --base-url", path=folder / LIST
        )
    return told.base


def remembered_sound(told: List | None, folder: Path, alignment: Alignment) -> str | None:
    """Where the sound of the alignment is published, as the list of its folder tells.

    Raises
    ------
    OutputError
        The list has an address that could not be given, or that of another sound: at which address this one is, or
        whether it is at any, nobody has said.
    """
    if not told or not told.sound:
        return None
    if not _is_right(told.sound.address, check_address):
        raise OutputError(
            "{path}: has an address that no sound has; publish the episode alone, and give the right one with "
            "--audio-url",
            path=folder / LIST,
        )
    if told.sound.sha256 != alignment.audio.sha256:
        raise OutputError(
            "{path}: plays the sound at {address}, and the alignment is of another one; tell with --audio-url where "
            "that is, or have it copied with --audio-url=",
            path=folder,
            address=told.sound.address,
        )
    return told.sound.address


def _is_right(address: str, check: Callable[[str], None]) -> bool:
    try:
        check(address)
    except AddressError:
        return False
    return True
