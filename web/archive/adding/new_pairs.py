"""What is paired of what the sources have: all that no episode was made of yet.

A transcript that the feed declares is taken where no file is a surer one.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from media.errors import Message
from web.archive.adding.made import Part
from web.archive.adding.present import Present
from web.archive.adding.remembered import Memory
from web.archive.doubts.choices import Choice, taken
from web.archive.pairing.assignment import SURE, Listen, pair, sounds_once
from web.archive.pairing.evidence import Reason
from web.archive.pairing.items import Sound, Text
from web.archive.pairing.labels import told_apart
from web.archive.pairing.pairs import Pair, Pairing
from web.archive.sources.encodings import Copy
from web.archive.sources.folders import Found
from web.archive.sources.gathering import DECLARED, declared_text


def pair_new(
    found: Found,
    memory: Memory,
    present: Present,
    choices: Sequence[Choice] = (),
    listen: Listen | None = None,
    all_heard: bool = False,
) -> Pairing:
    """Pair what is not an episode yet, and sounds of episodes ``present`` that have no text; a sound for which nothing
    lies there has what its feed declares. What people chose holds; ``listen`` is asked of what is in doubt, of all
    where ``all_heard``. A sound that is known to be an episode's already is in no pair, nor is one that was refused
    as an episode's, where that lies."""
    by_sound = {made.sound.sha256 for made in memory.episodes.values()}
    refused = {(made.refused.path, made.refused.sha256) for made in memory.episodes.values() if made.refused}
    used = {made.text.sha256 for made in memory.episodes.values() if made.text}
    used |= {each.sha256 for made in memory.episodes.values() for each in made.versions}
    sounds = [sound for sound in found.sounds if sound.key not in memory.episodes]
    sounds = [s for s in sounds if not s.file or s.file.sha256 not in by_sound]
    sounds = [s for s in sounds if not s.file or (str(s.file.path), s.file.sha256) not in refused]
    keys = {sound.key for sound in present.opened}
    sounds = [*present.opened, *(sound for sound in sounds if sound.key not in keys)]
    twice = {sound.key for sound in sounds if is_twice(sound, memory)}  # and yet the likeliest for its text
    texts = [text for text in found.texts if not (text.file and text.file.sha256 in used)]
    sounds, texts = _told_apart(sounds, texts, memory)
    sounds, same = sounds_once(sounds, texts)
    declared = {sound.key: text for sound in sounds if (text := declared_text(sound))}
    chosen = taken(choices, sounds, [*texts, *declared.values()])
    sounds, texts = _left_by(chosen.pairs, sounds, texts)
    declared = {key: text for key, text in declared.items() if (key, text.key) not in chosen.never}
    pairing = pair(sounds, texts, _but(twice, listen) if listen else None, all_heard, chosen.never, present.before)
    kept = [each for each in pairing.pairs if each.confidence >= SURE or each.sound.key not in declared]
    given_up = {each.text.key for each in pairing.pairs} - {each.text.key for each in kept}
    with_text = {each.sound.key for each in kept}
    by_feed = [
        Pair(sound, text, DECLARED, (Reason(0.0, Message("declared by the feed")),))
        for sound in sounds
        if sound.key not in with_text and (text := declared.get(sound.key))
    ]
    with_text |= {each.sound.key for each in by_feed}
    return replace(
        pairing,
        pairs=tuple(each for each in (*chosen.pairs, *kept, *by_feed) if each.sound.key not in twice),
        sounds=tuple(sound for sound in pairing.sounds if sound.key not in with_text | twice),
        texts=(*pairing.texts, *(text for text in texts if text.key in given_up)),
        twice=(*_told_of(found.copies, sounds), *same, *pairing.twice),
        beside=found.beside,
        contested=chosen.contested,
        copies=tuple(copy.sound.key for copy in found.copies),
    )


def _told_apart(sounds: Sequence[Sound], texts: Sequence[Text], memory: Memory) -> tuple[list[Sound], list[Text]]:
    """What is to be paired, no two called alike, nor any as a file of which an episode was made."""
    paired = {sound.key for sound in sounds}
    made = [each for each in memory.episodes.values() if each.key not in paired]
    of_sounds, of_texts = _paths_of(each.sound for each in made), _paths_of(each.text for each in made)
    return told_apart(sounds, of_sounds), told_apart(texts, of_texts)


