"""What a row of the library says of its episode, and what can be done there."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flask import url_for

from aligner.storage.alignment_json import AlignmentHead, warnings_told
from web.context import alignments, settings, taken_off, unfinished
from web.filters import is_lacking_text, problem, sentence
from web.jobs import Job
from web.languages import t
from web.library import Episode
from web.library.episode import EpisodeProblem
from web.routes.jobs import state_of


@dataclass(frozen=True, slots=True)
class Action:
    """A link to ``address``; a button that sends a request instead if ``send`` is its method and address."""

    label: str
    address: str = ""
    send: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A row: ``address`` is where its title leads, ``work`` a job that is open, ``verdict`` of what to show how good it
    is, ``notes`` each a class and a sentence."""

    episode: Episode
    address: str
    work: Job | None
    verdict: AlignmentHead | None
    notes: tuple[tuple[str, str], ...]
    actions: tuple[Action, ...]


def row_of(episode: Episode) -> Row:
    """Return the row of an episode."""
    last = unfinished(alignments(episode))
    work = last if last and last.is_open else None
    return Row(
        episode,
        _address(episode),
        work,
        None if last else episode.head,
        tuple(_notes(episode, last)),
        () if work else tuple(_actions(episode, last)),
    )


def _address(episode: Episode) -> str:
    is_shown = episode.alignment or episode.is_waiting or episode.problem == EpisodeProblem.TRANSCRIPT
    page = "page.read" if is_shown and episode.problem != EpisodeProblem.ALIGNMENT else "library.details"
    return url_for(page, episode_id=episode.id)


def _notes(episode: Episode, last: Job | None) -> Iterator[tuple[str, str]]:
    head, is_transcribing = episode.head, last and last.is_open and episode.problem == EpisodeProblem.TRANSCRIPT
    if episode.problem and not is_transcribing:
        yield "problem", problem(episode)
    for warning in warnings_told(head.warnings) if head else ():
        yield "outdated", sentence(warning)
    if taken := taken_off(episode, head.signature if head else None):
        yield "outdated", sentence(taken)
    if head and is_lacking_text(head):
        yield "outdated", t("library.lacks_text")
    if last and not last.is_open:
        yield "problem", state_of(last)
    elif episode.is_outdated and not last:
        yield "outdated", t("library.outdated")
    if episode.is_waiting and not last:
        yield "muted", t("library.waiting")


def _actions(episode: Episode, failed: Job | None) -> Iterator[Action]:
    head, api = episode.head, f"POST /api/episodes/{episode.id}"
    details = url_for("library.details", episode_id=episode.id)
    replacing = Action(t("details.replace.where"), f"{details}#transcript-form")
    if head and head.verdict != "good" and not failed:
        yield Action(t("report.see"), url_for("report.read", episode_id=episode.id))
    if settings().read_only:
        return
    is_damaged = episode.problem == EpisodeProblem.ALIGNMENT and episode.audio and episode.transcript
    if failed:
        yield Action(t("work.again"), send=f"{api}/{'align' if episode.transcript else 'transcribe'}")
    elif (head and episode.is_outdated) or (is_damaged and not head):
        yield Action(t("details.align"), send=f"{api}/align")
    elif episode.problem == EpisodeProblem.TRANSCRIPT:
        yield Action(t("library.transcribe"), send=f"{api}/transcribe")
    elif episode.is_waiting:
        yield Action(t("library.align"), send=f"{api}/align")
    if (head and head.verdict == "poor") or (episode.is_waiting and episode.transcript and not failed):
        yield replacing
