"""What pages say of episodes and files that are honest, but not as they should be: what is so, and what can be done."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from aligner.model import Verdict
from aligner.storage.alignment_json import read_alignment, to_text
from media.decode import cut_short
from media.errors import Message
from tests.tables import over_rows
from tests.web.asking import Asker
from web.app import create_app
from web.languages import translated
from web.settings import Settings

FRENCH = {"Accept-Language": "fr"}
NARROW, FIRM = "\u202f", "\u00a0"  # the spaces that French puts before its signs


@pytest.fixture
def folder(library: Path) -> Path:
    return library / "roue-libre"


def test_a_sound_cut_short_is_told_in_the_list_and_on_the_page(client: FlaskClient, folder: Path) -> None:
    path = folder / "episode.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), warnings=(cut_short(29.055, 34.2),))), "utf-8")
    told = "The sound is cut short: its first 29\u00a0s of 34\u00a0s are used."
    assert told in client.get("/").text
    assert (
        told + " Where the whole file is at hand, add the episode again with it."
        in client.get("/episodes/roue-libre").text
    )
    told = f"Le son est tronqué{FIRM}: ses 29\u00a0premières secondes sur 34 sont utilisées."
    assert told in client.get("/", headers=FRENCH).text
    assert told in client.get("/episodes/roue-libre", headers=FRENCH).text


def test_what_a_sound_cut_short_lacks_is_not_called_another_episode(client: FlaskClient, folder: Path) -> None:
    path = folder / "episode.alignment.json"
    poor = replace(read_alignment(path), verdict=Verdict.POOR, coverage=0.32)
    path.write_text(to_text(poor), "utf-8")
    assert "transcript of another episode" in client.get("/episodes/roue-libre").text
    path.write_text(to_text(replace(poor, warnings=(cut_short(15, 34),))), "utf-8")
    shown = client.get("/episodes/roue-libre").text
    assert "Only 32.0% of the words were heard, as the sound ends before they are said." in shown
    assert "another episode" not in shown


def test_what_is_said_and_the_text_lacks_is_told_as_the_reason_in_the_list_and_on_the_page(
    client: FlaskClient, folder: Path
) -> None:
    path = folder / "episode.alignment.json"
    review = replace(read_alignment(path), verdict=Verdict.REVIEW, coverage=0.97)
    for alignment, is_reason in ((review, True), (replace(review, coverage=0.7), False)):
        path.write_text(to_text(alignment), "utf-8")
        for page in ("/", "/episodes/roue-libre"):
            assert ("much of what is said is not in the transcript" in client.get(page).text.lower()) == is_reason
            told = client.get(page, headers=FRENCH).text
            assert ("bonne partie de ce qui est dit manque dans la transcription" in told) == is_reason


def test_another_transcript_is_offered_where_the_one_that_there_is_leads_nowhere(
    client: FlaskClient, folder: Path
) -> None:
    path = folder / "episode.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), verdict=Verdict.POOR, coverage=0.32)), "utf-8")
    offered = 'href="/episodes/roue-libre/details#transcript-form"[^>]*>'
    for page in ("/", "/episodes/roue-libre"):
        assert re.search(f"{offered}Replace the transcript</a>", client.get(page).text)
        assert re.search(f"{offered}Remplacer la transcription</a>", client.get(page, headers=FRENCH).text)
    path.unlink()  # as it is where the work was cancelled
    for page in ("/", "/episodes/roue-libre"):
        assert re.search(f"{offered}Replace the transcript</a>", client.get(page).text)


def test_a_sound_that_goes_by_another_name_is_named(client: FlaskClient, folder: Path) -> None:
    """Where nobody said which it is, its alignment did."""
    (folder / "episode.mp3").rename(folder / "autre.mp3")
    assert "of a sound called “episode.mp3”, which is not in the folder" in client.get("/").text
    assert f"un son nommé «{FIRM}episode.mp3{FIRM}», qui n’est pas" in client.get("/", headers=FRENCH).text
    (folder / "episode.json").write_text(
        '{"format": "quotecast-episode", "version": 1, "audio": "été <b>.mp3", "transcript": "transcript.txt"}', "utf-8"
    )
    for page in ("/", "/episodes/roue-libre", "/episodes/roue-libre/details"):
        assert "Its sound “été &lt;b&gt;.mp3” is not in the folder" in client.get(page).text
    assert f"«{FIRM}été &lt;b&gt;.mp3{FIRM}» n’est pas dans le dossier" in client.get("/", headers=FRENCH).text


def test_an_episode_that_is_a_link_is_named(client: FlaskClient, library: Path, tmp_path: Path) -> None:
    assert "links, which are not followed" not in client.get("/").text
    (tmp_path / "ailleurs").mkdir()
    (library / "épisode dehors").symlink_to(tmp_path / "ailleurs")
    (library / "dedans").symlink_to(library / "roue-libre")
    (library / ".caché").symlink_to(tmp_path)
    told = client.get("/").text
    assert "links, which are not followed in a library: dedans, épisode dehors. Put" in told
    assert f"dans une bibliothèque{FIRM}: dedans, épisode dehors. Mettez" in client.get("/", headers=FRENCH).text


@over_rows(
    "client_address, host, here",
    [
        ("127.0.0.1", "localhost", True),
        ("::1", "127.0.0.1:8765", True),
        ("192.168.1.7", "192.168.1.2", False),
        ("127.0.0.1", "192.168.1.2:8765", False),
    ],
)
def test_where_a_file_goes_is_said_as_it_is(library: Path, client_address: str, host: str, here: bool) -> None:
    settings = Settings(library, host="0.0.0.0", password="open sesame")
    client = create_app(settings).test_client()
    asked: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": client_address}, "headers": {"Host": host}}
    login = client.get("/login", **asked).text
    token = login.split('name="csrf" content="')[1].split('"')[0]
    client.post("/login", data={"password": "open sesame", "csrf": token}, **asked)
    page = client.get("/add", **asked).text
    assert ("Nothing leaves this computer." in page) == here
    assert ("go to the computer that quotecast runs on" in page) == (not here)
    assert ("data-here" in client.get("/", **asked).text) == here


def test_numbers_have_the_mark_of_the_readers_language_also_where_they_are_whole(app: Flask) -> None:
    told = Message("damaged sound near {start:.1f} s ({packets} packets) is taken as silence", start=0, packets=1)
    with app.test_request_context(headers=FRENCH):
        assert "vers 0,0\u00a0s (1\u00a0paquet)" in translated(told)


def test_a_damaged_alignment_leads_to_where_it_is_mended(client: FlaskClient, folder: Path) -> None:
    (folder / "episode.alignment.json").write_text('{"format": "quotecast-alignment", "version": 1}', "utf-8")
    answer = client.get("/episodes/roue-libre")
    assert answer.status_code == 422
    assert 'href="/episodes/roue-libre/details">To its details, where it is aligned again' in answer.text
    assert "À sa fiche, où on l’aligne de nouveau" in client.get("/episodes/roue-libre", headers=FRENCH).text
    (folder / "episode.alignment.json").write_text('{"format": "quotecast-alignment", "version": 99}', "utf-8")
    assert "aligned again" not in client.get("/episodes/roue-libre").text


@over_rows("content", [b"%PDF-1.4", b"\xff\xd8\xff\xe0" + bytes(99)])
def test_what_is_no_cover_is_told_when_it_is_given(app: Flask, content: bytes) -> None:
    ask = Asker(app.test_client())
    answer = ask.put(f"/api/incoming/{ask.upload()}/cover", content, "cover.jpg")
    assert (answer.status_code, answer.json["field"]) == (422, "cover")
