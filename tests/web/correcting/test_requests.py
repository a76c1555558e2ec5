"""Corrections as requests: what is answered, what is refused, and what is never lost."""

from __future__ import annotations

import errno
import json
import pickle
import subprocess
import sys
import threading
from collections.abc import Callable, Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aligner.corrections.commands import Place
from aligner.errors import CorrectionError, OutputError
from aligner.model import Span
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import history_path
from aligner.storage.history import open_history
from web.app import create_app
from web.correcting import captioning, states
from web.errors import no_room
from web.settings import Settings

Send = Callable[..., TestResponse]

API = "/api/episodes/roue-libre"
PLACE = {"kind": "place", "word": 7, "start": 6.8, "end": 6.95}


def alignment_path(library: Path) -> Path:
    return next((library / "roue-libre").glob("*.alignment.json"))


def correct(send: Send, base: int, correction: dict[str, Any]) -> TestResponse:
    return send("POST", f"{API}/corrections", {"base": base, "correction": correction})


def speech(text: str) -> dict[str, Any]:
    return {"kind": "speech", "speaker": "Bastien Oriol", "text": text}


def test_a_correction_lies_on_the_disk_when_it_is_answered(send: Send, library: Path) -> None:
    answer = correct(send, 0, PLACE)
    assert answer.status_code == 200
    assert answer.json is not None
    assert (answer.json["history"], answer.json["change"]["what"]) == (2, PLACE)
    assert answer.json["patch"]["words"] == {
        **{"at": 7, "drop": 1, "starts": [6800], "ends": [6950], "shift": 0},
        "chars": answer.json["patch"]["words"]["chars"],
    }
    word = read_alignment(alignment_path(library)).words[7]
    assert word.pinned
    assert word.span is not None
    assert word.span.start == pytest.approx(6.8)
    assert open_history(alignment_path(library)).changes[-1].what == PLACE


def test_a_page_that_knows_less_is_told_of_all_that_was_changed(send: Send, client: FlaskClient) -> None:
    correct(send, 0, PLACE)
    answer = correct(send, 0, {"kind": "unspoken", "first": 30, "stop": 32})
    assert answer.json is not None
    words = answer.json["patch"]["words"]
    assert (words["at"], words["at"] + words["drop"]) == (7, 32)
    since = client.get(f"{API}/changes?since=2").json
    assert since is not None
    assert since["history"] == 3
    assert since["patch"]["words"]["at"] == 30


def test_the_same_words_changed_by_two_are_a_conflict_with_both_versions(send: Send, library: Path) -> None:
    correct(send, 0, PLACE)
    before = alignment_path(library).read_bytes()
    answer = correct(send, 0, PLACE | {"start": 6.74, "end": 6.85})
    assert answer.status_code == 409
    assert answer.json is not None
    assert "6.740" in answer.json["mine"]
    assert "6.800" in answer.json["theirs"]
    assert answer.json["history"] == 2
    assert alignment_path(library).read_bytes() == before


@pytest.mark.parametrize("theirs", ["Une autre version, qui est entière.", None])
def test_of_a_paragraph_both_versions_are_told_whole_and_a_deleted_one_is_said_to_be(
    send: Send, theirs: str | None
) -> None:
    def text(first: int, stop: int, said: str | None) -> dict[str, Any]:
        given = [] if said is None else [{"kind": "speech", "speaker": "Bastien Oriol", "text": said}]
        return {"kind": "text", "first": first, "stop": stop, "paragraphs": given}

    correct(send, 0, text(1, 1, "Une version qui est entière."))
    correct(send, 2, text(0, 0, "Une phrase avant."))  # the same stands one further now
    correct(send, 3, text(2, 3, theirs))
    answer = correct(send, 2, text(1, 2, "La mienne, qui est entière aussi."))
    assert answer.status_code == 409
    assert answer.json is not None
    assert answer.json["mine"] == "La mienne, qui est entière aussi."
    assert answer.json["theirs"] == (theirs or "(deleted)")
    answer = correct(send, 2, text(1, 2, None))
    assert answer.json is not None
    assert (answer.status_code, answer.json["mine"]) == (409, "(deleted)")


