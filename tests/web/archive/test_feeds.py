"""Feeds tell of episodes, and no feed takes more than its bounds, whoever wrote it."""

from __future__ import annotations

from pathlib import Path

import pytest

from aligner.errors import FeedError
from tests.tables import over_rows
from web.archive.pairing.assignment import pair
from web.archive.sources.asking import Limits
from web.archive.sources.feeds import Feed, _read, read_feed
from web.archive.sources.gathering import Reading, gather
from web.errors import Unusable

PODCAST = "https://podcastindex.org/namespace/1.0"
ITUNES = "http://www.itunes.com/dtds/podcast-1.0.dtd"


def rss(*items: str, channel: str = "") -> bytes:
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss xmlns:podcast="{PODCAST}" xmlns:itunes="{ITUNES}">'
        f"<channel><title>Roue libre</title>{channel}"
        f"{''.join(f'<item>{item}</item>' for item in items)}</channel></rss>"
    ).encode()


def sound(name: str = "1.mp3", more: str = "") -> str:
    return f'<enclosure url="https://example.org/{name}" length="123" type="audio/mpeg"{more}/>'


def read(content: bytes, base: str | None = "https://example.org/feed.xml") -> Feed:
    return _read(content, "feed.xml", base)


def test_all_that_an_item_tells_is_read() -> None:
    feed = read(
        rss(
            "<title>Épisode 12 : l&#8217;été &amp; la roue</title><guid isPermaLink='false'>g12</guid>"
            "<link>https://example.org/12</link><pubDate>Fri, 01 May 2026 23:30:00 +0200</pubDate>"
            "<itunes:season>2</itunes:season><itunes:episode>12</itunes:episode><itunes:duration>1:02:03</itunes:duration>"
            "<description>&lt;p&gt;Avec &lt;b&gt;Anna&lt;/b&gt;&lt;/p&gt;</description>"
            '<itunes:image href="cover.jpg"/><podcast:person role="host">Anna Weber</podcast:person>'
            '<podcast:transcript url="12.vtt" type="text/vtt" language="fr" rel="captions"/>'
            '<podcast:transcript url="12.html" type="text/html"/>' + sound(),
            channel='<language>fr-FR</language><itunes:image href="show.jpg"/>',
        )
    )
    assert (feed.title, feed.language, feed.cover) == ("Roue libre", "fr", "https://example.org/show.jpg")
    (entry,) = feed.entries
    assert (entry.guid, entry.title, entry.date) == ("g12", "Épisode 12 : l’été & la roue", "2026-05-01")
    assert (entry.season, entry.number, entry.seconds) == (2, 12, 3723.0)
    assert (entry.link, entry.cover) == ("https://example.org/12", "https://example.org/cover.jpg")
    assert (entry.description, entry.persons) == ("Avec Anna", ("Anna Weber",))
    assert entry.sound
    assert (entry.sound.url, entry.sound.size) == ("https://example.org/1.mp3", 123)
    assert [each.url for each in entry.transcripts] == ["https://example.org/12.vtt", "https://example.org/12.html"]


def test_atom_is_read_too() -> None:
    feed = read(
        b'<feed xmlns="http://www.w3.org/2005/Atom"><title>Roue</title><entry><title>Un</title><id>tag:1</id>'
        b'<updated>2026-05-01T10:00:00Z</updated><link rel="enclosure" type="audio/ogg" href="/1.ogg" length="9"/>'
        b"</entry></feed>"
    )
    (entry,) = feed.entries
    assert (entry.guid, entry.title, entry.date) == ("tag:1", "Un", "2026-05-01")
    assert entry.sound
    assert entry.sound.url == "https://example.org/1.ogg"


