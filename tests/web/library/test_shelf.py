"""Which folders are episodes, what of them, and how they are listed."""

import json
import os
import unicodedata
from pathlib import Path
from typing import Literal

import pytest

from aligner.model import Verdict
from media.confinement import is_folder
from tests.tables import over_rows
from tests.web.library.shelved import TALK, plant, write_sound
from web.library import EpisodeProblem, EpisodeState, Library, page_of
from web.library.digests import digest_of

KINDS = {"audio": "wav", "transcript": "txt"}


def test_a_folder_that_is_copied_in_is_an_episode(library: Library) -> None:
    plant(library.root / "summer", title="Un été", show="Roue libre", date="2025-03-15")
    (episode,) = library.episodes()
    assert (episode.id, episode.state, episode.problem) == ("summer", EpisodeState.ALIGNED, None)
    assert (episode.title, episode.details.show, episode.details.date) == ("Un été", "Roue libre", "2025-03-15")
    assert episode.details.language == "fr"
    assert [p and p.name for p in (episode.audio, episode.transcript, episode.alignment)] == [
        "talk.wav", "talk.txt", "talk.alignment.json",
    ]  # fmt: skip


def test_the_library_itself_may_be_an_episode_beside_those_in_it(library: Library) -> None:
    plant(library.root, title="The root")
    plant(library.root / "another")
    for within in ("clips", "jobs", "trash"):  # what an episode's own folder holds is no episode
        plant(library.root / within)
    assert [episode.id for episode in library.episodes()] == ["quotecast", "another"]
    assert library.episode("quotecast").folder == library.root


def test_a_sound_waits_for_its_transcript_and_both_to_be_aligned(library: Library) -> None:
    write_sound(library.root / "new" / "show.wav")
    (episode,) = library.episodes()
    assert (episode.state, episode.problem) == (EpisodeState.INCOMPLETE, EpisodeProblem.TRANSCRIPT)
    (library.root / "new" / "words.docx").write_bytes(b"PK")
    (episode,) = library.episodes()
    assert episode.state is EpisodeState.WAITING
    assert episode.title == "new"
    assert episode.transcript == library.root / "new" / "words.docx"


def test_captions_are_a_transcript_only_where_nothing_else_is(library: Library) -> None:
    folder = write_sound(library.root / "new" / "show.wav").parent
    (folder / "show.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello.\n", encoding="utf-8")
    assert library.episode("new").transcript == folder / "show.srt"
    (folder / "words.md").write_text("A: Hello.\n", encoding="utf-8")
    assert library.episode("new").transcript == folder / "words.md"


def test_of_several_sounds_the_aligned_one_counts_and_more_are_told(library: Library) -> None:
    folder = plant(library.root / "season", name="two")
    write_sound(folder / "one.wav")
    assert library.episode("season").audio == folder / "two.wav"
    assert library.episode("season").problem is None
    plant(folder, name="one")
    assert library.episode("season").problem is EpisodeProblem.SEVERAL


def test_an_alignment_whose_sound_is_elsewhere_is_told_whatever_lies_beside_it(library: Library) -> None:
    folder = plant(library.root / "words", name="talk", title="Un été")
    (folder / "talk.wav").rename(library.root / "loose.wav")
    root, words = library.episodes()
    assert (root.folder, root.problem) == (library.root, EpisodeProblem.TRANSCRIPT)
    assert (words.id, words.alignment, words.problem, words.problem_file) == (
        "words",
        None,
        EpisodeProblem.AUDIO,
        "talk.wav",
    )


def test_hidden_folders_trash_and_folders_of_other_things_are_no_episodes(library: Library) -> None:
    for name in (".quotecast", ".git", "trash"):
        plant(library.root / name)
    (library.root / "pictures").mkdir()
    (library.root / "pictures" / "a.jpg").write_bytes(b"\xff\xd8")
    (library.root / "notes.txt").write_text("nothing")
    assert library.episodes() == []


def test_links_out_of_the_library_are_not_followed(library: Library, tmp_path: Path) -> None:
    outside = plant(tmp_path / "elsewhere")
    (library.root / "linked").symlink_to(outside)
    inside = plant(library.root / "here")
    (inside / "talk.alignment.json").unlink()
    (inside / "talk.alignment.json").symlink_to(outside / "talk.alignment.json")
    (inside / "cover.jpg").symlink_to(outside / "talk.txt")
    (episode,) = library.episodes()
    assert (episode.id, episode.alignment, episode.details.cover) == ("here", None, None)


