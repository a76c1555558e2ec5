"""Kills what replaces sets of files, at every file-system step and at any moment, and looks at what is left.

    python -m tests.attack.kills [--seed N] [--count N] [--scenes NAME,...]

Aligning, a clip, an audiogram, another sound, the web app's edits, uploads and preparation are run in a folder in which
somebody has edited something, and are cut off: by SIGKILL before each of their steps, by a signal at some moment, by
the death of the ffmpeg that they have started, or by files that cannot grow. Then the next run recovers, and is
sometimes killed at that itself. A failure is: a set that is neither the old nor the new one once it has recovered, a
temporary file that is still there, an edit that is lost, a next run with other bytes, or anything but one sentence
where there was no room. Versions of a transcript are kept before anything is changed, and called by the time: each must
be whole, and after the next run they are those of an undisturbed one.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import random
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from tests.attack.dying import Death, End, adopt_orphans, run
from tests.attack.scenes import ALIGNMENT, EPISODE, Scene, Tree, scenes, tree

_SHARES = {  # of the kills, as much as they are worth
    "align": 22, "clip": 18, "audiogram": 8, "save": 22, "transcript": 10, "quotes": 3, "add": 8, "upload": 3,
    "prepare": 6, "retime": 10, "back": 6, "uncover": 3,
}  # fmt: skip
_OF_USER = ("cache", "data")
_COMMANDS = ("align", "clip", "audiogram")  # which recover by themselves, and tell in a sentence what is wrong
_WITH_FFMPEG = ("clip", "audiogram", "prepare")
TEMPORARY = re.compile(r"(^|/)\.?quotecast-[^/]+-[^/]+")
_VERSIONS = "/versions/"
_COPY = re.compile(r"\.bak\d*$")
_LEAST_SHARE = 0.8  # of the steps of one run that any other has
_SIGNALS = (signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@dataclass(frozen=True, slots=True)
class Kill:
    """One attack: how the run dies, and at which of its steps the recovery does, if it does."""

    scene: str
    kind: str
    death: Death
    recovery_step: int | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """A scene with its library as it is before, and the trees before and after, without the ``versions`` that are kept
    and the ``copies`` of what somebody edited; ``steps`` and ``seconds`` of a run."""

    scene: Scene
    template: Path
    old: Tree
    new: Tree
    versions: tuple[bytes, ...]
    copies: frozenset[bytes]
    steps: int
    seconds: float


class Lab:
    """Where it happens: a library that is laid out anew for each kill, and everything of the user's."""

    def __init__(self, folder: Path) -> None:
        self._folder, self.library = folder, folder / "library"

    def stage(self, scene: Scene) -> Stage:
        """Lay a scene out and see what an undisturbed run makes of it."""
        template = self._folder / scene.name
        shutil.rmtree(self.library, ignore_errors=True)
        scene.prepare(self.library)
        shutil.copytree(self.library, template)
        for name in _OF_USER:
            shutil.copytree(self._folder / name, self._folder / f"{scene.name}.{name}")
        stage = Stage(scene, template, _of_set(scene, tree(template)), {}, (), frozenset(), 0, 0.0)
        self.lay_out(stage)
        end = run(lambda: scene.work(self.library))
        new = tree(self.library)
        if end.status or _of_set(scene, new) == stage.old:
            raise SystemExit(f"{scene.name}: does nothing (status {end.status})\n{end.said}")
        after, kept = _of_set(scene, new), _versions(new)
        return replace(stage, new=after, versions=kept, copies=_copies(new), steps=end.steps, seconds=end.seconds)

    def lay_out(self, stage: Stage) -> None:
        own = ((self._folder / name, f"{stage.template}.{name}") for name in _OF_USER)
        for place, source in ((self.library, stage.template), *own):
            shutil.rmtree(place, ignore_errors=True)
            shutil.copytree(source, place)

    def left(self) -> list[str]:
        """The temporary files there are, wherever."""
        found = (str(path.relative_to(self._folder)) for path in self._folder.rglob("*"))
        return [name for name in found if TEMPORARY.search(name)]

    def recover(self) -> None:
        """What the start of a command or of the server does."""
        from aligner.outputs import captions_follow
        from aligner.storage.history import recover
        from web.library.incoming import recover_uploads

        folder = self.library / EPISODE
        recover(folder, folder / "clips", folder / "versions", folder / ".quotecast")
        recover_uploads(self.library)
        captions_follow(folder / ALIGNMENT)