def test_chapters_that_stand_in_an_item_are_its_own() -> None:
    chapters = (
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters" version="1.2">'
        '<psc:chapter start="0" title="Ouverture &amp; jingle"/><psc:chapter start="60"/>'
        '<psc:chapter start="0:02:00" title="Les mouettes de Quiberon"/></psc:chapters>'
    )
    first, second = read(rss("<guid>1</guid>" + chapters + sound(), "<guid>2</guid>" + sound("2.mp3"))).entries
    assert first.chapters == ("Ouverture & jingle", "Les mouettes de Quiberon")
    assert second.chapters == ()


def test_a_file_of_chapters_is_told_by_its_address() -> None:
    content = rss(
        '<podcast:chapters url="/1/chapters.json"/>' + sound(), '<podcast:chapters url="file:///c"/>' + sound("2.mp3")
    )
    first, second = read(content).entries
    assert (first.chapters_at, second.chapters_at) == ("https://example.org/1/chapters.json", None)


@pytest.mark.nightly
def test_what_chapters_are_about_pairs_an_item_with_the_transcript_that_says_it(tmp_path: Path) -> None:
    about = [
        "mouettes argentées Quiberon survolent phare abandonné",
        "fromagerie artisanale jurassienne affinage caves voûtées",
        "apiculteurs creusois miellées tilleuls essaimage printanier",
        "charpentiers ambulants outillage hêtre tronçonneuse scierie",
        "glaciologues alpins carottage moraines crevasses refuges",
        "imprimeurs lyonnais casses plomb linotype reliure",
    ]
    items = [
        f"<title>Sans titre</title><guid>{k}</guid>"
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters">'
        + "".join(f'<psc:chapter start="0" title="{word}"/>' for word in told.split())
        + f"</psc:chapters>{sound(f'x{k}.mp3')}"
        for k, told in enumerate(about)
    ]
    (tmp_path / "feed.xml").write_bytes(rss(*items, channel="<language>fr</language>"))
    (tmp_path / "texts").mkdir()
    for name, told in zip("cafbed", about, strict=True):
        (tmp_path / "texts" / f"{name}.txt").write_text(f"Bonjour à toutes et à tous. {told}. " * 40, encoding="utf-8")
    places = [str(tmp_path / "feed.xml"), str(tmp_path / "texts")]
    found = gather(places, Reading(tmp_path, Limits(), tmp_path / "feeds")).found
    pairs = {each.sound.entry.guid: each for each in pair(found.sounds, found.texts).pairs if each.sound.entry}
    assert {guid: each.text.name for guid, each in pairs.items()} == {
        str(k): f"{n}.txt" for k, n in enumerate("cafbed")
    }


def test_a_declared_hash_is_that_of_its_own_source() -> None:
    other = '<podcast:source uri="https://example.org/2.mp3"/><podcast:integrity type="sri" value="sha384-b"/>'
    own = '<podcast:source uri="https://example.org/1.mp3"/><podcast:integrity type="sri" value="sha384-a"/>'
    alternates = "".join(
        f"<podcast:alternateEnclosure type='x'>{each}</podcast:alternateEnclosure>" for each in (other, own)
    )
    (entry,) = read(rss(sound() + alternates)).entries
    assert entry.sound
    assert entry.sound.integrity == "sha384-a"


@over_rows(
    "odd",
    [
        '<psc:chapters xmlns:psc="http://podlove.org/simple-chapters"><psc:chapter title="Intro"/></psc:chapters>',
        '<g:posList xmlns:g="http://www.opengis.net/gml">1 2</g:posList>',
    ],
)
def test_what_feedparser_falls_over_is_told_and_hinders_no_other_source(tmp_path: Path, odd: str) -> None:
    bad, good = tmp_path / "bad.xml", tmp_path / "good.xml"
    bad.write_bytes(rss("<title>1</title><guid>1</guid>" + odd + sound()))
    good.write_bytes(rss("<title>2</title><guid>2</guid>" + sound("2.mp3")))
    with pytest.raises(FeedError, match="holds what no reader of feeds expects"):
        read_feed(bad.read_bytes(), "bad.xml")
    found = gather([str(bad), str(good)], Reading(tmp_path, Limits(), tmp_path / "feeds"), lenient=True)
    assert [each.name for each in found.found.sounds] == ["2"]
    assert len(found.unread) == 1


