"""The publish page lists targets with their files, and tags to copy."""

import json
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import quote

import lxml.html
import pytest
from flask.testing import FlaskClient
from lxml import etree
from playwright.sync_api import Browser, Page, expect

from aligner.feeds.reading import NAMESPACE
from aligner.feeds.tags import PLACEHOLDER
from aligner.formats.targets import TARGETS
from aligner.model import Verdict
from aligner.storage.alignment_json import read_alignment, to_text
from media.ffmpeg import running
from tests.aligner.test_publication import FOLDERS, NO_FOLDERS
from tests.readers.reading_system import Book
from tests.tables import over_rows
from tests.web.embed.hosting import hosting
from tests.web.visiting import assert_accessible, new_tab
from web.page.preparation import prepare, ready
from web.publish import publishing
from web.quotes.saved import save_quote

PAGE = "/episodes/roue-libre/publish"
ALIGNMENT = "episode.alignment.json"


def row(client: FlaskClient, target: str, **headers: str) -> lxml.html.HtmlElement:
    page = lxml.html.document_fromstring(client.get(f"{PAGE}?target={target}", headers=headers).text)
    [shown] = page.xpath("//section[@class='place']")
    assert shown.get("id") == target
    return shown


@pytest.mark.nightly
def test_each_target_has_a_row_with_its_files(client: FlaskClient) -> None:
    page = lxml.html.document_fromstring(client.get(PAGE).text)
    assert [*filter(None, page.xpath("//select[@name='target']/option/@value"))] == list(TARGETS)
    for target in (row(client, name) for name in TARGETS):
        assert target.xpath("./p[@class='to-do']")[0].text_content().endswith(".")
        for link in target.xpath(".//ul[@class='files']//a"):
            with client.get(link.get("href")) as answer:
                assert answer.status_code == 200
            name, _, media_type = (each.text_content() for each in link.xpath("../p/*"))
            assert answer.mimetype == media_type
            assert name in link.get("aria-label")
            assert name.isascii()
            disposition = answer.headers.get("Content-Disposition", f"filename={link.get('download')}")
            assert disposition.replace('"', "").endswith(f"filename={name}")


def test_an_epub_contains_the_audio(client: FlaskClient, library: Path) -> None:
    read = Book(client.get(f"{PAGE}/books/epub", buffered=True).data)
    assert read.read("sound.mp3") == (library / "roue-libre" / "episode.mp3").read_bytes()
    assert any(chapter.lit for chapter in read.chapters)


