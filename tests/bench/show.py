"""How soon the words of a large show are found on its page, and what the index costs.

Usage: python -m tests.bench.show [--hours 100] [--times 5]

Plants a show of episodes of 40 minutes and 6,700 words: each word follows the last one as it does in the texts, but for
every fifth, which is one of 60,000 others, as often as its rank has it (Zipf). Prints what making the index takes, in a
process of its own, and how large it is; then of each query how many files of the index it asks for and their bytes, and
in milliseconds, median and maximum, how long after the last key its hits are seen: in a browser that has nothing of the
page yet, from this machine's server, as it is and with its processor slowed to a quarter. In all figures are the 0.25 s
that the page waits for more to be typed.
"""

import argparse
import gzip
import itertools
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import unquote

from playwright.sync_api import Browser, sync_playwright

from aligner.model import EpisodeDetails, Span
from aligner.normalization import fold
from aligner.storage.alignment_json import read_alignment, to_text
from tests.paths import CHROMIUM, ROOT, SAMPLE, SHARED
from tests.web.page.planted import planted
from tests.web.site.hosting import hosting
from tests.web.site.searching import digest_of, lay_published
from web.site.manifest import ShowEpisode, newest_first
from web.site.search_index import search_files
from web.site.show_page import show_contents

_TEXTS = (
    ROOT / "tests" / "bench" / "texts" / "fr.txt",
    SAMPLE / "transcript.txt",
    SHARED / "bench" / "dev" / "transcript.txt",
)
_WORDS, _SECONDS = 6700, 2400.0  # of an episode
_OTHERS, _SHARE = 60_000, 0.2
_HOSTS = "Ana Morel", "Luc Petit"
_MEASURE = """query => new Promise((found) => {
    const input = document.getElementById("query"), section = document.getElementById("found");
    let last = 0;
    input.addEventListener("input", () => { last = performance.now(); });
    new MutationObserver(() => {
        if (!last || section.hidden || section.hasAttribute("aria-busy")) return;
        requestAnimationFrame(() => setTimeout(() => found(performance.now() - last)));
    }).observe(section, { attributes: true });
    input.focus();
    input.value = query;
    input.dispatchEvent(new Event("input"));
})"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hours", type=float, default=100)
    parser.add_argument("--times", type=int, default=5, help="how often each query is asked")
    parser.add_argument("--index", type=Path, help=argparse.SUPPRESS)  # the child that makes it
    arguments = parser.parse_args()
    if arguments.index:
        _make(arguments.index)
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        texts = [path.read_text(encoding="utf-8") for path in _TEXTS if path.is_file()]
        said = _plant(folder, texts, round(arguments.hours * 3600 / _SECONDS))
        print(f"{arguments.hours:g} hours, {said.total():,} words, {len(said):,} of them different")
        subprocess.run([sys.executable, "-m", "tests.bench.show", "--index", folder], check=True)
        _tell_sizes(folder)
        with sync_playwright() as playwright, hosting(folder) as server:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            for what, query in _queries(said).items():
                _tell(browser, folder, server, f"{what} ({query})", query, arguments.times)


def _plant(folder: Path, texts: Sequence[str], episodes: int) -> Counter[str]:
    """Lay the alignments of a show; returns how often each word is said, folded."""
    rng, said = random.Random(7), Counter[str]()
    words = [word for text in texts for word in text.split()]
    talk = _talk(words, rng)
    for number in range(episodes):
        turns = (" ".join(itertools.islice(talk, 50)) for _ in range(_WORDS // 50))
        speakers = [*_HOSTS, f"{words[number].strip(',.').title()} Martin"]
        alignment = planted(*((rng.choice(speakers), turn) for turn in turns))
        said.update(part for timed in alignment.words for part in fold(timed.word.text, " ").split())
        pace = _SECONDS / len(alignment.words)
        starts = [k * pace for k in range(len(alignment.words))]
        spans = [Span(round(at, 3), round(at + 0.8 * pace, 3)) for at in starts]
        timed = tuple(replace(word, span=span) for word, span in zip(alignment.words, spans, strict=True))
        day = (date(2020, 1, 3) + timedelta(weeks=number)).isoformat()
        details = EpisodeDetails(f"{number}. {' '.join(words[number : number + 5])}", "Le bac", day)
        content = to_text(replace(alignment, words=timed, episode=details, language="fr"))
        (folder / f"{number}.alignment.json").write_text(content, encoding="utf-8")
    return said


def _talk(words: Sequence[str], rng: random.Random) -> Iterator[str]:
    """Words without end, as in a text, and others among them."""
    following: dict[str, list[str]] = {}
    for word, following_word in itertools.pairwise([*words, words[0]]):
        following.setdefault(word, []).append(following_word)
    others = [_invented(words, rng) for _ in range(_OTHERS)]
    weights = list(itertools.accumulate(1 / (rank + 3) for rank in range(_OTHERS)))
    word = words[0]
    while True:
        yield rng.choices(others, cum_weights=weights)[0] if rng.random() < _SHARE else word
        word = rng.choice(following[word])


def _invented(words: Sequence[str], rng: random.Random) -> str:
    """The beginning of a word and the end of another."""
    first, second = rng.choices([word for word in words[:2000] if len(word) > 4], k=2)
    return first[: rng.randint(2, 4)] + second[-rng.randint(3, 6) :]


def _make(folder: Path) -> None:
    """Write the page and index of the alignments in a folder; print the cost of the index."""
    episodes = []
    for path in folder.glob("*.alignment.json"):
        name = path.name.partition(".")[0]
        alignment = read_alignment(path)
        episodes.append(ShowEpisode(name, digest_of(alignment, name), folder / "e" / name))
        lay_published(alignment, episodes[-1])
    began, started = time.perf_counter(), time.process_time()
    search_files(newest_first(episodes))
    took, worked = time.perf_counter() - began, time.process_time() - started
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"making the index: {took:.0f} s, {worked:.0f} s of one processor; at most {peak:.0f} MB of memory")
    for path, content in show_contents(episodes, None, None).written.items():
        (folder / path).parent.mkdir(exist_ok=True)
        (folder / path).write_bytes(content)


def _tell_sizes(folder: Path) -> None:
    for kind in ("search/index-*", "search/terms-*", "e/*/*.cast"):
        files = [path.read_bytes() for path in folder.glob(f"{kind}.json")]
        whole, packed = sum(map(len, files)), sum(len(gzip.compress(content)) for content in files)
        largest = max(map(len, files))
        print(f"{kind:14} {len(files):4} files, {whole:10,} bytes, compressed {packed:10,}, the largest {largest:8,}")


def _queries(said: Counter[str]) -> dict[str, str]:
    """Queries by what they are."""
    rare = next(word for word, times in said.items() if times == 1 and len(word) > 6)
    begun = Counter[str]()
    for word, times in said.items():
        begun[word[:3]] += times if len(word) > 3 else 0
    by_count = [word for word, _ in said.most_common(300) if len(word) > 4]
    return {
        "a rare word": rare,
        "the commonest": "de",
        "a phrase of common words": "“de la”",
        "the same, typed as words": "de la",
        "three words anywhere": " ".join(by_count[10:40:10]),
        "begun": begun.most_common(1)[0][0],
        "a host's name and a word": f"morel {by_count[5]}",
        "nothing": "zzyzx",
        "thirty words": " ".join(word for word, _ in said.most_common(40) if len(word) < 6),
    }


def _tell(browser: Browser, folder: Path, address: str, what: str, query: str, times: int) -> None:
    figures = []
    for slower in (1, 4):
        visits = [_visit(browser, address, query, slower) for _ in range(times)]
        took = [visit.took_ms for visit in visits]
        figures.append(f"processor / {slower}: {statistics.median(took):4.0f}, at most {max(took):4.0f}")
    last = visits[-1]
    sent = [(folder / name).read_bytes() for name in last.files]
    size, packed = sum(map(len, sent)), sum(len(gzip.compress(content)) for content in sent)
    told = f"{len(sent)} files, {size:,} bytes, compressed {packed:,}"
    print(f"{what}: {last.told}; {told}; {'; '.join(figures)}", flush=True)


@dataclass(frozen=True, slots=True)
class _Visit:
    """The time of the first hits, the summary shown, and the files of the index that were requested."""

    took_ms: float
    told: str
    files: list[str]


def _visit(browser: Browser, address: str, query: str, slower: int) -> _Visit:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    context.new_cdp_session(page).send("Emulation.setCPUThrottlingRate", {"rate": slower})
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    took = page.evaluate(_MEASURE, query)
    told = page.inner_text("#found-title")
    page.wait_for_load_state("networkidle")
    context.close()
    names = (unquote(url).partition("?")[0].removeprefix(address) for url in asked)
    return _Visit(took, told, [name for name in names if name.endswith(".json")])


if __name__ == "__main__":
    main()
