"""What is in doubt is left for people to choose, and what they chose is taken up, whatever became of it meanwhile."""

from __future__ import annotations

import json
from pathlib import Path

import msgspec
import pytest

from aligner.storage.checked_json import decode
from tests.attack.full_library import open_pairs
from tests.tables import over_rows
from tests.web.archive.test_update import folders, run
from tests.web.library.shelved import write_sound
from web.archive.doubts import choices, record
from web.archive.doubts.asked import asked as asked_now
from web.archive.doubts.asked import question_of
from web.archive.doubts.record import DOUBTS, MOST, Candidate, Doubts, Question, doubts_in, key_of, leave
from web.archive.errors import ArchiveError
from web.archive.pairing.items import Clues, Entry, File, Link, Sound, Text
from web.archive.pairing.pairs import Pairing

TEXTS = {
    "épisode 1": "Anna: Aujourd'hui nous parlons du vélo cargo, de ses freins et de sa batterie.\n",
    "épisode 2": "Anna: Le levain demande de la patience, dit le boulanger de Quimper.\n",
    "épisode 2 relu": "Anna: Le gardien du phare allumait la lanterne chaque soir, dit-on.\n",
}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """One sound has its text, for the other there are two that fit."""
    folder = tmp_path / "source"
    (folder / "texts").mkdir(parents=True)
    for number in (1, 2):
        write_sound(folder / f"E{number:02d}.wav", seconds=2 + number)
    for name, talk in TEXTS.items():
        (folder / "texts" / f"{name}.txt").write_text(talk, encoding="utf-8")
    return folder


@pytest.fixture
def library(source: Path, tmp_path: Path) -> Path:
    """What is sure was made of that."""
    library = tmp_path / "library"
    assert run("add", "--yes", "--listen", "none", "--sure", "0.7", source, library) == 0
    return library


def update(library: Path) -> None:
    assert run("update", "--no-listen", "--sure", "0.7", library) == 0


def archive(library: Path) -> Path:
    return library / ".quotecast" / "archive"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An archive's, with what is open of a library in which there is something of everything."""
    leave(tmp_path, open_pairs(), 0.9, [], is_whole=True)
    return tmp_path


def asked(library: Path) -> Question:
    [question] = doubts_in(archive(library)).questions
    return question


def names(question: Question) -> tuple[str, list[str]]:
    return question.name, sorted(each.name for each in question.candidates)


def candidate(question: Question, name: str) -> str:
    return next(each.key for each in question.candidates if each.name == name)


def text_of(library: Path, name: str) -> str:
    [path] = (library / name).glob("*.txt")
    return path.read_text("utf-8")


@pytest.mark.nightly
def test_what_is_in_doubt_is_told_with_all_candidates_and_goes_when_it_is_settled(library: Path) -> None:
    assert folders(library) == ["E01"]
    question = asked(library)
    assert names(question) == ("E02.wav", ["épisode 2 relu.txt", "épisode 2.txt"])
    assert doubts_in(archive(library)).texts == ()
    assert all("number 2" in [said.words for said in each.reasons] for each in question.candidates)
    choices.choose(archive(library), question, candidate(question, "épisode 2 relu.txt"))
    update(library)
    assert folders(library) == ["E01", "E02"]
    assert text_of(library, "E02") == TEXTS["épisode 2 relu"]
    left = doubts_in(archive(library))
    assert (left.questions, left.sounds, [each.name for each in left.texts]) == ((), (), ["épisode 2.txt"])
    assert choices.choices_in(archive(library)) == []


def test_equal_names_are_told_by_their_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source, library = tmp_path / "source", tmp_path / "library"
    for number, (folder, text) in enumerate((("S1", "x"), ("S2", "y"))):
        (source / folder).mkdir(parents=True)
        write_sound(source / folder / "ep.wav", seconds=3 + number)
        (source / "t" / text).mkdir(parents=True)
        (source / "t" / text / "notes.txt").write_text([*TEXTS.values()][number], encoding="utf-8")
        (source / "t" / text / "notes.srt").write_text(f"1\n00:00:00,000 --> 00:00:02,000\nÉté {number}\n", "utf-8")
    assert run("add", "--yes", "--listen", "none", "--sure", "0.7", source, library) == 0
    told = capsys.readouterr().out
    assert all(each in told for each in ("S1/ep.wav", "S2/ep.wav", "x/notes.txt", "y/notes.txt"))
    assert "Beside    x/notes.srt: x/notes.txt is taken, which is called so too" in told
    left = doubts_in(archive(library))
    assert sorted(each.name for each in left.questions) == ["S1/ep.wav", "S2/ep.wav"]
    assert {frozenset(each.name for each in of.candidates) for of in left.questions} == {
        frozenset(["x/notes.txt", "y/notes.txt"])
    }
    for question, text in zip(left.questions, "xy", strict=True):
        choices.choose(archive(library), question, candidate(question, f"{text}/notes.txt"))
    update(library)
    assert folders(library) == ["S1 ep", "S2 ep"]


