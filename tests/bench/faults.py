"""Everything that goes wrong while an archive is made: with a real scheduler, real workers, and many short episodes.

    python -m tests.bench.faults [FOLDER] [--episodes N] [--kills N] [--seed N]

FOLDER holds an episode's sound and its truth.json; the sample is the default. Slices of it become a library, which is
made once without faults by two workers on this machine, then again by workers of a Dask scheduler while

- workers, and the nannies that start them, are killed with -9 at random, and started again as a system would do it;
- the scheduler is killed three times, the command itself once, and started again;
- the clock of scheduler and workers jumps by up to a day, forth and back, every 20 s (``time.time`` alone, by a
  sitecustomize: the system's own clock is everybody's);
- one worker more has no room on its disk (a limit of 2 kB to a file, which the system refuses as a full disk is);
- the library is moved away for some seconds and back, twice;
- some episodes lie there twice, and a second command is given at the same time;
- two sounds crash the process that opens them (it aborts itself, by that sitecustomize), and two cannot be used.

What must hold: every good episode is done, each of its files equal to that of the run without faults, byte by byte but
for what names times; nothing else is left; what crashes is set aside after three; a run after that has nothing to do.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import textwrap
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.bench.short_episodes import slices
from tests.places import ROOT, SAMPLE

SHIM = """
import os, random, sys, time
if any(word.endswith("poison.wav") for word in sys.orig_argv) and "web.archive.runs.child" in sys.orig_argv:
    os.abort()
_real = time.time
def _jumping():
    return _real() + random.Random(int(time.monotonic() / 20)).uniform(-86_400, 86_400)
