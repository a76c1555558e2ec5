"""The show's password opens the library to editors, who give their name; the readers' password changes nothing."""

import os
import re
import urllib.request
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from flask import Flask
from flask.testing import FlaskClient
from lxml import html
from playwright.sync_api import Browser, expect

from tests.attack.full_library import VERSION, lay_out, plant_user
from tests.tables import over_rows
from tests.web.asking import Asker, JobsThatWait
from tests.web.gestures import drag
from tests.web.serving import serving
from tests.web.visiting import new_tab
from web.app import create_app
from web.command import serve
from web.jobs import Job, JobState
from web.jobs.job import finished
from web.jobs.kinds import Align, Prepare
from web.jobs.process import Progress
from web.languages import catalogue
from web.settings import Settings

EDITORS, READERS = "roue libre", "frein serré"


@pytest.fixture
def app(library: Path) -> Flask:
    return shared(library)


def shared(library: Path, editors: str = EDITORS, readers: str = READERS) -> Flask:
    app = create_app(Settings(library, password=editors, readers_password=readers))
    app.extensions["jobs"] = JobsThatWait(library)
    return app


def logged_in(app: Flask, word: str, name: str = "Ana") -> Asker:
    client = app.test_client()
    page = client.get("/login").text
    token = page.split('name="csrf" content="')[1].split('"')[0]
    answer = client.post("/login", data={"csrf": token, "password": word, "name": name})
    assert answer.status_code == 302, answer.text
    return Asker(client)


def token_of(client: FlaskClient) -> dict[str, str]:
    return {"X-CSRF-Token": client.get("/api/session").json["token"]}


def test_a_reader_changes_nothing(app: Flask) -> None:
    """Each route with a method that is not safe is asked with a valid token, so that the role alone refuses."""
    reader, sentence = logged_in(app, READERS, "").client, catalogue("en")["error.reader"]
    allowed = set[str]()
    for rule in app.url_map.iter_rules():
        for method in sorted((rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}):
            address = rule.build({name: 1 if name == "number" else "roue-libre" for name in rule.arguments})
            assert address
            headers = {**token_of(reader), "Accept": "application/json"}
            answer = reader.open(address[1], method=method, headers=headers)
            if (answer.status_code, answer.json) != (403, {"error": sentence}):
                allowed.add(rule.endpoint)
                reader = logged_in(app, READERS, "").client  # it may have logged out
    visiting = {"visitor.log_in", "visitor.log_out", "visitor.save_preferences", "corrections.name"}
    assert allowed == visiting | {"page.prepare", "clips.bundle"}
    assert logged_in(app, EDITORS).post("/api/incoming").status_code == 201


def test_a_reader_stays_one_when_the_passwords_are_exchanged(library: Path) -> None:
    before, after = shared(library), shared(library, editors=READERS, readers=EDITORS)
    for word in (EDITORS, READERS):
        client, later = logged_in(before, word).client, after.test_client()
        for cookie in client._cookies.values():
            later.set_cookie(cookie.key, cookie.value)
        assert client.get("/").status_code == 200
        assert later.get("/").location == "/login?next=/"


def test_an_editor_gives_a_name_which_stands_beside_changes(app: Flask) -> None:
    client = app.test_client()
    data = {"csrf": client.get("/login").text.split('name="csrf" content="')[1].split('"')[0]}
    refused = client.post("/login", data={**data, "password": EDITORS, "name": " "})
    assert (refused.status_code, catalogue("en")["login.nameless"] in refused.text) == (400, True)
    assert client.get("/").status_code == 302
    editor = logged_in(app, EDITORS, "Ana Ríos")
    assert editor.post("/api/name", {"name": " "}).status_code == 400
    accepted = {"kind": "accept", "words": [[3, 5]]}
    editor.client.delete_cookie("quotecast-name")  # the session has it too
    answer = editor.post("/api/episodes/roue-libre/corrections", {"revision": 0, "correction": accepted})
    assert answer.status_code == 200, answer.text
    assert answer.json["change"]["who"] == "Ana Ríos"
    assert editor.post("/api/name", {"name": "Zoé"}).status_code == 200
    answer = editor.post(
        "/api/episodes/roue-libre/corrections", {"revision": 1, "correction": {**accepted, "words": [[6, 8]]}}
    )
    assert answer.json["change"]["who"] == "Zoé"
    assert 'name="name" value="Zoé"' in editor.client.get("/login").text


