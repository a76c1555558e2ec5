"""What the children of the tests' jobs do: ``python -m tests.web.jobs.acts DEED ...`` in an episode's folder."""

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

from aligner.storage.atomic import replacing
from web.jobs import kinds
from web.jobs.kinds import Work

ACTS = "tests.web.jobs.acts"
"""The module that does it."""


@dataclass(frozen=True, slots=True)
class Act(Work):
    """Work that does a deed, a kind of the tests' own."""

    kind: ClassVar[str] = "act"
    memory_bytes: ClassVar[int | None] = 1_000_000_000

    deed: tuple[str, ...]
    writes: tuple[str, ...] = ()

    @property
    def outputs(self) -> tuple[str, ...]:
        return self.writes

    def command(self) -> list[str]:
        return [ACTS, *self.deed]


@dataclass(frozen=True, slots=True)
class AlignmentAct(Act):
    """A deed in the place of an alignment."""

    kind: ClassVar[str] = "align"
    heavy: ClassVar[bool] = True
    memory_bytes: ClassVar[int | None] = None


KINDS: Mapping[str, type[Work]] = {**kinds.KINDS, "act": Act}
"""The kinds of jobs with the tests' own."""


def act(*deed: str) -> Act:
    return Act(deed)


def begin(name: str) -> None:
    """Note that a process has begun, so that a test sees it and can count."""
    with Path(name).open("a", encoding="utf-8") as file:
        file.write(f"{os.getpid()}\n")


def sleep(name: str, seconds: str = "600") -> None:
    begin(name)
    time.sleep(float(seconds))


def limit() -> None:
    """Print how much memory it may take."""
    import resource

    print(resource.getrlimit(resource.RLIMIT_DATA)[0])


def stubborn(name: str) -> None:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    sleep(name)


def say(status: str) -> None:
    for done in (0, 30, 60):
        print(json.dumps({"stage": "acoustic", "done": done, "total": 60, "seconds_left": 60 - done}), file=sys.stderr)
    print("{broken json", file=sys.stderr)
    if status != "3":
        warnings = [{"kind": "sound", "message": "the file is cut short"}, {"kind": "length", "message": "\udcff.mp3"}]
        print(json.dumps({"done": True, "warnings": warnings}), file=sys.stderr)
    if status == "3":
        print("quotecast: x.mp3: is empty; expected sound", file=sys.stderr)
    else:
        print("Coverage 97 %\n\nWritten x.vtt")
    sys.exit(int(status))


def fail(sound: str) -> None:
    """End as a command does whose sound is empty."""
    from aligner.cli.main import explain
    from aligner.cli.progress import reporting_errors
    from media.decode import EXPECTED
    from media.errors import DecodeError

    try:
        with reporting_errors("json"):
            raise DecodeError("{path}: is empty; {expected}", path=Path(sound).absolute(), expected=EXPECTED)
    except DecodeError as error:
        sys.exit(explain(error))


def family(name: str) -> None:
    """Have a child of its own; neither ends when asked."""
    subprocess.Popen([sys.executable, "-m", ACTS, "stubborn", name])
    stubborn(name)


def orphans(name: str) -> None:
    """End at once and leave a process running, which holds the pipes open."""
    subprocess.Popen([sys.executable, "-m", ACTS, "stubborn", name])
    while not Path(name).exists():
        time.sleep(0.01)


def half(name: str, when_asked: str) -> None:
    """Be half through writing a file."""
    if when_asked == "stay":
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
    else:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with replacing(Path(name)) as temporary:
        temporary.write_text("half", encoding="utf-8")
        Path(tempfile.mkdtemp()).joinpath("scratch").touch()
        sleep("begun")


def steps(name: str) -> None:
    """Be a quarter through until a file is there."""
    told = {"stage": "acoustic", "done": 15, "total": 60, "seconds_left": 90, "run_done": 0.25, "run_seconds_left": 487}
    print(json.dumps(told), file=sys.stderr, flush=True)
    while not Path(name).exists():
        time.sleep(0.05)


def where() -> None:
    import aligner

    print(Path.cwd().name)
    print(aligner.__file__)


def surroundings(*names: str) -> None:
    """Print what some variables of the environment hold."""
    for name in names:
        print(f"{name}={os.environ.get(name)}")


if __name__ == "__main__":
    globals()[sys.argv[1]](*sys.argv[2:])
