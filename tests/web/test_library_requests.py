"""Requests to the library over HTTP."""

import html
import json
import re
import shutil
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.paths import SAMPLE
from tests.tables import over_rows
from tests.web.asking import Asker, JobsThatWait
from tests.web.library.shelved import plant
from web.app import create_app
from web.library import Library
from web.settings import Settings

pytestmark = pytest.mark.usefixtures("jobs")

SOUND = (SAMPLE / "episode.mp3").read_bytes()
WORDS = (SAMPLE / "transcript.txt").read_bytes()
FIELDS = {"title": "Un été", "show": "", "date": "", "url": "", "language": "fr"}


def files(folder: Path) -> set[str]:
    """The visible files under ``folder``."""
    return {str(p.relative_to(folder)) for p in folder.rglob("*") if p.is_file() and ".quotecast" not in p.parts}


def test_an_upload_becomes_an_episode_that_is_aligned(ask: Asker, jobs: JobsThatWait, library: Path) -> None:
    token = ask.upload(audio=("roue.mp3", SOUND), transcript=("roue.txt", WORDS))
    understood = ask.get(f"/api/incoming/{token}/preview")
    assert all(name in understood["names"] for name in ("Bastien Oriol", "Maëlle Kerdoncuff", "Inès Vauquelin"))
    body = {"fields": FIELDS, "names": {"Bastien Oriol": "B. Oriol"}}
    answer = ask.post(f"/api/incoming/{token}/create", body)
    assert answer.status_code == 201
    made = files(library / "Un été")
    [version] = (name for name in made if name.startswith("versions"))
    assert made == {"roue.mp3", "roue.txt", "episode.json", version}
    assert (library / "Un été" / version).read_bytes() == WORDS
    (job,) = jobs.asked
    assert job.work.command() == [
        "aligner", "align", "--progress", "json", "--language=fr", "--title=Un été", "--rename=Bastien Oriol=B. Oriol",
        "--author=", "--folder-title", "--", "roue.mp3", "roue.txt",
    ]  # fmt: skip
    assert job.outputs == ("roue.vtt", "roue.srt", "roue.alignment.json")
    assert answer.json["job"] == job.id
    assert Library(library).episode(answer.json["id"]).folder == library / "Un été"
    assert ask.client.get(f"/episodes/{answer.json['id']}").status_code == 200


def test_the_tags_of_audio_are_shown(ask: Asker) -> None:
    answer = ask.put(f"/api/incoming/{ask.upload()}/audio", SOUND, "../../Été.mp3")
    assert answer.json["name"] == "Été.mp3"
    assert answer.json["duration"] == pytest.approx(141, abs=1)


@over_rows("name", ["../../../evil.mp3", "..\\..\\evil.mp3", "evil\0.mp3", ".evil.mp3", "evil" * 200 + ".mp3"])
def test_no_file_name_leaves_the_folder_of_its_upload(ask: Asker, library: Path, name: str) -> None:
    before = files(library.parent)
    token = ask.upload(audio=(name, SOUND), transcript=("words.txt", WORDS))
    ask.post(f"/api/incoming/{token}/create", {"fields": FIELDS, "names": {}})
    new = files(library.parent) - before
    assert len(new) == 4  # with the version that is kept of the transcript
    assert all(path.startswith("library/Un été") for path in new)
    assert all(not part.startswith(".") for path in new for part in Path(path).parts)