CHANGING = (
    "//form[@method='post'][not(@action='/preferences' or @id='bundle')]"
    "| //form[@novalidate] | //*[@data-send] | //a[@href='/add']"
)


def test_a_reader_sees_no_control_that_changes_something(tmp_path: Path) -> None:
    lay_out(root := tmp_path / "library")
    plant_user(root)
    (root / "other" / "talk.alignment.json").unlink()
    (root / "talk" / "versions" / VERSION).write_text("Ana: an older text\n", encoding="utf-8")
    app = shared(root)
    jobs: JobsThatWait = app.extensions["jobs"]
    jobs.put(finished(job_of("talk", "1"), JobState.FAILED, "no"))
    jobs.put(replace(job_of("other", "2", JobState.RUNNING), work=Prepare("talk.wav")))
    editor, reader = (logged_in(app, word).client for word in (EDITORS, READERS))
    pages = ["/", "/add", "/trash", "/archive", "/jobs", "/episodes/other"]
    pages += [f"/episodes/talk{page}" for page in ("/details", "/sound", "/versions")]
    for page in pages:
        shown = [len(html.fromstring(client.get(page).text).xpath(CHANGING)) for client in (editor, reader)]
        assert shown[0] > 0, page
        assert shown[1] == 0, page
    for client, is_editor in ((editor, True), (reader, False)):
        rows = client.get("/api/episodes/talk/clips").json
        row = rows["clips"][0]["row"] + client.get("/api/episodes/talk/quotes").json["quotes"][0]["row"]
        assert {"delete", "clip", "remove"} & set(re.findall('data-do="(.*?)"', row)) == (
            {"delete", "clip", "remove"} if is_editor else set()
        )


def job_of(episode: str, name: str = "0", state: JobState = JobState.WAITING) -> Job:
    work = Align(audio="episode.mp3", transcript="transcript.txt")
    return Job(name, work, episode, created="2026-01-02T03:04:05.000Z", state=state, who="Ana")


def test_the_page_of_jobs_shows_whose_each_is_and_cancels_it(app: Flask) -> None:
    jobs: JobsThatWait = app.extensions["jobs"]
    jobs.put(replace(job_of("roue-libre", "1", JobState.RUNNING), progress=Progress("asr", run_done=0.4)))
    jobs.put(job_of("roue-libre", "2"))
    jobs.put(finished(job_of("gone", "3"), JobState.FAILED, "no"))
    editor = logged_in(app, EDITORS, "Zoé")
    editor.post("/api/episodes/roue-libre/details", {"fields": {"title": "Une promenade"}, "names": {}, "token": ""})
    editor.post("/api/episodes/roue-libre/align")  # cancels the first two
    page = " ".join(html.fromstring(editor.client.get("/jobs").text).xpath("string(//main)").split())
    assert "Waiting (1) Alignment · Une promenade" in page
    assert "Zoé" in page
    assert "Alignment · gone Failed: no 2026" in page
    assert "1 job running or waiting" in editor.client.get("/").text
    [job] = [job for job in jobs.all() if job.is_open]
    data = {"csrf": token_of(editor.client)["X-CSRF-Token"]}
    assert editor.client.post(f"/jobs/{job.id}/cancel", data=data).location == "/jobs"
    assert jobs.get(job.id).state is JobState.CANCELLED


