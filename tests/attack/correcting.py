"""Kills the server in which somebody corrects an episode, and looks at what its history has.

    python -m tests.attack.correcting [--seed N] [--count N]

A server's API is asked to place words, move them, mark them, edit a paragraph, take back and take again, sign, save
details; what it acknowledges is told, by the change's number and kind, until it is killed at a random moment. A failure
is: a change that was acknowledged and is not there, an alignment that is not what the history makes of nothing, a
transcript or captions of another state, an answer that is none of those that the API gives, or a temporary file that is
still there.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import random
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from aligner.storage.following import captions_follow
from aligner.storage.outputs import caption_contents, following_contents
from tests.aligner.storage.corrected import check_whole
from tests.attack.dying import adopt_orphans, run, told_until_killed
from tests.attack.kills import TEMPORARY, users_own, work_without_workers
from tests.attack.scenes import ALIGNMENT, EPISODE, prepare_save
from web.jobs.process import remove_leftovers

_PLACE = f"/api/episodes/{EPISODE}"
_LONGEST_LIFE = 1.5  # seconds of a server
_TOGETHER = 25  # falls after which an episode begins anew
_REFUSED = (409, 422)  # what contradicts what was set before
_WRONG = "wrong: "


def serve(library: Path, acknowledged: IO[str], chance: random.Random) -> None:
    """Be a server without a socket, and correct until killed."""
    from tests.web.asking import Asker
    from web.app import create_app
    from web.settings import Settings

    asker = Asker(create_app(Settings(library)).test_client())
    base = asker.get(f"{_PLACE}/changes?since=0")["history"]
    print("ready", file=acknowledged, flush=True)
    while True:
        path, body = _asked(chance)
        answer = asker.post(f"{_PLACE}/{path}", body | ({} if path == "details" else {"base": base}))
        if answer.status_code == 200 and path != "details":
            base, change = answer.json["history"], answer.json["change"]
            if change:
                print(f"{base} {change['what']['kind']} {path}", file=acknowledged, flush=True)
        elif answer.status_code != 200 and answer.status_code not in _REFUSED:
            raise RuntimeError(f"{path} {body}: {answer.status_code} {answer.text[:300]}")
        if path == "details":
            base = asker.get(f"{_PLACE}/changes?since=0")["history"]


def _asked(chance: random.Random) -> tuple[str, dict[str, Any]]:
    """What is asked for, by the address of the API."""
    word, at = chance.randrange(300), round(chance.uniform(1.0, 120.0), 3)
    words = {"first": word, "stop": word + chance.randint(1, 5)}
    corrections: list[dict[str, Any]] = [
        {"kind": "place", "word": word, "start": at, "end": at + 0.2},
        {"kind": "move", **words, "by": round(chance.uniform(-0.02, 0.02), 3)},
        {"kind": "unspoken", **words},
        {"kind": "accept", "words": [[words["first"], words["stop"]]]},
        {"kind": "settle", "as": "advert", "start": at, "end": at + 2},
        {"kind": "sign", "who": "Zoé", "share": 0.5},
        _text(chance),
    ]
    acts: list[tuple[str, dict[str, Any]]] = [("corrections", {"correction": each}) for each in corrections]
    acts += [("undo", {}), ("redo", {}), ("details", _details(chance))]
    return chance.choices(acts, [3, 3, 2, 3, 1, 1, 3, 3, 2, 1])[0]


def _text(chance: random.Random) -> dict[str, Any]:
    text = f"Une phrase de plus, la numéro {chance.randrange(1000)}."
    first = chance.randrange(1, 8)
    paragraph = {"kind": "speech", "speaker": "Bastien Oriol", "text": text}
    return {"kind": "text", "first": first, "stop": first, "paragraphs": [paragraph]}


def _details(chance: random.Random) -> dict[str, Any]:
    fields = {"title": f"Titre {chance.randrange(1000)}", "show": "", "date": "", "url": "", "language": "fr"}
    return {"fields": fields, "names": {}}


def fall(library: Path, chance: random.Random) -> list[str]:
    """What a server acknowledged until it was killed."""

    def kill(pid: int) -> None:
        time.sleep(chance.uniform(0.02, _LONGEST_LIFE))
        os.kill(pid, signal.SIGKILL)

    (ready, *told), status = told_until_killed(lambda acknowledged: serve(library, acknowledged, chance), kill)
    return [ready if status == -signal.SIGKILL else "fell by itself", *told]


def look(library: Path, acknowledged: list[str]) -> Iterator[str]:
    """What is wrong when the history is opened again."""
    path = library / EPISODE / ALIGNMENT
    remove_leftovers(path.parent)  # as a server does that takes a library up
    history = check_whole(path)
    kinds = {change.id: change.kind for change in history.changes}
    for line in acknowledged[1:]:
        number, wanted = _wanted(line)
        if kinds.get(number) != wanted:
            yield f"acknowledged was change {number}, {wanted}; it is {kinds.get(int(number))}"
    captions_follow(path)
    contents = following_contents(history.alignment, path)
    if history.changes:  # else captions are as somebody has edited them
        contents |= caption_contents(history.alignment, path)
    if other := [each.name for each, content in contents.items() if each.read_bytes() != content]:
        yield f"of another state: {other}"
    transcript = history.alignment.transcript
    if hashlib.sha256((path.parent / transcript.file).read_bytes()).hexdigest() != transcript.sha256:
        yield f"{transcript.file} is of another state"
    if left := [each.name for each in path.parent.rglob("*") if TEMPORARY.search(each.name)]:
        yield f"left: {left}"


def _wanted(line: str) -> tuple[int, str]:
    """The number of a change that was acknowledged, and its kind in the history."""
    number, kind, act = line.split()
    return int(number), {"undo": "undone", "redo": "redone"}.get(act, kind)


def _looked(library: Path, acknowledged: list[str]) -> list[str]:
    """``look`` by a process of its own, whose memory nobody inherits."""

    def tell() -> None:
        for line in look(library, acknowledged):
            print(f"{_WRONG}{line}", file=sys.stderr)

    end = run(tell)
    found = [line.removeprefix(_WRONG) for line in end.said.splitlines() if line.startswith(_WRONG)]
    found += ["the server fell by itself"] * (acknowledged[0] != "ready")
    return found if end.status == 0 else [*found, f"it cannot be opened: {end.said[-1500:]}"]


def attack(lab: Path, seed: int, count: int) -> tuple[list[str], Counter[str]]:
    """What was wrong, and what was acknowledged by kind."""
    chance, failures, told = random.Random(seed), [], Counter[str]()
    for number in range(count):
        if number % _TOGETHER == 0:
            shutil.rmtree(lab / "library", ignore_errors=True)
            prepare_save(lab / "library")
            (lab / "library" / EPISODE / "episode.json").unlink()
        acknowledged = fall(lab / "library", random.Random(chance.random()))
        told.update(
            line.split()[1] if line.split()[2] == "corrections" else line.split()[2] for line in acknowledged[1:]
        )
        failures += [f"fall {number}: {wrong}" for wrong in _looked(lab / "library", acknowledged)]
    return failures, told


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=500)
    given = parser.parse_args(arguments)
    lab = Path(tempfile.mkdtemp(prefix="correcting-"))
    try:
        with users_own(lab):
            adopt_orphans()
            import web.app
            import web.correcting.states  # noqa: F401 - what a fork is to have loaded

            work_without_workers()
            failures, told = attack(lab, given.seed, given.count)
    finally:
        shutil.rmtree(lab, ignore_errors=True)
    for failure in failures:
        print(f"FAILED {failure}")
    kinds = ", ".join(f"{count} {kind}" for kind, count in told.most_common())
    print(f"{given.count} falls of the server; acknowledged: {told.total()} ({kinds}); failures: {len(failures)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
