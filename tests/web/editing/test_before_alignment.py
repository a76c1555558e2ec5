"""What a transcript is understood to be is set right in its preview, before anything starts."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Page, expect
from werkzeug.test import TestResponse

from aligner.corrections.told_structure import ToldStructure, read_structure, write_structure
from aligner.model import Kind
from aligner.storage.alignment_json import read_alignment
from tests.perfect_ear import write_heard
from tests.places import SAMPLE
from tests.web.asking import JobsThatWait
from tests.web.visiting import assert_accessible
from web.library import preview
from web.library.adding import EpisodeForm, create
from web.library.incoming import Incoming
from web.page.aligning import alignment_of

TEXT = """Ana: Good day to you all, and welcome to it.

Bo: Thank you, it is good to be here.

Of the sea and its winds

Ana: What will you bring?

Note: bring some water with you.

Bo: I will, and bread as well.
"""

Send = Callable[..., TestResponse]


@pytest.fixture
def talk(tmp_path: Path) -> Path:
    path = tmp_path / "talk.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


def test_what_may_be_a_label_is_told_with_what_is_one_and_short_lines_are_asked_about(talk: Path) -> None:
    shown = preview(talk)
    speaks = {label: is_one for label, is_one, _ in shown.labels}
    assert speaks["Ana"]
    assert speaks["Bo"]
    assert "Note" in speaks
    asked = [passage.runs[0].text for passage in shown.passages if passage.doubtful]
    assert "Of the sea and its winds" in asked
    assert "Good day to you all, and welcome to it." not in asked


def test_what_was_told_is_shown(talk: Path) -> None:
    read = preview(talk)
    heading = next(passage for passage in read.passages if passage.runs[0].text.startswith("Of the sea"))
    other = Kind.NOTE if heading.kind is not Kind.NOTE else Kind.HEADING
    told = ToldStructure(hashlib.sha256(talk.read_bytes()).hexdigest(), {"Bo": False}, {heading.start: other})
    shown = preview(talk, told)
    assert [label for label, _ in shown.speakers if label == "Bo"] == []
    assert ("Bo", False, 2) in shown.labels
    assert next(each for each in shown.passages if each.start == heading.start).kind is other
    assert next(each for each in shown.passages if each.start == heading.start).doubtful


def begun(client: FlaskClient, send: Send, text: str = TEXT) -> str:
    """An upload with a sound and a transcript."""
    token = str(send("POST", "/api/incoming").json["token"])  # type: ignore[index]
    page = client.get("/").text.split('name="csrf" content="')[1].split('"')[0]
    for kind, name, content in (
        ("audio", "talk.mp3", (SAMPLE / "episode.mp3").read_bytes()),
        ("transcript", "talk.txt", text.encode()),
    ):
        headers = {"X-CSRF-Token": page, "X-File-Name": name, "Content-Type": "application/octet-stream"}
        assert client.put(f"/api/incoming/{token}/{kind}", data=content, headers=headers).status_code < 300
    return token


def test_it_goes_with_the_episode_to_where_it_is_aligned(
    client: FlaskClient, send: Send, app: Flask, library: Path
) -> None:
    token = begun(client, send)
    answer = send("POST", f"/api/incoming/{token}/structure", {"labels": {"Bo": False}, "kinds": {}})
    assert answer.status_code == 200
    assert [label for label, _ in answer.json["speakers"]] == ["Ana"]  # type: ignore[index]
    assert client.get(f"/api/incoming/{token}/preview").json["speakers"] == answer.json["speakers"]  # type: ignore[index]
    incoming = Incoming(library, 10**9)
    made = create(app.extensions["library"], incoming, token, EpisodeForm({"title": "Talk"}))
    assert read_structure(made.folder / "structure.json").labels == {"Bo": False}
    with app.app_context():
        work = alignment_of(made)
    assert work.structure == "structure.json"
    assert "--structure=structure.json" in work.command()


def test_it_is_in_the_alignment_and_set_by_a_person(tmp_path: Path) -> None:
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, tmp_path)
    write_heard(tmp_path / "heard.json")
    passages = preview(tmp_path / "transcript.txt").passages
    start = next(each.start for each in passages if each.kind is Kind.HEADING)
    digest = hashlib.sha256((tmp_path / "transcript.txt").read_bytes()).hexdigest()
    write_structure(tmp_path / "structure.json", ToldStructure(digest, {}, {start: Kind.NOTE}))
    told = ["--hypothesis", "heard.json", "--structure", "structure.json"]
    command = [sys.executable, "-m", "aligner", "align", "episode.mp3", "transcript.txt", *told]
    subprocess.run(command, cwd=tmp_path, check=True, capture_output=True)
    segments = read_alignment(tmp_path / "episode.alignment.json").transcript.segments
    assert [(s.kind, s.pinned) for s in segments if s.char_start == start] == [(Kind.NOTE, True)]
    assert [s.char_start for s in segments if s.pinned] == [start]


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"labels": {"Ana": "yes"}}, 400),
        ({"kinds": {"x": "heading"}}, 400),
        ({"kinds": {"5": "song"}}, 400),
    ],
)
def test_what_is_no_such_thing_is_refused(client: FlaskClient, send: Send, body: object, status: int) -> None:
    token = begun(client, send)
    assert send("POST", f"/api/incoming/{token}/structure", body).status_code == status


def test_where_nobody_would_speak_it_says_so_and_nothing_is_kept(client: FlaskClient, send: Send) -> None:
    token = begun(client, send, "Ana: Good day.\n")
    kinds = {str(passage["start"]): "note" for passage in client.get(f"/api/incoming/{token}/preview").json["passages"]}  # type: ignore[index]
    answer = send("POST", f"/api/incoming/{token}/structure", {"kinds": kinds})
    assert answer.status_code == 422
    assert "nothing would be said" in answer.json["error"]  # type: ignore[index]
    assert client.get(f"/api/incoming/{token}/preview").json["kinds"] == {}  # type: ignore[index]


def test_in_the_page_labels_are_ticked_and_kinds_are_chosen_by_keys(page: Page, server: str, talk: Path) -> None:
    page.goto(f"{server}/add")
    page.locator("#file-transcript").set_input_files(talk)
    ticks = page.locator(".labels")
    expect(ticks.get_by_label("Bo")).to_be_checked()
    ticks.get_by_label("Bo").focus()
    page.keyboard.press("Space")
    expect(page.locator(".passage .speaker", has_text="Bo")).to_have_count(0)
    expect(ticks.get_by_label("Bo")).not_to_be_checked()
    expect(ticks.get_by_label("Bo")).to_be_focused()
    expect(page.locator(".passages")).to_contain_text("Bo: Thank you")
    kind = page.get_by_label("What it is: Of the sea and its winds")
    kind.select_option("heading")
    expect(page.locator(".passage.heading", has_text="Of the sea")).to_have_count(1)
    kind.select_option("speech")
    expect(page.locator(".passage.speech", has_text="Of the sea")).to_have_count(1)
    assert_accessible(page)
    page.goto("about:blank")


def sent(client: FlaskClient, token: str, text: str) -> None:
    """Another transcript in the upload."""
    page = client.get("/").text.split('name="csrf" content="')[1].split('"')[0]
    headers = {"X-CSRF-Token": page, "X-File-Name": "talk.txt", "Content-Type": "application/octet-stream"}
    answer = client.put(f"/api/incoming/{token}/transcript", data=text.encode(), headers=headers)
    assert answer.status_code == 200


def test_when_the_file_is_sent_again_corrected_what_was_told_goes_with_its_paragraphs(
    client: FlaskClient, send: Send
) -> None:
    token = begun(client, send)
    starts = {p["runs"][0]["text"][:10]: str(p["start"]) for p in previewed(client, token)["passages"]}
    kinds = {starts["Of the sea"]: "note", starts["Good day t"]: "heading"}
    assert send("POST", f"/api/incoming/{token}/structure", {"kinds": kinds}).status_code == 200
    sent(client, token, TEXT.replace("Ana: Good day", "Bo: Something before all that.\n\nAna: A good day"))
    now = previewed(client, token)
    told = {each["runs"][0]["text"]: each["kind"] for each in now["passages"]}
    assert (told["Of the sea and its winds"], told["A good day to you all, and welcome to it."]) == ("note", "heading")
    assert now["lost"] == 0
    sent(client, token, TEXT.replace("Of the sea and its winds\n\n", ""))
    assert previewed(client, token)["lost"] == 1


def previewed(client: FlaskClient, token: str) -> dict[str, Any]:
    return dict(client.get(f"/api/incoming/{token}/preview").json)  # type: ignore[call-overload]


def test_a_whole_new_text_is_taken_with_what_was_told_of_it_and_one_without_takes_that_away(
    client: FlaskClient, send: Send, app: Flask, library: Path
) -> None:
    app.extensions["jobs"] = jobs = JobsThatWait(library)
    token = begun(client, send)
    assert send("POST", f"/api/incoming/{token}/structure", {"labels": {"Bo": False}}).status_code == 200
    assert send("POST", f"/api/episodes/roue-libre/transcript/{token}").status_code == 202
    folder = library / "roue-libre"
    assert read_structure(folder / "structure.json").labels == {"Bo": False}
    assert json.loads((folder / "episode.json").read_text(encoding="utf-8"))["speakers"] == ["Ana"]
    assert jobs.asked[-1].work.structure == "structure.json"  # type: ignore[attr-defined]
    assert send("POST", f"/api/episodes/roue-libre/transcript/{begun(client, send)}").status_code == 202
    assert not (folder / "structure.json").exists()
    assert jobs.asked[-1].work.structure is None  # type: ignore[attr-defined]


def test_on_the_page_of_an_episode_a_new_text_is_set_right_before_it_is_taken(
    page: Page, server: str, talk: Path, app: Flask, library: Path
) -> None:
    page.goto(f"{server}/episodes/roue-libre/details")
    page.locator("#file-transcript").set_input_files(talk)
    ticks = page.locator(".labels")
    ticks.get_by_label("Bo").press("Space")
    expect(ticks.get_by_label("Bo")).not_to_be_checked()
    page.get_by_label("What it is: Of the sea and its winds").select_option("note")
    expect(page.locator(".passage.note", has_text="Of the sea")).to_have_count(1)
    assert_accessible(page)
    app.extensions["jobs"] = JobsThatWait(library)
    page.get_by_role("button", name="Replace").click()
    page.wait_for_url("**/episodes/roue-libre")
    told = read_structure(library / "roue-libre" / "structure.json")
    assert (told.labels["Bo"], [*told.kinds.values()]) == (False, [Kind.NOTE])
    page.goto("about:blank")


def test_what_a_file_says_of_its_episode_is_proposed_whatever_comes_first_and_what_is_typed_stays(
    page: Page, server: str, tmp_path: Path
) -> None:
    given = tmp_path / "talk.md"
    given.write_text(f"---\npodcast: Roue libre\n---\n# La digue\n\n{TEXT}", encoding="utf-8")
    title, show = page.locator("#field-title"), page.locator("#field-show")
    for files in (("transcript", "audio"), ("audio", "transcript")):
        page.goto(f"{server}/add")
        for kind in files:
            page.locator(f"#file-{kind}").set_input_files(given if kind == "transcript" else SAMPLE / "episode.mp3")
            expect(page.locator(f'[data-kind="{kind}"][data-state="there"]')).to_be_attached()
        expect(show).to_have_value("Roue libre")
        expect(title).to_have_value("La digue")
    title.fill("Une autre digue")
    page.locator("#file-transcript").set_input_files(given)
    expect(page.locator(".passages")).to_contain_text("La digue")
    expect(title).to_have_value("Une autre digue")
    page.goto("about:blank")
