"""Several episodes as one folder: what lies where, what is made again, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.web.site.publishing import copied_show, publish_show


@pytest.fixture(scope="module")
def alignments(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    return copied_show(sample, tmp_path_factory.mktemp("show"), "L’été des vélos", "Œuvres & co")


@pytest.fixture(scope="module")
def published(alignments: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    return publish_show(alignments, tmp_path_factory.mktemp("published") / "site")


def test_each_episode_lies_under_its_date_and_title_and_the_index_leads_to_it(published: Path) -> None:
    names = ["2025-03-01-l-ete-des-velos", "2025-03-08-oeuvres-co"]
    assert sorted(path.name for path in (published / "e").iterdir()) == names
    html = (published / "index.html").read_text(encoding="utf-8")
    places = [html.index(f'href="e/{name}/index.html"') for name in names]
    assert places[1] < places[0]  # the newest first
    assert all((published / "e" / name / "index.html").is_file() for name in names)
