"""What people set right in a show's episodes holds for the next ones, which are those of its source."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from msgspec.structs import replace

from media.ffmpeg import running
from tests.places import SAMPLE
from tests.web.archive.feeding import Show as Feed
from tests.web.archive.test_corrections_kept import picture
from tests.web.archive.test_update import added, details, folders, library, run, show
from tests.web.library.shelved import write_sound
from web.archive.adding.remembered import Archive
from web.archive.adding.shows import Show, names_for, shows_of, with_labels
from web.library import Details, Episode, Library

__all__ = ["library", "show"]  # fixtures


def episode(folder: Path, date: str, **told: object) -> Episode:
    details = Details(show="Roue libre", date=date, **told)  # type: ignore[arg-type]
    return Episode("x", folder, details, None, None, None)


def test_what_most_episodes_say_holds_and_of_as_many_the_latest(tmp_path: Path) -> None:
    of = [
        episode(tmp_path, "2026-01-01", names={"ANNA": "Anna", "BOB": "Bob"}, language="fr"),
        episode(tmp_path, "2026-01-02", names={"ANNA": "Anna Weber"}, language="fr"),
        episode(tmp_path, "2026-01-03", names={"ANNA": "Anna Weber", "BOB": "Robert"}, language="de"),
    ]
    assert shows_of(of) == {"Roue libre": Show({"ANNA": "Anna Weber", "BOB": "Robert"}, "fr")}


def test_a_cover_that_several_have_is_the_shows(tmp_path: Path) -> None:
    folders = [tmp_path / name for name in "abc"]
    for folder, content in zip(folders, (b"one", b"show", b"show"), strict=True):
        folder.mkdir()
        (folder / "cover.jpg").write_bytes(content)
    of = [episode(folder, f"2026-01-0{n}", cover="cover.jpg") for n, folder in enumerate(folders, 1)]
    cover = shows_of(of)["Roue libre"].cover
    assert cover
    assert cover.read_bytes() == b"show"
    assert shows_of(of[:2])["Roue libre"].cover is None


def test_names_are_those_that_people_gave_else_as_the_feed_spells_them() -> None:
    show = Show({"ANNA": "Anna Weber"})
    labels = ("Anna", "ÉLISE DUPONT", "Bob")
    assert names_for(labels, show, ["Élise Dupont", "Anna", "Robert"]) == {
        "Anna": "Anna Weber",
        "ÉLISE DUPONT": "Élise Dupont",
    }
    assert names_for(labels, None, []) == {}


def test_labels_that_differ_by_case_alone_are_one_speaker() -> None:
    show = Show({"Host": "Anna"}, spelt={"Bob Ross": 2, "BOB ROSS": 3, "bob ross": 1})
    assert names_for(("HOST", "host", "Bob Ross", "BOB ROSS"), show, []) == {
        "HOST": "Anna",
        "host": "Anna",
        "Bob Ross": "BOB ROSS",
    }
    assert names_for(("Élise", "Elise"), Show({}, spelt={"ÉLISE": 1}), []) == {"Élise": "ÉLISE"}


def test_names_of_labels_that_differ_by_case_alone_are_counted_as_one_speakers(tmp_path: Path) -> None:
    of = [
        episode(tmp_path, "2026-01-01", names={"HOST": "Anna"}, speakers=("Anna",)),
        episode(tmp_path, "2026-01-02", names={"Host": "Anna Weber"}, speakers=("Anna Weber",)),
        episode(tmp_path, "2026-01-03", names={"HOST": "Anna Weber"}, speakers=("Anna Weber",)),
    ]
    show = shows_of(of)["Roue libre"]
    assert (show.names, show.spelt) == ({"HOST": "Anna Weber"}, {"Anna Weber": 2, "Anna": 1})


def test_labels_of_new_transcripts_tell_how_a_speaker_is_spelt_whom_no_episode_has_yet() -> None:
    new = [("Radio", ("Host", "Bob")), ("Radio", ("Host", "BOB")), ("Radio", ("host", "Bob")), ("", ("Bob",))]
    shows = with_labels({"Radio": Show(spelt={"HOST": 1})}, new)
    assert shows == {"Radio": Show(spelt={"HOST": 1, "Bob": 2, "BOB": 1})}
    assert names_for(("Host", "BOB"), shows["Radio"], []) == {"Host": "HOST", "BOB": "Bob"}
    assert with_labels({}, new[:1]) == {"Radio": Show(spelt={"Host": 1, "Bob": 1})}


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return tmp_path / "source"


def lay(source: Path, *names: str) -> None:
    """Sounds and, beside them, their texts."""
    for name in names:
        seconds = 1 + sum(1 for _ in source.rglob("*.wav")) / 10
        write_sound(source / f"{name}.wav", seconds)
        (source / f"{name}.txt").write_text(f"TONIO : Bonjour à tous, {seconds}.\n\nBOB : Bonjour.\n", encoding="utf-8")


def made_of(source: Path, library: Path, *names: str) -> None:
    lay(source, *names)
    assert run("add", "--yes", "--listen", "none", source, library) == 0


def set_right(library: Path, name: str, **told: object) -> None:
    path = library / name / "episode.json"
    path.write_text(json.dumps({**details(library, name), **told}), encoding="utf-8")


def shows_after(library: Path, source: Path, *names: str) -> list[object]:
    """The shows of the episodes that are made of these once they come."""
    lay(source, *names)
    assert run("update", "--no-listen", library) == 0
    return [details(library, Path(name).name)["show"] for name in names]


def test_a_new_episode_of_a_folder_is_one_of_its_show(library: Path, source: Path) -> None:
    made_of(source, library, "e1")
    set_right(library, "e1", show="Ma Radio", names={"TONIO": "Antonio C."}, language="fr")
    assert shows_after(library, source, "e2") == ["Ma Radio"]
    told = details(library, "e2")
    assert (told["names"], told["speakers"], told["language"]) == ({"TONIO": "Antonio C."}, ["Antonio C.", "BOB"], "fr")


@pytest.mark.nightly
def test_speakers_that_differ_by_case_alone_are_one_in_a_show(library: Path, source: Path) -> None:
    made_of(source, library, "e1")
    set_right(library, "e1", show="Ma Radio", names={"TONIO": "Antonio C."}, speakers=["Antonio C.", "BOB"])
    for number, (tonio, bob) in {2: ("Tonio", "Bob"), 3: ("Tonio", "BOB"), 4: ("TONIO", "BOB")}.items():
        lay(source, f"e{number}")
        path = source / f"e{number}.txt"
        path.write_text(path.read_text("utf-8").replace("TONIO", tonio).replace("BOB", bob), "utf-8")
    assert run("update", "--no-listen", "--sure", "0.5", library) == 0
    assert [details(library, f"e{number}")["speakers"] for number in (2, 3, 4)] == [["Antonio C.", "BOB"]] * 3


@pytest.mark.nightly
def test_folders_within_a_source_have_shows_of_their_own(library: Path, source: Path) -> None:
    made_of(source, library, "radio/e1", "radio/e2", "atelier/saison 1/a1", "atelier/saison 2/a2")
    for name, of in {"e1": "Ma Radio", "e2": "Ma Radio", "a1": "L'Atelier", "a2": "L'Atelier"}.items():
        set_right(library, name, show=of)
    new = ["radio/e3", "atelier/saison 2/a3", "atelier/saison 3/a4", "autre/x1"]
    assert shows_after(library, source, *new) == ["Ma Radio", "L'Atelier", "L'Atelier", None]


@pytest.mark.nightly
def test_a_folder_beside_the_only_one_that_has_a_show_may_be_anothers(library: Path, source: Path) -> None:
    made_of(source, library, "radio/e1", "radio/e2")
    set_right(library, "e1", show="Ma Radio")
    assert shows_after(library, source, "autre/x1", "radio/e3") == [None, "Ma Radio"]


@pytest.mark.nightly
def test_where_each_episode_has_a_folder_to_itself_they_are_of_one_show(library: Path, source: Path) -> None:
    made_of(source, library, "1/e1")
    set_right(library, "e1", show="Ma Radio")
    assert shows_after(library, source, "2/e2") == ["Ma Radio"]


@pytest.mark.nightly
def test_two_shows_in_one_folder_that_differ_give_none(library: Path, source: Path) -> None:
    made_of(source, library, "e1", "e2")
    set_right(library, "e1", show="Ma Radio")
    set_right(library, "e2", show="L'Atelier")
    assert shows_after(library, source, "e3") == [None]


def tagged(path: Path, start: float, show: str | None = None) -> None:
    """A real voice as MP3, whose tag names a show, or as its master without one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    how = [] if show is None else ["-metadata", f"album={show}"]
    with running(["-y", "-ss", str(start), "-t", "3", "-i", str(SAMPLE / "episode.mp3"), *how, str(path)]):
        pass


