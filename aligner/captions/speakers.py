"""How cues name speakers: whether they do, the label, and the short form that goes for it once the speaker is known."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from enum import StrEnum

from aligner.languages import language_of, word_set
from aligner.transcript.vocabulary import ARTICLES, PARTICLES, QUALIFIERS, ROLES, TITLES
from aligner.typography.characters import width

# "Antonio Casilli, voix off" and "Voices - a film" are a name and what is said about it.
_ASIDE = re.compile(r"(?:[,،、，(\[（［【]|\s[-–—]\s).*", re.DOTALL)
_PARTICLES = word_set("de du des la le d van von der den ten ter di da das dos della dello degli zu el al bin ben")
_ELIDED = re.compile(r"(?:d|dell|dall)['’](?=[^\W\d_])")  # ``Carrère d’Encausse``
_INITIAL = re.compile(r"[^\W\d_]\.")  # ``Samuel L. Jackson``
_MOST_NAMES = 4  # of one person, particles not counted
# What begins a name and is none alone: ``La Rosalía``, ``Van Morrison``, ``Abu Bakr``.
_HEADS = (
    ARTICLES
    | PARTICLES
    | _PARTICLES
    | TITLES
    | ROLES
    | word_set(
        "abbé abd abou abu aït dal dalla dei docteur doctor dom lady los lord mac mc père professor san santa umm"
    )
)
_TITLES = word_set("dr prof")  # in every language
_STAGE_NAME_CAPITALS = 2  # ``DJ Shadow``, ``C Tangana``


class SpeakerNames(StrEnum):
    """How the text of cues tells who speaks: by name in every cue that leaves time for it or where the speaker changes,
    by a dash where the speaker changes, or not at all."""

    ALWAYS = "always"
    CHANGE = "change"
    DASH = "dash"
    NEVER = "never"


def speaker_labels(
    speakers: Iterable[str], language: str, max_line: int, mark: str | None = None
) -> dict[str, tuple[str, str]]:
    """The full and the short label of each speaker, ``mark`` behind the name, or what the language has there."""
    mark = language_of(language).captioning.name_mark if mark is None else mark
    return {
        speaker: (label(speaker, mark, max_line), label(short, mark, max_line))
        for speaker, short in short_names(speakers, language).items()
    }


def short_names(speakers: Iterable[str], language: str = "") -> dict[str, str]:
    """The shortest clear form of each speaker's name: the first name where it is one and no other speaker has it,
    without titles of the language, by its code.

    Examples
    --------
    >>> short_names(["Dr. Zoë O’Brien", "Ada Morel", "Mrs. Petit"], "en")
    {'Dr. Zoë O’Brien': 'Zoë', 'Ada Morel': 'Ada', 'Mrs. Petit': 'Mrs. Petit'}
    """
    bare = {speaker: " ".join(_ASIDE.sub("", speaker).split()) or speaker for speaker in speakers}
    shared = Counter(bare.values())
    names = {
        speaker: name if shared[name] == 1 or _is_same_voice(speaker, name) else speaker
        for speaker, name in bare.items()
    }
    titles = language_of(language).captioning.titles | _TITLES
    persons = {name: _untitled(name, titles) for name in set(names.values())}
    first_names = Counter(name.split()[0].casefold() for name in persons.values())

    def short(name: str) -> str:
        first = persons[name].split()[0]
        return first if _is_person(persons[name]) and first_names[first.casefold()] == 1 else name

    return {speaker: short(name) for speaker, name in names.items()}


def _untitled(name: str, titles: AbstractSet[str]) -> str:
    """A name without the titles before it, where two words are left: ``Mme Petit`` is no name without."""
    words = name.split()
    while len(words) > 2 and words[0].rstrip(".").casefold() in titles:
        words.pop(0)
    return " ".join(words)


def _is_same_voice(speaker: str, name: str) -> bool:
    """Whether what is said about a name tells no more than how the voice is heard."""
    return QUALIFIERS.issuperset(re.findall(r"[\w.]+", speaker.removeprefix(name).casefold()))


def _is_head(word: str) -> bool:
    """Whether the first word of a name is none alone."""
    folded = word.casefold().replace("’", "'")
    elided = folded.partition("'")[0] + "'"
    capitals = word.isupper() and len(word) <= _STAGE_NAME_CAPITALS
    return capitals or not _HEADS.isdisjoint([folded, elided])


def _is_person(name: str) -> bool:
    """Whether a name reads as first name and last name."""
    first, *others = (re.sub("[-'’]", "", _ELIDED.sub("", word)) for word in name.split())
    named = [word for word in others if word.casefold() not in _PARTICLES]
    if not others or len(named) >= _MOST_NAMES or _is_head(name.split()[0]):
        return False
    initials = [word for word in others[:-1] if _INITIAL.fullmatch(word)]
    whole = [first, *(word for word in named if word not in initials)]
    return all(word.isalpha() and word[0].isupper() for word in whole)


def label(name: str, mark: str, max_line: int) -> str:
    """``Name:``, cut after a word, with an ellipsis, where it would overflow a line."""
    name = " ".join(name.split())
    if width(name + mark) <= max_line:
        return name + mark
    cut = name
    while cut and width(cut + "…" + mark) > max_line:
        cut = cut[:-1]
    whole = cut if name[len(cut)].isspace() else cut.rpartition(" ")[0] or cut
    return whole.rstrip() + "…" + mark