PASSWORD, READERS_PASSWORD = "QUOTECAST_PASSWORD", "QUOTECAST_READERS_PASSWORD"


@over_rows(
    "given, expected",
    [
        ({PASSWORD: "a", READERS_PASSWORD: "b"}, ("a", "b")),
        ({f"{PASSWORD}_FILE": "a", f"{READERS_PASSWORD}_FILE": "b"}, ("two words", "é")),
        ({PASSWORD: "", READERS_PASSWORD: ""}, (None, None)),
        ({PASSWORD: "a", READERS_PASSWORD: "a"}, f"{READERS_PASSWORD} is the same as {PASSWORD}"),
        ({READERS_PASSWORD: "a"}, f"{READERS_PASSWORD} is set, but {PASSWORD} is not"),
        ({PASSWORD: "a", f"{PASSWORD}_FILE": "a"}, f"{PASSWORD} and {PASSWORD}_FILE are both set"),
        ({f"{PASSWORD}_FILE": "none"}, "none: cannot be read (No such file or directory)"),
        ({f"{PASSWORD}_FILE": "empty"}, f"empty: is empty; write the password for {PASSWORD}_FILE into it"),
        ({f"{PASSWORD}_FILE": "binary"}, "binary: cannot be read (not UTF-8)"),
    ],
)
def test_passwords_come_from_the_environment_or_files_and_are_not_inherited(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, given: dict[str, str], expected: object
) -> None:
    for name, content in {"a": b"two words\n", "b": "é\r\n".encode(), "empty": b"\n", "binary": b"\xff"}.items():
        (tmp_path / name).write_bytes(content)
    started = list[Settings]()
    monkeypatch.setattr("web.command.run", lambda settings, _: started.append(settings) or 0)
    monkeypatch.chdir(tmp_path)
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    said = CliRunner().invoke(serve, [str(tmp_path)]).output
    if isinstance(expected, tuple):
        assert [(each.password, each.readers_password) for each in started] == [expected]
        assert not {PASSWORD, READERS_PASSWORD} & os.environ.keys()
    else:
        assert (started, str(expected) in " ".join(said.split())) == ([], True), said


def test_a_proxy_that_nobody_named_is_warned_of_once(library: Path, caplog: pytest.LogCaptureFixture) -> None:
    with serving(create_app(Settings(library))) as address:
        for _ in range(2):
            request = urllib.request.Request(address, headers={"X-Forwarded-For": "198.51.100.7"})
            assert urllib.request.urlopen(request, timeout=60).status == 200
    assert [record.getMessage().rpartition(" ")[2] for record in caplog.records] == ["--behind-proxy=127.0.0.1"]


@pytest.mark.ci
def test_a_reader_reads_and_copies_and_finds_nothing_to_change(app: Flask, browser: Browser) -> None:
    editor = logged_in(app, EDITORS)
    assert editor.post("/api/episodes/roue-libre/quotes", {"first": 3, "last": 9}).status_code == 201
    with serving(app) as server, new_tab(browser, locale="en-GB", viewport={"width": 1280, "height": 800}) as page:
        page.goto(f"{server}/episodes/roue-libre")
        page.get_by_label("Password").fill(READERS)
        page.keyboard.press("Enter")
        expect(page.locator(".logged-in:visible")).to_contain_text("reader")
        expect(page.get_by_text(catalogue("en")["error.reader"])).to_have_count(1)
        expect(page.locator("#saved-quotes .row")).to_have_count(1)
        drag(page, 20, 24)
        expect(page.locator("#selection-bar")).to_be_visible()
        seen = page.locator("button:visible, input:visible, select:visible").evaluate_all(
            "all => all.map(each => each.dataset.do ?? each.id ?? '').filter(Boolean)"
        )
        assert {"play", "copy", "link", "extend", "find-text"} <= set(seen), seen
        assert not {"keep", "clip", "remove", "edit-here", "name"} & set(seen), seen
