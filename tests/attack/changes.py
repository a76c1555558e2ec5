"""Several people change one episode at once: ``python -m tests.attack.changes [--seed N] [--count N]``.

In each round one changes title and speakers' names, one the show and the cover, one replaces the transcript, one keeps
a quote and one asks for another alignment, each as soon as they can and in an order that chance chooses; alignments,
each of which takes a moment, begin and are ended meanwhile. Whoever is told that something has changed looks and tries
again, as a person does. A round is lost where, once all is quiet, something that was accepted is not there.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar
from unittest.mock import patch

from flask import Flask

from aligner.model import EpisodeDetails
from aligner.storage.alignment_json import read_alignment
from aligner.storage.outputs import write_outputs
from aligner.transcript import read_transcript, renamed
from tests.places import ROOT
from tests.web.asking import Asker
from tests.web.planting import plant_sample
from web.app import create_app
from web.jobs import Jobs
from web.jobs.kinds import Align
from web.settings import Settings

ID = "roue-libre"
LABEL = "Inès Vauquelin"
_PATIENCE = 60.0  # seconds for what should take one


@dataclass(frozen=True, slots=True, kw_only=True)
class QuickAlign(Align):
    """An alignment that listens to nothing: the words keep the times that they have, all else is told anew."""

    kind: ClassVar[str] = Align.kind
    seconds: float = 0.0

    def command(self) -> list[str]:
        told = [json.dumps([self.title, self.show, self.cover, dict(self.names)]), self.transcript, str(self.seconds)]
        return ["tests.attack.changes", "--align", *told]


def align_quickly(told: str, transcript: str, seconds: str) -> None:
    """What the process of a ``QuickAlign`` does in the episode's folder."""
    [path] = Path().glob("*.alignment.json")
    old = read_alignment(path)
    title, show, cover, names = json.loads(told)
    time.sleep(float(seconds))
    segments = renamed(read_transcript(Path(transcript)), names).segments
    timed = tuple(replace(t, segment=s) for t, s in zip(old.segments, segments, strict=True))
    new = replace(old, episode=EpisodeDetails(title, show, None, None, cover), segments=timed)
    write_outputs(new, Path(), path.name.removesuffix(".alignment.json"))


@dataclass(slots=True)
class Tally:
    """What happened in the rounds, by its kind."""

    counts: Counter[str] = field(default_factory=Counter)
    alignments: dict[str, str] = field(default_factory=dict)
    lost: list[str] = field(default_factory=list)


