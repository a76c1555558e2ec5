"""How soon a library of many hours is searched, and what its index costs.

Usage: python -m tests.bench.search [--hours 1000] [--folder DIR]

Plants episodes of an hour, 10,000 words each, in DIR (2 MB an hour; a temporary folder if none is named): words of a
list of 100,000, the k-th as often as 1/k of the first (Zipf), in passages of some 40 words by 2 to 4 of 300 people, in
five shows, one each day. Prints how long it takes to read them all into the index, and one that is added; then, in
milliseconds, the median and the 95th percentile of a page of results: of words, phrases, beginnings of words and words
of one speaker, drawn as they are said.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

from aligner.model import Engine
from tests.web.library.shelved import write_sound
from web.library import Library
from web.search import Wanted, search, upkeep_of

_WORDS_AN_HOUR, _LISTED, _PEOPLE, _SHOWS = 10_000, 100_000, 300, 5
_COMMON = "de la le et les des en un du une que est pour qui dans il par plus pas au sur ne se ce"
_SYLLABLES = [a + b for a in ("b", "c", "d", "f", "g", "l", "m", "n", "p", "pr", "s", "t", "v") for b in "aiéou"] + [
    "con"
]
_QUERIES = 200  # of each kind


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where the library lies, or is to lie")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["QUOTECAST_CACHE"] = f"{temporary}/cache"
        folder = given.folder or Path(temporary, "library")
        if not folder.exists():
            _plant(folder, range(given.hours))
        library = Library(folder)
        upkeep = upkeep_of(library)
        took = _seconds(upkeep.look)
        megabytes = upkeep.index.path.stat().st_size / 1e6
        print(f"{given.hours} hours, {given.hours * _WORDS_AN_HOUR:,} words: {took:.0f} s, {megabytes:.0f} MB")
        _plant(folder, range(given.hours, given.hours + 1))
        print(f"one more: {_seconds(upkeep.look):.2f} s, of which {_seconds(upkeep.look):.2f} s to look at all folders")
        for kind, queries in _queries(folder).items():
            times = sorted(1000 * _seconds(lambda query=query: search(library, Wanted(query))) for query in queries)
            low, high = statistics.median(times), times[len(times) * 95 // 100]
            print(f"{kind:24} median {low:6.1f}   95th percentile {high:6.1f}   most {times[-1]:6.1f}")


def _seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def _queries(folder: Path) -> dict[str, list[str]]:
    """Queries drawn from what is said, so that common words are as common among them."""
    chance = random.Random(7)
    alignment = json.loads((folder / "e0" / "audio.alignment.json").read_text(encoding="utf-8"))
    said, speaker = alignment["transcript"]["text"].split(), alignment["segments"][0]["speaker"]
    places = [chance.randrange(len(said) - 1) for _ in range(_QUERIES)]
    return {
        "a word": [f"{said[k]} ." for k in places],
        "two words": [f"{said[k]} {said[k // 2]}" for k in places],
        "a phrase": [f"“{said[k]} {said[k + 1]}”" for k in places],
        "the beginning of a word": [said[k][:3] for k in places],
        "a speaker and a word": [f"{speaker}: {said[k]}" for k in places],
    }


def _word_list() -> list[str]:
    """Words of French, the most common ones first, then made ones."""
    chance, found = random.Random(16), dict.fromkeys(_COMMON.split())
    while len(found) < _LISTED:
        found["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 3, 4, 4, 5))))] = None
    return list(found)


def _plant(root: Path, hours: Iterable[int]) -> None:
    words, chance = _word_list(), random.Random(1)
    weights = list(accumulate(1 / k for k in range(1, len(words) + 1)))
    people = [f"{chance.choice(words[50:]).title()} {chance.choice(words[50:]).title()}" for _ in range(_PEOPLE)]
    for k in hours:
        folder = root / f"e{k}"
        write_sound(folder / "audio.wav")
        said = chance.choices(words, cum_weights=weights, k=_WORDS_AN_HOUR)
        (folder / "audio.alignment.json").write_text(_alignment(k, said, people, chance), encoding="utf-8")


def _alignment(number: int, said: list[str], people: list[str], chance: random.Random) -> str:
    """The content of an alignment, as ``aligner.storage`` writes it."""
    speakers = chance.sample(people, chance.choice((2, 3, 4)))
    words, segments, at = [], [], 0
    while len(words) < len(said):
        turn, first = said[len(words) : len(words) + chance.randint(5, 75)], at
        begun = len(words)
        for word in turn:
            start, end = round(0.36 * len(words), 3), round(0.36 * len(words) + 0.3, 3)
            words.append([word, at, at + len(word), len(segments), start, end])
            at += len(word) + 1
        times = words[begun][4], words[-1][5]
        segments.append([f"s{len(segments)}", "speech", chance.choice(speakers), first, at - 1, *times])
        at += 1
    text = "\n\n".join(" ".join(said[a:b]) for a, b in _ranges(words, len(segments))) + "\n"
    day = date(2020, 1, 1) + timedelta(days=number)
    head = {
        "format": "quotecast-alignment",
        "version": 1,
        "language": "fr",
        "episode": {"title": f"Épisode {number}", "show": f"Émission {number % _SHOWS}", "date": day.isoformat()},
        "audio": {"file": "audio.wav", "duration": 3601.0, "sha256": "1" * 64},
        "transcript": {"file": "audio.txt", "sha256": f"{number:064x}", "text": text},
        "engine": asdict(Engine("planted", "none")),
        "coverage": 0.97,
        "verdict": "good",
        "segments": [dict(zip(_SEGMENT, each, strict=True)) | {"confidence": 0.9} for each in segments],
        "words": [
            dict(zip(_WORD, each, strict=True)) | {"status": "exact", "confidence": 0.98, "pinned": False}
            for each in words
        ],
        "untranscribed": [],
    }
    return json.dumps(head, ensure_ascii=False)


def _ranges(words: list[list[object]], segments: int) -> Iterator[tuple[int, int]]:
    begun = 0
    for k in range(segments):
        end = begun
        while end < len(words) and words[end][3] == k:
            end += 1
        yield begun, end
        begun = end


_SEGMENT = "id", "kind", "speaker", "char_start", "char_end", "start", "end"
_WORD = "text", "char_start", "char_end", "segment", "start", "end"


if __name__ == "__main__":
    main()