def _told_of(copies: Sequence[Copy], sounds: Sequence[Sound]) -> tuple[tuple[str, str], ...]:
    """What copies are called, after what they are copies of; none as one of the ``sounds``."""
    both = {each.key: each for copy in copies for each in (copy.of, copy.sound)}
    others = [sound.file.path for sound in sounds if sound.file and sound.key not in both]
    names = {each.key: each.name for each in told_apart([*both.values()], others)}
    return tuple((names[copy.of.key], names[copy.sound.key]) for copy in copies)


def _paths_of(parts: Iterable[Part | None]) -> list[Path]:
    return [Path(part.path) for part in parts if part and part.path]


def keys_of(found: Found, opened: Sequence[Sound]) -> frozenset[str]:
    """The keys of all that there is to pair."""
    sounds = (*found.sounds, *opened)
    texts = (*found.texts, *(text for sound in sounds if (text := declared_text(sound))))
    return frozenset((*(sound.key for sound in sounds), *(text.key for text in texts)))


def left_over(pairing: Pairing) -> frozenset[str]:
    """The keys of what is left over or in doubt, and what stands for texts that were chosen more than once, for sounds
    in another encoding, and for what is there twice."""
    doubtful = pairing.in_doubt(SURE)
    items = (*pairing.sounds, *pairing.texts, *(item for each in doubtful for item in (each.sound, each.text)))
    contested, copies = (f"contested {text}" for text, _ in pairing.contested), (f"copy {k}" for k in pairing.copies)
    twice = (twice_key(*each) for each in pairing.twice[len(pairing.copies) :])
    beside = (beside_key(*each) for each in pairing.beside)
    return frozenset((*(item.key for item in items), *contested, *copies, *twice, *beside))


def told_of(pairing: Pairing) -> frozenset[str]:
    """The keys of all that is told of what is left over."""
    return left_over(pairing).union(twice_key(*each) for each in pairing.twice)


def fault_key(fault: str) -> str:
    """What stands for what was left out, in these words, among keys."""
    return f"fault {fault}"


def twice_key(one: str, other: str) -> str:
    """What stands for something that is ``one`` once more, among keys."""
    return f"twice {one} {other}"


def beside_key(one: str, other: str) -> str:
    """What stands for a text that is called as ``one`` which is taken."""
    return f"beside {one} {other}"


def _left_by(chosen: Sequence[Pair], sounds: Sequence[Sound], texts: Sequence[Text]) -> tuple[list[Sound], list[Text]]:
    """What is to be paired where some pairs are chosen."""
    with_text, words = {each.sound.key for each in chosen}, {_words_of(each.text) for each in chosen}
    left = [text for text in texts if _words_of(text) not in words]
    return [sound for sound in sounds if sound.key not in with_text], left


def _words_of(text: Text) -> str:
    return text.same or text.key


def is_twice(sound: Sound, memory: Memory) -> bool:
    """Whether a sound is, as it is now, known to be that of an episode which was there before."""
    made = memory.twice.get(sound.key)
    if made is None:
        return False
    if sound.file:
        return sound.file.sha256 == made.sound.sha256
    link = sound.entry.sound if sound.entry else None
    return link is not None and (link.url, link.size) == (made.sound.url, made.sound.declared)


def with_news(before: Container[str], listen: Listen, otherwise: Listen) -> Listen:
    """Listen where the sound or one of the texts was not there ``before``, by their keys; ``otherwise`` where all was:
    what was left over is not fetched each time."""

    def hears(sound: Sound, texts: Sequence[Text]) -> Mapping[str, Reason] | None:
        is_news = sound.key not in before or any(text.key not in before for text in texts)
        return (listen if is_news else otherwise)(sound, texts)

    return hears


def _but(left_out: Container[str], listen: Listen) -> Listen:
    """Listen to all sounds but those with these keys."""
    return lambda sound, texts: None if sound.key in left_out else listen(sound, texts)
