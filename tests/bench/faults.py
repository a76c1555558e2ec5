"""Kill an archive's commands at random moments, and compare what they made with what undisturbed ones make.

    python -m tests.bench.faults [FOLDER] [--episodes N] [--kills N] [--seed N]

FOLDER holds an episode's audio and its truth.json; slices of the sample are the default. They become a show in a source
folder and a feed. Two libraries are made of it, each by ``add``, ``run``, ``update --take`` after some files changed
and others are new, and ``run`` again. In one of them everything is killed with -9 at random moments: the commands, the
processes that align, in the last run Dask's scheduler, workers and nannies too. The same command is given again after
each kill; once it gets to its end, it begins again with the library as it was before, until as many kills are done.

After each step both libraries must be the same: all files, byte by byte but for what names times, what the database
remembers, and what ``status`` says. Nothing temporary may be left, and no process.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from unittest.mock import patch

import psutil

from media.temporary import is_temporary
from tests.bench.recordings import RATE, write_wave
from tests.bench.short_episodes import Slice, slices
from tests.places import ROOT, SAMPLE
from tests.web.archive.hosting import Host, hosting
from web.archive.records import Tracked
from web.archive.state import archive_at
from web.jobs.process import MARK as JOB

_MARK = "QUOTECAST_FAULTS"  # names the library for which a process works
_NANNIES = 2
_DASK_WORKER = "spawn_main"  # in its command line
_MOST_FALLS = 2  # of one command's tasks: the third fall of an episode is its failure
_ENDS_WITHIN = 20.0  # seconds after its parent, for a process that was left behind
_LONGEST = 1800.0  # seconds of one command
_FEED = (
    '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>'
    "<title>A Show</title><language>fr</language>{}</channel></rss>"
)
_TIMES = re.compile(rb'"modified_ns": \d+|\d{4}-\d\d-\d\d[ T]\d\d[-:]\d\d[-:]\d\d(\.\d+)?')


@dataclass(slots=True)
class Report:
    """What was killed how often, how often a command got to its end, and what is ``wrong``."""

    killed: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class FaultyShow:
    """A show in a source folder and a feed: of three episodes the first is in the folder, the second in the feed, the
    third has its audio in the feed and its transcript in the folder. A third of all come with ``change``."""

    def __init__(self, source: Path, count: int, folder: Path, host: Host) -> None:
        self._episodes = list(slices(source, count))
        self._first = range(max(1, 2 * count // 3))
        self.folder, self._host, self._items = folder, host, dict[int, str]()
        folder.mkdir()
        for number in self._first:
            self._publish(number, self._episodes[number])

    @property
    def feed(self) -> str:
        return f"{self._host.url}/feed.xml"

    def change(self) -> None:
        """Publish other transcripts of two episodes, other audio of two, and the new ones."""
        import numpy as np

        for number in self._first[:2]:
            old = self._episodes[number]
            self._publish(number, replace(old, text=old.text.rpartition(" ")[0]))
        for number in self._first[2:4]:
            old = self._episodes[number]
            self._publish(number, replace(old, samples=np.concatenate([np.zeros(RATE // 2, np.float32), old.samples])))
        for number in range(len(self._first), len(self._episodes)):
            self._publish(number, self._episodes[number])

    def _publish(self, number: int, episode: Slice) -> None:
        name, kind = f"Episode {number + 1:03d}", number % 3
        audio, text = self.folder / f"{name}.wav", f"{episode.text}\n"
        if kind != 1:
            (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")
        write_wave(audio, episode.samples)
        if kind:
            content = audio.read_bytes()
            audio.unlink()
            url = self._host.put(f"/{number + 1:03d}.wav", content)
            declared = self._host.put(f"/{number + 1:03d}.txt", text.encode())
            self._items[number] = (
                f"<item><title>{name}</title><guid>{number}</guid>"
                f"<pubDate>{format_datetime(datetime(2025, 1, 1, tzinfo=UTC) + timedelta(number))}</pubDate>"
                f'<enclosure url="{url}" type="audio/wav" length="{len(content)}"/>'
                + (f'<podcast:transcript url="{declared}" type="text/plain"/></item>' if kind == 1 else "</item>")
            )
        self._host.put("/feed.xml", _FEED.format("".join(self._items.values())).encode())


class Side:
    """A library with the folders of the user who makes it; ``save`` and ``restore`` put it back as it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.library, self.data = folder, folder / "library", folder / "data"
        self._temporary = folder / "tmp"
        self._temporary.mkdir(parents=True)
        own = {"QUOTECAST_DATA": self.data, "QUOTECAST_CACHE": folder / "cache", "TMPDIR": self._temporary}
        self.env = {**os.environ, "PYTHONPATH": str(ROOT), _MARK: str(folder), **{k: str(v) for k, v in own.items()}}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        with (self.folder / "log").open("ab") as log:
            command = [sys.executable, "-m", "aligner", "archive", *words]
            return subprocess.Popen(
                command, env=self.env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
            )

    def complete(self, *words: str) -> float:
        """Give a command that nothing disturbs; return how long it took."""
        began = time.monotonic()
        if status := self.start(*words).wait(_LONGEST):
            raise RuntimeError(f"archive {' '.join(words)} ended with status {status}:\n{self.last_said()}")
        return time.monotonic() - began

    def last_said(self) -> str:
        return "\n".join((self.folder / "log").read_text("utf-8", "replace").splitlines()[-20:])

    def save(self) -> None:
        self._copy(self.folder, self.folder / "saved")

    def restore(self) -> None:
        self._copy(self.folder / "saved", self.folder)

    def _copy(self, start: Path, end: Path) -> None:
        for name in ("library", "data"):
            shutil.rmtree(end / name, ignore_errors=True)
            if (start / name).exists():
                shutil.copytree(start / name, end / name)  # with times

    def facts(self) -> dict[str, object]:
        """Return all that must be as in the other library, under names for people."""
        listed = subprocess.run(
            [sys.executable, "-m", "aligner", "archive", "status", str(self.library)],
            env=self.env, capture_output=True, text=True, check=True,
        ).stdout  # fmt: skip
        found: dict[str, object] = {"status": listed.replace(str(self.folder), "")}
        for folder in (self.library, self.data):
            for path in sorted(folder.rglob("*")):
                name = _without_times(os.fsencode(path.relative_to(self.folder))).decode()
                is_database = path.suffix == ".sqlite"
                found[name] = _without_times(path.read_bytes()) if path.is_file() and not is_database else None
        with patch.dict(os.environ, self.env):
            archive = archive_at(self.library)
            assert archive
            found |= {f"episode {folder}": _lasting(each) for folder, each in archive.episodes().items()}
            found |= {f"result of {folder}": (each.key, each.error) for folder, each in archive.results().items()}
            found |= {f"change {each.folder} {each.kind}": each for each in archive.changes()}
            found |= {f"finding {each.kind} {each.key}": each for each in archive.findings()}
            found |= {f"source {each.place}": each for each in archive.sources()}
        return found

    def temporaries(self) -> list[str]:
        """List what is left in the system's folder for temporary files, of which this library has one to itself."""
        return [f"left over: tmp/{path.name}" for path in self._temporary.iterdir() if is_temporary(path.name)]

    def processes(self) -> list[psutil.Process]:
        """List the living processes that work for this library, but not those of Dask."""
        return [each for each in psutil.process_iter() if _environment(each).get(_MARK) == str(self.folder)]

    def wait_for_leftovers(self, cluster: Cluster | None = None) -> list[str]:
        """Wait until nothing works for the library any more; list and end what does not end by itself."""
        deadline = time.monotonic() + _ENDS_WITHIN
        while left := [*self.processes(), *(cluster.tasks() if cluster else ())]:
            if time.monotonic() > deadline:
                return [f"left running: {' '.join(_words(each))}" for each in left if _kill(each)]
            time.sleep(0.1)
        return []


