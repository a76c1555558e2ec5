"""Details, transcripts and whole episodes changed, and nothing that anyone made lost."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from aligner.errors import OutputError
from aligner.model import Kind
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.following import are_behind
from aligner.storage.history import changed, open_history
from aligner.storage.undoing import undoable
from aligner.storage.versions import versions_in
from aligner.transcript.retexting import Paragraph, retexted
from tests.changes import before_moving
from tests.tables import over_rows
from tests.web.library.shelved import plant, tree
from web.errors import Conflict, NotFound
from web.library import (
    EpisodeForm,
    EpisodeProblem,
    Library,
    Unusable,
    edit,
    labels_of,
    remove,
    replace_transcript,
    restore,
)
from web.library.folders import ids_of
from web.library.incoming import Staged
from web.page.aligning import alignment_of

FIELDS = {
    "title": "Autre titre",
    "show": "Roue libre",
    "date": "2025-03-15",
    "url": "https://example.org",
    "language": "",
}


@pytest.fixture
def folder(library: Library) -> Path:
    return plant(library.root / "summer")


def staged(tmp_path: Path, name: str, text: str) -> Staged:
    path = tmp_path / "staged" / name
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return Staged(path.parent, None, path, None)


def test_details_are_saved_in_episode_json_and_in_the_alignment(library: Library, folder: Path) -> None:
    before = tree(folder)
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    details = library.episode("summer").details
    assert (details.title, details.url, details.speakers) == (
        "Autre titre", "https://example.org", ("Anna Weber", "Bob Ross"),
    )  # fmt: skip
    described = read_alignment(folder / "talk.alignment.json").episode
    assert (described.title, described.show, described.date) == ("Autre titre", "Roue libre", "2025-03-15")
    after = tree(folder)
    assert {name for name in before if before[name] != after[name]} == {"talk.alignment.json"}


def test_the_guid_of_the_feeds_item_stays_where_details_are_saved_and_goes_with_the_next_alignment(
    library: Library, folder: Path
) -> None:
    path = folder / "talk.alignment.json"
    stored = read_alignment(path)
    path.write_text(to_text(replace(stored, episode=replace(stored.episode, guid="urn:1"))), encoding="utf-8")
    for title in ("Autre titre", "Encore un autre"):
        edit(library.episode("summer"), EpisodeForm(FIELDS | {"title": title}, {}))
        assert (read_alignment(path).episode.title, read_alignment(path).episode.guid) == (title, "urn:1")
    assert json.loads((folder / "episode.json").read_text(encoding="utf-8"))["guid"] == "urn:1"
    assert "--guid=urn:1" in alignment_of(library.episode("summer")).command()
    path.unlink()
    assert library.episode("summer").details.guid == "urn:1"


def test_a_speaker_is_shown_by_another_name_everywhere_and_the_transcript_stays(library: Library, folder: Path) -> None:
    text = (folder / "talk.txt").read_bytes()
    edit(library.episode("summer"), EpisodeForm(FIELDS, {"Bob Ross": "Robert Ross"}))
    alignment = read_alignment(folder / "talk.alignment.json")
    assert {s.segment.speaker for s in alignment.segments} == {"Anna Weber", "Robert Ross", None}
    assert "<v Robert Ross>" in (folder / "talk.vtt").read_text(encoding="utf-8")
    assert (folder / "talk.txt").read_bytes() == text
    assert alignment.transcript.text == text.decode()
    assert labels_of(library.episode("summer")) == {"Anna Weber": "Anna Weber", "Bob Ross": "Robert Ross"}


def test_where_there_is_a_history_details_are_a_change_of_it(library: Library, folder: Path) -> None:
    path = folder / "talk.alignment.json"
    path.with_name("talk.srt").write_text("of before", encoding="utf-8")
    begun(path)
    edit(library.episode("summer"), EpisodeForm(FIELDS, {"Bob Ross": "Robert"}), who="Ada")
    history = open_history(path)
    assert [(change.kind, change.who) for change in history.changes] == [
        ("begun", ""),
        ("place", ""),
        ("details", "Ada"),
    ]
    assert history.alignment.episode.title == library.episode("summer").details.title == "Autre titre"
    assert "Robert" in {timed.segment.speaker for timed in history.alignment.segments}
    assert not are_behind(path)
    assert "Robert" in (folder / "talk.srt").read_text(encoding="utf-8")
    assert undoable(history, "Ada") is None
    edit(library.episode("summer"), EpisodeForm(FIELDS, {"Bob Ross": "Robert"}))
    assert len(open_history(path).changes) == 3


def begun(path: Path) -> None:
    """Begin the history of an alignment by a word that is pinned."""
    history = open_history(path)
    first, *others = history.alignment.words
    pinned = replace(history.alignment, words=(replace(first, pinned=True), *others))
    changed(history, pinned, {"kind": "place"}, "")


def test_two_speakers_who_became_one_come_apart_again(library: Library, folder: Path) -> None:
    edit(library.episode("summer"), EpisodeForm(FIELDS, {"Bob Ross": "Anna Weber"}))
    assert library.episode("summer").details.speakers == ("Anna Weber",)
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    speakers = {s.segment.speaker for s in read_alignment(folder / "talk.alignment.json").segments}
    assert speakers == {"Anna Weber", "Bob Ross", None}


def test_what_others_wrote_into_episode_json_stays(library: Library, folder: Path) -> None:
    said = {"format": "quotecast-episode", "version": 1, "title": "x", "guest_fee": 50}
    (folder / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    assert json.loads((folder / "episode.json").read_text(encoding="utf-8"))["guest_fee"] == 50


def test_an_episode_json_that_is_not_ours_is_kept_beside_the_new_one(library: Library, folder: Path) -> None:
    (folder / "episode.json").write_text("my notes", encoding="utf-8")
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    assert (folder / "episode.json.bak").read_text(encoding="utf-8") == "my notes"
    assert library.episode("summer").problem is None


def test_details_of_an_episode_with_a_damaged_alignment_can_be_edited(library: Library, folder: Path) -> None:
    (folder / "talk.alignment.json").write_text("{}")
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    episode = library.episode("summer")
    assert (episode.title, episode.problem) == ("Autre titre", EpisodeProblem.ALIGNMENT)


@pytest.mark.parametrize("name", ["talk.vtt", "episode.json"])
def test_an_edit_that_cannot_be_finished_changes_nothing(
    library: Library, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    for colour, path in (("red", folder / "cover.png"), ("blue", tmp_path / "new.png")):
        Image.new("RGB", (8, 8), colour).save(path)
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    before = tree(folder)

    def refuse(source: Path, target: Path) -> None:
        if target.name == name and source.read_bytes() != before.get(name):
            raise PermissionError(13, "held by another program", str(target))

    before_moving(monkeypatch, refuse)
    form = EpisodeForm({**FIELDS, "title": "Encore un"}, {"Bob Ross": "Robert Ross"})
    with pytest.raises(OutputError, match="held by another program"):
        edit(library.episode("summer"), form, tmp_path / "new.png")
    assert tree(folder) == before
    monkeypatch.undo()
    edit(library.episode("summer"), form, tmp_path / "new.png")
    assert {*tree(folder)} == {*before, "talk.vtt", "talk.srt", "cover.png.bak"}


def test_each_transcript_that_is_replaced_is_kept(library: Library, folder: Path, tmp_path: Path) -> None:
    first = (folder / "talk.txt").read_text(encoding="utf-8")
    for number in (2, 3):
        replace_transcript(library.episode("summer"), staged(tmp_path, "talk.txt", f"Cara Lee: Version {number}.\n"))
    assert (folder / "talk.txt").read_text(encoding="utf-8") == "Cara Lee: Version 3.\n"
    kept = [version.content().decode("utf-8") for version in versions_in(folder)]
    assert kept == [first, "Cara Lee: Version 2.\n", "Cara Lee: Version 3.\n"]
    assert not list(folder.glob("*.bak*"))
    assert library.episode("summer").details.speakers == ("Cara Lee",)


def test_a_transcript_of_another_name_leaves_the_old_one_where_it_is(
    library: Library, folder: Path, tmp_path: Path
) -> None:
    replace_transcript(
        library.episode("summer"), staged(tmp_path, "talk.vtt", "WEBVTT\n\n00:00.000 --> 00:01.000\nHi.\n")
    )
    episode = library.episode("summer")
    assert episode.transcript
    assert episode.transcript.name == "talk transcript.vtt"
    assert (folder / "talk.txt").exists()


def test_names_of_speakers_survive_a_new_transcript(library: Library, folder: Path, tmp_path: Path) -> None:
    edit(library.episode("summer"), EpisodeForm(FIELDS, {"Bob Ross": "Robert", "Anna Weber": "Anne"}))
    replace_transcript(library.episode("summer"), staged(tmp_path, "talk.txt", "Bob Ross: Hello.\n\nCara Lee: Hi.\n"))
    details = library.episode("summer").details
    assert (dict(details.names), details.speakers) == ({"Bob Ross": "Robert"}, ("Robert", "Cara Lee"))


def test_a_transcript_that_cannot_be_read_changes_nothing(library: Library, folder: Path, tmp_path: Path) -> None:
    before = tree(folder)
    with pytest.raises(Unusable):
        replace_transcript(library.episode("summer"), staged(tmp_path, "talk.txt", "   "))
    assert tree(folder) == before


def test_a_removed_episode_lies_whole_in_the_trash_and_comes_back(library: Library, folder: Path) -> None:
    episode, before = library.episode("summer"), tree(folder)
    token = remove(library, episode)
    assert library.episodes() == []
    assert tree(library.root / "trash" / "summer") == before
    assert restore(library, token) == episode
    assert tree(folder) == before
    with pytest.raises(NotFound):
        restore(library, token)


def test_removing_and_restoring_never_replaces_another_episode(library: Library, folder: Path) -> None:
    first = remove(library, library.episode("summer"))
    plant(library.root / "summer", title="The second")
    second = remove(library, library.episode("summer"))
    plant(library.root / "summer", title="The third")
    assert restore(library, first).title == "Un été"
    assert restore(library, second).title == "The second"
    assert {episode.title for episode in library.episodes()} == {"Un été", "The second", "The third"}


@over_rows("name", ["clips", "jobs", "trash"])
def test_what_comes_back_has_no_name_that_a_library_keeps_for_something_else(library: Library, name: str) -> None:
    plant(library.root)
    plant(library.root / "trash" / name)
    (token,) = ids_of([library.root / "trash" / name])
    assert restore(library, token).folder == library.root / f"{name} episode"


@over_rows("token", ["..", "../summer", "\0", "summer/"])
def test_a_token_of_the_trash_is_no_path(library: Library, folder: Path, token: str) -> None:
    (library.root / "trash").mkdir(exist_ok=True)
    with pytest.raises(NotFound):
        restore(library, token)


def test_the_library_itself_cannot_be_removed_and_its_work_goes_on(library: Library) -> None:
    plant(library.root)
    ended: list[Path] = []
    with pytest.raises(Conflict):
        remove(library, library.episode("quotecast"), ended.append)
    assert not ended


def test_work_is_ended_before_its_folder_goes(library: Library, folder: Path) -> None:
    ended: list[bool] = []
    remove(library, library.episode("summer"), lambda place: ended.append(place == folder and place.is_dir()))
    assert ended == [True]


def test_what_was_sent_is_not_trusted_for_having_been_edited(library: Library, folder: Path) -> None:
    """Those that we have written may name files elsewhere; so nothing of that is written again."""
    alignment = folder / "talk.alignment.json"
    said = json.loads(alignment.read_text(encoding="utf-8"))
    said["episode"]["cover"] = "../../private.jpg"
    said["audio"]["file"], said["transcript"]["file"] = "../../private/talk.wav", "/home/me/talk.txt"
    alignment.write_text(json.dumps(said), encoding="utf-8")
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    written = read_alignment(alignment)
    assert written.episode.title == "Autre titre"
    assert (written.episode.cover, written.audio.file, written.transcript.file) == (None, "talk.wav", "talk.txt")


def test_a_cover_that_is_taken_away_is_kept_under_another_name(library: Library, folder: Path) -> None:
    (folder / "photo.png").write_bytes(b"no picture")
    (folder / "cover.jpg").write_bytes(b"nor this")
    said = {"format": "quotecast-episode", "version": 1, "cover": "photo.png"}
    (folder / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    assert library.episode("summer").details.cover == "photo.png"
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}, keeps_cover=False))
    assert library.episode("summer").details.cover is None
    assert read_alignment(folder / "talk.alignment.json").episode.cover is None
    kept = {path.name: path.read_bytes() for path in folder.iterdir() if path.stem in ("photo.png", "cover.jpg")}
    assert kept == {"photo.png.bak": b"no picture", "cover.jpg.bak": b"nor this"}
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    assert library.episode("summer").details.cover is None


def test_speakers_that_a_person_set_are_not_undone_by_details(library: Library, folder: Path) -> None:
    path = folder / "talk.alignment.json"
    history = open_history(path)
    before = history.alignment.transcript
    at = next(k for k, segment in enumerate(before.segments) if segment.speaker == "Bob Ross")
    text = before.text[before.segments[at].char_start : before.segments[at].char_end]
    transcript = retexted(before, range(at, at + 1), [Paragraph(Kind.SPEECH, "Zoé Li", text)])
    segments = tuple(
        replace(t, segment=s) for t, s in zip(history.alignment.segments, transcript.segments, strict=True)
    )
    words = tuple(replace(t, word=w) for t, w in zip(history.alignment.words, transcript.words, strict=True))
    new = replace(history.alignment, transcript=transcript, segments=segments, words=words)
    changed(history, new, {"kind": "text"}, "Ada")

    episode = library.episode("summer")
    labels = labels_of(episode)
    assert labels["Zoé Li"] == "Zoé Li"
    edit(episode, EpisodeForm(FIELDS, {**labels, "Zoé Li": "Zoé L.", "Anna Weber": "Anna W."}))
    speakers = [segment.speaker for segment in read_alignment(path).transcript.segments]
    assert speakers[at] == "Zoé L."
    assert "Anna W." in speakers
    assert "Anna Weber" not in speakers
    assert library.episode("summer").details.names == {"Zoé Li": "Zoé L.", "Anna Weber": "Anna W."}
