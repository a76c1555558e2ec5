"""Loads a server with listeners, with many requests at once and with slow clients of every kind, while a normal client
goes on asking: how long that waits, and what the server takes.

    python -m tests.attack.load [--seed N] [--count N] [--seconds N] [--short]

The server is ``quotecast serve`` in a process of its own, with a password; all clients but the guessers come from the
address of the normal one, which is the hardest for it. A request of the normal client that is not answered as it
should be has failed; in the long form so has a median of 50 ms or more while slow clients hold, and a server that does
not come back to what it took before.
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import itertools
import os
import re
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

import psutil

from tests.attack.slow_clients import Crowd, kinds
from tests.web.planting import plant_sample

EPISODE, PASSWORD = "roue-libre", "roue libre"
LONGEST_MEDIAN_MS = 50.0
LISTENERS, AT_ONCE, GUESSERS = 50, 200, 16
_CLIPS, _CLIP_BYTES = 4, 3_000_000
_SETTLES = 90  # seconds in which a server has come back to what it took
_SPARE_FILES = 20


@dataclass(slots=True)
class Asked:
    """What the normal client asked: how long each answer took, in milliseconds, and what went wrong how often."""

    took_ms: list[float] = field(default_factory=list)
    failures: Counter[str] = field(default_factory=Counter)


class Client:
    """A client that has given the password, or gives it."""

    def __init__(self, port: int, source: str = "127.0.0.1") -> None:
        self._port, self._source = port, source
        self.cookie, self.token = "", ""

    def ask(self, method: str, path: str, body: str | None = None, **headers: str) -> tuple[int, bytes]:
        """The status and body of an answer, over a connection of its own."""
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60, source_address=(self._source, 0))
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Cookie": self.cookie, **headers})
            answer = connection.getresponse()
            if given := answer.getheader("Set-Cookie"):
                self.cookie = given.partition(";")[0]
            return answer.status, answer.read()

    def enter(self, password: str = PASSWORD) -> int:
        """Log in; the status of the answer."""
        self.cookie = ""
        _, page = self.ask("GET", "/login")
        self.token = re.findall(rb'name="csrf" value="([^"]+)"', page)[0].decode()
        form = {"Content-Type": "application/x-www-form-urlencoded"}
        status = self.ask("POST", "/login", urlencode({"csrf": self.token, "password": password}), **form)[0]
        if status == 302:
            self.token = re.findall(rb'name="csrf" content="([^"]+)"', self.ask("GET", "/")[1])[0].decode()
        return status


class Server:
    """``quotecast serve`` over ``library``."""

    def __init__(self, library: Path) -> None:
        command = [sys.executable, "-m", "aligner", "serve", str(library), "--port", "0", "--no-browser"]
        environment = {**os.environ, "QUOTECAST_PASSWORD": PASSWORD}
        self._process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, text=True)
        assert self._process.stdout is not None
        said = itertools.takewhile(bool, iter(self._process.stdout.readline, None))
        self.port = next(int(found[1]) for line in said if (found := re.search(r"127\.0\.0\.1:(\d+)/", line)))
        self._seen = psutil.Process(self._process.pid)

    def takes(self) -> tuple[float, int, int]:
        """Its memory in megabytes, its threads, its open files."""
        return self._seen.memory_info().rss / 1e6, self._seen.num_threads(), self._seen.num_fds()

    def close(self) -> None:
        self._process.terminate()
        self._process.communicate(timeout=120)


def asking(port: int, enough: threading.Event, asked: Asked) -> None:
    """Ask as a reader does, one request after the other, each kind at least once."""
    client = Client(port)
    part = {"Range": "bytes=0-99999"}
    rounds: list[tuple[str, Callable[[], int], int]] = [
        ("page", lambda: client.ask("GET", f"/episodes/{EPISODE}")[0], 200),
        ("static", lambda: client.ask("GET", "/static/style/base.css")[0], 200),
        ("sound", lambda: client.ask("GET", f"/episodes/{EPISODE}/audio", **part)[0], 206),
        ("library", lambda: client.ask("GET", "/")[0], 200),
    ]
    client.enter()
    for number in itertools.count():
        for name, act, expected in [("login", client.enter, 302), *rounds] if number % 5 == 0 else rounds:
            if number and enough.is_set():
                return
            began = time.perf_counter()
            try:
                status = act()
            except (OSError, http.client.HTTPException) as error:
                asked.failures[f"{name}: {type(error).__name__}"] += 1
                continue
            asked.took_ms.append((time.perf_counter() - began) * 1000)
            if status != expected:
                asked.failures[f"{name}: {status}"] += 1


@contextlib.contextmanager
def listeners(client: Client, count: int) -> Iterator[Counter[str]]:
    """Tabs that each listen to events and play a sound part by part."""
    enough, failures = threading.Event(), Counter[str]()

    def listen(number: int) -> None:
        start = 0
        while not enough.wait(0.5):
            headers = {"Range": f"bytes={start}-"}
            for path, told, expected in (("/api/jobs/events", {}, 200), (f"/episodes/{EPISODE}/audio", headers, 206)):
                status = client.ask("GET", path, **told)[0]
                failures[f"listener: {status}"] += status != expected
            start = (start + 100_000 * (number % 7 + 1)) % 1_000_000

    with ThreadPoolExecutor(count) as pool:
        done = [pool.submit(listen, number) for number in range(count)]
        yield failures
        enough.set()
        for each in done:
            each.result()


@contextlib.contextmanager
def at_once(client: Client, count: int) -> Iterator[Counter[str]]:
    """As many requests at once as there are, again and again."""
    enough, failures = threading.Event(), Counter[str]()
    paths = itertools.cycle(["/", f"/episodes/{EPISODE}", "/static/style/base.css", f"/api/episodes/{EPISODE}/cues"])

    def ask(path: str) -> None:
        while True:
            status = client.ask("GET", path)[0]
            failures[f"at once: {status}"] += status != 200
            if enough.is_set():
                return

    with ThreadPoolExecutor(count) as pool:
        done = [pool.submit(ask, path) for path in itertools.islice(paths, count)]
        yield failures
        enough.set()
        for each in done:
            each.result()


@contextlib.contextmanager
def guessers(port: int, count: int) -> Iterator[Counter[str]]:
    """Guess passwords from another address; the answers, by their status."""
    enough, told = threading.Event(), Counter[str]()

    def guess(number: int) -> None:
        client = Client(port, "127.0.0.2" if sys.platform == "linux" else "127.0.0.1")
        while not enough.wait(0.05):
            status = client.enter(f"guess {number}")
            told[f"guess: {status}"] += status not in (403, 429)

    with ThreadPoolExecutor(count) as pool:
        done = [pool.submit(guess, number) for number in range(count)]
        yield told
        enough.set()
        for each in done:
            each.result()


def measure(server: Server, name: str, seconds: float, crowd: contextlib.AbstractContextManager[object]) -> Asked:
    """What the normal client was told while ``crowd`` was there; a line of the table."""
    asked, enough = Asked(), threading.Event()
    with crowd as others:
        time.sleep(min(seconds / 4, 3))  # until all of them are there
        asker = threading.Thread(target=asking, args=(server.port, enough, asked))
        asker.start()
        time.sleep(seconds)
        taken = server.takes()
        enough.set()
        asker.join()
    if isinstance(others, Counter):
        asked.failures += others
    percentiles = statistics.quantiles(asked.took_ms, n=20) if len(asked.took_ms) > 1 else [float("nan")] * 19
    figures = f"{len(asked.took_ms):8} {asked.failures.total():8} {percentiles[9]:9.1f} {percentiles[18]:9.1f}"
    print(f"{name:16} {figures} {taken[0]:7.0f} {taken[1]:7} {taken[2]:6}", flush=True)
    for failure, times in asked.failures.items():
        print(f"    {times} x {failure}")
    return asked


def settled(server: Server, files: int) -> bool:
    """Whether the server comes back to the files that were open before."""
    for _ in range(_SETTLES):
        if server.takes()[2] <= files + _SPARE_FILES:
            return True
        time.sleep(1)
    return False


def plant(library: Path) -> None:
    """A library with an episode, its clips, and sound enough that nobody's buffers hold it."""
    folder = plant_sample(library / EPISODE)
    audio = folder / "episode.mp3"
    audio.write_bytes(audio.read_bytes() * 10)
    (folder / "clips").mkdir()
    for number in range(_CLIPS):
        (folder / "clips" / f"clip {number}.mp3").write_bytes(os.urandom(_CLIP_BYTES))


