#!/usr/bin/env python3
"""How surely the words of a text tell its language, by the number of words and of names from elsewhere among them; and
what the words tell of texts that were edited, where what is known of the text before holds for them, by the share of
another language in it.

Usage: python -m tests.bench.languages LANG:FILE...
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Sequence
from pathlib import Path

from aligner.languages.record import word_list
from aligner.model import Kind, Segment, Transcript
from aligner.transcript.language import written_language

COUNTS = (10, 20, 40, 100, 200)
SHARES = (0.0, 0.3, 0.5)
OTHERS = (0.0, 0.1, 0.3, 0.5)
SAMPLES = 200
Text = tuple[str, Sequence[str]]  # its language and its words
# From many languages, so that they lead to none.
NAMES = word_list(
    "Sankara Nkrumah Olusegun Obasanjo Kenyatta Mariam Diabaté Fatoumata Tshisekedi Zhang Wei Yamamoto Keiko Ivanova "
    "Natalia Håkansson Björn Jørgensen Søren Kowalczyk Wojciech O’Connor Siobhan MacDonald Amazon Google Microsoft "
    "Nairobi Kinshasa Antananarivo Rotterdam Zürich Montréal Buenos Aires São Paulo Kuala Lumpur Wikipedia Casilli"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("texts", nargs="+", metavar="LANG:FILE")
    options = parser.parse_args()
    texts = [
        (language, Path(file).read_text(encoding="utf-8").split())
        for language, _, file in (text.partition(":") for text in options.texts)
    ]
    dice = random.Random(0)
    tell_with_names(texts, dice)
    tell_edited(texts, dice)


def tell_with_names(texts: Sequence[Text], dice: random.Random) -> None:
    print("names  words   right   left open   wrong")
    for share in SHARES:
        for count in COUNTS:
            told = {"right": 0, "open": 0, "wrong": 0}
            for language, words in texts:
                for _ in range(SAMPLES):
                    some = [dice.choice(NAMES) if dice.random() < share else w for w in part(words, count, dice)]
                    found = written_language(speech(" ".join(some)))
                    told["open" if found is None else "right" if found.code == language else "wrong"] += 1
            total = sum(told.values())
            right, open_, wrong = (f"{100 * told[each] / total:.2f} %" for each in told)
            print(f"{share:4.0%} {count:6}  {right:>9} {open_:>9} {wrong:>8}")


def tell_edited(texts: Sequence[Text], dice: random.Random) -> None:
    print("\nother  words  edits for which the known language holds: told alike   left open   otherwise")
    for share in OTHERS:
        for count in COUNTS:
            told = {"alike": 0, "open": 0, "otherwise": 0}
            for _ in range(SAMPLES):
                (_, own), (_, other) = dice.sample(texts, 2)
                mixed = round(share * count)
                words = part(own, count - mixed, dice) + part(other, mixed, dice)
                known = written_language(speech(" ".join(words)))
                for text in edited(words, other, dice):
                    if known and known.throughout and written_language(speech(text), known) is known:
                        found = written_language(speech(text))
                        told["open" if found is None else "alike" if found.code == known.code else "otherwise"] += 1
            total = sum(told.values())
            alike, open_, otherwise = (f"{100 * n / max(1, total):.2f} %" for n in told.values())
            print(f"{share:4.0%} {count:6}  {total:6} {alike:>45} {open_:>11} {otherwise:>11}")


def edited(words: Sequence[str], other: Sequence[str], dice: random.Random) -> Iterator[str]:
    """The text without a passage, with one in the other language, and with words of that in the places of its own."""
    size = 1 + dice.randrange(max(1, len(words) // 5))
    first = dice.randrange(len(words) - size + 1)
    new = part(other, size, dice)
    yield " ".join([*words[:first], *words[first + size :]])
    yield " ".join([*words[:first], *new, *words[first:]])
    places = dict(zip(dice.sample(range(len(words)), len(new)), new, strict=True))
    yield " ".join(places.get(place, word) for place, word in enumerate(words))


def part(words: Sequence[str], count: int, dice: random.Random) -> list[str]:
    first = dice.randrange(max(1, len(words) - count + 1))
    return list(words[first : first + count])


def speech(text: str) -> Transcript:
    return Transcript("sample.txt", "0" * 64, text, (Segment(Kind.SPEECH, None, 0, len(text)),), ())


if __name__ == "__main__":
    main()
