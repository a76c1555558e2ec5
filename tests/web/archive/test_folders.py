"""What of a folder is read as sounds and transcripts, and what is passed over as a program's own."""

from __future__ import annotations

from pathlib import Path

from tests.web.library.shelved import plant, write_sound
from web.archive.sources.folders import Found, look_through


def looked_at(folder: Path) -> Found:
    return look_through([folder], folder.parent / "library")


def names(found: Found) -> list[str]:
    return sorted(item.file.path.name for item in (*found.sounds, *found.texts) if item.file)


def test_captions_that_were_made_of_a_transcript_are_not_another_one(tmp_path: Path) -> None:
    folder = plant(tmp_path / "episode", name="talk")
    for ending in ("srt", "vtt"):
        (folder / f"talk.{ending}").write_text("1\n00:00:00,000 --> 00:00:02,000\nUn.\n", encoding="utf-8")
    (folder / "talk.txt").rename(folder / "relu.txt")
    assert names(looked_at(folder)) == ["relu.txt", "talk.wav"]


def test_captions_that_are_the_transcript_are_read_though_their_alignment_lies_beside_them(tmp_path: Path) -> None:
    folder = plant(tmp_path / "episode", name="talk")
    alignment = folder / "talk.alignment.json"
    alignment.write_text(alignment.read_text("utf-8").replace('"talk.txt"', '"talk.srt"'), encoding="utf-8")
    (folder / "talk.txt").unlink()
    (folder / "talk.srt").write_text("1\n00:00:00,000 --> 00:00:02,000\nUn.\n", encoding="utf-8")
    assert names(looked_at(folder)) == ["talk.srt", "talk.wav"]


def test_old_versions_clips_and_what_was_removed_are_passed_over_where_quotecast_keeps_them(tmp_path: Path) -> None:
    library = tmp_path / "shown"
    (library / ".quotecast").mkdir(parents=True)
    plant(library / "one", name="one")
    plant(library / "trash" / "gone", name="gone")
    for folder in ("versions", "clips"):
        (library / "one" / folder).mkdir()
        (library / "one" / folder / "old.txt").write_text("Ana: Un.\n", encoding="utf-8")
    assert names(looked_at(library)) == ["one.txt", "one.wav"]


def test_folders_of_such_names_that_are_a_persons_are_read(tmp_path: Path) -> None:
    (tmp_path / "show" / "clips").mkdir(parents=True)
    write_sound(tmp_path / "show" / "clips" / "one.wav")
    assert names(looked_at(tmp_path / "show")) == ["one.wav"]


def test_the_lock_of_an_open_document_is_no_transcript_and_no_fault(tmp_path: Path) -> None:
    (tmp_path / "show").mkdir()
    (tmp_path / "show" / "~$two.docx").write_bytes(b"\x05Ana" + bytes(158))
    found = looked_at(tmp_path / "show")
    assert names(found) == []
    assert found.faults == ()


CAPTIONS = "1\n00:00:00,000 --> 00:00:02,000\n{words}\n"


def two_forms(folder: Path, text: str, captions: str) -> Path:
    folder.mkdir()
    (folder / "e1.txt").write_text(text, "utf-8")
    (folder / "e1.srt").write_text(CAPTIONS.format(words=captions), "utf-8")
    return folder


def test_of_texts_that_are_called_alike_what_people_wrote_is_taken_before_captions(tmp_path: Path) -> None:
    found = looked_at(two_forms(tmp_path / "x", "ANNA: Un deux trois.\n", "un deux trois quatre"))
    assert (names(found), found.beside) == (["e1.txt"], (("e1.txt", "e1.srt"),))


def test_notes_do_not_take_the_place_of_captions_that_have_all_the_words(tmp_path: Path) -> None:
    found = looked_at(two_forms(tmp_path / "x", "Un deux trois.\n", "un deux trois quatre " * 4))
    assert (names(found), found.beside) == (["e1.srt"], (("e1.srt", "e1.txt"),))


def test_what_cannot_be_read_does_not_take_the_place_of_what_can(tmp_path: Path) -> None:
    folder = two_forms(tmp_path / "x", "", "un deux trois quatre")
    (folder / "e1.txt").rename(folder / "e1.docx")
    found = looked_at(folder)
    assert (names(found), found.beside, len(found.faults)) == (["e1.srt"], (("e1.srt", "e1.docx"),), 1)


def test_a_text_of_which_an_episode_was_made_stays_the_one_that_is_taken_and_the_other_is_not_read(
    tmp_path: Path,
) -> None:
    folder = two_forms(tmp_path / "x", "Un deux trois.\n", "un deux trois quatre " * 4)
    (folder / "e1.srt").write_bytes(b"\xff\xff")
    found = look_through([folder], tmp_path / "library", own=[str(folder / "e1.txt")])
    assert (names(found), found.beside, found.faults) == (["e1.txt"], (("e1.txt", "e1.srt"),), ())


def test_how_long_a_text_without_spaces_takes_to_say_is_not_told_by_its_words(tmp_path: Path) -> None:
    (tmp_path / "source").mkdir()
    (tmp_path / "source" / "第1回.txt").write_text(
        "今日は市場に行きました。魚がとても新鮮でした。\n" * 5, encoding="utf-8"
    )
    (tmp_path / "source" / "E2.txt").write_text("One two three four.\n", encoding="utf-8")
    lengths = {text.file.path.stem: text.clues.length for text in looked_at(tmp_path / "source").texts if text.file}
    assert lengths == {"第1回": None, "E2": 4.0}
