"""Tags in a feed: all else stays as it was, to the byte, and as other readers of XML see it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aligner.errors import FeedError
from aligner.feeds.events import NAMESPACE
from aligner.feeds.reading import LARGEST_BYTES, parse_feed, read_feed
from aligner.feeds.tags import Tag
from aligner.feeds.writing import find_item, left, with_tags
from aligner.model import EpisodeDetails
from aligner.storage.alignment_json import read_alignment, to_text
from tests.aligner.captions.spoken import spoken
from tests.aligner.command import assert_refused, posix_only, quotecast_here
from tests.lines_run import lines_run
from tests.tables import over_rows

PATH = Path("feed.xml")
BASE = "https://files.example.org/"
OWN = f'xmlns:podcast="{NAMESPACE}"'
TAGS = (
    Tag("transcript", {"url": f"{BASE}a%20b.vtt?x=1&y=2", "type": "text/vtt", "language": "fr", "rel": "captions"}),
    Tag("transcript", {"url": f"{BASE}a.json", "type": "application/json", "language": "fr"}),
    Tag("chapters", {"url": f"{BASE}a.chapters.json", "type": "application/json+chapters"}),
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
    """What lxml makes of a feed from which the tags are taken out, and blank space around them."""
    root = tree(content)
    for each in root.iter(*(f"{{{NAMESPACE}}}{name}" for name in ("transcript", "chapters", "soundbite"))):
        parent, before = each.getparent(), each.getprevious()
        assert parent is not None
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
    """The tags of an item as lxml reads them."""
    item = tree(content).findall("channel/item")[number]
    found = [each for each in item if isinstance(each.tag, str) and each.tag.startswith(f"{{{NAMESPACE}}}")]
    return [(etree.QName(each).localname, dict(each.attrib), each.text or "") for each in found]


WANTED = [(tag.name, dict(tag.attributes), tag.text or "") for tag in TAGS]


def assert_only_inserted(before: bytes, after: bytes) -> None:
    """``before`` is what is left of ``after`` without two stretches: a namespace's declaration, and the tags."""
    declared = re.search(rb'(?s) ?xmlns:podcast\d?="https://podcastindex.org/namespace/1.0"', after)
    rest = after
    if declared and not re.search(rb"podcastindex", before):
        rest = after[: declared.start()] + after[declared.end() :]
    first = next(k for k, (a, b) in enumerate(zip(before + b"\0", rest, strict=False)) if a != b)
    added = len(rest) - len(before)
    assert added > 0
    assert rest[:first] + rest[first + added :] == before


@over_rows("encoding", ["utf-8", "iso-8859-1", "windows-1252", "us-ascii"])
@over_rows("spaces", ["", OWN])
def test_all_else_stays_to_the_byte(encoding: str, spaces: str) -> None:
    before = feed(encoding, spaces) if encoding != "us-ascii" else feed("utf-8", spaces).replace("é".encode(), b"e")
    before = before.replace(b'encoding="utf-8"', f'encoding="{encoding}"'.encode())
    after = put(before)
    assert_only_inserted(before, after)
    assert tags_of(after) == WANTED
    assert without_ours(after) == without_ours(before)
    assert put(after) == after


@over_rows("encoding", ["utf-16-le", "utf-16-be"])
@over_rows("has_mark", [True, False])
@over_rows("line_end", ["\n", "\r\n"])
def test_utf_16_with_and_without_its_mark(encoding: str, has_mark: bool, line_end: str) -> None:
    text = PLAIN.format(encoding="utf-16", spaces="").replace("\n", line_end)
    before = (("\ufeff" if has_mark else "") + text).encode(encoding)
    after = put(before)
    assert tags_of(after if has_mark else "\ufeff".encode(encoding) + after) == WANTED
    shown = after.decode(encoding)
    block = shown[shown.index(f"{line_end}      <podcast:transcript") : shown.index(f"{line_end}    </item>")]
    shown = shown.replace(block, "").replace(f' xmlns:podcast="{NAMESPACE}"', "")
    assert shown.encode(encoding) == before
    assert put(after) == after