@over_rows("told, date",
    [
        ("2024-13", None), ("2024-123", None), ("1714521600", None), ("2024", None), ("0", None),
        ("2024/05/01 10:00", None), ("20240501", "2024-05-01"), ("1 May 2024 10:00", "2024-05-01"),
    ],
)  # fmt: skip
def test_numbers_that_are_no_date_tell_none(told: str, date: str | None) -> None:
    (entry,) = read(rss(f"<guid>1</guid><pubDate>{told}</pubDate>" + sound())).entries
    assert entry.date == date


def test_a_feed_without_items_is_a_feed() -> None:
    assert read(rss()).entries == ()


def test_what_has_no_sound_is_told_and_titles_may_be_the_same() -> None:
    feed = read(rss("<title>Un</title>", f"<title>Un</title>{sound('1.mp3')}", f"<title>Un</title>{sound('2.mp3')}"))
    assert [each.guid for each in feed.entries] == ["https://example.org/1.mp3", "https://example.org/2.mp3"]
    assert feed.faults == ("Un: has no sound",)


def test_an_item_that_is_there_twice_is_taken_once() -> None:
    feed = read(rss(f"<guid>a</guid>{sound()}", f"<guid>a</guid>{sound()}"))
    assert (len(feed.entries), feed.faults) == (1, ("1.mp3: is in the feed twice",))


@over_rows("address", ["file:///etc/passwd", "javascript:alert(1)", "ftp://example.org/1.mp3", "http://["])
def test_only_addresses_of_the_web_are_taken(address: str) -> None:
    assert read(rss(f'<enclosure url="{address}" type="audio/mpeg" length="1"/>')).entries == ()


@over_rows(
    "content",
    [
        b'<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY c "&a;&a;&a;">]><rss><channel><title>&c;</title></channel></rss>',
        b'<!DOCTYPE rss SYSTEM "http://127.0.0.1/x.dtd"><rss><channel/></rss>',
        b"<rss><channel>" + b"<a>" * 1000 + b"</a>" * 1000 + b"</channel></rss>",
        b"<rss><channel>",
        b"<html><body>no feed</body></html>",
        b"",
        b"\x00\x01",
        "<rss><channel/></rss>".encode("utf-16")[:-3],
        b'<?xml version="1.0" encoding="martian"?><rss><channel/></rss>',
        b"<rss><channel>" + b"<item/>" * 100_001 + b"</channel></rss>",
    ],
)
def test_what_is_no_feed_or_more_than_one_is_refused(content: bytes) -> None:
    with pytest.raises(FeedError):
        read(content)


@pytest.mark.nightly
def test_twenty_thousand_items_are_read_in_bounds() -> None:
    from web.archive.sources.feeds import read_feed

    items = (
        f"<title>É {n}</title><guid>{n}</guid><description>{'mots ' * 100}</description>{sound(f'{n}.mp3')}"
        for n in range(20_000)
    )
    try:
        feed = read_feed(rss(*items), "feed.xml")
    except Unusable:
        pytest.fail("it took more than a child may")
    assert len(feed.entries) == 20_000


def test_what_is_larger_than_a_feed_is_not_read() -> None:
    from web.archive.sources.feeds import read_feed

    with pytest.raises(FeedError, match="larger than 50 MB"):
        read_feed(bytes(50_000_001), "feed.xml")


def test_a_feed_that_is_refused_is_called_by_its_whole_address() -> None:
    with pytest.raises(FeedError, match=r"^https://example\.org/feed: declares a document type"):
        read_feed(b"<!DOCTYPE rss><rss/>", "https://example.org/feed")
