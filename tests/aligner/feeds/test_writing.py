"""Writing tags into a feed keeps everything else, including its layout."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from aligner.errors import FeedError
from aligner.feeds.reading import LARGEST_BYTES, NAMESPACE, parse_feed, read_feed
from aligner.feeds.tags import Tag
from aligner.feeds.writing import find_item, with_tags
from aligner.model import EpisodeDetails
from aligner.storage.alignment_json import read_alignment, to_text
from tests.aligner.captions.spoken import spoken
from tests.aligner.command import quotecast_here
from tests.tables import over_rows

PATH = Path("feed.xml")
BASE = "https://files.example.org/"
OWN = f'xmlns:podcast="{NAMESPACE}"'
TAGS = (
    Tag("transcript", {"url": f"{BASE}a%20b.vtt?x=1&y=2", "type": "text/vtt", "language": "fr", "rel": "captions"}),
    Tag("transcript", {"url": f"{BASE}a.json", "type": "application/json", "language": "fr"}),
    Tag("chapters", {"url": f"{BASE}a.chapters.json", "type": "application/json+chapters"}),
    Tag("txt", {"purpose": "quotecast-sync"}, f"{BASE}a.sync"),
    Tag("soundbite", {"startTime": "73.0", "duration": "60.0"}, 'Zoé : « ŒUVRE & "vélo" » 🚲 <b>'),
)
PLAIN = """<?xml version="1.0" encoding="{encoding}"?>
<!-- a feed & its <comments> -->
<rss version="2.0" xmlns:itunes='http://www.itunes.com/dtds/podcast-1.0.dtd'
     {spaces}>
  <channel>
    <title>L'été &#233;ternel &amp; co</title>
    <item>
      <title><![CDATA[Un <b>vélo</b> & deux selles]]></title>
      <guid isPermaLink="false">one</guid>
      <enclosure url="https://a.org/%C3%A9pisode%201.mp3?from=feed" length="1" type="audio/mpeg" />
      <itunes:duration>12:00</itunes:duration>
    </item>

    <item>
      <title>Deux</title>
      <guid>two</guid><link>https://a.org/2</link>
    </item>
    <?after the="items"?>
  </channel>