class Round:
    """One round at the episode of ``app``; ``number`` tells what it writes from what others wrote."""

    def __init__(self, app: Flask, folder: Path, number: int, chance: random.Random, tally: Tally) -> None:
        self._app, self._folder, self._number, self._tally = app, folder, number, tally
        self._waits = [chance.uniform(0, 0.3) for _ in range(5)]
        self._quote = ""

    def run(self) -> None:
        deeds = [self._title, self._show, self._transcript, self._keep, self._align]
        threads = [threading.Thread(target=self._do, args=each) for each in zip(deeds, self._waits, strict=True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_PATIENCE)
        self._quiet()
        self._look()

    def _do(self, deed: Callable[[Asker], object], wait: float) -> None:
        time.sleep(wait)
        try:
            deed(Asker(self._app.test_client()))
        except Exception as error:
            self._tally.lost.append(f"round {self._number}: {deed.__name__}: {error!r}")

    def _title(self, ask: Asker) -> None:
        self._edit(ask, {"title": f"Title {self._number}"}, {LABEL: f"Inès {self._number}"})

    def _show(self, ask: Asker) -> None:
        token = ask.upload(cover=("cover.png", picture(self._number)))
        self._edit(ask, {"show": f"Show {self._number}"}, {}, token)

    def _edit(self, ask: Asker, fields: dict[str, str], names: dict[str, str], token: str = "") -> None:
        """Change some fields and leave the others as they are, from a form that shows what there is."""
        known = self._form(ask)
        while True:
            shown = {name: known[name] or "" for name in ("title", "show", "date", "url", "language")}
            body = {"fields": shown | fields, "names": known["names"] | names, "token": token}
            answer = ask.post(f"/api/episodes/{ID}/details", body | {"version": known["version"]})
            self._tally.counts[f"details saved: {answer.status_code}"] += 1
            if answer.status_code != 409:
                assert answer.status_code == 200, answer.text
                return
            known = self._form(ask)

    def _form(self, ask: Asker) -> dict[str, Any]:
        known: dict[str, Any] = ask.get(f"/api/episodes/{ID}/details")
        return known

    def _transcript(self, ask: Asker) -> None:
        """Two replace the same transcript, of which one is told that the other has."""
        text = (self._folder / "transcript.txt").read_bytes().rstrip()
        known, statuses = self._form(ask)["transcript_version"], list[int]()

        def replace_it(ends: int) -> None:
            another = Asker(self._app.test_client())
            token = another.upload(transcript=("transcript.txt", text + b"\n" * ends))
            answer = another.post(f"/api/episodes/{ID}/transcript/{token}", {"version": known})
            statuses.append(answer.status_code)

        ends = 3 * (self._number % 2)  # others than what is there
        threads = [threading.Thread(target=replace_it, args=(ends + k,)) for k in (2, 3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(_PATIENCE)
        self._tally.counts.update(f"transcript replaced: {status}" for status in statuses)
        assert sorted(statuses) == [202, 409], statuses

    def _keep(self, ask: Asker) -> None:
        answer = ask.post(f"/api/episodes/{ID}/quotes", {"first": self._number, "last": self._number + 3})
        self._tally.counts[f"quote kept: {answer.status_code}"] += 1
        assert answer.status_code == 201, answer.text
        self._quote = answer.json["id"]

    def _align(self, ask: Asker) -> None:
        answer = ask.post(f"/api/episodes/{ID}/align")
        self._tally.counts[f"alignment asked for: {answer.status_code}"] += 1
        assert answer.status_code == 202, answer.text

    def _quiet(self) -> None:
        jobs: Jobs = self._app.extensions["jobs"]
        for job in jobs.of(self._folder):
            ended = jobs.wait(job.id, _PATIENCE)
            self._tally.alignments[job.id] = ended.state
            if ended.state == "failed":
                self._tally.lost.append(f"round {self._number}: the alignment failed: {ended.message}")

    def _look(self) -> None:
        said = json.loads((self._folder / "episode.json").read_text(encoding="utf-8"))
        alignment = read_alignment(self._folder / "episode.alignment.json")
        speakers = {timed.segment.speaker for timed in alignment.segments}
        kept = json.loads((self._folder / "quotes.json").read_text(encoding="utf-8"))["quotes"]
        expected = {
            "title": (said["title"], f"Title {self._number}"),
            "show": (said["show"], f"Show {self._number}"),
            "name of a speaker": (said["names"].get(LABEL), f"Inès {self._number}"),
            "cover": ((self._folder / "cover.png").read_bytes(), picture(self._number)),
            "title in the alignment": (alignment.episode.title, f"Title {self._number}"),
            "show in the alignment": (alignment.episode.show, f"Show {self._number}"),
            "cover in the alignment": (alignment.episode.cover, "cover.png"),
            "name in the alignment": (f"Inès {self._number}" in speakers, True),
            "quote": (any(quote["id"] == self._quote for quote in kept), True),
        }
        for what, (found, wanted) in expected.items():
            if found != wanted:
                self._tally.lost.append(f"round {self._number}: the {what} is {found!r:.60}, not {wanted!r:.60}")


def picture(number: int) -> bytes:
    from PIL import Image

    content = io.BytesIO()
    Image.new("RGB", (8, 8), (number % 256, number // 256, 0)).save(content, "PNG")
    return content.getvalue()


@contextlib.contextmanager
def surroundings(place: Path) -> Iterator[None]:
    """A cache and a configuration of their own for what is attacked, whose children run this checkout."""
    own = {"QUOTECAST_CACHE": str(place / "cache"), "QUOTECAST_CONFIG": str(place / "own"), "PYTHONPATH": str(ROOT)}
    with patch.dict("os.environ", own):
        yield


@contextlib.contextmanager
def episode(place: Path, chance: random.Random) -> Iterator[tuple[Flask, Path]]:
    """A library in ``place`` with one aligned episode, and its app whose alignments take a moment."""
    folder = plant_sample(place / "library" / ID)
    app = create_app(Settings(folder.parent))
    jobs: Jobs = app.extensions["jobs"]

    def quick(**fields: Any) -> QuickAlign:
        return QuickAlign(**fields, seconds=chance.uniform(0, 0.3))

    with patch("web.context.Align", side_effect=quick, kind=Align.kind):
        jobs.resume()
        try:
            yield app, folder
        finally:
            jobs.close()


def attack(seed: int, count: int) -> Tally:
    """``count`` rounds."""
    chance, tally = random.Random(seed), Tally()
    with (
        tempfile.TemporaryDirectory() as place,
        surroundings(Path(place)),
        episode(Path(place) / "library", chance) as (app, folder),
    ):
        for number in range(1, count + 1):
            Round(app, folder, number, chance, tally).run()
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=200)
    given = parser.parse_args()
    tally = attack(given.seed, given.count)
    print(f"{given.count} rounds, seed {given.seed}")
    ended = Counter(f"alignment {state}" for state in tally.alignments.values())
    for what, count in sorted((tally.counts + ended).items()):
        print(f"{count:6}  {what}")
    print(f"{len(tally.lost):6}  lost", *tally.lost[:20], sep="\n")
    return 1 if tally.lost else 0


if __name__ == "__main__":
    if sys.argv[1:2] == ["--align"]:
        align_quickly(*sys.argv[2:])
    else:
        sys.exit(main())
