"""A report as one HTML file that stands alone, which plays the audio that lies beside it, or as JSON for programs.

``body.html``, ``report.css`` and ``playing.js`` are the app's page of a report too, in another frame.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING, Any

from aligner.durations import clock
from aligner.report import wording
from aligner.report.facts import Report, WordRange, bands, percent
from aligner.storage.checked_json import encodable

if TYPE_CHECKING:
    from jinja2 import Environment
    from markupsafe import Markup

FORMAT, VERSION = "quotecast-report", 1

Link = Callable[[float | None, float | None, WordRange | None], str]
"""The address of a place in the transcript by its start and end in the sound and by its words; empty where there is
none."""


def resource(name: str) -> str:
    """The text of a file that comes with this room."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a report is shown: how ``say`` puts a sentence and ``number`` a number in the reader's language, the
    ``verdict`` in a word, the address of the ``sound``, and of places in the transcript."""

    say: Callable[[str], str]
    number: Callable[[float], str]
    verdict: str
    sound: str
    link: Link


def to_json(report: Report) -> str:
    """Return all facts of a report, for programs, and the sentences that say why the verdict is what it is.

    Of the strip each column is a triple: the share of its time that words take, their mean confidence, and the share of
    speech that is missing from the transcript.
    """
    facts: dict[str, Any] = {"format": FORMAT, "version": VERSION, **asdict(report)}
    facts |= {**facts.pop("source"), **facts.pop("judgement")}
    for name in ("doubtful", "lacking", "unspoken"):
        facts[f"{name}_passages"] = facts[name]["first"]
        facts[name] = facts[name]["count"]
    lost = facts.pop("lost")
    facts["lost_pins"], facts["lost_corrections"] = lost["count"], lost["first"]
    facts["meaning"] = wording.meaning(report.judgement)
    facts["reasons"] = list(wording.reasons(report))
    facts["coverage_percent"] = percent(report.judgement.coverage)
    facts["strip"] = [
        [round(share, 3) for share in (column.voiced, column.confidence, column.lacking)] for column in report.strip
    ]
    return encodable(json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"


def to_body(report: Report, frame: Frame) -> Markup:
    """What a page shows of the report, without its head."""
    from markupsafe import Markup

    told = {"report": report, "told": wording, "bands": bands(report.strip)}
    shown = {field.name: getattr(frame, field.name) for field in fields(frame)}
    return Markup(_environment().get_template("body.html").render(**told, **shown))


def to_html(report: Report, sound: str) -> str:
    """The page, in English; ``sound`` is where it finds the sound, an address relative to itself."""
    from markupsafe import Markup

    frame = Frame(str, "{:,}".format, str(report.judgement.verdict), sound, lambda start, end, words: "")
    style, script = resource("alone.css") + resource("report.css"), resource("playing.js")
    return (
        _environment()
        .get_template("alone.html")
        .render(
            title=f"{wording.TITLES['report']}: {report.episode.title or report.source.audio_file}",
            body=to_body(report, frame),
            style=Markup(style),
            style_hash=_hash(style),
            script=Markup(script),
            script_hash=_hash(script),
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    made = Environment(
        loader=FunctionLoader(resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    made.filters["clock"] = clock
    return made


def _hash(text: str) -> str:
    """By what a page says that this is its own style or script (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
