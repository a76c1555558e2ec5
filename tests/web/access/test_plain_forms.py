"""A form that is sent without scripts, and is older than the session: a button does what was asked for."""

from pathlib import Path

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from web.app import create_app
from web.settings import Settings

HERE = {"Sec-Fetch-Site": "same-origin"}
SORT = {"csrf": "of a session before", "sort": "title", "q": "l’été «\u00a0chaud\u00a0» <b>"}


def fields_of(page: TestResponse) -> dict[str, str]:
    from html import unescape

    form = page.text.split("<main")[1].split("</form>")[0]
    inputs = [part.split(">")[0] for part in form.split("<input ")[1:]]
    named = [(part.split('name="')[1].split('"')[0], part.split('value="')) for part in inputs]
    return {name: unescape(rest[1].split('"')[0]) if rest[1:] else "" for name, rest in named}


def test_what_a_form_of_an_older_session_held_is_kept_and_done_by_a_button(client: FlaskClient) -> None:
    client.get("/")
    answer = client.post("/sort", data=SORT, headers=HERE)
    assert answer.status_code == 403
    assert "too old" not in answer.text
    assert 'action="/sort"' in answer.text
    kept = fields_of(answer)
    assert {name: kept[name] for name in ("sort", "q")} == {name: SORT[name] for name in ("sort", "q")}
    assert kept["csrf"] != SORT["csrf"]
    assert client.post("/sort", data=kept, headers=HERE).status_code in (302, 303)


@pytest.mark.parametrize(
    "headers", [{}, {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "none"}, {"Origin": "https://evil.example"}]
)
def test_what_another_site_may_have_sent_nobody_is_led_to_say_yes_to(
    client: FlaskClient, headers: dict[str, str]
) -> None:
    client.get("/")
    answer = client.post("/sort", data=SORT, headers=headers)
    assert answer.status_code == 403
    assert 'action="/sort"' not in answer.text
    assert "chaud" not in answer.text


def logged_in_at(client: FlaskClient, address: str) -> str | None:
    """Where the password leads to."""
    form = client.get(address)
    assert 'type="password"' in form.text
    assert 'role="alert"' in form.text
    return client.post(address, data={**fields_of(form), "password": "roue libre"}, headers=HERE).location


def test_who_is_logged_out_is_asked_for_the_password_and_comes_back_to_the_page_of_the_form(library: Path) -> None:
    client = create_app(Settings(library, password="roue libre")).test_client()
    sent = {**HERE, "Referer": "http://localhost/search?q=été&next=//evil.example"}
    answer = client.post("/sort", data=SORT, headers=sent)
    assert answer.status_code == 303
    assert (logged_in_at(client, answer.location) or "").startswith("/search?q=")


@pytest.mark.parametrize("came", ["https://evil.example/search", "", "http://localhost//evil.example/"])
def test_no_page_of_others_is_come_back_to(library: Path, came: str) -> None:
    client = create_app(Settings(library, password="roue libre")).test_client()
    answer = client.post("/sort", data=SORT, headers={"Referer": came})
    assert logged_in_at(client, answer.location) == "/"


def test_a_password_given_on_an_older_page_is_asked_for_once_more(library: Path) -> None:
    client = create_app(Settings(library, password="roue libre")).test_client()
    old = {"csrf": "of a session before", "password": "roue libre"}
    answer = client.post("/login?next=/search", data=old, headers=HERE)
    assert answer.status_code == 303
    assert logged_in_at(client, answer.location) == "/search"
    assert client.get(answer.location).location == "/search"  # who is in is not asked


PLAIN_FORMS = ["/preferences", "/sort", "/sample", "/logout"]


@pytest.mark.parametrize("headers", [HERE, {"Origin": "http://localhost"}, {}])
@pytest.mark.parametrize("address", [*PLAIN_FORMS, "/episodes/bees/clips.zip"])
def test_who_keeps_no_cookies_is_told_that_they_are_needed_and_not_to_reload(
    library: Path, address: str, headers: dict[str, str]
) -> None:
    client = create_app(Settings(library)).test_client(use_cookies=False)
    fields = fields_of(client.get("/")) | SORT
    for _ in range(2):
        answer = client.post(address, data=fields, headers=headers)
        assert answer.status_code == 403
        assert "Set-Cookie" not in answer.headers
        assert "allow cookies for this address" in answer.text
        assert "Reload" not in answer.text
        assert f'action="{address}"' not in answer.text.split("<main")[1]
    program = client.post(address, data=fields, headers={**headers, "Accept": "application/json"})
    assert program.json is not None
    assert "allow cookies" in program.json["error"]


@pytest.mark.parametrize(
    ("headers", "leads"), [({"Referer": "http://localhost/search?q=été"}, "/search?q="), ({}, "/")]
)
def test_what_is_chosen_on_a_page_that_answers_a_form_leads_to_the_page_of_the_form(
    client: FlaskClient, headers: dict[str, str], leads: str
) -> None:
    page = client.post("/sort", data=SORT, headers=headers).text
    following = page.split('name="next" value="')[1].split('"')[0]
    assert following.startswith(leads)
    assert client.get(following).status_code == 200


def test_a_password_that_comes_without_a_cookie_is_asked_for_with_the_reason(library: Path) -> None:
    app = create_app(Settings(library, password="roue libre"))
    client = app.test_client(use_cookies=False)
    address = "/login?next=/search"
    for _ in range(2):
        form = client.get(address)
        answer = client.post(address, data={**fields_of(form), "password": "roue libre"}, headers=HERE)
        assert answer.status_code == 303
        address = answer.location
        assert "allow cookies for this address" in client.get(address).text
    assert logged_in_at(app.test_client(), address) == "/search"  # once cookies are allowed
