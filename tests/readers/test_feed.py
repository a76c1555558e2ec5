"""Podcast Index's library reads the tags that were written into a feed, and the rest as before."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from aligner.feeds.reading import parse_feed
from aligner.feeds.tags import episode_tags
from aligner.feeds.writing import find_item, with_tags
from aligner.formats import Material, Quote
from aligner.storage.alignment_json import read_alignment

FEED = Path(__file__).parent / "feed.xml"
BASE = "https://files.example.org/a&b/"
TITLES = ['Zoé : « ŒUVRE & "vélo" » 🚲', "a <b>bold</b> --> ]]> c", "l'été", "דנה: שלום", "x" * 300]


@pytest.fixture
def written(aligned: Path) -> tuple[bytes, bytes]:
    """A feed before and after the sample's tags were written into its second item."""
    quotes = [Quote(text, None, 20.0 * n, 20.0 * n + 15.5) for n, text in enumerate(TITLES, start=1)]
    tags = episode_tags(Material(read_alignment(aligned), "l’été & co", quotes), BASE).tags
    before = FEED.read_bytes()
    feed = parse_feed(before, FEED)
    return before, with_tags(feed, {find_item(feed, "two", read_alignment(aligned)): tags})


def test_the_tags_are_read(written: tuple[bytes, bytes], tmp_path: Path, read_by_node: Callable[..., Any]) -> None:
    before, after = (tmp_path / name for name in ("before.xml", "after.xml"))
    before.write_bytes(written[0])
    after.write_bytes(written[1])
    old, new = (read_by_node("feed.cjs", path) for path in (before, after))
    item = new["items"][1]
    types = [each["type"] for each in item["transcripts"]]
    # The library has one name for all types of SubRip.
    assert types == ["text/vtt", "application/srt", "application/json", "text/html"]
    assert [each.get("rel") for each in item["transcripts"]] == ["captions", "captions", None, None]
    assert {each["language"] for each in item["transcripts"]} == {"fr"}
    name = "https://files.example.org/a&b/Une-promenade-qui-attend"  # as the episode is called
    assert item["transcripts"][0]["url"] == f"{name}.vtt"
    assert item["chapters"] == {"url": f"{name}.chapters.json", "type": "application/json+chapters"}
    assert [(each["startTime"], each["duration"]) for each in item["soundbites"]] == [
        (20.0 * n, 15.5) for n in range(1, len(TITLES) + 1)
    ]
    assert [each["title"] for each in item["soundbites"]][:-1] == TITLES[:-1]
    assert len(item["soundbites"][-1]["title"]) == 128
    new["items"][1] |= {"transcripts": [], "chapters": None, "soundbites": []}
    assert new == old
