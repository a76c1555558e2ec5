"""A page for each kept quote: what it says, what it plays, and what a link to it unfolds with."""

import io
import json
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest
from PIL import Image

from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from aligner.storage.file_names import fingerprint_path
from media.decode import stated_duration
from tests.web.site.publishing import copied_sample, keep, publish


class _Head(HTMLParser):
    """What a program reads that unfolds a link."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.meta: dict[str, str] = {}
        self.links: dict[str, str] = {}
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "meta":
            self.meta[given.get("property") or given.get("name", "")] = given.get("content", "")
        if tag == "link":
            self.links[given.get("type") or given["rel"]] = given["href"]


@pytest.fixture(scope="module")
def episode(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = copied_sample(sample, tmp_path_factory.mktemp("quotes") / "episode")
    keep(read_alignment(path), path.parent, (0, 14), (30, 40))
    return path


@pytest.fixture(scope="module")
def published(episode: Path) -> Path:
    return publish(episode, episode.parent.parent / "site", "--base-url", "https://example.org/ep/")


def pages(folder: Path) -> list[Path]:
    return sorted((folder / "q").glob("*.html"))


def test_each_quote_has_a_page_a_picture_and_its_sound(published: Path) -> None:
    assert len(pages(published)) == 2
    for page in pages(published):
        with Image.open(io.BytesIO(page.with_suffix(".png").read_bytes())) as picture:
            assert (picture.format, picture.size) == ("PNG", (1200, 630))
        assert 1 < (stated_duration(page.with_suffix(".mp3")) or 0) < 20
        assert "<script" not in page.read_text(encoding="utf-8")


def test_a_link_to_a_quote_unfolds_with_whole_addresses(published: Path) -> None:
    page = next(page for page in pages(published) if page.name.startswith("un-velo"))
    head, here = _Head(page.read_text(encoding="utf-8")), f"https://example.org/ep/q/{page.stem}"
    assert head.meta["og:title"].startswith("«\xa0Un vélo qui dort")
    assert head.meta["og:url"] == head.links["canonical"] == f"{here}.html"
    assert head.meta["og:image"] == f"{here}.png"
    assert head.meta["og:audio"] == f"{here}.mp3"
    assert head.meta["twitter:card"] == "summary_large_image"
    assert head.meta["og:site_name"] == "Roue libre"


def test_the_episode_lists_its_quotes(published: Path) -> None:
    html = (published / "index.html").read_text(encoding="utf-8")
    assert set(re.findall(r'href="(q/[^"]*)"', html)) == {f"q/{page.name}" for page in pages(published)}
    data = json.loads((published / "episode.cast.json").read_text(encoding="utf-8"))
    assert len(data["quotes"]) == 2
    assert data["audio"]["sources"][0]["src"] == "sound.mp3"
    assert data["url"] == "https://example.org/ep/"


def test_a_quote_whose_sound_is_elsewhere_plays_its_part_if_no_ads_are_expected(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    alignment = read_alignment(path)
    keep(alignment, path.parent, (0, 14))
    (path.parent / "episode.mp3").unlink()
    folder = publish(path, tmp_path / "site", "--audio-url", "https://cdn.example.org/e.mp3")
    assert "<audio" not in pages(folder)[0].read_text(encoding="utf-8")
    fingerprint_path(path).unlink()
    publish(path, folder)
    html = pages(folder)[0].read_text(encoding="utf-8")
    start, end = alignment.words[0].span, alignment.words[13].span
    assert start
    assert end
    assert f'src="https://cdn.example.org/e.mp3#t={start.start:.2f},{end.end:.2f}"' in html
    assert "media-src 'self' file: https:;" in html


@pytest.mark.nightly
def test_a_quote_that_is_taken_out_takes_its_page_along(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    alignment = read_alignment(path)
    keep(alignment, path.parent, (0, 14), (30, 40))
    before = {page.name for page in pages(publish(path, tmp_path / "site"))}
    keep(alignment, path.parent, (0, 14))
    after = {page.name for page in pages(publish(path, tmp_path / "site"))}
    assert after < before
    (path.parent / "quotes.json").unlink()
    publish(path, tmp_path / "site")
    assert not (tmp_path / "site" / "q").exists()


def test_hostile_names_texts_and_ids_stay_text_and_make_safe_names(sample: Path, tmp_path: Path) -> None:
    path = copied_sample(sample, tmp_path / "episode")
    alignment = read_alignment(path)
    evil = '"><script>alert(1)</script>&<b>'
    details = replace(alignment.episode, title=evil, show=f"--> {evil}\u202e")
    segments = tuple(
        replace(
            timed, segment=replace(timed.segment, speaker=timed.segment.speaker and f"{timed.segment.speaker}{evil}")
        )
        for timed in alignment.segments
    )
    write_text(path, to_text(replace(alignment, episode=details, segments=segments)))
    keep(alignment, path.parent, (0, 14), id="../../../etc/\0")
    folder = publish(path, tmp_path / "site", "--base-url", "https://example.org/a'b")
    for page in (*pages(folder), folder / "index.html", folder / "accessibility.html"):
        html = page.read_text(encoding="utf-8")
        assert "<script>alert" not in html
        assert "<b>" not in html
    names = [name.relative_to(folder).as_posix() for name in folder.rglob("*")]
    assert [name for name in names if not re.fullmatch(r"(q|(q/)?[\w.-]+)", name, re.ASCII)] == []
    assert _Head((folder / "index.html").read_text(encoding="utf-8")).meta["og:url"] == "https://example.org/a'b/"
