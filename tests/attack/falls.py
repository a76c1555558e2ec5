"""Kills the web app's server in the middle of corrections, edits, saved quotes, uploads and jobs, and restarts it.

    python -m tests.attack.falls [--seed N] [--count N]

A server does at random what its pages ask for and says of each thing when it was acknowledged; after a while it is
killed, and in half of the cases every process that it has started with it. The next one takes its library over. A
failure is: something acknowledged that is not there, an episode whose files contradict each other, an alignment that
its history does not lead to, a job that is neither over nor offered again, or a temporary file that is still there.
"""

from __future__ import annotations

import argparse
import hashlib
import json
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

from aligner.outputs import caption_contents, captions_follow
from aligner.storage.history import recover
from tests.aligner.storage.corrected import check_whole
from tests.attack.dying import adopt_orphans, run, told_until_killed
from tests.attack.kills import TEMPORARY, users_own, work_without_workers
from tests.attack.scenes import ALIGNMENT, EPISODE, prepare_save
from tests.places import SAMPLE

CORRECTED = "corrected"
"""A second episode, which is corrected and not otherwise edited."""

_ACTS = (*("correct",) * 6, "edit", "edit", "edit", "quote", "add", "clip", "prepare")
_REFUSED = (409, 422)  # of a correction that contradicts an earlier one
_LONGEST_LIFE = 6.0  # seconds of a server
_PATIENCE = 600.0  # seconds for a look, on a busy machine too
_WRONG = "wrong: "


def serve(library: Path, acknowledged: IO[str], chance: random.Random, number: int) -> None:
    """Be a server without a socket: take the library over, say so, and do things until killed."""
    from tests.web.asking import Asker
    from web.app import create_app
    from web.http.server import take_up
    from web.settings import Settings

    _keep_every_record()
    recover()
    app = create_app(Settings(library))
    take_up(app)
    asker = Asker(app.test_client())
    print("ready", file=acknowledged, flush=True)
    while True:
        number += 1
        act = chance.choice(_ACTS)
        for said in _do(act, number, asker):
            print(act, said, file=acknowledged, flush=True)


def _keep_every_record() -> None:
    """Of an episode's jobs that are done the server forgets all but the last; here each is asked for its end."""
    from web.jobs import jobs

    jobs._KEPT = 1_000_000


def _do(act: str, number: int, asker) -> Iterator[object]:  # type: ignore[no-untyped-def]
    """Do it; what is acknowledged is said."""
    place = f"/api/episodes/{EPISODE}"
    match act:
        case "correct":
            place = f"/api/episodes/{CORRECTED}"
            base = asker.get(f"{place}/changes?since=0")["history"]
            path, body = _correction(number)
            answer = asker.post(f"{place}/{path}", body | {"base": base})
            if answer.status_code in _REFUSED:
                return
            if answer.status_code == 200 and (change := answer.json["change"]):
                kind = {"undo": "undone", "redo": "redone"}.get(path, change["what"]["kind"])
                yield f"{answer.json['history']} {kind}"
        case "edit":
            yield f"begins {number}"
            fields = {"title": f"Titre {number}", "show": "", "date": "", "url": "", "language": "fr"}
            names = {"Bastien Oriol": f"Bastien {number}"}
            answer = asker.post(f"{place}/details", {"fields": fields, "names": names})
            yield f"done {number}"
        case "quote":
            answer = asker.post(f"{place}/quotes", {"first": number % 50, "last": number % 50 + 5})
            yield answer.json["id"]
        case "add":
            sound, text = ((SAMPLE / name).read_bytes() for name in ("episode.mp3", "transcript.txt"))
            token = asker.upload(audio=(f"{number}.mp3", sound), transcript=(f"{number}.txt", text))
            answer = asker.post(f"/api/incoming/{token}/create", {"fields": {"title": f"Nouveau {number}"}})
            yield answer.json["id"]
            asker.post(f"/api/jobs/{answer.json['job']}/cancel")  # nobody listens here
        case "clip":
            export = {"first": number % 50, "last": number % 50 + 4, "listen": False}
            answer = asker.post(f"{place}/clips", {"exports": [export]})
            yield answer.json["jobs"][0]["id"]
        case _:
            answer = asker.post(f"{place}/prepare")
            if answer.json["job"]:
                yield answer.json["job"]["id"]
    if answer.status_code >= 400:
        raise RuntimeError(f"{act}: {answer.status_code} {answer.text[:200]}")