</rss>
"""


def feed(encoding: str = "utf-8", spaces: str = "", text: str = PLAIN) -> bytes:
    return text.format(encoding=encoding, spaces=spaces).encode(encoding)


def put(content: bytes, item: str = "one", tags: tuple[Tag, ...] = TAGS) -> bytes:
    read = parse_feed(content, PATH)
    return with_tags(read, {find_item(read, item, spoken("a")): tags})


def tree(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True, strip_cdata=False))


def without_ours(content: bytes) -> bytes:
    """Return a feed, canonical, without the tags and the blank space around them."""
    root = tree(content)
    for each in root.iter(*(f"{{{NAMESPACE}}}{name}" for name in ("transcript", "chapters", "soundbite", "txt"))):
        parent, before = each.getparent(), each.getprevious()
        assert parent is not None
        if each.get("purpose") == "verify":
            continue
        if before is None:
            parent.text = (parent.text or "") + (each.tail or "")
        else:
            before.tail = (before.tail or "") + (each.tail or "")
        parent.remove(each)
    etree.cleanup_namespaces(root)
    for each in root.iter():
        each.tail = " ".join((each.tail or "").split()) or None
        if not isinstance(each.tag, str) or len(each):
            each.text = " ".join((each.text or "").split()) or None
    return etree.tostring(root, method="c14n")


def tags_of(content: bytes, number: int = 0) -> list[tuple[str, dict[str, str], str]]:
    """Return the name, attributes and text of each tag of an item."""
    item = tree(content).findall("channel/item")[number]
    found = [each for each in item if isinstance(each.tag, str) and each.tag.startswith(f"{{{NAMESPACE}}}")]
    return [(etree.QName(each).localname, dict(each.attrib), each.text or "") for each in found]


WANTED = [(tag.name, dict(tag.attributes), tag.text or "") for tag in TAGS]


@over_rows("encoding", ["utf-8", "utf-8-sig", "iso-8859-1", "windows-1252", "utf-16"])
@over_rows("spaces", ["", OWN])
def test_everything_else_in_the_feed_stays(encoding: str, spaces: str) -> None:
    before = PLAIN.format(encoding=encoding.removesuffix("-sig"), spaces=spaces).encode(encoding)
    after = put(before)
    assert tags_of(after) == WANTED
    assert without_ours(after) == without_ours(before)
    assert put(after) == after
    for part in ("<![CDATA[Un <b>vélo</b> & deux selles]]>", "<!-- a feed & its <comments> -->", "<?after the="):
        assert part in after.decode()


def test_tags_are_indented_like_their_neighbours() -> None:
    shown = put(feed()).decode()
    assert '<itunes:duration>12:00</itunes:duration>\n      <podcast:transcript url="' in shown
    assert "</podcast:soundbite>\n    </item>\n\n    <item>" in shown
    assert shown.count("xmlns") == 2


def test_the_prefix_of_the_feed_is_used_and_no_other_is_redefined() -> None:
    other = put(feed(spaces=f'xmlns:pc="{NAMESPACE}"')).decode()
    assert "<pc:transcript" in other
    assert other.count("xmlns") == 2
    assert tags_of(put(feed(spaces='xmlns:podcast="https://else.example/"'))) == WANTED


def test_the_old_name_of_the_namespace_is_known() -> None:
    earlier = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
    after = put(feed(spaces=f'xmlns:podcast="{earlier}"'))
    assert NAMESPACE.encode() not in after
    assert tree(after).findall(f"channel/item/{{{earlier}}}transcript")


OLD = """<podcast:transcript url="old.srt" type="application/x-subrip"/>
      <podcast:transcript url="en.vtt" type="text/vtt" language="en-GB">
        </podcast:transcript><!-- stays -->
      <podcast:person role="host">Zoé</podcast:person>
      <podcast:txt purpose="verify">mine</podcast:txt>
      <podcast:txt purpose="quotecast-sync">https://a.org/old.sync</podcast:txt>
      <podcast:soundbite startTime="1.0" duration="20.0">old</podcast:soundbite>

      <podcast:chapters url="old.json" type="application/json+chapters"></podcast:chapters>
      <itunes:duration>"""


@pytest.fixture
def with_old() -> bytes:
    return feed(spaces=OWN, text=PLAIN.replace("<itunes:duration>", OLD))


def test_only_tags_of_the_same_kind_are_replaced(with_old: bytes) -> None:
    after = put(with_old)
    names = [name for name, _, _ in tags_of(after)]
    assert [each for each in tags_of(after) if each in WANTED] == WANTED
    assert names == ["transcript", "transcript", "chapters", "txt", "soundbite", "transcript", "person", "txt"]
    assert b"old" not in after
    assert b"<!-- stays -->" in after
    assert without_ours(after) == without_ours(with_old)
    assert put(after) == after


def test_a_kind_without_new_tags_stays(with_old: bytes) -> None:
    after = put(with_old, tags=TAGS[:2])
    assert b'<podcast:chapters url="old.json"' in after
    assert b">old</podcast:soundbite>" in after
    assert b"old.srt" not in after


def test_the_tags_of_other_items_stay(with_old: bytes) -> None:
    after = put(with_old, "two")
    assert tags_of(after, 0) == tags_of(with_old, 0)
    assert tags_of(after, 1) == WANTED


@over_rows("wanted, guid",
    [
        ("one", "one"), (" Un <b>vélo</b>\n& deux selles", "one"), ("https://a.org/2", "two"), ("Deux", "two"),
        ("https://a.org/%C3%A9pisode%201.mp3?from=feed", "one"),
    ],
)  # fmt: skip
def test_an_item_is_found_by_its_guid_title_link_or_audio(wanted: str, guid: str) -> None:
    assert find_item(parse_feed(feed(), PATH), wanted, spoken("a")).names["guid"] == guid


@over_rows(
    "title, url, file, guid",
    [
        ("DEUX", None, "x.mp3", "two"),
        ("L’été\u00a0!", None, "x.mp3", "three"),
        ("Deux", "https://a.org/2", "épisode 1.mp3", "two"),
        (None, None, "audio/épisode 1.mp3", "one"),
        ("Unheard of", "https://b.org", "e\u0301pisode 1.mp3", "one"),
    ],
)
def test_an_episode_finds_its_item_by_its_guid_first(title: str | None, url: str | None, file: str, guid: str) -> None:
    alignment = spoken("a")
    alignment = replace(
        alignment, episode=EpisodeDetails(title=title, url=url), audio=replace(alignment.audio, file=file)
    )
    more = b"<item><title>L'\xc3\xa9t\xc3\xa9 !</title><guid>three</guid></item>"
    read = parse_feed(feed().replace(b"<?after", more + b"<?after"), PATH)
    for known in (None, "gone"):
        episode = replace(alignment.episode, guid=known)
        assert find_item(read, None, replace(alignment, episode=episode)).names["guid"] == guid
    for known in ("one", "two", "three"):
        episode = replace(alignment.episode, guid=known)
        assert find_item(read, None, replace(alignment, episode=episode)).names["guid"] == known


def test_an_unknown_or_ambiguous_item_is_refused() -> None:
    with pytest.raises(FeedError, match="has no item three; name it by its GUID"):
        put(feed(), "three")
    with pytest.raises(FeedError, match="has 2 items one"):
        put(feed().replace(b">two<", b">one<"))


BOMB = b"""<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rss><channel><item><guid>&b;</guid></item></channel></rss>"""


@over_rows(
    "content, complaint",
    [
        (b"not a feed", "is no XML, by line 1"),
        (feed()[:-10], "is no XML, by line"),
        (b"<html><body/></html>", "is no podcast's feed"),
        (BOMB, "declares a document type"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "declares a document type"),
        (b"<a>" * 1_000_000, "is no XML"),
        (feed("iso-8859-1").replace(b"iso-8859-1", b"utf-8"), "is no XML, by line 6"),
    ],
)
def test_content_that_is_not_a_feed_is_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(FeedError, match=complaint):
        parse_feed(content, PATH)


def test_a_missing_or_too_large_feed_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="cannot be read"):
        read_feed(tmp_path / "none.xml")
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(FeedError, match="cannot be read"):
        read_feed(large)


def test_the_command_writes_into_a_feed_and_keeps_the_old_one(alignment: Path) -> None:
    path = alignment.with_name("feed.xml")
    before = feed().replace(b"%C3%A9pisode%201.mp3", b"roue.mp3")
    path.write_bytes(before)
    done = quotecast_here("feed", alignment, path, "--base-url", BASE, "--item", "one")
    assert done.returncode == 0, done.stderr
    assert f"Kept      {path}.bak, as it was before" in done.stdout
    assert path.with_name("feed.xml.bak").read_bytes() == before
    assert tags_of(path.read_bytes())[0][1]["url"] == f"{BASE}roue.vtt"
    again = quotecast_here("feed", alignment, path, "--base-url", BASE, "--item", "one")
    assert "Kept" not in again.stdout


def test_the_command_writes_another_file_or_nothing(alignment: Path) -> None:
    path, other = alignment.with_name("feed.xml"), alignment.with_name("new.xml")
    path.write_bytes(feed())
    assert quotecast_here("feed", alignment, path, "--base-url", BASE, "--item", "one", "-o", other).returncode == 0
    assert path.read_bytes() == feed()
    assert tags_of(other.read_bytes())
    refused = quotecast_here("feed", alignment, path, "--base-url", BASE, "--item", "three")
    assert (refused.returncode, path.read_bytes()) == (3, feed())
    assert "has no item three" in refused.stderr
    assert quotecast_here("feed", alignment, path).returncode == 2
    assert quotecast_here("feed", alignment, "--item", "one").returncode == 2
    refused = quotecast_here("feed", alignment, path, "--base-url", BASE, "--item", "one", "-o", alignment)
    assert "would replace" in refused.stderr


def library_of(alignment: Path, folder: Path, **items: str | None) -> Path:
    """Create a library with a copy of the episode for each name, with that GUID."""
    for name, guid in items.items():
        shutil.copytree(alignment.parent, folder / name)
        path = folder / name / alignment.name
        stored = read_alignment(path)
        episode = replace(stored.episode, title=name, url=None, guid=guid)
        path.write_text(to_text(replace(stored, episode=episode)), encoding="utf-8")
    return folder


def test_a_library_writes_the_tags_of_all_episodes_at_once(aligned: Path, tmp_path: Path) -> None:
    library = library_of(aligned, tmp_path / "shows", **{"l'été 1": "one", "b": "two", "c": "three", "d": "two"})
    path, before = tmp_path / "feed.xml", feed()
    path.write_bytes(before)
    done = quotecast_here("feed", library, path, "--base-url", BASE)
    assert done.returncode == 0, done.stderr
    written = path.read_bytes()
    for number, folder in enumerate(("l%27%C3%A9t%C3%A9%201", "b")):
        assert tags_of(written, number)[0][1]["url"] == f"{BASE}{folder}/roue.vtt"
    assert without_ours(written) == without_ours(before)
    assert "Without   c: " in done.stderr
    assert "Without   d: another episode has the item already" in done.stderr
    assert path.with_name("feed.xml.bak").read_bytes() == before, "the feed is written once"
    again = quotecast_here("feed", library, path, "--base-url", BASE)
    assert (again.returncode, path.read_bytes()) == (0, written)
    path.write_bytes(empty := before.replace(b"<guid", b"<gone").replace(b"</guid", b"</gone"))
    refused = quotecast_here("feed", library, path, "--base-url", BASE)
    assert (refused.returncode, path.read_bytes()) == (3, empty)
