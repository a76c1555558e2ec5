"""The structure of a transcript is corrected in its preview."""

import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Page, expect
from werkzeug.test import TestResponse

from aligner.corrections.structure_overrides import StructureOverrides, read_structure, write_structure
from aligner.model import Kind
from aligner.storage.alignment_json import read_alignment
from tests.aligner.command import quotecast_here
from tests.paths import SAMPLE
from tests.perfect_recogniser import write_asr_output
from tests.tables import over_rows
from tests.web.asking import Asker, JobsThatWait
from tests.web.visiting import assert_accessible
from web.jobs.kinds import Align
from web.library.changing import EpisodeForm, create
from web.library.incoming import Incoming, preview
from web.page.aligning import alignment_job

TEXT = """Ana: Good day to you all, and welcome to it.

Bo: Thank you, it is good to be here.

Of the sea and its winds

Ana: What will you bring?

Note: bring some water with you.

Bo: I will, and bread as well.
"""


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
    asked = [passage.text for passage in shown.passages if passage.doubtful]
    assert "Of the sea and its winds" in asked
    assert "Good day to you all, and welcome to it." not in asked


def upload(ask: Asker, text: str = TEXT) -> str:
    """Upload audio and a transcript; return the token."""
    return ask.upload(audio=("talk.mp3", (SAMPLE / "episode.mp3").read_bytes()), transcript=("talk.txt", text.encode()))


def save_structure(ask: Asker, token: str, **told: object) -> TestResponse:
    return ask.post(f"/api/incoming/{token}/structure", told)


def previewed(ask: Asker, token: str) -> dict[str, Any]:
    return dict(ask.get(f"/api/incoming/{token}/preview"))


def test_it_goes_with_the_episode_to_where_it_is_aligned(ask: Asker, app: Flask, library: Path) -> None:
    token = upload(ask)
    answer = save_structure(ask, token, labels={"Bo": False}, kinds={})
    assert answer.status_code == 200
    assert "Ana" in answer.json["names"]
    assert previewed(ask, token)["names"] == answer.json["names"]
    made = create(app.extensions["library"], Incoming(library, 10**9), token, EpisodeForm({"title": "Talk"}))
    assert read_structure(made.folder / "structure.json").labels == {"Bo": False}
    with app.app_context():
        work = alignment_job(made)
    assert isinstance(work, Align)
    assert work.structure == "structure.json"
    assert "--structure=structure.json" in work.command()


def test_it_is_in_the_alignment_and_set_by_a_person(tmp_path: Path) -> None:
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(SAMPLE / name, tmp_path)
    transcript, structure = tmp_path / "transcript.txt", tmp_path / "structure.json"
    start = next(each.start for each in preview(transcript).passages if each.kind is Kind.HEADING)
    digest = hashlib.sha256(transcript.read_bytes()).hexdigest()
    write_structure(structure, StructureOverrides(digest, {}, {start: Kind.NOTE}))
    told = ["--asr-output", write_asr_output(tmp_path / "heard.json"), "--structure", structure]
    run = quotecast_here("align", tmp_path / "episode.mp3", transcript, *told, "--progress", "none")
    assert run.returncode == 0, run.stderr
    segments = read_alignment(tmp_path / "episode.alignment.json").transcript.segments
    assert [(s.kind, s.pinned) for s in segments if s.char_start == start] == [(Kind.NOTE, True)]
    assert [s.char_start for s in segments if s.pinned] == [start]


@over_rows("told", [{"labels": {"Ana": "yes"}}, {"kinds": {"x": "heading"}}, {"kinds": {"5": "song"}}])
def test_what_is_no_such_thing_is_refused(ask: Asker, told: dict[str, Any]) -> None:
    assert save_structure(ask, upload(ask), **told).status_code == 400


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
    kind = page.get_by_label("Kind: Of the sea and its winds")
    kind.select_option("heading")
    expect(page.locator(".passage.heading", has_text="Of the sea")).to_have_count(1)
    kind.select_option("speech")
    expect(page.locator(".passage.speech", has_text="Of the sea")).to_have_count(1)
    assert_accessible(page)
    page.goto("about:blank")


def test_a_whole_new_text_is_taken_with_what_was_told_of_it_and_one_without_takes_that_away(
    ask: Asker, app: Flask, library: Path
) -> None:
    app.extensions["jobs"] = jobs = JobsThatWait(library)
    token = upload(ask)
    assert save_structure(ask, token, labels={"Bo": False}).status_code == 200
    assert ask.post(f"/api/episodes/roue-libre/transcript/{token}").status_code == 202
    folder = library / "roue-libre"
    assert read_structure(folder / "structure.json").labels == {"Bo": False}
    assert json.loads((folder / "episode.json").read_text(encoding="utf-8"))["speakers"] == ["Ana"]
    assert jobs.asked[-1].work.structure == "structure.json"  # type: ignore[attr-defined]
    assert ask.post(f"/api/episodes/roue-libre/transcript/{upload(ask)}").status_code == 202
    assert not (folder / "structure.json").exists()
    assert jobs.asked[-1].work.structure is None  # type: ignore[attr-defined]


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
