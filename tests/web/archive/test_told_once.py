"""What is left over is a line once, and then a number; a run that goes on tells of itself where anything has moved."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.archive.test_following import Numbered, said
from tests.web.archive.test_update import library, run, show
from tests.web.library.shelved import write_sound
from web.archive.adding.lines import show_pairing
from web.archive.errors import RefusedError
from web.archive.pairing.items import Clues, Sound, Text
from web.archive.pairing.pairs import Candidate, Pair, Pairing
from web.archive.runs.telling import lines_where_moved

__all__ = ["library", "show"]  # fixtures


@pytest.mark.nightly
def test_what_was_left_over_before_is_a_number_the_next_time(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    show = Numbered(tmp_path, 1)
    show.write("LEIA-ME.txt", "As transcrições são revistas por voluntários do bairro.\n")
    show.write("broken.srt", "")
    assert show.update() == 0
    first = said(capsys)
    assert "Left      LEIA-ME.txt: no sound found" in first
    assert "broken.srt: the file is empty" in first
    show.sounds(2, 2)
    show.write("e2.txt", show.talk(2))
    show.write("notes.txt", "Acheter du café et des piles pour le magnétophone.\n")
    assert show.update() == 0
    told = said(capsys)
    assert "Made      e2" in told
    assert "Left      notes.txt: no sound found" in told
    assert "As before 1 left over or in doubt; the app's page Archive lists them" in told
    assert "LEIA-ME" not in told
    assert "broken" not in told
    assert show.update() == 0
    assert said(capsys) == ""


def test_a_text_that_is_a_candidate_in_a_doubt_is_not_left_over(capsys: pytest.CaptureFixture[str]) -> None:
    sound = Sound("s", Clues(("E1",)), label="E1.mp3")
    one, other, rest = (Text(name, Clues((name,)), label=f"{name}.txt") for name in ("one", "other", "rest"))
    pair = Pair(sound, one, 0.5, (), (Candidate(other, 0.4, ()),))
    show_pairing(Pairing((pair,), texts=(other, rest)), 0.9, Path("/my/library"))
    assert said(capsys).splitlines() == [
        "In doubt  0.50  E1.mp3 + one.txt  (); or with other.txt",
        "Left      rest.txt: no sound found",
        "Found     0 sure, 1 in doubt; left over: 0 sounds, 1 transcripts",
        "Decide    what is in doubt on the app's page Archive: quotecast serve /my/library",
    ]


def test_a_source_that_is_refused_leaves_no_library_behind(tmp_path: Path) -> None:
    library = tmp_path / "library"
    with pytest.raises(RefusedError):
        run("add", "--yes", "http://127.0.0.1:9/feed.xml", library)
    assert not library.exists()
    library.mkdir()
    write_sound(library / "mine" / "a.wav", 1.0)
    with pytest.raises(RefusedError):
        run("add", "--yes", "http://127.0.0.1:9/feed.xml", library)
    assert (library / "mine" / "a.wav").is_file()


def facts(done: int, seconds_left: int = 100, waits_for: str | None = None) -> dict[str, object]:
    episodes = {"all": 9, "done": done, "left": 9 - done, "failed": 0, "incomplete": 0, "with_app": 0}
    return {"episodes": episodes, "waits_for": waits_for, "hours_an_hour": None, "seconds_left": seconds_left}


def test_a_run_without_a_terminal_tells_where_anything_has_moved(capsys: pytest.CaptureFixture[str]) -> None:
    now = [0.0]
    line = lines_where_moved(lambda: now[0])

    def at(seconds: float, done: int) -> str:
        now[0] = seconds
        line(facts(done, seconds_left=round(500 - seconds)), False)
        return said(capsys)

    assert [at(seconds, 0) for seconds in (0, 12, 60)] == ["", "", ""]
    assert at(61, 1).startswith("1 of 9 episodes")
    assert at(70, 2) == ""
    assert at(77, 2).startswith("2 of 9 episodes")
    assert at(1000, 3).startswith("3 of 9 episodes")
    assert [at(seconds, 4) for seconds in (1010, 1100, 1240)] == ["", "", ""]
    assert at(1251, 4).startswith("4 of 9 episodes")