def test_a_mark_of_utf_8_stays() -> None:
    before = b"\xef\xbb\xbf" + feed()
    assert put(before).startswith(b"\xef\xbb\xbf<?xml")
    assert tags_of(put(before)) == WANTED


def test_tags_stand_as_their_neighbours_do() -> None:
    shown = put(feed()).decode()
    assert '<itunes:duration>12:00</itunes:duration>\n      <podcast:transcript url="' in shown
    assert "</podcast:soundbite>\n    </item>\n\n    <item>" in shown
    assert f'<rss xmlns:podcast="{NAMESPACE}" version="2.0" xmlns:itunes=' in shown
    lines = put(feed().replace(b"\n", b"\r\n"))
    assert lines.count(b"\n") == lines.count(b"\r\n")
    tabs = put(feed().replace(b"      ", b"\t\t\t")).decode()
    assert tabs.count("\n\t\t\t<podcast:") == len(TAGS)


def test_the_prefix_that_is_in_use_is_used_and_none_is_taken_from_another() -> None:
    other = put(feed(spaces=f'xmlns:pc="{NAMESPACE}"')).decode()
    assert "<pc:transcript" in other
    assert other.count("xmlns") == 2
    taken = put(feed(spaces='xmlns:podcast="https://else.example/"'))
    assert b"<podcast2:transcript" in taken
    assert tags_of(taken) == WANTED


def test_the_earlier_name_of_the_namespace_is_known() -> None:
    earlier = "https://github.com/Podcastindex-org/podcast-namespace/blob/main/docs/1.0.md"
    after = put(feed(spaces=f'xmlns:podcast="{earlier}"'))
    assert NAMESPACE.encode() not in after
    assert tree(after).findall(f"channel/item/{{{earlier}}}transcript")


OLD = """<podcast:transcript url="old.srt" type="application/x-subrip"/>
      <podcast:transcript url="en.vtt" type="text/vtt" language="en-GB">
        </podcast:transcript><!-- stays -->
      <podcast:person role="host">Zoé</podcast:person>
      <podcast:soundbite startTime="1.0" duration="20.0">old</podcast:soundbite>

      <podcast:chapters url="old.json" type="application/json+chapters"></podcast:chapters>
      <itunes:duration>"""


@pytest.fixture
def with_old() -> bytes:
    return feed(spaces=OWN, text=PLAIN.replace("<itunes:duration>", OLD))


def test_those_of_its_kinds_are_replaced_and_nothing_else(with_old: bytes) -> None:
    after = put(with_old)
    names = [name for name, _, _ in tags_of(after)]
    assert [each for each in tags_of(after) if each in WANTED] == WANTED
    assert names == ["transcript", "transcript", "chapters", "soundbite", "transcript", "person"]
    assert b"old" not in after
    assert b"<!-- stays -->" in after
    assert without_ours(after) == without_ours(with_old)
    assert put(after) == after


def test_what_there_is_nothing_new_of_stays(with_old: bytes) -> None:
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
def test_an_item_is_found_by_any_of_its_names(wanted: str, guid: str) -> None:
    assert find_item(parse_feed(feed(), PATH), wanted, spoken("a")).told["guid"] == guid


@over_rows(
    "title, url, file, guid",
    [
        ("DEUX", None, "x.mp3", "two"),
        ("L’été\u00a0!", None, "x.mp3", "three"),
        ("Deux", "https://a.org/2", "épisode 1.mp3", "two"),
        (None, None, "sound/épisode 1.mp3", "one"),
        ("Unheard of", "https://b.org", "e\u0301pisode 1.mp3", "one"),
    ],
)
def test_an_episode_knows_its_item_by_its_guid_first(title: str | None, url: str | None, file: str, guid: str) -> None:
    alignment = spoken("a")
    alignment = replace(
        alignment, episode=EpisodeDetails(title=title, url=url), audio=replace(alignment.audio, file=file)
    )
    more = b"<item><title>L'\xc3\xa9t\xc3\xa9 !</title><guid>three</guid></item>"
    read = parse_feed(feed().replace(b"<?after", more + b"<?after"), PATH)
    for known in (None, "gone"):
        episode = replace(alignment.episode, guid=known)
        assert find_item(read, None, replace(alignment, episode=episode)).told["guid"] == guid
    for known in ("one", "two", "three"):
        episode = replace(alignment.episode, guid=known)
        assert find_item(read, None, replace(alignment, episode=episode)).told["guid"] == known


