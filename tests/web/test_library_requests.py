"""What the library's addresses answer, to our own pages and to whoever else may ask."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.places import SAMPLE
from tests.web.asking import Asker, JobsThatWait
from tests.web.library.shelved import plant
from web.app import create_app
from web.jobs import JobState
from web.library import Library
from web.settings import Settings

SOUND = (SAMPLE / "episode.mp3").read_bytes()
WORDS = (SAMPLE / "transcript.txt").read_bytes()
FIELDS = {"title": "Un été", "show": "", "date": "", "url": "", "language": "fr"}


@pytest.fixture
def jobs(app: Flask, library: Path) -> JobsThatWait:
    app.extensions["jobs"] = JobsThatWait(library)
    return app.extensions["jobs"]


@pytest.fixture
def ask(client: FlaskClient, jobs: JobsThatWait) -> Asker:
    return Asker(client)


def files(folder: Path) -> set[str]:
    """The visible files under ``folder``."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and ".quotecast" not in p.parts}


def test_an_upload_becomes_an_episode_that_is_aligned(ask: Asker, jobs: JobsThatWait, library: Path) -> None:
    token = ask.upload(audio=("roue.mp3", SOUND), transcript=("roue.txt", WORDS))
    understood = ask.get(f"/api/incoming/{token}/preview")
    assert [label for label, _ in understood["speakers"]] == ["Bastien Oriol", "Maëlle Kerdoncuff", "Inès Vauquelin"]
    body = {"fields": FIELDS, "names": {"Bastien Oriol": "B. Oriol"}}
    answer = ask.post(f"/api/incoming/{token}/create", body)
    assert answer.status_code == 201
    assert files(library / "Un été") == {"roue.mp3", "roue.txt", "episode.json"}
    (job,) = jobs.asked
    assert job.work.command() == [
        "aligner", "align", "--progress", "json", "--language=fr", "--title=Un été", "--rename=Bastien Oriol=B. Oriol",
        "--", "roue.mp3", "roue.txt",
    ]  # fmt: skip
    assert job.outputs == ("roue.vtt", "roue.srt", "roue.alignment.json")
    assert answer.json["job"] == job.id
    assert Library(library).episode(answer.json["id"]).folder == library / "Un été"
    assert ask.client.get(f"/episodes/{answer.json['id']}").status_code == 200


def test_what_a_sound_says_of_itself_is_told(ask: Asker) -> None:
    answer = ask.put(f"/api/incoming/{ask.upload()}/audio", SOUND, "../../Été.mp3")
    assert answer.json["name"] == "Été.mp3"
    assert answer.json["duration"] == pytest.approx(141, abs=1)


@pytest.mark.parametrize(
    "name", ["../../../evil.mp3", "..\\..\\evil.mp3", "/etc/evil.mp3", "evil\0.mp3", ".evil.mp3", "evil" * 200 + ".mp3"]
)
def test_no_file_name_leaves_the_folder_of_its_upload(ask: Asker, library: Path, name: str) -> None:
    before = files(library.parent)
    token = ask.upload(audio=(name, SOUND), transcript=("words.txt", WORDS))
    ask.post(f"/api/incoming/{token}/create", {"fields": FIELDS, "names": {}})
    new = files(library.parent) - before
    assert len(new) == 3
    assert all(path.startswith("library/Un été/") for path in new)
    assert all(not part.startswith(".") for path in new for part in Path(path).parts)


@pytest.mark.parametrize(
    "path",
    [
        "/api/incoming/../audio", "/api/incoming/%2e%2e/audio", "/api/incoming/..%2F..%2Ftrash/audio",
        "/api/incoming/{token}/..", "/api/incoming/{token}/%2e%2e", "/api/incoming/{token}/secrets",
    ],
)  # fmt: skip
def test_no_address_of_an_upload_reaches_another_folder(ask: Asker, library: Path, path: str) -> None:
    before = files(library.parent)
    answer = ask.put(path.format(token=ask.upload()), SOUND)
    assert answer.status_code in (404, 405)
    assert files(library.parent) == before


