"""What became of each stage, remembered between runs: a line of JSON for each that ended, in the library's own folder.

One writer: the run, which has the library's lock. A line lies on the disk whole or not at all; the last one of an
episode's stage counts, and when a run begins the others go.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
from collections.abc import Container, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import msgspec
from msgspec import Struct

from aligner.errors import OutputError
from aligner.storage.atomic import making, write_text
from aligner.storage.checked_json import Count, Seconds, Share, decode
from aligner.storage.user_folders import HIDDEN
from media.appending import append
from media.confinement import TOO_LARGE, is_regular, open_regular, place, status_of
from media.moving import is_taken, make_folder, remove_file
from web.archive.runs.outcome import Outcome, Stage, State

ARCHIVE = "archive"
"""The folder of what archives remember, in the library's own."""

MOST_FALLS = 3
"""So often a stage's process falls until the episode is set aside."""

RESULTS = "results.jsonl"
_LARGEST_BYTES = 100_000_000  # a hundred thousand episodes have some 60 MB
_LONGEST_LINE_BYTES = 50_000  # a sentence, its template and values
_MOST_DAMAGED = 10_000  # lines that are none of ours, after which the file is given up
_MOST_TOLD = 5  # numbers of damaged lines
_NO_KEY = ""  # of a stage that was forgiven: no files have it


class ArchiveInUseError(OutputError):
    """Another run works on this archive."""


@dataclass(frozen=True, slots=True)
class Record:
    """How a stage ended the last time, and how often its process ``fell`` with these files."""

    outcome: Outcome
    fell: int = 0

    @property
    def is_set_aside(self) -> bool:
        """Whether it is not tried again until somebody asks for it, or its files change."""
        return self.outcome.state is State.FAILED or self.fell >= MOST_FALLS

    @property
    def has_failed(self) -> bool:
        """Whether it is not done, for whatever reason."""
        return self.outcome.state in (State.FAILED, State.FELL, State.BROKE)


class _Facts(Struct, omit_defaults=True):
    """A message's, and nothing that somebody put beside: what is not named here is not even made."""

    message: str
    template: str | None = None
    values: dict[str, str | float | int | bool | _Facts | None] | None = None


class _Line(Struct):
    episode: str
    stage: Stage
    key: str
    state: State
    seconds: Seconds = 0.0
    duration: Seconds = 0.0
    verdict: str | None = None
    coverage: Share | None = None
    message: _Facts | None = None
    fell: Count = 0


class _Whose(Struct):
    episode: str


class Records:
    """The records of the library at ``root``, told as that at ``address`` where it has one."""

    def __init__(self, root: Path, address: str | None = None) -> None:
        self._path = root / HIDDEN / ARCHIVE / RESULTS
        self._told = f"{address or root}/{HIDDEN}/{ARCHIVE}/{RESULTS}"
        self._known: dict[tuple[str, Stage], Record] = {}
        self._size_bytes = 0

    def read(self, names: Container[str]) -> str | None:
        """Take up what earlier runs left of the episodes of these ``names``, and leave out what no longer counts;
        returns what is damaged, in words.

        Raises
        ------
        OutputError
            It cannot be written.
        OSError
            It cannot be read now.
        """
        damaged = None
        try:
            found = known_of(self._path.parents[2], names)
        except OSError as error:
            if error.errno not in (errno.EFBIG, errno.EINVAL):  # it may be read another time
                raise
            damaged = f"{self._told}: {error.strerror}; what failed before is tried again"
        else:
            self._known = dict(found.records)
            if found.damaged:
                numbers = ", ".join(map(str, found.damaged[:_MOST_TOLD]))
                more = ", …" if len(found.damaged) > _MOST_TOLD else ""
                damaged = f"{self._told}: damaged are lines {numbers}{more}; what failed there is tried again"
        with making(self._path.parent):
            write_text(self._path, "".join(map(_line, self._known.values())))
        self._size_bytes = status_of(self._path).st_size
        return damaged

    def of(self, episode: str, stage: Stage, key: str) -> Record | None:
        """What is known of a stage with just these files."""
        found = self._known.get((episode, stage))
        return found if found and found.outcome.key == key else None

    def take(self, outcome: Outcome) -> Record:
        """Remember how a stage ended.

        Raises
        ------
        OSError
            It cannot be written; nothing is remembered then.
        """
        known = self.of(outcome.episode, outcome.stage, outcome.key)
        fell = (known.fell if known else 0) + 1 if outcome.state is State.FELL else 0
        record = Record(outcome, fell)
        content = _line(record).encode("utf-8")
        append(self._path, content, self._size_bytes)
        self._size_bytes += len(content)
        self._known[outcome.episode, outcome.stage] = record
        return record

    def failed(self) -> list[tuple[str, Stage, Record]]:
        """What is known of the stages that are not done."""
        return [(*which, record) for which, record in self._known.items() if record.has_failed]

    def forgive(self, stages: Iterable[tuple[str, Stage]]) -> None:
        """Have them tried again as if they had not been tried, by the next run too if this one is killed before.

        Raises
        ------
        OSError
            It cannot be written; none is forgiven then.
        """
        blank = {
            each: Record(Outcome(episode=each[0], stage=each[1], key=_NO_KEY, state=State.LEFT)) for each in stages
        }
        content = "".join(map(_line, blank.values())).encode("utf-8")
        if content:
            append(self._path, content, self._size_bytes)
            self._size_bytes += len(content)
            self._known |= blank


