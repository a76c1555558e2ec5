"""What the library refuses is told in the reader's language."""

from __future__ import annotations

import re
from pathlib import Path

from web.languages import catalogue
from web.library import Problem

SOURCES = Path(__file__).parents[3] / "web" / "library"


def test_every_refusal_and_every_problem_has_its_sentence() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    keys = set(re.findall(r'(?:Unusable|InTheWay|NotThere|UploadTooLarge)\("([\w.]+)"', text))
    assert len(keys) > 10
    assert keys | {str(problem) for problem in Problem} <= catalogue("en").keys()
