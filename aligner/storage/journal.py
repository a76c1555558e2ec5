"""What is to become of a set of files, written down before the first is replaced: after a kill or a failure of power,
the next run that comes to the folder does what is still to be done.

A journal is a hidden file in the folder, and a folder may have been sent by anybody. One is believed only with the seal
that this user's own key makes; it names files right in its folder, or in that of its clips, the new ones by what they
must hold. What somebody has edited since is kept.
"""

from __future__ import annotations

import contextlib
import errno
import hashlib
import hmac
import json
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import count, islice
from pathlib import Path

from msgspec import Struct, to_builtins

from aligner.errors import OutputError
from aligner.storage.checked_json import decode
from aligner.storage.keys import KEY_BYTES, kept_key, users_key
from aligner.storage.user_folders import CLIPS, cache_folder, config_folder
from media.confinement import changeable, open_regular, read_regular
from media.listing import entries
from media.moving import copy, move, remove_file, write_new
from media.temporary import flush, flush_names, is_temporary, temporary_path

KEY = "journal.key"
"""The name of the key, in the user's configuration, or in their cache."""

_SUFFIX = ".journal"
_LARGEST_BYTES = 1 << 20  # a step takes some 300; the index of a show is hundreds of files
_MOST = 1000  # that a folder may have: one kill leaves one
_LARGEST_HASHED_BYTES = 500_000_000  # of a file; half an hour of sound as WAV has less
_SURELY_HASHED_BYTES = 50_000_000  # of one that takes next to no room: some systems never tell what room is taken
_OTHER = "other"  # than a file that can be read: it is kept


class Step(Struct, frozen=True):
    """What becomes of the file called ``target``, which may be ``clips/NAME``: ``source``, right in the folder, takes
    its place, or it goes where that is None.

    ``before`` and ``after`` are the fingerprints of ``target`` before and after it, None where it is not there.
    """

    target: str
    source: str | None
    before: str | None
    after: str | None


class _Content(Struct):
    steps: list[Step]


def new_journal(folder: Path) -> Path:
    """A path for a journal in ``folder``."""
    return temporary_path(folder, _SUFFIX)


def write_journal(path: Path, steps: Sequence[Step]) -> None:
    """Write a journal, in place of the one that stands there, and everything that it needs, through to the disk.

    Raises
    ------
    OSError
        It cannot be written; then ``path`` is as it was.
    """
    content = json.dumps(to_builtins(_Content(list(steps)))).encode("ascii")
    fresh = temporary_path(path.parent)
    try:
        write_new(fresh, _new_seal(content).encode("ascii") + b"\n" + content)
        flush(fresh)
        flush_names(path.parent)  # what it names is found whenever it is
        move(fresh, path)
    finally:
        remove_file(fresh)
    flush_names(path.parent)


def carry_out(journal: Path, steps: Sequence[Step]) -> None:
    """Take what is still to be done of the steps, whoever began, and remove the journal.

    Raises
    ------
    OSError
        A step cannot be taken now; the journal stays for a later run.
    """
    folder = journal.parent
    for step in steps:
        _take_if_left(folder, step)
    flush_places(folder, steps)
    remove_file(journal)


def flush_places(folder: Path, steps: Iterable[Step]) -> None:
    """Have the system put on the disk which names the steps have given."""
    for place in {(folder / step.target).parent for step in steps}:
        flush_names(place)


def take(folder: Path, step: Step) -> None:
    """Take one step, whatever stands there.

    Raises
    ------
    OSError
        It cannot be taken now.
    """
    target = folder / step.target
    if step.source is None:
        remove_file(target)
        return
    try:
        move(folder / step.source, target)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
        beside = temporary_path(target.parent)  # clips may lie on another disk
        try:
            copy(folder / step.source, beside)
            flush(beside)
            move(beside, target)
        finally:
            remove_file(beside)
        remove_file(folder / step.source)


def settle(folder: Path) -> None:
    """Carry out the journals in ``folder`` that this user's runs left there when they were killed. Whoever calls it has
    the folder's turn: what a living process writes down is its own to do.

    Raises
    ------
    OSError
        One cannot be carried out now.
    """
    for path in _journals(changeable(folder)):
        if (steps := _read(path)) is not None:
            carry_out(path, steps)


