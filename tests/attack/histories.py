"""Kills what corrects an episode, at every file-system step and at any moment, and looks at what its history has.

    python -m tests.attack.histories [--seed N] [--count N]

A person sets words right, takes that back and takes it again, and is told of each change when it is acknowledged, until
the process is killed; whoever opens the history next is sometimes killed at that, too. A failure is: a change that was
acknowledged and is not there, an alignment that is not what the history makes of nothing, captions of another state, or
a temporary file that is still there.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from aligner.outputs import caption_contents, captions_follow
from aligner.storage.file_names import history_path
from aligner.storage.history import open_history
from aligner.storage.undoing import redo, redoable, undo, undoable
from media.temporary import sweep
from tests.aligner.storage.corrected import check_whole, laid_out, set_right
from tests.attack.dying import NONE, Death, run
from tests.attack.kills import TEMPORARY, users_own

_WORDS = 16
_CHANGES = 5  # of a run that is not killed
_TOGETHER = 40  # kills after which an episode begins anew


def correct(path: Path, seed: int, acknowledged: int) -> None:
    """Change something a few times, and tell the descriptor ``acknowledged`` the id of each change that was taken."""
    chance = random.Random(seed)
    history = open_history(path)
    for _ in range(_CHANGES):
        back, again = undoable(history), redoable(history)
        act = chance.random()
        if act < 0.2 and back:
            history = undo(history, back, "Ada")
        elif act < 0.4 and again:
            history = redo(history, again, "Ada")
        else:
            history = set_right(history, chance.randrange(_WORDS), chance.choice((-0.001, 0.001)))
        os.write(acknowledged, b"%d %s\n" % (history.changes[-1].id, history.changes[-1].after_sha256.encode()))
        captions_follow(path)


def kill(path: Path, seed: int, death: Death) -> tuple[list[str], int]:
    """What was acknowledged until the death, and how many steps were taken."""
    reading, writing = os.pipe()
    with os.fdopen(reading) as told:
        end = run(lambda: correct(path, seed, writing), death)
        os.close(writing)
        if end.status not in (0, -signal.SIGKILL):
            raise SystemExit(f"status {end.status}: {end.said[-2000:]}")
        return told.read().splitlines(), end.steps


def look(path: Path, acknowledged: list[str]) -> Iterator[str]:
    """What is wrong when the history is opened again."""
    sweep(path.parent)
    history = check_whole(path)
    there = {f"{change.id} {change.after_sha256}" for change in history.changes}
    if lost := [line for line in acknowledged if line not in there]:
        yield f"lost: {lost}"
    captions_follow(path)
    contents = caption_contents(history.alignment, path)
    if other := [each.name for each, content in contents.items() if each.read_bytes() != content]:
        yield f"of another state: {other}"
    if left := [each.name for each in path.parent.iterdir() if TEMPORARY.search(each.name) or ".bak" in each.name]:
        yield f"left: {left}"


def attack(lab: Path, seed: int, count: int) -> tuple[list[str], int, int]:
    """What was wrong, and how many changes were acknowledged by how many that were killed."""
    chance = random.Random(seed)
    failures, told, killed = [], 0, 0
    path = laid_out(lab / "0")
    steps = kill(path, seed, NONE)[1]
    for number in range(count):
        if number % _TOGETHER == 0:
            path = laid_out(lab / str(number + 1))
        at_a_step = chance.random() < 0.7
        death = Death(step=chance.randrange(steps)) if at_a_step else Death(after=chance.uniform(0.0, 0.1))
        acknowledged, _ = kill(path, chance.randrange(10**9), death)
        told, killed = told + len(acknowledged), killed + (len(acknowledged) < _CHANGES)
        if chance.random() < 0.3:
            run(lambda path=path: open_history(path) and None, Death(step=chance.randrange(8)))
        failures += [
            f"kill {number} (step {death.step}, {death.after} s): {wrong}" for wrong in _looked(path, acknowledged)
        ]
    return failures, told, killed


def _looked(path: Path, acknowledged: list[str]) -> list[str]:
    try:
        return list(look(path, acknowledged))
    except Exception as error:  # whatever comes of it is a failure
        return [f"{type(error).__name__}: {error}; {history_path(path)}"]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    given = parser.parse_args(arguments)
    lab = Path(tempfile.mkdtemp(prefix="histories-"))
    try:
        with users_own(lab):
            failures, told, killed = attack(lab, given.seed, given.count)
    finally:
        shutil.rmtree(lab, ignore_errors=True)
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{killed} of {given.count} runs were killed; acknowledged: {told} changes; failures: {len(failures)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