def test_what_cannot_be_undone_from_under_anothers_change_is_told_in_both_versions_whole(
    send: Send, library: Path
) -> None:
    def text(first: int, stop: int, said: str) -> dict[str, Any]:
        paragraph = {"kind": "speech", "speaker": "Bastien Oriol", "text": said}
        return {"kind": "text", "first": first, "stop": stop, "paragraphs": [paragraph]}

    correct(send, 0, text(1, 1, "Une première version, qui est entière."))
    correct(send, 2, text(1, 2, "Une deuxième version, qui est entière."))
    correct(send, 3, text(1, 2, "Une troisième version, toute autre."))
    before = alignment_path(library).read_bytes()
    answer = send("POST", f"{API}/undo", {"base": 4, "change": 3})
    assert answer.json is not None
    assert answer.status_code == 409
    told = "Une première version, qui est entière.", "Une troisième version, toute autre."
    assert (answer.json["mine"], answer.json["theirs"]) == told
    assert alignment_path(library).read_bytes() == before
    send("POST", f"{API}/undo", {"base": 4, "change": 4})
    assert send("POST", f"{API}/undo", {"base": 5, "change": 3}).status_code == 200


def test_what_could_not_be_kept_is_refused_in_a_sentence(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = alignment_path(library)
    before, words = path.read_bytes(), list(read_alignment(path).words)
    words[120] = replace(words[120], span=Span(1.0, 1.2))
    monkeypatch.setattr("aligner.corrections.commands.placed", lambda now, *_: replace(now, words=tuple(words)))
    with pytest.raises(CorrectionError, match="cannot be kept"):
        states.correct(path, states.Seen(0), Place(110, 30.0, 30.2), "Ada")
    assert path.read_bytes() == before


def test_paragraphs_that_never_were_are_refused_also_of_a_page_that_knows_less(send: Send) -> None:
    correct(send, 0, PLACE)
    nowhere = {"kind": "text", "first": 9999, "stop": 10001, "paragraphs": []}
    assert correct(send, 0, nowhere).status_code == 422
    assert correct(send, 0, {"kind": "unspoken", "first": 99990, "stop": 99999}).status_code == 422
    correct(send, 2, {"kind": "text", "first": 1, "stop": 1, "paragraphs": [speech("Une phrase avant.")]})
    for kind in ("text", "unspoken", "unpin"):
        given = {"paragraphs": [speech("Une autre.")]} if kind == "text" else {}
        for base in (0, 3):
            backwards = correct(send, base, {"kind": kind, "first": 5, "stop": 2, **given})
            assert backwards.status_code == 422, (kind, base)


@pytest.mark.parametrize(
    "correction",
    [
        {"kind": "insert", "start": 0.0, "end": 0.0001, "speaker": None, "text": "Un."},
        {"kind": "passage", "first": 10, "stop": 12, "start": 4.0, "end": 4.0001},
        {"kind": "settle", "as": "advert", "start": 4.0, "end": 4.0002},
    ],
)
def test_a_stretch_of_which_nothing_is_left_in_milliseconds_is_none(send: Send, correction: dict[str, Any]) -> None:
    answer = correct(send, 0, correction)
    assert answer.status_code == 422
    assert answer.json is not None
    assert "is no stretch of this sound" in answer.json["error"]


def test_a_disk_without_room_is_told_as_that(send: Send, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("aligner.storage.history_writing.append", full)
    with pytest.raises(OutputError) as raised:
        states.correct(alignment_path(library), states.Seen(0), Place(7, 6.8, 6.95), "Ada")
    told = no_room(raised.value)
    assert told is not None
    monkeypatch.setattr(
        "web.routes.corrections.call", lambda *_: (_ for _ in ()).throw(pickle.loads(pickle.dumps(told)))
    )
    assert correct(send, 0, PLACE).status_code == 507


def test_a_history_that_is_no_file_lets_nothing_be_edited(send: Send, client: FlaskClient, library: Path) -> None:
    history_path(alignment_path(library)).mkdir()
    assert '"editable": false' in client.get("/episodes/roue-libre").text


def test_where_a_damaged_alignment_lies_is_no_readers_business(send: Send, client: FlaskClient, library: Path) -> None:
    correct(send, 0, PLACE)
    alignment_path(library).write_bytes(b"{")
    told = client.get(f"{API}/changes?since=0").json
    assert told is not None
    assert "came to harm" in told["error"]
    assert str(library) not in told["error"]


@pytest.mark.parametrize("who", ["\u200b\u2060", "\ud800", "\u3164", " \t"])
def test_a_name_of_which_nothing_is_seen_is_none(send: Send, who: str) -> None:
    assert correct(send, 0, {"kind": "sign", "who": who, "share": 1.0}).status_code == 422


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
            body = {"base": base, "correction": {"kind": "unspoken", "first": word, "stop": word + 1}}
            answer = client.post(f"{API}/corrections", json=body, headers={"X-CSRF-Token": token})
            assert answer.json is not None
            if answer.status_code == 200:
                base = answer.json["history"]
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
    assert answer.json is not None
    assert answer.json["change"]["who"] == "Zoé B"
    undone = send("POST", f"{API}/undo", {"base": 2})
    assert undone.json is not None
    assert undone.json["change"]["id"] == 2


@pytest.mark.parametrize("first", ["Ada", ""])
def test_what_was_done_by_an_earlier_name_in_this_browser_is_undone_by_it(send: Send, first: str) -> None:
    send("POST", "/api/name", {"name": first})
    correct(send, 0, PLACE)
    for name in ("Ada!Grace", "Grace Hopper"):
        send("POST", "/api/name", {"name": name})
    answer = send("POST", f"{API}/undo", {"base": 2})
    assert answer.json is not None
    assert (answer.json["change"]["what"], answer.json["change"]["who"]) == (PLACE, first)
    assert answer.json["redoable"] is True
    again = send("POST", f"{API}/redo", {"base": 3})
    assert again.json is not None
    assert again.json["change"]["what"] == PLACE


def test_another_browser_undoes_nothing_of_a_name_that_it_never_had(send: Send, client: FlaskClient) -> None:
    send("POST", "/api/name", {"name": "Ada"})
    correct(send, 0, PLACE)
    client.delete_cookie("quotecast-name")  # as one that has had none
    send("POST", "/api/name", {"name": "Grace"})
    answer = send("POST", f"{API}/undo", {"base": 2})
    assert answer.json is not None
    assert (answer.json["change"], answer.json["undoable"]) == (None, False)


def test_names_that_a_browser_keeps_are_bounded_whatever_they_are(send: Send, client: FlaskClient) -> None:
    for k in range(30):
        assert send("POST", "/api/name", {"name": f"{k}" + "名" * 190}).status_code == 200
    kept = client.get_cookie("quotecast-names")
    assert kept is not None
    assert len(kept.value) < 3001
    client.set_cookie("quotecast-names", "%00%0a!" * 500)
    assert client.get(f"{API}/changes?since=0").status_code == 200


def test_a_change_is_undone_by_its_id_whatever_came_after_it(send: Send, library: Path) -> None:
    first = correct(send, 0, PLACE).json
    second = correct(send, 2, {"kind": "unspoken", "first": 30, "stop": 32}).json
    assert first is not None
    assert second is not None
    assert (second["undoable"], second["redoable"]) == (True, False)
    undone = send("POST", f"{API}/undo", {"base": 3, "change": first["change"]["id"]}).json
    assert undone is not None
    assert undone["change"]["what"] == PLACE
    assert (undone["undoable"], undone["redoable"]) == (True, True)
    words = read_alignment(alignment_path(library)).words
    assert not words[7].pinned
    assert words[30].span is None
    again = send("POST", f"{API}/undo", {"base": 4, "change": first["change"]["id"]}).json
    assert again is not None
    assert (again["change"], again["history"]) == (None, 4)  # it does not stand


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"base": 0},
        {"base": -1, "correction": PLACE},
        {"base": 0, "correction": {**PLACE, "word": 1e300}},
        {"base": 0, "correction": {"kind": "song"}},
        {"base": 0, "correction": {"kind": "accept", "words": [[0, 1]] * 100_000}},
        [],
        "x",
    ],
)
def test_what_no_page_sends_is_refused(send: Send, body: object, library: Path) -> None:
    before = alignment_path(library).read_bytes()
    assert send("POST", f"{API}/corrections", body).status_code == 400
    assert alignment_path(library).read_bytes() == before


