"""How the run of an archive grows with its workers: what one and two do, what a scheduler bears, what many would take.

    python -m tests.bench.archive_scaling [FOLDER] [--episodes N] [--seconds S] [--rounds N] [--simulated N]

FOLDER holds an episode's sound and its truth.json; slices of it are made an archive by one and by two workers in turns.
The same is done by the commands alone, without a scheduler, one after another and two at once: more than these gain no
workers can. What of a machine others take falls on all, but not to equal parts. Then as many workers as are asked for
only sleep: how many stages a second the scheduler and the command get through. From all that follows what 10,000 hours
take.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aligner.recognition.pieces import THREADS
from tests.bench.faults import run_plainly
from tests.bench.short_episodes import slices
from tests.places import ROOT, SAMPLE
from web.archive.runs.outcome import Outcome, Stage, State, Task
from web.archive.runs.workers import SchedulerLostError, Workers
from web.jobs.kinds import Prepare

_HOURS = 10_000
_STAGES = 2  # of an episode, of which one is most of the work
_MB_PER_HOUR = 58.0  # of sound at 128 kbit/s, which each stage reads
_NETWORK_MB = 110.0  # a second, of a link of 1 Gbit/s
_FEED_MB = 10.0  # a second, that a feed's host may give: an assumption
_PRICE = 0.04  # of an hour of a core, in euros: an assumption


def nap(task: Task, _memory_bytes: int) -> Outcome:
    """A stage that sleeps for as many seconds as its key says."""
    time.sleep(float(task.key.partition(" ")[0]))
    return Outcome(episode=task.episode, stage=task.stage, key=task.key, state=State.DONE)


def real(source: Path, episodes: int, seconds: float, rounds: int) -> tuple[float, float]:
    """Print what one and two workers take, beside plain commands by one and two at once, which is what the machine and
    the encoder allow; seconds of a core that one worker takes for an hour of sound, and how much faster two are."""
    took: dict[tuple[str, int], list[float]] = {(what, count): [] for what in ("worker", "command") for count in (1, 2)}
    work = []
    for _ in range(rounds):
        for (what, count), each in took.items():
            with tempfile.TemporaryDirectory() as scratch:
                root = Path(scratch, "library")
                for k, one in enumerate(slices(source, episodes, seconds)):
                    one.write(root / f"episode {k:03d}")
                before, began = _core_seconds(), time.monotonic()
                if what == "worker":
                    run_plainly(root, Path(scratch, "cache"), count)
                else:
                    _commands(root, Path(scratch, "cache"), count)
                each.append(time.monotonic() - began)
                if (what, count) == ("worker", 1):
                    work.append(_core_seconds() - before)
    hours = episodes * seconds / 3600
    median = {key: statistics.median(each) for key, each in took.items()}
    of_core = statistics.median(work) / hours
    print(f"{episodes} episodes of {seconds:.0f} s, {rounds} rounds, on {os.cpu_count()} cores, medians:")
    for (what, count), each in median.items():
        told = f"{count} {what}{'s' * (count > 1)}"
        print(f"  {told:10}: {each:6.1f} s, {hours / each * 3600:5.1f} h of sound an hour")
    gain, allowed = (median[what, 1] / median[what, 2] for what in ("worker", "command"))
    print(f"  two workers are {gain:.2f} times as fast as one, two commands at once {allowed:.2f} times")
    print(f"  {of_core:.0f} s of a core for an hour of sound, where the other core is idle")
    return of_core, gain


def _commands(root: Path, cache: Path, at_once: int) -> None:
    """Do what a worker does to each episode by the commands alone, so many of them at once, on one thread each."""
    env = {**os.environ, "QUOTECAST_CACHE": str(cache), "PYTHONPATH": str(ROOT), THREADS: "1"}

    def do(folder: Path) -> None:
        align = [sys.executable, "-m", "aligner", "align", "talk.wav", "talk.txt", "--progress", "none"]
        for words in (align, [sys.executable, "-m", *Prepare("talk.wav").command()]):
            subprocess.run(words, cwd=folder, env=env, check=True, capture_output=True)

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(do, sorted(root.iterdir())))


_SLEEPERS = """
import sys
import dask
from distributed import LocalCluster
dask.config.set({"distributed.admin.system-monitor.interval": "60s", "distributed.worker.profile.enabled": False})
if __name__ == "__main__":
    where = {"dashboard_address": "127.0.0.1:0", "worker_dashboard_address": "127.0.0.1:0", "host": "127.0.0.1"}
    with LocalCluster(n_workers=int(sys.argv[1]), threads_per_worker=1, processes=False, protocol="tcp", **where) as it:
        print(it.scheduler_address, flush=True)
        sys.stdin.read()