def plan(stage: Stage, count: int, chance: random.Random) -> Iterator[Kill]:
    """``count`` kills: at each step, as far as they go, then at steps with a recovery that dies too, and the rest."""
    name = stage.scene.name
    steps = list(range(stage.steps))
    chance.shuffle(steps)
    steps = steps[: max(count // 2, 1)]
    for step in steps:
        yield Kill(name, "step", Death(step=step))
    for _ in range(count - len(steps)):
        kind = chance.choice(["step twice", "step twice", "moment", "moment", "room", "ffmpeg"])
        moment = chance.uniform(0.0, stage.seconds)
        match kind:
            case "step twice":
                death = Death(step=chance.randrange(stage.steps * 2 // 3, stage.steps))  # where sets are taken
                yield Kill(name, kind, death, chance.randrange(20))
            case "room":
                yield Kill(name, kind, Death(largest_bytes=int(10 ** chance.uniform(2, 5.3))))
            case "ffmpeg" if name in _WITH_FFMPEG:
                yield Kill(name, kind, Death(after=moment, to_children=True))
            case _:
                yield Kill(name, "moment", Death(after=moment, signal=chance.choice(_SIGNALS)))


def attack(lab: Lab, stage: Stage, kill: Kill) -> tuple[bool, list[str]]:
    """Whether the set was torn until the next run, and what is wrong after it."""
    scene = stage.scene
    lab.lay_out(stage)
    end = run(lambda: scene.work(lab.library), kill.death)
    found = list(_of_the_end(kill, end))
    torn = not _is_whole(stage, lab)
    if kill.kind in ("room", "ffmpeg") and (left := lab.left()):
        found.append(f"left at once: {left[:3]}")
    if kill.recovery_step is not None:
        run(lab.recover, Death(step=kill.recovery_step))
    if kill.recovery_step is not None or scene.name not in _COMMANDS:
        recovered = run(lab.recover)
        if recovered.status:
            found.append(f"the recovery fails: {recovered.said[-300:]}")
        if not _is_whole(stage, lab):
            found.append(f"torn: {_differing(stage, lab)}")
        if torn_versions := set(_versions(tree(lab.library))) - {*stage.versions}:
            found.append(f"versions that are none: {[each[:80] for each in torn_versions]}")
        if left := lab.left():
            found.append(f"left: {left[:3]}")
    again = run(lambda: scene.work(lab.library))
    if again.status:
        found.append(f"the next run fails: {again.said[-300:]}")
    after = tree(lab.library)
    if _of_set(scene, after) != stage.new:
        found.append(f"the next run differs: {_differing(stage, lab)}")
    if lost := stage.copies - _copies(after):
        found.append(f"lost: {[each[:80] for each in lost]}")
    if _versions(after) != stage.versions:
        found.append(f"other versions: {[each[:80] for each in _versions(after)]}")
    if left := lab.left():
        found.append(f"left by the next run: {left[:3]}")
    return torn, found


def _of_the_end(kill: Kill, end: End) -> Iterator[str]:
    if kill.scene in _COMMANDS and end.steps and "Traceback" in end.said:  # before the first it is no command yet
        yield f"a traceback: {end.said[-600:]}"
    # How many steps there are depends a little on the time that an encoder takes.
    was_over = end.status == 0 and _LEAST_SHARE * (kill.death.step or 0) <= end.steps <= (kill.death.step or 0)
    if kill.death.step is not None and end.status != -signal.SIGKILL and not was_over:
        yield f"did not die at its step, but ended with {end.status}"


def _is_whole(stage: Stage, lab: Lab) -> bool:
    def at_once(found: Tree) -> Tree:
        first = stage.scene.first
        return {path: content for path, content in found.items() if first is None or path == f"{EPISODE}/{first}"}

    return at_once(_seen(stage, lab)) in (at_once(stage.old), at_once(stage.new))


def _seen(stage: Stage, lab: Lab) -> Tree:
    """What is there but for temporary files."""
    found = {path: content for path, content in tree(lab.library).items() if not TEMPORARY.search(path)}
    return _of_set(stage.scene, found)


def _of_set(scene: Scene, found: Tree) -> Tree:
    return scene.shown({path: c for path, c in found.items() if _VERSIONS not in path and not _COPY.search(path)})


def _copies(found: Tree) -> frozenset[bytes]:
    """What was put aside, of which a run that was killed may have made one too many."""
    return frozenset(content for path, content in found.items() if _COPY.search(path))


def _versions(found: Tree) -> tuple[bytes, ...]:
    """What the versions of the transcript hold, in their order."""
    kept = (
        path for path in sorted(found) if _VERSIONS in path and not path.endswith("/") and not TEMPORARY.search(path)
    )
    return tuple(found[path] for path in kept)


def _differing(stage: Stage, lab: Lab) -> dict[str, list[str]]:
    seen = _seen(stage, lab)
    against = {"old": stage.old, "new": stage.new}
    names = {name: {*seen, *other} for name, other in against.items()}
    return {
        name: sorted(path for path in names[name] if seen.get(path) != other.get(path))[:6]
        for name, other in against.items()
    }


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--scenes", default=",".join(_SHARES))
    given = parser.parse_args(arguments)
    chance, names = random.Random(given.seed), given.scenes.split(",")
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    adopt_orphans()
    memory = Path("/dev/shm")  # where the steps are the same, and none waits for a disk
    folder = Path(tempfile.mkdtemp(prefix="kills-", dir=memory if memory.is_dir() else None))
    try:
        with users_own(folder):
            return _attack_all(Lab(folder), names, given.count, chance)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _attack_all(lab: Lab, names: list[str], count: int, chance: random.Random) -> int:
    work_without_workers()
    done, torn, failed, began = Counter[str](), Counter[str](), Counter[str](), time.monotonic()
    total = sum(_SHARES[name] for name in names)
    for name in names:
        stage = lab.stage(scenes()[name])
        for kill in plan(stage, max(1, round(count * _SHARES[name] / total)), chance):
            was_torn, found = attack(lab, stage, kill)
            done[f"{name}: {kill.kind}"] += 1
            torn[f"{name}: {kill.kind}"] += was_torn
            failed[f"{name}: {kill.kind}"] += bool(found)
            for line in found:
                print(f"FAILED {kill}: {line}", flush=True)
    print(f"{'kind':28}{'kills':>8}{'torn until the next run':>26}{'failures':>10}")
    for kind in done:
        print(f"{kind:28}{done[kind]:8}{torn[kind]:26}{failed[kind]:10}")
    print(f"{'in all':28}{done.total():8}{torn.total():26}{failed.total():10}   {time.monotonic() - began:.0f} s")
    return 1 if failed.total() else 0


@contextlib.contextmanager
def users_own(folder: Path) -> Iterator[None]:
    """Have everything of the user's in ``folder``: cache, configuration, and what is temporary."""
    places = {"QUOTECAST_CACHE": "cache", "QUOTECAST_CONFIG": "config", "QUOTECAST_DATA": "data", "TMPDIR": "tmp"}
    before = {variable: os.environ.get(variable) for variable in places}
    for variable, name in places.items():
        (folder / name).mkdir()
        os.environ[variable] = str(folder / name)
    tempfile.tempdir = None
    try:
        yield
    finally:
        for variable, value in before.items():
            if value is None:
                del os.environ[variable]
            else:
                os.environ[variable] = value
        tempfile.tempdir = None


def work_without_workers() -> None:
    """What the app has its workers read is read here: they write nothing, and take long to start."""
    from web import bounded
    from web.library import changing  # noqa: F401 - and with it the rest of the library

    def call(function, /, *arguments, **named):  # type: ignore[no-untyped-def]
        return function(*arguments, **named)

    worker = bounded.call
    for module in [module for name, module in sys.modules.items() if name.startswith("web.")]:
        for name, value in list(vars(module).items()):
            if value is worker:
                setattr(module, name, call)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
