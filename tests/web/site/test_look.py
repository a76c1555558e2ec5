"""The pictures of a published episode, and those that cannot be used."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from aligner.publishing.screens import StyleChoices, remember
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.aligner.command import quotecast_here
from tests.tables import over_rows
from tests.web.site.publishing import copied_sample, copied_show, keep, publish_show


def covered(sample: Path, folder: Path, cover: str) -> Path:
    """An episode of one quote with a cover of that name."""
    path = copied_sample(sample, folder)
    alignment = read_alignment(path)
    keep(alignment, folder, (0, 14))
    write_text(path, to_text(replace(alignment, episode=replace(alignment.episode, cover=cover))))
    return path


def bitmap() -> bytes:
    """70 million pixels in some kilobytes."""
    file = io.BytesIO()
    Image.new("1", (10_000, 7_000)).save(file, "PNG")
    return file.getvalue()


def jpeg(kept_share: float = 1.0) -> bytes:
    file = io.BytesIO()
    Image.effect_noise((400, 400), 80).save(file, "JPEG")
    return file.getvalue()[: int(len(file.getvalue()) * kept_share)]


@pytest.mark.nightly
@over_rows(
    "content, why",
    lambda: [
        (b'<svg xmlns="http://www.w3.org/2000/svg"/>', "not a picture, or damaged"),
        (bitmap(), "more than 60 million pixels"),
        (None, "cover is missing"),
    ],
)
def test_a_cover_that_cannot_be_used_is_left_out_and_that_is_said(
    sample: Path, tmp_path: Path, content: bytes | None, why: str
) -> None:
    path = covered(sample, tmp_path / "episode", "cover.png")
    if content is not None:
        path.with_name("cover.png").write_bytes(content)
    done = quotecast_here("publish", path, "-o", tmp_path / "site", "--progress", "none")
    assert done.returncode == 0, done.stderr
    [told] = [line for line in done.stdout.splitlines() if line.startswith("Left out") and "cover" in line]
    assert why in told
    assert not (tmp_path / "site" / "cover.jpg").exists()
    assert list((tmp_path / "site" / "q").glob("*.png"))
    assert 'class="cover"' not in (tmp_path / "site" / "index.html").read_text(encoding="utf-8")


@pytest.mark.nightly
def test_a_link_to_a_show_without_covers_unfolds_with_its_name_as_a_picture(
    sample: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUOTECAST_CONFIG", str(tmp_path / "config"))
    paths = copied_show(sample, tmp_path / "shows", "Un", "Deux")
    first = read_alignment(paths[0])
    (tmp_path / "chosen.jpg").write_bytes(jpeg(0.5))
    remember(first.episode.show, StyleChoices(font="No Such Font", cover=str(tmp_path / "chosen.jpg")))
    folder = publish_show(paths, tmp_path / "site", "--base-url", "https://example.org/show/")
    head = head_of(folder)
    assert head["og:image"] == "https://example.org/show/card.png"
    assert head["twitter:card"] == "summary_large_image"
    with Image.open(folder / "card.png") as card:
        assert (head["og:image:width"], head["og:image:height"]) == (*map(str, card.size),)
    paths[0].with_name("cover.jpg").write_bytes(jpeg())
    write_text(paths[0], to_text(replace(first, episode=replace(first.episode, cover="cover.jpg"))))
    publish_show(paths, folder)
    assert head_of(folder)["og:image"] == "https://example.org/show/e/2025-03-01-un/cover.jpg"
    assert head_of(folder)["twitter:card"] == "summary"
    assert not (folder / "card.png").exists()
    publish_show(paths, folder, "--base-url=")
    assert "og:image" not in head_of(folder)


def head_of(folder: Path) -> dict[str, str]:
    """What the episode's page tells programs that unfold a link to it."""
    html = (folder / "index.html").read_text(encoding="utf-8")
    return dict(re.findall(r'<meta (?:property|name)="([^"]*)" content="([^"]*)"', html))
