"""What an archive remembers, in the library's hidden folder: its sources, and of each episode what it was made of.

    LIBRARY/.quotecast/archive/sources.json      the sources, and what was left over when they were last read
                               episodes.jsonl    a line for each episode that was made or changed, or whose sound was an
                                                 episode's already; the last of a key counts
                               making.json       the episode that is being made
                               downloads/        what is being fetched
                               feeds/            the feeds as they were last

Addresses of private feeds hold what lets whoever has them in: so all of this is for this user's eyes alone. A library
may come from anywhere: sources, which make quotecast read folders and ask hosts, count only with a seal by a key of the
user's own. So does each line of an episode; of one that somebody else wrote only that there is such an episode, in a
folder that is there, until it is found among the user's own sources (``web.archive.adding.others``).

Who writes holds ``alone``. What follows the last line break was cut off by a fall, and is passed over; a line that is
damaged before that is an error.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Literal

import msgspec
from msgspec import Struct

from aligner.errors import OutputError
from aligner.storage.checked_json import decode, encodable
from aligner.storage.keys import users_key
from aligner.storage.private import write_private
from aligner.storage.turns import alone_in
from media.appending import append
from media.confinement import is_folder, is_regular, read_regular
from media.moving import keep_private, make_folder, remove_file
from web.archive.adding.made import Made, Part
from web.archive.errors import ArchiveError
from web.archive.seals import KEY, is_seal, own_key, seal_of
from web.archive.sources.fetching import Validators
from web.library import Library

_LARGEST_SOURCES, _LARGEST_EPISODES, _LARGEST_MADE = 50_000_000, 500_000_000, 1_000_000  # bytes; 20,000 have 20 MB


class Source(Struct, frozen=True, omit_defaults=True):
    """A feed or a folder, by its address or absolute path, and the state of a feed of which nothing is left to do."""

    place: str
    etag: str | None = None
    modified: str | None = None

    @property
    def validators(self) -> Validators:
        return Validators(self.etag, self.modified)


class _Sources(Struct):
    format: Literal["quotecast-archive"]
    version: Literal[1]
    sources: list[Source]
    told: list[str] = []
    allow_private: bool = False
    most_bytes: int = 2_000_000_000
    unpaired: bool = False
    seal: str = ""

    def sealed_with(self, key: bytes) -> str:
        """The seal by a user's key of what makes runs read and ask something."""
        return seal_of(key, sorted(e.place for e in self.sources), self.allow_private, self.most_bytes, self.unpaired)


@dataclass(slots=True)
class Memory:
    """What is remembered: sources by place, episodes by key, and sounds that are ``twice``; ``told`` are keys of what
    was said to be left over; ``strange`` are places that somebody else named, which are no sources."""

    sources: dict[str, Source] = field(default_factory=dict)
    episodes: dict[str, Made] = field(default_factory=dict)
    twice: dict[str, Made] = field(default_factory=dict)
    told: frozenset[str] = frozenset()
    allow_private: bool = False
    most_bytes: int = 2_000_000_000
    unpaired: bool = False
    strange: tuple[str, ...] = ()


