"""How templates write times, numbers and passages."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from markupsafe import Markup

from aligner import pins, typography
from aligner.durations import clock
from aligner.languages import NAMED
from aligner.locating.quality import lacks_text
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
from web.languages import current_language, decimal, marked, t, translated
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
    """Give templates their filters, the icons, what there is to choose from, and how large files may be."""
    numbers = (clock, day, decimal, marked, moment, percent, size, tally)
    texts = (initials, lang, missing_html, problem, sentence, standing, tone, unbroken, verdict)
    for each in (*numbers, *texts):
        app.jinja_env.filters[each.__name__] = each
    app.jinja_env.tests["cut_short"] = is_cut_short
    app.jinja_env.tests["lacking_text"] = is_lacking_text
    choices = {"language_codes": NAMED, "shapes": list(SHAPES), "sound_formats": FORMATS, "orders": list(Order)}
    largest_bytes = {"transcript": MAX_BYTES, "word": MAX_WORD_BYTES, "cover": LARGEST_COVER_BYTES}
    if settings := app.extensions.get("settings"):
        largest_bytes["audio"] = settings.max_upload_bytes
    app.jinja_env.globals.update(choices, speaker_colours=SPEAKER_COLOURS, largest_bytes=largest_bytes)
    app.jinja_env.globals["icon"] = app.jinja_env.get_template("icons.html").module.icon  # type: ignore[attr-defined]


def is_lacking_text(told: Alignment | AlignmentHead) -> bool:
    """Return whether an alignment's verdict is no better for what is said and the text lacks."""
    return lacks_text(told.verdict, told.coverage)


def day(text: str | None) -> str:
    """A date in words, as far as one is told, such as ``15 March 2025``; what is none stays as it is."""
    year, *rest = (published_date(text or "") or "").split("-")
    if not rest:
        return year or text or ""
    month = t("date.months").split()[int(rest[0]) - 1]
    if len(rest) == 1:
        return f"{month} {year}"
    first = "1er" if rest[1] == "01" and current_language() == "fr" else str(int(rest[1]))
    return f"{first}\u00a0{month} {int(year)}"


def initials(title: str) -> str:
    """One or two letters that stand for an episode without a cover: those of its title's first words."""
    return "".join(word[0] for word in re.findall(r"[^\W_]+", title)[:2]).upper()


def lang(language: str | None) -> Markup:
    """The attribute of an element whose text is in that language, of the page around it or another; none where it is
    not known."""
    return Markup(' lang="{}"').format(language) if language else Markup("")


def moment(hit: Hit, sha256: str) -> str:
    """The part of an address that leads to the words of a hit."""
    return write_fragment(Link(hit.start, None, (hit.chars.start, hit.chars.stop), sha256[:HASH_DIGITS]))


def percent(share: float) -> str:
    """A share in per cent, as the terminal and the report write it."""
    return translated(wording.share(share, 1))


def problem(episode: Episode) -> str:
    """What keeps an episode from being as it should, with the name of the file in question where that is known."""
    key = f"{episode.problem}.named" if episode.problem_file else str(episode.problem)
    return t(key if t.knows(key) else str(episode.problem), name=episode.problem_file or "")


def sentence(text: str) -> str:
    """What the aligner says, as a sentence by itself."""
    told = translated(text)
    return f"{told[:1].upper()}{told[1:]}."


def reason_of(error: UserError | WebError) -> str:
    """Return what an error says, as a sentence."""
    return t(error.key, **error.values) if isinstance(error, WebError) else sentence(error.message)


def size(size_bytes: int) -> str:
    """A size as people say it; ``sizeOf`` of the pages' scripts says it alike."""
    unit, least = next((each for each in _SIZES if size_bytes >= each[1]), _SIZES[-1])
    return f"{decimal(round(size_bytes / least, 1))}\u00a0{t(f'unit.{unit}')}"


def standing(told: Alignment | AlignmentHead) -> str:
    """Who stands for an alignment, else what of it a machine made: a sentence without its full stop."""
    words = translated(pins.review_status(told.review, told.machine_text, day))
    return f"{words[:1].upper()}{words[1:]}"


def tally(found: Answer) -> str:
    """How many hits there are, in how many episodes, and how many have what was sought in their title or show alone;
    ``tallyOf`` of a published show says it alike."""
    if not found.said:
        return t("js.show.named.one") if found.named == 1 else t("js.show.named", n=found.named)
    told = t("js.show.hits.one") if found.hits == 1 else t("js.show.hits", n=found.hits)
    if found.said > 1:
        told = t("js.show.tally", hits=told, episodes=found.said)
    if not found.named:
        return told
    return t("js.show.named_too.one" if found.named == 1 else "js.show.named_too", tally=told, n=found.named)


def unbroken(text: str, language: str | None = None) -> str:
    """A title or the like, which is in ``language`` as far as that is known, with no-break spaces."""
    return typography.unbroken(text, language or current_language())


def tone(told: Alignment | AlignmentHead) -> str:
    """Return the verdict by which an alignment is coloured: what nobody has read is to be reviewed."""
    return "review" if pins.is_unreviewed(told.review, told.machine_text) else str(told.verdict)


def verdict(told: Alignment | AlignmentHead) -> str:
    """Return the verdict on an alignment in a word."""
    return t("verdict.draft" if pins.is_unreviewed(told.review, told.machine_text) else f"verdict.{told.verdict}")


def why(job: Job) -> str:
    """The message of a job; that of one that failed is a sentence, whoever said it."""
    told = translated(job.message)
    return t("job.said", words=told) if told == job.message and job.state is JobState.FAILED else told