def shows_in(library: Path) -> dict[str, object]:
    return {name: details(library, name)["show"] for name in folders(library)}


@pytest.fixture
def masters(source: Path) -> Path:
    tagged(source / "published" / "e1.mp3", 20, "Rádio Maré")
    tagged(source / "masters" / "e2.wav", 30)
    tagged(source / "masters" / "special" / "e3.wav", 40)
    return source


ALL = ("add", "--yes", "--listen", "none", "--without-transcript")


@pytest.mark.nightly
def test_a_folder_whose_sounds_name_one_show_is_of_that_show(library: Path, masters: Path) -> None:
    """One that names it may be another's, as a jingle; of two one may stand for all, also for those that were there."""
    assert run(*ALL, masters, library) == 0
    assert shows_in(library) == {"e1": "Rádio Maré", "e2": None, "e3": None}
    tagged(masters / "published" / "e4.mp3", 50, "Rádio Maré")
    tagged(masters / "e5.wav", 60)
    assert run("update", "--no-listen", library) == 0
    assert shows_in(library) == dict.fromkeys(("e1", "e2", "e3", "e4", "e5"), "Rádio Maré")


@pytest.mark.nightly
def test_what_a_person_left_without_a_show_stays_so(
    library: Path, masters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tagged(masters / "published" / "e4.mp3", 50, "Rádio Maré")
    assert run(*ALL, masters, library) == 0
    assert shows_in(library) == dict.fromkeys(("e1", "e2", "e3", "e4"), "Rádio Maré")
    set_right(library, "e2", show=None)
    set_right(library, "e3", show="Maré")
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    assert capsys.readouterr() == ("", "")
    assert shows_in(library) == {"e1": "Rádio Maré", "e2": None, "e3": "Maré", "e4": "Rádio Maré"}


def test_of_what_was_made_before_it_was_remembered_the_sounds_are_looked_at(
    library: Path, masters: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """The person took the show away from one that names it itself."""
    for number in (4, 5):
        tagged(masters / "published" / f"e{number}.mp3", 40 + 10 * number, "Rádio Maré")
    assert run(*ALL, masters, library) == 0
    archive = Archive(Library(library))
    for told in archive.read().episodes.values():
        archive.note(replace(told, show=None, named=None))
    for name in ("e2", "e3", "e5"):
        set_right(library, name, show=None)
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    assert sorted(capsys.readouterr().out.splitlines()) == ["Show      e2: Rádio Maré", "Show      e3: Rádio Maré"]
    assert shows_in(library) == {**dict.fromkeys(("e1", "e2", "e3", "e4"), "Rádio Maré"), "e5": None}


@pytest.mark.nightly
def test_a_folder_whose_sounds_name_several_shows_is_of_none(library: Path, masters: Path) -> None:
    tagged(masters / "published" / "e4.mp3", 50, "Rádio Maré")
    tagged(masters / "published" / "e5.mp3", 60, "O Farol")
    assert run(*ALL, masters, library) == 0
    assert shows_in(library) == {"e1": "Rádio Maré", "e2": None, "e3": None, "e4": "Rádio Maré", "e5": "O Farol"}


@pytest.mark.nightly
def test_a_feed_that_calls_itself_otherwise_is_of_the_same_show(
    show: Feed, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.title = "L'Atelier - La Mine"
    show.add(1)
    show.add(2)
    added(show, library)
    for name in ("Épisode 1", "Épisode 2"):
        set_right(library, name, names={"ANNA": "Anna Weber"})
    show.title = "L'Atelier"
    show.add(3)
    show.add(4)
    capsys.readouterr()
    assert run("update", "--no-listen", library) == 0
    assert capsys.readouterr().out.count("Show      L'Atelier - La Mine: its feed calls it L'Atelier now\n") == 1
    for name in ("Épisode 3", "Épisode 4"):
        told = details(library, name)
        assert (told["show"], told["names"]) == ("L'Atelier - La Mine", {"ANNA": "Anna Weber"})


@pytest.mark.nightly
def test_a_feeds_show_is_what_a_person_calls_it_in_all_of_its_episodes(show: Feed, library: Path) -> None:
    show.add(1)
    show.add(2)
    added(show, library)
    set_right(library, "Épisode 1", show="Mes vélos")
    show.add(3)
    assert run("update", "--no-listen", library) == 0
    assert details(library, "Épisode 3")["show"] == "Roue libre"
    for name in ("Épisode 2", "Épisode 3"):
        set_right(library, name, show="Mes vélos")
    show.add(4)
    assert run("update", "--no-listen", library) == 0
    assert details(library, "Épisode 4")["show"] == "Mes vélos"


@pytest.mark.nightly
def test_a_feed_whose_episodes_a_person_gave_to_several_shows_names_the_next(
    show: Feed, library: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show.add(1)
    show.add(2)
    added(show, library)
    set_right(library, "Épisode 1", show="Ma Radio")
    set_right(library, "Épisode 2", show="L'Atelier")
    show.add(3)
    assert run("update", "--no-listen", library) == 0
    assert details(library, "Épisode 3")["show"] == "Roue libre"
    assert "Show  " not in capsys.readouterr().out


@pytest.mark.nightly
def test_a_cover_is_the_shows_whatever_its_feed_calls_it(show: Feed, library: Path) -> None:
    show.cover = show.host.put("/cover.png", picture("teal"))
    show.add(1)
    show.add(2)
    added(show, library)
    show.title = "Roue libre !"
    show.add(3)
    show.items[2] = show.items[2].replace("<title>", f'<itunes:image href="{show.cover}"/><title>')
    show.cover = show.host.put("/cover.png", picture("red"))
    show.publish()
    assert run("update", "--no-listen", library) == 0
    assert (library / "Épisode 3" / "cover.png").read_bytes() == picture("teal")
