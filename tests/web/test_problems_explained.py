"""Pages explain problems of an episode and offer remedies."""

import re
from dataclasses import replace
from pathlib import Path
from typing import Any

from flask.testing import FlaskClient

from aligner.model import Verdict
from aligner.storage.alignment_json import read_alignment, to_text
from media.decode import cut_short
from tests.tables import over_rows
from web.app import create_app
from web.settings import Settings

FRENCH = {"Accept-Language": "fr"}
NARROW, FIRM = "\u202f", "\u00a0"  # the spaces that French puts before its signs


def test_truncated_audio_is_reported_in_the_list_and_on_the_page(client: FlaskClient, folder: Path) -> None:
    path = folder / "episode.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), warnings=(cut_short(29.055, 34.2),))), "utf-8")
    told = "The audio is cut short: its first 29\u00a0s of 34\u00a0s are used."
    assert told in client.get("/").text
    assert (
        told + " If you have the complete file, add the episode again with it."
        in client.get("/episodes/roue-libre").text
    )
    told = f"L’audio est tronqué{FIRM}: ses 29\u00a0premières secondes sur 34 sont utilisées."
    assert told in client.get("/", headers=FRENCH).text
    assert told in client.get("/episodes/roue-libre", headers=FRENCH).text


def test_untranscribed_speech_is_the_reason_in_the_list_and_on_the_page(client: FlaskClient, folder: Path) -> None:
    path = folder / "episode.alignment.json"
    review = replace(read_alignment(path), verdict=Verdict.REVIEW, coverage=0.97)
    for alignment, is_reason in ((review, True), (replace(review, coverage=0.7), False)):
        path.write_text(to_text(alignment), "utf-8")
        for page in ("/", "/episodes/roue-libre"):
            assert ("much of the speech is missing from the transcript" in client.get(page).text.lower()) == is_reason
            told = client.get(page, headers=FRENCH).text
            assert ("bonne partie des paroles manque dans la transcription" in told) == is_reason


def test_another_transcript_is_offered_if_the_current_one_does_not_match(client: FlaskClient, folder: Path) -> None:
    path = folder / "episode.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), verdict=Verdict.POOR, coverage=0.32)), "utf-8")
    offered = 'href="/episodes/roue-libre/details#transcript-form"[^>]*>'
    for page in ("/", "/episodes/roue-libre"):
        assert re.search(f"{offered}Replace the transcript</a>", client.get(page).text)
        assert re.search(f"{offered}Remplacer la transcription</a>", client.get(page, headers=FRENCH).text)
    path.unlink()  # as it is where the work was cancelled
    for page in ("/", "/episodes/roue-libre"):
        assert re.search(f"{offered}Replace the transcript</a>", client.get(page).text)


@over_rows(
    "client_address, host, here",
    [
        ("127.0.0.1", "localhost", True),
        ("::1", "127.0.0.1:8765", True),
        ("192.168.1.7", "192.168.1.2", False),
        ("127.0.0.1", "192.168.1.2:8765", False),
    ],
)
def test_pages_say_whether_uploads_leave_the_computer(
    library: Path, client_address: str, host: str, here: bool
) -> None:
    settings = Settings(library, host="0.0.0.0", password="open sesame")
    client = create_app(settings).test_client()
    asked: dict[str, Any] = {"environ_base": {"REMOTE_ADDR": client_address}, "headers": {"Host": host}}
    login = client.get("/login", **asked).text
    token = login.split('name="csrf" content="')[1].split('"')[0]
    client.post("/login", data={"password": "open sesame", "name": "Ana", "csrf": token}, **asked)
    page = client.get("/add", **asked).text
    assert ("Nothing leaves this computer." in page) == here
    assert ("go to the computer that runs quotecast" in page) == (not here)
    assert ("data-here" in client.get("/", **asked).text) == here


def test_a_damaged_alignment_links_to_its_repair(client: FlaskClient, folder: Path) -> None:
    (folder / "episode.alignment.json").write_text('{"format": "quotecast-alignment", "version": 1}', "utf-8")
    answer = client.get("/episodes/roue-libre")
    assert answer.status_code == 422
    assert 'href="/episodes/roue-libre/details">Open its details to align it again' in answer.text
    assert "Ouvrir sa fiche pour l’aligner à nouveau" in client.get("/episodes/roue-libre", headers=FRENCH).text
    (folder / "episode.alignment.json").write_text('{"format": "quotecast-alignment", "version": 99}', "utf-8")
    assert "align it again" not in client.get("/episodes/roue-libre").text
