"""Records of jobs that nobody asked for: ``python -m tests.attack.jobs [--seed N] [--count N]``.

A library holds an open record that its user's server left, as it is or forged: each field changed to values of all
kinds, set back, kept from before, moved or copied to another episode, sent with the library to another place or user,
without a key, written as earlier versions did and sealed with whatever lies in the library. A server then takes the
library up. A failure is a job that is begun though its record is forged, or is not though it is not.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import hmac
import json
import os
import random
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from tests.attack.tally import Tally
from tests.web.jobs.acts import KINDS, act
from web.jobs import Job, Jobs, JobState, RecordError
from web.jobs.job import Ending, finished, new_id, now
from web.jobs.kinds import Align, Clip, Prepare, Work
from web.jobs.record_format import from_json
from web.jobs.records import Records

SHOWN = ("stage", "done", "total", "seconds_left", "message", "warnings", "poor", "messages")
"""What is only shown, and so need not be sealed."""

DECISIVE = ("work", "created", "state", "started", "ended", "attempts", "before")

_VALUES: tuple[object, ...] = (
    *(None, True, False, 0, 1, -1, 2, 99, 10**9, 1.5, "", "x", "waiting", "running", "done", [], {}, ["x"], {"x": 1}),
    *("align", "act", "clip", "prepare", "2020-01-01T00:00:00Z", "../x", "\ud800", "a\0b", ["begin", "canary"]),
    *({"deed": ["begin", "canary"], "outputs": []}, {"audio": "../../x.mp3"}, {"audio": "a.mp3", "transcript": "-x"}),
)


class Place:
    """A library with two episodes, its user's configuration, and an open record in the first episode."""

    def __init__(self, place: Path, work: Work, state: JobState) -> None:
        self.place, self.library = place, place / "library"
        self.one, self.two = self.library / "one", self.library / "two"
        for folder in (self.one, self.two):
            folder.mkdir(parents=True)
        self.config = place / "own"
        os.environ["QUOTECAST_CONFIG"] = str(self.config)
        self.job = Job(new_id(), work, "one", now(), state, attempts=int(state is JobState.RUNNING))
        Records(self.library, KINDS).write(self.job)

    @property
    def record(self) -> Path:
        return self.one / "jobs" / f"{self.job.id}.json"

    def read(self) -> dict[str, Any]:
        content: dict[str, Any] = json.loads(self.record.read_text(encoding="utf-8"))
        return content

    def write(self, content: object) -> None:
        self.record.write_text(json.dumps(content), encoding="utf-8")

    def says_the_same(self, content: bytes) -> bool:
        """Whether a record of this content is of the same job, as far as that decides what is done."""
        try:
            read, _ = from_json(content, self.job.id, self.job.episode, KINDS)
        except RecordError:
            return False
        return all(getattr(read, name) == getattr(self.job, name) for name in DECISIVE)


Forgery = Callable[[Place, random.Random], Path | None]
"""Changes what lies in a place; returns the library that is served, None for the place's own."""


def change_a_field(place: Place, chance: random.Random) -> None:
    content = place.read()
    name = chance.choice([name for name in content if name not in SHOWN])
    value = chance.choice(
        [value for value in _VALUES if value != content[name] or type(value) is not type(content[name])]
    )
    place.write(content | {name: value})


def change_an_argument(place: Place, chance: random.Random) -> None:
    content = place.read()
    name = chance.choice(list(content["arguments"]))
    value = chance.choice([value for value in _VALUES if value != content["arguments"][name]])
    place.write(content | {"arguments": content["arguments"] | {name: value}})


def change_some_bytes(place: Place, chance: random.Random) -> None:
    """Until it says something else, or nothing at all; one of its seals may have gone before."""
    content = bytearray(place.record.read_bytes())
    while place.says_the_same(bytes(content)):
        content[chance.randrange(len(content))] = chance.randrange(256)
    place.record.write_bytes(bytes(content))


def change_a_seal(place: Place, chance: random.Random) -> None:
    content = place.read()
    seals = [
        [],
        [""],
        ["0" * 64],
        [seal[:-1] for seal in content["seals"]],
        [seal.upper() for seal in content["seals"]],
    ]
    place.write(content | {"seals": chance.choice(seals)})


def set_back(place: Place, chance: random.Random) -> None:
    seals = place.read()["seals"]
    Records(place.library, KINDS).write(finished(place.job, chance.choice([JobState.DONE, JobState.CANCELLED]), ""))
    place.write(place.read() | {"state": chance.choice(["waiting", "running"]), "ended": None, "seals": seals})


def keep_from_before(place: Place, chance: random.Random) -> None:
    before = place.record.read_bytes()
    Records(place.library, KINDS).write(finished(place.job, JobState.DONE, ""))
    place.record.write_bytes(before)


def move_to_another_episode(place: Place, chance: random.Random) -> None:
    (place.one / "jobs").rename(place.two / "jobs")


def swap_names(place: Place, chance: random.Random) -> None:
    """The record in a folder that has neither the path nor the identity of the first."""
    shutil.copytree(place.one, place.library / "three")
    shutil.rmtree(place.one)


def rename_the_file(place: Place, chance: random.Random) -> None:
    fresh = new_id()
    place.write(place.read() | {"id": fresh})
    place.record.rename(place.record.with_stem(fresh))


def copy_the_library(place: Place, chance: random.Random) -> Path:
    shutil.copytree(place.library, place.place / "copy")
    return place.place / "copy"


def send_to_another_user(place: Place, chance: random.Random) -> None:
    os.environ["QUOTECAST_CONFIG"] = str(place.place / "of another")


