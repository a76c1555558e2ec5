"""How soon a library of many hours is searched, and what its index costs.

Usage: python -m tests.bench.search [--hours 1000] [--folder DIR]

Plants episodes of an hour, 10,000 words each, in DIR (2 MB an hour; a temporary folder if none is named): words of a
list of 100,000, the k-th as often as 1/k of the first (Zipf), in turns of some 40 words by 2 to 4 of 300 people, in
five shows, one each day. Prints how long reading them all into the index takes, by a process of its own, with its
memory and that of its children; then by query how many episodes may have it, and in milliseconds how long the first
page takes: cold, when the process is new and no page of the file is in memory, and the median and most of the times
after that. Last, how long one episode takes to be looked up.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path

import psutil

from aligner.model import Engine
from tests.places import ROOT
from tests.web.library.shelved import write_sound
from web import bounded
from web.library import Library
from web.search import Wanted, rebuild, search
from web.search.upkeep import upkeep_of

_WORDS_AN_HOUR, _LISTED, _PEOPLE, _SHOWS = 10_000, 100_000, 300, 5
_COMMON = "de la le et les des en un du une que est pour qui dans il par plus pas au sur ne se ce"
_SYLLABLES = [a + b for a in ("b", "c", "d", "f", "g", "l", "m", "n", "p", "pr", "s", "t", "v") for b in "aiéou"] + [
    "con"
]
_TIMES = 7
_LOOK_EVERY = 0.2  # seconds


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=int, default=1000)
    parser.add_argument("--folder", type=Path, help="where the library lies, or is to lie")
    parser.add_argument("--ask", help=argparse.SUPPRESS)  # what a process of its own does
    given = parser.parse_args()
    if given.ask:
        # Who indexes does not hold the list of words.
        work = _index if given.ask == "index" else _questions()[given.ask]
        print(json.dumps(work(Library(given.folder), given.hours)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary, "library")
        os.environ["QUOTECAST_CACHE"] = f"{temporary}/cache"
        if not folder.exists():
            _plant(folder, given.hours)
        _tell(folder, given.hours)


def _tell(folder: Path, hours: int) -> None:
    def ask(what: str) -> list[float]:
        command = [sys.executable, "-m", __spec__.name, "--folder", str(folder), "--hours", str(hours), "--ask", what]
        told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
        found: list[float] = json.loads(told.splitlines()[-1])
        return found

    seconds, computed, mb, child_mb, all_mb, file_mb = ask("index")
    print(
        f"{hours} hours, {hours * _WORDS_AN_HOUR:,} words: indexed in {seconds:.0f} s, of processors {computed:.0f} s;"
    )
    print(
        f"{mb:.0f} MB in memory, {child_mb:.0f} MB in each of two children, {all_mb:.0f} MB where what they share is "
        f"counted once; the file has {file_mb:.0f} MB"
    )
    for what in _questions():
        number, computed, cold, *warm = ask(what)
        told = f"cold {cold:6.1f}   median {statistics.median(warm):6.1f}   most {max(warm):6.1f}"
        print(f"{what:30} {number:5.0f}   {told}   computed {computed:6.1f}")


def _index(library: Library, _: int) -> list[float]:
    began, ended, memory = time.monotonic(), threading.Event(), [0.0]
    watching = threading.Thread(target=_watch, args=(memory, ended))
    watching.start()
    rebuild(library)
    seconds = time.monotonic() - began
    ended.set()
    watching.join()
    bounded.end()  # what children took is told when they have ended
    mine, children = map(resource.getrusage, (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    computed = sum((mine.ru_utime, mine.ru_stime, children.ru_utime, children.ru_stime))
    file = upkeep_of(library).index.database
    with file.reading() as connection:
        [(episodes,)] = connection.execute("SELECT count(*) FROM texts")
    assert episodes == len(library.folders()) - 1
    file.close()
    each = mine.ru_maxrss / 1024, children.ru_maxrss / 1024
    return [seconds, computed, *each, max(memory), file.path.stat().st_size / 1e6]


def _watch(found: list[float], ended: threading.Event) -> None:
    """What this process and its children take together, in MB, until the end; where the system tells what is shared."""
    this = psutil.Process()
    while not ended.wait(_LOOK_EVERY):
        with contextlib.suppress(psutil.Error):
            taken = [each.memory_full_info() for each in (this, *this.children())]
            found.append(sum(getattr(each, "pss", each.uss) for each in taken) / (1 << 20))


def _page(wanted: Wanted, page: int = 1) -> Callable[[Library, int], list[float]]:
    def ask(library: Library, _: int) -> list[float]:
        episodes = 0

        def work() -> None:
            nonlocal episodes
            answer = search(library, wanted, page)
            assert answer.found or not answer.episodes
            episodes = answer.episodes

        took = _took_ms(library, work)
        return [episodes, *took]

    return ask


def _entry(library: Library, hours: int) -> list[float]:
    return [1, *_took_ms(library, lambda: upkeep_of(library).index.entry(f"e{hours // 2}"))]


def _took_ms(library: Library, work: Callable[[], object]) -> list[float]:
    """What the thread computes of one in the midst of them; then what a server that has just been started takes when
    nothing of the file is in memory, and what it takes again and again."""
    upkeep_of(library).look()
    _forget(upkeep_of(library).index.database.path)
    took = []
    for _ in range(1 + _TIMES):
        began, computed = time.perf_counter(), time.thread_time()
        work()
        took.append(((time.thread_time() - computed) * 1000, (time.perf_counter() - began) * 1000))
    return [statistics.median(computed for computed, _ in took[1:]), *(passed for _, passed in took)]


def _forget(path: Path) -> None:
    """Have the system forget what it holds of the file, where it can."""
    if hasattr(os, "posix_fadvise"):
        descriptor = os.open(path, os.O_RDONLY)
        os.fsync(descriptor)
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        os.close(descriptor)


def _word_list() -> list[str]:
    """Words of French, the most common ones first, then made ones."""
    chance, found = random.Random(16), dict.fromkeys(_COMMON.split())
    while len(found) < _LISTED:
        found["".join(chance.choices(_SYLLABLES, k=chance.choice((2, 2, 3, 3, 3, 4, 4, 5))))] = None
    return list(found)


def _plant(root: Path, hours: int) -> None:
    words, chance = _word_list(), random.Random(1)
    weights = list(accumulate(1 / k for k in range(1, len(words) + 1)))
    people = [f"{chance.choice(words[50:]).title()} {chance.choice(words[50:]).title()}" for _ in range(_PEOPLE)]
    for k in range(hours):
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


def _speaker_and(word: str) -> Callable[[Library, int], list[float]]:
    def ask(library: Library, hours: int) -> list[float]:
        entry = upkeep_of(library).index.entry(f"e{hours // 2}")
        assert entry
        return _page(Wanted(f"{entry.facts.speakers[0]}: {word}"))(library, hours)

    return ask


def _questions() -> dict[str, Callable[[Library, int], list[float]]]:
    words = _word_list()
    rare, seldom, middling = words[50_000], words[5_000], words[500]
    return {
        "de": _page(Wanted("de")),
        "de, page 5": _page(Wanted("de"), 5),
        "de, by relevance": _page(Wanted("de", by_relevance=True)),
        "a rare word": _page(Wanted(rare)),
        "“de la”": _page(Wanted("“de la”")),
        "de la": _page(Wanted("de la")),
        "de la, by relevance": _page(Wanted("de la", by_relevance=True)),
        "two seldom words": _page(Wanted(f"{seldom} {words[5_001]}")),
        "ten words": _page(Wanted(" ".join(words[:10]))),
        "con, begun": _page(Wanted("con")),
        "a speaker: a middling word": _speaker_and(f"{middling} "),
        "a title": _page(Wanted("épisode 77")),
        "looking up one episode": _entry,
    }


if __name__ == "__main__":
    main()
