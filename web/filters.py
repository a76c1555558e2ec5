"""Filters for templates, which format times, numbers, names and messages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from aligner import pins, typography
from aligner.durations import clock
from aligner.languages import NAMED
from aligner.locating.quality import text_is_missing
from aligner.model import HASH_DIGITS
from aligner.publication import published_date
from aligner.report import wording
from aligner.transcript import MAX_BYTES, MAX_WORD_BYTES
from media.decode import is_cut_short
from media.errors import UserError
from media.video.drawing import SHAPES
from web.clips.exports import FORMATS
from web.errors import WebError
from web.jobs import Job, JobState
from web.languages import current_language, decimal, localised, t, translated
from web.library import Episode, Order
from web.library.incoming import LARGEST_COVER_BYTES
from web.page.transcript import SPEAKER_COLOURS, missing_html
from web.quotes.links import Link, write_fragment
from web.search.answers import Answer, Hit

if TYPE_CHECKING:
    from flask import Flask

    from aligner.model import Alignment
    from aligner.storage.alignment_json import AlignmentHead

_SIZES = (("gigabytes", 1e9), ("megabytes", 1e6), ("kilobytes", 1e3))  # and bytes


def add_filters(app: Flask) -> None:
    """Add the filters, tests and global variables that templates use to the app's Jinja environment."""
    numbers = (clock, day, decimal, localised, moment, percent, size, tally)
    texts = (initials, lang, missing_html, problem, review_status, sentence, tone, unbroken, verdict)
    for each in (*numbers, *texts):
        app.jinja_env.filters[each.__name__] = each
    app.jinja_env.tests["cut_short"] = is_cut_short
    app.jinja_env.tests["missing_text"] = is_missing_text
    app.jinja_env.tests["draft"] = is_draft
    choices = {"language_codes": NAMED, "shapes": list(SHAPES), "sound_formats": FORMATS, "orders": list(Order)}
    largest_bytes = {"transcript": MAX_BYTES, "word": MAX_WORD_BYTES, "cover": LARGEST_COVER_BYTES}
    if settings := app.extensions.get("settings"):
        largest_bytes["audio"] = settings.max_upload_bytes
    app.jinja_env.globals.update(choices, speaker_colours=SPEAKER_COLOURS, largest_bytes=largest_bytes)
    app.jinja_env.globals["icon"] = app.jinja_env.get_template("icons.html").module.icon  # type: ignore[attr-defined]


def is_missing_text(alignment: Alignment | AlignmentHead) -> bool:
    """Return whether the verdict is "review" only because speech is missing from the transcript."""
    return text_is_missing(alignment.verdict, alignment.coverage)


def day(text: str | None) -> str:
    """Return a date in words, such as ``15 March 2025`` or ``March 2025``; other text is returned unchanged."""
    year, *rest = (published_date(text or "") or "").split("-")
    if not rest:
        return year or text or ""
    month = t("date.months").split()[int(rest[0]) - 1]
    if len(rest) == 1:
        return f"{month} {year}"
    first = "1er" if rest[1] == "01" and current_language() == "fr" else str(int(rest[1]))
    return f"{first}\u00a0{month} {int(year)}"


def initials(title: str) -> str:
    """Return the first letters of a title's first two words, to show instead of a cover."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", title)[:2]).upper()


def lang(language: str | None) -> Markup:
    """Return the HTML attribute ``lang`` for this language, or an empty text if the language is unknown."""
    return Markup(' lang="{}"').format(language) if language else Markup("")


def moment(hit: Hit, sha256: str) -> str:
    """Return the URL fragment that links to a search hit; ``sha256`` is the hash of the transcript."""
    return write_fragment(Link(hit.start, None, (hit.chars.start, hit.chars.stop), sha256[:HASH_DIGITS]))


def percent(share: float) -> str:
    """Return a share (0 to 1) as a percentage, rounded as on the command line and in the report."""
    return translated(wording.share(share, 1))


def problem(episode: Episode) -> str:
    """Return a sentence that describes the problem with an episode's folder, and names the file if it is known."""
    key = f"{episode.problem}.named" if episode.problem_file else str(episode.problem)
    return t(key if t.knows(key) else str(episode.problem), name=episode.problem_file or "")


def sentence(text: str) -> str:
    """Return a message in the reader's language, as a sentence with a capital letter and a full stop."""
    words = translated(text)
    return f"{words[:1].upper()}{words[1:]}."


def reason_of(error: UserError | WebError) -> str:
    """Return an error's message in the reader's language, as a sentence."""
    return t(error.key, **error.values) if isinstance(error, WebError) else sentence(error.message)


def size(size_bytes: int) -> str:
    """Return a file size as a rounded number with a unit, as ``sizeOf`` in the scripts does."""
    unit, least = next((each for each in _SIZES if size_bytes >= each[1]), _SIZES[-1])
    return f"{decimal(round(size_bytes / least, 1))}\u00a0{t(f'unit.{unit}')}"


def review_status(alignment: Alignment | AlignmentHead) -> str:
    """Return a phrase that says who reviewed an alignment, or that nobody did: ``Automatic timing, not reviewed``."""
    words = translated(pins.review_status(alignment.review, alignment.machine_text, day))
    return f"{words[:1].upper()}{words[1:]}"


def tally(found: Answer) -> str:
    """Return a phrase with the numbers of hits and episodes, like ``tallyOf`` in the scripts of a published show."""
    if not found.said:
        return t("js.show.named.one") if found.named == 1 else t("js.show.named", n=found.named)
    words = t("js.show.hits.one") if found.hits == 1 else t("js.show.hits", n=found.hits)
    if found.said > 1:
        words = t("js.show.tally", hits=words, episodes=found.said)
    if not found.named:
        return words
    return t("js.show.named_too.one" if found.named == 1 else "js.show.named_too", tally=words, n=found.named)


def unbroken(text: str, language: str | None = None) -> str:
    """Return ``text`` with the no-break spaces that ``language`` requires; the default is the reader's language."""
    return typography.unbroken(text, language or current_language())


def is_draft(alignment: Alignment | AlignmentHead) -> bool:
    """Return whether the transcript of an alignment is automatic, and nobody has reviewed it."""
    return pins.is_unreviewed(alignment.review, alignment.machine_text)


def tone(alignment: Alignment | AlignmentHead) -> str:
    """Return the CSS class of an alignment: ``review`` for an unreviewed automatic transcript, else the verdict."""
    return "review" if is_draft(alignment) else str(alignment.verdict)


def verdict(alignment: Alignment | AlignmentHead) -> str:
    """Return the verdict on an alignment in a few words."""
    return t("verdict.draft" if is_draft(alignment) else f"verdict.{alignment.verdict}")


def why(job: Job) -> str:
    """Return a job's message in the reader's language. An error message without a translation is quoted."""
    words = translated(job.message)
    return t("job.said", words=words) if words == job.message and job.state is JobState.FAILED else words
