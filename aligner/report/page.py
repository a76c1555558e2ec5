"""Write a report as one HTML file, which plays the audio file beside it, or as JSON for programs.

The app uses ``body.html``, ``report.css`` and ``playing.js`` too, within its own page.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict
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
"""Returns the address of a passage in the transcript by its start, its end and its words, or an empty text."""


def resource(name: str) -> str:
    """Return the text of the file ``name`` in this package."""
    return resources.files(__package__).joinpath(name).read_text(encoding="utf-8")


def to_json(report: Report) -> str:
    """Return a report as JSON: its facts, and sentences that explain the verdict.

    Each column of the strip (the bar of confidence over time) is a list of three numbers: the share of its time with
    words, their mean confidence, and the share with speech missing from the transcript.
    """
    facts: dict[str, Any] = {"format": FORMAT, "version": VERSION, **asdict(report)}
    facts |= {**facts.pop("source"), **facts.pop("judgement")}
    for name in ("doubtful", "untranscribed", "unspoken"):
        facts[f"{name}_passages"] = facts[name]["first"]
        facts[name] = facts[name]["count"]
    lost = facts.pop("lost")
    facts["lost_pins"], facts["lost_corrections"] = lost["count"], lost["first"]
    facts["meaning"] = wording.meaning(report.judgement)
    facts["reasons"] = list(wording.reasons(report))
    facts["coverage_percent"] = percent(report.judgement.coverage)
    facts["strip"] = [
        [round(share, 3) for share in (column.voiced, column.confidence, column.untranscribed)]
        for column in report.strip
    ]
    return encodable(json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"


def to_body(
    report: Report, say: Callable[[str], str], number: Callable[[float], str], verdict: str, audio: str, link: Link
) -> Markup:
    """Return the HTML of the report, without the page around it.

    ``say`` translates a sentence, ``number`` formats a number, and ``verdict`` is a word in the reader's language.
    ``audio`` is the address of the audio. ``link`` returns the address of a passage, or an empty text for no link.
    """
    from markupsafe import Markup

    names = {"report": report, "wording": wording, "bands": bands(report.strip), "say": say, "number": number}
    body = _environment().get_template("body.html").render(**names, verdict=verdict, audio=audio, link=link)
    return Markup(body)


def to_html(report: Report, audio: str) -> str:
    """Return the report as a page in English; ``audio`` is the address of the audio, relative to the page."""
    from markupsafe import Markup

    verdict = str(report.judgement.verdict)
    body = to_body(report, str, "{:,}".format, verdict, audio, lambda start, end, words: "")
    style, script = resource("alone.css") + resource("report.css"), resource("playing.js")
    return (
        _environment()
        .get_template("alone.html")
        .render(
            title=f"{wording.TITLES['report']}: {report.episode.title or report.source.audio_file}",
            body=body,
            style=Markup(style),
            style_hash=_hash(style),
            script=Markup(script),
            script_hash=_hash(script),
        )
    )


@cache
def _environment() -> Environment:
    from jinja2 import Environment, FunctionLoader, StrictUndefined

    environment = Environment(
        loader=FunctionLoader(resource),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["clock"] = clock
    return environment


def _hash(text: str) -> str:
    """Return the hash of an inline style or script, for the page's security policy to allow it (CSP 3, 2.3.1)."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode("utf-8")).digest()).decode("ascii")
