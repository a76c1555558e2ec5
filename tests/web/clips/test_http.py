"""Requests for clips over HTTP."""

import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path

import av
import pytest
from flask.testing import FlaskClient
from PIL import Image
from werkzeug.test import TestResponse

from tests.tables import over_rows
from tests.web.asking import Asker
from web.routes import clips

EPISODE = "/api/episodes/roue-libre"


@pytest.fixture
def clip(library: Path) -> Path:
    """A clip of the episode, with a text beside it."""
    folder = library / "roue-libre" / "clips"
    folder.mkdir()
    (folder / "bonjour.mp3").write_bytes(b"sound")
    (folder / "bonjour.txt").write_text("Bonjour", encoding="utf-8")
    (folder / "bonjour.html").write_text("<script>alert(1)</script>", encoding="utf-8")
    return folder / "bonjour.mp3"


def clip_id(client: FlaskClient) -> str:
    return str(client.get(f"{EPISODE}/clips").get_json()["clips"][0]["id"])


def test_the_preview_reports_edges_and_wording(send: Callable[..., TestResponse]) -> None:
    told = send("POST", f"{EPISODE}/clips/preview", {"first": 23, "last": 29, "shape": "square"}).get_json()
    assert told["text"] == "Bonjour et bienvenue dans «\u00a0Roue libre\u00a0»"
    quoted = told["end"] - told["start"]
    assert quoted + 1.5 <= told["duration"] <= quoted + 1.5 + 0.64  # with its end card, and frames that hold
    assert told["wording"].replace("\n", " ") == told["text"]
    assert "ends-inside-sentence" in [caution["kind"] for caution in told["cautions"]]


