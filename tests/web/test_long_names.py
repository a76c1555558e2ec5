"""Titles and names may be names of files, long and without a space: no page grows wider than a phone by them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Page

from aligner.storage.alignment_json import read_alignment, to_text
from tests.web.library.shelved import TALK, plant

LONG = "20261126_Entretien_avec_Maelle_Kerdoncuff_version_finale_montage_v3"


@pytest.mark.parametrize(
    "path", ["", "episodes/roue-libre", "episodes/roue-libre/details", "episodes/roue-libre/publish", "search?q=tandem"]
)
def test_a_long_name_stays_on_a_phones_screen(page: Page, server: str, library: Path, path: str) -> None:
    file = library / "roue-libre" / "episode.alignment.json"
    alignment = read_alignment(file)
    named = tuple(
        replace(each, segment=replace(each.segment, speaker=each.segment.speaker and f"{LONG}_{each.segment.speaker}"))
        for each in alignment.segments
    )
    segments = tuple(each.segment for each in named)
    text = replace(alignment.transcript, segments=segments)
    about = replace(alignment.episode, title=LONG, show=LONG[::-1])
    file.write_text(to_text(replace(alignment, transcript=text, segments=named, episode=about)), encoding="utf-8")
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{server}/{path}")
    assert page.locator("body").get_by_text(LONG[:20]).count() > 0
    assert page.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.parametrize("width", [360, 1280])
@pytest.mark.parametrize(
    "show", ["Le grand entretien du matin sur la vie des rivières et des lacs", "mot " * 75, "m" * 300]
)
def test_a_long_name_of_a_show_stays_on_the_page_of_the_search(
    page: Page, server: str, library: Path, show: str, width: int
) -> None:
    plant(library / "summer", TALK, show=show.strip())
    page.set_viewport_size({"width": width, "height": 800})
    for address in (f"{server}/search?q=v%C3%A9los", f"{server}/search?q=v%C3%A9los&from=2025-01-01"):
        page.goto(address)
        page.locator(".narrowing").evaluate("each => each.open = true")
        assert page.evaluate("document.documentElement.scrollWidth") == width
