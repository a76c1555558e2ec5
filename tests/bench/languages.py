#!/usr/bin/env python3
"""How surely the words of a text tell its language, by the number of words and of names from elsewhere among them.

Usage: python -m tests.bench.languages LANG:FILE...
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

from aligner.languages.record import word_list
from aligner.model import Kind, Segment, Transcript
from aligner.transcript.language import written_language

COUNTS = (10, 20, 40, 100, 200)
SHARES = (0.0, 0.3, 0.5)
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


def tell_with_names(texts: Sequence[Text], dice: random.Random) -> None:
    print("names  words   right   left open   wrong")
    for share in SHARES:
        for count in COUNTS:
            told = {"right": 0, "open": 0, "wrong": 0}
            for language, words in texts:
                for _ in range(SAMPLES):
                    some = [dice.choice(NAMES) if dice.random() < share else w for w in part(words, count, dice)]
                    found = written_language(speech(" ".join(some)))
                    told["open" if found is None else "right" if found == language else "wrong"] += 1
            total = sum(told.values())
            right, open_, wrong = (f"{100 * told[each] / total:.2f} %" for each in told)
            print(f"{share:4.0%} {count:6}  {right:>9} {open_:>9} {wrong:>8}")


def part(words: Sequence[str], count: int, dice: random.Random) -> list[str]:
    first = dice.randrange(max(1, len(words) - count + 1))
    return list(words[first : first + count])


def speech(text: str) -> Transcript:
    return Transcript("sample.txt", "0" * 64, text, (Segment(Kind.SPEECH, None, 0, len(text)),), ())


if __name__ == "__main__":
    main()
