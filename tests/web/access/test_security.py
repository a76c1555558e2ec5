"""Host names, CSRF tokens, sessions, security headers and keys."""

import time
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aligner.storage.database import StateError
from tests.tables import over_rows
from web.access.security import is_this_machine, local_path
from web.access.sessions import LIFETIME, Guesses, session_key
from web.app import LARGEST_BYTES, create_app
from web.settings import Settings


def token(client: FlaskClient) -> str:
    return token_of(client.get("/").text)


def token_of(page: str) -> str:
    return page.split('name="csrf" content="')[1].split('"')[0]


def test_an_unknown_host_name_is_refused(client: FlaskClient) -> None:
    answer = client.get("/", headers={"Host": "evil.example"})
    assert answer.status_code == 403
    assert "evil.example" in answer.text
    assert "ask its administrator to allow this name" in answer.text
    assert "--allowed-host" not in answer.text


@over_rows("host", ["127.0.0.1:8765", "localhost", "[::1]:80", "radio.local:8765"])
def test_local_and_allowed_host_names_are_accepted(library: Path, host: str) -> None:
    client = create_app(Settings(library, hosts=("Radio.local",))).test_client()
    assert client.get("/", headers={"Host": host}).status_code == 200


@over_rows("address", ["192.168.1.4:8765", "[fe80::1]:8765"])
def test_a_public_server_is_reached_by_its_ip_address(library: Path, address: str) -> None:
    open_to_others = create_app(Settings(library, host="0.0.0.0", password="sésame")).test_client()
    assert open_to_others.get("/login", headers={"Host": address}).status_code == 200
    assert open_to_others.get("/login", headers={"Host": "evil.example"}).status_code == 403
    assert open_to_others.get("/login", headers={"Host": "192.168.1.4.evil.example"}).status_code == 403
    to_this_machine = create_app(Settings(library)).test_client()
    assert to_this_machine.get("/", headers={"Host": address}).status_code == 403


@over_rows(
    "headers, status",
    [
        ({}, 303),  # no browser
        ({"Sec-Fetch-Site": "same-origin"}, 303),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site"}, 403),  # another port
        ({"Origin": "http://localhost"}, 303),
        ({"Origin": "http://localhost:8765"}, 303),
        ({"Origin": "http://evil.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost.evil.example"}, 403),
        ({"Origin": "http://evil.example", "Sec-Fetch-Site": "same-origin"}, 303),  # a proxy hides the name
    ],
)
def test_requests_from_other_sites_are_refused_despite_the_token(
    client: FlaskClient, headers: dict[str, str], status: int
) -> None:
    data = {"language": "fr", "csrf": token(client)}
    assert client.post("/preferences", data=data, headers=headers).status_code == status


