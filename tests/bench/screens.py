#!/usr/bin/env python3
"""Count the breaks of audiograms' lines and screens that readers stumble over.

Usage: python -m tests.bench.screens ALIGNMENT... [--list]

Each paragraph is cut into quotes of whole sentences, 20 words and more, which are set in every shape. A break of lines
or screens is bad as ``tests.bench.breaks`` has it, by parts of speech. A screen ends in mid-phrase where there is no
punctuation at its end, and needlessly so where there is some further up on it.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import accumulate, pairwise
from pathlib import Path

from aligner.errors import AlignerError
from aligner.languages import language_of
from aligner.model import Alignment
from aligner.publishing.screen_words import shown_words
from aligner.quotes import Timeline, cut_out, quote_of_words
from aligner.storage.alignment_json import read_alignment
from aligner.typography import ends_sentence, read_tokens
from media.video.backdrop import Style
from media.video.screens import Screen, Script, ShownWord
from media.video.setting import set_quote
from media.video.shapes import SHAPES
from tests.bench.breaks import fault_between, tagger_of

_LEAST, _MOST = 20, 70  # words of a quote
_SHORT_HEAD = 2
_STOPS = tuple(",;:.!?…»”)]–—")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("alignments", nargs="+", type=Path, metavar="ALIGNMENT")
    parser.add_argument("--list", action="store_true", help="print every bad break")
    options = parser.parse_args()
    counted, listed = Counter[str](), list[str]()
    for path in options.alignments:
        alignment = read_alignment(path)
        for words in said_quotes(alignment):
            for shape in SHAPES.values():
                script = Script(words, words[-1].end, language=alignment.language)
                for kind, fault, near in faults_of(
                    words, set_quote(script, Style(), shape).screens, alignment.language
                ):
                    counted.update((kind, f"{kind}: {fault}") if fault else (kind,))
                    listed += [f"  {shape.name} {kind}: {near}  {fault}"] if fault else []
    for kind, count in sorted(counted.items()):
        print(f"{count:6}  {kind}")
    if options.list:
        print(*listed, sep="\n")


def said_quotes(alignment: Alignment) -> Iterator[tuple[ShownWord, ...]]:
    """What is shown of each quote whose sentences somebody says."""
    captioning = language_of(alignment.language).captioning
    for tokens in read_tokens(alignment):
        begin = 0
        for at, token in enumerate(tokens, 1):
            following = tokens[at].text if at < len(tokens) else ""
            if at - begin < _LEAST or not ends_sentence(token.text, following, captioning):
                continue
            indices = [token.word for token in tokens[begin:at] if token.word is not None]
            if at - begin <= _MOST and indices:
                try:
                    quote = quote_of_words(alignment, range(indices[0], indices[-1] + 1))
                    yield shown_words(cut_out(alignment, quote, Timeline((quote.voice,))))
                except AlignerError:  # nobody says it
                    pass
            begin = at


def faults_of(words: Sequence[ShownWord], screens: Sequence[Screen], language: str) -> Iterator[tuple[str, str, str]]:
    """Each break that nobody asked for: its kind, what is wrong with it, the words around it."""
    known = language_of(language)
    lengths = (len(word.before) * (at > 0) + len(word.text) for at, word in enumerate(words))
    ends = list(accumulate(lengths))
    text = "".join(word.before * (at > 0) + word.text for at, word in enumerate(words)).replace("’", "'")
    try:
        tagged = [token for token in tagger_of(known.code)(text) if not token.is_space]
    except OSError:  # there is no model of the language
        tagged = []
    lines = [(number, line[0].word, line[-1].word) for number, screen in enumerate(screens) for line in screen.lines]
    for (screen, begin, left), (other, right, _) in pairwise(lines):
        if left == right or words[left].speaker != words[right].speaker:
            continue
        kind, fault = "line" if screen == other else "screen", ""
        if not ends_sentence(words[left].text, words[right].text, known.captioning):
            fault = fault_between(tagged, ends[left], ends[right] - len(words[right].text)) and "parts of speech"
            heads = range(max(begin, left + 1 - _SHORT_HEAD), left + 1)
            if any(k > begin and ends_sentence(words[k - 1].text, words[k].text, known.captioning) for k in heads):
                fault = "short head"
            elif kind == "screen" and not words[left].text.endswith(_STOPS):
                own = range(screens[screen].lines[0][0].word, left)
                needless = any(words[k].text.endswith(_STOPS) for k in own)
                fault = "mid-phrase, needlessly" if needless else "mid-phrase"
        near = [
            " ".join(word.text for word in words[max(0, a) : b]) for a, b in ((left - 2, left + 1), (right, right + 3))
        ]
        yield kind, fault, " | ".join(near)


if __name__ == "__main__":
    main()
