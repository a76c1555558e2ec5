"""How an archive stands: which episodes are aligned, which wait or failed, what waits for a person.

An episode that did not change since its last result is known by the names, sizes and times of its files; ten thousand
of them are looked at in a second or two.
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
from media.errors import UserError, from_facts
from media.safe_fs import folders, is_folder, plain_files
from web.archive.folders import state_by, state_of
from web.archive.records import Change, Result
from web.archive.state import Archive
from web.jobs.process import remove_leftovers
from web.library import Episode, read_folder
from web.library.episode import head_of, transcript_hash
from web.library.library import TRASH

VERSION = 1
"""Raised when the same inputs give other results: aligning a library again is offered then."""


class State(StrEnum):
    """What became of an episode."""

    FAILED = "failed"
    MISSING = "missing"  # its folder was deleted or renamed
    UNTRANSCRIBED = "untranscribed"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class EpisodeStatus:
    """An episode of the library, or one that is missing; ``error`` says why it failed, ``is_old`` that an earlier
    version of quotecast aligned it; ``seconds`` of audio as far as known."""

    folder: str
    title: str
    state: State
    seconds: float | None = None
    error: str = ""
    is_old: bool = False
    date: str | None = None


def episode_statuses(archive: Archive) -> list[EpisodeStatus]:
    """Return how every episode stands, the newest first."""
    tracked, results = archive.episodes(), archive.results()
    found = list[EpisodeStatus]()
    new = list[Result]()
    names = {folder.name for folder in folders(archive.root) if not folder.name.startswith(".")}
    for name in sorted(names | tracked.keys()):
        known, result = tracked.get(name), results.get(name)
        title, seconds, date = (known.title, known.seconds, known.date) if known else (name, None, None)
        if name not in names:
            found.append(EpisodeStatus(name, title, State.MISSING, date=date))
        elif name.casefold() != TRASH:
            if result is None or not is_as_recorded(archive.root / name, result):
                episode = read_folder(archive.root / name, name)
                if episode is None or episode.audio is None:
                    continue
                title, date = episode.title, episode.details.date
                result = _looked_at(episode, result)
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
    """Follow the episode in a missing folder no more, so that its source offers it again; return whether it was."""
    return not is_folder(archive.root / name) and archive.forget_episode(name)


def waiting_for_a_person(archive: Archive) -> Iterator[str]:
    """List in lines what waits for an answer."""
    tracked = archive.episodes()
    for finding in archive.findings():
        if finding.kind == "question" and finding.answer is None:
            best = finding.details["candidates"][0]
            yield f"Question  {finding.name} with {best['name']}? ({best['confidence']:.0%} sure)"
    for change in archive.changes():
        if change.decision != "ignore" and change.folder in tracked:
            yield f"Changed   {describe(change, tracked[change.folder].title)}"


def describe(change: Change, title: str) -> str:
    """Return a change in one line of a listing."""
    place = change.origin.place
    name = name_in(place) if "://" in place else Path(place).name
    edited = "; the transcript here was edited" if change.is_edited else ""
    problem = f" (not taken: {from_facts(change.problem)})" if change.problem else ""
    return printable(f"{title}: new {change.kind}, {name}{edited}{problem}")


def inputs_of(episode: Episode) -> tuple[str, str]:
    """Return what decides the alignment of an episode: a key of its contents, and what its files look like.

    Raises OSError, SourceError: one of them is not there any more.
    """
    assert episode.audio
    assert episode.transcript
    text = transcript_hash(episode.transcript) or sha256_of(episode.transcript)
    key = hashlib.sha256(f"{sha256_of(episode.audio)} {text}".encode()).hexdigest()
    files = [(path.name, state_of(path)) for path in (episode.audio, episode.transcript)]
    # The alignment changes with every correction: that it is there is enough.
    return f"{VERSION} {key}", json.dumps([*files, (f"{episode.audio.stem}{JSON_SUFFIX}", None)])


def is_as_recorded(folder: Path, result: Result) -> bool:
    """Return whether the files that a result was made of are as they were, and the alignment is there; nothing is
    read."""
    try:
        files = [(name, state) for name, state in json.loads(result.files) if state or not result.error]
    except ValueError:
        return False
    there = plain_files(folder)
    return all(name in there and state in (None, state_by(there[name])) for name, state in files)


def is_aligned(episode: Episode) -> bool:
    """Return whether an alignment of this audio and this transcript lies in the episode's folder."""
    if not (episode.audio and episode.transcript and episode.alignment):
        return False
    head = head_of(episode.alignment)
    return (
        head is not None
        and head.transcript.sha256 == transcript_hash(episode.transcript)
        and head.audio.sha256 == sha256_of(episode.audio)
    )


def _looked_at(episode: Episode, before: Result | None) -> Result | None:
    """Return the result that an episode has, by its files as they are now; None if it is to be aligned."""
    if episode.transcript is None:
        return None
    if episode.alignment is None and before is None:
        return None  # nothing is read to find that out
    try:
        remove_leftovers(episode.folder)  # a run that was killed may have written all but its last files
        key, files = inputs_of(episode)
        if before and before.key.partition(" ")[2] == key.partition(" ")[2]:
            if before.error or is_aligned(episode):
                return Result(before.folder, before.key, files, before.error)
            return None
        return Result(episode.folder.name, key, files) if is_aligned(episode) else None
    except (UserError, OSError):  # a file has just gone
        return None
