"""The folder on the disk: whole or not at all."""

from __future__ import annotations

import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aligner.errors import OutputError
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from media.temporary import sweep
from tests.aligner.command import posix_only
from tests.attack.dying import Death, run
from tests.tables import over_rows
from tests.web.site.publishing import content, copied_sample, publish
from web.site.folder import Contents, write_folder


@posix_only
def test_nothing_is_written_or_removed_through_a_link_in_the_folder(tmp_path: Path) -> None:
    folder, other = tmp_path / "site", tmp_path / "other"
    write_folder(folder, Contents({"index.html": b"old", "q/a-123456.html": b"old"}))
    (folder / "q").rename(other)
    (folder / "q").symlink_to(other)
    for contents in (Contents({"index.html": b"new", "q/a.html": b"quote"}), Contents({"index.html": b"new"})):
        with pytest.raises(OutputError, match="q: is a link"):
            write_folder(folder, contents)
    assert {path.name: path.read_bytes() for path in other.iterdir()} == {"a-123456.html": b"old"}
    assert (folder / "index.html").read_bytes() == b"old"


def test_an_episode_of_which_nothing_is_known_is_published(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    alignment = read_alignment(path)
    segments = tuple(replace(timed, segment=replace(timed.segment, speaker=None)) for timed in alignment.segments)
    bare = replace(alignment, episode=type(alignment.episode)(), segments=segments)
    write_text(path, to_text(bare).replace('"verdict": "good"', '"verdict": "poor"'))
    folder = publish(path, tmp_path / "site", "--base-url", "https://example.org/")
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert '<title lang="fr">episode</title>' in html
    assert 'class="notice poor"' in html
    assert "Paragraphes sans nom d’intervenant" in html


@posix_only
@pytest.mark.nightly
@over_rows("end", [{}, {"signal": signal.SIGINT}, {"is_full": True}])
def test_a_run_that_ends_at_any_step_is_completed_by_the_next_one(
    end: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    old = Contents({"index.html": b"old", "q/a-111111.html": b"old", "q/b-222222.html": b"old", "site.css": b"style"})
    new = Contents({"index.html": b"new", "q/a-111111.html": b"new", "q/c-333333.html": b"new", "card.png": b"card"})
    write_folder(tmp_path / "whole", new)
    expected = content(tmp_path / "whole") | {"CNAME": b"mine"}

    def publish_old(folder: Path) -> Path:
        write_folder(folder, old)
        (folder / "CNAME").write_bytes(b"mine")
        return folder

    counted = publish_old(tmp_path / "counted")
    for step in range(run(lambda: write_folder(counted, new)).steps):
        folder = publish_old(tmp_path / f"{step}")
        run(lambda folder=folder: write_folder(folder, new), Death(step=step, **end))
        for each in (folder, folder / "q"):
            sweep(each)
        write_folder(folder, new)
        assert content(folder) == expected, step
