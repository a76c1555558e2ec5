"""Episodes are read from folders and have ids for addresses."""

import json
import os
import unicodedata
from pathlib import Path
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import over_rows
from tests.web.library.shelved import plant, write_sound
from web.library import Library
from web.library.episode import EpisodeProblem, free_path, id_of, ids_of

SAID = {"format": "quotecast-episode", "version": 1}
KINDS = {"audio": "wav", "transcript": "txt"}


def say(folder: Path, **said: object) -> None:
    """Write an episode.json."""
    (folder / "episode.json").write_text(json.dumps({**SAID, **said}), encoding="utf-8")


def test_a_folder_that_is_copied_in_is_an_episode(library: Library) -> None:
    plant(library.root / "summer", title="Un été", show="Roue libre", date="2025-03-15")
    (episode,) = library.episodes()
    assert (episode.id, episode.is_waiting, episode.problem) == ("summer", False, None)
    assert (episode.title, episode.details.show, episode.details.date) == ("Un été", "Roue libre", "2025-03-15")
    assert episode.details.language == "fr"
    assert [p and p.name for p in (episode.audio, episode.transcript, episode.alignment)] == [
        "talk.wav", "talk.txt", "talk.alignment.json",
    ]  # fmt: skip


def test_the_library_itself_may_be_an_episode_beside_those_in_it(library: Library) -> None:
    plant(library.root, title="The root")
    plant(library.root / "another")
    for within in ("clips", "trash", "versions"):  # what an episode's own folder holds is no episode
        plant(library.root / within)
    assert [episode.id for episode in library.episodes()] == ["quotecast", "another"]
    assert library.episode("quotecast").folder == library.root


def test_audio_waits_for_its_transcript_and_both_to_be_aligned(library: Library) -> None:
    write_sound(library.root / "new" / "show.wav")
    (episode,) = library.episodes()
    assert (episode.is_waiting, episode.problem) == (False, EpisodeProblem.TRANSCRIPT)
    (library.root / "new" / "words.docx").write_bytes(b"PK")
    (episode,) = library.episodes()
    assert (episode.is_waiting, episode.title) == (True, "new")
    assert episode.transcript == library.root / "new" / "words.docx"


def test_captions_are_a_transcript_only_where_nothing_else_is(library: Library) -> None:
    folder = write_sound(library.root / "new" / "show.wav").parent
    (folder / "show.srt").write_text("1\n00:00:00,000 --> 00:00:01,000\nHello.\n", encoding="utf-8")
    assert library.episode("new").transcript == folder / "show.srt"
    (folder / "words.md").write_text("A: Hello.\n", encoding="utf-8")
    assert library.episode("new").transcript == folder / "words.md"


def test_of_several_audio_files_the_aligned_one_counts(library: Library) -> None:
    folder = plant(library.root / "season", name="two")
    write_sound(folder / "one.wav")
    assert library.episode("season").audio == folder / "two.wav"
    assert library.episode("season").problem is None


def test_audio_that_is_missing_or_renamed_is_named(library: Library) -> None:
    folder = plant(library.root / "words", name="talk", title="Un été")
    (folder / "talk.wav").rename(folder / "renamed.wav")
    episode = library.episode("words")
    assert (episode.problem, episode.problem_file) == (EpisodeProblem.RENAMED, "talk.wav")
    (folder / "renamed.wav").rename(library.root / "loose.wav")
    root, words = library.episodes()
    assert (root.folder, root.problem) == (library.root, EpisodeProblem.TRANSCRIPT)
    assert (words.alignment, words.problem, words.problem_file) == (None, EpisodeProblem.AUDIO, "talk.wav")


def test_hidden_folders_trash_and_folders_of_other_things_are_no_episodes(library: Library) -> None:
    for name in (".quotecast", ".git", "trash"):
        plant(library.root / name)
    (library.root / "pictures").mkdir()
    (library.root / "pictures" / "a.jpg").write_bytes(b"\xff\xd8")
    (library.root / "notes.txt").write_text("nothing")
    assert library.episodes() == []


@over_rows("name, kind", [("talk.wav", "link"), ("talk.alignment.json", "fifo"), ("episode.json", "nowhere")])
def test_a_link_or_special_file_is_a_problem_and_hides_no_other_episode(tmp_path: Path, name: str, kind: str) -> None:
    library = Library(tmp_path / "library")
    plant(library.root / "other")
    path = plant(library.root / "here") / name
    path.unlink(missing_ok=True)
    (tmp_path / "private").write_text("private", encoding="utf-8")
    if kind == "fifo":
        os.mkfifo(path)
    else:
        path.symlink_to(tmp_path / "private" if kind == "link" else "nowhere")
    problems = {episode.id: episode.problem for episode in library.episodes()}
    assert problems == {"here": EpisodeProblem.REFUSED, "other": None}