class Cluster:
    """Dask's scheduler and workers with nannies, for one library, on ports of this machine."""

    def __init__(self, side: Side) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self._port = int(free.getsockname()[1])
        self.address = f"tcp://127.0.0.1:{self._port}"
        self._side = side
        self._mark = f"{side.folder} cluster"
        # Workers have no database of the user; what they would write there is seen beside it.
        self._env = {**side.env, _MARK: self._mark, "QUOTECAST_DATA": str(side.folder / "data" / "of workers")}
        self._running: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Cluster:
        self.keep_up()
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            _kill(psutil.Process(process.pid))
            process.wait()
        deadline = time.monotonic() + _ENDS_WITHIN
        while (left := self._processes()) and time.monotonic() < deadline:
            time.sleep(0.1)
        for each in left:
            _kill(each)

    def keep_up(self) -> None:
        """Start what has ended, as a system would."""
        here, local = ["--host", "127.0.0.1"], str(self._side.folder / "dask")
        worker = ["--nworkers", "1", "--nthreads", "1", "--no-dashboard", "--local-directory", local]
        wanted = {f"nanny {k}": ["dask_worker", self.address, *worker] for k in range(_NANNIES)}
        wanted["scheduler"] = ["dask_scheduler", *here, "--port", str(self._port), "--no-dashboard"]
        for name, (module, *options) in wanted.items():
            if name not in self._running or self._running[name].poll() is not None:
                with (self._side.folder / "cluster.log").open("ab") as log:
                    command = [sys.executable, "-m", f"distributed.cli.{module}", *options]
                    self._running[name] = subprocess.Popen(
                        command, env=self._env, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
                    )

    def tasks(self) -> list[psutil.Process]:
        return [each for each in self._processes() if JOB in _environment(each)]

    def victims(self) -> dict[str, list[psutil.Process]]:
        """List what may be killed, by its kind."""
        workers = [each for each in self._processes() if _DASK_WORKER in " ".join(_words(each))]
        of_dask = {name: psutil.Process(each.pid) for name, each in self._running.items()}
        nannies = [each for name, each in of_dask.items() if name != "scheduler"]
        return {"scheduler": [of_dask["scheduler"]], "worker": workers, "nanny": nannies}

    def _processes(self) -> list[psutil.Process]:
        return [each for each in psutil.process_iter() if _environment(each).get(_MARK) == self._mark]