def test_a_name_that_is_too_long_is_told_by_its_ends(tmp_path: Path) -> None:
    leave(tmp_path, Pairing(sounds=(sound("a", "S1 " + 300 * "é" + " fin"),)), 0.9, [], is_whole=True)
    [told] = doubts_in(tmp_path).sounds
    assert (len(told.name), told.name[:4], told.name[-8:]) == (200, "/S1 ", " fin.mp3")


@pytest.mark.nightly
def test_what_is_none_of_them_is_not_asked_again_and_what_comes_new_is(library: Path, source: Path) -> None:
    choices.choose(archive(library), asked(library), None)
    for _ in range(2):
        update(library)
        left = doubts_in(archive(library))
        assert folders(library) == ["E01"]
        assert (left.questions, [each.name for each in left.sounds], len(left.texts)) == ((), ["E02.wav"], 2)
    (source / "texts" / "épisode 2 corrigé.txt").write_text("Anna: Le vrai texte enfin.\n", encoding="utf-8")
    update(library)
    assert names(asked(library)) == ("E02.wav", ["épisode 2 corrigé.txt"])


@pytest.mark.nightly
def test_a_choice_that_is_taken_back_is_asked_again(library: Path) -> None:
    question = asked(library)
    for text in (None, question.candidates[0].key):
        choices.choose(archive(library), question, text)
        assert choices.choice_of(archive(library), question.key).answers(question)
        choices.take_back(archive(library), question)
        update(library)
        assert names(asked(library)) == names(question)


@pytest.mark.nightly
@pytest.mark.parametrize("gone", ["sound", "text"])
def test_what_was_chosen_and_is_gone_is_no_pair_and_hinders_nothing(library: Path, source: Path, gone: str) -> None:
    question = asked(library)
    choices.choose(archive(library), question, candidate(question, "épisode 2.txt"))
    (source / "E02.wav" if gone == "sound" else source / "texts" / "épisode 2.txt").unlink()
    update(library)
    left = doubts_in(archive(library))
    assert (left.questions, [each.name for each in left.sounds]) == ((), ["E02.wav"] if gone == "text" else [])
    assert folders(library) == ["E01"]


@over_rows("confidence", [k / 1000 for k in range(500, 600, 5)])
def test_the_page_has_the_confidence_of_the_terminal(confidence: float) -> None:
    assert f"0.{Candidate(key_of('t'), 't', confidence).percent}" == f"{confidence:.2f}"


@pytest.mark.nightly
@pytest.mark.parametrize(
    "content",
    [
        b"", b"[]", b"\xff", b'{"sound": "../../x", "text": null}', b'{"sound": "0"}',
        b'{"sound": "KEY", "text": "<script>"}', b'{"sound": "KEY", "never": [1]}', b"[" * 5000,
    ],
)  # fmt: skip
def test_a_choice_that_somebody_damaged_is_none(folder: Path, content: bytes) -> None:
    question = doubts_in(folder).questions[0]
    choices.choose(folder, question, question.candidates[0].key)
    path = folder / "choices" / f"{question.key}.json"
    path.write_bytes(content.replace(b"KEY", question.key.encode()))
    (folder / "choices" / "folder.json").mkdir()
    (folder / "choices" / "link.json").symlink_to("/etc/passwd")
    assert len(asked_now(folder).questions) == 2
    assert not any(each.text or each.never for each in choices.choices_in(folder))
    choices.choose(folder, question, None)
    assert [answer.question for answer in asked_now(folder).answers] == [question]


