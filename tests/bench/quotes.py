#!/usr/bin/env python3
"""How many quotes with a slip of the pen are found in a text, and how many that are not there are taken for it.

Usage: python -m tests.bench.quotes LANGUAGE:FILE... [--count 40] [--seed 1]

The first half of each text is the transcript. Quotes of 3 to 12 words are drawn from it and changed: a letter or two, a
word left out, put in or, from 5 words on, taken for another. Those that are not there are drawn from the second half,
by the same author on the same matter, without those that the first half happens to have letter by letter.
"""

import argparse
import random
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from aligner.model import Alignment
from aligner.normalization import fold
from aligner.quotes.find import search
from tests.aligner.captions.spoken import spoken

_LENGTHS = (range(3, 5), range(5, 7), range(7, 9), range(9, 13))  # words
_MISTYPED = "aeirtns"
_RULES = re.compile(r"[=\-*~^|]{3,}|[|~]")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", metavar="LANGUAGE:FILE")
    parser.add_argument("--count", type=int, default=40, help="quotes of each length and kind")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    drawn = random.Random(options.seed)
    print("words of the quote:    " + "".join(f"{length.start:>6} to {length.stop - 1:<2}" for length in _LENGTHS))
    totals = [[0] * 4 for _ in _LENGTHS]
    for text in options.texts:
        language, _, file = text.partition(":")
        counts = [list(counted(Path(file), language, length, options.count, drawn)) for length in _LENGTHS]
        report(f"{language} {Path(file).name}", counts)
        totals = [[a + b for a, b in zip(*pair, strict=True)] for pair in zip(totals, counts, strict=True)]
    report("all", totals)
    return 0


def report(name: str, counts: list[list[int]]) -> None:
    """Shares found, right and wrong."""
    for kind, at in (("with a slip, found", 0), ("not there, found", 2)):
        shares = "".join(f"{count[at] / max(1, count[at + 1]):>11.1%} " for count in counts)
        print(f"{name[:20]:<20} {kind:<19}{shares}")


def counted(file: Path, language: str, lengths: range, count: int, drawn: random.Random) -> Iterator[int]:
    """Of quotes with a slip those that are found where they are, and all; of those that are not there likewise."""
    paragraphs = list(read(file))
    here, elsewhere = (spoken(*half, language=language) for half in halves(paragraphs))
    said, others = ([timed.word.text for timed in each.words] for each in (here, elsewhere))
    for words, there in ((said, True), (others, False)):
        found = tried = 0
        for length in lengths:
            for _ in range(count):
                at = drawn.randrange(len(words) - length)
                quote = words[at : at + length]
                if not there and "".join(map(fold, quote)) in "".join(map(fold, said)):
                    continue
                tried += 1
                found += is_found(here, slipped(quote, words, drawn) if there else quote, at if there else None)
        yield found
        yield tried


def read(file: Path) -> Iterator[str]:
    text = file.read_text(encoding="utf-8")
    for paragraph in re.split(r"\n\s*\n" if "\n\n" in text else r"\n", text):
        words = _RULES.sub(" ", paragraph).split()
        if sum(any(map(str.isalpha, word)) for word in words) > 1:
            yield " ".join(words)


def halves(paragraphs: list[str]) -> tuple[list[str], list[str]]:
    return paragraphs[: len(paragraphs) // 2], paragraphs[len(paragraphs) // 2 :]


def is_found(alignment: Alignment, quote: list[str], at: int | None) -> bool:
    """Whether a quote is found, where it is if ``at`` says that."""
    places = search(alignment, " ".join(quote)).occurrences
    return any(at is None or (place.words.start < at + len(quote) and at < place.words.stop) for place in places)


def slipped(words: list[str], vocabulary: list[str], drawn: random.Random) -> list[str]:
    """The words with one slip, or two of a letter."""
    words, at = list(words), drawn.randrange(len(words))
    short = [k for k, word in enumerate(words) if len(word) <= 3]
    slips = ["letter", "letters", "more"]
    slips += ["fewer"] if short or len(words) > 4 else []
    slips += ["other"] if len(words) > 4 else []
    slip = drawn.choice(slips)
    if slip == "fewer":
        del words[at if len(words) > 4 else drawn.choice(short)]
    elif slip == "more":
        words.insert(at, drawn.choice([word for word in vocabulary if len(word) <= 6]))
    elif slip == "other":
        words[at] = drawn.choice(vocabulary)
    else:
        for _ in range(1 + (slip == "letters")):
            at = drawn.choice([k for k, word in enumerate(words) if len(word) > 3] or range(len(words)))
            word, letter, put = words[at], drawn.randrange(len(words[at])), drawn.choice(_MISTYPED)
            words[at] = drawn.choice([word[:letter] + more + word[letter + skip :] for more, skip in _edits(put)])
    return words


def _edits(put: str) -> list[tuple[str, int]]:
    """A letter fewer, more, other."""
    return [("", 1), (put, 0), (put, 1)]


if __name__ == "__main__":
    sys.exit(main())
