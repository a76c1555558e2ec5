"""A form that is sent without scripts, and is older than the session: a button does what was asked for."""

from pathlib import Path

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from tests.tables import over_rows
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


@over_rows(
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


@over_rows("address, headers", [("/preferences", HERE), ("/sort", {"Origin": "http://localhost"}), ("/sample", {})])
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
