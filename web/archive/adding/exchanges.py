"""What becomes of a sound that is another at its source by now: it takes the place of its episode's, or is refused.

Times move to it, where there are any, and one that they cannot move to is refused; so is another episode's, whatever
there is. Nobody can tell of an episode without times what it is made of, so the source's word counts: any other sound
is taken, what it had is kept beside it, and it is told what the new one is to that. Where that was the sound of another
episode, its own is taken again whatever times it has been given since. A sound that a person has put in stays.
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import msgspec

from aligner.storage.audio_lookup import sha256_of
from aligner.storage.sounds_in_place import copy_of
from media.errors import Message, UserError, to_facts
from web.archive.adding.listing import Listing
from web.archive.adding.made import Made, Part, with_sound
from web.archive.adding.new_sounds import exchange, laid_in, lay_beside, move_times, put_away
from web.archive.adding.present import episode_of
from web.archive.adding.remembered import Archive
from web.archive.adding.replaced import with_replaced
from web.archive.errors import blaming_address
from web.archive.sources.encodings import AS_LONG, are_alike, duration_of, is_another
from web.archive.sources.folders import Found
from web.archive.sources.gathering import feed_of
from web.errors import WebError
from web.library import Episode, read_folder
from web.library.sent_files import check_sound


@dataclass(frozen=True, slots=True)
class Exchange:
    """The episode as it is remembered from then on, and what is said of it, where that is anything."""

    made: Made
    said: str = ""

    @property
    def is_refused(self) -> bool:
        return self.made.refused is not None


def exchanged(
    made: Made, episode: Episode, path: Path, part: Part, listing: Listing, is_news: bool = False
) -> Exchange:
    """Put the sound in the file ``path`` in the place of an episode's; the ``listing`` has all episodes. It ``is_news``
    where a new item of the same feed names it too: then only times can tell whose it is.

    Raises
    ------
    UserError, WebError, OSError
        It cannot be used, looked at, or written; nothing has changed then.
    """
    assert episode.audio
    called = listing.called(made.folder)
    before, sha256, new_sha256 = episode.audio, sha256_of(episode.audio), str(part.sha256)
    made = _caught_up(made, episode, sha256)
    if sha256 == new_sha256:  # somebody, or a run that fell, was here before
        put_away(episode, new_sha256)
        return Exchange(with_sound(made, part))
    other, why = listing.by_sound.get(new_sha256, made.folder), None
    if other != made.folder:
        why = Message("it is the sound of the episode {folder}", folder=listing.called(other))
    elif is_news and not episode.alignment:
        why = Message("a new item of its feed names it too")
    if why:
        return _refused(made, part, why, f"{called}: its sound changed at its source ({why})")
    if _is_chosen(made, sha256):
        return _beside_chosen(made, episode, path, part, called)
    made = msgspec.structs.replace(made, laying=new_sha256)
    listing.archive.note(made)
    what = "" if episode.alignment else _what_is(path, before)
    was_here = _was_here(before, path.suffix, new_sha256)
    is_kept_beside = False
    new = lay_beside(episode, path, new_sha256)
    try:
        if not episode.alignment:
            with blaming_address(part.url):
                exchange(episode, new)
        elif refused := _move_times(episode, new, new_sha256):
            if not was_here:
                is_kept_beside, changed = True, "its sound changed at its source"
                return _refused(made, part, refused, f"{called}: {changed} ({refused}); the new one is {new}")
            exchange(episode, new)
            what = ", which it had before; it is to be aligned again"
    finally:
        if not is_kept_beside:
            put_away(episode, new_sha256)
    kept = copy_of(before, sha256)
    where = f"; the old one is kept as {kept.name}" if kept else ""
    now = with_replaced(with_sound(made, part), episode.folder, sha256)
    return Exchange(now, f"Sound     {called}: its sound is the new one{what}{where}")


def _caught_up(made: Made, episode: Episode, sha256: str) -> Made:
    """An episode the sound of which has that hash: what a run that fell has laid, and could not note, is its source's,
    and no person's."""
    before = made.sound.sha256
    if sha256 != made.laying or before in (None, sha256):
        return made
    sound = msgspec.structs.replace(made.sound, sha256=sha256)
    return with_replaced(msgspec.structs.replace(made, sound=sound, laying=None), episode.folder, str(before))


