#!/usr/bin/env python3
"""Whether words that are said beside a quote and not printed, as "euh" and "ben" are, get into its clip.

Usage: python -m tests.bench.hesitations FOLDER [--count 75] [--seed 1] [--language fr] [--places]

FOLDER holds ``episode.*``, ``transcript.*`` and ``truth.json``. The first word is taken out of the text of sentences
drawn at random, the last one out of as many others; the sound still has them. Then each of these sentences is cut, and
by the truth an edge is *clean* where nothing of the word that sounds is in the clip, *inside* where a part of it that
sounds is, *kept* where all of it is; *told* where a person is told to look at it.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from aligner.model import Alignment, Status
from aligner.pipeline import AlignOptions, align
from aligner.publishing.excerpt import Source, cut_sound
from aligner.quotes import quote_of_words
from tests.bench.clips import sounds_on_both_sides, spoken_sentences
from tests.bench.trial import EpisodeFiles, find_episodes

_WITHIN = 0.010  # seconds that a cut may take of a word
_LEAST_WORDS = 5
_TOLD = {"unclean-start": True, "unclean-end": False}  # kinds of cautions, and whether they are of an opening


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=75, help="at the beginning, and at the end")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language")
    parser.add_argument("--places", action="store_true", help="a line for each place that is not clean")
    options = parser.parse_args()
    files = find_episodes([options.folder])[0]
    truth = {w["char_start"]: w for w in json.loads(files.truth.read_text("utf-8"))["words"] if w["start"] is not None}
    whole = align(files.audio, files.transcript, AlignOptions(language=options.language)).alignment
    sentences = [words for words in spoken_sentences(whole) if is_long(whole, words, truth)]
    drawn = random.Random(options.seed).sample(sentences, min(2 * options.count, len(sentences)))
    lacking = {(words[0] if k % 2 else words[-1]): words for k, words in enumerate(drawn)}
    with tempfile.TemporaryDirectory() as folder:
        text = Path(folder) / "transcript.txt"
        text.write_text(without(whole, lacking), encoding="utf-8")
        shorter = align(files.audio, text, AlignOptions(language=options.language)).alignment
        found = Counter(places(files, whole, shorter, lacking, truth, options.places))
    for opening in (True, False):
        counts = {kind: sum(n for (o, k, _), n in found.items() if (o, k) == (opening, kind)) for kind in KINDS}
        told = {kind: found[opening, kind, True] for kind in KINDS}
        print("opening" if opening else "closing", ", ".join(f"{k} {n} (told {told[k]})" for k, n in counts.items()))
    return 0


KINDS = ("clean", "inside", "kept")


def is_long(alignment: Alignment, words: range, truth: dict[int, Any]) -> bool:
    starts = [alignment.words[k].word.char_start for k in words]
    return len(words) >= _LEAST_WORDS and all(start in truth for start in (*starts[:2], *starts[-2:]))


def without(alignment: Alignment, lacking: dict[int, range]) -> str:
    """The transcript's text without the words, spaces in their place, so that all others stay where they are."""
    text = list(alignment.transcript.text)
    for k in lacking:
        word = alignment.words[k].word
        text[word.char_start : word.char_end] = " " * (word.char_end - word.char_start)
    return "".join(text)


def places(
    files: EpisodeFiles,
    whole: Alignment,
    shorter: Alignment,
    lacking: dict[int, range],
    truth: dict[int, Any],
    shown: bool,
) -> list[tuple[bool, str, bool]]:
    """Of each place whether it is an opening, what its edge is, and whether that is told."""
    source = Source(shorter, files.audio, files.audio)
    at = {timed.word.char_start: k for k, timed in enumerate(shorter.words)}
    mapped = {k: at.get(timed.word.char_start) for k, timed in enumerate(whole.words)}
    found = []
    for k, words in lacking.items():
        opening = k == words[0]
        first, last = (mapped[each] for each in ((words[1], words[-1]) if opening else (words[0], words[-2])))
        if (
            first is None
            or last is None
            or any(shorter.words[each].status is Status.UNSPOKEN for each in (first, last))
        ):
            continue
        cut = cut_sound(source, quote_of_words(shorter, range(first, last + 1))).cut
        edge = cut.timeline.span.start if opening else cut.timeline.span.end
        word, other = (truth[whole.words[each].word.char_start] for each in (k, k + 1 if opening else k - 1))
        kind = kind_of(edge, word, other, opening)
        if kind == "inside" and not sounds_on_both_sides(files.audio, word, edge):
            kind = "clean" if (edge - word["start"] < word["end"] - edge) != opening else "kept"
        told = any(_TOLD.get(caution.kind) is opening for caution in cut.quote.cautions)
        found.append((opening, kind, told))
        if shown and kind != "clean":
            span = shorter.words[first if opening else last].span
            print(kind, "told" * told, f"{edge:.3f}", word["text"], word["start"], word["end"], other["text"], end=" ")
            print(other["start"], other["end"], span)
    return found


def kind_of(edge: float, word: dict[str, Any], other: dict[str, Any], opening: bool) -> str:
    """What an edge is that should lie between a word that is not of the quote and one that is."""
    sign = 1 if opening else -1
    before, after = (word["end"], other["start"]) if opening else (-word["start"], -other["end"])
    if before - _WITHIN <= sign * edge <= after + _WITHIN:
        return "clean"
    beyond = word["start"] if opening else -word["end"]
    return "kept" if sign * edge < beyond + _WITHIN else "inside"


if __name__ == "__main__":
    sys.exit(main())