@pytest.mark.parametrize(
    "path",
    ["/episodes/..", "/episodes/%2e%2e%2f%2e%2e/details", "/episodes/.quotecast/cover", "/episodes/trash/details"],
)
def test_no_id_reaches_another_folder(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize("token", [None, "", "wrong"])
def test_nothing_is_taken_or_changed_without_the_token(client: FlaskClient, library: Path, token: str | None) -> None:
    client.get("/")
    before = files(library.parent)
    headers = {} if token is None else {"X-CSRF-Token": token}
    for method, path in (
        ("POST", "/api/incoming"),
        ("PUT", "/api/incoming/x/audio"),
        ("POST", "/api/incoming/x/create"),
        ("POST", "/sample"),
        ("POST", "/api/episodes/roue-libre/details"),
        ("POST", "/api/episodes/roue-libre/align"),
        ("POST", "/api/episodes/roue-libre/remove"),
        ("POST", "/api/episodes/roue-libre/transcript/x"),
        ("POST", "/api/trash/x/restore"),
        ("POST", "/api/jobs/x/cancel"),
    ):
        assert client.open(path, method=method, data=b"x", headers=headers).status_code == 403, path
    assert files(library.parent) == before


def test_a_file_that_is_too_large_is_refused_with_both_sizes(library: Path) -> None:
    ask = Asker(create_app(Settings(library, max_upload_bytes=500_000)).test_client())
    token = ask.post("/api/incoming").json["token"]
    answer = ask.put(f"/api/incoming/{token}/audio", SOUND, "a.mp3")
    assert answer.status_code == 413
    assert answer.json == {"error": "This file has 0.85 MB; 0.5 MB are accepted.", "field": "audio"}


def test_a_transcript_has_a_limit_of_its_own(ask: Asker) -> None:
    answer = ask.put(f"/api/incoming/{ask.upload()}/transcript", bytes(20_000_001), "a.txt")
    assert (answer.status_code, answer.json["field"]) == (413, "transcript")


def test_half_a_million_words_on_one_line_are_understood_and_shown_in_part(ask: Asker) -> None:
    token = ask.upload(transcript=("long.txt", b"Anna: " + b"mot " * 499_000))
    answer = ask.client.get(f"/api/incoming/{token}/preview")
    assert answer.json["words"] == 499_000
    assert len(answer.data) < 30_000


@pytest.mark.parametrize(
    ("content", "reason"),
    [(b"%PDF-1.4", "words.txt: this is a PDF"), (b"\0\1\2" * 99, "binary file"), (b"[...]\n", "no spoken text")],
)
def test_what_is_no_transcript_is_told_by_its_name(ask: Asker, library: Path, content: bytes, reason: str) -> None:
    token = ask.upload(transcript=("words.txt", content))
    answer = ask.client.get(f"/api/incoming/{token}/preview")
    assert (answer.status_code, answer.json["field"]) == (422, "transcript")
    assert reason in answer.json["error"]
    assert str(library.parent) not in answer.json["error"]


def test_what_is_no_sound_is_told_by_its_name(ask: Asker, library: Path) -> None:
    answer = ask.put(f"/api/incoming/{ask.upload()}/audio", b"<html>", "a.mp3")
    assert answer.status_code == 422
    assert answer.json["error"].startswith("a.mp3: is not sound")


def test_a_hostile_transcript_is_only_ever_text(ask: Asker, library: Path) -> None:
    evil = "<script>alert(1)</script>"
    words = f"{evil}: Hello <img src=x onerror=alert(2)>.\n\nAnna: </script><svg/onload=alert(3)>\n".encode()
    token = ask.upload(audio=("a.mp3", SOUND), transcript=("a.txt", words))
    answer = ask.client.get(f"/api/incoming/{token}/preview")
    assert answer.mimetype == "application/json"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    fields = {**FIELDS, "title": evil, "show": f'"{evil}'}
    made = ask.post(f"/api/incoming/{token}/create", {"fields": fields, "names": {"Anna": evil}}).json["id"]
    for path in ("/", f"/episodes/{made}", f"/episodes/{made}/details", f"/search?q={evil}"):
        page = ask.client.get(path).text
        assert evil not in page
        assert "<img src=x" not in page
        assert "<svg/onload" not in page


@pytest.mark.parametrize(("language", "sentence"), [("en", "is no date"), ("fr", "n’est pas une date")])
def test_a_field_that_cannot_be_is_named_in_the_readers_language(
    client: FlaskClient, jobs: JobsThatWait, language: str, sentence: str
) -> None:
    ask = Asker(client, language)
    answer = ask.post("/api/episodes/roue-libre/details", {"fields": {**FIELDS, "date": "demain"}})
    assert (answer.status_code, answer.json["field"]) == (422, "date")
    assert sentence in answer.json["error"]


@pytest.mark.parametrize("body", [None, [], "x", {"fields": []}, {"fields": {"title": 3}}, {"names": 1}, {"token": 1}])
def test_what_is_no_form_is_refused(ask: Asker, library: Path, body: object) -> None:
    before = files(library)
    assert ask.post("/api/episodes/roue-libre/details", body).status_code in (400, 422)
    assert files(library) == before


def test_details_are_saved_and_shown(ask: Asker, jobs: JobsThatWait) -> None:
    answer = ask.post("/api/episodes/roue-libre/details", {"fields": FIELDS, "names": {}})
    assert (answer.json["title"], answer.json["show"]) == ("Un été", None)
    assert "Un été" in ask.client.get("/").text
    assert jobs.asked == []


def test_an_alignment_that_is_under_way_begins_again_with_new_details(ask: Asker, jobs: JobsThatWait) -> None:
    first = ask.post("/api/episodes/roue-libre/align").json["job"]
    ask.post("/api/episodes/roue-libre/details", {"fields": FIELDS, "names": {}})
    assert jobs.get(first).state == "cancelled"
    assert "--title=Un été" in jobs.asked[1].work.command()


def test_a_cover_is_served_as_the_picture_it_is_and_nothing_else_is(ask: Asker, library: Path) -> None:
    from PIL import Image

    folder = library / "roue-libre"
    assert ask.client.get("/episodes/roue-libre/cover").status_code == 404
    (folder / "x.svg").write_text("<svg onload='alert(1)'/>")
    details = '{"format": "quotecast-episode", "version": 1, "cover": "%s"}'
    (folder / "episode.json").write_text(details % "x.svg")
    assert ask.client.get("/episodes/roue-libre/cover").status_code == 404
    Image.new("RGB", (4, 4)).save(folder / "picture.png")
    token = ask.upload(cover=("evil.html", (folder / "picture.png").read_bytes()))
    ask.post("/api/episodes/roue-libre/details", {"fields": FIELDS, "names": {}, "token": token})
    with ask.client.get("/episodes/roue-libre/cover") as answer:
        assert (answer.status_code, answer.mimetype) == (200, "image/png")


def test_a_transcript_is_replaced_and_aligned_again(ask: Asker, jobs: JobsThatWait, library: Path) -> None:
    token = ask.upload(transcript=("transcript.txt", b"Anna : Bonjour.\n"))
    answer = ask.post(f"/api/episodes/roue-libre/transcript/{token}")
    assert answer.status_code == 202
    assert (library / "roue-libre" / "transcript.txt").read_text(encoding="utf-8") == "Anna : Bonjour.\n"
    assert (library / "roue-libre" / "transcript.txt.bak").read_bytes() == WORDS
    assert jobs.asked[0].work.command()[-1] == "transcript.txt"
    assert "Waits its turn" in ask.client.get("/").text
    ask.post(f"/api/jobs/{answer.json['job']}/cancel")
    assert "has changed since" in ask.client.get("/").text


def test_a_removed_episode_is_offered_back_and_comes_back(ask: Asker, library: Path) -> None:
    before = files(library / "roue-libre")
    token = ask.post("/api/episodes/roue-libre/remove").json["token"]
    page = ask.client.get(f"/?removed={token}").text
    assert "“Une promenade qui attend” is in the trash." in page
    assert ask.client.get("/episodes/roue-libre").status_code == 404
    assert ask.post(f"/api/trash/{token}/restore").json == {"id": "roue-libre"}
    assert files(library / "roue-libre") == before
    assert ask.post(f"/api/trash/{token}/restore").status_code == 404


def test_a_made_up_token_says_nothing_on_the_page(ask: Asker) -> None:
    assert "is in the trash" not in ask.client.get("/?removed=<b>x</b>").text


def test_a_search_leads_to_the_moment(ask: Asker) -> None:
    page = ask.client.get("/search?q=rendez vous de celles").text
    assert "<mark>rendez-vous de celles</mark>" in page
    address = page.split('href="/episodes/roue-libre#')[1].split('"')[0].replace("&amp;", "&")
    parts = dict(part.split("=") for part in address.split("&"))
    first, last = map(int, parts["w"].split("-"))
    assert WORDS.decode()[first:last] == "rendez-vous de celles"
    start, end = map(float, parts["t"].split(","))
    assert 15 < start < end < 25
    assert len(parts["v"]) == 8


def test_an_old_failure_is_forgotten_when_another_alignment_was_cancelled(
    ask: Asker, jobs: JobsThatWait, library: Path
) -> None:
    first = ask.post("/api/episodes/roue-libre/align").json["job"]
    jobs._jobs[first] = replace(jobs.get(first), state=JobState.FAILED, message="out of memory")
    assert "out of memory" in ask.client.get("/").text
    second = ask.post("/api/episodes/roue-libre/align").json["job"]
    ask.post(f"/api/jobs/{second}/cancel")
    assert "out of memory" not in ask.client.get("/").text
    (library / "roue-libre" / "episode.alignment.json").unlink()
    assert "out of memory" not in ask.client.get("/episodes/roue-libre").text


@pytest.mark.parametrize(
    ("query", "tally"),
    [
        ("velo", "4 hits"),
        ("tandem", "1 hit"),
        ("deux fois", "1 hit"),
        ("promenade", "4 hits in 2 episodes"),
        ("roue libre en hiver", "In the title of one episode"),
    ],
)
def test_a_search_says_how_much_it_found(ask: Asker, library: Path, query: str, tally: str) -> None:
    shutil.copytree(library / "roue-libre", library / "other")
    for name, title in (("other", "Roue libre en hiver"), ("roue-libre", "x")):
        (library / name / "episode.json").write_text(
            json.dumps({"format": "quotecast-episode", "version": 1, "title": title, "show": None})
        )
    if " in " not in tally:
        (library / "other" / "episode.alignment.json").unlink()
    assert f'<p class="tally">{tally}</p>' in ask.client.get(f"/search?q={query}").text


def test_a_damaged_episode_is_listed_with_what_to_do(ask: Asker, library: Path) -> None:
    (library / "roue-libre" / "episode.json").write_text("{")
    (library / "sound").mkdir()
    (library / "sound" / "a.mp3").write_bytes(SOUND)
    page = ask.client.get("/").text
    assert "Its episode.json is damaged" in page
    assert "It has no transcript yet." in page
    assert ask.post("/api/episodes/sound/align").status_code == 409


def test_jobs_are_told_as_events_until_none_is_open(client: FlaskClient) -> None:
    with client.get("/api/jobs/events") as answer:
        assert answer.mimetype == "text/event-stream"
        assert answer.text.endswith("event: end\ndata: []\n\n")
    assert client.get("/api/jobs").json == []
    assert client.get("/api/jobs/20250101-000000-00000000").status_code == 404


def test_details_that_another_changed_meanwhile_are_not_undone_unless_that_is_meant(ask: Asker) -> None:
    details = "/api/episodes/roue-libre/details"
    version = ask.get(details)["version"]
    assert ask.post(details, {"fields": FIELDS | {"show": "Roue libre"}, "version": version}).status_code == 200
    late = ask.post(details, {"fields": FIELDS | {"title": "Trop tard"}, "version": version})
    assert late.status_code == 409
    assert late.json["changed"]["title"] == "Un été"
    assert "Title, now “Un été”" in late.json["error"]
    assert ask.get(details)["title"] == "Un été"
    anyway = ask.post(details, {"fields": FIELDS | {"title": "Trop tard"}, "version": late.json["version"]})
    assert (anyway.status_code, anyway.json["title"]) == (200, "Trop tard")
    assert ask.post(details, {"fields": FIELDS, "version": anyway.json["version"]}).status_code == 200


def test_a_new_transcript_with_other_voices_is_a_change_of_the_details(ask: Asker, jobs: JobsThatWait) -> None:
    version = ask.get("/api/episodes/roue-libre/details")["version"]
    token = ask.upload(transcript=("transcript.txt", b"Anna : Bonjour.\n"))
    assert ask.post(f"/api/episodes/roue-libre/transcript/{token}").status_code == 202
    late = ask.post("/api/episodes/roue-libre/details", {"fields": FIELDS, "version": version})
    assert (late.status_code, late.json["changed"]) == (409, {"speakers": "Anna"})


def test_what_was_changed_meanwhile_is_told_in_the_readers_language(client: FlaskClient) -> None:
    french = Asker(client, "fr")
    path = "/api/episodes/roue-libre/details"
    version = french.get(path)["version"]
    french.post(path, {"fields": FIELDS})
    late = french.post(path, {"fields": FIELDS | {"title": "Trop tard"}, "version": version})
    assert "Titre, à présent «\u00a0Un été\u00a0»" in late.json["error"]


def test_an_edit_that_is_refused_leaves_the_alignment_to_its_work(ask: Asker, jobs: JobsThatWait) -> None:
    first = ask.post("/api/episodes/roue-libre/align").json["job"]
    assert ask.post("/api/episodes/roue-libre/details", {"fields": FIELDS | {"title": ""}}).status_code == 422
    assert jobs.get(first).state == "waiting"


def test_an_episode_whose_words_cannot_be_searched_is_named_with_what_to_do(ask: Asker, library: Path) -> None:
    plant(library / "summer", title="Un été")
    (plant(library / "winter", title="Un hiver") / "talk.alignment.json").write_text("{}", encoding="utf-8")
    page = ask.client.get("/search?q=vélos").text
    assert "Un été" in page
    assert "could not be searched, as their alignment is damaged; align them again" in page
    assert '<a href="/episodes/winter/details">' in page
