"""Kill an archive's commands at random moments, and compare what they made with what undisturbed ones make.

    python -m tests.bench.faults [FOLDER] [--episodes N] [--kills N] [--seed N]

FOLDER holds an episode's audio and its truth.json; the sample is the default. Slices of it become a show, partly in a
source folder, partly in a feed. Two libraries are made of it by ``add``, ``run``, ``update --take`` after some files
changed and others are new, and ``run`` again. In one of them all is killed with -9 at random moments: the commands, the
processes that align, and in the last run Dask's scheduler, workers and nannies. The same command is given after each
kill; once it gets to its end, the library is put back as it was, until there were as many kills as are wanted.

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
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from unittest.mock import patch

import numpy as np
import psutil

from media.safe_fs import VARIABLE as JOB
from media.temporary import is_temporary
from tests.bench.recordings import RATE, write_wave
from tests.bench.short_episodes import Slice, slices
from tests.paths import ROOT, SAMPLE
from tests.web.archive.hosting import Host, hosting
from web.archive.records import ImportedEpisode
from web.archive.state import archive_at

_MARK = "QUOTECAST_FAULTS"  # in the environment of all processes: for which library they work
_MOST_FALLS = 2  # of what aligns, in one run: the third fall of an episode is its failure
_ENDS_WITHIN = 20.0  # seconds after its parent, for a process that was left behind
_LONGEST = 1800.0  # seconds of one command
_TIMES = re.compile(rb'"modified_ns": \d+|\d{4}-\d\d-\d\d[ T]\d\d[-:]\d\d[-:]\d\d(\.\d+)?')
_FEED = (
    '<rss version="2.0" xmlns:podcast="https://podcastindex.org/namespace/1.0"><channel>'
    "<title>A Show</title><language>fr</language>{}</channel></rss>"
)


@dataclass(slots=True)
class Report:
    """What was killed how often, how often each step got to its end, and what is ``wrong``."""

    killed: Counter[str] = field(default_factory=Counter)
    ends: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)


class Show:
    """Of three episodes the first is in a source folder, the second in a feed; the third has its audio in the feed and
    its transcript in the folder. A third of all are published by ``change``."""

    def __init__(self, episodes: Sequence[Slice], folder: Path, host: Host) -> None:
        self._episodes, self.folder, self._host = episodes, folder, host
        self._items = dict[int, str]()
        self.feed = f"{host.url}/feed.xml"
        folder.mkdir()
        self._first = max(1, 2 * len(episodes) // 3)
        for number in range(self._first):
            self._publish(number, episodes[number])

    def change(self) -> None:
        """Publish other transcripts of two episodes, other audio of two, and the new ones."""
        silence = np.zeros(RATE // 2, np.float32)
        for number, old in enumerate(self._episodes):
            if number < 2:
                self._publish(number, replace(old, text=old.text.rpartition(" ")[0]))
            elif number < min(4, self._first):
                self._publish(number, replace(old, samples=np.concatenate([silence, old.samples])))
            elif number >= self._first:
                self._publish(number, old)

    def _publish(self, number: int, episode: Slice) -> None:
        name, text = f"Episode {number + 1:03d}", f"{episode.text}\n"
        audio, kind = self.folder / f"{name}.wav", number % 3
        write_wave(audio, episode.samples)
        if kind != 1:
            (self.folder / f"{name}.txt").write_text(text, encoding="utf-8")
        if kind:
            content = audio.read_bytes()
            audio.unlink()
            url = self._host.put(f"/{name[-3:]}.wav", content)
            transcript = self._host.put(f"/{name[-3:]}.txt", text.encode())
            declared = f'<podcast:transcript url="{transcript}" type="text/plain"/>' if kind == 1 else ""
            date = format_datetime(datetime(2025, 1, 1, tzinfo=UTC) + timedelta(number))
            self._items[number] = (
                f"<item><title>{name}</title><guid>{number}</guid><pubDate>{date}</pubDate>{declared}"
                f'<enclosure url="{url}" type="audio/wav" length="{len(content)}"/></item>'
            )
        self._host.put("/feed.xml", _FEED.format("".join(self._items.values())).encode())


class Side:
    """A library, and the folders of the user who makes it; ``save`` and ``restore`` put it back as it was."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.library, self.temporary = folder, folder / "library", folder / "tmp"
        self.temporary.mkdir(parents=True)
        own = {"DATA": folder / "data", "CACHE": folder / "cache", "FAULTS": folder}
        self.env = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(self.temporary)}
        self.env |= {f"QUOTECAST_{name}": str(path) for name, path in own.items()}

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        return _started(["aligner", "archive", *words], self.env, self.folder / "log")

    def complete(self, *words: str) -> float:
        """Give a command that nothing disturbs; return how long it took."""
        began = time.monotonic()
        if status := self.start(*words).wait(_LONGEST):
            raise RuntimeError(f"archive {' '.join(words)} ended with status {status}:\n{self.last_lines()}")
        return time.monotonic() - began

    def last_lines(self) -> str:
        return "\n".join((self.folder / "log").read_text("utf-8", "replace").splitlines()[-20:])

    def save(self) -> None:
        _replace_folders(self.folder, self.folder / "saved")

    def restore(self) -> None:
        _replace_folders(self.folder / "saved", self.folder)

    def facts(self) -> dict[str, object]:
        """Return all that must be the same in the other library, under names for people."""
        words = [sys.executable, "-m", "aligner", "archive", "status", str(self.library)]
        status = subprocess.run(words, env=self.env, capture_output=True, text=True, check=True).stdout
        found: dict[str, object] = {"status": status.replace(str(self.folder), "")}
        for path in [*self.library.rglob("*"), *(self.folder / "data").rglob("*")]:
            name = _without_times(os.fsencode(path.relative_to(self.folder))).decode()
            if path.name.endswith(".lock"):  # which says nothing
                continue
            is_compared = path.is_file() and path.suffix != ".sqlite"
            found[name] = _without_times(path.read_bytes()) if is_compared else None
        with patch.dict(os.environ, self.env):
            archive = archive_at(self.library)
            assert archive
            found |= {f"episode {folder}": _lasting(each) for folder, each in archive.episodes().items()}
            found |= {f"result of {folder}": (each.key, each.error) for folder, each in archive.results().items()}
            found |= {f"change {each.folder} {each.kind}": each for each in archive.changes()}
            found |= {f"finding {each.kind} {each.key}": each for each in archive.findings()}
            found |= {f"source {each.location}": each for each in archive.sources()}
        return found


