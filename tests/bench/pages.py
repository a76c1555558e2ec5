"""How quickly a long page opens and follows the voice, and a large library is listed and searched.

Usage: python -m tests.bench.pages [--times 5]

Prints, in milliseconds, median and maximum: opening the page until every word can be walked to; what a frame spends on
the lit word while the sound goes on, of the 16.7 that it has; the answer to a page while ten tabs hold streams of
events and half-read sounds; listing and searching a hundred hours of 10,000 words. The page has three hours and 30,000
words.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import shutil
import statistics
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.places import CHROMIUM
from tests.web.library.shelved import plant
from tests.web.long_episode import plant_long
from tests.web.search.asking import search
from tests.web.serving import serving
from tests.web.visiting import play_without_waiting
from web.app import create_app
from web.library import Library, page_of
from web.settings import Settings

_TABS = 10
_QUERIES = "mot500 énième", "énième mot900 mot3", "“énième mot12”", "énième", "énième mot"
_FRAMES = """() => {
    const sound = document.getElementById("sound"), took = [];
    for (let k = 0; k < 200; k++) {
        sound.currentTime = 9000 + k * 0.3;
        const began = performance.now();
        sound.dispatchEvent(new Event("timeupdate"));
        document.documentElement.getBoundingClientRect();
        took.push(performance.now() - began);
    }
    return took;
}"""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=5, help="how often the page is opened")
    times = parser.parse_args().times
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        root = Path(folder, "library")
        plant_long(root / "long")
        with serving(create_app(Settings(root))) as server:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
            page = browser.new_page()
            _tell("opening", (_opening_ms(page, f"{server}/episodes/long") for _ in range(times)))
            play_without_waiting(page, 9000)
            _tell("a frame", page.evaluate(_FRAMES))
            browser.close()
            _tell("answering beside tabs", _answers_ms(server.removeprefix("http://"), times))
        library = Library(Path(folder, "hours"))
        hour = plant(library.root / "hour 0", "A: " + " ".join(f"mot{k % 977} énième" for k in range(5000)) + "\n")
        search(library, "mot1")  # so that the copies bring their index
        for k in range(1, 100):
            shutil.copytree(hour, library.root / f"hour {k}")
        _tell("listing 100 hours", (_took_ms(lambda: page_of(library)) for _ in range(times)))
        for query in _QUERIES:
            _tell(f"searching {query}", (_took_ms(partial(search, library, query)) for _ in range(times)))


def _opening_ms(page: Page, address: str) -> float:
    def open_whole() -> None:
        page.goto(address, wait_until="domcontentloaded")
        page.wait_for_selector("#transcript .w[tabindex]")

    return _took_ms(open_whole)


def _answers_ms(host: str, times: int) -> list[float]:
    with contextlib.ExitStack() as tabs:
        for _ in range(_TABS):
            for path in ("/api/jobs/events", "/episodes/long/audio"):
                connection = tabs.enter_context(contextlib.closing(http.client.HTTPConnection(host, timeout=60)))
                connection.request("GET", path)
                connection.getresponse()  # its head is read, its body is not
        return [_took_ms(partial(_ask, host, path)) for path in ["/", "/episodes/long/peaks"] * times]


def _ask(host: str, path: str) -> None:
    with contextlib.closing(http.client.HTTPConnection(host, timeout=60)) as connection:
        connection.request("GET", path)
        connection.getresponse().read()


def _took_ms(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000


def _tell(what: str, took_ms: Iterable[float]) -> None:
    took = sorted(took_ms)
    print(f"{what:28} median {statistics.median(took):7.1f} ms   most {took[-1]:7.1f} ms")


if __name__ == "__main__":
    main()
