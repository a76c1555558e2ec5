"""How an archive stands, for whoever looks at it: what became of each episode, what needs a person first.

Read from the library and from what runs remember of it (``records``), of which none need be at work.
"""

from __future__ import annotations

import contextlib
import errno
import math
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from pathlib import Path

from aligner import settled
from aligner.model import Verdict
from aligner.storage.file_states import until_changed
from media.confinement import is_folder, where
from media.errors import from_facts
from media.listing import folders
from media.moving import is_taken
from web.archive.runs import retries
from web.archive.runs.otherwise import is_done_otherwise
from web.archive.runs.outcome import Stage, State
from web.archive.runs.places import stages_of
from web.archive.runs.records import ARCHIVE, RESULTS, Record, known_of
from web.archive.runs.stages import is_made, key_of
from web.library import ON_A_PAGE, Episode, EpisodeState, Library, Row, read_folder, row_of
from web.library.digests import digest_of
from web.library.patience import one_list

_AT_HAND = 50_000  # episodes
_LIBRARIES = 4


class Standing(StrEnum):
    """What became of an episode; the names are told in addresses. In the order in which they need a person."""

    FAILED = "failed"  # its sound or its text cannot be used
    ASIDE = "aside"  # its process fell too often
    LACKS = "lacks"  # it has no sound or no transcript yet
    MACHINE = "machine"  # a machine could not do it; the next run tries again
    WAITING = "waiting"
    DONE = "done"


_ORDER = (
    (Standing.FAILED, None),
    (Standing.ASIDE, None),
    (Standing.DONE, Verdict.POOR),
    (Standing.LACKS, None),
    (Standing.MACHINE, None),
    (Standing.DONE, Verdict.REVIEW),
    (Standing.WAITING, None),
)
_OF_FAILURES = {State.FAILED: Standing.FAILED, State.FELL: Standing.ASIDE, State.BROKE: Standing.MACHINE}


@dataclass(frozen=True, slots=True)
class Entry:
    """An episode of the list: what became of it and ``why``, and whether it is ``asked`` for to be tried again."""

    row: Row
    standing: Standing
    stage: Stage | None = None
    why: str = ""
    asked: bool = False

    @property
    def can_be_asked(self) -> bool:
        return self.standing in _OF_FAILURES.values() and not self.asked


@dataclass(frozen=True, slots=True)
class Overview:
    """A page of the list: which of ``total`` episodes it has (``places``), ``number`` of ``pages``; how many there are
    of each kind; how many that failed can be ``retried``, and whether all of them were asked for (``all_asked``);
    ``is_damaged`` where what runs remember cannot be read."""

    entries: list[Entry]
    number: int
    pages: int
    places: range
    total: int
    standings: Mapping[Standing, int]
    verdicts: Mapping[Verdict, int]
    retried: int
    all_asked: bool
    is_damaged: bool


@dataclass(frozen=True, slots=True)
class _Looked:
    """An episode as it is now: what became of it, and the stage that failed and how."""

    episode: Episode
    verdict: Verdict | None
    standing: Standing
    stage: Stage | None = None
    record: Record | None = None

    @property
    def has_failed(self) -> bool:
        return self.standing in _OF_FAILURES.values()

    @property
    def urgency(self) -> int:
        """How soon a person is needed: 0 is at once."""
        kinds = (self.standing, self.verdict), (self.standing, None)
        return next((k for k, each in enumerate(_ORDER) if each in kinds), len(_ORDER))


def is_archive(library: Library) -> bool:
    """Whether the library has been added to or run over as an archive."""
    return is_folder(library.hidden / ARCHIVE)


def overview(
    library: Library, standing: Standing | None = None, verdict: Verdict | None = None, number: int = 1
) -> Overview:
    """The page of that number of the episodes of which that became, and whose alignment has that verdict; what needs a
    person first. Where there is no such page, the nearest.
    """
    known, asked = _known(library), retries.asked(library.root)
    is_damaged, known = known is None, known or {}
    with one_list():
        found = [_looked_at(library, key, folder, known) for key, folder in library.folders().items()]
        looked = [each for each in found if each]
        chosen = [each for each in looked if standing in (None, each.standing) and verdict in (None, each.verdict)]
        chosen.sort(key=lambda each: (each.episode.details.date or "", each.episode.folder.name), reverse=True)
        chosen.sort(key=lambda each: each.urgency)
        pages = max(1, math.ceil(len(chosen) / ON_A_PAGE))
        number = min(max(1, number), pages)
        places = range(len(chosen))[(number - 1) * ON_A_PAGE : number * ON_A_PAGE]
        entries = [_entry(library, chosen[k], asked) for k in places]
    failed = [each for each in looked if each.has_failed]
    return Overview(
        entries=entries,
        number=number,
        pages=pages,
        places=places,
        total=len(chosen),
        standings=Counter(each.standing for each in looked),
        verdicts=Counter(each.verdict for each in looked if each.verdict),
        retried=sum(not asked.names(_name(library, each.episode)) for each in failed),
        all_asked=asked.all and bool(failed),
        is_damaged=is_damaged,
    )