def test_a_text_that_was_chosen_for_two_sounds_is_neithers(tmp_path: Path) -> None:
    sounds = [sound(name) for name in "ab"]
    texts = [Text("t", Clues(), File(Path("/t.txt"), 1, 1, "t"))]
    both = [choices.Choice(key_of(each.key), key_of("t")) for each in sounds]
    assert choices.taken(both, sounds, texts).pairs == ()
    [pair] = choices.taken(both[:1], sounds, texts).pairs
    assert (pair.sound.key, pair.text.key, pair.confidence) == ("a", "t", 1.0)


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"open": []},
        {"open": {"questions": [{"key": "0", "name": "a", "candidates": []}]}},
        {"open": {"sounds": [{"key": "0" * 24, "name": "a" * 201}]}},
        {"open": {"sounds": [{"key": "../" * 8, "name": "a"}]}},
        {"open": {"texts": [{"key": "0" * 24, "name": "a"}] * (MOST + 1)}},
        {"open": {"counts": {"texts": -1}}},
    ],
)
def test_a_record_that_somebody_damaged_is_told_and_written_anew(folder: Path, change: dict[str, object]) -> None:
    path = folder / DOUBTS
    path.write_text(json.dumps({**json.loads(path.read_text("utf-8")), **change}), encoding="utf-8")
    with pytest.raises(ArchiveError):
        doubts_in(folder)
    assert asked_now(folder).is_damaged
    assert question_of(folder, key_of("E01")) is None
    leave(folder, open_pairs(), 0.9, [], is_whole=False)
    assert len(asked_now(folder).questions) == 2


def test_reasons_that_are_none_of_ours_are_damage(folder: Path) -> None:
    path = folder / DOUBTS
    told = json.loads(path.read_text("utf-8"))
    for facts in ({"message": 1}, {"message": "a" * 4000}, {}):
        told["open"]["questions"][0]["candidates"][0]["reasons"] = [{"facts": facts}]
        path.write_text(json.dumps(told), encoding="utf-8")
        with pytest.raises(ArchiveError):
            doubts_in(folder)


def sound(key: str, name: str = "") -> Sound:
    return Sound(key, Clues(), File(Path("/", f"{name or key}.mp3"), 1, 1, key))


@pytest.mark.nightly
def test_twenty_thousand_left_over_are_counted_and_a_thousand_are_told(tmp_path: Path) -> None:
    sounds = tuple(sound(f"{n}", f"{n}é" * 60) for n in range(20_000))
    leave(tmp_path, Pairing(sounds=sounds), 0.9, [], is_whole=True)
    told = doubts_in(tmp_path)
    assert (len(told.sounds), told.counts.sounds) == (MOST, 20_000)
    assert (tmp_path / DOUBTS).stat().st_size < 1_000_000


def test_addresses_of_feeds_are_not_told(tmp_path: Path) -> None:
    address = "https://user:secret@example.org/feed.xml?token=secret"
    entry = Entry("https://example.org/secret/?token=secret", sound=Link(address))
    declared = Text(f"feed:{address}", Clues(), link=Link("https://u:secret@example.org/t.vtt?key=secret"))
    pairing = Pairing(sounds=(Sound(f"feed:{address}#1", Clues(), entry=entry),), texts=(declared,))
    leave(tmp_path, pairing, 0.9, [], is_whole=True)
    assert "token" not in (tmp_path / DOUBTS).read_text("utf-8")
    assert [each.name for each in doubts_in(tmp_path).texts] == ["t.vtt"]


def test_what_was_open_of_sources_that_were_not_read_still_is(tmp_path: Path) -> None:
    leave(tmp_path, Pairing(sounds=tuple(map(sound, "abc"))), 0.9, [], is_whole=True)
    leave(tmp_path, Pairing(sounds=(sound("d"), sound("a"))), 0.9, ["c"], is_whole=False)
    told = doubts_in(tmp_path)
    assert [each.key for each in told.sounds] == [key_of(name) for name in "dab"]
    assert told.counts.sounds == 3
    leave(tmp_path, Pairing(), 0.9, [], is_whole=True)
    assert doubts_in(tmp_path) == Doubts()


@pytest.fixture
def contested(tmp_path: Path) -> Path:
    """A library of two sounds, for both of which the same one of two transcripts was chosen."""
    source, library = tmp_path / "two", tmp_path / "library"
    source.mkdir()
    for name in ("a", "b"):
        write_sound(source / f"E02 {name}.wav", seconds=3 + len(name) + ord(name) % 2)
    for name, talk in [*TEXTS.items()][1:]:
        (source / f"{name}.txt").write_text(talk, encoding="utf-8")
    assert run("add", "--yes", "--listen", "none", source, library) == 0
    questions = doubts_in(archive(library)).questions
    assert len(questions) == 2
    for question in questions:
        choices.choose(archive(library), question, candidate(question, "épisode 2.txt"))
    return library