@dataclass(slots=True)
class Disturbed:
    """A step of an archive's making that is disturbed: the command ``words``, which alone takes some ``seconds``."""

    report: Report
    draw: random.Random
    side: Side
    step: str
    words: Sequence[str]
    seconds: float
    expected: dict[str, object]
    cluster: Cluster | None = None

    def go(self, kills: int) -> None:
        """Kill so many times, and compare what is there whenever the command gets to its end, in the end as well."""
        self.side.save()
        while kills:
            kills -= self._once(kills)
        if self.cluster:
            self.cluster.keep_up()
        self.side.complete(*self.words)
        self._compare()

    def _once(self, kills: int) -> int:
        """Give the command, and kill at most so many times before its end; return how often."""
        process, began, done, falls = self.side.start(*self.words), time.monotonic(), 0, 0
        while done < kills and not self._has_ended(process, self.draw.uniform(0.1, 1.0) * self.seconds):
            victims = {"command": [psutil.Process(process.pid)]} | (self.cluster.victims() if self.cluster else {})
            if falls < _MOST_FALLS and self.words[0] == "run":
                every = self.cluster.tasks() if self.cluster else self.side.processes()
                victims["task"] = [each for each in every if JOB in _environment(each)]
            kind = self.draw.choice(sorted(kind for kind, each in victims.items() if each))
            if _kill(self.draw.choice(victims[kind])):
                self.report.killed[f"{kind} in {self.step}"] += 1
                done, falls = done + 1, falls + (kind == "task")
            if kind == "command":
                process.wait()
                return done
        status = self._status(process)
        if status == 0:
            self.seconds = time.monotonic() - began
            self._compare()
            self.side.restore()
        elif not self.cluster:
            self.report.wrong.append(f"{self.step}: ended with status {status}: {self.side.last_said()}")
        return done

    def _has_ended(self, process: subprocess.Popen[bytes], seconds: float) -> bool:
        """Wait for the end of the command, so long at most; return whether it came."""
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            if self.cluster:
                self.cluster.keep_up()
            time.sleep(0.02)
        return process.poll() is not None

    def _status(self, process: subprocess.Popen[bytes]) -> int:
        if not self._has_ended(process, _LONGEST):
            process.kill()
            raise RuntimeError(f"{self.step} does not end:\n{self.side.last_said()}")
        return process.wait()

    def _compare(self) -> None:
        self.report.ends[self.step] += 1
        wrong = [*self.side.wait_for_leftovers(self.cluster), *differences(self.side.facts(), self.expected)]
        self.report.wrong += [f"{self.step}: {each}" for each in wrong]


