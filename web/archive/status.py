"""The status of an archive: which episodes are aligned, waiting or failed, and which decisions are pending.

The last result of an episode is valid as long as the names, sizes and modification times of its files are unchanged. So
no file is read, and checking ten thousand episodes takes a second or two.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aligner.cli.terminal import printable
from aligner.feeds.items import name_in
from aligner.storage.file_names import JSON_SUFFIX, sha256_of
from aligner.storage.transcript_file import transcript_hash
from media.errors import UserError, from_facts
from media.safe_fs import folders, is_folder, plain_files
from web.archive.folders import format_state, state_of
from web.archive.records import Change, Result
from web.archive.state import Archive
from web.jobs.process import remove_leftovers
from web.library import Episode, read_folder
from web.library.episode import head_of
from web.library.library import TRASH

VERSION = 1
"""The version of the aligner's results. If it is raised, aligning older episodes again is offered."""


class State(StrEnum):
    FAILED = "failed"
    MISSING = "missing"  # its folder was deleted or renamed
    UNTRANSCRIBED = "untranscribed"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class EpisodeStatus:
    """The status of an episode in the library, or of an imported episode whose folder is missing. ``error`` is the
    message of a failure, otherwise empty. ``is_old`` is true if an earlier version of quotecast aligned the episode."""

    folder: str
    title: str
    state: State
    seconds: float | None = None
    error: str = ""
    is_old: bool = False
    date: str | None = None


def episode_statuses(archive: Archive) -> list[EpisodeStatus]:
    """Return the status of each episode, the newest first."""
    imported, results = archive.episodes(), archive.results()
    found = list[EpisodeStatus]()
    new = list[Result]()
    names = {folder.name for folder in folders(archive.root) if not folder.name.startswith(".")}
    for name in sorted(names | imported.keys()):
        known, result = imported.get(name), results.get(name)
        title, seconds, date = (known.title, known.seconds, known.date) if known else (name, None, None)
        if name not in names:
            found.append(EpisodeStatus(name, title, State.MISSING, date=date))
        elif name.casefold() != TRASH:
            if result is None or not is_unchanged(archive.root / name, result):
                episode = read_folder(archive.root / name, name)
                if episode is None or episode.audio is None:
                    continue
                title, date = episode.title, episode.details.date
                result = _current_result(episode, result)
                if result is None:
                    state = State.WAITING if episode.transcript else State.UNTRANSCRIBED
                    found.append(EpisodeStatus(name, title, state, seconds, date=date))
                    continue
                new.append(result)
            error = from_facts(result.error) if result.error else ""
            state = State.FAILED if error else State.DONE
            is_old = not result.key.startswith(f"{VERSION} ")
            found.append(EpisodeStatus(name, title, state, seconds, error, is_old, date))
    if new:
        archive.put_results(new)
    return sorted(found, key=lambda each: (each.date or "", each.folder), reverse=True)


def forget(archive: Archive, name: str) -> bool:
    """Delete the records of an episode whose folder is missing, to import it again. Return whether there were any."""
    return not is_folder(archive.root / name) and archive.forget_episode(name)


def pending_decisions(archive: Archive) -> Iterator[str]:
    """Yield a line of text for each unanswered question, and for each change that the user has not ignored."""
    imported = archive.episodes()
    for finding in archive.findings():
        if finding.kind == "question" and finding.answer is None:
            best = finding.details["candidates"][0]
            yield f"Question  {finding.name} with {best['name']}? ({best['confidence']:.0%} sure)"
    for change in archive.changes():
        if change.decision != "ignore" and change.folder in imported:
            yield f"Changed   {describe(change, imported[change.folder].title)}"


def describe(change: Change, title: str) -> str:
    """Return a line of text about a change. ``title`` is the title of the episode."""
    edited = "; the transcript here was edited" if change.is_edited else ""
    problem = f" (not taken: {from_facts(change.problem)})" if change.problem else ""
    return printable(f"{title}: new {change.kind}, {file_name_of(change)}{edited}{problem}")


def file_name_of(change: Change) -> str:
    """Return the name of the changed file, without its folder or host."""
    location = change.origin.location
    return name_in(location) if "://" in location else Path(location).name


def inputs_of(episode: Episode) -> tuple[str, str]:
    """Return values for ``Result.key``, a hash of an episode's audio and transcript, and for ``Result.files``, their
    names, sizes and times. Raises OSError or SourceError if a file is missing."""
    assert episode.audio
    assert episode.transcript
    key = hashlib.sha256(f"{sha256_of(episode.audio)} {transcript_hash(episode.transcript)}".encode()).hexdigest()
    files = [(path.name, state_of(path)) for path in (episode.audio, episode.transcript)]
    # The alignment changes with each correction, so only its name counts.
    return f"{VERSION} {key}", json.dumps([*files, (f"{episode.audio.stem}{JSON_SUFFIX}", None)])


def is_unchanged(folder: Path, result: Result) -> bool:
    """Return whether the files in ``folder`` still have the sizes and modification times stored in ``result``. If the
    result is not a failure, the alignment must exist too. No file is opened."""
    try:
        files = [(name, state) for name, state in json.loads(result.files) if state or not result.error]
    except ValueError:
        return False
    present = plain_files(folder)
    return all(name in present and state in (None, format_state(present[name])) for name, state in files)


def is_aligned(episode: Episode) -> bool:
    """Return whether the episode's alignment was made from its present audio and transcript."""
    if not (episode.audio and episode.transcript and episode.alignment):
        return False
    head = head_of(episode.alignment)
    return (
        head is not None
        and head.transcript.sha256 == transcript_hash(episode.transcript)
        and head.audio.sha256 == sha256_of(episode.audio)
    )


def _current_result(episode: Episode, last: Result | None) -> Result | None:
    """Return the result that is valid for the episode's present files, or None if the episode must be aligned or has no
    transcript. ``last`` is the stored result."""
    if episode.transcript is None or (episode.alignment is None and last is None):
        return None
    try:
        remove_leftovers(episode.folder)  # a killed run may have written all but its last files
        key, files = inputs_of(episode)
        if last and last.key.partition(" ")[2] == key.partition(" ")[2]:
            if last.error or is_aligned(episode):
                return Result(last.folder, last.key, files, last.error)
            return None
        return Result(episode.folder.name, key, files) if is_aligned(episode) else None
    except (UserError, OSError):  # a file was deleted meanwhile
        return None
