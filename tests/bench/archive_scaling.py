"""What an archive costs: beside plain commands for each episode, and with ten thousand episodes.

    python -m tests.bench.archive_scaling [FOLDER] [--overhead N] [--blocks N] [--episodes N]

FOLDER holds an episode's audio and its truth.json; the sample is the default. ``--overhead`` aligns N episodes of 6 s
twice on one core: by ``quotecast align``, one process after another, and by ``archive run --workers 1``. Both align
the same episodes in alternating blocks, so that other load on the machine affects both. ``--episodes`` plants a library
of N episodes and times ``archive status`` and ``archive add`` of one more in fresh processes. 0 leaves a part out.
"""

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from unittest.mock import patch

from aligner.recognition.asr import THREADS
from tests.bench.recordings import write_wave
from tests.bench.short_episodes import Slice, slices
from tests.paths import ROOT, SAMPLE
from web.archive.folders import state_of
from web.archive.records import ImportedEpisode, Origin
from web.archive.state import Archive, open_archive

_QUOTECAST = (sys.executable, "-m", "aligner")
_NAME = "Episode {:05d}".format
_AUDIO_BYTES = 2_000  # of a planted episode, whose audio nobody decodes
_MEASURE = """
import json, os, sys, time
began = time.monotonic()
child = os.posix_spawn(sys.executable, sys.argv[1:], os.environ)
_, status, used = os.wait4(child, 0)
measured = time.monotonic() - began, used.ru_utime + used.ru_stime, used.ru_maxrss, os.waitstatus_to_exitcode(status)
print(json.dumps(measured))
"""
"""Runs a command from a process that is small itself: the peak of a child is at least that of its parent."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds that something took, by the clock and of processors."""

    wall: float
    cpu: float


@dataclass(frozen=True, slots=True)
class Fresh:
    """What a command took in a process of its own, the peak of its memory with that of its largest child."""

    cost: Cost
    megabytes: float
    printed: str


def overhead(source: Path, episodes: int, blocks: int, scratch: Path) -> tuple[Cost, Cost]:
    """Align the same episodes by plain commands and by an archive's run; return what each cost."""
    env = {**os.environ, "PYTHONPATH": str(ROOT), THREADS: "1", "QUOTECAST_DATA": str(scratch / "data")}
    plain_env = {**env, "QUOTECAST_CACHE": str(scratch / "plain cache")}  # neither finds what the other listened to
    archive_env = {**env, "QUOTECAST_CACHE": str(scratch / "archive cache")}
    shows, library, plainly, archived = scratch / "shows", scratch / "library", list[Cost](), list[Cost]()
    each = list(slices(source, episodes))
    for number in range(blocks):
        folders = [scratch / "plain" / f"episode {k:04d}" for k in range(number, episodes, blocks)]
        for folder, one in zip(folders, each[number::blocks], strict=True):
            one.write(folder)
            one.write(shows / f"{number:03d}" / folder.name)
        _quietly(archive_env, "archive", "add", "--yes", str(shows / f"{number:03d}"), str(library))

        def align(folders: list[Path] = folders) -> None:
            for folder in folders:
                _quietly(plain_env, "align", "talk.wav", "talk.txt", "--progress", "none", cwd=folder)

        def run() -> None:
            _quietly(archive_env, "archive", "run", str(library), "--workers", "1", "--progress", "none")

        for costs, work in [(plainly, align), (archived, run)][:: -1 if number % 2 else 1]:
            costs.append(_cost_of(work))
    return _sum_of(plainly), _sum_of(archived)


def plant(source: Path, episodes: int, scratch: Path) -> None:
    """Make an archive of one episode by the commands, and copy it until there are so many, the audio cut short."""
    show, library, env = scratch / "show", scratch / "library", _planted_env(scratch)
    _write(next(iter(slices(source, 1))), show, 0)
    _quietly(env, "archive", "add", "--yes", str(show), str(library))
    _quietly(env, "archive", "run", str(library), "--progress", "none")
    with patch.dict(os.environ, env):
        archive = open_archive(library)
        for number in range(1, episodes):
            _copy(archive, show, number)