def differences(found: dict[str, object], expected: dict[str, object]) -> list[str]:
    """List what is not as it should be."""
    return [
        *(f"missing: {name}" for name in sorted(expected.keys() - found.keys())),
        *(f"left over: {name}" for name in sorted(found.keys() - expected.keys())),
        *(
            f"different: {name}" + ("" if isinstance(found[name], bytes) else f": {found[name]}, not {expected[name]}")
            for name in sorted(found.keys() & expected.keys())
            if found[name] != expected[name]
        ),
    ]


def bench(source: Path, episodes: int, kills: int, seed: int, scratch: Path) -> Report:
    """Make the two libraries, step by step."""
    report, draw = Report(), random.Random(seed)
    plain, disturbed = Side(scratch / "plain"), Side(scratch / "disturbed")
    with hosting() as host, contextlib.ExitStack() as stack:
        show = FaultyShow(source, episodes, scratch / "show", host)
        steps = {
            "add": ("add", "--yes", "--allow-private", str(show.folder), show.feed, "{}"),
            "run": ("run", "{}", "--workers", "2", "--progress", "none"),
            "update": ("update", "{}", "--take"),
            "run on a cluster": ("run", "{}", "--progress", "none"),
        }
        for number, (step, words) in enumerate(steps.items()):
            if step == "update":
                show.change()
            seconds = plain.complete(*(each.format(plain.library) for each in words))
            cluster = stack.enter_context(Cluster(disturbed)) if step == "run on a cluster" else None
            mine = [each.format(disturbed.library) for each in words]
            mine += ["--scheduler", cluster.address] if cluster else []
            it = Disturbed(report, draw, disturbed, step, mine, seconds, plain.facts(), cluster)
            it.go(kills * (number + 1) // len(steps) - kills * number // len(steps))
    report.wrong += [f"in the end: {each}" for each in (*disturbed.wait_for_leftovers(), *disturbed.temporaries())]
    return report


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--episodes", type=int, default=24)
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        report = bench(given.folder, given.episodes, given.kills, given.seed, Path(scratch))
    for what, times in sorted(report.killed.items()):
        print(f"{times:5}  {what} killed")
    for step, times in report.ends.items():
        print(f"{times:5}  {step} got to its end, and was compared")
    print(f"{len(report.wrong):5}  wrong", *(f"       {each}" for each in report.wrong[:50]), sep="\n")
    sys.exit(bool(report.wrong))


def _lasting(episode: Tracked) -> Tracked:
    """Return what is remembered of an episode, but not the state of a transcript on the web: that of its server is only
    asked for when the feed is read again."""
    text = episode.text
    return replace(episode, text=replace(text, state="")) if text and "://" in text.place else episode


def _without_times(content: bytes) -> bytes:
    return _TIMES.sub(b"TIME", content)


def _environment(process: psutil.Process) -> dict[str, str]:
    with contextlib.suppress(psutil.Error, OSError):
        return process.environ() if process.status() != psutil.STATUS_ZOMBIE else {}
    return {}


def _words(process: psutil.Process) -> list[str]:
    with contextlib.suppress(psutil.Error):
        return process.cmdline()
    return []


def _kill(process: psutil.Process) -> bool:
    """Kill a process; return whether it was there."""
    with contextlib.suppress(psutil.Error):
        process.kill()
        return True
    return False


if __name__ == "__main__":
    main()
