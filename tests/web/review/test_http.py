"""Requests for a review over HTTP."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient

from aligner.model import Review, Untranscribed
from aligner.report.facts import report_of
from aligner.storage.alignment_json import read_alignment, to_text
from tests.aligner.report.doubted import with_doubt
from tests.tables import over_rows

REVIEW = "/api/episodes/roue-libre/review"
PICTURE = "/episodes/roue-libre/spectrogram"


@pytest.fixture
def doubted(library: Path) -> Path:
    """The sample's alignment with a passage in doubt, and untranscribed speech."""
    path = library / "roue-libre" / "episode.alignment.json"
    alignment = with_doubt(read_alignment(path), (range(30, 50), 0.2))
    alignment = replace(alignment, untranscribed=(Untranscribed(2.0, 5.0, "bonjour à tous"),))
    path.write_text(to_text(replace(alignment, review=Review("Ada", "2026-01-02T03:04:05Z", 0.5))), "utf-8")
    return path


def test_the_queue_has_spans_reasons_and_work(client: FlaskClient, doubted: Path) -> None:
    told = client.get(REVIEW).json
    alignment, report = read_alignment(doubted), report_of(read_alignment(doubted))
    first = told["items"][0]
    assert (first["kind"], first["words"]) == ("misplaced", [30, 50])
    assert first["reasons"][0].startswith("None of these 20 words was recognised")
    assert told["counts"]["misplaced"] == report.doubtful.count
    assert told["counts"]["unfound"] + told["counts"]["unsaid"] == report.unspoken.count
    assert told["counts"]["norm"] == report.captions[0].outside
    [untranscribed] = [item for item in told["items"] if item["kind"] == "untranscribed"]
    assert (untranscribed["start"], untranscribed["end"], untranscribed["words"]) == (2.0, 5.0, None)
    assert untranscribed["recognised"] == "bonjour à tous"
    assert told["work"] == pytest.approx(sum(item["work"] for item in told["items"]), abs=0.1 * len(told["items"]))
    assert told["review"] == {"who": "Ada", "when": "2026-01-02T03:04:05Z", "share": 0.5}
    edges = told["speech"]
    assert sum(b - a for a, b in zip(edges[::2], edges[1::2], strict=True)) == report.counts.words
    assert told["pinned"] == told["written"] == []
    assert len(alignment.words) >= edges[-1]


def test_reasons_are_in_the_language_of_the_reader(client: FlaskClient, doubted: Path) -> None:
    told = client.get(REVIEW, headers={"Accept-Language": "fr"}).json
    assert told["items"][0]["reasons"][0].startswith("Aucun de ces 20 mots")


def test_an_episode_without_alignment_has_no_queue(client: FlaskClient, doubted: Path) -> None:
    doubted.unlink()
    assert client.get(REVIEW).status_code == 404


def test_the_spectrogram_has_the_requested_columns(client: FlaskClient, library: Path) -> None:
    answer = client.get(f"{PICTURE}?from=1&to=3.5&columns=320")
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert int.from_bytes(answer.data[16:20]) == 320
    again = client.get(f"{PICTURE}?from=1&to=3.5&columns=320", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


BAD = (
    "",
    *("from=1&to=1&columns=9", "from=-1&to=2&columns=9", "from=0&to=61&columns=9", "from=nan&to=3&columns=9"),
    *("from=0&to=inf&columns=9", "from=0&to=2&columns=0", "from=0&to=2&columns=100000", "from=0&to=2&columns=x"),
)


@over_rows("query", BAD)
def test_invalid_spectrograms_are_refused(client: FlaskClient, library: Path, query: str) -> None:
    answer = client.get(f"{PICTURE}?{query}", headers={"Accept": "application/json"})
    assert answer.status_code == 400
    assert answer.json["error"].startswith("Expected ")
