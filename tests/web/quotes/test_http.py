"""Requests for quotes over HTTP."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aligner.storage.alignment_json import read_alignment
from tests.tables import over_rows

EPISODE = "/api/episodes/roue-libre"


def test_a_selection_has_a_link_and_a_text_to_copy(client: FlaskClient) -> None:
    told = client.get(f"{EPISODE}/selection?first=20&last=23").get_json()
    assert told["text"] == "regonfle les pneus."
    assert told["link"].startswith("http://localhost/episodes/roue-libre#t=")
    assert told["public"] is False
    assert told["copy"].split("\n") == [
        "«\u00a0regonfle les pneus.\u00a0»",
        "— Bastien Oriol, Roue libre, Une promenade qui attend",
        told["link"],
    ]
    assert [caution["kind"] for caution in told["cautions"]] == ["starts-inside-sentence"]


@over_rows("query", ["", "first=1", "first=a&last=b", "first=5&last=5", "first=-1&last=3", "first=0&last=99999"])
def test_invalid_words_are_refused_in_a_sentence(client: FlaskClient, query: str) -> None:
    answer = client.get(f"{EPISODE}/selection?{query}")
    assert answer.status_code in (400, 422)
    assert "word" in answer.get_json()["error"]


def test_too_long_selections_are_refused_at_once(
    send: Callable[..., TestResponse], client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("aligner.saved_quotes.LONGEST", 20)
    monkeypatch.setattr("web.quotes.selection.LONGEST", 20)
    monkeypatch.setattr("web.quotes.selection.read_printed", None)
    words = {"first": 0, "last": 23}
    exports = {"exports": [words] * 20}
    for answer in (
        client.get(f"{EPISODE}/selection?first=0&last=23"),
        send("POST", f"{EPISODE}/quotes", words),
        send("POST", f"{EPISODE}/clips/preview", words),
        send("POST", f"{EPISODE}/clips", exports),
    ):
        assert (answer.status_code, answer.get_json()["error"]) == (
            422,
            "A quote may have 20\u00a0characters at most; select less.",
        )


@over_rows("path", ["selection?first=20&last=23", "quotes"])
def test_a_page_of_another_transcript_version_is_refused(client: FlaskClient, library: Path, path: str) -> None:
    version = read_alignment(library / "roue-libre" / "episode.alignment.json").transcript.sha256[:8]
    assert client.get(f"{EPISODE}/{path}", headers={"X-Transcript": version}).status_code == 200
    answer = client.get(f"{EPISODE}/{path}", headers={"X-Transcript": "0badcafe"})
    assert answer.status_code == 409
    assert "has changed since this page was opened" in answer.get_json()["error"]
