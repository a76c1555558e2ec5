"""What a worker does to an episode of a store: it is fetched into a folder of the worker's own, the stage is done there
as in any library, and what is new goes back.

Conventions
-----------
- A worker has one folder, gone with it, which is a library of the one episode in hand.
- What vouches for the rest goes last: an alignment, and what says of which sound the waveform is. Whoever is killed
  before leaves nothing that looks done, and who does it again puts the same in its place.
- Nothing goes back to an episode whose sound or text is another by now; nothing takes the place of what somebody has
  put or changed since it was fetched.
"""

from __future__ import annotations

import atexit
import contextlib
import tempfile
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

from aligner.cli.terminal import message_of
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.file_states import FileState, state_of
from aligner.storage.user_folders import HIDDEN
from aligner.storage.versions import FOLDER as VERSIONS
from media.confinement import confine
from media.errors import Message, UserError, to_facts
from media.listing import files
from media.moving import make_folder, remove_folder, set_time
from media.temporary import is_temporary, scratch_folder, sweep
from web.archive.runs import stages
from web.archive.runs.outcome import Outcome, State, Task
from web.archive.runs.store.episodes import Stored, episodes_of, is_plain
from web.archive.runs.store.objects import Store, StoreAwayError, TakenError
from web.jobs.kinds import PREPARED

_MOST_FILES, _MOST_BYTES = 5_000, 20_000_000_000  # of an episode
_WAITS = 10.0  # seconds, before others take what is left
_KEPT_IN = ("", HIDDEN, VERSIONS)  # the folders of an episode whose files come and go
_LAST = f"{HIDDEN}/{PREPARED[-1]}"


@dataclass(frozen=True, slots=True)
class _Fetched:
    etag: str
    state: FileState


def work(task: Task, memory_bytes: int | None = None) -> Outcome:
    """Do a stage of an episode in a store; never raises what has to do with it."""
    began = time.monotonic()
    told = Outcome(
        episode=task.episode, stage=task.stage, key=task.key, state=State.DONE, worker=stages.worker_address()
    )
    try:
        ended = _worked(Store.at(task.root), task, told, memory_bytes)
    except TakenError as error:
        ended = replace(told, state=State.CHANGED, message=to_facts(message_of(error)))
    except StoreAwayError:
        time.sleep(_WAITS)
        ended = replace(told, state=State.AWAY)
    except (UserError, OSError) as error:
        ended = replace(told, state=State.BROKE, message=to_facts(message_of(error)))
    return replace(ended, seconds=time.monotonic() - began)


def _worked(store: Store, task: Task, told: Outcome, memory_bytes: int | None) -> Outcome:
    found = stored_in(store, task.episode)
    if found is None or not is_plain(task.episode):
        return replace(told, state=State.GONE)
    if found.key(task.stage) != task.key:
        return replace(told, state=State.CHANGED)
    if reason := _too_much(found):
        return replace(told, state=State.FAILED, message=to_facts(reason))
    root = _own_library()
    folder = root / task.episode
    try:
        fetched = _fetched(store, found, folder)
        ended = stages.work(replace(task, root=str(root)), memory_bytes)
        ended = replace(ended, message=_as_stored(ended.message, folder, f"{store.address}/{task.episode}"))
        if ended.state is State.GONE:
            why = Message("its sound or its transcript cannot be told from its files")
            return replace(ended, state=State.FAILED, message=to_facts(why))
        if ended.state is State.DONE:
            _put_back(store, task, folder, fetched)
        return ended
    finally:
        remove_folder(folder)


def _as_stored(told: Any, folder: Path, address: str) -> Any:
    """The facts of a message, in which the copy of an episode in ``folder`` is called by the ``address`` of what it is
    a copy of."""
    if isinstance(told, dict):
        return {name: _as_stored(value, folder, address) for name, value in told.items()}
    return told.replace(str(folder), address) if isinstance(told, str) else told


def stored_in(store: Store, name: str) -> Stored | None:
    """The episode of that name as it is now in the store; None if there is none.

    Raises
    ------
    StoreError
        It cannot be listed.
    """
    return next(episodes_of(store.listed(f"{name}/")), None)


def _too_much(found: Stored) -> Message | None:
    total_bytes = sum(each.size_bytes for each in found.objects.values())
    if len(found.objects) <= _MOST_FILES and total_bytes <= _MOST_BYTES:
        return None
    return Message(
        "has {count} files of {gigabytes} GB; expected at most {most_files} of {most_gigabytes} GB",
        count=len(found.objects),
        gigabytes=round(total_bytes / 1e9, 1),
        most_files=_MOST_FILES,
        most_gigabytes=_MOST_BYTES // 1_000_000_000,
    )


@cache
def _own_library() -> Path:
    """A library of this process, which is gone with it; those of processes that were killed go now."""
    sweep(Path(tempfile.gettempdir()))
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    root = stack.enter_context(scratch_folder())
    confine(root)
    make_folder(root / HIDDEN)
    return root


def _fetched(store: Store, found: Stored, folder: Path) -> dict[str, _Fetched]:
    """Bring the episode into ``folder``, each file as old as its object; what each is now."""
    remove_folder(folder)  # what could not be removed before
    fetched = dict[str, _Fetched]()
    for name, each in found.objects.items():
        path = folder / name
        make_folder(path.parent)
        store.fetch(each, path)
        set_time(path, each.modified)
        fetched[name] = _Fetched(each.etag, state_of(path))
    return fetched


def _put_back(store: Store, task: Task, folder: Path, fetched: Mapping[str, _Fetched]) -> None:
    """Put what is new or another into the store.

    Raises
    ------
    TakenError
        The episode is another by now.
    StoreError, OSError
        Something cannot be put.
    """
    changed = [
        (name, path) for name, path in _files(folder) if name not in fetched or fetched[name].state != state_of(path)
    ]
    vouching = [each for each in changed if each[0].endswith(JSON_SUFFIX) or each[0] == _LAST]
    others = [each for each in changed if each not in vouching]
    others.sort(key=lambda each: each[0] in fetched)  # copies of what is replaced come first
    for group in (others, vouching):
        now = stored_in(store, task.episode) if group else None
        if group and (now is None or now.key(task.stage) != task.key):
            raise TakenError("{address}: somebody has changed it meanwhile", address=store.address)
        for name, path in group:
            known = fetched.get(name)
            store.put_file(f"{task.episode}/{name}", path, state_of(path).size_bytes, known.etag if known else None)


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    """What lies there to stay, by its name as seen from the episode's folder."""
    for within in _KEPT_IN:
        for name, path in files(folder / within if within else folder).items():
            if not is_temporary(name) and (within or not name.startswith(".")):
                yield (f"{within}/{name}" if within else name), path
