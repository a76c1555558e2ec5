"""Corrections over HTTP: responses, refusals, and conflicts."""

import json
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aligner.outputs import captions_follow
from aligner.storage.alignment_json import read_alignment
from aligner.storage.history import open_history
from tests.tables import over_rows
from web.correcting.following import last_of
from web.errors import NotFound, Unusable

Send = Callable[..., TestResponse]

API = "/api/episodes/roue-libre"
PLACE = {"kind": "place", "word": 7, "start": 6.8, "end": 6.95}


def alignment_path(library: Path) -> Path:
    return next((library / "roue-libre").glob("*.alignment.json"))


def correct(send: Send, base: int, correction: dict[str, Any]) -> TestResponse:
    return send("POST", f"{API}/corrections", {"revision": base, "correction": correction})


def test_a_correction_is_saved_before_the_response(send: Send, library: Path) -> None:
    answer = correct(send, 0, PLACE)
    assert answer.status_code == 200
    assert (answer.json["revision"], answer.json["change"]["what"]) == (2, PLACE)
    turns = answer.json["turns"]
    assert (turns["at"], turns["drop"], turns["html"], turns["starts"][7]) == (0, 1, None, 6800)
    word = read_alignment(alignment_path(library)).words[7]
    assert word.pinned
    assert word.span is not None
    assert word.span.start == pytest.approx(6.8)
    assert open_history(alignment_path(library)).changes[-1].what == PLACE


def test_an_outdated_page_gets_all_changes(send: Send, client: FlaskClient) -> None:
    correct(send, 0, PLACE)
    answer = correct(send, 0, {"kind": "unspoken", "first": 30, "stop": 32})
    turns = answer.json["turns"]
    assert turns["starts"][7] == 6800
    assert turns["html"].count('class="w un"') == 2
    changes = client.get(f"{API}/changes?revision=2").json
    assert changes["revision"] == 3
    assert 'data-i="7"' not in changes["turns"]["html"]


def test_the_same_words_changed_by_two_are_a_conflict(send: Send, library: Path) -> None:
    correct(send, 0, PLACE)
    before = alignment_path(library).read_bytes()
    answer = correct(send, 0, PLACE | {"start": 6.74, "end": 6.85})
    assert answer.status_code == 409
    assert "changed by someone else" in answer.json["error"]
    assert alignment_path(library).read_bytes() == before


def said(first: int, stop: int, *texts: str) -> dict[str, Any]:
    """Return a correction that replaces paragraphs."""
    paragraphs = [{"kind": "speech", "speaker": "Bastien Oriol", "text": text} for text in texts]
    return {"kind": "text", "first": first, "stop": stop, "paragraphs": paragraphs}


def test_undoing_a_change_below_another_is_a_conflict(send: Send, library: Path) -> None:
    correct(send, 0, said(1, 1, "Une première version, qui est entière."))
    correct(send, 2, said(1, 2, "Une deuxième version, qui est entière."))
    correct(send, 3, said(1, 2, "Une troisième version, toute autre."))
    before = alignment_path(library).read_bytes()
    answer = send("POST", f"{API}/undo", {"revision": 4, "change": 3})
    assert answer.status_code == 409
    assert "changed by someone else" in answer.json["error"]
    assert alignment_path(library).read_bytes() == before
    send("POST", f"{API}/undo", {"revision": 4, "change": 4})
    assert send("POST", f"{API}/undo", {"revision": 5, "change": 3}).status_code == 200


@over_rows("who", ["\u200b\u2060", " \t"])
def test_an_invisible_name_cannot_review(send: Send, who: str) -> None:
    assert correct(send, 0, {"kind": "review", "who": who, "share": 1.0}).status_code == 422


def test_of_two_at_once_each_keeps_what_they_were_told_is_taken(app: Flask, library: Path) -> None:
    """Each knows only the changes that their own answers told of, as a page does that hears of no others."""
    taken: dict[int, str] = {}
    refused: list[int] = []

    def work(who: str, words: Sequence[int]) -> None:
        client = app.test_client()
        page = client.get("/episodes/roue-libre").text
        token, base = page.split('name="csrf" content="')[1].split('"')[0], 0
        client.post("/api/name", json={"name": who}, headers={"X-CSRF-Token": token})
        for word in words:
            body = {"revision": base, "correction": {"kind": "unspoken", "first": word, "stop": word + 1}}
            answer = client.post(f"{API}/corrections", json=body, headers={"X-CSRF-Token": token})
            if answer.status_code == 200:
                base = answer.json["revision"]
                if answer.json["change"]:  # else it was so already
                    taken[word] = who
            else:
                assert answer.status_code == 409
                refused.append(word)

    both = {"Ada": range(10, 40, 2), "Zoé": range(41, 20, -3)}
    threads = [threading.Thread(target=work, args=each) for each in both.items()]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    words = read_alignment(alignment_path(library)).words
    history = open_history(alignment_path(library))
    assert {change.what["first"]: change.who for change in history.changes[1:]} == taken
    assert {k for k, word in enumerate(words) if word.pinned} == set(taken)
    assert len(taken) > 10
    assert not set(refused) - set(taken)  # what one was refused, the other had changed


def test_a_name_goes_with_what_its_reader_changes_and_undoes(send: Send) -> None:
    send("POST", "/api/name", {"name": " Zoé\nB "})
    answer = correct(send, 0, PLACE)
    assert answer.json["change"]["who"] == "Zoé B"
    undone = send("POST", f"{API}/undo", {"revision": 2})
    assert undone.json["change"]["id"] == 2