def _copy(archive: Archive, show: Path, number: int) -> None:
    old, new = _NAME(0), _NAME(number)
    first, folder = archive.root / old, archive.root / new
    held = {path.name.replace(old, new): path.read_bytes() for path in first.iterdir()}
    audio, text, words = f"{new}.wav", f"{new}.txt", f"{new}.alignment.json"
    changed = {audio: held[audio][:_AUDIO_BYTES] + str(number).encode(), text: held[text] + f"{number}\n".encode()}
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in changed.items()}
    for name, sha256 in hashes.items():
        held[words] = held[words].replace(hashlib.sha256(held[name]).hexdigest().encode(), sha256.encode())
    folder.mkdir()
    for name, content in {**held, **changed}.items():
        (folder / name).write_bytes(content.replace(old.encode(), new.encode()) if name.endswith(".json") else content)
    for name in (audio, text):
        os.link(folder / name, show / name)
    origin = {name: Origin(str(show / name), state_of(show / name), sha256) for name, sha256 in hashes.items()}
    archive.put_episode(ImportedEpisode(new, f"file:{hashes[audio]}", new, origin[audio], origin[text], seconds=6.0))


def commands_at_scale(source: Path, episodes: int, scratch: Path) -> Iterator[tuple[str, Fresh]]:
    """Plant an archive of so many episodes and time commands in it, each in a fresh process."""
    plant(source, episodes, scratch)
    show, library, env = scratch / "show", scratch / "library", _planted_env(scratch)
    status = ("archive", "status", str(library))
    yield "the first status, which reads every episode", fresh(env, *status)
    yield "status", fresh(env, *status)
    *_, new = slices(source, 2)
    _write(new, show, episodes)
    yield "add of one more", fresh(env, "archive", "add", "--yes", str(show), str(library))
    yield "status after that", fresh(env, *status)
    yield "update without anything new", fresh(env, "archive", "update", str(library))


def fresh(env: dict[str, str], *words: str) -> Fresh:
    """Run a command in a fresh process and measure it."""
    command = [sys.executable, "-c", _MEASURE, *_QUOTECAST, *words]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=True, stdin=subprocess.DEVNULL)
    *printed, measured = done.stdout.splitlines()
    wall, cpu, kilobytes, status = json.loads(measured)
    assert status == 0, done.stderr
    return Fresh(Cost(wall, cpu), kilobytes / 1000, "\n".join(printed))


def _planted_env(scratch: Path) -> dict[str, str]:
    folders = {"QUOTECAST_DATA": str(scratch / "data"), "QUOTECAST_CACHE": str(scratch / "cache")}
    return {**os.environ, "PYTHONPATH": str(ROOT), **folders}


def _write(one: Slice, folder: Path, number: int) -> None:
    folder.mkdir(exist_ok=True)
    write_wave(folder / f"{_NAME(number)}.wav", one.samples)
    (folder / f"{_NAME(number)}.txt").write_text(f"{one.text}\n", encoding="utf-8")


def _quietly(env: dict[str, str], *words: str, cwd: Path | None = None) -> None:
    subprocess.run([*_QUOTECAST, *words], env=env, cwd=cwd, check=True, capture_output=True, stdin=subprocess.DEVNULL)


def _cost_of(work: Callable[[], None]) -> Cost:
    before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    work()
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(time.monotonic() - began, cpu)


def _sum_of(costs: Sequence[Cost]) -> Cost:
    return Cost(sum(each.wall for each in costs), sum(each.cpu for each in costs))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--overhead", type=int, default=300)
    parser.add_argument("--blocks", type=int, default=10)
    parser.add_argument("--episodes", type=int, default=10_000)
    given = parser.parse_args()
    if given.overhead:
        with tempfile.TemporaryDirectory() as scratch:
            plainly, archived = overhead(given.folder, given.overhead, given.blocks, Path(scratch))
        print(f"{given.overhead} episodes of 6 s on one core, in {given.blocks} blocks:")
        for what, cost in ("plain commands", plainly), ("archive run", archived):
            print(f"  {what:14}: {cost.wall:7.1f} s, {cost.cpu:7.1f} s of a core")
        wall, cpu = archived.wall / plainly.wall, archived.cpu / plainly.cpu
        print(f"  the archive takes {wall:.3f} times as long, and {cpu:.3f} times as much of a core")
    if given.episodes:
        print(f"An archive of {given.episodes:,} episodes:")
        with tempfile.TemporaryDirectory() as scratch:
            for what, took in commands_at_scale(given.folder, given.episodes, Path(scratch)):
                print(
                    f"  {what}: {took.cost.wall:.2f} s, {took.cost.cpu:.2f} s of a core, {took.megabytes:.0f} MB",
                    flush=True,
                )


if __name__ == "__main__":
    main()
