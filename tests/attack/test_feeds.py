"""Whatever a feed holds, it is refused, or takes the tags and keeps all else."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from lxml import etree

from aligner.errors import FeedError
from aligner.feeds.events import NAMESPACE
from aligner.feeds.reading import parse_feed
from aligner.feeds.tags import KINDS, Tag
from aligner.feeds.writing import find_item, with_tags
from tests.aligner.captions.spoken import spoken
from tests.attack.effort import examples

TAGS = (
    Tag("transcript", {"url": "https://a.org/a%20b.vtt?x=1&y=2", "type": "text/vtt", "language": "fr"}),
    Tag("chapters", {"url": "https://a.org/a.json", "type": "application/json+chapters"}),
    Tag("soundbite", {"startTime": "73.0", "duration": "60.0"}, 'Zoé : « ŒUVRE & "vélo" » 🚲 <b>'),
)
WANTED = [(tag.name, dict(tag.attributes), tag.text or "") for tag in TAGS]
_TEXT = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" {space}><!-- a -->
  <channel><title>L'été &#233;ternel &amp; co</title>
    <item>
      <title><![CDATA[Un <b>vélo</b> & deux]]></title>
      <guid>one</guid>{old}
      <enclosure url="https://a.org/1.mp3" length="1" type="audio/mpeg" />
    </item>
    <item><title>Deux</title><guid>two</guid></item>
    <?after the="items"?>
  </channel>
</rss>
"""
_OLD = """
      <podcast:transcript url="old.srt" type="application/x-subrip"/> <podcast:transcript url="b" language="en">
      </podcast:transcript><podcast:person>Zoé</podcast:person>
      <podcast:soundbite startTime="1" duration="20">old</podcast:soundbite>"""
_OWN = f'xmlns:podcast="{NAMESPACE}"'
FEEDS = tuple(
    _TEXT.format(encoding=encoding, space=space, old=old).replace("\n", line_end).encode(encoding)
    for encoding, space, old, line_end in (
        ("utf-8", "", "", "\n"),
        ("utf-8", _OWN, _OLD, "\r\n"),
        ("iso-8859-1", _OWN, _OLD, "\n"),
        ("utf-16", _OWN, _OLD, "\n"),
        ("windows-1252", f'xmlns:pc="{NAMESPACE}" xmlns:podcast="x:y"', "", ""),
    )
)
PIECES = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"\r", b"\n", b"<item>", b"</item>", b"<guid>one</guid>",
    b" xmlns:podcast='a:b'", b"\xff", b"\0", b"<?x ?>", b"&#0;", b"&#10;", b"&e;", b" ", b"<!DOCTYPE rss>",
    b"<podcast:chapters/>",
)  # fmt: skip


@st.composite
def changed_feeds(draw: st.DrawFn) -> bytes:
    """Draw a feed with one to three pieces put in, taken out or doubled."""
    made = draw(st.sampled_from(FEEDS))
    for _ in range(draw(st.integers(1, 3))):
        at, gone, other = draw(st.integers(0, len(made))), draw(st.integers(0, 9)), draw(st.integers(0, len(made)))
        doubled = made[other : other + draw(st.integers(0, 60))]
        made = made[:at] + draw(st.sampled_from([b"", doubled, *PIECES])) + made[at + gone :]
    return made


def with_the_tags(content: bytes) -> bytes:
    feed = parse_feed(content, Path("feed.xml"))
    return with_tags(feed, {find_item(feed, "one", spoken("a")): TAGS})


def read(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def facts(element: etree._Element) -> tuple[str, dict[str, str], str]:
    name = element.tag if isinstance(element.tag, str) else type(element).__name__
    return name.removeprefix(f"{{{NAMESPACE}}}"), dict(element.attrib), element.text or ""


def others(root: etree._Element) -> list[object]:
    """Return all elements that are no tags of ours, nor in one, with their own text if they hold nothing else."""
    ours = {f"{{{NAMESPACE}}}{kind}" for kind in KINDS}
    return [
        (*facts(each)[:2], None if len(each) else (each.text or "").strip())
        for each in root.iter()
        if each.tag not in ours and not any(above.tag in ours for above in each.iterancestors())
    ]


@pytest.mark.parametrize("count", [600, pytest.param(5_000, marks=pytest.mark.nightly)])
def test_a_feed_is_refused_or_keeps_all_else(count: int) -> None:
    @given(before=changed_feeds())
    @examples(count)
    def attack(before: bytes) -> None:
        try:
            after = with_the_tags(before)
        except FeedError:
            event("refused")
            return
        event("written")
        try:
            old, new = read(before), read(after)
        except etree.XMLSyntaxError:
            return  # lxml reads neither
        assert others(old) == others(new)
        items = [[found for found in map(facts, item) if found in WANTED] for item in new.iterfind("channel/item")]
        assert WANTED in items
        assert with_the_tags(after) == after

    attack()
