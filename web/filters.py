"""How templates write times, numbers and passages."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING

from aligner.durations import clock
from aligner.languages import NAMED
from media.video.shapes import SHAPES
from web.clips.exports import FORMATS
from web.jobs import Job, JobState
from web.languages import current_language, decimal, t, translated
from web.library import Hit
from web.page.transcript import SPEAKER_COLOURS, missing_html
from web.quotes.links import HASH_DIGITS, Link, write_fragment

if TYPE_CHECKING:
    from flask import Flask


def add_filters(app: Flask) -> None:
    """Give templates their filters, the icons, and what there is to choose from."""
    filters = (clock, day, decimal, initials, megabytes, missing_html, moment, why)
    app.jinja_env.filters.update({each.__name__: each for each in filters})
    choices = {"language_codes": NAMED, "shapes": list(SHAPES), "sound_formats": FORMATS}
    app.jinja_env.globals.update(choices, speaker_colours=SPEAKER_COLOURS)
    app.jinja_env.globals["icon"] = app.jinja_env.get_template("icons.html").module.icon  # type: ignore[attr-defined]


def day(text: str | None) -> str:
    """An ISO date in words; what is none stays as it is.

    Examples
    --------
    ``2025-03-15`` is ``15 March 2025``, in French ``15 mars 2025``.
    """
    try:
        found = date.fromisoformat(text or "")
    except ValueError:
        return text or ""
    first = "1er" if found.day == 1 and current_language() == "fr" else str(found.day)
    return f"{first}\u00a0{t('date.months').split()[found.month - 1]} {found.year}"


def initials(title: str) -> str:
    """One or two letters that stand for an episode without a cover."""
    words = [word for word in re.findall(r"\w+", title) if len(word) > 2] or re.findall(r"\w", title)
    return "".join(word[0] for word in words[:2]).upper()


def megabytes(size_bytes: int) -> str:
    """A size as people say it."""
    if size_bytes >= 1_000_000_000:
        return f"{decimal(round(size_bytes / 1e9, 1))}\u00a0{t('unit.gigabytes')}"
    return f"{decimal(round(size_bytes / 1e6, 1))}\u00a0{t('unit.megabytes')}"


def moment(hit: Hit, sha256: str) -> str:
    """The part of an address that leads to the words of a hit."""
    start, end = (hit.span.start, hit.span.end) if hit.span else (None, None)
    return write_fragment(Link(start, end, (hit.chars.start, hit.chars.stop), sha256[:HASH_DIGITS]))


def why(job: Job) -> str:
    """The message of a job; that of one that failed is a sentence, whoever said it."""
    told = translated(job.message)
    return t("job.said", words=told) if told == job.message and job.state is JobState.FAILED else told
