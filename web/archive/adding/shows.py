"""What the episodes of a show have in common, as people set it: how speakers are called, the language, the cover.

It is learnt from the episodes that are in the library, so it is what they say now: a name that was set right in one is
that of the next ones.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aligner.normalization import fold
from aligner.storage.audio_lookup import sha256_of
from media.confinement import is_regular
from web.library import Episode

_SHARED = 2  # episodes that have the same cover, for it to be the show's


@dataclass(frozen=True, slots=True)
class Show:
    """What holds for the next episode: by label the ``names`` of speakers, the language, and a file with the cover;
    ``corrected`` is a language that a person set, which goes before that of the feed."""

    names: Mapping[str, str] = field(default_factory=dict)
    language: str | None = None
    cover: Path | None = None
    corrected: str | None = None


def shows_of(episodes: Sequence[Episode]) -> dict[str, Show]:
    """The shows of the episodes, by name. Where these differ, what most say holds, of as many the latest."""
    of = defaultdict[str, list[Episode]](list)
    for episode in sorted(episodes, key=lambda each: each.details.date or "", reverse=True):
        if episode.details.show:
            of[episode.details.show].append(episode)
    return {show: _learnt(group) for show, group in of.items()}


def names_for(labels: Sequence[str], show: Show | None, persons: Sequence[str]) -> dict[str, str]:
    """How the speakers with these labels are called: as in the show's other episodes, else as the feed spells the same
    name."""
    known = show.names if show else {}
    by_folded = {_folded(label): name for label, name in known.items()}
    spelt = {_folded(person): person for person in persons}
    names = {}
    for label in labels:
        name = known.get(label) or by_folded.get(_folded(label)) or spelt.get(_folded(label))
        if name and name != label:
            names[label] = name
    return names


def _learnt(episodes: Sequence[Episode]) -> Show:
    names = defaultdict[str, Counter[str]](Counter)
    for episode in episodes:
        for label, name in episode.details.names.items():
            names[label][name] += 1
    languages = Counter(each.details.language for each in episodes if each.details.language)
    return Show(
        {label: found.most_common(1)[0][0] for label, found in names.items()},
        languages.most_common(1)[0][0] if languages else None,
        _shared_cover(episodes),
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