def name_of(library: Library, episode_id: str) -> str:
    """What runs call the episode of that id.

    Raises
    ------
    NotFound
        There is none.
    """
    return _name(library, library.episode(episode_id))


def _name(library: Library, episode: Episode) -> str:
    return episode.folder.relative_to(library.root).as_posix()


def _known(library: Library) -> Mapping[str, Mapping[Stage, Record]] | None:
    """What runs remember, by episode; None where it cannot be read."""
    path = library.hidden / ARCHIVE / RESULTS
    try:
        return _by_episode(path) if is_taken(path) else {}
    except OSError:
        return None


@until_changed(_LIBRARIES)
def _by_episode(path: Path) -> Mapping[str, Mapping[Stage, Record]] | None:
    """None where it is damaged, which is looked at once, too."""
    by_episode = defaultdict[str, dict[Stage, Record]](dict)
    root = path.parents[2]
    names = {".", *(folder.name for folder in folders(root))}
    try:
        known = known_of(root, names).records
    except OSError as error:
        if error.errno not in (errno.EFBIG, errno.EINVAL):  # it may be read another time
            raise
        return None
    for (episode, stage), record in known.items():
        by_episode[episode][stage] = record
    return dict(by_episode)


def _looked_at(
    library: Library, episode_id: str, folder: Path, known: Mapping[str, Mapping[Stage, Record]]
) -> _Looked | None:
    """The episode in a folder, if there is one, read anew when something was put there or taken away."""
    try:
        status = where(folder).stat()
    except OSError:
        return None  # it has just gone
    episode, verdict = _read(episode_id, folder, status.st_mtime_ns, status.st_ctime_ns)
    if episode is None:
        return None
    told = known.get(_name(library, episode), {})
    now = ((stage, _of_now(episode, stage, told.get(stage))) for stage in stages_of(episode))
    records = {stage: record for stage, record in now if record and not _is_over(episode, stage, record)}
    for state, standing in _OF_FAILURES.items():
        for stage, record in records.items():
            if record.outcome.state is state and (state is not State.FELL or record.is_set_aside):
                return _Looked(episode, verdict, standing, stage, record)
    if episode.state is EpisodeState.INCOMPLETE:
        return _Looked(episode, verdict, Standing.LACKS)
    return _Looked(episode, verdict, Standing.DONE if _is_done(episode, records) else Standing.WAITING)


@lru_cache(maxsize=_AT_HAND)
def _read(episode_id: str, folder: Path, _modified_ns: int, _changed_ns: int) -> tuple[Episode | None, Verdict | None]:
    episode = read_folder(folder, episode_id)
    digest = digest_of(episode.alignment) if episode and episode.alignment else None
    if digest is None:
        return episode, None
    is_unread = digest.verdict is Verdict.GOOD and settled.is_unread(digest.signature, digest.machine_text)
    return episode, Verdict.REVIEW if is_unread else digest.verdict


def _of_now(episode: Episode, stage: Stage, record: Record | None) -> Record | None:
    """What is known of a stage, if it is of the files as they are."""
    with contextlib.suppress(OSError):  # one has just gone
        if record and record.outcome.key == key_of(episode, stage):
            return record
    return None


def _is_over(episode: Episode, stage: Stage, record: Record) -> bool:
    """Whether a stage that failed was done otherwise since."""
    return record.has_failed and is_done_otherwise(episode, stage)


def _is_done(episode: Episode, records: Mapping[Stage, Record]) -> bool:
    """Whether all is done, by a run or in the app."""
    if episode.alignment is None:
        return False
    if Stage.ALIGN not in records:
        return not row_of(episode).outdated and is_made(episode, Stage.WAVEFORM)
    return all(stage in records and records[stage].outcome.state is State.DONE for stage in stages_of(episode))


def _entry(library: Library, looked: _Looked, asked: retries.Asked) -> Entry:
    episode, why = looked.episode, ""
    with contextlib.suppress(ValueError):  # no message as we write it
        why = from_facts(looked.record.outcome.message) if looked.record else ""
    row = row_of(read_folder(episode.folder, episode.id) or episode)
    return Entry(row, looked.standing, looked.stage, why, looked.has_failed and asked.names(_name(library, episode)))