def test_an_epub_contains_prepared_audio_and_waits_for_it(
    client: FlaskClient, library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    audio = library / "roue-libre" / "episode.mp3"
    varying = audio.with_name("varying.mp3")
    with running(["-i", f"file:{audio}", "-q:a", "4", f"file:{varying}"]):
        pass
    varying.replace(audio)  # browsers and reading systems seek imprecisely in a variable bit rate
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_LONGEST_ENCODED", 60.0)
        patch.setattr("web.routes.publish.call", lambda function, *args: function(*args))  # in this process
        assert client.get(f"{PAGE}/books/epub").status_code == 409
    prepare(audio, audio.parent, lambda *_: None)
    prepared = ready(audio, audio.parent)
    assert prepared
    assert prepared.audio != audio
    assert Book(client.get(f"{PAGE}/books/epub", buffered=True).data).read("sound.m4a") == prepared.audio.read_bytes()


@pytest.mark.ci
def test_the_files_for_a_site_play_there(client: FlaskClient, browser: Browser) -> None:
    section = row(client, "site")
    html = section.xpath("string(.//code[@id='line'])")
    with hosting() as site, new_tab(browser) as tab:
        site.files = {"/mine.html": f"<!doctype html><title>Mine</title>{html}".encode(), "/favicon.ico": b""}
        for link in section.xpath(".//ul[@class='files']//a"):
            with client.get(link.get("href")) as answer:
                site.files[f"/{quote(link.xpath('string(../p/bdi)'))}"] = answer.data
        tab.goto(f"{site.address}/mine.html")
        tab.wait_for_function("() => customElements.get('quote-cast')")
        tab.locator("quote-cast .controls").wait_for()
        tab.evaluate("() => document.querySelector('quote-cast').play()")
        tab.wait_for_function("() => document.querySelector('quote-cast').currentTime > 0.3")


def test_tags_are_xml_and_name_the_files_of_the_row(client: FlaskClient) -> None:
    feed = row(client, "feed")
    names = [name.text_content() for name in feed.xpath(".//ul[@class='files']//bdi")]
    tags = [code.text_content() for code in feed.xpath(".//ul[@class='tags']//code")]
    read = etree.fromstring(f'<item xmlns:podcast="{NAMESPACE}">{"".join(tags)}</item>')
    for tag in read:
        url = tag.get("url") or tag.text or ""
        assert url.startswith(PLACEHOLDER)
        assert url.removeprefix(PLACEHOLDER).replace("%20", " ") in names


def test_the_page_shows_review_status_and_verdict(client: FlaskClient, library: Path) -> None:
    assert "words found · Automatic timing, not reviewed" in lxml.html.fromstring(client.get(PAGE).text).text_content()
    path = library / "roue-libre" / ALIGNMENT
    path.write_text(to_text(replace(read_alignment(path), verdict=Verdict.POOR, coverage=0.2)), encoding="utf-8")
    page = client.get(PAGE).text
    assert "Few words found" in page
    assert 'class="notice poor"' in page


def test_exceeded_limits_are_reported_in_the_readers_language(client: FlaskClient) -> None:
    english = row(client, "youtube").xpath(".//ul[@class='outside']/li")
    french = row(client, "youtube", **{"Accept-Language": "fr"}).xpath(".//ul[@class='outside']/li")
    assert "YouTube shows them from 3 on." in english[0].text_content()
    assert "YouTube n’en affiche qu’à partir de 3." in french[0].text_content()


def test_saved_quotes_become_soundbites(client: FlaskClient, library: Path) -> None:
    folder = library / "roue-libre"
    alignment = read_alignment(folder / ALIGNMENT)
    save_quote(folder, alignment, 0, 70)
    save_quote(folder, alignment, 3, 9)
    feed = row(client, "feed")
    tags = [code.text_content() for code in feed.xpath(".//ul[@class='tags']//code")]
    assert len([tag for tag in tags if 'startTime="' in tag]) == 2
    assert any(
        "Soundbites of less than 15\u00a0s" in each.text_content() for each in feed.xpath(".//ul[@class='outside']/li")
    )


def test_damaged_quotes_are_reported_on_the_page(client: FlaskClient, library: Path) -> None:
    (library / "roue-libre" / "quotes.json").write_text("[", encoding="utf-8")
    assert "quotes.json" in row(client, "feed").xpath("string(.//ul[@class='outside'])")


def test_audio_and_other_files_have_the_same_name(library: Path, client: FlaskClient) -> None:
    folder, name, uploaded = library / "roue-libre", "Épisode 3 & été 🎧", "Episode-3-ete.mp3"
    (folder / "episode.mp3").rename(folder / f"{name}.mp3")
    alignment = read_alignment(folder / ALIGNMENT)
    renamed = replace(alignment, audio=replace(alignment.audio, file=f"{name}.mp3"))
    (folder / f"{name}.alignment.json").write_text(to_text(renamed), encoding="utf-8")
    (folder / ALIGNMENT).unlink()
    assert json.loads(client.get(f"{PAGE}/feed/chapters-json", buffered=True).data)["fileName"] == uploaded
    assert client.get(f"{PAGE}/site/cast", buffered=True).get_json()["audio"]["sources"][0]["src"] == uploaded
    links = row(client, "site").xpath(".//ul[@class='files']//a")
    [link] = [each for each in links if each.xpath("string(../p/bdi)") == uploaded]
    with client.get(link.get("href")) as answer:
        assert answer.headers["Content-Disposition"].endswith(f"filename={uploaded}")


@over_rows("path", ["feed/nothing", "nowhere/podcast-vtt", "mastodon/podcast-vtt", "feed/__init__"])
def test_unknown_targets_and_formats_are_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(f"{PAGE}/{path}").status_code == 404


@pytest.mark.walk
def test_target_and_address_are_remembered_and_tags_are_copied(page: Page, server: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(server + "/episodes/roue-libre")
    page.get_by_role("link", name="Publish").first.click()
    expect(page.locator(".place")).to_have_count(0)
    page.get_by_label("Where do you publish?").select_option(label="Your feed")
    page.get_by_role("button", name="Show").press("Enter")
    field, tag = page.get_by_label("Web address of the folder"), page.locator("#tag-1")
    expect(tag).to_contain_text(PLACEHOLDER)
    field.fill("https://me:secret@example.org/")
    field.press("Enter")
    expect(page.locator("#base-url-problem")).to_contain_text("shows a name or a password")
    assert_accessible(page)
    expect(tag).to_contain_text(PLACEHOLDER)
    field.fill("https://example.org/a&b")
    page.get_by_role("button", name="Use this address").click()
    expect(tag).to_contain_text('url="https://example.org/a&amp;b/')
    page.get_by_role("button", name="Copy all tags").click()
    expect(page.get_by_role("button", name="Copied")).to_be_visible()
    copied = page.evaluate("() => navigator.clipboard.readText()")
    read = etree.fromstring(f'<item xmlns:podcast="{NAMESPACE}">{copied}</item>')[0]
    assert (read.get("url") or "").startswith("https://example.org/a&b/")
    page.goto(server + PAGE)
    expect(tag).to_contain_text("https://example.org/a&amp;b/")


def test_the_page_accepts_the_same_addresses_as_the_commands(client: FlaskClient) -> None:
    def shown(address: str) -> lxml.html.HtmlElement:
        return lxml.html.document_fromstring(client.get(PAGE, query_string={"target": "feed", "base": address}).text)

    for address in FOLDERS:
        assert not shown(address.replace(" ", "%20")).xpath("//*[@id='base-url-problem']"), address
    for address in filter(None, map(str.strip, NO_FOLDERS)):
        page = shown(address)
        assert page.xpath("//*[@id='base-url-problem']"), address
        assert PLACEHOLDER in page.xpath("string(//*[@id='tag-1'])")


def test_a_site_is_downloaded_as_a_zip(client: FlaskClient, browser: Browser, tmp_path: Path) -> None:
    assert not row(client, "site").xpath(".//input[@name='recognised']/@checked")
    (tmp_path / "site.zip").write_bytes(client.get(f"{PAGE}/site.zip", buffered=True).data)
    with zipfile.ZipFile(tmp_path / "site.zip") as packed:
        packed.extractall(tmp_path / "site")
    with new_tab(browser) as tab:
        tab.goto((tmp_path / "site" / "index.html").as_uri())
        expect(tab.locator("#transcript .turn").first).to_contain_text("Un vélo qui dort")
    assert client.get(f"{PAGE}/site.zip?recognised=yes", buffered=True).status_code == 200


@pytest.mark.parametrize(
    ("width", "scheme", "locale"),
    [(390, "dark", "fr-FR"), (820, "light", "fr-FR"), (1440, "light", "en-GB"), (1440, "dark", "en-GB")],
)
def test_the_page_is_accessible_and_fits(browser: Browser, server: str, width: int, scheme: Any, locale: str) -> None:
    size = {"width": width, "height": 900}
    with new_tab(browser, viewport=size, color_scheme=scheme, locale=locale) as tab:
        for target in ("feed", "site"):
            tab.goto(f"{server}{PAGE}?target={target}")
            expect(tab.locator(f"#{target}")).to_be_visible()
            for each in tab.locator("details summary").all():
                each.click()
            assert_accessible(tab)
            assert tab.evaluate("() => document.documentElement.scrollWidth <= innerWidth")