@dataclass(frozen=True, slots=True)
class Known:
    """What is remembered of stages, and the numbers of the lines that are ``damaged``."""

    records: Mapping[tuple[str, Stage], Record]
    damaged: tuple[int, ...] = ()


def known_of(root: Path, names: Container[str]) -> Known:
    """What is remembered of the episodes of these ``names`` in the library at ``root``, by whoever reads it; of others
    a library that somebody sent may tell a million. A last line that was cut off is none.

    Raises
    ------
    OSError
        It cannot be read, is larger than ``_LARGEST_BYTES``, or damaged in more than ``_MOST_DAMAGED`` lines.
    """
    known, damaged = dict[tuple[str, Stage], Record](), list[int]()
    path = root / HIDDEN / ARCHIVE / RESULTS
    if not is_regular(path):
        return Known(known)
    for number, content in enumerate(_lines(path), 1):
        try:
            if decode(content, _Whose).episode not in names:
                continue
            line = decode(content, _Line)
        except ValueError as error:
            damaged.append(number)
            if len(damaged) > _MOST_DAMAGED:
                raise OSError(errno.EINVAL, f"more than {_MOST_DAMAGED} lines are damaged", str(path)) from error
            continue
        facts = {name: getattr(line, name) for name in line.__struct_fields__ if name != "fell"}
        facts["message"] = msgspec.to_builtins(line.message)
        known[line.episode, line.stage] = Record(Outcome(**facts), line.fell)
    return Known(known, tuple(damaged))


def _lines(path: Path) -> Iterator[bytes]:
    """The lines that are whole, one at a time; of one that is none of ours, as it is so long, the beginning."""
    with open_regular(path) as file:
        if os.fstat(file.fileno()).st_size > _LARGEST_BYTES:
            raise OSError(errno.EFBIG, TOO_LARGE, str(path))
        while line := file.readline(_LONGEST_LINE_BYTES):
            end = line
            while end and not end.endswith(b"\n"):
                end = file.readline(_LONGEST_LINE_BYTES)
            if end:
                yield line


def _line(record: Record) -> str:
    facts = asdict(replace(record.outcome, ran=(), worker=""))
    del facts["ran"], facts["worker"]
    return json.dumps({**facts, "fell": record.fell}) + "\n"


@contextlib.contextmanager
def sole_run(root: Path) -> Iterator[None]:
    """The lock that one run at a time has on an archive; the system frees it with the process.

    Raises
    ------
    ArchiveInUseError
        Another has it.
    OutputError
        It cannot be made.
    """
    import filelock

    path = root / HIDDEN / ARCHIVE / "run.lock"
    try:
        make_folder(path.parent)
        if place(path).is_symlink() or (is_taken(path) and (not is_regular(path) or status_of(path).st_nlink > 1)):
            remove_file(path)  # locking would empty another file
        lock = filelock.FileLock(place(path), blocking=False).acquire()
    except filelock.Timeout as error:
        raise ArchiveInUseError(
            "{path}: another run is at work on this archive; wait for it, or end it", path=root
        ) from error
    except OSError as error:
        raise OutputError("{path}: cannot be used ({reason})", path=path, reason=error.strerror) from error
    with lock:
        yield
