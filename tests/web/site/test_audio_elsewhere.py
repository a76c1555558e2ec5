"""Sound that lies elsewhere, and addresses that are given for it and for the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from aligner.publication import as_uri
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import fingerprint_path
from tests.aligner.command import quotecast_here
from tests.tables import over_rows
from tests.web.site.hosting import Answer, hosting, leading_to
from tests.web.site.publishing import copied_sample, keep, publish
from tests.web.visiting import new_tab


def refused(sample: Path, folder: Path, option: str, address: str) -> str:
    """The one line by which an address is refused."""
    done = quotecast_here("publish", sample / "episode.alignment.json", "-o", folder, option, address)
    assert done.returncode == 2
    assert not folder.exists()
    return done.stderr.strip().splitlines()[-1]


@over_rows(
    "address, options, told",
    [
        ("javascript:alert(1)", ("--audio-url", "--base-url"), "is not a web address"),
        ("https://me:secret@example.org/e.mp3", ("--audio-url", "--base-url"), "a password"),
        ("https://example.org/x?y=1", ("--base-url",), "has ? or #"),
        ("https://example.org/index.html", ("--base-url",), "is a page's; give a folder's"),
    ],
)
def test_an_address_that_nobody_can_be_sent_to_is_refused(
    sample: Path, tmp_path: Path, address: str, options: tuple[str, ...], told: str
) -> None:
    for option in options:
        assert told in refused(sample, tmp_path / "site", option, address)


@pytest.mark.nightly
@over_rows(
    "address, allowed",
    [
        ("https://count.example.org/r/cdn.example.org/e.mp3?a=1&b=2", "https:"),
        ("http://a_b.example.org/e.mp3", "https: http:"),
    ],
)
def test_sound_elsewhere_is_let_in_from_wherever_it_leads_to_and_nothing_else_is(
    sample: Path, tmp_path: Path, address: str, allowed: str
) -> None:
    alignment = copied_sample(sample, tmp_path / "episode")
    keep(read_alignment(alignment), alignment.parent, (0, 14))
    folder = publish(alignment, tmp_path / "site", "--audio-url", address)
    assert not (folder / "sound.mp3").exists()
    [quote] = (folder / "q").glob("*.html")
    html = (folder / "index.html").read_text(encoding="utf-8")
    assert f'src="{as_uri(address).replace("&", "&amp;")}"' in html
    assert "default-src 'none'; script-src 'self' file:; style-src 'self' file:; img-src 'self' file: data:;" in html
    assert f"media-src 'self' file: blob: {allowed}; connect-src 'self' blob: {allowed}; base-uri" in html
    assert f"media-src 'self' file: {allowed}; base-uri" in quote.read_text(encoding="utf-8")
    fingerprint_path(alignment).unlink()
    html = (publish(alignment, tmp_path / "site") / "index.html").read_text(encoding="utf-8")
    assert f"blob: {allowed}; connect-src 'self'; base-uri" in html  # no sync file: its audio is never read


@pytest.mark.parametrize("host", ["127.0.0.1", "müller.localhost"])
def test_sound_whose_address_leads_on_to_another_host_is_heard(
    browser: Browser, sample: Path, tmp_path: Path, host: str
) -> None:
    alignment, answers = copied_sample(sample, tmp_path / "episode"), dict[str, Answer]()
    with hosting(alignment.parent) as cdn, hosting(tmp_path, answers) as counting:
        answers["/count/episode.mp3"] = leading_to(f"{cdn}episode.mp3".replace("127.0.0.1", "localhost"))
        address = f"{counting}count/episode.mp3".replace("127.0.0.1", host)
        publish(alignment, tmp_path / "site", "--audio-url", address)
        with new_tab(browser, may_complain=True) as page:  # scripts may not read the audio
            page.goto(f"{counting}site/index.html")
            page.locator("[data-play=toggle]").click()
            page.wait_for_function("() => document.getElementById('audio').currentTime > 0.2")