def attack(library: Path, count: int, seconds: float, seed: int, judged: bool) -> int:
    """Print the table; how much failed."""
    plant(library)
    server = Server(library)
    try:
        client = Client(server.port)
        assert client.enter() == 302
        _, listed = client.ask("GET", f"/api/episodes/{EPISODE}/clips")
        clips = urlencode([("clip", each.decode()) for each in re.findall(rb'"id":\s*"(\w+)"', listed)])
        print(f"{'':16} {'requests':>8} {'failures':>8} {'median ms':>9} {'95 % ms':>9} {'MB':>7} threads  files")
        failed = measure(server, "calm", seconds, contextlib.nullcontext()).failures.total()
        files = server.takes()[2]
        share = count / 300
        others = [
            (f"{LISTENERS} listeners", listeners(client, max(2, int(LISTENERS * share)))),
            (f"{AT_ONCE} at once", at_once(client, max(2, int(AT_ONCE * share)))),
            (f"{GUESSERS} guessers", guessers(server.port, GUESSERS)),
        ]
        for name, crowd in others:
            failed += measure(server, name, seconds, crowd).failures.total()
        for kind in kinds(client.cookie, client.token, EPISODE, clips):
            asked = measure(server, kind.name, seconds, Crowd(kind, count, server.port, seed))
            too_late = judged and statistics.median(asked.took_ms) >= LONGEST_MEDIAN_MS
            failed += asked.failures.total() + too_late
        came_back = settled(server, files)
        memory, threads, left = server.takes()
        print(f"{'afterwards':16} {'':8} {'':8} {'':9} {'':9} {memory:7.0f} {threads:7} {left:6}")
        return failed + (judged and not came_back)
    finally:
        server.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--count", type=int, default=300, help="slow clients of each kind")
    parser.add_argument("--seconds", type=float, default=15.0, help="for each kind")
    parser.add_argument("--short", action="store_true", help="judge answers alone, not how long they took")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        failed = attack(Path(folder) / "library", given.count, given.seconds, given.seed, not given.short)
    print(f"{failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
