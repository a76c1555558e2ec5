"""Episodes that stay as they are though their source has something else, as long as that was not taken."""

from __future__ import annotations

import contextlib
from dataclasses import dataclass
from pathlib import Path

from aligner.storage.audio_lookup import sha256_of
from aligner.storage.file_states import until_changed
from aligner.storage.versions import version_of
from media.confinement import status_of
from media.errors import UserError
from web.archive.doubts.new_texts import text_of
from web.archive.doubts.record import Doubts, Stay
from web.library import Episode, Library, read_folder

_SHOWN = 200
_AT_HAND = 1000  # files

_hash_of = until_changed(_AT_HAND)(sha256_of)


@dataclass(frozen=True, slots=True)
class Staying:
    """What lies at the sources of episodes and was not taken; how many ``more`` there are than are told; the
    folders of those whose ``texts`` can be looked at here."""

    told: tuple[tuple[Episode, Stay], ...] = ()
    more: int = 0
    texts: frozenset[str] = frozenset()


def text_staying(doubts: Doubts, episode: Episode) -> tuple[Stay, Path] | None:
    """The transcript at the episode's source that was not taken, and where it lies here; None where it does not."""
    for stay in doubts.stays:
        if stay.folder == episode.folder.name and not is_settled(stay, episode) and (path := text_of(stay, episode)):
            return stay, path
    return None


def staying(library: Library, doubts: Doubts) -> Staying:
    """What of what the last ``add`` or ``update`` did not take is not settled by now."""
    looked_at = doubts.stays[:_SHOWN]
    if not looked_at:
        return Staying()
    ids = {folder.name: key for key, folder in library.folders().items() if folder != library.root}
    known = [
        (read_folder(library.root / each.folder, ids[each.folder]), each) for each in looked_at if each.folder in ids
    ]
    told = tuple((episode, stay) for episode, stay in known if episode and not is_settled(stay, episode))
    texts = frozenset(stay.folder for episode, stay in told if text_of(stay, episode))
    return Staying(told, max(0, doubts.counts.stays - len(looked_at)), texts)


def is_settled(stay: Stay, episode: Episode) -> bool:
    """Whether the episode has by now what was not taken, or had it, and a person has edited it since."""
    file = episode.audio if stay.kind == "sound" else episode.transcript
    with contextlib.suppress(UserError, OSError):  # it has just gone
        if file and stay.size in (None, status_of(file).st_size) and _hash_of(file) == stay.sha256:
            return True
    return stay.kind in ("edited", "anothers", "version") and version_of(episode.folder, stay.sha256) is not None
