"""The figures of confidence are those that are published."""

import re

from aligner.report.calibration import REAL_VOICES, SOURCE
from tests.places import ROOT


def test_the_figures_are_those_of_the_page_that_they_name() -> None:
    page, _ = SOURCE.split(", ")
    text = (ROOT / page).read_text(encoding="utf-8")
    rows = re.findall(r"^\| (0\.\d) to (\d\.\d) \| (\d+) / ([\d.]+) %? ?\| (\d+) / ([\d.]+) ", text, re.MULTILINE)
    published = {(float(low), float(high)): ((int(a), float(b)), (int(c), float(d))) for low, high, a, b, c, d in rows}
    assert {(each.low, each.high): (each.published, each.edited) for each in REAL_VOICES} == published
