"""Items of a feed that are an episode's under another guid, as where its host changed: the episode follows them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.archive.feeding import TALK, Show
from tests.web.archive.hosting import Host, answer
from tests.web.archive.test_copies import cut, encoded
from tests.web.archive.test_update import folders, run
from web.archive.adding.remembered import Archive
from web.library import Library
from web.library.folders import read_folder


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two voices, as they were published and encoded anew."""
    folder = tmp_path_factory.mktemp("made")
    for number, start in ((1, 20.0), (2, 60.0)):
        cut(folder / f"{number}.mp3", start)
        encoded(folder / f"{number}.mp3", folder / f"{number}.opus")
    return folder


class Moving:
    """A show of two episodes, and the library that is made of it."""

    def __init__(self, made: Path, host: Host, folder: Path, talk: str | None) -> None:
        self.made, self.host, self.library = made, host, folder / "library"
        self.show = Show(host, folder / "shown")
        for number in (1, 2):
            self.show.add(number, talk and f"{talk}\nANNA: {number}.\n")
            host.put(f"/sound/{number}.wav", (made / f"{number}.mp3").read_bytes())
        self.how = () if talk else ("--without-transcript",)
        assert (
            run("add", "--yes", "--listen", "none", "--allow-private", *self.how, self.show.publish(), self.library)
            == 0
        )

    def changes_guids(self, at: str = "/neu/") -> None:
        """All items have other guids, and lie elsewhere."""
        self.show.items = [item.replace("<guid>g", "<guid>urn:neu:") for item in self.show.items]
        for path, (content, etag) in [*self.host.files.items()]:
            if path.startswith(("/sound/", "/text/")):
                self.host.put(path.replace("/", at, 1), content, etag)
                del self.host.files[path]
        self.show.items = [
            each.replace("/sound/", f"{at}sound/").replace('"/text/', f'"{at}text/') for each in self.show.items
        ]

    def encodes_anew(self) -> None:
        for number in (1, 2):
            self.host.put(f"/neu/sound/{number}.wav", (self.made / f"{number}.opus").read_bytes(), '"anew"')

    def update(self) -> int:
        self.show.publish()
        return run("update", "--no-listen", self.library)

    @property
    def guids(self) -> list[str | None]:
        return [each.guid for each in Archive(Library(self.library)).read().episodes.values()]

    def title(self, folder: str) -> str | None:
        episode = read_folder(self.library / folder, folder)
        assert episode
        return episode.details.title

    def text(self, folder: str) -> str:
        [path] = (self.library / folder).glob("*.txt")
        return path.read_text("utf-8")


@pytest.fixture(params=[TALK, None], ids=["with transcripts", "without"])
def moving(request: pytest.FixtureRequest, made: Path, host: Host, tmp_path: Path) -> Moving:
    return Moving(made, host, tmp_path, request.param)


def said(capsys: pytest.CaptureFixture[str]) -> str:
    return "".join(capsys.readouterr())


@pytest.mark.nightly
def test_where_all_guids_change_and_all_is_encoded_anew_episodes_go_on_with_their_items(
    moving: Moving, capsys: pytest.CaptureFixture[str]
) -> None:
    moving.changes_guids()
    moving.encodes_anew()
    moving.show.items[0] = moving.show.items[0].replace("<title>Épisode 1", "<title>Wiederholung")
    said(capsys)
    assert moving.update() == 0
    assert said(capsys).splitlines() == [
        "There     Wiederholung: is the sound of Épisode 1",
        "Sound     Épisode 1: its sound is the new one, the same in another encoding; the old one is kept as 1.wav.bak",
        "There     Épisode 2: is the sound of Épisode 2",
        "Sound     Épisode 2: its sound is the new one, the same in another encoding; the old one is kept as 2.wav.bak",
        "Title     Épisode 1: Wiederholung",
    ]
    assert (folders(moving.library), moving.guids) == (["Épisode 1", "Épisode 2"], ["urn:neu:1", "urn:neu:2"])
    assert moving.title("Épisode 1") == "Wiederholung"
    moving.host.asked.clear()
    assert moving.update() == 0
    assert said(capsys) == ""
    assert not [path for path in moving.host.paths() if "/sound/" in path]
    moving.host.put("/neu/sound/2b.wav", (moving.made / "2.mp3").read_bytes())
    moving.show.items[1] = moving.show.items[1].replace("/2.wav", "/2b.wav").replace(">Épisode 2<", ">Nummer 2<")
    moving.host.put("/neu/text/2.txt", b"ANNA: Nummer 2.\n", '"new"')
    assert moving.update() == 0
    told = said(capsys)
    assert "Sound     Épisode 2: its sound is the new one" in told
    assert "Title     Épisode 2: Nummer 2" in told
    if not moving.how:
        assert moving.text("Épisode 2") == "ANNA: Nummer 2.\n"


