"""Keys of jobs go when nothing is left for them to unlock."""

import os
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.storage.keys import kept_key, users_key
from web.jobs import Job, seals
from web.jobs.kinds import Clip


@pytest.fixture
def keys(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the keys."""
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "own"))
    return tmp_path / "own" / "jobs"


def test_keys_of_long_ago_are_swept(keys: Path) -> None:
    users_key("jobs/one")
    users_key("jobs/two")
    os.utime(keys / "one", (1, 1))
    seals.sweep()
    assert kept_key("jobs/one") is None
    assert kept_key("jobs/two")
    assert seals.sealed_ids() == {"two"}


def test_one_that_cannot_be_looked_at_keeps_no_other(keys: Path) -> None:
    (keys / "folder").mkdir(parents=True)
    users_key("jobs/one")
    os.utime(keys / "one", (1, 1))
    seals.sweep()
    assert kept_key("jobs/one") is None


def test_what_a_killed_server_left_of_a_key_is_removed(keys: Path) -> None:
    keys.mkdir(parents=True)
    (keys / ".quotecast-1-0123456789ab").touch()
    os.utime(keys / ".quotecast-1-0123456789ab", (1, 1))
    seals.sweep()
    assert list(keys.iterdir()) == []


def test_where_no_key_was_ever_made_none_is_swept(keys: Path) -> None:
    seals.sweep()
    assert seals.sealed_ids() == frozenset()
    assert not keys.exists()


def test_what_was_sealed_before_clips_named_their_transcript_still_counts() -> None:
    clip = Clip(alignment="a.alignment.json", first=0, last=1, name="q.mp3")
    earlier = {"alignment", "first", "last", "name", "edges", "lufs", "tighten", "listen"}
    job = Job("20250101-000000-00000000", clip, "e", "2025-01-01T00:00:00Z")
    assert seals.arguments_of(job).keys() == earlier
    named = replace(job, work=replace(clip, transcript="0badcafe"))
    assert seals.arguments_of(named).keys() == earlier | {"transcript"}
