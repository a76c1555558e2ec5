"""An episode is made whole or not at all."""

import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from tests.tables import over_rows
from tests.web.library.shelved import TALK, plant, tree, write_sound
from web.errors import Unusable
from web.languages import LANGUAGES
from web.library import Details, Library
from web.library.changing import EpisodeForm, add_sample, create, make_episode, transcript_name
from web.library.incoming import Incoming

FORM = EpisodeForm({"title": "Un été", "show": "Roue libre", "date": "2025-03-15", "url": "", "language": "fr"}, {})


@pytest.fixture
def sound(tmp_path: Path) -> bytes:
    return write_sound(tmp_path / "a.wav").read_bytes()


@pytest.fixture
def token(incoming: Incoming, sound: bytes) -> str:
    token = incoming.open()
    send(incoming, token, "audio", "talk.wav", sound)
    send(incoming, token, "transcript", "talk.txt", TALK.encode())
    return token


def send(incoming: Incoming, token: str, kind: str, name: str, content: bytes) -> None:
    incoming.receive(token, kind, name, io.BytesIO(content), len(content))


def visible(library: Library) -> list[str]:
    return [p.name for p in library.root.iterdir() if not p.name.startswith(".")]


def test_an_upload_becomes_a_folder_of_plain_files(
    library: Library, incoming: Incoming, token: str, sound: bytes
) -> None:
    send(incoming, token, "cover", "x.png", _picture("JPEG"))
    episode = create(library, incoming, token, EpisodeForm(FORM.fields, {"Bob Ross": "Robert"}))
    assert (episode.is_waiting, episode.title, episode.problem) == (True, "Un été", None)
    assert library.episodes() == [episode]
    files = tree(library.root / "Un été")
    assert files.keys() == {"talk.wav", "talk.txt", "cover.jpg", "episode.json"}
    assert (files["talk.wav"], files["talk.txt"]) == (sound, TALK.encode())
    assert json.loads(files["episode.json"]) == {
        "format": "quotecast-episode", "version": 1, "title": "Un été", "show": "Roue libre", "date": "2025-03-15",
        "url": None, "language": "fr", "cover": "cover.jpg", "speakers": ["Anna Weber", "Robert"],
        "names": {"Bob Ross": "Robert"}, "audio": "talk.wav", "transcript": "talk.txt",
        "guid": None, "vocabulary": [],
    }  # fmt: skip
    assert list((library.root / ".quotecast" / "incoming").iterdir()) == []
    assert [p.name for p in (library.root / ".quotecast").iterdir()] == ["incoming"]


def test_an_upload_without_sound_or_transcript_is_refused(library: Library, incoming: Incoming, sound: bytes) -> None:
    token = incoming.open()
    with pytest.raises(Unusable) as refused:
        create(library, incoming, token, FORM)
    assert refused.value.field == "audio"
    send(incoming, token, "audio", "talk.wav", sound)
    with pytest.raises(Unusable) as refused:
        create(library, incoming, token, FORM)
    assert refused.value.field == "transcript"
    assert visible(library) == []


def test_an_unusable_upload_stays_and_creates_no_episode(library: Library, incoming: Incoming, token: str) -> None:
    staged = tree(library.root)
    with pytest.raises(Unusable):
        create(library, incoming, token, EpisodeForm({**FORM.fields, "date": "yesterday"}))
    assert tree(library.root) == staged
    send(incoming, token, "cover", "x.jpg", b"<svg onload=alert(1)>")
    with pytest.raises(Unusable) as refused:
        create(library, incoming, token, FORM)
    assert refused.value.key == "upload.no_picture"
    send(incoming, token, "audio", "talk.mp3", b"no sound at all")
    with pytest.raises(Unusable) as refused:
        create(library, incoming, token, FORM)
    send(incoming, token, "transcript", "talk.txt", b"%PDF-1.4")
    with pytest.raises(Unusable):
        create(library, incoming, token, FORM)
    assert refused.value.field == "audio"
    assert "talk.mp3: is not audio" in str(refused.value.values["reason"])
    assert visible(library) == []


@over_rows(
    "audio, transcript, name",
    [
        ("roue.mp3", "roue.txt", "roue.txt"),
        ("roue.mp3", "roue.srt", "roue transcript.srt"),
        ("roue.mp3", "ROUE.VTT", "ROUE transcript.VTT"),
        ("roue.mp3", "episode.json", "episode transcript.json"),
        ("a.mp4", "a.mp4", "a transcript.mp4"),
    ],
)
def test_a_transcript_never_has_the_name_of_a_file_that_the_app_writes(audio: str, transcript: str, name: str) -> None:
    assert transcript_name(audio, transcript) == name


def test_folders_of_new_episodes_are_unique_and_listed(library: Library) -> None:
    titles = ("Trash", "clips", "clips", "..", "AC/DC", "../..")
    made = [make_episode(library, {}, Details(title), ("talk.wav", None)).folder.name for title in titles]
    assert made == ["Trash episode", "clips episode", "clips episode 2", "episode", "AC-DC", "-"]


@pytest.mark.nightly
@settings(max_examples=25, deadline=None)
@given(title=st.text(st.characters(), min_size=1, max_size=300))
def test_an_episode_of_any_title_is_found_again(tmp_path_factory: pytest.TempPathFactory, title: str) -> None:
    root = tmp_path_factory.mktemp("library")
    library, incoming = Library(root), Incoming(root, 1_000_000)
    token = incoming.open()
    send(incoming, token, "audio", "talk.wav", write_sound(root / ".quotecast" / "a.wav").read_bytes())
    send(incoming, token, "transcript", "talk.txt", TALK.encode())
    episode = create(library, incoming, token, EpisodeForm({"title": f"{title}."}))
    assert library.episodes() == [library.episode(episode.id)]


def test_the_sample_is_an_episode_that_waits(library: Library) -> None:
    plant(library.root / "another")
    made = {language: add_sample(library, language) for language in LANGUAGES}
    assert {language: (episode.is_waiting, episode.details.show) for language, episode in made.items()} == {
        "fr": (True, "Roue libre"),
        "en": (True, "Night Shift"),
    }
    assert [len(made[language].details.speakers) for language in ("fr", "en")] == [3, 2]
    assert len(library.episodes()) == 3


def _picture(format: str) -> bytes:
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, format)
    return file.getvalue()
