"""Episodes that somebody else's quotecast remembers in a library, as another user's or on another machine: a library
may come from anywhere, so they are this user's own only once their sounds are found among the user's sources."""

from __future__ import annotations

import msgspec

from web.archive.adding.attempts import Say
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part
from web.archive.adding.making import part_of
from web.archive.adding.remembered import Memory
from web.archive.pairing.items import File, Sound
from web.archive.sources.folders import Found


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
    sounds = {sound.key: sound for sound in found.sounds}
    texts = {text.file.sha256: text.file for text in found.texts if text.file}
    for made in strange:
        memory.episodes.pop(made.key)
        is_there, sound = there.pop(made.key, None) is not None, sounds.get(made.key)
        if is_there and sound and _is_of(listing, made, sound):
            now = msgspec.structs.replace(made, sound=_lying(made.sound, sound), text=_found(made.text, texts))
            listing.archive.note(now)
            memory.episodes[made.key] = there[made.key] = now
            called = listing.called(made.folder)
            say(f"There     {sound.name}: is the sound of {called}, as somebody else's quotecast noted")


def _is_of(listing: Listing, made: Made, sound: Sound) -> bool:
    """Whether the episode has the sound; of an item of a feed that is not known, as it was not fetched."""
    return sound.file is None or listing.by_sound.get(sound.file.sha256) == made.folder


def _lying(known: Part, sound: Sound) -> Part:
    """A sound as it lies at the source."""
    link = sound.entry.sound if sound.entry else None
    part = part_of(sound.file) if sound.file else known
    return msgspec.structs.replace(part, url=link.url, declared=link.size) if link else part


def _found(known: Part | None, texts: dict[str, File]) -> Part | None:
    """A transcript as it lies at the source, where it does."""
    file = texts.get(known.sha256 or "") if known else None
    return part_of(file) if file else known
