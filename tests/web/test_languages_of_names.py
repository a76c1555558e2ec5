"""Titles and shows have the ``lang`` attribute of their episode."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from lxml import html

from aligner.storage.alignment_json import read_alignment, to_text
from tests.tables import over_rows
from tests.web.library.shelved import plant

TITLE, SHOW = "Die Donaudampfschifffahrtsgesellschaft", "Küchengespräche"
PAGES = (
    "/",
    "/search?q=ferry",
    "/episodes/tide",
    "/episodes/tide/details",
    "/episodes/tide/publish",
    "/episodes/tide/report",
    "/episodes/tide/versions",
)


def languages(page: str, text: str) -> list[str]:
    """In which language each element of a page is whose text is this one."""
    tree = html.fromstring(page)
    found = [
        each
        for each in tree.iter()
        if isinstance(each.tag, str) and (each.text or "").replace("\u00ad", "").strip() == text
    ]
    return [str(each.xpath("ancestor-or-self::*[@lang][1]/@lang")[0]) for each in found if each.tag != "title"]


@pytest.fixture
def german(library: Path) -> None:
    """One episode, in German."""
    shutil.rmtree(library / "roue-libre")
    plant(library / "tide", "Anna: The ferry leaves.", title=TITLE, show=SHOW)
    path = library / "tide" / "talk.alignment.json"
    path.write_text(to_text(replace(read_alignment(path), language="de")), encoding="utf-8")


@pytest.mark.nightly
@pytest.mark.usefixtures("german")
@over_rows("path", PAGES)
def test_a_title_has_the_language_of_its_episode_on_every_page(client: FlaskClient, path: str) -> None:
    page = client.get(path, headers={"Accept-Language": "en"}).text
    assert '<html lang="en"' in page
    assert set(languages(page, TITLE)) == {"de"}
    assert set(languages(page, SHOW)) <= {"de"}
