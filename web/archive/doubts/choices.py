"""What people chose of what is in doubt: a small file for each sound, which the app writes, and the next ``add`` or
``update`` takes up.

    LIBRARY/.quotecast/archive/choices/KEY.json

A choice lies there whole or not at all, and stays until the sound has its transcript: whoever is killed, none is lost.
It has a seal by the user's own key, without which it is none: a library may come from anywhere.
"""

from __future__ import annotations

import contextlib
import json
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from aligner.storage.atomic import making, write_text
from aligner.storage.checked_json import decode
from aligner.storage.folder_states import until_entries_change
from aligner.storage.keys import users_key
from media.confinement import read_regular
from media.errors import Message
from media.listing import entries
from media.moving import remove_file
from web.archive.doubts.record import Key, Question, key_of
from web.archive.pairing.evidence import Reason
from web.archive.pairing.items import Sound, Text
from web.archive.pairing.pairs import Pair
from web.archive.seals import KEY, is_seal, own_key, seal_of

_FOLDER = "choices"
_MOST_NEVER = 200  # transcripts that were said not to be of one sound, the latest
_LARGEST_BYTES = 16_384
_MOST = 5_000  # choices that are read at once; those that were taken up are gone
_LIBRARIES = 4


class Choice(Struct, frozen=True):
    """Of a ``sound`` in doubt the ``text`` that was chosen, and those that are ``never`` its own; all by their keys."""

    sound: Key
    text: Key | None = None
    never: Annotated[tuple[Key, ...], Meta(max_length=_MOST_NEVER)] = ()
    seal: str = ""

    def sealed_with(self, key: bytes) -> str:
        """The seal by a user's key of what was chosen."""
        return seal_of(key, "choice", self.sound, self.text, self.never)

    def answers(self, question: Question) -> bool:
        """Whether nothing is left to be asked."""
        keys = [each.key for each in question.candidates]
        return self.text in keys or set(keys) <= {*self.never}


def choice_of(folder: Path, sound: str) -> Choice:
    """What was chosen of the sound with that key, in the archive's ``folder``; nothing yet, as where it is damaged, or
    somebody else wrote it."""
    return _choice_of(folder, sound, own_key()) or Choice(sound)


def choices_in(folder: Path) -> list[Choice]:
    """All that was chosen."""
    with contextlib.suppress(OSError):  # nothing was yet
        return [*_choices_in(folder / _FOLDER, own_key())]
    return []


def choose(folder: Path, question: Question, text: str | None) -> None:
    """Have the candidate with that key taken for the transcript of the sound, and no other; or none of them.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    shown = [each.key for each in question.candidates]
    earlier = [each for each in choice_of(folder, question.key).never if each not in shown]
    never = (*earlier, *(each for each in shown if each != text))
    _write(folder, Choice(question.key, text, never[-_MOST_NEVER:]))


def choose_version(folder: Path, sound: str, text: str | None) -> None:
    """Have another version taken for the transcript of an episode, by their keys; none any more where there is none.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    _write(folder, Choice(sound, text))


def take_back(folder: Path, question: Question) -> None:
    """Have the question asked again, with all that was said not to be of the sound.

    Raises
    ------
    OutputError
        It cannot be written.
    """
    _write(folder, Choice(question.key))


def forget(folder: Path, settled: Iterable[str]) -> None:
    """Take the choices away of sounds that have their transcript, by the sounds' keys."""
    keys = {key_of(each) for each in settled}
    for path in _files(folder):
        if path.stem in keys:
            with contextlib.suppress(OSError):  # it is taken away the next time
                remove_file(path)


@dataclass(frozen=True, slots=True)
class Taken:
    """What choices say of sounds and texts: the ``pairs`` that were chosen, what is ``never`` one, by its keys, and the
    names of texts that were chosen for two sounds and more, with those (``contested``)."""

    pairs: tuple[Pair, ...] = ()
    never: frozenset[tuple[str, str]] = frozenset()
    contested: tuple[tuple[str, tuple[str, ...]], ...] = ()


def taken(choices: Collection[Choice], sounds: Sequence[Sound], texts: Sequence[Text]) -> Taken:
    """What was chosen of these sounds and texts. A text that was chosen for two sounds is neither's, until one of the
    choices is taken back."""
    if not choices:
        return Taken()
    of_sound, of_text = {key_of(each.key): each for each in sounds}, {key_of(each.key): each for each in texts}
    known = [each for each in choices if each.sound in of_sound]
    chosen = Counter(each.text for each in choices)
    contested = {k: [of_sound[each.sound].name for each in known if each.text == k] for k in of_text if chosen[k] > 1}
    reasons = (Reason(0.0, Message("chosen by a person")),)
    pairs = [
        Pair(of_sound[each.sound], of_text[each.text], 1.0, reasons)
        for each in known
        if each.text in of_text and chosen[each.text] == 1
    ]
    never = {(of_sound[each.sound].key, of_text[k].key) for each in known for k in each.never if k in of_text}
    told = tuple((of_text[key].name, tuple(names)) for key, names in contested.items())
    return Taken(tuple(pairs), frozenset(never), told)


@until_entries_change(_LIBRARIES)
def _choices_in(choices: Path, key: bytes | None) -> tuple[Choice, ...]:
    found = (_choice_of(choices.parent, path.stem, key) for path in _files(choices.parent))
    return tuple(each for each in found if each)


def _choice_of(folder: Path, sound: str, key: bytes | None) -> Choice | None:
    with contextlib.suppress(OSError, ValueError):
        choice = decode(read_regular(_path(folder, sound), _LARGEST_BYTES), Choice)
        if choice.sound == sound and is_seal(choice.seal, choice.sealed_with(key) if key is not None else None):
            return choice
    return None


def _files(folder: Path) -> list[Path]:
    return [path for path in islice(entries(folder / _FOLDER), _MOST) if path.suffix == ".json"]


def _path(folder: Path, sound: str) -> Path:
    return folder / _FOLDER / f"{sound}.json"


def _write(folder: Path, choice: Choice) -> None:
    path = _path(folder, choice.sound)
    choice = msgspec.structs.replace(choice, seal=choice.sealed_with(users_key(KEY)))
    with making(path.parent):
        write_text(path, json.dumps(msgspec.to_builtins(choice)) + "\n")
