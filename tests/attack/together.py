"""Two tabs of the app and two other processes correct one episode at once, as fast as they can.

    python -m tests.attack.together [--seed N] [--count N]

Each keeps to what it was told last, as a page does. A failure is: a correction that was acknowledged and is not in the
history as theirs, one that is there and was not acknowledged, or a history that does not lead to the alignment.
"""

from __future__ import annotations

import argparse
import random
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from aligner.corrections.commands import Command, Place, Unspoken
from aligner.errors import AlignerError
from aligner.storage.alignment_json import read_alignment
from tests.aligner.storage.corrected import check_whole
from tests.attack.kills import users_own
from tests.attack.scenes import ALIGNMENT, EPISODE, prepare_save

_TABS, _PROCESSES = ("Ada", "Zoé"), ("Grace", "Tom")


def corrections(path: Path, seed: int, count: int) -> Iterator[Command]:
    """Some that are of a word each, of which there are few, so that the others want the same."""
    chance, words = random.Random(seed), read_alignment(path).words
    said = [k for k, word in enumerate(words) if word.span][:100]
    for _ in range(count):
        word = chance.choice(said)
        span = words[word].span
        assert span
        if chance.random() < 0.3:
            yield Unspoken(word, word + 1)
        else:
            yield Place(word, round(span.start + chance.uniform(0, 0.02), 3), span.end)


def as_a_process(path: Path, who: str, seed: int, count: int) -> Iterator[int]:
    """Correct without a server; the ids of the changes that were made."""
    from web.correcting.states import Seen, correct, last_change

    base = 0
    for command in corrections(path, seed, count):
        try:
            taken = correct(path, Seen(base), command, who)
        except AlignerError:  # somebody else was there first
            base = last_change(path)[0]
            continue
        base = taken.history
        if taken.change:
            yield taken.change.id


def as_a_tab(asker: Any, path: Path, who: str, seed: int, count: int) -> Iterator[int]:
    from msgspec import to_builtins

    place, base = f"/api/episodes/{EPISODE}", 0
    asker.post("/api/name", {"name": who})
    for command in corrections(path, seed, count):
        answer = asker.post(f"{place}/corrections", {"base": base, "correction": to_builtins(command)})
        if answer.status_code == 200:
            base = answer.json["history"]
            if answer.json["change"]:
                yield answer.json["change"]["id"]
        elif answer.status_code in (409, 422):
            base = asker.get(f"{place}/changes?since=0")["history"]
        else:
            raise RuntimeError(f"{answer.status_code} {answer.text[:300]}")


def attack(library: Path, seed: int, count: int) -> list[str]:
    """What is wrong after so many corrections in all."""
    from tests.web.asking import Asker
    from web.app import create_app
    from web.settings import Settings

    path, each = library / EPISODE / ALIGNMENT, count // (len(_TABS) + len(_PROCESSES))
    app, told = create_app(Settings(library)), dict[str, list[int]]()

    def tab(who: str, number: int) -> None:
        told[who] = list(as_a_tab(Asker(app.test_client()), path, who, seed * 10 + number, each))

    threads = [threading.Thread(target=tab, args=(who, number)) for number, who in enumerate(_TABS)]
    command = [sys.executable, "-m", "tests.attack.together", "--count", str(each), "--process", str(path)]
    others = [
        (who, subprocess.Popen([*command, who, "--seed", str(seed * 10 + number)], stdout=subprocess.PIPE, text=True))
        for number, who in enumerate(_PROCESSES, len(_TABS))
    ]
    for thread in threads:
        thread.start()
    for who, process in others:
        told[who] = [int(line) for line in process.communicate()[0].split()]
    for thread in threads:
        thread.join()
    app.extensions["jobs"].close()
    made = {(change.id, change.who) for change in check_whole(path).changes[1:]}
    acknowledged = {(id, who) for who, ids in told.items() for id in ids}
    print({who: len(ids) for who, ids in told.items()})
    lost, unasked = sorted(acknowledged - made), sorted(made - acknowledged)
    return [f"{what}: {which[:10]}" for what, which in (("lost", lost), ("not acknowledged", unasked)) if which]


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--process", nargs=2, metavar=("ALIGNMENT", "WHO"), help=argparse.SUPPRESS)
    given = parser.parse_args(arguments)
    if given.process:
        path, who = given.process
        print(*as_a_process(Path(path), who, given.seed, given.count))
        return 0
    with tempfile.TemporaryDirectory(prefix="together-") as folder, users_own(Path(folder)):
        library = Path(folder) / "library"
        prepare_save(library)
        (library / EPISODE / "episode.json").unlink()
        failures = attack(library, given.seed, given.count)
    for failure in failures:
        print(f"FAILED {failure}")
    print(f"{given.count} corrections by four at once; failures: {len(failures)}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