def is_unsettled(folder: Path) -> bool:
    """Whether there are journals in ``folder``, of whomever."""
    return any(_journals(folder))


def fingerprint(path: Path) -> str | None:
    """The SHA-256 of what the file at ``path`` holds, or of the link that stands there; None where nothing does.

    What is larger than any file of ours is not read, nor what is nearly all hole: its size and the time of its last
    change stand for what it holds.

    Raises
    ------
    OSError
        It cannot be read, or is something else.
    """
    if path.is_symlink():
        return fingerprint_of(b"link to " + os.fsencode(path.readlink()))
    if not os.path.lexists(path):
        return None
    with open_regular(path) as file:
        status = os.fstat(file.fileno())
        if status.st_size > _LARGEST_HASHED_BYTES or _is_hollow(status):
            return fingerprint_of(f"{status.st_size} bytes of {status.st_mtime_ns}".encode("ascii"))
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_hollow(status: os.stat_result) -> bool:
    """Whether of a large file so little lies on the disk that it is no sound or video, even compressed."""
    there_bytes = 512 * getattr(status, "st_blocks", status.st_size)
    return status.st_size > _SURELY_HASHED_BYTES and status.st_size > 64 * there_bytes


def fingerprint_of(content: bytes) -> str:
    """The ``fingerprint`` of a file that holds ``content``, where that is read."""
    return hashlib.sha256(content).hexdigest()


def backup_names(path: Path) -> Iterator[Path]:
    """Where copies of ``path`` are kept: NAME.bak, NAME.bak2, ..."""
    return (path.with_name(f"{path.name}.bak{number if number > 1 else ''}") for number in count(1))


def without_backup_ending(path: Path) -> Path:
    """The path that a copy of the name of ``backup_names`` is of; any other path as it is."""
    return path.with_name(name) if (name := re.sub(r"\.bak\d*$", "", path.name)) else path


def _journals(folder: Path) -> Iterator[Path]:
    found = (path for path in entries(folder) if path.suffix == _SUFFIX and is_temporary(path.name))
    return islice(found, _MOST)


def _take_if_left(folder: Path, step: Step) -> None:
    target = folder / step.target
    try:
        now = fingerprint(target)
    except OSError:
        now = _OTHER
    if step.source is None:
        if now is not None and now == step.before:
            take(folder, step)
        return
    if fingerprint(folder / step.source) != step.after:
        return  # it has its place already
    if now not in (None, step.before, step.after):
        move(target, next(name for name in backup_names(target) if not os.path.lexists(name)))
    take(folder, step)


def _read(path: Path) -> list[Step] | None:
    """The steps of a journal; None if it is none that this user's runs wrote."""
    try:
        seal, _, content = read_regular(path, _LARGEST_BYTES).partition(b"\n")
        if not _is_sealed(content, seal):
            return None
        steps = decode(content, _Content).steps
    except (OSError, ValueError):
        return None
    return steps if all(map(_is_in_bounds, steps)) else None


def _is_in_bounds(step: Step) -> bool:
    """Whether a step names files right in the folder, or in that of clips, and none but a temporary one, right in the
    folder, to be put in another's place."""
    target = step.target.removeprefix(f"{CLIPS}/")
    plain = target not in ("", ".", "..") and not set("/\\\0") & set(target)
    return plain and not is_temporary(target) and (step.source is None or is_temporary(step.source))


def _seal(content: bytes, key: bytes) -> str:
    return hmac.new(key, content, hashlib.sha256).hexdigest()


def _new_seal(content: bytes) -> str:
    """The seal by the user's key; where none can be kept, by one that ends with this process, so that no later run
    believes what it writes down."""
    try:
        key = users_key(KEY, cache_folder())
    except OutputError:
        key = _passing_key()
    return _seal(content, key)


def _is_sealed(content: bytes, seal: bytes) -> bool:
    """Whether the seal is by one of this user's keys, wherever that could be kept."""
    keys: list[bytes | None] = [_passing_key()]
    for folder in (config_folder(), cache_folder()):
        with contextlib.suppress(OSError):  # what is there is none of theirs
            keys.append(kept_key(KEY, folder))
    return any(hmac.compare_digest(seal, _seal(content, key).encode("ascii")) for key in keys if key)


@cache
def _passing_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)
