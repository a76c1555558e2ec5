"""Details and transcripts are changed without losing anything."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from aligner.errors import OutputError
from aligner.model import Kind
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.history import changed, open_history
from aligner.storage.transcript_file import versions_in
from aligner.storage.undoing import undoable
from aligner.transcript.retexting import Paragraph, retexted
from tests.changes import before_moving
from tests.web.library.shelved import plant, tree
from web.errors import Unusable
from web.library import Library
from web.library.changing import EpisodeForm, edit, labels_of, replace_transcript
from web.library.episode import EpisodeProblem
from web.library.incoming import Staged
from web.page.aligning import alignment_job
from web.page.downloads import caption_text

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
    return Staged(path.parent, transcript=path)


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
    assert {"episode.json", "talk.history.jsonl"} <= after.keys()


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
    assert "--guid=urn:1" in alignment_job(library.episode("summer")).command()
    path.unlink()
    assert library.episode("summer").details.guid == "urn:1"


def test_a_speaker_is_shown_by_another_name_everywhere_and_the_transcript_stays(library: Library, folder: Path) -> None:
    text = (folder / "talk.txt").read_bytes()
    edit(library.episode("summer"), EpisodeForm(FIELDS, {"Bob Ross": "Robert Ross"}))
    alignment = read_alignment(folder / "talk.alignment.json")
    assert {s.segment.speaker for s in alignment.segments} == {"Anna Weber", "Robert Ross", None}
    assert "<v Robert Ross>" in caption_text(folder / "talk.alignment.json", "vtt")
    assert (folder / "talk.txt").read_bytes() == text
    assert alignment.transcript.text == text.decode()
    assert labels_of(library.episode("summer")) == {"Anna Weber": "Anna Weber", "Bob Ross": "Robert Ross"}


def test_details_are_a_change_of_the_history_that_nobody_undoes_by_accident(library: Library, folder: Path) -> None:
    path = folder / "talk.alignment.json"
    for _ in range(2):  # the second time nothing changes
        edit(library.episode("summer"), EpisodeForm(FIELDS, {"Bob Ross": "Robert"}), who="Ada")
        history = open_history(path)
        assert [(change.kind, change.who) for change in history.changes][1:] == [("details", "Ada")]
    assert history.alignment.episode.title == library.episode("summer").details.title == "Autre titre"
    assert "Robert" in {timed.segment.speaker for timed in history.alignment.segments}
    assert undoable(history, "Ada") is None


def test_another_programs_episode_json_is_kept_as_a_backup(library: Library, folder: Path) -> None:
    (folder / "episode.json").write_text("my notes", encoding="utf-8")
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    assert (folder / "episode.json.bak").read_text(encoding="utf-8") == "my notes"
    assert library.episode("summer").problem is None


def test_details_of_an_episode_with_a_damaged_alignment_can_be_edited(library: Library, folder: Path) -> None:
    (folder / "talk.alignment.json").write_text("{}")
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    episode = library.episode("summer")
    assert (episode.title, episode.problem) == ("Autre titre", EpisodeProblem.ALIGNMENT)


def test_an_edit_that_cannot_be_written_leaves_the_details_and_can_be_repeated(
    library: Library, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for colour, path in (("red", folder / "cover.png"), ("blue", tmp_path / "new.png")):
        Image.new("RGB", (8, 8), colour).save(path)
    before = tree(folder)

    def refuse(_source: Path, target: Path) -> None:
        if target.name == "episode.json":
            raise PermissionError(13, "held by another program", str(target))

    before_moving(monkeypatch, refuse)
    with pytest.raises(OutputError, match="held by another program"):
        edit(library.episode("summer"), EpisodeForm(FIELDS), tmp_path / "new.png")
    others = {name: content for name, content in before.items() if name != "cover.png"}
    assert others.items() <= tree(folder).items()
    monkeypatch.undo()
    edit(library.episode("summer"), EpisodeForm(FIELDS), tmp_path / "new.png")
    assert (folder / "cover.png.bak").read_bytes() == before["cover.png"]
    assert library.episode("summer").title == "Autre titre"


def test_each_transcript_that_is_replaced_is_kept(library: Library, folder: Path, tmp_path: Path) -> None:
    first = (folder / "talk.txt").read_text(encoding="utf-8")
    for number in (2, 3):
        replace_transcript(library.episode("summer"), staged(tmp_path, "talk.txt", f"Cara Lee: Version {number}.\n"))
    assert (folder / "talk.txt").read_text(encoding="utf-8") == "Cara Lee: Version 3.\n"
    kept = [version.content().decode("utf-8") for version in versions_in(folder)]
    assert kept == [first, "Cara Lee: Version 2.\n", "Cara Lee: Version 3.\n"]
    assert not list(folder.glob("*.bak*"))
    assert library.episode("summer").details.speakers == ("Cara Lee",)


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


def test_a_cover_outside_of_the_folder_is_dropped(library: Library, folder: Path) -> None:
    alignment = folder / "talk.alignment.json"
    said = json.loads(alignment.read_text(encoding="utf-8"))
    said["episode"]["cover"] = "../../private.jpg"
    alignment.write_text(json.dumps(said), encoding="utf-8")
    edit(library.episode("summer"), EpisodeForm(FIELDS, {}))
    written = read_alignment(alignment)
    assert written.episode.title == "Autre titre"
    assert written.episode.cover is None


def test_a_removed_cover_is_kept_as_a_backup(library: Library, folder: Path) -> None:
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
