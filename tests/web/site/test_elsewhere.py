"""Sound that lies elsewhere, and addresses that are given for it and for the folder."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Browser

from aligner.publication import as_uri
from aligner.storage.alignment_json import read_alignment
from tests.aligner.command import quotecast_here
from tests.web.site.hosting import Answer, hosting, leading_to
from tests.web.site.publishing import copied_sample, keep, publish
from tests.web.visiting import new_tab


def refused(sample: Path, folder: Path, option: str, address: str) -> str:
    """The one line by which an address is refused."""
    done = quotecast_here("publish", sample / "episode.alignment.json", "-o", folder, option, address)
    assert done.returncode == 2
    assert not folder.exists()
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(
    "address",
    [
        *("javascript:alert(1)", "ftp://example.org/", "https://exa mple.org", "https://a,b.example.org/e.mp3"),
        *("https://example.org;sandbox/e.mp3", "https://a..b/", "https://a\\b/", "https://[fe80::1%25eth0]/"),
        *("https://999.1.1.1/", f"https://{'x' * 64}.org/", "https://example.org'*/"),
    ],
)
def test_what_is_no_address_of_the_web_is_refused(sample: Path, tmp_path: Path, address: str) -> None:
    for option in ("--audio-url", "--base-url"):
        assert "is no address of the web" in refused(sample, tmp_path / "site", option, address)


def test_an_address_that_tells_a_password_is_refused(sample: Path, tmp_path: Path) -> None:
    for option in ("--audio-url", "--base-url"):
        assert "a password" in refused(sample, tmp_path / "site", option, "https://me:secret@example.org/e.mp3")


@pytest.mark.parametrize("address", ["https://example.org/x?y=1", "https://example.org/x#z", "https://example.org/?"])
def test_a_folder_has_no_address_with_a_query_or_a_fragment(sample: Path, tmp_path: Path, address: str) -> None:
    assert "has ? or #" in refused(sample, tmp_path / "site", "--base-url", address)


@pytest.mark.parametrize(
    ("address", "allowed"),
    [
        ("https://count.example.org/r/cdn.example.org/e.mp3?a=1&b=2", "https:"),
        ("http://a_b.example.org/e.mp3", "https: http:"),
        ("HTTPS://[2001:db8::1]:8443/e.mp3", "https:"),
        ("https://müller.example/é.mp3", "https:"),
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
    assert f"media-src 'self' file: blob: {allowed}; connect-src 'self'; base-uri" in html
    assert f"media-src 'self' file: {allowed}; base-uri" in quote.read_text(encoding="utf-8")


@pytest.mark.parametrize("host", ["127.0.0.1", "a_b.localhost", "müller.localhost"])
def test_sound_whose_address_leads_on_to_another_host_is_heard(
    browser: Browser, sample: Path, tmp_path: Path, host: str
) -> None:
    alignment, answers = copied_sample(sample, tmp_path / "episode"), dict[str, Answer]()
    with hosting(alignment.parent) as cdn, hosting(tmp_path, answers) as counting:
        answers["/count/episode.mp3"] = leading_to(f"{cdn}episode.mp3".replace("127.0.0.1", "localhost"))
        address = f"{counting}count/episode.mp3".replace("127.0.0.1", host)
        publish(alignment, tmp_path / "site", "--audio-url", address)
        with new_tab(browser) as page:
            page.goto(f"{counting}site/index.html")
            page.locator("[data-play=toggle]").click()
            page.wait_for_function("() => document.getElementById('sound').currentTime > 0.2")
