"""How an archive stands: which episodes are aligned, which wait or failed, what waits for a person.

An episode that did not change since its last result is known by the names, sizes and times of its files; ten thousand
of them are looked at in a second or two.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from aligner.cli.terminal import printable
from aligner.feeds.items import name_in
from media.errors import UserError, from_facts
from media.listing import folders
from web.archive.records import Change, Result
from web.archive.state import Archive
from web.archive.task import VERSION, inputs_of, is_aligned, is_as_recorded
from web.library import Episode, read_folder
from web.library.shelf import TRASH


class State(StrEnum):
    """What became of an episode, in the order in which it needs a person; the names are shown in addresses."""

    FAILED = "failed"
    MISSING = "missing"  # its folder was deleted or renamed
    UNTRANSCRIBED = "untranscribed"
    WAITING = "waiting"
    DONE = "done"


@dataclass(frozen=True, slots=True)
class Standing:
    """An episode of the library, or one that is missing; ``error`` says why it failed, ``is_old`` that an earlier
    version of quotecast aligned it. ``audio_bytes`` and ``seconds`` tell how much audio it has, as far as known."""

    folder: str
    title: str
    state: State
    seconds: float | None = None
    error: str = ""
    is_old: bool = False
    date: str | None = None


def standings(archive: Archive) -> list[Standing]:
    """Return how every episode stands, the newest first."""
    tracked, results = archive.episodes(), archive.results()
    found = list[Standing]()
    new = list[Result]()
    names = {folder.name for folder in folders(archive.root) if not folder.name.startswith(".")}
    for name in sorted(names | tracked.keys()):
        known, result = tracked.get(name), results.get(name)
        title, seconds, date = (known.title, known.seconds, known.date) if known else (name, None, None)
        if name not in names:
            found.append(Standing(name, title, State.MISSING, date=date))
        elif name.casefold() != TRASH:
            if result is None or not is_as_recorded(archive.root / name, result):
                episode = read_folder(archive.root / name, name)
                if episode is None or episode.audio is None:
                    continue
                title, date = episode.title, episode.details.date
                result = _looked_at(episode, result)
                if result is None:
                    state = State.WAITING if episode.transcript else State.UNTRANSCRIBED
                    found.append(Standing(name, title, state, seconds or _guessed_seconds(episode), date=date))
                    continue
                new.append(result)
            error = _reason(result)
            state = State.FAILED if error else State.DONE
            is_old = not result.key.startswith(f"{VERSION} ")
            found.append(Standing(name, title, state, seconds, error, is_old, date))
    if new:
        archive.put_results(new)
    return sorted(found, key=lambda each: (each.date or "", each.folder), reverse=True)


def forget(archive: Archive, name: str) -> bool:
    """Follow the episode in a missing folder no more, so that its source offers it again; return whether it was."""
    return not (archive.root / name).is_dir() and archive.forget_episode(name)


def waiting_for_a_person(archive: Archive) -> Iterator[str]:
    """List in lines what waits for an answer."""
    tracked = archive.episodes()
    for finding in archive.findings():
        if finding.kind == "question" and finding.answer is None:
            best = finding.details["candidates"][0]
            yield f"Question  {finding.name} with {best['name']}? ({best['confidence']:.0%} sure)"
    for change in archive.changes():
        if change.decision != "ignore":
            yield f"Changed   {describe(change, tracked[change.folder].title)}"


def describe(change: Change, title: str) -> str:
    """Return a change in one line of a listing."""
    place = change.origin.place
    name = name_in(place) if "://" in place else Path(place).name
    problem = f" (not taken: {change.problem})" if change.problem else ""
    return printable(f"{title}: new {change.kind}, {name}{problem}")


def _looked_at(episode: Episode, before: Result | None) -> Result | None:
    """Return the result that an episode has, by its files as they are now; None if it is to be aligned."""
    if episode.transcript is None:
        return None
    try:
        key, files = inputs_of(episode)
        if before and before.key.partition(" ")[2] == key.partition(" ")[2]:
            if before.error or is_aligned(episode):
                return Result(before.folder, before.key, files, before.error)
            return None
        return Result(episode.folder.name, key, files) if is_aligned(episode) else None
    except (UserError, OSError):  # a file has just gone
        return None


def _reason(result: Result) -> str:
    try:
        return from_facts(result.error) if result.error else ""
    except ValueError:
        return "failed"


def _guessed_seconds(episode: Episode) -> float:
    """Return about how long an episode's audio is, by its size."""
    assert episode.audio
    size = Path(episode.audio).stat().st_size
    return size / (100_000 if episode.audio.suffix.lower() == ".wav" else 16_000)