@pytest.mark.nightly
def test_a_transcript_chosen_for_two_sounds_is_told_once(contested: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    update(contested)
    assert "Chosen    épisode 2.txt: for E02 a.wav and E02 b.wav; neither takes it" in capsys.readouterr().out
    update(contested)
    assert capsys.readouterr() == ("", "")


@pytest.mark.nightly
def test_a_transcript_chosen_for_two_sounds_stays_asked_about_until_one_is_taken_back(contested: Path) -> None:
    for _ in range(2):
        update(contested)
        answers = asked_now(archive(contested)).answers
        assert sorted(each.question.name for each in answers) == ["E02 a.wav", "E02 b.wav"]
        assert all(each.is_contested and not each.is_gone for each in answers)
    assert folders(contested) == []
    choices.take_back(archive(contested), answers[1].question)
    [left] = asked_now(archive(contested)).answers
    assert (left.question, left.is_contested) == (answers[0].question, False)
    assert [each.key for each in asked_now(archive(contested)).questions] == [answers[1].question.key]
    update(contested)
    assert text_of(contested, Path(left.question.name).stem) == TEXTS["épisode 2"]
    assert asked_now(archive(contested)).answers == ()


@pytest.mark.nightly
@pytest.mark.parametrize("gone", ["E02.wav", "texts/épisode 2.txt"])
def test_a_choice_that_is_gone_is_told_and_can_be_taken_back(library: Path, source: Path, gone: str) -> None:
    question = asked(library)
    choices.choose(archive(library), question, candidate(question, "épisode 2.txt"))
    (source / gone).unlink()
    for _ in range(2):
        update(library)
        [answer] = asked_now(archive(library)).answers
        assert (answer.question.name, answer.text and answer.text.name) == ("E02.wav", "épisode 2.txt")
        assert answer.is_gone
    choices.take_back(archive(library), answer.question)
    left = [each.proposed for each in asked_now(archive(library)).questions]
    assert [[each.name for each in of] for of in left] == ([["épisode 2 relu.txt"]] if "texts" in gone else [])
    update(library)
    assert asked_now(archive(library)).answers == ()


@pytest.mark.nightly
def test_none_of_these_can_be_taken_back_after_an_update(library: Path, source: Path) -> None:
    choices.choose(archive(library), asked(library), None)
    update(library)
    update(library)
    [question] = asked_now(archive(library)).none
    found = question_of(archive(library), question.key)
    assert found == question
    choices.take_back(archive(library), question)
    assert asked_now(archive(library)).questions == (question,)
    update(library)
    assert names(asked(library)) == names(question)


@pytest.mark.nightly
def test_what_was_none_is_asked_again_of_all_once_that_is_taken_back(library: Path, source: Path) -> None:
    choices.choose(archive(library), asked(library), None)
    update(library)
    (source / "texts" / "épisode 2 corrigé.txt").write_text("Anna: Le vrai texte enfin.\n", encoding="utf-8")
    update(library)
    choices.choose(archive(library), asked(library), None)
    update(library)
    choices.take_back(archive(library), asked_now(archive(library)).none[0])
    update(library)
    assert {"épisode 2 relu.txt", "épisode 2.txt"} <= {each.name for each in asked(library).candidates}


def test_of_what_is_open_nothing_is_kept_that_somebody_put_beside(folder: Path) -> None:
    path = folder / DOUBTS
    told = json.loads(path.read_text("utf-8"))
    told["open"]["questions"][0]["candidates"][0]["reasons"] = [{"facts": {"message": "m", "more": [[[]]] * 9000}}]
    path.write_text(json.dumps(told), "utf-8")
    [reason] = doubts_in(folder).questions[0].candidates[0].reasons
    assert reason.facts == {"message": "m"}


def test_of_more_questions_than_are_read_those_are_told_that_fit(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = doubts_in(folder)
    monkeypatch.setattr(record, "_LARGEST_BYTES", 2000)
    many = msgspec.structs.replace(whole, questions=whole.questions[:1] * 1000)
    assert 0 < len(decode(record._content_of(many), record._File).open.questions) < 1000