class Cluster:
    """Dask's scheduler and two workers with nannies, for one library, on a port of this machine."""

    def __init__(self, side: Side) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = str(free.getsockname()[1])
        self.address, self._side, self.mark = f"tcp://127.0.0.1:{port}", side, f"{side.folder} cluster"
        self._running = dict[str, subprocess.Popen[bytes]]()
        options = ["--nworkers", "1", "--nthreads", "1", "--no-dashboard"]
        options += ["--local-directory", str(side.folder / "dask")]
        nanny = ["distributed.cli.dask_worker", self.address, *options]
        scheduler = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--port", port, "--no-dashboard"]
        self._wanted = {"scheduler": scheduler, "nanny 1": nanny, "nanny 2": nanny}

    def __enter__(self) -> Cluster:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._running.values():
            process.kill()
            process.wait()

    def keep_up(self) -> None:
        """Start what does not run, as an operating system would."""
        # Workers are other machines, each with a database of its own.
        env = {**self._side.env, _MARK: self.mark, "QUOTECAST_DATA": str(self._side.folder / "workers")}
        for name, words in self._wanted.items():
            if name not in self._running or self._running[name].poll() is not None:
                self._running[name] = _started(words, env, self._side.folder / "cluster.log")

    def victims(self) -> dict[str, list[psutil.Process]]:
        """List what may be killed, by its kind."""
        of_dask = {name: psutil.Process(each.pid) for name, each in self._running.items()}
        scheduler = of_dask.pop("scheduler")
        workers = [each for nanny in of_dask.values() for each in _children(nanny)]
        return {"scheduler": [scheduler], "nanny": [*of_dask.values()], "worker": workers}


