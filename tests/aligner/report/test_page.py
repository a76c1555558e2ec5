"""The page of a report stands alone, runs only its own script, and shows any text as text."""

import base64
import hashlib
import re
from dataclasses import replace

import lxml.html
import pytest

from aligner.model import EpisodeDetails, Segment, Untranscribed
from aligner.report.facts import Report, report_of
from aligner.report.page import to_html
from tests.aligner.captions.spoken import spoken
from tests.aligner.report.doubted import numbered, with_doubt

HOSTILE = '</script><script>alert(1)</script> " onload="alert(2) & <b>'


@pytest.fixture
def hostile() -> Report:
    """The report of an episode whose every text is markup."""
    text = f"{numbered(9)} {HOSTILE} ~{' ~'.join(HOSTILE.split())} {numbered(9)}"
    alignment = with_doubt(spoken(("Ada", text)), (range(20), 0.2))
    segments = tuple(
        replace(each, segment=Segment(each.segment.kind, HOSTILE, each.segment.char_start, each.segment.char_end))
        for each in alignment.segments
    )
    audio = replace(alignment.audio, file=HOSTILE)
    details = EpisodeDetails(title=HOSTILE, show=HOSTILE)
    lacking = (Untranscribed(1.0, 3.0, HOSTILE),)
    return report_of(
        replace(alignment, segments=segments, audio=audio, episode=details, untranscribed=lacking, language="fr")
    )


def test_no_text_becomes_markup(hostile: Report) -> None:
    page = lxml.html.document_fromstring(to_html(hostile, "a%20b.mp3"))
    assert len(page.xpath("//script")) == 1
    assert not page.xpath("//b | //@onload | //@style")
    assert page.xpath("string(//h1)") == HOSTILE
    assert HOSTILE.split()[0] in page.xpath("string(//*[@id='doubtful-title']/..)")


def test_the_page_requests_only_the_audio(hostile: Report) -> None:
    page = lxml.html.document_fromstring(to_html(hostile, "a%20b.mp3"))
    assert page.xpath("//@src | //@href") == ["a%20b.mp3"]
    assert "url(" not in page.xpath("string(//style)")


def test_only_the_pages_own_style_and_script_may_run(hostile: Report) -> None:
    html = to_html(hostile, "a.mp3")
    [policy] = re.findall(r'Content-Security-Policy" content="([^"]+)"', html)
    for kind, tag in (("script-src", r"<script[^>]*>(.*?)</script>"), ("style-src", r"<style>(.*?)</style>")):
        [text] = re.findall(tag, html, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert f"{kind} 'sha256-{digest}'" in policy
    assert "default-src 'none'" in policy


def test_right_to_left_texts_are_isolated() -> None:
    alignment = with_doubt(spoken(("عليا", "كان البحر " * 15), language="ar"), (range(20), 0.2))
    report = report_of(replace(alignment, episode=EpisodeDetails(title="البحر")))
    page = lxml.html.document_fromstring(to_html(report, "a.mp3"))
    own = page.xpath("//*[contains(text(), 'البحر') or contains(text(), 'عليا')]")
    assert len(own) > 2
    assert [each.tag for each in own if each.tag not in ("bdi", "title") and each.get("dir") != "auto"] == []


def test_every_passage_has_a_play_button() -> None:
    report = report_of(with_doubt(spoken(numbered(40)), (range(5, 20), 0.2)))
    page = lxml.html.document_fromstring(to_html(report, "a.mp3"))
    [passage] = report.doubtful.first
    buttons = page.xpath("//*[@id='doubtful-title']/..//button")
    assert [(b.get("data-from"), b.get("data-to")) for b in buttons] == [(f"{passage.start:.3f}", f"{passage.end:.3f}")]