@over_rows("name, kind", [("talk.wav", "link"), ("talk.alignment.json", "fifo"), ("episode.json", "nowhere")])
def test_what_may_not_be_opened_is_told_and_hides_no_other_episode(tmp_path: Path, name: str, kind: str) -> None:
    library = Library(tmp_path / "library")
    plant(library.root / "other")
    path = plant(library.root / "here") / name
    path.unlink(missing_ok=True)
    (tmp_path / "private").write_text("private", encoding="utf-8")
    if kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "private" if kind == "link" else "nowhere")
    here, other = library.episodes()
    assert (here.id, here.problem) == ("here", EpisodeProblem.REFUSED)
    assert (other.id, other.problem) == ("other", None)


def test_a_library_reached_by_a_link_is_read(library: Library, tmp_path: Path) -> None:
    plant(library.root / "summer")
    (tmp_path / "shortcut").symlink_to(library.root)
    assert [episode.id for episode in Library(tmp_path / "shortcut").episodes()] == ["summer"]
    (library.root / "out").symlink_to(tmp_path)
    assert not is_folder(tmp_path / "shortcut" / "out")


def test_what_episode_json_says_counts_and_where_it_is_silent_the_alignment_does(library: Library) -> None:
    folder = plant(library.root / "summer", title="From the alignment", show="A show", date="2025-03-15")
    said = {"format": "quotecast-episode", "version": 1, "title": "From a person", "date": None}
    (folder / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    details = library.episode("summer").details
    assert (details.title, details.show, details.date) == ("From a person", "A show", None)


@over_rows(
    "content",
    [
        b"", b"{", b"[]", b"\xff\xfe\x00", b"[" * 100_000, b'{"format": "other", "version": 1}',
        b'{"format": "quotecast-episode", "version": 2}', b'{"format": "quotecast-episode", "version": 1, "title": 3}',
        b'{"format": "quotecast-episode", "version": 1, "speakers": {"a": 1}}',
        b'{"format": "quotecast-episode", "version": 1, "names": ["a"]}',
    ],
)  # fmt: skip
def test_an_episode_json_that_is_not_ours_hides_nothing(library: Library, content: bytes) -> None:
    folder = plant(library.root / "summer", title="Un été")
    (folder / "episode.json").write_bytes(content)
    (episode,) = library.episodes()
    assert (episode.title, episode.state, episode.problem) == ("Un été", EpisodeState.ALIGNED, EpisodeProblem.DETAILS)


@over_rows("name", ["../talk.wav", "/etc/passwd", ".quotecast/x.wav", "sub/talk.wav", "gone.wav"])
def test_episode_json_names_no_file_outside_its_folder(library: Library, name: str) -> None:
    folder = plant(library.root / "summer")
    write_sound(library.root / "talk.wav")
    write_sound(folder / "sub" / "talk.wav")
    said = {"format": "quotecast-episode", "version": 1, "audio": name, "transcript": name, "cover": name}
    (folder / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    episode = library.episode("summer")
    assert (episode.audio, episode.transcript, episode.details.cover) == (None, None, None)
    assert episode.problem is EpisodeProblem.AUDIO


@over_rows("content", ["", "[]", '{"format": "quotecast-alignment"}'])
def test_a_damaged_alignment_is_told_and_hides_nothing(library: Library, content: str) -> None:
    folder = plant(library.root / "summer")
    (folder / "talk.alignment.json").write_text(content)
    (episode,) = library.episodes()
    assert episode.problem is EpisodeProblem.ALIGNMENT


def test_a_row_says_how_long_how_much_and_how_well(library: Library) -> None:
    plant(library.root / "summer")
    write_sound(library.root / "waiting" / "a.wav")
    aligned, waiting = sorted(page_of(library).rows, key=lambda row: row.episode.id)
    assert (aligned.coverage, aligned.verdict, aligned.outdated) == (0.97, Verdict.GOOD, False)
    assert aligned.duration
    assert aligned.duration > 3
    assert (waiting.duration, waiting.coverage, waiting.verdict) == (None, None, None)


def test_the_newest_episode_comes_first_and_one_without_a_date_is_new(library: Library) -> None:
    plant(library.root / "a", date="2024-01-01")
    plant(library.root / "b", date="2025-01-01")
    plant(library.root / "c")
    assert [row.episode.id for row in page_of(library).rows] == ["c", "b", "a"]


def test_a_transcript_edited_since_is_told(library: Library) -> None:
    folder = plant(library.root / "summer")
    (folder / "talk.txt").write_text(TALK + "More.\n", encoding="utf-8")
    assert page_of(library).rows[0].outdated


def test_a_long_list_comes_in_pages_each_episode_on_one(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    for day in range(1, 8):
        plant(library.root / f"day {day}", date=f"2025-03-0{day}")
    monkeypatch.setattr("web.library.shelf.ON_A_PAGE", 3)
    pages = [page_of(library, number) for number in (1, 2, 3)]
    dates = [[row.episode.details.date[-1] for row in page.rows if row.episode.details.date] for page in pages]
    assert dates == [["7", "6", "5"], ["4", "3", "2"], ["1"]]
    assert [(page.number, page.pages, page.places, page.total) for page in pages] == [
        (1, 3, range(3), 7),
        (2, 3, range(3, 6), 7),
        (3, 3, range(6, 7), 7),
    ]
    for number, nearest in ((0, 1), (-(10**30), 1), (4, 3), (10**30, 3)):
        assert page_of(library, number) == pages[nearest - 1]


def test_a_new_alignment_shows_at_once(library: Library) -> None:
    folder = plant(library.root / "summer")
    before = page_of(library).rows[0].duration
    plant(folder, TALK * 5)
    after = page_of(library).rows[0].duration
    assert before
    assert after
    assert after > before


def test_an_alignment_in_another_order_or_layout_is_read_too(library: Library) -> None:
    path = plant(library.root / "summer") / "talk.alignment.json"
    expected = digest_of(path)
    data = json.loads(path.read_text(encoding="utf-8"))
    for text in (json.dumps(data), json.dumps(data, indent=4), json.dumps(dict(reversed(data.items())), indent=1)):
        path.write_text(text, encoding="utf-8")
        assert digest_of(path) == expected


def test_what_takes_long_in_one_episode_is_left_for_the_next_list_in_others(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ours", "other", "said"):
        plant(library.root / name)
    other = library.root / "other" / "talk.alignment.json"
    other.write_text(json.dumps(json.loads(other.read_text(encoding="utf-8"))), encoding="utf-8")
    said = {"format": "quotecast-episode", "version": 1, "title": "Un hiver", "more": "m" * 60_000}
    (library.root / "said" / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    monkeypatch.setattr("web.library.patience._MOST_SECONDS", 0.0)
    told = {row.episode.id: (row.episode.title, row.episode.problem) for row in page_of(library).rows}
    later = ("Un été", EpisodeProblem.LATER)
    assert told == {"ours": ("Un été", None), "other": ("other", EpisodeProblem.LATER), "said": later}
    assert library.episode("said").title == "Un hiver"
    assert library.episode("other").problem is None
    told = {row.episode.id: (row.episode.title, row.episode.problem) for row in page_of(library).rows}
    assert told == {"ours": ("Un été", None), "other": ("Un été", None), "said": ("Un hiver", None)}


@over_rows("on_disk, recorded, told", [("NFD", "NFC", True), ("NFC", "NFD", False)])
def test_names_whose_accents_were_written_otherwise_by_another_system_are_found(
    tmp_path: Path, on_disk: Literal["NFC", "NFD"], recorded: Literal["NFC", "NFD"], told: bool
) -> None:
    library = Library(tmp_path)
    folder = plant(library.root / "summer", name=unicodedata.normalize(recorded, "Épisode été"))
    picture = unicodedata.normalize(recorded, "été.jpg")
    (folder / picture).write_bytes(b"\xff\xd8")
    said = {"format": "quotecast-episode", "version": 1, "cover": picture}
    if told:
        said |= {kind: unicodedata.normalize(recorded, f"Épisode été.{ending}") for kind, ending in KINDS.items()}
    (folder / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    for path in list(folder.iterdir()):
        path.rename(path.with_name(unicodedata.normalize(on_disk, path.name)))
    episode = library.episode("summer")
    assert (episode.state, episode.problem) == (EpisodeState.ALIGNED, None)
    there = {path.name for path in folder.iterdir()}
    assert {episode.audio.name, episode.transcript.name, episode.alignment.name, episode.details.cover} <= there
    assert not page_of(library).rows[0].outdated
