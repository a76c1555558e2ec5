"""Who may ask, what may be changed, what every answer says about itself, and whose key signs it.

A library's key is always the same for its owner, another one for everybody else.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event, Semaphore

import pytest
from flask.testing import FlaskClient

from web.app import LARGEST_BYTES, create_app
from web.security import is_this_machine, local_path, session_key
from web.settings import Settings


def token(client: FlaskClient) -> str:
    return token_of(client.get("/").text)


def token_of(page: str) -> str:
    return page.split('name="csrf" content="')[1].split('"')[0]


def test_a_strange_host_name_gets_no_answer(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert "evil.example" in answer.text


@pytest.mark.parametrize("host", ["127.0.0.1:8765", "localhost", "[::1]:80"])
def test_this_machine_may_be_called_by_its_names(client: FlaskClient, host: str) -> None:
    assert client.get("/", headers={"Host": host}).status_code == 200


def test_an_allowed_host_is_answered(library: Path) -> None:
    client = create_app(Settings(library, hosts=("Radio.local",))).test_client()
    assert client.get("/", headers={"Host": "radio.local:8765"}).status_code == 200


@pytest.mark.parametrize("address", ["192.168.1.4:8765", "[fe80::1]:8765"])
def test_where_others_may_ask_they_name_the_server_by_its_address(library: Path, address: str) -> None:
    open_to_others = create_app(Settings(library, host="0.0.0.0", password="sésame")).test_client()
    assert open_to_others.get("/login", headers={"Host": address}).status_code == 200
    assert open_to_others.get("/login", headers={"Host": "evil.example"}).status_code == 403
    assert open_to_others.get("/login", headers={"Host": "192.168.1.4.evil.example"}).status_code == 403
    to_this_machine = create_app(Settings(library)).test_client()
    assert to_this_machine.get("/", headers={"Host": address}).status_code == 403


@pytest.mark.parametrize("given", [None, "", "wrong"])
def test_nothing_changes_without_the_token(client: FlaskClient, given: str | None) -> None:
    token(client)
    data = {"language": "fr"} | ({} if given is None else {"csrf": given})
    answer = client.post("/preferences", data=data)
    assert answer.status_code == 403
    assert "Set-Cookie" not in answer.headers


def test_preferences_are_kept_and_lead_back(client: FlaskClient) -> None:
    data = {"language": "fr", "csrf": token(client), "next": "/episodes/roue-libre"}
    answer = client.post("/preferences", data=data)
    assert (answer.status_code, answer.location) == (303, "/episodes/roue-libre")
    assert '<html lang="fr"' in client.get("/").text


@pytest.mark.parametrize("path", ["/", "/episodes/roue-libre", "/nowhere", "/static/style/base.css"])
def test_every_answer_forbids_what_pages_do_not_need(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_error_is_a_sentence_for_a_reader_and_json_for_a_program(client: FlaskClient) -> None:
    page = client.get("/episodes/none")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "no such episode" in page.text
    answer = client.get("/api/episodes/none/cues")
    assert answer.status_code == 404
    assert answer.json == {"error": "The library has no such episode, or no longer."}


@pytest.mark.parametrize(
    ("address", "path"),
    [
        ("/a?b=1", "/a?b=1"),
        ("//evil.example/", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("/a\x00b", "/"),
        ("/\udcff", "/"),
        ("/épisode?q=l’été", "/épisode?q=l’été"),
        ("http://[", "/"),
        ("/a//[", "/a//["),
        (None, "/"),
    ],
)
def test_a_link_back_stays_on_this_server(address: str | None, path: str) -> None:
    assert local_path(address) == path


@pytest.mark.parametrize(
    ("host", "here"), [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("pi.local", False)]
)
def test_what_reaches_this_machine_alone(host: str, here: bool) -> None:
    assert is_this_machine(host) is here


def test_a_password_is_asked_for_before_anything_is_shown(library: Path) -> None:
    client = create_app(Settings(library, password="roue libre")).test_client()
    asked = client.get("/episodes/roue-libre")
    assert (asked.status_code, asked.location) == (302, "/login?next=/episodes/roue-libre")
    assert client.get("/api/episodes/roue-libre/cues").status_code == 403
    form = client.get("/login").text
    csrf = form.split('name="csrf" value="')[1].split('"')[0]
    data = {"csrf": csrf, "next": "/episodes/roue-libre"}
    assert client.post("/login", data={**data, "password": "roue"}).status_code == 403
    entered = client.post("/login", data={**data, "password": "roue libre"})
    assert (entered.status_code, entered.location) == (302, "/episodes/roue-libre")
    assert client.get("/episodes/roue-libre").status_code == 200


def test_another_password_lets_nobody_in_who_gave_the_one_before(library: Path) -> None:
    before, after = (create_app(Settings(library, password=word)) for word in ("roue libre", "frein serré"))
    client = before.test_client()
    client.post("/login", data={"csrf": token_of(client.get("/login").text), "password": "roue libre"})
    assert client.get("/").status_code == 200
    [cookie] = [each for each in client._cookies.values() if each.key == before.config["SESSION_COOKIE_NAME"]]
    later = after.test_client()
    later.set_cookie(cookie.key, cookie.value)
    assert later.get("/").location.startswith("/login")


def test_a_request_that_is_no_upload_is_never_taken_in_whole_however_long(client: FlaskClient) -> None:
    headers = {"X-CSRF-Token": token(client)}
    body = {"fields": {"title": "x" * LARGEST_BYTES}}
    answer = client.post("/api/episodes/roue-libre/details", json=body, headers=headers)
    assert answer.status_code == 413
    assert "larger" in answer.json["error"]


def test_whoever_guesses_passwords_takes_few_threads_and_others_are_answered(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app, held, enough = create_app(Settings(library, password="roue libre")), Semaphore(0), Event()

    def hold(_seconds: float) -> None:
        held.release()
        enough.wait(120)

    monkeypatch.setattr("web.routes.visitor.time.sleep", hold)

    def guess(word: str) -> int:
        client = app.test_client()
        data = {"csrf": token_of(client.get("/login").text), "password": word}
        return client.post("/login", data=data).status_code

    with ThreadPoolExecutor(4) as guesses:
        wrong = [guesses.submit(guess, "roue") for _ in range(4)]
        assert all(held.acquire(timeout=60) for _ in wrong)
        assert guess("roue") == guess("roue libre") == 429
        enough.set()
        assert [each.result() for each in wrong] == [403] * 4
    assert guess("roue libre") == 302


def test_a_key_stays_what_it_is_and_each_library_has_its_own(tmp_path: Path) -> None:
    one, other = (session_key(tmp_path / name) for name in ("one", "other"))
    assert one == session_key(tmp_path / "one") != other
    assert len(one) == 32


def test_a_library_that_changes_hands_changes_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = session_key(tmp_path)
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "of somebody else"))
    assert session_key(tmp_path) != mine


def test_nothing_that_lies_in_a_library_makes_its_key(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "file" / "folder"))
    assert session_key(tmp_path) != session_key(tmp_path)
    create_app(Settings(tmp_path / "library"))
    assert not (tmp_path / "library" / ".quotecast" / "key").exists()
