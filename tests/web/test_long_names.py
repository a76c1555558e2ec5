"""Titles and names may be names of files, long and without a space: no page grows wider than a phone by them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Page

from aligner.storage.alignment_json import read_alignment, to_text

LONG = "20261126_Entretien_avec_Maelle_Kerdoncuff_version_finale_montage_v3"


PAGES = ("", "episodes/roue-libre", "episodes/roue-libre/details", "episodes/roue-libre/publish", "search?q=tandem")


def test_a_long_name_stays_on_a_phones_screen(page: Page, server: str, library: Path) -> None:
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
    for path in PAGES:
        page.goto(f"{server}/{path}")
        assert page.locator("body").get_by_text(LONG[:20]).count() > 0
        assert page.evaluate("document.documentElement.scrollWidth") == 390, path