@dataclass(slots=True)
class Disturbed:
    """A step that is disturbed: the command ``words``, which takes about so many ``seconds``, and what it must make."""

    report: Report
    draw: random.Random
    side: Side
    step: str
    words: Sequence[str]
    seconds: float
    expected: dict[str, object]
    cluster: Cluster | None

    def go(self, kills: int) -> None:
        """Kill so many times; compare what is there whenever the command gets to its end, and in the end."""
        self.side.save()
        while kills:
            kills -= self._once(kills)
        if self.cluster:
            self.cluster.keep_up()
        self.side.complete(*self.words)
        self._compare()

    def _once(self, kills: int) -> int:
        """Give the command, and kill at most so many times before its end; return how often."""
        process, began = self.side.start(*self.words), time.monotonic()
        done = falls = 0
        while done < kills and not self._has_ended(process, self.draw.uniform(0.1, 1.0) * self.seconds):
            victims = {"command": [psutil.Process(process.pid)], **(self.cluster.victims() if self.cluster else {})}
            if self.words[0] == "run" and falls < _MOST_FALLS:
                victims["task"] = self._tasks()
            kind = self.draw.choice(sorted(kind for kind, each in victims.items() if each))
            with contextlib.suppress(psutil.Error):  # it has just ended
                self.draw.choice(victims[kind]).kill()
                self.report.killed[f"{kind} in {self.step}"] += 1
                done, falls = done + 1, falls + (kind == "task")
            if kind == "command":
                process.wait()
                return done
        if not self._has_ended(process, _LONGEST):
            process.kill()
            raise RuntimeError(f"{self.step} does not end:\n{self.side.last_lines()}")
        if process.returncode == 0:
            self.seconds = time.monotonic() - began
            self._compare()
            self.side.restore()
        elif not self.cluster:  # a run that has lost its scheduler says so
            self.report.wrong.append(f"{self.step}: status {process.returncode}: {self.side.last_lines()}")
        return done

    def _has_ended(self, process: subprocess.Popen[bytes], seconds: float) -> bool:
        """Wait for the end of the command, so long at most; return whether it came."""
        deadline = time.monotonic() + seconds
        while process.poll() is None and time.monotonic() < deadline:
            if self.cluster:
                self.cluster.keep_up()
            time.sleep(0.02)
        return process.poll() is not None

    def _tasks(self) -> list[psutil.Process]:
        mark = self.cluster.mark if self.cluster else str(self.side.folder)
        return [each for each in _marked(mark) if JOB in _environment(each)]

    def _compare(self) -> None:
        self.report.ends[self.step] += 1
        wrong = _left_running(lambda: [*_marked(str(self.side.folder)), *self._tasks()])
        wrong += differences(self.side.facts(), self.expected)
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
    with hosting() as host, Cluster(disturbed) as cluster:
        show = Show(list(slices(source, episodes)), scratch / "show", host)
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
            mine = [each.format(disturbed.library) for each in words]
            its = cluster if step == "run on a cluster" else None
            mine += ["--scheduler", cluster.address] if its else []
            it = Disturbed(report, draw, disturbed, step, mine, seconds, plain.facts(), its)
            it.go(kills * (number + 1) // len(steps) - kills * number // len(steps))
    left = _left_running(lambda: [*_marked(str(disturbed.folder)), *_marked(cluster.mark)])
    left += [f"left over: tmp/{path.name}" for path in disturbed.temporary.iterdir() if is_temporary(path.name)]
    report.wrong += [f"in the end: {each}" for each in left]
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


def _started(words: Sequence[str], env: dict[str, str], log: Path) -> subprocess.Popen[bytes]:
    with log.open("ab") as file:
        return subprocess.Popen(
            [sys.executable, "-m", *words],
            env=env, stdin=subprocess.DEVNULL, stdout=file, stderr=file, start_new_session=True,
        )  # fmt: skip


def _replace_folders(source: Path, target: Path) -> None:
    for name in ("library", "data"):
        shutil.rmtree(target / name, ignore_errors=True)
        if (source / name).exists():
            shutil.copytree(source / name, target / name)  # with times


def _left_running(look: Callable[[], list[psutil.Process]]) -> list[str]:
    """Wait until no such process is left; list and kill what does not end by itself."""
    deadline = time.monotonic() + _ENDS_WITHIN
    while (left := look()) and time.monotonic() < deadline:
        time.sleep(0.1)
    found = list[str]()
    for process in left:
        with contextlib.suppress(psutil.Error):
            found.append(f"left running: {' '.join(process.cmdline())}")
            process.kill()
    return found


def _marked(mark: str) -> list[psutil.Process]:
    return [each for each in psutil.process_iter() if _environment(each).get(_MARK) == mark]


def _environment(process: psutil.Process) -> dict[str, str]:
    with contextlib.suppress(psutil.Error, OSError):
        return dict(process.environ()) if process.status() != psutil.STATUS_ZOMBIE else {}
    return {}


def _children(process: psutil.Process) -> list[psutil.Process]:
    with contextlib.suppress(psutil.Error):
        return [each for each in process.children() if "spawn_main" in " ".join(each.cmdline())]
    return []


def _lasting(episode: ImportedEpisode) -> ImportedEpisode:
    """Return what is remembered of an episode, but not the state of a transcript on the web: its server is only asked
    for it when the feed is read again."""
    text = episode.text
    return replace(episode, text=replace(text, state="")) if text and "://" in text.location else episode


def _without_times(content: bytes) -> bytes:
    return _TIMES.sub(b"TIME", content)


if __name__ == "__main__":
    main()
