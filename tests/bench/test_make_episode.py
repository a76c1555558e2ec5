"""Written and spoken text side by side: times of the spoken words reach the written ones."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from tests.bench.make_episode import rewrite, split
from tests.places import SAMPLE
from tests.tables import over_rows


def spoken_truth(spoken: str) -> dict[str, Any]:
    """Every token but the label ``Name : `` is said, a second each, from the second of its place in the line on."""
    label = re.match(r"\w+ : ", spoken)
    begin = label.end() if label else 0
    words = [
        {"text": m[0], "char_start": m.start(), "char_end": m.end(), "start": float(k), "end": k + 1.0, "why": "ok"}
        for k, m in enumerate(re.compile(r"\S+").finditer(spoken, begin))
    ]
    return {"words": words}


@over_rows(
    "source, times",
    {
        "as written": ("Odile : Bonne nuit", {"Bonne": (0, 1, "ok"), "nuit": (1, 2, "ok")}),
        "a sign read as two words": ("30 {%|pour cent}", {"30": (0, 1, "ok"), "%": (1, 3, "ok")}),
        "a stage direction": ("{(rires)|} Voilà", {"(rires)": (None, None, "stage"), "Voilà": (0, 1, "ok")}),
        "a footnote's mark": ("monde{[1]|}", {"monde": (0, 1, "ok"), "[1]": (None, None, "note")}),
        "a label on its own line": ("{Odile:\n|Odile : }Bonne", {"Bonne": (0, 1, "ok")}),
    },
)
def test_written_words_have_the_times_of_what_is_said_for_them(source: str, times: dict[str, tuple]) -> None:
    written, spoken, pieces = split(source)
    words = rewrite(spoken_truth(spoken), written, pieces)["words"]
    assert all(written[word["char_start"] : word["char_end"]] == word["text"] for word in words)
    assert {word["text"]: (word["start"], word["end"], word["why"]) for word in words} == times


@pytest.fixture(scope="module")
def sample() -> tuple[str, dict[str, Any]]:
    with (SAMPLE / "transcript.txt").open(encoding="utf-8", newline="") as file:
        return file.read(), json.loads((SAMPLE / "truth.json").read_text(encoding="utf-8"))


def test_the_sample_is_the_written_text_of_its_source(sample: tuple[str, dict[str, Any]]):
    source = Path(__file__).with_name("sample").joinpath("source.txt").read_text(encoding="utf-8")
    assert sample[0] == split(re.sub(r"^# ", "", source, flags=re.MULTILINE))[0]


def test_the_truth_of_the_sample_is_of_its_text_and_in_order(sample: tuple[str, dict[str, Any]]):
    text, truth = sample
    assert all(text[word["char_start"] : word["char_end"]] == word["text"] for word in truth["words"])
    times = [(word["start"], word["end"]) for word in truth["words"] if word["start"] is not None]
    assert times == sorted(times)
    assert all(0 < start < end < truth["duration"] for start, end in times)


def test_the_sample_has_what_edited_transcripts_have(sample: tuple[str, dict[str, Any]]):
    text, truth = sample
    assert {"heading", "note", "stage", "cut", "unspoken"} <= {word["why"] for word in truth["words"]}
    assert len(truth["extra"]) == 1
    teaser = text.split("\n")[0].split(" : ", 1)[1]
    assert text.count(teaser) == 2
    assert 15 <= len(teaser.split()) <= 30