"""


@contextlib.contextmanager
def sleepers(count: int) -> Iterator[str]:
    """The address of a scheduler with so many workers, all in one process."""
    process = subprocess.Popen(
        [sys.executable, "-c", _SLEEPERS, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.kill()
        process.wait()


def simulated(workers: int, seconds: float, stages: int) -> float:
    """Print how many stages a second are done by ``workers`` that only sleep; that many."""
    lost = 0
    with sleepers(workers) as address, Workers(address, do=nap) as hands:
        left = [Task("/", f"episode {k}", Stage.ALIGN, f"{seconds} {k}") for k in range(stages)]
        began, heard = time.monotonic(), 0
        while heard < stages:
            try:
                while left and hands.room > 0:
                    hands.give(left[-1], 0, 0)
                    left.pop()
                heard += len(hands.heard())
            except SchedulerLostError:
                lost += 1
                left += hands.taken_back()
                hands.connect()
            time.sleep(0.05)
        pace = stages / (time.monotonic() - began)
    ideal = workers / seconds if seconds else float("inf")
    told = f"{pace / ideal:.0%} of what {workers} could do" if seconds else "as many as there can be"
    told += f"; the scheduler was lost {lost} times" if lost else ""
    print(f"  stages of {seconds:4.1f} s by {workers} workers: {pace:6.1f} a second, {told}")
    return pace


def on_paper(of_core: float, gain: float, most: float) -> None:
    """Print what 10,000 hours take on machines of several sizes, and what bears no more."""
    a_core = of_core / (gain / 2)
    print(f"{_HOURS:,} hours of sound, at {a_core:.0f} s of a core for an hour, {_PRICE} EUR for an hour of a core:")
    print(f"  {'cores':>6}  {'takes':>10}  {'costs':>8}")
    for machines, cores in ((1, 4), (1, 16), (1, 64), (4, 16), (10, 16), (10, 64), (40, 64)):
        hours = _HOURS * a_core / 3600 / (machines * cores)
        print(f"  {machines:>3} x {cores:<3} {hours:>9.1f} h  {_HOURS * a_core / 3600 * _PRICE:>6.0f} EUR")
    by_scheduler = most * a_core / _STAGES
    by_network = _NETWORK_MB / (_STAGES * _MB_PER_HOUR / a_core)
    feed = _HOURS * _MB_PER_HOUR / _FEED_MB / 3600
    print(f"  it stops growing at {by_network:.0f} cores by a link of 1 Gbit/s to where the sound lies,")
    print(f"  at {by_scheduler:.0f} cores by the scheduler, with episodes of an hour;")
    print(f"  and before that a feed's host that gives {_FEED_MB:.0f} MB a second takes {feed:.0f} h to give all")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--episodes", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=100.0)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--simulated", type=int, default=100)
    given = parser.parse_args()
    of_core, gain = real(given.folder, given.episodes, given.seconds, given.rounds)
    print(f"{given.simulated} workers that only sleep, in one process with the scheduler:")
    simulated(given.simulated, 1.0, 20 * given.simulated)
    most = simulated(given.simulated, 0.0, 50 * given.simulated)
    on_paper(of_core, gain, most)


def _core_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
