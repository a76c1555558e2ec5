"""The page of an archive: how far its run is, what became of each episode, and what is to be tried again."""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from aligner.durations import rounded_time_left
from aligner.model import Verdict
from web.archive.doubts import choices, new_texts
from web.archive.doubts.asked import asked, question_of
from web.archive.doubts.record import Question, Stay, doubts_in
from web.archive.doubts.sounds import SECONDS, beginning_of, sounds_in
from web.archive.doubts.staying import staying, text_staying
from web.archive.errors import ArchiveError
from web.archive.runs import retries
from web.archive.runs.going import Going, going
from web.archive.runs.records import ARCHIVE, MOST_FALLS
from web.archive.runs.standing import Entry, Standing, is_archive, name_of, overview
from web.context import align, alignments, changing, episode, library, unfinished
from web.errors import Busy, Conflict, NotFound, Unusable
from web.filters import day, problem
from web.languages import t, translated
from web.library import Episode, exclusive
from web.library.versions import transcript_version
from web.routes.visitor import reader_name
from web.sending import send_bytes
from web.versions.comparing import compare
from web.versions.listing import versions_of

T = TypeVar("T", Standing, Verdict)

blueprint = Blueprint("archive", __name__)

_NONE = "none"  # of the transcripts that were proposed
_VERDICTS = (Verdict.POOR, Verdict.REVIEW, Verdict.GOOD)


@dataclass(frozen=True, slots=True)
class _Kind:
    """A link to the episodes of one kind, of which there are so many."""

    words: str
    count: int
    address: str
    is_shown: bool


@blueprint.before_request
def _find_archive() -> None:
    if not is_archive(library()):
        raise NotFound("error.404")


@blueprint.get("/archive")
def index() -> ResponseReturnValue:
    kept = _kept()
    standing, verdict = _named(Standing, kept.get("state")), _named(Verdict, kept.get("verdict"))
    page = overview(library(), standing, verdict, request.args.get("page", 1, int))
    whys = [_why(entry) for entry in page.entries]
    kinds = {
        "archive.by_state": _kinds("state", {each: page.standings.get(each, 0) for each in Standing}, "archive.state"),
        "archive.by_verdict": _kinds("verdict", {each: page.verdicts.get(each, 0) for each in _VERDICTS}, "verdict"),
    }
    doubts = asked(_folder())
    told = {"asked": doubts, "heard": sounds_in(_folder()), "staying": staying(library(), doubts.left)}
    told["chosen"] = {each.text for each in choices.choices_in(_folder())}
    told |= {"seconds": SECONDS, "as_of": _as_of}
    return render_template("archive.html", page=page, whys=whys, kinds=kinds, kept=kept, **told, **_progress())


@blueprint.get("/archive/progress")
def progress() -> ResponseReturnValue:
    """What of the page is about the run, to be put in the place of what it was a while ago."""
    return render_template("archive/progress.html", **_progress())


@blueprint.post("/archive/retry")
def retry() -> ResponseReturnValue:
    """Have an episode tried again by the run that is at work, else by the next one; all that failed where none is
    named."""
    episode_id = request.form.get("episode")
    retries.ask(library().root, name_of(library(), episode_id) if episode_id else None)
    return redirect(url_for("archive.index", **_kept()), 303)


@blueprint.get("/archive/sound/<key>")
def sound(key: str) -> ResponseReturnValue:
    """The beginning of a sound in doubt."""
    found = sounds_in(_folder()).get(key)
    if found is None or question_of(_folder(), key) is None:
        raise NotFound("archive.doubts.unplayable")
    return send_bytes(beginning_of(found), "audio/wav")


@blueprint.post("/archive/choice")
def choose() -> ResponseReturnValue:
    """Have one of the transcripts that were proposed for a sound taken by the next update, or none of them."""
    with exclusive(_folder()):
        question, wanted = _question(), request.form.get("text")
        if not wanted:
            raise Unusable("archive.doubts.unchosen")
        text = None if wanted == _NONE else wanted
        if text and text not in [each.key for each in question.proposed]:
            raise Conflict("archive.doubts.gone")
        earlier = choices.choice_of(_folder(), question.key)
        if earlier.answers(question) and earlier.text != text:
            raise Conflict("archive.doubts.chosen")
        choices.choose(_folder(), question, text)
    return redirect(url_for("archive.index", **_kept(), _anchor="doubts"), 303)


@blueprint.post("/archive/version")
def choose_version() -> ResponseReturnValue:
    """Have another version of an episode's transcript taken by the next update, or, where none is named, leave it."""
    with exclusive(_folder()):
        sound, text = request.form.get("sound"), request.form.get("text") or None
        stays = doubts_in(_folder()).stays
        if sound is None or not any(each.sound == sound and text in (None, each.text) for each in stays):
            raise Conflict("archive.doubts.gone")
        choices.choose_version(_folder(), sound, text)
    return redirect(url_for("archive.index", **_kept(), _anchor="staying"), 303)


@blueprint.post("/archive/choice/back")
def take_back() -> ResponseReturnValue:
    """Ask again what was chosen for a sound."""
    with exclusive(_folder()):
        choices.take_back(_folder(), _question())
    return redirect(url_for("archive.index", **_kept(), _anchor="doubts"), 303)