@pytest.mark.nightly
def test_frame_and_audio_previews_have_their_media_types(send: Callable[..., TestResponse]) -> None:
    still = send("POST", f"{EPISODE}/clips/still", {"first": 20, "last": 23, "shape": "landscape"})
    assert (still.mimetype, still.data[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    sound = send("POST", f"{EPISODE}/clips/sound", {"first": 20, "last": 23, "format": "wav"})
    assert (sound.mimetype, sound.data[:3]) == ("audio/mpeg", b"ID3")


@pytest.mark.nightly
def test_the_video_preview_has_the_requested_length(send: Callable[..., TestResponse]) -> None:
    wanted, address = {"first": 20, "last": 23, "shape": "square"}, f"{EPISODE}/clips/moving"
    moving = send("POST", f"{address}?seconds=1", wanted)
    assert (moving.mimetype, moving.data[4:8]) == ("video/mp4", b"ftyp")
    with av.open(io.BytesIO(moving.data)) as video:
        assert video.duration == pytest.approx(1e6, abs=1e5)
    for seconds in ("0", "nan", "91", "-1"):
        assert send("POST", f"{address}?seconds={seconds}", wanted).status_code == 400


def test_video_previews_do_not_block_other_previews(
    send: Callable[..., TestResponse], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.routes.clips.MAX_WAIT", 0.01)
    wanted = {"first": 20, "last": 23, "shape": "square"}
    with clips._rendering_video:
        assert send("POST", f"{EPISODE}/clips/moving", wanted).status_code == 503
        assert send("POST", f"{EPISODE}/clips/preview", wanted).status_code == 200


def test_an_unusable_cover_is_refused_before_a_job_starts(send: Callable[..., TestResponse], library: Path) -> None:
    (library / "roue-libre" / "audiogram cover.png").write_bytes(b"no picture")
    wanted = {"first": 20, "last": 23, "cover": "audiogram cover.png"}
    audiogram = {"exports": [wanted | {"shape": shape} for shape in ("square", "portrait")]}
    for address, asked in (("clips", audiogram), ("clips/preview", wanted | {"shape": "square"})):
        refused = send("POST", f"{EPISODE}/{address}", asked)
        assert refused.status_code == 422
        assert "audiogram cover.png" in refused.get_json()["error"]
    assert send("GET", f"{EPISODE}/clips").get_json()["jobs"] == []


def test_an_uploaded_picture_becomes_a_cover_for_audiograms(client: FlaskClient, library: Path) -> None:
    ask, file = Asker(client), io.BytesIO()
    Image.new("RGB", (64, 64), "teal").save(file, "PNG")
    told = ask.post(f"{EPISODE}/clips/cover/{ask.upload(cover=('Mon image.jpg', file.getvalue()))}")
    assert told.json == {"cover": "audiogram cover.png"}
    assert (library / "roue-libre" / "audiogram cover.png").read_bytes() == file.getvalue()
    wanted = {"first": 20, "last": 23, "shape": "square"}
    plain, covered = (
        ask.post(f"{EPISODE}/clips/still", wanted | {"cover": c}).data for c in ("none", told.json["cover"])
    )
    assert plain != covered
    look = ask.post(f"{EPISODE}/clips/preview", wanted | told.json).json["style"]
    assert (look["cover"], look["own_cover"]) == ("audiogram cover.png", False)
    assert ask.post(f"{EPISODE}/clips/cover/{ask.upload()}").status_code == 409
    assert ask.post(f"{EPISODE}/clips/cover/{'0' * 32}").status_code == 404


@over_rows("query", ["", "from=5&to=1&columns=9", "from=nan&to=5&columns=9", "from=0&to=5&columns=99999"])
def test_an_invalid_passage_is_refused(client: FlaskClient, query: str) -> None:
    assert client.get(f"{EPISODE}/stretch?{query}").status_code == 400


def test_peaks_of_a_passage_are_sent(client: FlaskClient) -> None:
    told = client.get(f"{EPISODE}/stretch?from=0&to=10&columns=100").get_json()
    assert len(told["peaks"]) == 100
    assert max(told["peaks"]) == 255


@over_rows("name", ["../../quotes.json", "..%2f..%2fquotes.json", "%2e%2e/roue-libre/quotes.json", "quotes.json"])
def test_only_a_clips_own_files_are_sent(client: FlaskClient, clip: Path, name: str) -> None:
    (clip.parent.parent / "quotes.json").write_text("{}")
    assert client.get(f"/episodes/roue-libre/clips/{clip_id(client)}/{name}").status_code == 404


def test_a_clip_plays_and_its_other_files_are_downloads(client: FlaskClient, clip: Path) -> None:
    address = f"/episodes/roue-libre/clips/{clip_id(client)}"
    with client.get(f"{address}/bonjour.mp3", headers={"Range": "bytes=1-2"}) as played:
        assert (played.status_code, played.data) == (206, b"ou")
        assert played.headers["Content-Disposition"] == "inline; filename=bonjour.mp3"
    for name in ("bonjour.html", "bonjour.mp3?download"):
        with client.get(f"{address}/{name}") as sent:
            assert sent.headers["Content-Disposition"].startswith("attachment")


def test_a_zip_contains_the_chosen_clips_or_all(client: FlaskClient, clip: Path) -> None:
    clip.with_suffix(".mp4").write_bytes(b"video")  # a clip of its own
    clip.with_name("other.mp3").write_bytes(b"other")
    ids = {each["name"]: each["id"] for each in client.get(f"{EPISODE}/clips").get_json()["clips"]}

    def names(query: str) -> list[str]:
        answer = client.get(f"/episodes/roue-libre/clips.zip{query}", headers={"Accept-Language": "fr"}, buffered=True)
        assert answer.headers["Content-Disposition"].endswith('Une promenade qui attend - extraits.zip"')
        return sorted(zipfile.ZipFile(io.BytesIO(answer.data)).namelist())

    assert names(f"?clip={ids['bonjour.mp3']}") == ["bonjour.html", "bonjour.mp3", "bonjour.txt"]
    assert names(f"?clip={ids['bonjour.mp4']}&clip={ids['other.mp3']}") == [
        "bonjour.html", "bonjour.mp4", "bonjour.txt", "other.mp3",
    ]  # fmt: skip
    assert client.get("/episodes/roue-libre/clips.zip?clip=another").status_code == 404
    assert names("") == ["bonjour.html", "bonjour.mp3", "bonjour.mp4", "bonjour.txt", "other.mp3"]


def test_missing_audio_is_reported_as_such(client: FlaskClient, library: Path) -> None:
    asker, wanted = Asker(client), {"first": 20, "last": 23}
    details = json.dumps({"format": "quotecast-episode", "version": 1, "audio": "episode.mp3"})
    (library / "roue-libre" / "episode.json").write_text(details, encoding="utf-8")
    (library / "roue-libre" / "episode.mp3").rename(library.parent / "episode.mp3")
    for path, asked in (("clips/preview", wanted), ("clips", {"exports": [wanted]})):
        answer = asker.post(f"{EPISODE}/{path}", asked)
        assert answer.status_code == 404
        assert answer.json["error"] == "This episode’s audio is not in its folder."
