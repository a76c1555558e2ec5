"""A sound that was renamed by hand: its alignment still calls it by the old name, and by that it is given back."""

from __future__ import annotations

from itertools import islice
from pathlib import Path

from aligner.errors import AlignmentError, SourceError
from aligner.storage.alignment_head import read_head
from aligner.storage.audio_lookup import LARGEST_GUESSED_BYTES, sha256_of
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.outputs import output_name
from media.confinement import status_of
from media.listing import composed, files
from media.moving import is_taken, move
from web.bounded import call
from web.errors import Conflict
from web.library.episode import Episode
from web.library.folders import SOUNDS

_MOST_ALIGNMENTS, _MOST_SOUNDS = 10, 20  # that are looked into


def give_name_back(episode: Episode) -> None:
    """Give the sound that an alignment in the episode's folder was made of the name that this knows it by.

    Raises
    ------
    Conflict
        No sound there has the bytes that were aligned, or it cannot be renamed.
    Unusable, Busy
        They cannot be compared within bounds, or not now.
    """
    found = call(_renamed_sound, episode.folder)
    if found is None:
        raise Conflict("renamed.none")
    sound, name = found
    try:
        if is_taken(episode.folder / name):
            raise Conflict("renamed.none")
        move(sound, episode.folder / name)
    except OSError as error:
        raise Conflict("renamed.stuck") from error


def _renamed_sound(folder: Path) -> tuple[Path, str] | None:
    """A sound whose bytes an alignment knows by another name, and that name."""
    there = files(folder)
    sounds = [path for path in there.values() if path.suffix.lower() in SOUNDS]
    own = {composed(output_name(sound)) for sound in sounds}
    lonely = [path for name, path in there.items() if name.endswith(JSON_SUFFIX)]
    lonely = [path for path in lonely if composed(path.name.removesuffix(JSON_SUFFIX)) not in own]
    for alignment in lonely[:_MOST_ALIGNMENTS]:
        try:
            audio = read_head(alignment).audio
        except AlignmentError:
            continue
        name = Path(audio.file).name
        if Path(name).suffix.lower() not in SOUNDS or f"{output_name(Path(name))}{JSON_SUFFIX}" != alignment.name:
            continue  # by which it would still not be the alignment's
        likely = (path for path in sounds if path.suffix.lower() == Path(name).suffix.lower())
        for sound in islice(likely, _MOST_SOUNDS):
            if _is_it(sound, audio.sha256):
                return sound, name
    return None


def _is_it(sound: Path, sha256: str) -> bool:
    try:
        return status_of(sound).st_size <= LARGEST_GUESSED_BYTES and sha256_of(sound) == sha256
    except (OSError, SourceError):
        return False  # it has gone meanwhile
