"""Requests for replacing an episode's audio over HTTP."""

import json
from pathlib import Path
from typing import Any

import pytest

from aligner.storage.alignment_json import read_alignment
from tests.web.asking import Asker, JobsThatWait
from web.jobs.kinds import Retime

pytestmark = pytest.mark.usefixtures("jobs")

PAGE = "/episodes/roue-libre/sound"
API = "/api/episodes/roue-libre/sound"
ANOTHER = {"old": {"file": "a", "sha256": "e" * 64, "duration": 1.0}}
ENDLESS = {"passages": [{"start": 1e306, "end": 1e307, "text": ""}]}


def lay(folder: Path, name: str = "new.mp3") -> Path:
    (there := folder / ".quotecast" / "new sound").mkdir(parents=True, exist_ok=True)
    (there / name).write_bytes((folder / "episode.mp3").read_bytes())
    return there / name


def tell(folder: Path, **others: Any) -> None:
    """A report as analysing the new audio would write it."""
    old = read_alignment(folder / "episode.alignment.json").audio
    told = {
        "format": "quotecast-retime",
        "version": 1,
        "old": {"file": old.file, "sha256": old.sha256, "duration": old.duration},
        "new": {"file": ".quotecast/new sound/new.mp3", "sha256": "f" * 64, "duration": 133.5},
        "verdict": "good",
        "coverage": 0.91,
        "spans": [
            {"fate": "dropped", "old": [0, 8], "new": None, "rate": 1.0},
            {"fate": "moved", "old": [8, 141.5], "new": [0, 133.5], "rate": 1.0},
        ],
        "moved": [{"words": 300, "by": -8.0, "most": -8.0}],
        "lost": [{"span": [1, 3], "text": "<b>Bonjour</b>"}],
        "displaced": [],
        "found": 2,
        "passages": [{"start": 30.0, "end": 40.0, "text": "an ad"}],
        "lost_pins": ["Bonjour"],
        "lost_quotes": [],
    }
    (folder / ".quotecast" / "moves.json").write_text(json.dumps(told | others), encoding="utf-8")


def test_uploaded_audio_is_staged_and_analysed(ask: Asker, jobs: JobsThatWait, folder: Path) -> None:
    lay(folder, "earlier.mp3")
    content = (folder / "episode.mp3").read_bytes()
    answer = ask.post(f"{API}/{ask.upload(audio=('neuf.mp3', content))}")
    assert answer.status_code == 202, answer.text
    work = jobs.asked[-1].work
    assert work == Retime(alignment="episode.alignment.json", audio="neuf.mp3")
    assert [path.name for path in (folder / ".quotecast" / "new sound").iterdir()] == ["neuf.mp3"]
    assert work.command() == [
        "aligner", "retime", "--progress", "json", "--dry-run", "--json=.quotecast/moves.json", "--",
        "episode.alignment.json", ".quotecast/new sound/neuf.mp3",
    ]  # fmt: skip
    assert f'data-job="{jobs.asked[-1].id}"' in ask.client.get(PAGE).text
    assert ask.post(API, {"take": True}).status_code == 409
    assert ask.post(f"{API}/{ask.upload(audio=('other.mp3', content))}").status_code == 409


def test_the_report_is_shown_and_the_audio_used(ask: Asker, jobs: JobsThatWait, folder: Path) -> None:
    lay(folder)
    assert ask.post(API, {"take": True}).status_code == 409
    tell(folder)
    page = ask.client.get(PAGE, headers={"Accept-Language": "en"}).text
    assert "0:08.00–2:21.50" in page
    assert "−8.00\u00a0s" in page
    assert "Words found in the new audio: 2" in page
    assert "&lt;b&gt;Bonjour&lt;/b&gt;" in page
    ask.client.set_cookie("quotecast-name", "Ada Quint")
    assert ask.post(API, {"take": True}).status_code == 202
    work = jobs.asked[-1].work
    assert work == Retime(alignment="episode.alignment.json", audio="new.mp3", take=True, who="Ada Quint")
    assert work.command()[2:] == [
        "--progress", "json", "--replace", "--author=Ada Quint", "--", "episode.alignment.json",
        ".quotecast/new sound/new.mp3",
    ]  # fmt: skip


def test_a_report_on_other_audio_is_ignored(ask: Asker, folder: Path) -> None:
    lay(folder)
    for others in (ANOTHER, {"spans": [{"fate": "eaten"}]}, ENDLESS):
        tell(folder, **others)
        assert "Use this audio" not in ask.client.get(PAGE).text
        assert ask.post(API, {"take": True}).status_code == 409
    tell(folder)
    lay(folder, "another.mp3")
    (folder / ".quotecast" / "new sound" / "new.mp3").unlink()
    assert ask.post(API, {"take": True}).status_code == 409


def test_an_episode_without_word_times_has_no_such_page(ask: Asker, folder: Path) -> None:
    (folder / "episode.alignment.json").unlink()
    assert ask.client.get(PAGE).status_code == 404
    assert ask.post(API, {}).status_code == 404