def _correction(number: int) -> tuple[str, dict[str, Any]]:
    """A correction, as the path and body of a request."""
    chance = random.Random(number)
    word, at = chance.randrange(300), round(chance.uniform(1.0, 120.0), 3)
    words = {"first": word, "stop": word + chance.randint(1, 5)}
    paragraph = {"kind": "speech", "speaker": "Bastien Oriol", "text": f"Une phrase de plus, la numéro {number}."}
    first = chance.randrange(1, 8)
    corrections: list[dict[str, Any]] = [
        {"kind": "place", "word": word, "start": at, "end": at + 0.2},
        {"kind": "move", **words, "by": round(chance.uniform(-0.02, 0.02), 3)},
        {"kind": "unspoken", **words},
        {"kind": "accept", "words": [[words["first"], words["stop"]]]},
        {"kind": "text", "first": first, "stop": first, "paragraphs": [paragraph]},
    ]
    acts = [*(("corrections", {"correction": each}) for each in corrections), ("undo", {}), ("redo", {})]
    return chance.choices(acts, [3, 3, 2, 3, 3, 3, 2])[0]


def fall(library: Path, chance: random.Random, number: int) -> list[str]:
    """What a server acknowledged until it was killed."""

    def kill(pid: int) -> None:
        time.sleep(chance.uniform(0.05, _LONGEST_LIFE))
        _kill(pid, with_children=chance.random() < 0.5)

    told, _ = told_until_killed(lambda acknowledged: serve(library, acknowledged, chance, number), kill)
    return told


def _kill(pid: int, with_children: bool) -> None:
    import psutil

    children = psutil.Process(pid).children(recursive=True) if with_children else []
    os.kill(pid, signal.SIGKILL)
    for child in children:
        child.kill()


def look(library: Path, acknowledged: list[str], lab: Path) -> Iterator[str]:
    """What is wrong once the next server has taken the library over."""
    from web.app import create_app
    from web.http.server import take_up
    from web.jobs import JobState
    from web.jobs.job import INTERRUPTED
    from web.library import Library
    from web.settings import Settings

    _keep_every_record()
    recover()
    app = create_app(Settings(library))
    take_up(app)
    jobs = app.extensions["jobs"]
    ended = {job.id: job for job in jobs.all() if job.state is JobState.DONE or job.message == INTERRUPTED}
    jobs.close()
    said = [line.split(maxsplit=2) for line in acknowledged]
    for act, *words in said:
        if act in ("clip", "prepare") and words[0] not in ended:
            yield f"the job {words[0]} ({act}) is neither done nor offered again"
        if act == "add" and words[0] not in {episode.id for episode in Library(library).episodes()}:
            yield f"episode {words[0]} is not there"
        if act == "quote" and words[0] not in (library / EPISODE / "quotes.json").read_text(encoding="utf-8"):
            yield f"quote {words[0]} is not there"
    yield from _of_the_edits(library / EPISODE, said)
    yield from _of_the_corrections(library / CORRECTED / ALIGNMENT, said)
    for episode in Library(library).episodes():
        is_described = (episode.folder / "episode.json").exists() or episode.id in (EPISODE, CORRECTED)
        if not (episode.audio and episode.transcript and is_described):
            yield f"{episode.folder} is not whole"
    if left := [str(path.relative_to(lab)) for path in lab.rglob("*") if TEMPORARY.search(str(path.relative_to(lab)))]:
        yield f"left: {left[:4]}"


def _looked(library: Path, acknowledged: list[str], lab: Path) -> list[str]:
    """``look`` by a process of its own, for it has threads."""

    def tell() -> None:
        for line in look(library, acknowledged, lab):
            print(f"{_WRONG}{line}", file=sys.stderr)

    end = run(tell, longest=_PATIENCE)
    found = [line.removeprefix(_WRONG) for line in end.said.splitlines() if line.startswith(_WRONG)]
    return found if end.status == 0 else [*found, f"the server does not start again: {end.said[-1000:]}"]


