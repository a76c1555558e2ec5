"""What the episodes of a show have in common, as people set it: how speakers are called, the language, the cover.

It is learnt from the episodes that are in the library, so it is what they say now: a name that was set right in one is
that of the next ones.
"""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from aligner.normalization import fold
from aligner.storage.audio_lookup import sha256_of
from media.confinement import is_regular
from web.library import Episode

_SHARED = 2  # episodes that have the same cover, for it to be the show's


@dataclass(frozen=True, slots=True)
class Show:
    """What holds for the next episode: by label the ``names`` of speakers, the language, and a file with the cover;
    ``corrected`` is a language that a person set, which goes before that of the feed. ``spelt`` is in how many episodes
    speakers are spelt like that."""

    names: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    cover: Path | None = None
    corrected: str | None = None
    spelt: Mapping[str, int] = field(default_factory=dict)


def shows_of(episodes: Sequence[Episode]) -> dict[str, Show]:
    """The shows of the episodes, by name. Where these differ, what most say holds, of as many the latest."""
    of = defaultdict[str, list[Episode]](list)
    for episode in sorted(episodes, key=lambda each: each.details.date or "", reverse=True):
        if episode.details.show:
            of[episode.details.show].append(episode)
    return {show: _learnt(group) for show, group in of.items()}


def with_labels(shows: Mapping[str, Show], new: Iterable[tuple[str, Sequence[str]]]) -> dict[str, Show]:
    """The shows with the labels of transcripts that are new in them, by the name of the show: of speakers of whom no
    episode there is tells yet how they are spelt."""
    spelt = defaultdict[str, Counter[str]](Counter)
    for name, labels in new:
        if name:
            known = {*map(in_any_case, shows[name].spelt)} if name in shows else set()
            spelt[name].update(label for label in labels if in_any_case(label) not in known)
    more = {name: shows.get(name, Show()) for name in spelt}
    return {**shows, **{name: replace(show, spelt={**show.spelt, **spelt[name]}) for name, show in more.items()}}


def names_for(labels: Sequence[str], show: Show | None, persons: Sequence[str]) -> dict[str, str]:
    """How the speakers with these labels are called: as in the show's other episodes, else as the feed spells the same
    name, else as most of the show's episodes do where case alone differs."""
    known = show.names if show else {}
    by_case = {in_any_case(label): name for label, name in known.items()}
    by_folded = {_folded(label): name for label, name in known.items()}
    spelt = {_folded(person): person for person in persons}
    usual = dict[str, str]()
    for each in Counter(show.spelt if show else {}).most_common():
        usual.setdefault(in_any_case(each[0]), each[0])
    names = {}
    for label in labels:
        alike, folded = in_any_case(label), _folded(label)
        name = by_case.get(alike) or by_folded.get(folded) or spelt.get(folded) or usual.get(alike)
        if name and name != label:
            names[label] = name
    return names


def in_any_case(label: str) -> str:
    """A label as it is the same in whichever case it is written."""
    return " ".join(unicodedata.normalize("NFC", unicodedata.normalize("NFC", label).casefold()).split())


def _learnt(episodes: Sequence[Episode]) -> Show:
    names, labels = defaultdict[str, Counter[str]](Counter), defaultdict[str, Counter[str]](Counter)
    for episode in episodes:
        for label, name in episode.details.names.items():
            names[in_any_case(label)][name] += 1
            labels[in_any_case(label)][label] += 1
    languages = Counter(each.details.language for each in episodes if each.details.language)
    return Show(
        {labels[key].most_common(1)[0][0]: found.most_common(1)[0][0] for key, found in names.items()},
        languages.most_common(1)[0][0] if languages else None,
        _shared_cover(episodes),
        spelt=Counter(name for episode in episodes for name in episode.details.speakers),
    )


def _shared_cover(episodes: Sequence[Episode]) -> Path | None:
    """The picture that most episodes have, and more than one."""
    covers = [each.folder / each.details.cover for each in episodes[:50] if each.details.cover]
    files = [(sha256_of(path), path) for path in covers if is_regular(path)]
    if not files:
        return None
    digest, count = Counter(digest for digest, _ in files).most_common(1)[0]
    return next(path for each, path in files if each == digest) if count >= _SHARED else None


def _folded(name: str) -> str:
    return " ".join(fold(name, " ").split())
