"""A source whose sound changes again and again, as by adverts: copies of the last ones that an update replaced are
kept, and of those that something is still of; what a person put in is kept for good."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import click
import pytest

from aligner.storage.audio_lookup import sha256_of
from tests.web.archive.test_changed_sounds import TALK, Latest, said
from tests.web.library.shelved import write_sound
from web.archive.adding import exchanges
from web.archive.adding.remembered import Archive
from web.library import Episode, Library


class Daily(Latest):
    """An episode that has another sound each day."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        self.days = [write_sound(folder / f"day {n}.wav", 1.0 + n / 4).read_bytes() for n in range(6)]
        self.sounds |= dict(zip("ABCDEF", self.days, strict=True))
        self.has("A", TALK)
        self.add()

    def day(self, name: str) -> None:
        self.has(name, TALK)
        assert self.update() == 0

    @property
    def copies(self) -> str:
        names = {content: name for name, content in self.sounds.items()}
        return "".join(sorted(names[path.read_bytes()] for path in self.episode.glob("*.bak*")))

    @property
    def sound_now(self) -> bytes:
        return (self.episode / "latest.wav").read_bytes()


@pytest.fixture
def daily(tmp_path: Path) -> Daily:
    return Daily(tmp_path)


@pytest.mark.nightly
def test_copies_of_the_last_two_sounds_are_kept(daily: Daily) -> None:
    for name in "BCDEF":
        daily.day(name)
    assert (daily.sound_now, daily.copies) == (daily.sounds["F"], "DE")
    daily.day("E")
    assert (daily.sound_now, daily.copies) == (daily.sounds["E"], "DF")


def test_what_a_person_put_in_and_the_copy_of_it_stay(daily: Daily) -> None:
    daily.day("B")
    shutil.copy(daily.episode / "latest.wav", daily.episode / "latest.wav.bak7")  # a copy that a person made
    (daily.episode / "latest.wav.bak8").write_bytes(daily.sounds["F"])
    for name in "CDE":
        daily.day(name)
    assert "F" in daily.copies
    assert daily.copies.count("A") == 0


@pytest.mark.nightly
@pytest.mark.parametrize("what", ["clip", "alignment"])
def test_the_copy_of_a_sound_that_something_is_of_stays_until_nothing_is(daily: Daily, what: str) -> None:
    folder = daily.episode / "clips" if what == "clip" else daily.episode
    folder.mkdir(exist_ok=True)
    record = folder / ("one.json" if what == "clip" else "old.alignment.json")
    record.write_text(json.dumps({"source": {"sha256": sha256_of(daily.episode / "latest.wav")}}), "utf-8")
    for name in "BCD":
        daily.day(name)
    assert daily.copies == "ABC"
    record.unlink()
    daily.day("E")
    assert daily.copies == "CD"


@pytest.mark.nightly
def test_what_a_killed_update_laid_is_no_persons_and_follows_its_source(
    daily: Daily, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """As where its process went on, and the source has changed again by the next update."""

    def killed(episode: Episode, new: Path) -> None:
        assert episode.audio
        shutil.copy(episode.audio, f"{episode.audio}.bak")
        shutil.copy(new, episode.audio)
        raise KeyboardInterrupt

    with monkeypatch.context() as once:
        once.setattr(exchanges, "exchange", killed)
        daily.has("B", TALK)
        with pytest.raises(click.Abort):
            daily.update()
    assert daily.sound_now == daily.sounds["B"]
    said(capsys)
    daily.day("C")
    assert said(capsys).startswith("Sound     latest: its sound is the new one")
    assert (daily.sound_now, daily.copies) == (daily.sounds["C"], "AB")
    [made] = Archive(Library(daily.library)).read().episodes.values()
    assert (len(made.replaced), made.laying) == (2, None)