def test_only_pages_of_this_site_get_the_token(client: FlaskClient) -> None:
    mine = token(client)
    assert "/logout" not in client.get("/").text  # without a password there is nothing to leave
    assert client.get("/api/session").json == {"token": mine, "entered": True}
    answer = client.get("/api/session", headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert mine not in answer.text
    assert not any("Access-Control" in name for name, _ in client.get("/api/session").headers)


def test_a_token_without_a_login_only_allows_to_log_in(library: Path) -> None:
    client = create_app(Settings(library, password="roue libre")).test_client()
    session = client.get("/api/session").json
    assert session["entered"] is False
    headers = {"X-CSRF-Token": session["token"], "Accept": "application/json"}
    refused = client.post("/api/incoming", headers=headers)
    assert (refused.status_code, refused.json["needs"]) == (403, "password")
    wrong = client.post("/login", data={"password": "roue"}, headers=headers)
    assert (wrong.status_code, wrong.json) == (403, {"error": "Wrong password."})
    assert client.post("/login", data={"password": "roue libre", "name": "Ana"}, headers=headers).status_code == 302
    entered = client.get("/api/session").json
    assert entered["entered"] is True
    assert client.post("/api/incoming", headers=headers).json["needs"] == "token"
    assert client.post("/api/incoming", headers={"X-CSRF-Token": entered["token"]}).status_code == 201


def test_preferences_are_saved_and_the_page_shown_again(client: FlaskClient) -> None:
    data = {"language": "fr", "csrf": token(client), "next": "/episodes/roue-libre"}
    answer = client.post("/preferences", data=data)
    assert (answer.status_code, answer.location) == (303, "/episodes/roue-libre")
    assert '<html lang="fr"' in client.get("/").text


@over_rows("path", ["/", "/episodes/roue-libre", "/nowhere", "/static/style/base.css"])
def test_each_response_has_security_headers(client: FlaskClient, path: str) -> None:
    with client.get(path) as answer:
        headers = answer.headers
    assert "default-src 'none'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_an_error_is_a_page_for_readers_and_json_for_programs(client: FlaskClient) -> None:
    page = client.get("/episodes/none")
    assert (page.status_code, page.mimetype) == (404, "text/html")
    assert "does not exist in the library" in page.text
    answer = client.get("/api/episodes/none/cues")
    assert answer.status_code == 404
    assert answer.json == {"error": "This episode does not exist in the library, or no longer does."}


@over_rows(
    "address, path",
    [
        ("/a?b=1", "/a?b=1"),
        ("//evil.example/", "/"),
        ("https://evil.example", "/"),
        ("/\\evil.example", "/"),
        ("javascript:alert(1)", "/"),
        ("/\t/evil.example", "/"),
        ("/\r\nSet-Cookie: a=b", "/"),
        ("/épisode?q=l’été", "/épisode?q=l’été"),
        ("http://[", "/"),
        (None, "/"),
    ],
)
def test_a_link_back_stays_on_this_server(address: str | None, path: str) -> None:
    assert local_path(address) == path


@over_rows(
    "host, here", [("127.0.0.1", True), ("::1", True), ("localhost", True), ("0.0.0.0", False), ("pi.local", False)]
)
def test_loopback_addresses_are_local(host: str, here: bool) -> None:
    assert is_this_machine(host) is here


def test_nothing_is_shown_without_the_password(library: Path) -> None:
    client = create_app(Settings(library, password="roue d’été")).test_client()
    asked = client.get("/episodes/roue-libre")
    assert (asked.status_code, asked.location) == (302, "/login?next=/episodes/roue-libre")
    assert client.get("/api/episodes/roue-libre/cues").status_code == 403
    form = client.get("/login").text
    csrf = form.split('name="csrf" value="')[1].split('"')[0]
    data = {"csrf": csrf, "name": "Ana", "next": "/episodes/roue-libre"}
    assert client.post("/login", data={**data, "password": "roue"}).status_code == 403
    entered = client.post("/login", data={**data, "password": "roue d’été"})
    assert (entered.status_code, entered.location) == (302, "/episodes/roue-libre")
    assert client.get("/episodes/roue-libre").status_code == 200


def test_a_new_password_ends_all_sessions(library: Path) -> None:
    before, after = (create_app(Settings(library, password=word)) for word in ("roue libre", "frein serré"))
    client = before.test_client()
    client.post("/login", data={"csrf": token_of(client.get("/login").text), "password": "roue libre", "name": "Ana"})
    assert client.get("/").status_code == 200
    [cookie] = [each for each in client._cookies.values() if each.key == before.config["SESSION_COOKIE_NAME"]]
    later = after.test_client()
    later.set_cookie(cookie.key, cookie.value)
    assert later.get("/").location.startswith("/login")


def test_a_too_large_request_is_refused(client: FlaskClient) -> None:
    headers = {"X-CSRF-Token": token(client)}
    body = {"fields": {"title": "x" * LARGEST_BYTES}}
    answer = client.post("/api/episodes/roue-libre/details", json=body, headers=headers)
    assert answer.status_code == 413
    assert "larger" in answer.json["error"]


def guarded(library: Path) -> Flask:
    """An app that asks for a password, and for whose guesses no time passes, however slow the machine is."""
    app = create_app(Settings(library, password="roue libre"))
    app.extensions["guesses"] = Guesses(lambda: 0.0)
    return app


def guess(client: FlaskClient, word: str) -> TestResponse:
    return client.post("/login", data={"csrf": token_of(client.get("/login").text), "password": word, "name": "Ana"})


def test_after_ten_wrong_passwords_logins_are_blocked_for_a_while(library: Path) -> None:
    app = guarded(library)
    owner, guesser, other = (app.test_client() for _ in range(3))
    assert guess(owner, "roue libre").status_code == 302
    answers = [guess(guesser, "roue") for _ in range(12)]
    assert [answer.status_code for answer in answers] == [403] * 10 + [429] * 2
    assert all('name="password"' in answer.text for answer in answers)  # the form stays
    assert "Wait" in answers[-1].text
    assert guess(other, "roue libre").status_code == 429  # a right one tells nothing either
    assert owner.get("/").status_code == 200


def test_a_logout_ends_copies_of_the_session_too(library: Path) -> None:
    settings = Settings(library, password="roue libre")
    app = create_app(settings)
    client, thief = app.test_client(), app.test_client()
    assert "/logout" not in client.get("/login").text
    guess(client, "roue libre")
    page = client.get("/").text
    [cookie] = [each for each in client._cookies.values() if each.key == app.config["SESSION_COOKIE_NAME"]]
    thief.set_cookie(cookie.key, cookie.value)
    assert thief.get("/").status_code == 200
    assert 'formaction="/logout"' in page
    assert client.post("/logout").status_code == 403
    assert client.get("/").status_code == 200
    assert client.post("/logout", data={"csrf": token_of(page)}).location == "/login"
    assert client.get("/").status_code == thief.get("/").status_code == 302
    again = create_app(settings).test_client()
    again.set_cookie(cookie.key, cookie.value)
    assert again.get("/").status_code == 302
    assert guess(client, "roue libre").status_code == 302


def test_a_session_ends_after_some_days(library: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    client = create_app(Settings(library, password="roue libre")).test_client()
    guess(client, "roue libre")
    now = time.time()
    monkeypatch.setattr("web.access.sessions.time.time", lambda: now + LIFETIME - 60)
    assert client.get("/").status_code == 200
    monkeypatch.setattr("web.access.sessions.time.time", lambda: now + LIFETIME + 60)
    assert client.get("/").status_code == 302


FORWARDED = {"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "radio.example"}


@over_rows(
    "address, told_host, status, is_secure",
    [
        ("10.0.0.1", "radio.example", 200, True),
        ("10.0.0.1", "evil.example", 403, True),
        ("10.0.0.2", "evil.example", 200, False),  # it asks by another name in truth
    ],
)
def test_only_the_proxy_is_trusted(library: Path, address: str, told_host: str, status: int, is_secure: bool) -> None:
    settings = Settings(library, password="roue libre", hosts=("radio.example",), proxy=frozenset({"10.0.0.1"}))
    client = create_app(settings).test_client()
    headers = {**FORWARDED, "X-Forwarded-Host": told_host}
    answer = client.get("/login", headers=headers, environ_overrides={"REMOTE_ADDR": address})
    assert answer.status_code == status
    assert all(("Secure" in cookie) == is_secure for cookie in answer.headers.getlist("Set-Cookie"))


def test_each_library_has_its_own_constant_key(tmp_path: Path) -> None:
    one, other = (session_key(tmp_path / name) for name in ("one", "other"))
    assert one == session_key(tmp_path / "one") != other
    assert len(one) == 32


def test_a_key_does_not_depend_on_the_librarys_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keys = set()
    for user in ("one", "another"):
        monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / user))
        keys.add(session_key(tmp_path))
    assert len(keys) == 2


def test_without_the_users_database_nothing_is_served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "file").touch()
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "file" / "folder"))
    with pytest.raises(StateError, match="name another folder in QUOTECAST_DATA"):
        create_app(Settings(tmp_path / "library"))


@over_rows("body", [b"[" * 200_000, b"\xff", b"[]", b""])
def test_invalid_json_is_refused(client: FlaskClient, body: bytes) -> None:
    headers = {"X-CSRF-Token": token(client), "Content-Type": "application/json"}
    answer = client.post("/api/incoming/any/create", data=body, headers=headers)
    assert answer.status_code == 400
    assert "understood" in answer.json["error"]
