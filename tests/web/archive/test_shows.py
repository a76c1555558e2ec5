"""What people set right in a show's episodes holds for the next ones."""

from __future__ import annotations

from pathlib import Path

from web.archive.adding.shows import Show, names_for, shows_of
from web.library import Details, Episode


def episode(folder: Path, date: str, **told: object) -> Episode:
    details = Details(show="Roue libre", date=date, **told)  # type: ignore[arg-type]
    return Episode("x", folder, details, None, None, None)


def test_what_most_episodes_say_holds_and_of_as_many_the_latest(tmp_path: Path) -> None:
    of = [
        episode(tmp_path, "2026-01-01", names={"ANNA": "Anna", "BOB": "Bob"}, language="fr"),
        episode(tmp_path, "2026-01-02", names={"ANNA": "Anna Weber"}, language="fr"),
        episode(tmp_path, "2026-01-03", names={"ANNA": "Anna Weber", "BOB": "Robert"}, language="de"),
    ]
    assert shows_of(of) == {"Roue libre": Show({"ANNA": "Anna Weber", "BOB": "Robert"}, "fr", None)}


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