@blueprint.get("/archive/text/<episode_id>")
def text(episode_id: str) -> ResponseReturnValue:
    """The transcript that an episode's source has and that was not taken, beside the one here, by sentences."""
    found = episode(episode_id)
    stay, path = _text_at_source(found)
    shown, trouble, here = None, None, None
    try:
        here = next((each for each in versions_of(found) if each.is_current), None)
        shown = compare(found, found.transcript, path) if found.transcript else None
    except (Unusable, Busy) as error:
        trouble = t(error.key, **error.values)
    told = {"here": here, "version": transcript_version(found), "as_of": _as_of}
    return render_template("archive/text.html", episode=found, stay=stay, shown=shown, trouble=trouble, **told)


@blueprint.post("/archive/text/<episode_id>")
def settle_text(episode_id: str) -> ResponseReturnValue:
    """Take the transcript that the page showed, in the place of the one that it showed; or stay with that one."""
    with changing(episode_id) as found:
        stay, path = _text_at_source(found)
        form = request.form
        if (stay.sha256, transcript_version(found)) != (form.get("text"), form.get("version")):
            raise Conflict("archive.text.changed")
        if form.get("take"):
            new_texts.take_text(found, path)
            align(episode(episode_id), reader_name() or "")
        else:
            new_texts.keep_own(found, path)
    return redirect(url_for("archive.index", _anchor="staying"), 303)


def _text_at_source(found: Episode) -> tuple[Stay, Path]:
    with contextlib.suppress(ArchiveError):  # the page of the archive says so
        if at_source := text_staying(doubts_in(_folder()), found):
            return at_source
    raise NotFound("archive.text.gone")


def _folder() -> Path:
    return library().hidden / ARCHIVE


def _question() -> Question:
    """The question that the current request answers."""
    if question := question_of(_folder(), request.form.get("sound")):
        return question
    raise Conflict("archive.doubts.gone")


def _kinds(name: str, counts: Mapping[Any, int], words: str) -> list[_Kind]:
    """The kinds that there are, after all of them together; what else narrows the list is kept."""
    kept = _kept()
    others: dict[str, Any] = {key: value for key, value in kept.items() if key != name}
    chosen = kept.get(name)
    told = [_Kind(t("archive.all"), sum(counts.values()), url_for("archive.index", **others), chosen is None)]
    for kind, count in counts.items():
        if count or kind == chosen:
            address = url_for("archive.index", **{**others, name: str(kind)})
            told.append(_Kind(t(f"{words}.{kind}"), count, address, kind == chosen))
    return told if len(told) > 1 else []


def _kept() -> dict[str, Any]:
    """What of the list the current request asks for, to be asked for again."""
    given = request.values
    told = {
        "state": _named(Standing, given.get("state")),
        "verdict": _named(Verdict, given.get("verdict")),
    }
    return {name: str(value) for name, value in told.items() if value}


def _named(choices: type[T], name: str | None) -> T | None:
    return next((each for each in choices if each == name), None)


def _progress() -> dict[str, Any]:
    try:
        run = going(library())
    except Unusable as error:
        return {"run": None, "trouble": t(error.key), "facts": []}
    return {"run": run, "trouble": None, "facts": _facts(run) if run else []}


def _facts(run: Going) -> list[str]:
    """What there is to tell of a run, in words."""
    facts = [t("archive.episodes.one" if run.all == 1 else "archive.episodes", done=run.over, n=run.all)]
    if run.hours_done and run.pace:
        facts.append(t("archive.pace", n=round(run.pace, 1)))
    if run.hours_left:
        facts.append(_sound_left(run.hours_left))
    if run.is_running and not run.waits and run.seconds_left is not None and run.over < run.all:
        facts.append(t("archive.left", time=_time_left(run.seconds_left)))
    if not run.is_running:
        facts.append(_then("archive.at", run.at))
    return facts


def _as_of(at: float) -> str:
    return _then("archive.staying.as_of", at)


def _then(words: str, at: float) -> str:
    then = time.localtime(at)
    return t(words, day=day(time.strftime("%Y-%m-%d", then)), time=time.strftime("%H:%M", then))


def _sound_left(hours: float) -> str:
    if hours >= 1:
        return t("archive.sound_left", n=round(hours, 1))
    return t("archive.sound_left.minutes", n=math.ceil(hours * 60))


def _time_left(seconds: float) -> str:
    """How long something still takes; ``timeLeft`` of the pages' scripts says it alike."""
    hours, minutes, rest = rounded_time_left(seconds)
    if hours:
        return t("js.left.hours.minutes", h=hours, min=minutes) if minutes else t("js.left.hours", h=hours)
    if minutes:
        return t("js.left.minute") if minutes == 1 else t("js.left.minutes", min=minutes)
    return t("js.left.moment") if rest < 10 else t("js.left.seconds", s=rest)


def _why(entry: Entry) -> str:
    """Why an episode is not done, as a sentence; empty where nothing is to be said."""
    if entry.standing is Standing.LACKS:
        return problem(entry.row.episode) if entry.row.episode.problem else t("archive.lacks")
    if entry.standing is Standing.WAITING:
        job = unfinished(alignments(entry.row.episode))
        return t("archive.with_app") if job and job.is_open else ""
    if entry.standing not in (Standing.FAILED, Standing.ASIDE, Standing.MACHINE):
        return ""
    if t.knows(entry.why):  # a sentence of the app's own
        return t(entry.why)
    told = translated(entry.why) or t("archive.why.unknown")
    if entry.why and told == entry.why:  # in nobody's translation
        told = t("job.said", words=told)
    return t(f"archive.why.{entry.standing}", n=MOST_FALLS, why=told)
