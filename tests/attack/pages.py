"""Attacks the reader of pages with the largest that are within its bounds, made of what trees are slow to be made of.

    python -m tests.attack.pages [--seed N] [--count N] [--characters N]

Tags that are opened and never closed, closed and never opened, nested in each other, cut within a quote; comments,
sections, scripts and numbers without end: each alone, in an order that is drawn, then by twos and threes. One that
takes many times as long as a plain page of its size on this machine has failed, and so has one that ends otherwise than
as a transcript or in a sentence of ours.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from aligner.errors import TranscriptError
from aligner.transcript import read_transcript
from aligner.transcript.html import MAX_TAGS
from tests.attack.expressions import TooSlowError

MOST_TIMES = 8.0  # the processor time of a plain page; the slowest takes 3 times as long, a reader that goes astray 100
PLAIN = "<p>a</p>"
WORD = "hellothereagain "  # so long that a page of them is within the bound of words
UNITS = [
    "<b>", "<b>a", "<b>a<br>", "<b>a<br>b", "<p>a", "<p>a<p>b", "<li>a<br>", "<font><i>a</i>", "<div>a</div>b",
    "</p>", "</b>", "<b></i>", "<b><i></b>", "<br>", "</br>", "<br/>", "<pre>", "<pre>a", "<pre></pre>",
    "<time>", "<time>a</time>b", "<sup>", "<sup>1</sup>", "<sup>1", "<a href='#a'>1</a>", "<a>", "<title>a",
    "<main>a", "<article>a", "<body>a", "<html lang=fr>", "<template>a", "<rt>a", "<nav>a",
    "<nav><footer><button>a", "<p hidden>", "<p class='speaker-name'>a", "<script>", "<script>a</script>",
    "<style>", "</script>", "<!--", "<!-- a", "<!---->", "-->", "<![CDATA[", "<![CDATA[>", "]]>", "<![if>",
    "<![", "<!a>", "<!doctype ", "<?", "<?a>", "<?a <b>", "</", "</>", "</ ", "< ", "<", ">", "<a ", "<a b=",
    "<a b='", '<a b="', "<a b='>", '<a b=">" ', "<a/", "<a/ ", "'", '"', "=", "&", "&#", "&#1", "&#x", "&amp",
    "&amp;", "&" + "a" * 40, "&#" + "9" * 5000, "<a b='&#" + "9" * 5000 + "'>", " ", "\n", "a" * 30,
]  # fmt: skip


def pages(seed: int, characters: int) -> Iterator[str]:
    """Pages without end; the same for the same seed."""
    dice = random.Random(seed)
    yield from (_page([unit], characters) for unit in dice.sample(UNITS, k=len(UNITS)))
    while True:
        yield _page(dice.choices(UNITS, k=dice.choice([2, 3])), characters, dice)


def _page(units: list[str], characters: int, dice: random.Random | None = None) -> str:
    """Units one after another again and again, or each again and again; words fill the page up to the size."""
    one = "".join(units)
    times = min(characters // len(one), (MAX_TAGS - 10) // max(1, one.count("<")))
    words = WORD * ((characters // times - len(one)) // len(WORD))
    runs = [unit * times for unit in units] if dice and dice.random() < 0.3 else [(one + words) * times]
    return "<p>hello there</p>" + "".join(runs) + (dice.choice(["", ">", "</p>hello", "-->", '">']) if dice else "")


def fault(page: str, folder: Path, longest: float) -> tuple[str | None, float]:
    """What is wrong with the reading of a page, if anything, which may take ``longest`` seconds, and its seconds."""
    path = folder / "page.html"
    path.write_text(page, encoding="utf-8")
    start = time.process_time()
    wrong = None
    try:
        try:
            signal.setitimer(signal.ITIMER_PROF, longest)
            read_transcript(path)
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
    except TranscriptError as error:
        error.message.encode("utf-8")
    except TooSlowError:
        wrong = f"too slow: {traceback.format_exc(limit=-2)}"
    except Exception:
        wrong = traceback.format_exc(limit=-2)
    return wrong, time.process_time() - start


def _over(*_of_signal: object) -> None:
    raise TooSlowError


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--characters", type=int, default=1_000_000)
    given = parser.parse_args(arguments)
    signal.signal(signal.SIGPROF, _over)
    failures, longest = [], 0.0
    with tempfile.TemporaryDirectory() as folder:
        broken, plain = fault(_page([PLAIN], given.characters), Path(folder), longest=3600.0)
        assert not broken, broken
        for number, page in enumerate(islice(pages(given.seed, given.characters), given.count)):
            wrong, seconds = fault(page, Path(folder), MOST_TIMES * plain)
            longest = max(longest, seconds)
            if wrong:
                failures.append(f"seed {given.seed}, page {number} ({page[18:60]!r}): {wrong}")
    took = f"a plain one took {plain:.1f} s, the longest {longest:.1f} s"
    print(f"{given.count} pages, {took}, {len(failures)} failures", *failures, sep="\n")
    return bool(failures)


if __name__ == "__main__":
    sys.exit(main())