def test_no_such_item_and_two_of_them_are_refused() -> None:
    with pytest.raises(FeedError, match="has no item three; name it by its GUID"):
        put(feed(), "three")
    with pytest.raises(FeedError, match="has 2 items one"):
        put(feed().replace(b">two<", b">one<"))


def test_of_two_items_of_one_name_it_is_said_how_to_name_each() -> None:
    doubled = feed().replace(b">two<", b">one<")
    with pytest.raises(FeedError) as caught:
        put(doubled)
    *_, told = str(caught.value).partition("has 2 items one; name one by what it alone has: ")
    for way in re.findall('"([^"]+)"', told):
        assert tags_of(put(doubled, way), 1 if way == "Deux" else 0) == WANTED
    assert told.count('"') == 4
    same = b"<item><guid>one</guid></item><item><guid>one</guid></item>"
    alike = "has 2 items one, and nothing that tells them apart; give each a GUID of its own"
    with pytest.raises(FeedError, match=alike):
        put(b"<rss><channel>" + same + b"</channel></rss>")


BOMB = b"""<!DOCTYPE rss [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;&a;">]>
<rss><channel><item><guid>&b;</guid></item></channel></rss>"""


@over_rows(
    "content, complaint",
    [
        (b"", "is no XML, by line 1"),
        (b"not a feed", "is no XML, by line 1"),
        (feed()[:-10], "is no XML, by line"),
        (feed().replace(b"&amp;", b"&nbsp;"), "undefined entity"),
        (feed().replace(b"<guid>", b"<x:guid>").replace(b"</guid><", b"</x:guid><"), "unbound prefix"),
        (b"<html><body/></html>", "is no podcast's feed"),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"/>', "is no podcast's feed"),
        (BOMB, "declares a document type"),
        (b'<!DOCTYPE rss SYSTEM "file:///etc/passwd"><rss/>', "declares a document type"),
        (b"<rss><channel>" + b"<a>" * 60 + b"</a>" * 60 + b"</channel></rss>", "nested deeper"),
        (b"<a>" * 1_000_000, "nested deeper"),
        (feed().replace(b'"utf-8"', b'"shift_jis"'), "its encoding cannot be read"),
        (feed().replace(b'"utf-8"', b'"no-such"'), "no XML|its encoding"),
        (feed("iso-8859-1").replace(b"iso-8859-1", b"utf-8"), "is no XML, by line 6"),
    ],
)
def test_what_is_no_feed_is_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(FeedError, match=complaint):
        parse_feed(content, PATH)


def test_what_is_too_large_or_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(FeedError, match="cannot be read"):
        read_feed(tmp_path / "none.xml")
    large = tmp_path / "large.xml"
    with large.open("wb") as file:
        file.truncate(LARGEST_BYTES + 1)
    with pytest.raises(FeedError, match="cannot be read"):
        read_feed(large)


CHILDREN = st.sampled_from([
    "<guid>x</guid>", "<a/>", "<!-- > -->", "<![CDATA[ <item> ]]>", "<podcast:chapters url='o'/>", "<?p i?>", "&#10;",
    "<podcast:soundbite startTime='1' duration='2'>é</podcast:soundbite >", "<b>\n<c/> </b>",
    " text ", "\n    ", "\r\n\t", "\n\n ",
])  # fmt: skip