@pytest.mark.nightly
def test_where_guids_change_alone_nothing_is_said_or_made(moving: Moving, capsys: pytest.CaptureFixture[str]) -> None:
    moving.show.items = [item.replace("<guid>g", "<guid>urn:neu:") for item in moving.show.items]
    said(capsys)
    moving.host.asked.clear()
    assert moving.update() == 0
    assert (said(capsys), moving.guids) == ("", ["urn:neu:1", "urn:neu:2"])
    assert not [path for path in moving.host.paths() if "/sound/" in path]


@pytest.mark.nightly
def test_a_feed_that_is_added_at_another_address_with_other_guids_is_followed(
    moving: Moving, capsys: pytest.CaptureFixture[str]
) -> None:
    moving.changes_guids()
    moving.encodes_anew()
    moving.show.publish()
    moving.host.files["/neu.xml"] = moving.host.files.pop("/feed.xml")
    said(capsys)
    new = f"{moving.host.url}/neu.xml"
    assert run("add", "--yes", "--listen", "none", "--allow-private", *moving.how, new, moving.library) == 0
    left = ["1.wav", "2.wav"] if moving.how else []  # the episodes' own
    follows = [f"Follows   Épisode {k}: {new} now, and not {moving.host.url}/feed.xml" for k in (1, 2)]
    assert said(capsys).splitlines() == [
        follows[0],
        "There     Épisode 1: is the sound of Épisode 1",
        follows[1],
        "There     Épisode 2: is the sound of Épisode 2",
        *(f"Left      {name}: no transcript found" for name in left),
        f"Found     0 sure, 0 in doubt; left over: {len(left)} sounds, 0 transcripts",
        "Made      nothing",
    ]
    assert run("update", moving.library) == 3  # the old one is gone
    assert "Sound     Épisode 1: its sound is the new one, the same in another encoding" in said(capsys)
    assert (folders(moving.library), moving.guids) == (["Épisode 1", "Épisode 2"], ["urn:neu:1", "urn:neu:2"])


@pytest.fixture
def written(made: Path, host: Host, tmp_path: Path) -> Moving:
    return Moving(made, host, tmp_path, TALK)


@pytest.mark.nightly
def test_a_sound_that_cannot_be_had_is_not_told_to_be_left_over_and_known_the_next_time(
    written: Moving, capsys: pytest.CaptureFixture[str]
) -> None:
    written.changes_guids()
    written.encodes_anew()
    written.host.say("/neu/sound/1.wav", answer(404))
    said(capsys)
    assert written.update() == 3
    told = said(capsys)
    assert "quotecast: Épisode 1: not made: " in told
    assert "There     Épisode 2" in told
    assert not [line for line in told.splitlines() if line.startswith(("Left", "Pair", "Made"))]
    assert written.update() == 0
    assert "There     Épisode 1: is the sound of Épisode 1" in said(capsys)
    assert written.guids == ["urn:neu:2", "urn:neu:1"]


@pytest.mark.nightly
def test_an_episode_that_is_broadcast_once_more_years_later_keeps_its_item(
    written: Moving, capsys: pytest.CaptureFixture[str]
) -> None:
    again = written.show.items[0].replace("<guid>g1", "<guid>again").replace("01 May 2026", "01 May 2027")
    written.show.items[0] = again.replace("<title>Épisode 1", "<title>Once more")
    said(capsys)
    assert written.update() == 0
    assert "There     Once more: is the sound of Épisode 1" in said(capsys)
    assert (written.guids, written.title("Épisode 1")) == (["g1", "g2"], "Épisode 1")
    assert written.update() == 0
    assert said(capsys) == ""


def test_an_item_that_was_there_twice_is_followed_once_the_other_is_gone(
    written: Moving, capsys: pytest.CaptureFixture[str]
) -> None:
    own = written.show.items[0]
    written.show.items.append(own.replace("<guid>g1", "<guid>neu"))
    said(capsys)
    assert written.update() == 0
    assert "There     Épisode 1" in said(capsys)
    written.show.items.remove(own)
    assert written.update() == 0
    assert (said(capsys), written.guids) == ("", ["g2", "neu"])
