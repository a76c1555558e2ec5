"""A review that does not wait for the server: what is accepted, undone, put in; words from anywhere in the text."""

from __future__ import annotations

from pathlib import Path

from playwright.sync_api import Page, Route, expect

from aligner.storage.alignment_json import read_alignment
from tests.web.review.conftest import DOUBTED, left, part
from tests.web.visiting import intercept


def test_the_next_passage_is_there_before_the_server_has_answered(reviewed: Page, troubled: Path) -> None:
    held: list[Route] = []

    def hold(route: Route) -> None:
        held.append(route)
        if len(held) > 1:
            route.continue_()

    intercept(reviewed, "**/corrections", hold)
    count = left(reviewed)
    with reviewed.expect_request("**/corrections"):
        reviewed.keyboard.press("Enter")
    expect(part(reviewed, "reasons")).to_contain_text("was not found in the audio")
    reviewed.keyboard.press("Enter")
    expect(part(reviewed, "where")).to_have_text(f"1 of {count - 2}")
    assert left(reviewed) == count - 2
    assert len(held) == 1  # the second waits for the first
    assert not any(each.pinned for each in read_alignment(troubled).words)
    with reviewed.expect_response("**/review"):
        held[0].continue_()
    assert len(held) == 2
    expect(part(reviewed, "where")).to_have_text(f"1 of {count - 2}")
    assert all(read_alignment(troubled).words[k].pinned for k in DOUBTED)