class Archive:
    """What a library's archive keeps."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.folder = library.hidden / "archive"
        self.downloads, self.feeds = self.folder / "downloads", self.folder / "feeds"
        self._whole: int | None = None  # bytes of the lines of episodes
        self._sources, self._episodes = self.folder / "sources.json", self.folder / "episodes.jsonl"
        self._making = self.folder / "making.json"

    @contextlib.contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether no other run on this machine adds to this library meanwhile."""
        with contextlib.ExitStack() as stack:
            try:
                stack.enter_context(alone_in(self.folder))
            except OutputError:
                yield False
                return
            make_folder(self.folder)
            for path in (self._sources, self._episodes, self.feeds, self.downloads):  # of earlier versions
                with contextlib.suppress(OSError):  # not there yet, or a link, or another's
                    keep_private(path)
            try:
                yield True
            except OutputError as error:
                raise error.where_it_is() from error

    @property
    def is_begun(self) -> bool:
        """Whether anything is remembered."""
        return any(map(is_regular, (self._sources, self._episodes, self._making)))

    def read(self) -> Memory:
        """What is remembered.

        Raises
        ------
        ArchiveError
            It is damaged, or a later quotecast has written it.
        """
        memory, key = Memory(), own_key()
        with contextlib.suppress(FileNotFoundError):
            try:
                found = decode(read_regular(self._sources, _LARGEST_SOURCES), _Sources)
            except ValueError as error:
                raise ArchiveError(
                    "{path}: is damaged, or of a later quotecast ({detail}); take it away, and add the sources anew",
                    path=self._sources, detail=str(error),
                ) from error  # fmt: skip
            if _is_ours(found, key):
                sources = {each.place: each for each in found.sources}
                limits = found.allow_private, found.most_bytes, found.unpaired
                memory = Memory(sources, {}, {}, frozenset(found.told), *limits)
            else:
                memory = Memory(strange=tuple(each.place for each in found.sources))
        for each in (_owned(made, key) for made in self._lines()):
            if not (each.seal or self._may_count(each, memory)):
                continue
            if each.twice:
                memory.twice[each.key] = each
            else:
                memory.episodes.pop(each.was or "", None)
                memory.episodes[each.key] = msgspec.structs.replace(each, was=None)
                memory.twice.pop(each.key, None)
        return memory

    def _may_count(self, others: Made, memory: Memory) -> bool:
        """Whether a line that somebody else wrote tells of an episode that is there, and of which this user wrote
        nothing."""
        own = memory.episodes.get(others.key) or memory.twice.get(others.key)
        is_there = others.folder and is_folder(self.library.root / others.folder)
        return bool(is_there) and not (others.twice or (own and own.seal))

    def write(self, memory: Memory) -> None:
        """Remember sources and what was told.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        kept = _Sources(
            "quotecast-archive", 1, [*memory.sources.values()], sorted(memory.told),
            memory.allow_private, memory.most_bytes, memory.unpaired,
        )  # fmt: skip
        with contextlib.suppress(OutputError):  # no key can be kept: the next update says so
            kept.seal = kept.sealed_with(users_key(KEY))
        write_private(self._sources, _json(kept, indent=1))

    def begin(self, made: Made) -> None:
        """Remember what is about to be made: a run that falls once its folder is there has not noted it yet.

        Raises
        ------
        OutputError
            It cannot be written.
        """
        write_private(self._making, _json(_sealed(made)))

    def begun(self) -> Made | None:
        """What a run that fell was about to make."""
        with contextlib.suppress(FileNotFoundError, ValueError):
            made = decode(read_regular(self._making, _LARGEST_MADE), Made)
            return made if _is_ours(made, own_key()) else None
        return None

    def end(self) -> None:
        """Nothing is being made any more."""
        remove_file(self._making)

    def note(self, made: Made) -> None:
        """Remember an episode, so that it lasts."""
        if self._whole is None:
            content = b""
            with contextlib.suppress(FileNotFoundError):
                content = read_regular(self._episodes, _LARGEST_EPISODES)
            self._whole = content.rfind(b"\n") + 1  # what follows was cut off
        line = _json(_sealed(made)) + b"\n"
        append(self._episodes, line, self._whole)
        if not self._whole:
            keep_private(self._episodes)
        self._whole += len(line)

    def _lines(self) -> Iterator[Made]:
        """Those that are whole. Without one that is damaged nobody knows which episode was made, or removed here."""
        content = b""
        with contextlib.suppress(FileNotFoundError):
            content = read_regular(self._episodes, _LARGEST_EPISODES)
        for number, line in enumerate(content.split(b"\n")[:-1], 1):
            try:
                yield decode(line, Made)
            except ValueError as error:
                raise ArchiveError(
                    "{path}: line {line} is damaged ({detail}); put it right, or take it out: its episode then follows "
                    "its source no more, or comes back if it was removed",
                    path=self._episodes, line=number, detail=str(error),
                ) from error  # fmt: skip


def _is_ours(found: _Sources | Made, key: bytes | None) -> bool:
    """Whether this user's own quotecast wrote it: a library may come from anywhere."""
    return is_seal(found.seal, found.sealed_with(key) if key is not None else None)


def _sealed(made: Made) -> Made:
    with contextlib.suppress(OutputError):  # no key can be kept: it counts as somebody else's
        return msgspec.structs.replace(made, seal=made.sealed_with(users_key(KEY)))
    return msgspec.structs.replace(made, seal="")


def _owned(made: Made, key: bytes | None) -> Made:
    """An episode; of one that somebody else's quotecast wrote no seal is left, and nothing to read or to ask."""
    if _is_ours(made, key):
        return made
    sound, text = _of_nowhere(made.sound), _of_nowhere(made.text) if made.text else None
    return Made(
        made.key, made.folder, sound, text, made.guid, made.date, made.confidence, made.given,
        twice=made.twice, title=made.title, show=made.show, named=made.named, passed=made.passed,
    )  # fmt: skip


def _of_nowhere(part: Part) -> Part:
    return msgspec.structs.replace(part, path=None, url=None)


def _json(record: Struct, indent: int | None = None) -> bytes:
    return encodable(json.dumps(msgspec.to_builtins(record), ensure_ascii=False, indent=indent)).encode("utf-8")
