"""A link to a quote leads back to its words; on the server and in the browser alike."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Page

from aligner.model import Alignment, Span, Status, TimedWord
from tests.aligner.episodes import alignment_of, transcript_of
from tests.tables import over_rows
from web.quotes.links import Link, Notice, Target, link_to, read_fragment, resolve, write_fragment

CASES = json.loads(Path(__file__).with_name("fragments.json").read_text(encoding="utf-8"))

TIDE = alignment_of(
    "The ferry leaves at nine and the tide waits for nobody.",
    "Nobody believed the captain, and yet the ferry leaves at nine.",
    "🦭 “Seals,” she said, are the harbour’s only regular passengers.",
)
ranges = st.tuples(st.integers(0, len(TIDE.words) - 1), st.integers(1, 12)).map(
    lambda pair: range(pair[0], min(sum(pair), len(TIDE.words)))
)


def texts(alignment: Alignment, words: range | None) -> str:
    return " ".join(alignment.words[k].word.text for k in words or ())


def corrected(alignment: Alignment) -> Alignment:
    """The same words at the same times in a transcript of another version, where all has moved by 100 characters."""
    text = "*" * 100 + alignment.transcript.text
    words = tuple(
        replace(w, word=replace(w.word, char_start=w.word.char_start + 100, char_end=w.word.char_end + 100))
        for w in alignment.words
    )
    transcript = replace(
        alignment.transcript, text=text, sha256="f" * 64, segments=(), words=tuple(w.word for w in words)
    )
    return replace(alignment, transcript=transcript, words=words)


@given(ranges)
def test_a_link_leads_back_to_its_words(words: range) -> None:
    link = read_fragment(f"#{write_fragment(link_to(TIDE, words))}")
    assert link is not None
    assert resolve(TIDE, link) == Target(words, link.start, None)


@given(ranges)
def test_the_times_lead_to_the_same_words_in_a_corrected_transcript_and_that_is_said(words: range) -> None:
    link = read_fragment(write_fragment(link_to(TIDE, words)))
    assert link is not None
    target = resolve(corrected(TIDE), link)
    assert (target.words, target.notice) == (words, Notice.CHANGED)


def saying(*words: tuple[str, float | None]) -> Alignment:
    """An alignment of words that are said from such times on, or not at all."""
    transcript = transcript_of(" ".join(text for text, _ in words))
    timed = (
        TimedWord(word, start and Span(start, start + 0.3), Status.EXACT if start else Status.UNSPOKEN, 0.9)
        for word, (_, start) in zip(transcript.words, words, strict=True)
    )
    return replace(TIDE, transcript=transcript, words=tuple(timed))


def later(alignment: Alignment) -> Alignment:
    """The same as another version of its transcript."""
    return replace(alignment, transcript=replace(alignment.transcript, sha256="f" * 64))


WORD = st.tuples(st.integers(1, 3).map(lambda length: "w" * length), st.booleans())


@given(*[st.lists(WORD, max_size=4)] * 4, st.lists(WORD, min_size=1, max_size=5))
def test_changes_elsewhere_let_a_link_mark_no_other_words(
    before: list[tuple[str, bool]],
    after: list[tuple[str, bool]],
    new_before: list[tuple[str, bool]],
    new_after: list[tuple[str, bool]],
    meant: list[tuple[str, bool]],
) -> None:
    # Whatever stands between what was there and the changes stays.
    old = [*before, *meant, *after]
    new = [*new_before, *before, *meant, *after, *new_after]
    first = len(new_before) + len(before)
    times = {k: 2 + k * 0.5 for k in range(len(new))}
    told = [(text, times[k] if said else None) for k, (text, said) in enumerate(new)]
    was = saying(*told[len(new_before) : len(new_before) + len(old)])
    link = link_to(was, range(len(before), len(before) + len(meant)))
    found = resolve(later(saying(*told)), read_fragment(write_fragment(link)) or Link()).words or range(0)
    there = range(first, first + len(meant))
    assert {k for k in there if told[k][1]} <= set(found) <= set(there)
    if link.start is None:
        assert not found


def test_wording_that_occurs_twice_is_told_apart() -> None:
    first, second = range(0, 5), range(17, 22)
    assert texts(TIDE, first) == "The ferry leaves at nine"
    assert texts(TIDE, second) == "the ferry leaves at nine."
    links = [write_fragment(link_to(TIDE, words)) for words in (first, second)]
    assert links[0] != links[1]
    assert [resolve(TIDE, read_fragment(link) or Link()).words for link in links] == [first, second]


def test_while_the_transcript_is_the_same_the_words_decide_even_against_the_times() -> None:
    link = replace(link_to(TIDE, range(3, 6)), start=0.0, end=0.5)
    assert resolve(TIDE, link).words == range(3, 6)


@over_rows(
    "fragment, target",
    [
        ("w=5000-6000&v=00000000&t=1,2", Target(range(0, 3), 1.0, Notice.MALFORMED)),
        ("w=5000-6000&v=00000000", Target(None, None, Notice.NOWHERE)),
        ("w=0-9", Target(None, None, Notice.NOWHERE)),
        ("t=99999", Target(None, None, Notice.NOWHERE)),
        ("t=0,0.2", Target(None, 0.0, Notice.NOWHERE)),
        ("t=2", Target(None, 2.0, None)),
        ("t=x", Target(None, None, Notice.MALFORMED)),
    ],
)
def test_a_link_to_what_is_not_there_says_so(fragment: str, target: Target) -> None:
    link = read_fragment(fragment)
    assert link is not None
    assert resolve(TIDE, link) == target


@over_rows("case", CASES)
def test_a_fragment_is_read_as_the_table_says(case: dict[str, Any]) -> None:
    link = read_fragment(case["fragment"])
    assert (
        link and [link.start, link.end, list(link.chars) if link.chars else None, link.version, link.malformed]
    ) == (case["is"])


@given(st.text(max_size=80) | st.text(alphabet="#&=tvw0123456789abcdef.,-%:np", max_size=40))
def test_no_fragment_is_too_hostile_to_be_read(fragment: str) -> None:
    link = read_fragment(fragment)
    if link is not None:
        target = resolve(TIDE, link)
        assert target.words is None or 0 <= target.words.start < target.words.stop <= len(TIDE.words)


def test_a_fragment_of_a_megabyte_is_not_looked_at() -> None:
    assert read_fragment("t=1,2&" + "w" * 1_000_000) == Link(malformed=True)


def test_the_browser_reads_writes_and_resolves_links_as_the_server_does(page: Page, server: str) -> None:
    fragments = [case["fragment"] for case in CASES]
    written = [write_fragment(link_to(TIDE, range(k, min(k + 4, len(TIDE.words))))) for k in range(len(TIDE.words))]
    fragments += [*written, "w=5000-6000&v=00000000&t=1,2", "t=99999", "t=0,0.2", "t=1,4&w=1-9&v=ffffffff"]
    fragments += [each[:-8] + "ffffffff" for each in written]
    fragments += ["t=" + "1" * 600]
    data = {
        "hash": TIDE.transcript.sha256[:8],
        "duration": TIDE.audio.duration,
        "starts": [w.span and round(w.span.start * 1000) for w in TIDE.words],
        "ends": [w.span and round(w.span.end * 1000) for w in TIDE.words],
        "chars": [offset for w in TIDE.words for offset in (w.word.char_start, w.word.char_end)],
    }
    page.goto(f"{server}/")
    answer = page.evaluate(
        """async ({ data, fragments }) => {
            const { linkTo, readFragment, resolve, writeFragment } = await import("/static/js/page/quote-link.js");
            const read = fragments.map(readFragment);
            const ends = data.starts.map((_, k) => Math.min(k + 4, data.starts.length));
            const written = ends.map((end, k) => writeFragment(linkTo(data, k, end)));
            return { read, resolved: read.map((link) => link && resolve(data, link)), written };
        }""",
        {"data": data, "fragments": fragments},
    )
    links = [read_fragment(fragment) for fragment in fragments]
    assert answer["read"] == [link and _as_json(link) for link in links]
    assert answer["resolved"] == [link and _resolved(link) for link in links]
    assert answer["written"] == written


def _as_json(link: Link) -> dict[str, Any]:
    chars = list(link.chars) if link.chars else None
    return {
        "start": link.start,
        "end": link.end,
        "chars": chars,
        "version": link.version,
        "malformed": link.malformed,
    }


def _resolved(link: Link) -> dict[str, Any]:
    target = resolve(TIDE, link)
    first, last = (target.words.start, target.words.stop) if target.words else (None, None)
    return {"first": first, "last": last, "start": target.start, "notice": target.notice and str(target.notice)}
