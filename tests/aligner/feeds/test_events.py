"""How much of anything a feed may have: what real ones have is read, more is refused in a sentence."""

from __future__ import annotations

import pytest

from aligner.errors import FeedError
from aligner.feeds import events
from tests.aligner.feeds.test_writing import OWN, WANTED, assert_only_inserted, put, tags_of
from tests.tables import over_rows

ONE = "<item><guid>one</guid></item>"
MANY = "<podcast:soundbite/>"


def channel(content: str) -> bytes:
    return f"<rss {OWN}><channel>{content}</channel></rss>".encode()


@over_rows(
    "content, complaint",
    lambda: [
        (channel(ONE + "".join(f"<a{k}/>" for k in range(10_000))), "more than 10000 names of elements"),
        (channel(ONE + "".join(f"<a b{k}='' xmlns:c{k}='u'/>" for k in range(5_000))), "more than 10000 names"),
        (channel(f"<item><guid>one</guid>{MANY * 10_001}</item>"), "more than 10000 tags and attributes in one item"),
        (channel(ONE + f"<a b='{'x' * 2_000_000}'/>"), "a tag of more than 1 MB"),
        (channel(ONE + "<a " + " ".join(f"b{k}=''" for k in range(300_000)) + "/>"), "a tag of more than 1 MB"),
    ],
)
def test_more_than_any_feed_has_is_refused(content: bytes, complaint: str) -> None:
    with pytest.raises(FeedError, match=complaint):
        put(content)


@over_rows("bound, each", [("_MOST_ITEMS", "<item/>"), ("_MOST_ELEMENTS", "<a/>")])
def test_so_is_more_than_it_has_in_all(monkeypatch: pytest.MonkeyPatch, bound: str, each: str) -> None:
    assert getattr(events, bound) >= 100_000
    monkeypatch.setattr(events, bound, 1000)
    put(channel(ONE + each * (1000 - 4)), tags=())
    with pytest.raises(FeedError, match=r"more than 1000 (items|elements); a podcast's feed was expected"):
        put(channel(ONE + each * 1000), tags=())


@pytest.mark.nightly
def test_a_feed_of_twenty_thousand_items_takes_its_tags() -> None:
    one = "<item><title>{k}</title><guid>{k}</guid><podcast:person>Zoé</podcast:person><a>{text}</a></item>"
    before = channel("".join(one.format(k=k, text="<![CDATA[<p>é</p>]]>" * 10) for k in range(20_000)))
    after = put(before, "100")
    assert len(before) > 3 * events._LONGEST_TAG
    assert_only_inserted(before, after)
    assert [each for each in tags_of(after, 100) if each in WANTED] == WANTED


def test_all_stands_where_it_does_however_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Bit by bit, with the ends of bits anywhere in it."""
    before = channel("".join(f"<item><guid>{k}</guid><!-- é --><b c='>'/>{MANY * k}</item>" for k in range(40)))
    whole = put(before, "39")
    for size in (200, 201, 203, 211):
        monkeypatch.setattr(events, "_LONGEST_TAG", size)
        assert put(before, "39") == whole