def _of_the_edits(folder: Path, said: list[list[str]]) -> Iterator[str]:
    """The title is that of the last edit that was acknowledged, then in all files alike, or of one begun since."""
    edits = [(words[0], words[1]) for act, *words in said if act == "edit"]
    done = [number for way, number in edits if way == "done"]
    begun = [number for way, number in edits if way == "begins"]
    if not done and not (folder / "episode.json").exists():
        return
    title = json.loads((folder / "episode.json").read_text(encoding="utf-8"))["title"]
    if done and title not in {f"Titre {number}" for number in (done[-1], begun[-1])}:
        yield f"the title is {title!r}, acknowledged was {done[-1]}"
    if done and title == f"Titre {done[-1]}":  # one that was cut off need not be in all files yet
        number = done[-1]
        captions_follow(folder / ALIGNMENT)
        told = json.loads((folder / ALIGNMENT).read_text(encoding="utf-8"))["episode"]["title"]
        if told != title:
            yield f"episode.json says {title!r}, the alignment {told!r}"
        if f"Bastien {number}" not in (folder / "roue.vtt").read_text(encoding="utf-8"):
            yield f"episode.json says {title!r}, the captions are of another edit"


def _of_the_corrections(path: Path, said: list[list[str]]) -> Iterator[str]:
    """Every correction that was acknowledged is in the history, and all files are of the state that it leads to."""
    history = check_whole(path)
    kinds = {change.id: change.kind for change in history.changes}
    for number, wanted in (words for act, *words in said if act == "correct"):
        if kinds.get(int(number)) != wanted:
            yield f"acknowledged was change {number}, {wanted}; it is {kinds.get(int(number))}"
    captions_follow(path)
    # without changes, captions are as somebody has edited them
    contents = caption_contents(history.alignment, path) if history.changes else {}
    if other := [each.name for each, content in contents.items() if each.read_bytes() != content]:
        yield f"of another state: {other}"
    transcript = history.alignment.transcript
    if hashlib.sha256((path.parent / transcript.file).read_bytes()).hexdigest() != transcript.sha256:
        yield f"{transcript.file} is of another state"


def _warm_up(library: Path) -> None:
    """Have everything loaded, so that a server's life is not spent with that."""
    from tests.web.asking import Asker
    from web.app import create_app
    from web.settings import Settings

    asker = Asker(create_app(Settings(library)).test_client())
    for act in ("edit", "quote", "correct"):
        list(_do(act, 0, asker))


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=str(__doc__).splitlines()[0])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=30)
    given = parser.parse_args(arguments)
    chance, failures, counted = random.Random(given.seed), 0, Counter[str]()
    lab = Path(tempfile.mkdtemp(prefix="falls-"))
    try:
        with users_own(lab):
            adopt_orphans()
            work_without_workers()
            library, another = lab / "library", lab / "another"
            for folder in (library, another):
                prepare_save(folder)
                (folder / EPISODE / "episode.json").unlink()
                shutil.copytree(folder / EPISODE, folder / CORRECTED)
            _warm_up(another)
            for number in range(given.count):
                acknowledged = fall(library, random.Random(chance.random()), number * 1000)
                counted.update(line.split()[0] for line in acknowledged if " begins " not in line)
                found = [] if acknowledged[0] == "ready" else ["the server does not start"]
                found += _looked(library, acknowledged, lab)
                failures += bool(found)
                for line in found:
                    print(f"FAILED fall {number}: {line}", flush=True)
                if number % 5 == 4:  # what piles up takes time
                    for episode in library.glob("Nouveau*"):
                        shutil.rmtree(episode)
    finally:
        shutil.rmtree(lab, ignore_errors=True)
    told = ", ".join(f"{count} {act}" for act, count in sorted(counted.items()) if act != "ready")
    print(f"{given.count} falls of the server; acknowledged: {told}; failures: {failures}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