def _move_times(episode: Episode, new: Path, sha256: str) -> str | None:
    """``move_times``; it has been done where an update that fell left a process which went on with it."""
    try:
        return move_times(episode, new, episode.folder.parent)
    except UserError:
        now = read_folder(episode.folder, episode.id)
        if now and now.audio and sha256_of(now.audio) == sha256:
            return None
        raise


def _is_chosen(made: Made, sha256: str) -> bool:
    """Whether the sound with that hash, which an episode has, is none that it was given of its source."""
    given = made.sound.sha256, made.refused.sha256 if made.refused else None
    return made.sound.sha256 is not None and sha256 not in given


def _beside_chosen(made: Made, episode: Episode, path: Path, part: Part, called: str) -> Exchange:
    """A new sound laid beside the one that a person has put in; its transcript is the episode's all the same, unless
    that is another recording."""
    assert episode.audio
    check_sound(path)
    new = lay_beside(episode, path, str(part.sha256))
    why = Message("the one here was put in by a person")
    said = f"{called}: its sound changed at its source, and another was put in here; the new one is {new}"
    refused = _refused(made, part, why, said)
    chosen = msgspec.structs.replace(refused.made, chosen=not is_another(episode.audio, path))
    return Exchange(chosen, refused.said)


def came_back(archive: Archive, there: Mapping[str, Made]) -> Iterator[tuple[Made, Path, Part]]:
    """Of the episodes that are ``there`` the sounds that were refused and lie beside their own, where they had them
    before that."""
    for made in there.values():
        if made.refused and made.refused.sha256 and not made.chosen:
            with contextlib.suppress(WebError, OSError):  # the episode has just gone
                episode = episode_of(archive, made)
                laid = next((path for path in laid_in(episode) if path.stem == made.refused.sha256), None)
                if laid and episode.audio and _was_here(episode.audio, laid.suffix, made.refused.sha256):
                    yield made, laid, made.refused


def _was_here(audio: Path, suffix: str, sha256: str) -> bool:
    """Whether a copy of a sound with that hash is kept beside an episode's."""
    return any(copy_of(each, sha256) for each in {audio, audio.with_suffix(suffix)})


def new_links(found: Found, known: Collection[str]) -> Iterator[tuple[str | None, str]]:
    """The sounds that items name which are not ``known`` by their keys, each after its feed."""
    for sound in found.sounds:
        if sound.entry and sound.entry.sound and sound.key not in known:
            yield feed_of(sound.key, sound.entry.guid), sound.entry.sound.url


def clear_refused(archive: Archive, before: Made, now: Made) -> None:
    """Remove a sound that was laid beside an episode's when it was refused, and is so no more."""
    was, is_now = before.refused, now.refused
    if was and was.sha256 and not (is_now and is_now.sha256 == was.sha256):
        with contextlib.suppress(WebError, OSError):  # the episode has gone
            put_away(episode_of(archive, now), was.sha256)


def _refused(made: Made, part: Part, why: str, words: str) -> Exchange:
    refused = msgspec.structs.replace(made, refused=part, why=to_facts(why), chosen=False, laying=None)
    return Exchange(refused, f"Stays     {words}")


def _what_is(new: Path, before: Path) -> str:
    """What a sound is to the one of before, as far as both tell."""
    length, other = duration_of(new), duration_of(before)
    if length and other and abs(length - other) <= AS_LONG and are_alike(before, new):
        return ", the same in another encoding"
    return ", another recording than before" if is_another(before, new) else ""
