"""Feeds with anything wrong in them: each is refused in one sentence, or takes the tags and keeps all else.

Usage: python -m tests.attack.feeds [--seed 1] [--count 100000]

Feeds in several encodings and layouts are changed in one to three ways: a byte, some bytes gone, markup put in, a
stretch doubled. Of what is not refused lxml must read the same as before but for the tags, and these where the item
is; written once more it is the same to the byte.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections import Counter
from pathlib import Path

from lxml import etree

from aligner.errors import FeedError
from aligner.feeds.reading import NAMESPACE, parse_feed
from aligner.feeds.tags import KINDS, Tag
from aligner.feeds.writing import find_item, with_tags
from tests.aligner.captions.spoken import spoken

TAGS = (
    Tag("transcript", {"url": "https://a.org/a%20b.vtt?x=1&y=2", "type": "text/vtt", "language": "fr"}),
    Tag("chapters", {"url": "https://a.org/a.json", "type": "application/json+chapters"}),
    Tag("soundbite", {"startTime": "73.0", "duration": "60.0"}, 'Zoé : « ŒUVRE & "vélo" » 🚲 <b>'),
)
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
    mark + _TEXT.format(encoding=encoding, space=space, old=old).replace("\n", line_end).encode(encoding)
    for mark, encoding, space, old, line_end in (
        (b"", "utf-8", "", "", "\n"),
        (b"\xef\xbb\xbf", "utf-8", _OWN, _OLD, "\r\n"),
        (b"", "iso-8859-1", _OWN, _OLD, "\n"),
        (b"", "utf-16", _OWN, _OLD, "\n"),
        (b"", "windows-1252", f'xmlns:pc="{NAMESPACE}" xmlns:podcast="x:y"', "", ""),
    )
)
PUT_IN = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"\r", b"\n", b"<item>", b"</item>", b"<guid>one</guid>",
    b" xmlns:podcast='a:b'", b"\xff", b"\0", b"<?x ?>", b"&#0;", b"&#10;", b"&e;", b" ", b"<!DOCTYPE rss>",
    b"<podcast:chapters/>",
)  # fmt: skip
_SPOKEN = spoken("a")


def changed(content: bytes, chance: random.Random) -> bytes:
    """The feed with something done to it."""
    made = bytearray(content)
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        at, other = chance.randrange(len(made)), chance.randrange(len(made))
        match chance.randrange(4):
            case 0:
                made[at] = chance.randrange(256)
            case 1:
                del made[at : at + chance.randrange(1, 9)]
            case 2:
                made[at:at] = chance.choice(PUT_IN)
            case _:
                made[at:at] = made[other : other + chance.randrange(60)]
    return bytes(made)


def written(content: bytes) -> bytes:
    """The feed with the tags in it."""
    feed = parse_feed(content, Path("feed.xml"))
    return with_tags(feed, {find_item(feed, "one", _SPOKEN): TAGS})


def wrong(content: bytes, after: bytes) -> str | None:
    """What lxml finds wrong with what was made of a feed; nothing where it does not read that either."""
    try:
        before, now = _read(content), _read(after)
    except etree.XMLSyntaxError:
        return None
    if _others(before) != _others(now):
        return "something else has changed"
    wanted = [(tag.name, dict(tag.attributes), tag.text or "") for tag in TAGS]
    if not any(
        [each for each in map(_facts, item) if each in wanted] == wanted for item in now.iterfind("channel/item")
    ):
        return "the tags are not there"
    return None if written(after) == after else "written twice it is another"


def _read(content: bytes) -> etree._Element:
    return etree.fromstring(content, etree.XMLParser(resolve_entities=False, no_network=True))


def _facts(element: etree._Element) -> tuple[str, dict[str, str], str]:
    name = element.tag if isinstance(element.tag, str) else type(element).__name__
    return name.removeprefix(f"{{{NAMESPACE}}}"), dict(element.attrib), element.text or ""


def _others(root: etree._Element) -> list[object]:
    ours = {f"{{{NAMESPACE}}}{kind}" for kind in KINDS}
    return [
        (*_facts(each)[:2], None if len(each) else (each.text or "").strip())
        for each in root.iter()
        if each.tag not in ours and not any(above.tag in ours for above in each.iterancestors())
    ]


def attack(seed: int, count: int) -> tuple[Counter[str], list[str]]:
    """How many feeds were refused and written, and what failed."""
    chance, made, failures = random.Random(seed), Counter[str](), list[str]()
    for number in range(count):
        content = changed(chance.choice(FEEDS), chance)
        try:
            after = written(content)
        except FeedError:
            made["refused"] += 1
            continue
        made["written"] += 1
        if complaint := wrong(content, after):
            failures.append(f"{number}: {complaint}: {content!r}")
    return made, failures


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100_000, help="feeds")
    given = parser.parse_args(arguments)
    made, failures = attack(given.seed, given.count)
    print(
        f"seed {given.seed}  written {made['written']}, refused {made['refused']}  failures {len(failures)}", *failures
    )
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
