"""How cues name speakers: whether they do, the label, and the short form that goes for it once the speaker is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from enum import StrEnum

from aligner.languages import language_of, of_all, word_set
from aligner.typography.characters import width

# "Antonio Casilli, voix off" and "Voices - a film" are a name and what is said about it.
_ASIDE = re.compile(r"(?:,|\(|\[|\s[-–—]\s).*", re.DOTALL)
_PARTICLES = word_set("de du des la le d van von der den ten ter di da dos el al bin ben")
_TITLES = of_all(lambda language: language.captioning.titles)


class SpeakerNames(StrEnum):
    """When a cue names its speaker in its text."""

    ALWAYS = "always"
    CHANGE = "change"
    NEVER = "never"


def speaker_labels(speakers: Iterable[str], language: str, max_line: int) -> dict[str, tuple[str, str]]:
    """The full and the short label of each speaker."""
    return {
        speaker: (label(speaker, language, max_line), label(short, language, max_line))
        for speaker, short in short_names(speakers).items()
    }


def short_names(speakers: Iterable[str]) -> dict[str, str]:
    """The shortest clear form of each speaker's name: the first name where no other speaker has it."""
    names = {speaker: " ".join(_ASIDE.sub("", speaker).split()) or speaker for speaker in speakers}
    people = {name for name in names.values() if _is_person(name)}
    first_names = Counter(name.split()[0].casefold() for name in set(names.values()))
    return {
        speaker: name.split()[0] if name in people and first_names[name.split()[0].casefold()] == 1 else name
        for speaker, name in names.items()
    }


def _is_person(name: str) -> bool:
    """Whether a name reads as first name and last name."""
    words = [re.sub("[-'’]", "", word) for word in name.split()]
    if not 2 <= len(words) <= 4 or words[0].casefold() in _TITLES:
        return False
    return words[0][:1].isupper() and all(
        word.isalpha() and (word[0].isupper() or word.casefold() in _PARTICLES) for word in words
    )


def label(name: str, language: str, max_line: int) -> str:
    """``Name :`` in the language's typography, cut with an ellipsis where it would overflow a line."""
    mark = language_of(language).captioning.name_mark
    name = " ".join(name.split())
    if width(name + mark) <= max_line:
        return name + mark
    cut = name
    while cut and width(cut + "…" + mark) > max_line:
        cut = cut[:-1]
    return cut.rstrip() + "…" + mark