@pytest.mark.parametrize(
    ("correction", "status"),
    [
        ({**PLACE, "word": 999_999}, 422),
        ({**PLACE, "start": 9e8, "end": 9.5e8}, 422),
        ({"kind": "text", "first": 0, "stop": 999, "paragraphs": []}, 422),
    ],
)
def test_what_cannot_be_is_told_in_a_sentence(send: Send, correction: dict[str, Any], status: int) -> None:
    answer = correct(send, 0, correction)
    assert answer.status_code == status
    assert answer.json is not None
    assert answer.json["error"]


def test_a_state_that_never_was_asks_for_the_page_anew(send: Send, client: FlaskClient) -> None:
    assert correct(send, 99, PLACE).status_code == 409
    assert client.get(f"{API}/changes?since=99").status_code == 409
    assert client.get(f"{API}/changes?since=x").status_code == 200
    assert client.get(f"{API}/changes?since=0", headers={"X-Transcript": "00000000"}).status_code == 409


def test_nothing_is_corrected_while_the_words_are_aligned(
    send: Send, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Open:
        kind, is_open = "align", True

    monkeypatch.setattr(app.extensions["jobs"], "of", lambda folder: [Open()])
    answer = correct(send, 0, PLACE)
    assert answer.status_code == 409
    assert answer.json == {"error": "The words are being aligned; correct them when that is done."}


def test_where_nothing_is_known_of_the_sound_the_word_is_set_and_it_is_listened_to_again(
    app: Flask, send: Send, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = alignment_path(library)
    heard = json.loads(path.read_text(encoding="utf-8"))
    heard["engine"] = {"ear": "letters", "model": "base"}
    heard["audio"]["sha256"] = "0" * 64  # of a sound that no other test had heard
    path.write_text(json.dumps(heard), encoding="utf-8")
    monkeypatch.setattr(app.extensions["jobs"], "_start", lambda: None)  # nobody listens, in a test
    answer = correct(send, 0, PLACE)
    assert answer.json is not None
    assert answer.json["job"]["kind"] == "align"
    assert answer.json["patch"]["words"]["starts"] == [6800]
    again = correct(send, answer.json["history"], {"kind": "sign", "who": "Zoé", "share": 1.0})
    assert again.status_code == 409


def test_what_was_changed_before_a_server_fell_can_be_undone_after(send: Send, library: Path) -> None:
    before = read_alignment(alignment_path(library)).words
    correct(send, 0, PLACE)
    client = create_app(Settings(library)).test_client()
    token = client.get("/").text.split('name="csrf" content="')[1].split('"')[0]
    answer = client.post(f"{API}/undo", json={"base": 2}, headers={"X-CSRF-Token": token})
    assert answer.json is not None
    assert answer.json["change"]["what"] == PLACE
    assert read_alignment(alignment_path(library)).words == before


def test_a_library_that_cannot_be_written_is_read_and_not_corrected(library: Path) -> None:
    client = create_app(Settings(library, read_only=True)).test_client()
    page = client.get("/episodes/roue-libre").text
    token = page.split('name="csrf" content="')[1].split('"')[0]
    data = json.loads(page.split('id="episode-data">')[1].split("</script>")[0])
    assert data["editable"] is False
    assert 'id="name-dialog"' not in page
    answer = client.post(f"{API}/corrections", json={"base": 0, "correction": PLACE}, headers={"X-CSRF-Token": token})
    assert answer.status_code == 403
    assert not list((library / "roue-libre").glob("*.jsonl"))


def events(server: str) -> Generator[dict[str, Any], None, None]:
    """What a reader of the stream hears."""
    with urlopen(f"{server}{API}/events") as stream:
        for line in stream:
            if line.startswith(b"data: "):
                yield json.loads(line[len(b"data: ") :])


def test_who_looks_on_hears_of_a_change_by_another_program(server: str, library: Path) -> None:
    told = events(server)
    assert next(told) == {"history": 0, "who": None, "kind": None}
    program = (
        "import sys\nfrom pathlib import Path\n"
        "from aligner.corrections.commands import Unsign, Place, corrected\n"
        "from aligner.storage.history import open_history, changed\n"
        "history = open_history(Path(sys.argv[1]))\n"
        "changed(history, corrected(history.alignment, Place(7, 6.8, 6.95), None), {'kind': 'place'}, 'Ada')\n"
    )
    another = subprocess.Popen([sys.executable, "-c", program, str(alignment_path(library))])
    assert next(told) == {"history": 2, "who": "Ada", "kind": "place"}
    assert another.wait() == 0
    told.close()


def test_who_looks_on_hears_that_the_alignment_was_edited_by_hand(server: str, send: Send, library: Path) -> None:
    correct(send, 0, PLACE)
    told = events(server)
    assert next(told)["history"] == 2
    path = alignment_path(library)
    path.write_text(
        path.read_text(encoding="utf-8").replace("Une promenade qui attend", "Autre titre"), encoding="utf-8"
    )
    assert next(told) == {"history": 3, "who": "", "kind": "found"}
    told.close()


def test_a_crowd_of_onlookers_hears_how_things_are_and_comes_back(server: str) -> None:
    streams = [events(server) for _ in range(7)]
    for told in streams:
        assert next(told)["history"] == 0
    assert next(streams[-1], None) is None  # there was no place for one more
    for told in streams:
        told.close()


def test_captions_follow_a_correction(send: Send, library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    followed = threading.Event()
    monkeypatch.setattr(captioning, "_REST", 0.01)
    follow = captioning._follow

    def following(path: Path) -> None:
        follow(path)
        followed.set()

    monkeypatch.setattr(captioning, "_follow", following)
    captions = alignment_path(library).with_name("episode.srt")
    before = captions.read_text(encoding="utf-8")
    correct(send, 0, {"kind": "text", "first": 0, "stop": 1, "paragraphs": [
        {"kind": "speech", "speaker": "Bastien Oriol", "text": "Un vélo neuf."},
    ]})  # fmt: skip
    assert followed.wait(60)
    assert captions.read_text(encoding="utf-8") != before


def test_a_child_that_falls_in_the_middle_loses_nothing(
    send: Send, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    correct(send, 0, PLACE)
    before = alignment_path(library).read_bytes()
    with monkeypatch.context() as patched:
        patched.setattr("web.routes.corrections.correct", _fall)
        assert correct(send, 2, PLACE | {"start": 6.76}).status_code == 422
    assert alignment_path(library).read_bytes() == before
    assert correct(send, 2, PLACE | {"start": 6.76}).status_code == 200


def _fall(*_: object) -> None:
    import os
    import signal

    os.kill(os.getpid(), signal.SIGKILL)


def test_what_a_child_keeps_at_hand_is_forgotten_when_others_change_it(library: Path) -> None:
    path = alignment_path(library)
    first = states.last_change(path)
    assert first == (0, None)
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("Une promenade qui attend", "Autre"), encoding="utf-8")
    assert states._current(path).alignment.episode.title == "Autre"
