"""An episode's folder is renamed and moved about while jobs work in it and servers come and go:
``python -m tests.attack.moves [--seed N] [--count N]``.

Each job writes its number. What it wrote last is what was asked for last, whatever the folder was called meanwhile, and
another server does nothing again that was done; no record is left open, and none lies in another folder that has taken
the old name.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from tests.attack.changes import surroundings
from tests.attack.tally import Tally
from tests.web.jobs.acts import KINDS, Act
from tests.web.watching import record
from web.jobs import Job, Jobs
from web.jobs.job import JobState

_PATIENCE = 120.0  # seconds until a job that does not end is a failure
_STEPS = 8
_SAYS = "number.json"


class Round:
    """One episode in a library of its own."""

    def __init__(self, place: Path, number: int, chance: random.Random, tally: Tally) -> None:
        self._library, self._away = place / "library", place / "away"
        self._number, self._chance, self._tally = number, chance, tally
        self._folder = self._library / "episode"
        self._folder.mkdir(parents=True)
        self._strangers: list[Path] = []
        self._asked: list[str] = []
        self._jobs = self._served()

    def run(self) -> None:
        steps: list[Callable[[], object]] = [self._ask, self._ask, self._rename, self._rename, self._take_away]
        steps += [self._throw_away, self._serve_anew, self._wait]
        try:
            self._ask()
            for step in self._chance.choices(steps, k=_STEPS):
                step()
                self._tally.counts[step.__name__.strip("_").replace("_", " ")] += 1
            self._come_home()
            self._serve_anew()  # what was away when a server came is taken up by the next
            self._wait()
            self._look("")
            self._serve_anew()
            self._wait()
            self._look(" after another start")
        finally:
            self._jobs.close()

    def _served(self) -> Jobs:
        jobs = Jobs(self._library, kinds=KINDS)
        jobs.resume()
        return jobs

    def _ask(self) -> None:
        """Ask for a number in the place of the last, as an alignment is asked for again."""
        self._come_home()
        for job in self._jobs.of(self._folder):
            if job.is_open:
                self._jobs.cancel(job.id)
        number, seconds = str(len(self._asked)), f"{self._chance.choice([0, 0, 0.2, 0.5])}"
        work = Act(("write", _SAYS, number, seconds), (_SAYS,))
        self._asked.append(self._jobs.submit(self._folder, work).id)

    def _rename(self) -> None:
        """Rename the folder; now and then another takes its name."""
        old = self._folder
        self._move(self._library / f"episode {self._chance.randrange(10**9)}")
        if old.parent == self._library and self._chance.random() < 0.5:
            old.mkdir()
            self._strangers.append(old)

    def _take_away(self) -> None:
        self._away.mkdir(exist_ok=True)
        self._move(self._away / "episode")

    def _throw_away(self) -> None:
        (self._library / "trash").mkdir(exist_ok=True)
        self._move(self._library / "trash" / "by hand")

    def _come_home(self) -> None:
        if self._folder.parent != self._library:
            self._move(self._library / f"home {self._chance.randrange(10**9)}")

    def _move(self, place: Path) -> None:
        if place != self._folder:
            self._folder = self._folder.rename(place)

    def _serve_anew(self) -> None:
        self._jobs.close()
        self._jobs = self._served()

    def _wait(self) -> None:
        for job in self._jobs.all():
            self._jobs.wait(job.id, _PATIENCE)

    def _look(self, when: str) -> None:
        jobs = {job.id: job for job in self._jobs.of(self._folder)}
        done = [n for n, id in enumerate(self._asked) if self._state(jobs, id) is JobState.DONE]
        found = {
            # One that was cancelled when it had just written may have left a newer number.
            "number that is older": (min([int(self._text(_SAYS) or -1), *done[-1:]]), *(done[-1:] or [-1])),
            "jobs left open": ([id for id in jobs if record(self._folder, jobs[id])["state"] in _OPEN], []),
            "strangers' records": ([path.name for path in self._strangers if any(path.iterdir())], []),
        }
        if when:
            found["runs"] = (self._text("runs"), self._runs)
        else:
            self._runs = self._text("runs")
            self._tally.counts[f"last asked for: {self._state(jobs, self._asked[-1])}"] += 1
        for what, (is_so, expected) in found.items():
            if is_so != expected:
                self._tally.failures.append(f"round {self._number}{when}: {what}: {is_so!r}, not {expected!r}")

    def _text(self, name: str) -> str:
        path = self._folder / name
        return path.read_text(encoding="utf-8") if path.exists() else ""

    def _state(self, jobs: dict[str, Job], id: str) -> JobState | None:
        return jobs[id].state if id in jobs else None


_OPEN = ("waiting", "running")


def attack(seed: int, count: int) -> Tally:
    """``count`` rounds."""
    chance, tally = random.Random(seed), Tally()
    for number in range(1, count + 1):
        with tempfile.TemporaryDirectory() as place, surroundings(Path(place)):
            Round(Path(place), number, chance, tally).run()
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=100)
    given = parser.parse_args()
    tally = attack(given.seed, given.count)
    return tally.told(f"{given.count} rounds, seed {given.seed}")


if __name__ == "__main__":
    sys.exit(main())
