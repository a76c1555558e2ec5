"""The command that publishes an episode: what it writes, refuses and keeps; its folder is whole or not there."""

import io
import json
import re
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import webvtt
from PIL import Image

from aligner.errors import OutputError
from aligner.model import Status
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from media.temporary import sweep
from tests.aligner.command import assert_refused, posix_only, quotecast_here
from tests.attack.dying import Death, run
from tests.tables import over_rows
from tests.web.site.publishing import content, copied_sample, publish, sounding_otherwise
from web.site.folder import Contents, write_folder

FILES = {
    *("accessibility.html", "captions.js", "captions.vtt", "episode.cast.json", "episode.sync"),
    *("icon.svg", "index.html", "quote-cast.js", "quotecast-site.json", "site.css", "site.js"),
}


@pytest.fixture(scope="module")
def published(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish(sample / "episode.alignment.json", tmp_path_factory.mktemp("published") / "site")


def names(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_has_the_page_and_all_that_it_asks_for(published: Path, sample: Path) -> None:
    assert names(published) == FILES | {"sound.mp3"}
    assert (published / "sound.mp3").read_bytes() == (sample / "episode.mp3").read_bytes()
    assert len(webvtt.read(str(published / "captions.vtt"))) > 5


def test_the_page_asks_for_nothing_but_files_beside_it(published: Path) -> None:
    html = (published / "index.html").read_text(encoding="utf-8")
    asked = re.findall(r'(?:src|href)="([^"]*)"', html)
    assert {each.partition("?")[0] for each in asked if not each.startswith("#")} <= FILES | {"sound.mp3"}
    assert "unsafe" not in html
    assert not re.search(r"<script(?![^>]*(?:src=|application/json))", html)


def test_a_page_asks_for_the_scripts_it_was_written_with_whatever_a_browser_has_kept(
    sample: Path, tmp_path: Path
) -> None:
    path = copied_sample(sample, tmp_path / "episode")

    def asked() -> list[str]:
        html = (publish(path, tmp_path / "site") / "index.html").read_text(encoding="utf-8")
        return [re.findall(rf'"{name}\?v=([0-9a-f]{{8}})"', html)[0] for name in ("site.js", "captions.js")]

    before = asked()
    assert asked() == before
    alignment = read_alignment(path)
    words = tuple(replace(word, span=None, status=Status.UNSPOKEN) for word in alignment.words[:3])
    write_text(path, to_text(replace(alignment, words=(*words, *alignment.words[3:]))))
    after = asked()
    assert after[0] == before[0]
    assert after[1] != before[1]


def test_the_language_of_the_interface_can_be_chosen(sample: Path, tmp_path: Path) -> None:
    folder = publish(sample / "episode.alignment.json", tmp_path / "site", "--interface", "en")
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en"' in html
    assert "Automatic timing, not reviewed" in html
    assert '<div id="transcript" lang="fr"' in html


def test_without_its_sound_an_episode_is_published_by_an_address_or_not_at_all(sample: Path, tmp_path: Path) -> None:
    alignment = copied_sample(sample, tmp_path / "episode")
    alignment.with_name("episode.mp3").unlink()
    refused = quotecast_here("publish", alignment, "-o", tmp_path / "site")
    assert_refused(refused, "the audio of the alignment is missing")
    assert not (tmp_path / "site").exists()
    publish(alignment, tmp_path / "site", "--audio-url", "https://cdn.example.org/e.mp3")
    assert '"peaks":null' in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


ELSEWHERE = "https://cdn.example.org/e.mp3"


def test_where_the_sound_is_published_is_remembered_and_that_is_said(sample: Path, tmp_path: Path) -> None:
    alignment = copied_sample(sample, tmp_path / "episode")
    folder = publish(alignment, tmp_path / "site", "--audio-url", ELSEWHERE)
    before = (folder / "index.html").read_bytes()
    assert b'"sync":"episode.sync?v=' in before, "its host may insert ads"
    done = quotecast_here("publish", alignment, "-o", folder)
    assert f"Audio     {ELSEWHERE}, as before; another with --audio-url" in done.stdout
    assert (folder / "index.html").read_bytes() == before
    assert names(folder) == FILES
    publish(alignment, folder, "--audio-url=")
    publish(alignment, folder)
    assert names(folder) == FILES | {"sound.mp3"}
    assert b'"sync":null' in (folder / "index.html").read_bytes()


def test_the_sync_file_is_the_fingerprint_of_the_audio_and_its_lack_is_reported(sample: Path, tmp_path: Path) -> None:
    alignment = copied_sample(sample, tmp_path / "episode")
    fingerprint = alignment.with_name("episode.fingerprint")
    folder = publish(alignment, tmp_path / "site")
    assert (folder / "episode.sync").read_bytes() == fingerprint.read_bytes()
    assert sync_of(folder).startswith("episode.sync?v=")
    mp4 = "https://cdn.example.org/e.m4a?x=1"
    done = quotecast_here("publish", alignment, "-o", tmp_path / "mp4", "--audio-url", mp4)
    assert f"Warning   {mp4}: players on web pages can use the sync file with MP3 and ADTS (.aac) only" in done.stdout
    fingerprint.unlink()
    done = quotecast_here("publish", alignment, "-o", folder)
    assert "Left out  episode.sync: the fingerprint of the audio is missing" in done.stdout
    assert (sync_of(folder), names(folder)) == (None, FILES - {"episode.sync"} | {"sound.mp3"})


def sync_of(folder: Path) -> Any:
    """The address of the sync file in the data of the embed."""
    return json.loads((folder / "episode.cast.json").read_text(encoding="utf-8"))["audio"].get("sync")


@pytest.mark.nightly
def test_of_another_sound_nobody_has_said_where_it_is(sample: Path, tmp_path: Path) -> None:
    alignment = copied_sample(sample, tmp_path / "episode")
    folder = publish(alignment, tmp_path / "site", "--audio-url", ELSEWHERE)
    before = {path: path.read_bytes() for path in folder.rglob("*")}
    sounding_otherwise(alignment, 1)
    refused = quotecast_here("publish", alignment, "-o", folder)
    assert_refused(
        refused, rf"site: plays the audio at {ELSEWHERE}, but the alignment is of other audio; .*--audio-url="
    )
    assert {path: path.read_bytes() for path in folder.rglob("*")} == before
    publish(alignment, folder, "--audio-url", ELSEWHERE)
    assert "as before" in quotecast_here("publish", alignment, "-o", folder).stdout


def test_a_folder_that_holds_something_else_is_refused(sample: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "index.html").write_text("mine", encoding="utf-8")
    done = quotecast_here("publish", sample / "episode.alignment.json", "-o", tmp_path / "site")
    assert_refused(done, "holds something other than a published episode")
    assert names(tmp_path / "site") == {"index.html"}


def test_what_was_published_is_replaced_and_handiwork_kept(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    alignment = copied_sample(sample, tmp_path / "episode")
    folder = publish(alignment, tmp_path / "site")
    (folder / "site.css").write_text("mine", encoding="utf-8")
    (folder / "CNAME").write_text("example.org", encoding="utf-8")
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "another machine's"))
    publish(alignment, folder, "--interface", "en", "--audio-url", "https://cdn.example.org/e.mp3")
    assert names(folder) == FILES | {"CNAME", "site.css.bak"}  # and the sound is gone
    assert (folder / "site.css.bak").read_text(encoding="utf-8") == "mine"
    assert '<html lang="en"' in (folder / "index.html").read_text(encoding="utf-8")


@over_rows("name", ["../other.txt", "q/../../other.txt", "/etc/hostname", "e/x/index.html"])
def test_a_list_that_names_files_elsewhere_is_refused(sample: Path, tmp_path: Path, name: str) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    content = json.dumps({"format": "quotecast-site", "version": 1, "files": {name: "2d" * 32}})
    (folder / "quotecast-site.json").write_text(content, encoding="utf-8")
    assert_refused(
        quotecast_here("publish", sample / "episode.alignment.json", "-o", folder),
        "something other than a published episode",
    )


def test_a_cover_goes_along_large_for_links_and_small_for_the_page(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    Image.new("RGB", (1600, 900), "navy").save(path.with_name("my cover.png"))
    alignment = read_alignment(path)
    write_text(path, to_text(replace(alignment, episode=replace(alignment.episode, cover="my cover.png"))))
    folder = publish(path, tmp_path / "site", "--base-url", "https://example.org/ep")
    sizes = [Image.open(io.BytesIO((folder / name).read_bytes())).size for name in ("cover.jpg", "cover-small.jpg")]
    assert sizes == [(1200, 675), (240, 135)]
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert '<meta property="og:image" content="https://example.org/ep/cover.jpg">' in html
    assert 'data-cover="cover.jpg"' in html
    assert 'src="cover-small.jpg" alt=""' in html


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