time.time = _jumping
"""
_FALLS = "scheduler", "library", "command", "scheduler", "library", "scheduler"
_FULL_BYTES = 2_000  # of a file, on the worker without room
_LONGEST = 3 * 3600.0  # seconds
_TIMES = re.compile(r'"modified_ns": \d+')


@dataclass(slots=True)
class Seen:
    """What was done to a run, and what it said."""

    faults: Counter[str] = field(default_factory=Counter)
    said: list[str] = field(default_factory=list)


class Cluster:
    """A scheduler and workers, each of which is started again when it ends."""

    def __init__(self, scratch: Path, workers: int, seen: Seen) -> None:
        self._scratch, self._seen, self._over = scratch, seen, threading.Event()
        self.address = f"tcp://127.0.0.1:{_free_port()}"
        shim = scratch / "shim"
        shim.mkdir(parents=True)
        (shim / "sitecustomize.py").write_text(SHIM, encoding="utf-8")
        self._env = {**os.environ, "PYTHONPATH": f"{shim}{os.pathsep}{ROOT}", "QUOTECAST_CACHE": str(scratch / "cache")}
        self._slots: dict[str, subprocess.Popen[bytes]] = {}
        self._lives = Counter[str]()
        self._workers = [f"worker {k}" for k in range(workers)]
        self._thread = threading.Thread(target=self._keep, daemon=True)

    def __enter__(self) -> Cluster:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        for process in self._slots.values():
            _kill_tree(process)

    def kill(self, draw: random.Random) -> bool:
        """Kill a worker or its nanny, one that works if there is any; whether there was one."""
        found = [self._slots[name] for name in self._workers if name in self._slots]
        nannies = [psutil.Process(process.pid) for process in found if process.poll() is None]
        workers = [child for nanny in nannies for child in _children(nanny) if "spawn_main" in " ".join(_words(child))]
        busy = [
            worker for worker in workers if any("web.archive.runs.child" in _words(each) for each in _children(worker))
        ]
        if not busy:
            return False
        victim = draw.choice(busy)
        what = "workers killed"
        if draw.random() < 0.2:
            victim, what = victim.parent() or victim, "nannies killed, and their workers with them"
        with contextlib.suppress(psutil.Error):
            victim.kill()
            self._seen.faults[what] += 1
            return True
        return False

    def kill_scheduler(self) -> None:
        self._slots["scheduler"].kill()
        self._seen.faults["scheduler killed and started again"] += 1

    def _keep(self) -> None:
        while not self._over.wait(0.3):
            for name in ("scheduler", *self._workers, "full"):
                process = self._slots.get(name)
                if process and process.poll() is None:
                    continue
                if name == "full" and self._lives[name] >= 2:  # after that, as a person would see to it
                    continue
                self._lives[name] += 1
                self._slots[name] = self._start(name)

    def _start(self, name: str) -> subprocess.Popen[bytes]:
        port = self.address.rpartition(":")[2]
        if name == "scheduler":
            words = ["dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
        else:
            words = ["dask_worker", self.address, "--nworkers", "1", "--nthreads", "1", "--memory-limit", "2.4GB"]
            words += ["--no-dashboard", "--local-directory", str(self._scratch / "dask")]
        with (self._scratch / f"{name}.log").open("ab") as log:
            return subprocess.Popen(
                [sys.executable, "-m", f"distributed.cli.{words[0]}", *words[1:]],
                env=self._env,
                stdout=subprocess.DEVNULL,
                stderr=log,
                start_new_session=True,
                preexec_fn=_no_room if name == "full" else None,
            )


def make_library(root: Path, source: Path, count: int) -> None:
    """So many good episodes, one in twenty of them twice; and four bad ones."""
    for k, each in enumerate(slices(source, count)):
        each.write(root / f"episode {k:03d}")
        if k % 20 == 0:
            each.write(root / f"episode {k:03d} again")
    for k, each in enumerate(slices(source, 2)):
        each.write(root / f"poison {k}")
        (root / f"poison {k}" / "talk.wav").rename(root / f"poison {k}" / "poison.wav")
        each.write(root / f"bad {k}")
    (root / "bad 0" / "talk.wav").write_bytes(b"no sound at all" * 1000)
    (root / "bad 1" / "talk.txt").write_bytes(bytes(range(256)))


def command(root: Path, *options: str) -> list[str]:
    return [sys.executable, "-m", "aligner", "archive", "run", str(root), "--progress", "none", *options]


def run_plainly(root: Path, cache: Path, workers: int = 2) -> str:
    """A run by so many workers on this machine; what it said."""
    env = {**os.environ, "QUOTECAST_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
    return subprocess.run(
        command(root, "--workers", str(workers)), env=env, capture_output=True, text=True, timeout=_LONGEST
    ).stdout


def run_with_faults(root: Path, scratch: Path, kills: int, draw: random.Random, seen: Seen) -> None:
    """The same by workers of a scheduler, with all that can go wrong."""
    env = {**os.environ, "QUOTECAST_CACHE": str(scratch / "driver cache"), "PYTHONPATH": str(ROOT)}
    episodes = sum(1 for each in root.iterdir() if not each.name.startswith("."))
    with Cluster(scratch, 2, seen) as cluster:
        words = command(root, "--scheduler", cluster.address)
        going = _begin(words, env)
        while not (root / ".quotecast" / "archive" / "results.jsonl").exists():  # it is at work
            time.sleep(0.1)
        second = subprocess.run(words, env=env, capture_output=True, text=True, timeout=60)
        seen.faults["second commands, refused"] += "another run is at work" in second.stderr
        to_come = dict(zip((0.2, 0.35, 0.5, 0.6, 0.7, 0.85), _FALLS, strict=True))  # at which shares of the work
        began, next_kill, killed = time.monotonic(), 0.0, 0
        while going.poll() is None and time.monotonic() - began < _LONGEST:
            time.sleep(0.2)
            share = _done(root) / (2 * episodes)
            now = time.monotonic() - began
            if killed < kills and now >= next_kill and cluster.kill(draw):
                killed += 1
                # As many as there are to be, spread over what is left.
                next_kill = now + draw.uniform(0.5, 1.5) * max(
                    2.0, (1.0 - share) * now / max(share, 0.02) / (kills - killed + 1)
                )
            for at in [at for at in to_come if share >= at]:
                match to_come.pop(at):
                    case "scheduler":
                        cluster.kill_scheduler()
                    case "library":
                        _away(root, draw.uniform(4.0, 8.0))
                        seen.faults["library away for some seconds"] += 1
                    case "command":
                        going.kill()
                        _said(going)
                        seen.faults["command killed and given again"] += 1
                        going = _begin(words, env)
        seen.said.append(_said(going))


def _begin(words: list[str], env: dict[str, str]) -> subprocess.Popen[str]:
    return subprocess.Popen(words, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def _said(process: subprocess.Popen[str]) -> str:
    said, _ = process.communicate(timeout=60)
    return said or ""


def _away(root: Path, seconds: float) -> None:
    elsewhere = root.with_name("elsewhere")
    root.rename(elsewhere)
    time.sleep(seconds)
    assert not root.exists(), "somebody made the library anew while it was away"
    elsewhere.rename(root)


def _done(root: Path) -> int:
    """How many stages are over."""
    try:
        lines = (root / ".quotecast" / "archive" / "results.jsonl").read_text(encoding="utf-8").splitlines()
    except OSError:
        return 0
    found = set()
    for line in lines:
        with contextlib.suppress(ValueError):
            record = json.loads(line)
            found.add((record["episode"], record["stage"]))
    return len(found)


def made(root: Path) -> dict[str, bytes]:
    """Every file of every episode, without what names times."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root)
        if path.is_file() and name.parts[0] != ".quotecast":
            content = path.read_bytes()
            found[str(name)] = _TIMES.sub("", content.decode()).encode() if path.name == "prepared.json" else content
    return found


