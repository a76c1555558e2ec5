"""A report as JSON, for programs."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Any

from aligner.report.facts import Report, percent
from aligner.report.wording import REAL_VOICES, SOURCE, TOLERANCE, meaning, reasons
from aligner.storage.checked_json import encodable

FORMAT, VERSION = "quotecast-report", 1


def to_json(report: Report) -> str:
    """The whole record as its fields are named, with the sentences that say why the verdict is what it is.

    Of the strip each column is a triple: the share of its time that words take, their mean confidence, and the share of
    speech that the text lacks.
    """
    facts: dict[str, Any] = {"format": FORMAT, "version": VERSION, **asdict(report)}
    facts["meaning"] = meaning(report.verdict, report.lacks_text, report.is_cut_short, report.is_unread)
    facts["reasons"] = list(reasons(report))
    facts["coverage_percent"] = percent(report.coverage)
    facts["strip"] = [
        [round(share, 3) for share in (column.voiced, column.confidence, column.lacking)] for column in report.strip
    ]
    facts["calibration"] = {"source": SOURCE, "tolerance": TOLERANCE, "real_voices": list(map(asdict, REAL_VOICES))}
    return encodable(json.dumps(facts, ensure_ascii=False, indent=1, allow_nan=False)) + "\n"