@over_rows(
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


@over_rows("token", [None, "", "wrong"])
def test_nothing_is_accepted_without_the_token(
    app: Flask, client: FlaskClient, library: Path, token: str | None
) -> None:
    client.get("/")
    before = files(library.parent)
    headers = {} if token is None else {"X-CSRF-Token": token}
    changing = 0
    for rule in app.url_map.iter_rules():
        for method in (rule.methods or set()) & {"POST", "PUT", "PATCH", "DELETE"}:
            _, path = rule.build({name: 1 if name == "number" else "roue-libre" for name in rule.arguments}) or ("", "")
            assert client.open(path, method=method, data=b"x", headers=headers).status_code == 403, path
            changing += 1
    assert changing > 40
    assert files(library.parent) == before


def test_a_file_that_is_too_large_is_refused_with_both_sizes(library: Path) -> None:
    ask = Asker(create_app(Settings(library, max_upload_bytes=500_000)).test_client())
    token = ask.post("/api/incoming").json["token"]
    answer = ask.put(f"/api/incoming/{token}/audio", SOUND, "a.mp3")
    assert answer.status_code == 413
    assert answer.json == {
        "error": "This file is too large: 0.85\u00a0MB, and the limit is 0.5\u00a0MB.",
        "field": "audio",
    }


@over_rows(
    "content, reason",
    [(b"%PDF-1.4", "words.txt: this is a PDF"), (b"\0\1\2" * 99, "binary file"), (b"[...]\n", "no spoken text")],
)
def test_an_invalid_transcript_is_refused_by_name(ask: Asker, library: Path, content: bytes, reason: str) -> None:
    token = ask.upload(transcript=("words.txt", content))
    answer = ask.client.get(f"/api/incoming/{token}/preview")
    assert (answer.status_code, answer.json["field"]) == (422, "transcript")
    assert reason in answer.json["error"]
    assert str(library.parent) not in answer.json["error"]


def test_invalid_audio_is_refused_by_name(ask: Asker, library: Path) -> None:
    answer = ask.put(f"/api/incoming/{ask.upload()}/audio", b"<html>", "a.mp3")
    assert answer.status_code == 422
    assert answer.json["error"].startswith("a.mp3: is not audio")


def test_a_hostile_transcript_stays_text(ask: Asker, library: Path) -> None:
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


@over_rows("language, sentence", [("en", "is not a date"), ("fr", "n’est pas une date")])
def test_an_invalid_field_is_named_in_the_readers_language(
    client: FlaskClient, jobs: JobsThatWait, language: str, sentence: str
) -> None:
    ask = Asker(client, language)
    answer = ask.post("/api/episodes/roue-libre/details", {"fields": {**FIELDS, "date": "demain"}})
    assert (answer.status_code, answer.json["field"]) == (422, "date")
    assert sentence in answer.json["error"]


@over_rows("body", [None, [], "x", {"fields": []}, {"fields": {"title": 3}}, {"names": 1}, {"token": 1}])
def test_an_invalid_form_is_refused(ask: Asker, library: Path, body: object) -> None:
    before = files(library)
    assert ask.post("/api/episodes/roue-libre/details", body).status_code in (400, 422)
    assert files(library) == before


def test_details_are_saved_and_shown(ask: Asker, jobs: JobsThatWait) -> None:
    answer = ask.post("/api/episodes/roue-libre/details", {"fields": FIELDS, "names": {}})
    assert (answer.json["title"], answer.json["show"]) == ("Un été", None)
    assert "Un été" in ask.client.get("/").text
    assert jobs.asked == []


def test_details_from_an_outdated_page_are_refused_once_and_then_saved(ask: Asker) -> None:
    url = "/api/episodes/roue-libre/details"
    known = re.findall('data-version="(.*?)"', ask.client.get("/episodes/roue-libre/details").text)[0]
    seen = ask.post(url, {"fields": FIELDS, "version": known}).json["version"]
    assert ask.post(url, {"fields": FIELDS, "version": seen}).status_code == 200
    refused = ask.post(url, {"fields": FIELDS, "version": known})
    assert (refused.status_code, "else changed these details" in refused.json["error"]) == (409, True)
    assert ask.post(url, {"fields": FIELDS, "version": refused.json["version"]}).status_code == 200


def test_a_running_alignment_restarts_with_new_details(ask: Asker, jobs: JobsThatWait) -> None:
    first = ask.post("/api/episodes/roue-libre/align").json["job"]
    ask.post("/api/episodes/roue-libre/details", {"fields": FIELDS, "names": {}})
    assert jobs.get(first).state == "cancelled"
    assert "--title=Un été" in jobs.asked[1].work.command()


def test_a_cover_is_served_as_its_picture_type_and_other_files_are_not(ask: Asker, library: Path) -> None:
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
    [before, now] = sorted((library / "roue-libre" / "versions").iterdir())
    assert (before.read_bytes(), now.read_bytes()) == (WORDS, b"Anna : Bonjour.\n")
    assert jobs.asked[0].work.command()[-1] == "transcript.txt"
    assert "Waiting for other jobs" in ask.client.get("/").text
    ask.post(f"/api/jobs/{answer.json['job']}/cancel")
    assert "has changed since" in ask.client.get("/").text


@over_rows(
    "language, apart, how",
    [
        (
            "en",
            "These words are not close together. First occurrence of each:",
            "in any order, a name and a colon for what one speaker says",
        ),
        ("fr", "Ces mots ne sont pas proches. Première occurrence de chacun\u00a0:", "«\u00a0entre guillemets\u00a0»"),
    ],
)
def test_a_search_marks_the_words_and_shows_speakers(ask: Asker, language: str, apart: str, how: str) -> None:
    def page(query: str) -> str:
        answer = ask.client.get("/search", query_string={"q": query}, headers={"Accept-Language": language})
        shown = re.sub("<script.*?</script>", "", answer.text, flags=re.DOTALL)  # which have sentences of other pages
        return html.unescape(shown)

    assert "<mark>vélo</mark> qui <mark>dort</mark>" in page("dort vélo")
    assert "<b><bdi><mark>Bastien Oriol</mark></bdi></b> Un <mark>vélo</mark>" in page("Bastien: vélo")
    assert apart not in page("Bastien: vélo")
    assert apart in page("bienvenue tandem")
    assert how in page("")


@over_rows(
    "query, tally",
    [
        ("velo", "4\u00a0results"),
        ("tandem", "1\u00a0result"),
        ("promenade", "4\u00a0results in 2\u00a0episodes"),
        ("roue libre en hiver", "1\u00a0episode matches by title or show"),
        ("libre", "1\u00a0result; 1\u00a0more episode matches by title or show"),
        ("radio hiver", "1\u00a0episode matches by title or show"),
    ],
)
def test_a_search_shows_its_number_of_hits(ask: Asker, library: Path, query: str, tally: str) -> None:
    shutil.copytree(library / "roue-libre", library / "other", dirs_exist_ok=True)
    for name, title, show in (("other", "Roue libre en hiver", "Radio"), ("roue-libre", "x", None)):
        (library / name / "episode.json").write_text(
            json.dumps({"format": "quotecast-episode", "version": 1, "title": title, "show": show})
        )
    if " in 2" not in tally:
        (library / "other" / "episode.alignment.json").unlink()
    ask.client.application.extensions["library"].changes += 1
    assert f'<p class="tally">{tally}</p>' in ask.client.get(f"/search?q={query}").text


def test_an_unsearchable_episode_is_named_with_a_remedy(ask: Asker, library: Path) -> None:
    plant(library / "summer", title="Un été")
    (plant(library / "winter", title="Un hiver") / "talk.alignment.json").write_text("{}", encoding="utf-8")
    page = ask.client.get("/search?q=vélos").text
    assert "Un été" in page
    assert "were not searched: their alignment is damaged or far too large. Align them again" in page
    assert '<a href="/episodes/winter/details">' in page


@pytest.fixture
def many(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A library of eight episodes, of which a page shows three."""
    for day in range(1, 8):
        plant(library / f"day{day}", title=f"Vélo {day}", date=f"2099-03-0{day}")
    monkeypatch.setattr("web.library.library.ON_A_PAGE", 3)
    monkeypatch.setattr("web.search.answers.EPISODES", 3)
    return library


@over_rows(
    "language, place, before, after",
    [("en", "Episodes 4 to 6 of 8", "Previous", "Next"), ("fr", "Épisodes 4 à 6 sur 8", "Précédents", "Suivants")],
)
def test_a_long_list_shows_its_page_and_links_to_the_next(
    client: FlaskClient, many: Path, language: str, place: str, before: str, after: str
) -> None:
    page = client.get("/?page=2", headers={"Accept-Language": language}).text
    assert [f'id="row-day{day}"' in page for day in (5, 4, 3, 2, 1)] == [False, True, True, True, False]
    assert place in page
    assert f'rel="prev" href="/?page=1&amp;sort=date">{before}<' in page
    assert f'rel="next" href="/?page=3&amp;sort=date">{after}<' in page


def test_all_hits_in_one_episode_are_listed_on_their_own_page(client: FlaskClient, library: Path) -> None:
    plant(library / "hay", "A: Du foin.\n\nB: Du foin.\n\n" * 125)
    page = client.get("/search?q=foin").text
    assert '<a href="/search?episode=hay&amp;q=foin&amp;sort=date">All 250\u00a0results in this episode</a>' in page
    listed = [client.get(f"/search?q=foin&episode=hay&page={number}").text for number in (1, 2, 3, 99)]
    assert [page.count("<mark>") for page in listed] == [100, 100, 50, 50]
    assert "250\u00a0results" in listed[0]
    assert "Nothing found for “paille”" in client.get("/search?q=paille&episode=hay").text


def test_a_search_is_limited_to_a_show_and_dates(client: FlaskClient, library: Path) -> None:
    shutil.rmtree(library / "roue-libre")
    for day, show in (("2025-03-01", "Roue"), ("2025-03-02", "Roue & <b>"), ("2025-04-01", "Roue")):
        plant(library / day, title=f"Le {day}", show=show, date=day)

    def found(**narrowing: str) -> list[str]:
        page = client.get("/search", query_string={"q": "vélos", **narrowing}).text
        return re.findall(r"/episodes/([^\"]+)\"><bdi", page)

    every = ["2025-04-01", "2025-03-02", "2025-03-01"]
    assert found() == found(show="", **{"from": "", "to": "x"}) == every
    assert found(show="Roue") == ["2025-04-01", "2025-03-01"]
    assert found(show="Roue & <b>") == ["2025-03-02"]
    assert found(**{"from": "2025-03-02"}) == every[:2]
    assert found(to="2025-03-02") == found(to="2025-03") == every[1:]
    assert found(show="Roue", **{"from": "2025-03-02", "to": "2025-03-31"}) == []
    page = client.get("/search", query_string={"q": "vélos", "show": "Roue & <b>"}).text
    assert re.search("<option value=[^>]* selected>Roue &amp; &lt;b&gt;</option>", page)