def test_another_browser_undoes_nothing_of_a_name_that_it_never_had(send: Send, client: FlaskClient) -> None:
    send("POST", "/api/name", {"name": "Ada"})
    correct(send, 0, PLACE)
    client.delete_cookie("quotecast-name")  # as one that has had none
    send("POST", "/api/name", {"name": "Grace"})
    answer = send("POST", f"{API}/undo", {"revision": 2})
    assert (answer.json["change"], answer.json["undoable"]) == (None, False)


def test_a_change_is_undone_by_its_id_whatever_came_after_it(send: Send, library: Path) -> None:
    first = correct(send, 0, PLACE).json
    second = correct(send, 2, {"kind": "unspoken", "first": 30, "stop": 32}).json
    assert (second["undoable"], second["redoable"]) == (True, False)
    undone = send("POST", f"{API}/undo", {"revision": 3, "change": first["change"]["id"]}).json
    assert undone["change"]["what"] == PLACE
    assert (undone["undoable"], undone["redoable"]) == (True, True)
    words = read_alignment(alignment_path(library)).words
    assert not words[7].pinned
    assert words[30].span is None
    again = send("POST", f"{API}/undo", {"revision": 4, "change": first["change"]["id"]}).json
    assert (again["change"], again["revision"]) == (None, 4)  # it does not stand


@over_rows("body",
    [
        {},
        {"revision": 0},
        {"revision": -1, "correction": PLACE},
        {"revision": 0, "correction": {**PLACE, "word": 1e300}},
        {"revision": 0, "correction": {"kind": "song"}},
        {"revision": 0, "correction": {"kind": "accept", "words": [[0, 1]] * 100_000}},
        [],
    ],
)  # fmt: skip
def test_an_invalid_request_is_refused(send: Send, body: object, library: Path) -> None:
    before = alignment_path(library).read_bytes()
    assert send("POST", f"{API}/corrections", body).status_code == 400
    assert alignment_path(library).read_bytes() == before


@over_rows("correction", [{**PLACE, "word": 999_999}, {**PLACE, "start": 9e8, "end": 9.5e8}, said(0, 999), said(5, 2)])
def test_an_impossible_correction_is_refused_with_a_sentence(send: Send, correction: dict[str, Any]) -> None:
    answer = correct(send, 0, correction)
    assert answer.status_code == 422
    assert answer.json["error"]


def test_an_unknown_state_of_the_page_is_a_conflict(send: Send, client: FlaskClient) -> None:
    assert correct(send, 99, PLACE).status_code == 409
    assert client.get(f"{API}/changes?revision=99").status_code == 409
    assert client.get(f"{API}/changes?revision=x").status_code == 200
    assert client.get(f"{API}/changes?revision=0", headers={"X-Transcript": "00000000"}).status_code == 409


def forget_recognition(library: Path) -> None:
    """Let the alignment name a recognition that is not in the cache."""
    path = alignment_path(library)
    data = json.loads(path.read_text(encoding="utf-8"))
    data["engine"] = {"method": "acoustic", "model": "base"}
    data["audio"]["sha256"] = "0" * 64
    path.write_text(json.dumps(data), encoding="utf-8")


def test_without_a_cached_recognition_a_correction_is_made_and_the_audio_is_recognised_again(
    app: Flask, send: Send, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_recognition(library)
    monkeypatch.setattr(app.extensions["jobs"], "_start", lambda: None)  # nobody listens, in a test
    answer = correct(send, 0, PLACE | {"start": 6.3, "end": 6.6})
    assert answer.json["job"]["kind"] == "align"
    assert answer.json["turns"]["starts"][7] == 6300
    again = correct(send, answer.json["revision"], {"kind": "review", "who": "Zoé", "share": 1.0})
    assert again.status_code == 200
    assert again.json["job"] is None


@pytest.mark.parametrize("falls", [False, True])
def test_many_pages_that_ask_at_once_have_the_history_read_once(
    library: Path, monkeypatch: pytest.MonkeyPatch, falls: bool
) -> None:
    read = Mock(side_effect=[Unusable("worker_pool.fell")] if falls else [(0, None)])

    def call(function: Callable[..., object], *arguments: object) -> object:
        # Captions of an earlier test may still be updated in the background.
        return None if function is captions_follow else read(function, *arguments)

    monkeypatch.setattr("web.correcting.following.call", call)

    def ask(_: int) -> object:
        try:
            return last_of(alignment_path(library))
        except Unusable as error:
            return error.key

    with ThreadPoolExecutor(8) as pages:
        assert set(pages.map(ask, range(8))) == {"worker_pool.fell" if falls else (0, None)}
    assert read.call_count == 1


def test_a_correction_is_made_if_the_audio_cannot_be_recognised_again(
    send: Send, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    forget_recognition(library)
    monkeypatch.setattr("web.routes.corrections.align", Mock(side_effect=NotFound("error.episode")))
    answer = correct(send, 0, PLACE | {"start": 6.3, "end": 6.6})
    assert (answer.status_code, answer.json["job"]) == (200, None)


def test_a_killed_worker_loses_nothing(send: Send, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    correct(send, 0, PLACE)
    before = alignment_path(library).read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("web.routes.corrections.correct", _fall)
        assert correct(send, 2, PLACE | {"start": 6.76}).status_code == 422
    assert alignment_path(library).read_bytes() == before
    assert correct(send, 2, PLACE | {"start": 6.76}).status_code == 200


def _fall(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)