def take_the_keys_away(place: Place, chance: random.Random) -> None:
    shutil.rmtree(place.config)
    if chance.random() < 0.5:
        place.config.touch()  # where none can be made either


def put_links_for_keys(place: Place, chance: random.Random) -> None:
    """A key that the sender knows, to which the user's leads."""
    key = place.config / "jobs" / place.job.id
    key.unlink()
    (place.library / "key").write_bytes(b"k" * 32)
    key.symlink_to(place.library / "key")


def seal_as_before(place: Place, chance: random.Random) -> None:
    """A record of version 1 with any module, sealed with a key that lies in the library."""
    half = b"h" * 32
    hidden = place.library / ".quotecast"
    hidden.mkdir(exist_ok=True)
    (hidden / "jobs.key").write_bytes(half)
    content = {name: value for name, value in place.read().items() if name not in ("seals", "arguments")}
    told = {"module": "tests.web.jobs.acts", "arguments": ["begin", "canary"], "outputs": []}
    key = hmac.new(chance.choice([b"", half]), half, hashlib.sha256).digest()
    sealed = json.dumps([content["id"], content["kind"], told["module"], told["arguments"], told["outputs"]]).encode()
    seal = hmac.new(key, sealed, hashlib.sha256).hexdigest()
    place.write(content | told | {"version": chance.choice([1, 2]), "seal": seal, "seals": [seal]})


def seal_with_a_guess(place: Place, chance: random.Random) -> None:
    keys = [b"", b"\0" * 32, place.job.id.encode(), b"quotecast"]
    sealed = json.dumps(place.read(), sort_keys=True).encode()
    seal = hmac.new(chance.choice(keys), sealed, hashlib.sha256).hexdigest()
    content = place.read() | {"arguments": {"deed": ["begin", "canary"], "outputs": []}, "kind": "act", "attempts": 2}
    place.write(content | {"seals": [seal]})


def lead_elsewhere(place: Place, chance: random.Random) -> None:
    """The records of another library, by a link."""
    outside = place.place / "outside"
    (place.one / "jobs").rename(outside)
    (place.one / "jobs").symlink_to(outside)
    content = json.loads((outside / place.record.name).read_text(encoding="utf-8"))
    (outside / place.record.name).write_text(json.dumps(content | {"attempts": 2}), encoding="utf-8")


def put_no_record(place: Place, chance: random.Random) -> None:
    place.record.unlink()
    match chance.randrange(4):
        case 0:
            os.mkfifo(place.record)
        case 1:
            place.record.symlink_to("/dev/zero")
        case 2:
            place.record.write_bytes(b"[" * 200_000)
        case _:
            place.record.write_bytes(chance.randbytes(2_000))


def leave_as_it_is(place: Place, chance: random.Random) -> None:
    """No forgery: it is taken up."""


def change_what_is_shown(place: Place, chance: random.Random) -> None:
    """No forgery of what is done: it is taken up."""
    place.write(place.read() | {"message": "x" * 99, "stage": "letters", "done": 3.0})


def rename_the_episode(place: Place, chance: random.Random) -> None:
    """As people do: its job is taken up."""
    place.one.rename(place.library / "another name")


GENUINE: Mapping[str, Forgery] = {f.__name__: f for f in (leave_as_it_is, change_what_is_shown, rename_the_episode)}
FORGERIES: Mapping[str, Forgery] = {
    each.__name__: each
    for each in (
        *(change_a_field, change_an_argument, change_some_bytes, change_a_seal, set_back, keep_from_before),
        *(move_to_another_episode, swap_names, rename_the_file, copy_the_library, send_to_another_user),
        *(take_the_keys_away, put_links_for_keys, seal_as_before, seal_with_a_guess, lead_elsewhere, put_no_record),
    )
}


class Canary:
    """A process that only tells that it was begun."""

    begun: ClassVar[list[list[str]]] = []

    def __init__(self, _id: str, command: list[str], *_: object) -> None:
        self.begun.append(command)

    def ending(self, _told: object) -> Ending:
        return Ending(0, (), "", ())

    def end(self) -> None:
        pass


@contextlib.contextmanager
def watching() -> Iterator[list[list[str]]]:
    """The commands that are begun meanwhile; none is."""
    Canary.begun = []
    with patch("web.jobs.jobs.Child", Canary), patch("web.jobs.jobs.end_all"), patch.dict(os.environ):
        yield Canary.begun


def a_work(chance: random.Random) -> Work:
    works: list[Work] = [
        act("begin", "canary"),
        Prepare("a.mp3"),
        Align(audio="a.mp3", transcript="a.txt", title="A", names={"A": "B"}),
        Clip(alignment="a.alignment.json", first=1, last=3, name="c.mp3"),
    ]
    return chance.choice(works)


def attack(seed: int, count: int) -> Tally:
    """``count`` libraries, each with one forgery or none."""
    chance, tally = random.Random(seed), Tally()
    for number in range(count):
        name, forgery = chance.choice([*GENUINE.items(), *FORGERIES.items(), *FORGERIES.items()])
        tally.counts[name] += 1
        with tempfile.TemporaryDirectory() as folder, watching() as begun:
            place = Place(Path(folder), a_work(chance), chance.choice([JobState.WAITING, JobState.RUNNING]))
            jobs = Jobs(forgery(place, chance) or place.library, kinds=KINDS)
            jobs.resume()
            jobs.close()
            if len(begun) != (name in GENUINE):
                tally.failures.append(f"number {number}: {name}: begun: {begun}")
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=3000)
    given = parser.parse_args()
    tally = attack(given.seed, given.count)
    return tally.told(f"{given.count} libraries, seed {given.seed}; genuine, and begun: {', '.join(sorted(GENUINE))}")


if __name__ == "__main__":
    sys.exit(main())
