"""What one nudge of a word runs: functions, files and rooms of quotecast's own, the child's work inlined.

    python -m tests.bench.nudge [FOLDER] [--cold] [--list]

An episode such as ``tests.bench.join`` makes, by default the sample, is aligned as if all its words were heard, and
served. First a nudge, an undo and a redo are timed as a page sends them, with the child's work in a child; then one is
traced, the child's work here: the third, so that nothing is counted that happens once. ``--cold`` takes away what was
recognised and saves a quote of the word first. ``--list`` names the functions.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable
from functools import partial
from pathlib import Path
from types import FrameType
from typing import Any
from unittest.mock import patch

from tests.paths import ROOT, SAMPLE
from tests.perfect_recogniser import write_asr_output
from tests.web.asking import Asker

_PACKAGES = tuple(f"{ROOT / package}{os.sep}" for package in ("aligner", "web", "media"))


def traced(work: Callable[[], object]) -> set[tuple[str, str, int]]:
    """Run ``work``; return the functions of quotecast's that it ran, by file, name and line."""
    seen: set[tuple[str, str, int]] = set()

    def note(frame: FrameType, event: str, _: object) -> None:
        code = frame.f_code
        if event == "call" and code.co_filename.startswith(_PACKAGES) and not code.co_name.startswith("<"):
            seen.add((code.co_filename, code.co_qualname, code.co_firstlineno))

    threading.setprofile(note)
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(None)
        threading.setprofile(None)  # type: ignore[arg-type]
    return seen


def inlined(function: Callable[..., Any], /, *args: object, **kwargs: object) -> object:
    """Do a child's work here."""
    return function(*args, **kwargs)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=SAMPLE)
    parser.add_argument("--cold", action="store_true")
    parser.add_argument("--list", action="store_true")
    given = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        for name in ("CACHE", "CONFIG", "DATA"):
            os.environ[f"QUOTECAST_{name}"] = str(Path(folder, name.lower()))
        functions = _nudged(Path(folder), given.folder, given.cold)
    files = Counter(file for file, *_ in functions)
    rooms = {str(Path(file).parent.relative_to(ROOT)) for file in files}
    print(f"{len(functions)} functions in {len(files)} files of {len(rooms)} rooms")
    for file in sorted(files) if given.list else ():
        names = sorted(name for where, name, _ in functions if where == file)
        print(f"{Path(file).relative_to(ROOT)}: {', '.join(names)}")
    return 0


def _nudged(folder: Path, episode: Path, cold: bool) -> set[tuple[str, str, int]]:
    from web import worker_pool
    from web.app import create_app
    from web.settings import Settings

    _align(episode, folder / "library" / "demo")
    asker, place = Asker(create_app(Settings(folder / "library")).test_client()), "/api/episodes/demo"

    shown = 0  # changes, as a page knows them

    def send(address: str, **asked: object) -> None:
        nonlocal shown
        answer = asker.post(f"{place}/{address}", {"base": shown, **asked})
        assert answer.status_code == 200, answer.text
        shown = answer.json["history"]

    def nudge() -> None:
        send("corrections", correction={"kind": "move", "first": 40, "stop": 41, "by": 0.01})

    nudge()
    if cold:
        asker.post(f"{place}/quotes", {"first": 38, "last": 44})
        shutil.rmtree(folder / "cache")
    for name, work in (("nudge", nudge), ("undo", partial(send, "undo")), ("redo", partial(send, "redo"))):
        taken = []
        for _ in range(5):
            began = time.perf_counter()
            work()
            taken.append(time.perf_counter() - began)
        print(f"{name}: {1000 * statistics.median(taken):.0f} ms in the median of {len(taken)}")
    for module in [each for each in sys.modules.values() if getattr(each, "call", None) is worker_pool.call]:
        patch.object(module, "call", inlined).start()
    nudge()
    return traced(nudge)


def _align(episode: Path, folder: Path) -> None:
    from aligner.cli.main import quotecast

    folder.mkdir(parents=True)
    for name in ("episode.mp3", "transcript.txt"):
        shutil.copy(episode / name, folder)
    heard = str(write_asr_output(folder.parent.parent / "heard.json", episode))
    paths = [str(folder / name) for name in ("episode.mp3", "transcript.txt")]
    quotecast.main(["align", *paths, "--asr-output", heard, "-o", str(folder)], standalone_mode=False)


if __name__ == "__main__":
    sys.exit(main())
