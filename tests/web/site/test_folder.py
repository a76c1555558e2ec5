"""The folder on the disk: whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import OutputError
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.aligner.command import posix_only
from tests.web.site.publishing import copied_sample, publish
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