def differences(found: dict[str, bytes], expected: dict[str, bytes]) -> list[str]:
    """What of a run is not as in the run without faults."""
    return [
        *(f"missing: {name}" for name in sorted(expected.keys() - found.keys())),
        *(f"left over: {name}" for name in sorted(found.keys() - expected.keys())),
        *(f"different: {name}" for name in sorted(found.keys() & expected.keys()) if found[name] != expected[name]),
    ]


def _expected(reference: dict[str, bytes]) -> dict[str, bytes]:
    """What must lie there: of what is poison, which without the shim is a good episode, only what was given."""
    given = ("poison.wav", "talk.txt")
    return {name: held for name, held in reference.items() if not name.startswith("poison") or name.endswith(given)}


def bench(source: Path, episodes: int, kills: int, seed: int, scratch: Path) -> tuple[Seen, list[str]]:
    """Make the library twice; what happened, and what was wrong in the end."""
    seen, draw = Seen(), random.Random(seed)
    plain, faulty = scratch / "plain", scratch / "faulty"
    for root in (plain, faulty):
        make_library(root, source, episodes)
    began = time.monotonic()
    plainly = run_plainly(plain, scratch / "plain cache")
    seen.said.append(f"Without faults, {time.monotonic() - began:.0f} s:\n{textwrap.indent(plainly, '    ')}")
    began = time.monotonic()
    run_with_faults(faulty, scratch, kills, draw, seen)
    seen.said[-1] = f"With faults, {time.monotonic() - began:.0f} s:\n{textwrap.indent(seen.said[-1], '    ')}"
    wrong = differences(made(faulty), _expected(made(plain)))
    again = run_plainly(faulty, scratch / "plain cache")
    seen.said.append(f"Once more:\n{textwrap.indent(again, '    ')}")
    if "Stages    none was run" not in again:
        wrong.append("the run after that had something to do")
    for k in range(2):
        if f"Failed    poison {k}: align: set aside after 3 falls" not in again:
            wrong.append(f"poison {k} was not set aside after three falls")
        if f"Failed    bad {k}: " not in again:
            wrong.append(f"bad {k} is not told")
    if f"Episodes  {episodes + -(-episodes // 20)} done, 4 failed, 0 left" not in again:
        wrong.append("not every good episode is done")
    return seen, wrong


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--episodes", type=int, default=200)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        seen, wrong = bench(given.folder, given.episodes, given.kills, given.seed, Path(scratch))
        print(*seen.said, sep="\n")
        for fault, times in seen.faults.most_common():
            print(f"{times:5}  {fault}")
        print(f"{len(wrong):5}  wrong", *(f"       {each}" for each in wrong[:50]), sep="\n")
    sys.exit(bool(wrong))


def _no_room() -> None:
    resource.setrlimit(resource.RLIMIT_FSIZE, (_FULL_BYTES, _FULL_BYTES))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


def _children(process: psutil.Process) -> list[psutil.Process]:
    try:
        return process.children()
    except psutil.Error:
        return []


def _words(process: psutil.Process) -> list[str]:
    try:
        return process.cmdline()
    except psutil.Error:
        return []


def _kill_tree(process: subprocess.Popen[bytes]) -> None:
    with contextlib.suppress(psutil.Error):
        for each in [*psutil.Process(process.pid).children(recursive=True), psutil.Process(process.pid)]:
            with contextlib.suppress(psutil.Error):
                each.kill()
    process.wait()


if __name__ == "__main__":
    main()
