"""Render an episode's report for the app, in the reader's language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from aligner.model import HASH_DIGITS
from aligner.report.facts import Report, WordRange, report_of
from aligner.report.page import to_body
from aligner.storage.alignment_json import read_alignment
from web.caching import until_changed
from web.languages import decimal, t, translated
from web.quotes.links import Link, write_fragment
from web.worker_pool import call

if TYPE_CHECKING:
    from markupsafe import Markup

_MOST_CACHED = 16  # reports of 200 KB


@until_changed(_MOST_CACHED)
def report_at(path: Path) -> Report:
    """Return the report of the alignment at ``path``. Raises AlignmentError or OSError if the file is missing or
    damaged, Unusable if the work exceeds the limits, Busy if the server has too much work."""
    return call(_report_of, path)


def _report_of(path: Path) -> Report:
    return report_of(read_alignment(path))


def report_html(report: Report, page: str, audio: str) -> Markup:
    """Return a report as HTML; ``page`` and ``audio`` are the addresses of the episode's page and audio."""

    def link(start: float | None, end: float | None, words: WordRange | None) -> str:
        chars = (words.char_start, words.char_end) if words else None
        return f"{page}#{write_fragment(Link(start, end, chars, report.source.transcript_sha256[:HASH_DIGITS]))}"

    verdict = t("verdict.draft" if report.judgement.is_unreviewed else f"verdict.{report.judgement.verdict}")
    return to_body(report, translated, decimal, verdict, audio, link)
