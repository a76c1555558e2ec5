"""Any feed is refused, or takes the tags and keeps everything else."""

import pytest
from hypothesis import event, given
from hypothesis import strategies as st
from lxml import etree

from aligner.errors import FeedError
from tests.aligner.feeds.test_writing import OLD, OWN, PLAIN, WANTED, feed, put, tags_of, without_ours
from tests.attack.effort import examples

WITH_OLD = PLAIN.replace("<itunes:duration>", OLD)
FEEDS = (
    feed(),
    feed(spaces=OWN, text=WITH_OLD).replace(b"\n", b"\r\n"),
    feed("iso-8859-1", OWN, WITH_OLD),
    feed("utf-16", OWN, WITH_OLD),
    feed("windows-1252", 'xmlns:podcast="x:y"').replace(b"\n", b""),
)
PIECES = (
    b"<", b">", b"&", b"]]>", b"<![CDATA[", b"<!--", b"-->", b"\r", b"\n", b"<item>", b"</item>", b"<guid>one</guid>",
    b" xmlns:podcast='a:b'", b"\xff", b"\0", b"<?x ?>", b"&#0;", b"&#10;", b"&e;", b" ", b"<!DOCTYPE rss>",
    b"<podcast:chapters/>",
)  # fmt: skip


@st.composite
def changed_feeds(draw: st.DrawFn) -> bytes:
    """Draw a feed with one to three pieces inserted, removed or doubled."""
    made = draw(st.sampled_from(FEEDS))
    for _ in range(draw(st.integers(1, 3))):
        at, gone, other = draw(st.integers(0, len(made))), draw(st.integers(0, 9)), draw(st.integers(0, len(made)))
        doubled = made[other : other + draw(st.integers(0, 60))]
        made = made[:at] + draw(st.sampled_from([b"", doubled, *PIECES])) + made[at + gone :]
    return made


@pytest.mark.parametrize("count", [600, pytest.param(5_000, marks=pytest.mark.nightly)])
def test_a_feed_is_refused_or_keeps_everything_but_the_tags(count: int) -> None:
    @given(before=changed_feeds())
    @examples(count)
    def attack(before: bytes) -> None:
        try:
            after = put(before)
        except FeedError:
            event("refused")
            return
        event("written")
        try:
            others = without_ours(before)
        except (etree.XMLSyntaxError, etree.C14NError):
            return  # lxml cannot compare them
        assert without_ours(after) == others
        assert WANTED in [[tag for tag in tags_of(after, number) if tag in WANTED] for number in range(2)]
        assert put(after) == after

    assert all(map(put, FEEDS)), "a whole feed is not refused"
    attack()