def test_details_come_from_episode_json_or_else_from_the_alignment(library: Library) -> None:
    folder = plant(library.root / "summer", title="From the alignment", show="A show", date="2025-03-15")
    say(folder, title="From a person", date=None)
    details = library.episode("summer").details
    assert (details.title, details.show, details.date) == ("From a person", "A show", None)


@over_rows(
    "content",
    [
        b"", b"{", b"[]", b"\xff\xfe\x00", b"[" * 100_000, b'{"format": "other", "version": 1}',
        b'{"format": "quotecast-episode", "version": 2}', b'{"format": "quotecast-episode", "version": 1, "title": 3}',
        b'{"format": "quotecast-episode", "version": 1, "speakers": {"a": 1}}',
        b'{"format": "quotecast-episode", "version": 1, "names": ["a"]}',
        b'{"format": "quotecast-episode", "version": 1, "more": "%s"}' % (b"m" * 300_000),
    ],
)  # fmt: skip
def test_an_invalid_episode_json_is_a_problem_and_hides_nothing(library: Library, content: bytes) -> None:
    folder = plant(library.root / "summer", title="Un été")
    (folder / "episode.json").write_bytes(content)
    (episode,) = library.episodes()
    assert (episode.title, episode.problem) == ("Un été", EpisodeProblem.DETAILS)
    assert episode.alignment


@over_rows("name", ["../talk.wav", "/etc/passwd", ".quotecast/x.wav", "sub/talk.wav", "gone.wav"])
def test_episode_json_names_no_file_outside_its_folder(library: Library, name: str) -> None:
    folder = plant(library.root / "summer")
    write_sound(library.root / "talk.wav")
    write_sound(folder / "sub" / "talk.wav")
    say(folder, audio=name, transcript=name, cover=name)
    episode = library.episode("summer")
    assert (episode.audio, episode.transcript, episode.details.cover) == (None, None, None)
    assert episode.problem is EpisodeProblem.AUDIO


@over_rows(
    "content", ["", "[]", '{"format": "quotecast-alignment"}', '{"format": "quotecast-alignment", "version": 2}']
)
def test_an_alignment_that_cannot_be_read_is_a_problem_and_hides_nothing(library: Library, content: str) -> None:
    folder = plant(library.root / "summer")
    (folder / "talk.alignment.json").write_text(content)
    (episode,) = library.episodes()
    assert episode.problem is EpisodeProblem.ALIGNMENT


@over_rows("on_disk, recorded, told", [("NFD", "NFC", True), ("NFC", "NFD", False)])
def test_names_whose_accents_were_written_otherwise_by_another_system_are_found(
    tmp_path: Path, on_disk: Literal["NFC", "NFD"], recorded: Literal["NFC", "NFD"], told: bool
) -> None:
    library = Library(tmp_path)
    folder = plant(library.root / "summer", name=unicodedata.normalize(recorded, "Épisode été"))
    picture = unicodedata.normalize(recorded, "été.jpg")
    (folder / picture).write_bytes(b"\xff\xd8")
    names = {kind: unicodedata.normalize(recorded, f"Épisode été.{ending}") for kind, ending in KINDS.items()}
    say(folder, cover=picture, **(names if told else {}))
    for path in list(folder.iterdir()):
        path.rename(path.with_name(unicodedata.normalize(on_disk, path.name)))
    episode = library.episode("summer")
    assert episode.problem is None
    there = {path.name for path in folder.iterdir()}
    assert {episode.audio.name, episode.transcript.name, episode.alignment.name, episode.details.cover} <= there


def test_a_name_that_is_taken_gets_a_number_whatever_its_case(tmp_path: Path) -> None:
    (tmp_path / "Été.mp3").touch()
    (tmp_path / "été 2.mp3").touch()
    assert free_path(tmp_path, "été.mp3").name == "été 3.mp3"
    assert free_path(tmp_path / "nowhere", "a.mp3").name == "a.mp3"


@settings(deadline=None)
@given(st.lists(st.text(st.characters(exclude_characters="/\0"), min_size=1), unique=True, max_size=20))
def test_ids_are_plain_and_each_folder_has_its_own(names: list[str]) -> None:
    found = ids_of(Path("/library") / name for name in names if name not in (".", ".."))
    assert len(found) == len([name for name in names if name not in (".", "..")])
    assert all(key.strip("-") == key and key.replace("-", "a").isalnum() and key.isascii() for key in found)


@over_rows(
    "name, begins",
    [
        ("L’Œuvre, ex æquo", "l-oeuvre-ex-aequo-"),
        ("Große Straße", "grosse-strasse-"),
        ("Þingvellir og Ðavik", "thingvellir-og-davik-"),
        ("mot " * 30, "mot-" * 15),
        ("a" * 100, "a" * 60 + "-"),
    ],
)
def test_an_id_spells_out_every_letter_and_is_cut_at_a_word(name: str, begins: str) -> None:
    found = id_of(name)
    assert found.startswith(begins)
    assert len(found) == len(begins) + 6
