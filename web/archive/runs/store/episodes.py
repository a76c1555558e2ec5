"""The episodes of a store, told from its list alone: no object is opened for it.

Conventions
-----------
- Whatever is called ``FOLDER/NAME`` is a file of the episode FOLDER, what is called ``FOLDER/.quotecast/NAME`` or
  ``FOLDER/versions/NAME`` is quotecast's own; what lies deeper, or elsewhere, is left where it is.
- A name is anybody's. What cannot be the name of a file on every disk, or differs from another by its case or by how
  its accents are written alone, is left out, and so told; so are episodes whose folders do, which are two in a store
  and would be one where they are copied to such a disk.
- Which sound and which text are an episode's, its own files say, which the worker reads. Here whatever may be
  one counts: where any of it is another, the episode is looked at again.
"""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path, PurePosixPath

from aligner.content_cache import content_key
from aligner.storage.file_names import JSON_SUFFIX, printable
from aligner.storage.outputs import SUFFIXES, output_name
from aligner.storage.user_folders import HIDDEN
from aligner.storage.versions import FOLDER as VERSIONS
from media.confinement import OWN
from media.listing import composed
from web.archive.runs.outcome import Stage
from web.archive.runs.places import Listed, Wanted
from web.archive.runs.stages import VERSION
from web.archive.runs.store.objects import Object
from web.jobs.kinds import PREPARED
from web.library.details import NAME as DETAILS
from web.library.folders import SOUNDS, TEXTS

_LONGEST_BYTES = 200  # of a name; of 255, the rest being for what is written beside it
_NO_LETTERS = {"Cc", "Cs", "Zl", "Zp"}
_CAPTIONS = (".srt", ".vtt")
_OURS = {DETAILS, "quotes.json"}
_TOLD = 3  # names that are left out


@dataclass(frozen=True, slots=True)
class Stored:
    """An episode of a store: its objects by their names as seen from its folder ``name``."""

    name: str
    objects: Mapping[str, Object]

    @property
    def sounds(self) -> list[str]:
        return [name for name in self._files if _ending(name) in SOUNDS]

    @property
    def texts(self) -> list[str]:
        """What may be its transcript: captions that are called as a sound is are ours, unless there is nothing else."""
        outputs = {output_name(PurePosixPath(name)) for name in self.sounds}
        texts = [
            name
            for name in self._files
            if _ending(name) in TEXTS and name not in _OURS and not name.endswith(JSON_SUFFIX)
        ]
        ours = [name for name in texts if _ending(name) in _CAPTIONS and PurePosixPath(name).stem in outputs]
        return [name for name in texts if name not in ours] or ours[:1]

    @property
    def _files(self) -> list[str]:
        return [name for name in self.objects if "/" not in name]

    def key(self, stage: Stage) -> str:
        """A hash of all that decides what a stage makes of it: names, sizes and ETags."""
        read = [*self.sounds, *(self.texts if stage is Stage.ALIGN else ())]
        known = (self.objects[name] for name in (*read, DETAILS) if name in self.objects)
        states = [(each.name, each.size_bytes, each.etag) for each in known]
        return content_key(VERSION, "store", stage, self.name, states).hex()

    def is_made(self, stage: Stage) -> bool:
        """Whether what the stage makes lies there, of whatever sound and text."""
        if stage is Stage.WAVEFORM:
            return all(f"{HIDDEN}/{name}" in self.objects for name in PREPARED[1:])
        outputs = (output_name(PurePosixPath(name)) for name in self.sounds)
        return any(all(f"{name}{ending}" in self.objects for ending in SUFFIXES.values()) for name in outputs)

    def listed(self) -> Listed:
        """What a run is to know of it."""
        if not self.sounds:
            return Listed(self.name, (), is_incomplete=True)
        sound = self.objects[self.sounds[0]]
        stages = [Stage.ALIGN, Stage.WAVEFORM] if self.texts else [Stage.WAVEFORM]
        wanted = [
            Wanted(stage, self.key(stage), self.is_made(stage), _ending(sound.name), sound.size_bytes)
            for stage in stages
        ]
        return Listed(self.name, tuple(wanted), is_incomplete=not self.texts)


@dataclass(slots=True)
class LeftOut:
    """Names that cannot be those of files or folders: how many, and some of them."""

    count: int = 0
    some: list[str] = field(default_factory=list)

    def add(self, name: str) -> None:
        self.count += 1
        if len(self.some) < _TOLD:
            self.some.append(printable(name)[:_LONGEST_BYTES])

    def __str__(self) -> str:
        return ", ".join(map(repr, self.some))


def known_apart(episodes: Iterable[Stored], left_out: LeftOut) -> list[Stored]:
    """The episodes whose folders are so on every disk, one for each."""
    found = list(episodes)
    alike = Counter(_plainest(each.name) for each in found)
    for each in found:
        if alike[_plainest(each.name)] > 1:
            left_out.add(each.name)
    return [each for each in found if alike[_plainest(each.name)] == 1]


def episodes_of(objects: Iterable[Object], left_out: LeftOut | None = None) -> Iterator[Stored]:
    """The episodes among objects, which come by name; those whose folders hold no sound and no details are none."""
    left_out = left_out or LeftOut()
    for folder, found in groupby(objects, key=lambda each: each.name.partition("/")[0]):
        within = [each for each in found if _is_within(folder, each, left_out)]
        episode = Stored(folder, _told_apart(folder, within, left_out))
        if episode.sounds or DETAILS in episode.objects:
            yield episode


def _is_within(folder: str, object: Object, left_out: LeftOut) -> bool:
    """Whether it is a file of the episode in ``folder``, or of those that quotecast keeps there."""
    parts = object.name.split("/")[1:]
    if not parts or parts[-1] == "":
        return False  # a file beside the episodes, or what some programs put in the place of a folder
    if not all(map(is_plain, (folder, *parts))):
        left_out.add(object.name)
        return False
    if folder.startswith(".") or folder.casefold() in OWN:
        return False  # ours
    if len(parts) == 1:
        return not parts[0].startswith(".") and parts[0].casefold() not in OWN
    return len(parts) == 2 and parts[0] in (HIDDEN, VERSIONS) and not parts[1].startswith(".")


def _told_apart(folder: str, objects: list[Object], left_out: LeftOut) -> dict[str, Object]:
    names = {each.name.removeprefix(f"{folder}/"): each for each in objects}
    alike = Counter(map(_plainest, names))
    for name, each in names.items():
        if alike[_plainest(name)] > 1:
            left_out.add(each.name)
    return {name: each for name, each in names.items() if alike[_plainest(name)] == 1}


def _plainest(name: str) -> str:
    """What a name is on a disk for which case, and how an accent is written, make no other."""
    return composed(name).casefold()


def is_plain(name: str) -> bool:
    """Whether a part of an object's name can be that of a file, on this disk and on any other.

    Examples
    --------
    >>> is_plain("Qui sommes-nous ?.mp3"), is_plain(".."), is_plain("a\\\\b"), is_plain("a\\nb")
    (True, False, False, False)
    """
    if name in ("", ".", "..") or "/" in name or "\\" in name or "?versionId=" in name:
        return False  # the last is what s3fs takes for the end of a name
    if any(unicodedata.category(character) in _NO_LETTERS for character in name):
        return False
    return len(name.encode("utf-8")) <= _LONGEST_BYTES and Path(name).name == name


def _ending(name: str) -> str:
    return PurePosixPath(name).suffix.lower()
