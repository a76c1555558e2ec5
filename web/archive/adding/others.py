"""Episodes that somebody else's quotecast remembers in a library, as another user's or on another machine: a library
may come from anywhere, so they are this user's own only once their sounds are found among the user's sources."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from web.archive.adding.attempts import Say
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part
from web.archive.adding.making import part_of
from web.archive.adding.remembered import Memory
from web.archive.pairing.items import Sound, Text
from web.archive.sources.folders import Found

_MOST_TOLD = 5  # one by one


def take_over(listing: Listing, memory: Memory, there: dict[str, Made], found: Found, say: Say) -> None:
    """Let episodes that somebody else noted be this user's where what was ``found`` has their sounds, which is told,
    for nothing is made of these; the others count for nothing.

    Raises
    ------
    OSError, OutputError
        It cannot be noted.
    """
    strange = [made for made in memory.episodes.values() if not made.seal]
    if not strange:
        return
    sounds, taken = {sound.key: sound for sound in found.sounds}, list[str]()
    for made in strange:
        memory.episodes.pop(made.key)
        is_there, sound = there.pop(made.key, None) is not None, sounds.get(made.key)
        if is_there and sound and _is_of(listing, made, sound):
            now = msgspec.structs.replace(
                made, sound=_lying(made.sound, sound), text=_found(made.text, sound, found.texts)
            )
            listing.archive.note(now)
            memory.episodes[made.key] = there[made.key] = now
            taken.append(f"{sound.name}: is the sound of {listing.called(made.folder)}")
    if len(taken) > _MOST_TOLD:
        taken = [f"{len(taken)} sounds are of episodes"]
    for each in taken:
        say(f"There     {each}, as another user's quotecast noted, or an earlier version")


def _is_of(listing: Listing, made: Made, sound: Sound) -> bool:
    """Whether the episode has the sound; of an item of a feed that is not known, as it was not fetched."""
    return sound.file is None or listing.by_sound.get(sound.file.sha256) == made.folder


def _lying(known: Part, sound: Sound) -> Part:
    """A sound as it lies at the source."""
    link = sound.entry.sound if sound.entry else None
    part = part_of(sound.file) if sound.file else known
    return msgspec.structs.replace(part, url=link.url, declared=link.size) if link else part


def _found(known: Part | None, sound: Sound, texts: Sequence[Text]) -> Part | None:
    """A transcript as it lies at the source, where it does; one that changed since it was taken lies beside its sound,
    for which an update takes it."""
    files = [text.file for text in texts if text.file]
    if known is None:
        return None
    if file := next((file for file in files if file.sha256 == known.sha256), None):
        return part_of(file)
    at = sound.file.path if sound.file else None
    beside = [file.path for file in files if at and file.path.parent == at.parent and file.path.stem == at.stem]
    return msgspec.structs.replace(known, path=str(beside[0])) if len(beside) == 1 else known
