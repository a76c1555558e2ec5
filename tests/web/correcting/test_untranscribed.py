"""Speech that is missing from the transcript is inserted, or marked as an ad, a jingle or dismissed."""

from collections.abc import Callable
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import Locator, Page, expect
from werkzeug.test import TestResponse

from aligner.model import AnnotationKind
from aligner.storage.alignment_json import read_alignment
from aligner.transcript import read_transcript
from tests.web.correcting.test_page import data, without_a_name
from tests.web.planting import plant_missing_speech
from tests.web.visiting import assert_accessible

HEARD = "autre chose que l'on entend"


@pytest.fixture
def untranscribed(page: Page, server: str, library: Path) -> Page:
    """Open an episode with speech missing from the transcript before the second turn."""
    plant_missing_speech(library, HEARD)
    page.goto(f"{server}/episodes/roue-libre")
    without_a_name(page)
    return page


def stored(library: Path) -> Path:
    return library / "roue-libre" / "episode.alignment.json"


def opened(page: Page) -> Locator:
    page.get_by_role("button", name="What is this?").click()
    return page.get_by_role("dialog", name="Speech missing from the transcript")


@pytest.mark.ci
def test_missing_speech_is_inserted_and_can_be_undone(untranscribed: Page, library: Path) -> None:
    dialog = opened(untranscribed)
    assert_accessible(untranscribed)
    expect(dialog.get_by_label("Words spoken")).to_have_value(HEARD)
    dialog.get_by_label("Words spoken").fill("Autre chose que l’on a entendu.")
    dialog.get_by_label("Speaker").fill("Zoé")
    dialog.get_by_role("button", name="Insert into the transcript").click()
    turn = untranscribed.locator("#transcript .turn", has_text="Autre chose que")
    expect(turn).to_contain_text("Zoé")
    expect(untranscribed.locator("#toast")).to_contain_text("Inserted into the transcript.")
    alignment = read_alignment(stored(library))
    assert "Autre chose que l’on a entendu." in alignment.transcript.text
    untranscribed.locator("#toast").get_by_role("button", name="Undo").click()
    expect(turn).to_have_count(0)
    expect(untranscribed.locator("#transcript .missing")).to_have_count(1)
    expect(untranscribed.get_by_role("button", name="What is this?")).to_have_count(1)


def test_an_ad_is_marked_by_keys_alone_and_can_be_asked_again(untranscribed: Page, library: Path) -> None:
    assert len(data(untranscribed)["missing"]) == 1
    untranscribed.locator(".missing").focus()
    untranscribed.keyboard.press("e")
    dialog = untranscribed.get_by_role("dialog", name="Speech missing from the transcript")
    dialog.get_by_role("button", name="This is an ad").focus()
    untranscribed.keyboard.press("Enter")
    expect(untranscribed.locator("#transcript .missing")).to_contain_text("Ad")
    assert [each.kind for each in read_alignment(stored(library)).annotations] == [AnnotationKind.AD]
    assert data(untranscribed)["missing"] == []
    opened(untranscribed).get_by_role("button", name="Reopen the question").click()
    expect(untranscribed.locator("#transcript .missing")).to_contain_text("Missing from the transcript")
    assert read_alignment(stored(library)).annotations == ()


def test_dismissed_speech_is_hidden_until_it_is_undone(untranscribed: Page) -> None:
    opened(untranscribed).get_by_role("button", name="This needs no text").click()
    expect(untranscribed.locator("#transcript .missing")).to_have_count(0)
    expect(untranscribed.get_by_role("button", name="What is this?")).to_have_count(0)
    untranscribed.keyboard.press("Control+z")
    expect(untranscribed.locator("#transcript .missing")).to_have_count(1)
    expect(untranscribed.get_by_role("button", name="What is this?")).to_have_count(1)


def test_a_passage_within_a_turn_is_its_speakers(client: FlaskClient, library: Path) -> None:
    def asked(start: float, end: float) -> TestResponse:
        return client.get("/api/episodes/roue-libre/voice", query_string={"from": start, "to": end})

    alignment = read_alignment(stored(library))
    turn = next(each for each in alignment.segments if each.segment.speaker and each.end and each.start is not None)
    inside = [each.span for each in alignment.words if each.span and turn.start < each.span.start < turn.end]
    at = inside[len(inside) // 2].start
    assert asked(at - 0.1, at + 0.1).json == {"speaker": turn.segment.speaker}
    assert asked(turn.end, turn.end + 0.1).json == {"speaker": None}
    assert asked(1e308, 1.1e308).json == {"speaker": None}
    assert [asked(*each).status_code for each in ((3, 2), (float("nan"), float("inf")))] == [400, 400]


def test_inserted_speech_without_a_speaker_has_the_same_one_in_alignment_and_file(
    send: Callable[..., TestResponse], library: Path
) -> None:
    turns = [each for each in read_alignment(stored(library)).segments if each.start is not None]
    at = turns[1].start
    passage = {"kind": "insert", "start": at - 0.2, "end": at, "speaker": None, "text": "Autre chose encore."}
    answer = send("POST", "/api/episodes/roue-libre/corrections", {"revision": 0, "correction": passage})
    assert answer.status_code == 200, answer.text
    transcript = read_alignment(stored(library)).transcript
    own, written = (
        next(each.speaker for each in read.segments if read.text[each.char_start :].startswith("Autre chose encore."))
        for read in (transcript, read_transcript(stored(library).with_name(transcript.file)))
    )
    assert own is not None
    assert own == written