@given(st.lists(CHILDREN, max_size=12), st.sampled_from(["utf-8", "utf-16", "iso-8859-1"]), st.booleans())
def test_any_layout_keeps_the_rest_and_takes_the_tags_once(parts: list[str], encoding: str, declared: bool) -> None:
    space = OWN if declared or any("podcast:" in part for part in parts) else ""
    item = f"<item><guid>sought</guid>{''.join(parts)}</item>".replace("<guid>x</guid>", "<guid2>x</guid2>")
    text = f"<?xml version='1.0' encoding='{encoding}'?><rss {space}><channel><item/>{item}\n</channel></rss>"
    before = text.encode(encoding)
    after = put(before, "sought")
    assert [each for each in tags_of(after, 1) if each in WANTED] == WANTED
    assert len([each for each in tags_of(after, 1) if each[0] in ("transcript", "chapters", "soundbite")]) == len(
        WANTED
    )
    assert without_ours(after) == without_ours(before)
    assert put(after, "sought") == after


def many_tags(number: int) -> bytes:
    return feed(spaces=OWN).replace(b"<guid>two</guid>", b"<guid>two</guid>" + b'<podcast:chapters url="a"/>' * number)


def many_spaces(number: int) -> bytes:
    declared = " ".join(f'xmlns:a{k}="u"' for k in range(number))
    return feed(spaces=f"{OWN} {declared}").replace(b"</channel>", b"<item/>" * number + b"</channel>")


def many_in_items(number: int) -> bytes:
    """As many spaces around each item as there are items, and each declares its own."""
    declared = " ".join(f'xmlns:a{k}="{NAMESPACE}"' for k in range(number))
    own = "".join(f'<item xmlns:a{k}="u"/>' for k in range(number)).encode()
    return feed(spaces=declared).replace(b"</channel>", own + b"</channel>")


@over_rows("made", [many_tags, many_spaces, many_in_items])
def test_twice_as_much_of_anything_takes_twice_the_work(made: Callable[[int], bytes]) -> None:
    def write(content: bytes) -> None:
        read = parse_feed(content, PATH)
        item = find_item(read, "two", spoken("a"))
        with_tags(read, {item: TAGS})
        left(item, TAGS[:1])

    few, many = (lines_run(partial(write, made(number))) for number in (300, 600))
    assert many < 2.2 * few


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


@posix_only
def test_a_feed_that_is_named_by_a_link_is_written_where_it_lies(alignment: Path, tmp_path: Path) -> None:
    real, path = tmp_path / "www" / "feed.xml", alignment.with_name("feed.xml")
    real.parent.mkdir()
    real.write_bytes(feed())
    path.symlink_to("www/feed.xml")
    done = quotecast_here("feed", alignment, path, "--base-url", BASE, "--item", "one")
    assert done.returncode == 0, done.stderr
    assert path.readlink() == Path("www/feed.xml")
    assert tags_of(real.read_bytes())
    assert f"Written   {real.resolve()}" in done.stdout
    assert real.with_name("feed.xml.bak").read_bytes() == feed()


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
    sound = quotecast_here("feed", alignment, path, "--base-url", BASE, "--item", "one", "-o", alignment)
    assert "would replace" in sound.stderr


def library_of(alignment: Path, folder: Path, **items: str | None) -> Path:
    """A library with a copy of the episode for each item, in a folder of that name, which knows the item's GUID."""
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
    assert "Kept" not in again.stdout


def test_a_library_without_any_item_writes_nothing(aligned: Path, tmp_path: Path) -> None:
    library = library_of(aligned, tmp_path / "shows", a=None, b=None)
    path = tmp_path / "feed.xml"
    path.write_bytes(feed())
    done = quotecast_here("feed", library, path, "--base-url", BASE)
    assert (done.returncode, path.read_bytes()) == (3, feed())
    assert done.stderr.count("Without   ") == 2
    assert quotecast_here("feed", library, path, "--base-url", BASE, "--item", "one").returncode == 2
    assert_refused(quotecast_here("feed", library, path, "--base-url", "files"), "files: is no address")


def test_a_library_prints_the_tags_of_each_episode(aligned: Path, tmp_path: Path) -> None:
    library = library_of(aligned, tmp_path / "shows", a=None, b=None)
    lines = quotecast_here("feed", library, "--base-url", BASE).stdout.splitlines()
    first, second = lines.index("a:"), lines.index("b:")
    assert [f'"{BASE}a/' in line for line in lines[first + 1 : second]].count(True) >= 4
    assert not any(f'"{BASE}a/' in line for line in lines[second:])
