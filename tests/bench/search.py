"""How soon a library of many hours is searched, and what its index costs.

Usage: python -m tests.bench.search [--hours 1000]

Fills an index with episodes of 200 passages, 50 words each: words of a list of 100,000, the k-th as often as 1/k of the
first (Zipf), by 300 people. Prints how long that takes and how large the file is; how long it takes until an episode of
an hour that was added is found; then, in milliseconds, the median and the 95th percentile of a page of results, by the
clock and of the processor: of words, phrases, beginnings of words and words of one speaker, drawn as they are said.
"""

import argparse
import hashlib
import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from itertools import accumulate
from pathlib import Path

from tests.web.library.shelved import plant
from web.library import Details, Library
from web.library.library import Traits
from web.search import index_of
from web.search.answers import Criteria, search
from web.search.index import Known, Passage, SearchIndex, put

_LISTED, _PEOPLE, _PASSAGES, _WORDS = 100_000, 300, 200, 50
_COMMON = "de la le et les des en un du une que est pour qui dans il par plus pas au sur ne se ce"
_SYLLABLES = [a + b for a in ("b", "c", "d", "f", "g", "l", "m", "n", "p", "pr", "s", "t", "v") for b in "aiéou"] + [
    "con"
]
_QUERIES = 100  # of each kind


class _Filled(Library):
    """A library with episodes that are in the index alone."""

    numbers: Iterable[int] = ()

    def folders(self) -> dict[str, Path]:
        return super().folders() | {f"e{k}": self.root / f"e{k}" for k in self.numbers}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=1000)
    hours = parser.parse_args().hours
    with tempfile.TemporaryDirectory() as temporary:
        os.environ["QUOTECAST_CACHE"] = f"{temporary}/cache"
        library = _Filled(Path(temporary))
        index = index_of(library)
        chance, words = random.Random(1), _word_list()
        weights = list(accumulate(1 / k for k in range(1, len(words) + 1)))
        hour = [chance.choices(words, cum_weights=weights, k=_PASSAGES * _WORDS) for _ in range(hours)]
        people = [f"{chance.choice(words[50:]).title()} {chance.choice(words[50:]).title()}" for _ in range(_PEOPLE)]
        took, busy = _seconds(lambda: _fill(index, hour, people))
        library.numbers = range(hours)
        megabytes = index.path.stat().st_size / 1e6
        size = f"{hours * _PASSAGES:,} passages, {hours * _PASSAGES * _WORDS:,} words"
        print(f"{size}: {took:.0f} s, {busy:.0f} s of the processor, {megabytes:.0f} MB")
        for name in ("first", "second"):  # of which the first starts the pool of processes
            plant(library.root / name, f"A: Zeppelin. {' '.join(hour[0])}\n")
            library.changes += 1
            seconds, _ = _seconds(lambda: search(library, Criteria("zeppelin")))
            print(f"the {name} that is added is found after {seconds:.2f} s")
        for kind, queries in _queries(hour, people, chance).items():
            times = [_seconds(lambda query=query: search(library, Criteria(query))) for query in queries]
            for name, by in zip(("clock", "processor"), zip(*times, strict=True), strict=True):
                ordered = sorted(1000 * each for each in by)
                low, high = statistics.median(ordered), ordered[len(ordered) * 95 // 100]
                print(f"{kind:24} {name:9}  median {low:6.1f}   95th percentile {high:6.1f}   most {ordered[-1]:6.1f}")


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return how long some work takes by the clock and of the processor."""
    began, busy = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - busy


def _fill(index: SearchIndex, hours: list[list[str]], people: list[str]) -> None:
    for k, said in enumerate(hours):
        day = f"20{k // 300:02d}-{1 + k % 300 // 28:02d}-{1 + k % 28:02d}"
        details = Details(f"Épisode {k}", f"Émission {k % 5}", day, speakers=())
        traits = Traits((day, 0.0), 0.0, f"Épisode {k}", details.show, 0)
        passages = [
            Passage(18.0 * n, 0, people[(k + n) % _PEOPLE], " ".join(said[n * _WORDS : (n + 1) * _WORDS]))
            for n in range(_PASSAGES)
        ]
        known = Known(f"e{k}", details, traits, "fr", "")
        state = f"e{k} {hashlib.sha256().hexdigest()}"  # of a folder that is not there
        index.use(partial(put, name=f"e{k}".encode(), state=state, reading=(known, passages)), writing=True)


def _queries(hours: list[list[str]], people: list[str], chance: random.Random) -> dict[str, list[str]]:
    """Queries drawn from what is said, so that common words are as common among them."""
    pairs = [(said[k], said[k + 1]) for said in chance.choices(hours, k=_QUERIES) for k in (chance.randrange(9000),)]
    return {
        "a word": [f"“{one}”" for one, _ in pairs],
        "two words": [f"{one} {other}" for one, other in pairs],
        "a phrase": [f"“{one} {other}”" for one, other in pairs],
        "the beginning of a word": [one[:3] for one, _ in pairs],
        "a speaker and a word": [f"{chance.choice(people)}: {one}" for one, _ in pairs],
    }


def _word_list() -> list[str]:
    """Words of French, the most common ones first, then made ones."""
    chance, found = random.Random(16), dict.fromkeys(_COMMON.split())
    while len(found) < _LISTED:
        found["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 3, 4, 4, 5))))] = None
    return list(found)


if __name__ == "__main__":
    main()
