"""Names that any file system takes: ``python -m tests.attack.names [--only NAME] [--quick]``.

An episode whose audio or folder has such a name is viewed, played, downloaded, edited, cut, drawn, removed and restored
through the app, and processed by the command line. A failure is an answer of 400 or more, a traceback, another file
than the one that was meant, or a name that was taken for an option.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from unittest.mock import patch
from urllib.parse import quote

from flask import Flask

from aligner.model import Alignment
from aligner.outputs import write_outputs
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from tests.perfect_ear import write_heard
from tests.places import ROOT
from tests.web.asking import Asker
from tests.web.planting import plant_sample
from tests.web.watching import over
from web.app import create_app
from web.jobs import Jobs
from web.settings import Settings

ROLES = ("sound", "folder")
NAMES = {
    "apostrophe": "L’été",
    "quotes": "a\"b'c`d",
    "newline": "one\r\nSet-Cookie: a=b",
    "address": "100%41 a#b?c&d=e;f",
    "encoded": "%2e%2e%2fa",
    "tags": "<b>x<!--",
    "option": "-x",
    "long option": "--help",
    "spaces": " trail. ",
    "longest": "a" * 230,
    "not UTF-8": "\udcff\udcfe x",
    "right to left": "\u202egnp.exe",
    "emoji": "🎙️👩‍👩‍👧 épisode",
    "forbidden elsewhere": "a:b|c*d<e>f",
    "backslashes": "\\back\\slash",
    "shell": "$(touch owned);`touch owned`|&",
    "template": "{path} {0} %(x)s %n",
    "controls": "a\x1b[31mb\x7f\x01\u2028",
    "protocol": "pipe:0",
    "concatenation": "concat:a|b",
    "sequence": "a%03d[b]*?",
}
_WORDS = "3-9"


@dataclass(frozen=True, slots=True)
class Case:
    """An episode in which the thing in the ``role`` is called ``name``."""

    name: str
    role: str

    def called(self, role: str, otherwise: str) -> str:
        return self.name if self.role == role else otherwise


@cache
def sample() -> tuple[Path, Alignment]:
    """The sample's folder and alignment, kept until the end."""
    folder = plant_sample(Path(tempfile.mkdtemp(prefix="names-")) / "sample")
    write_heard(folder / "heard.json")
    return folder, read_alignment(folder / "episode.alignment.json")


class Episode:
    """The episode of a case, laid into a library in ``place``."""

    def __init__(self, case: Case, place: Path) -> None:
        given, alignment = sample()
        self.library = place / "library"
        self.folder = self.library / case.called("folder", "roue libre")
        self.folder.mkdir(parents=True)
        self.sound = f"{case.called('sound', 'episode')}.mp3"
        os.link(given / "episode.mp3", self.folder / self.sound)
        (self.folder / "words.txt").write_bytes((given / "transcript.txt").read_bytes())
        (self.folder / "heard.json").write_bytes((given / "heard.json").read_bytes())
        said = {"format": "quotecast-episode", "version": 1, "audio": self.sound, "transcript": "words.txt"}
        (self.folder / "episode.json").write_text(json.dumps(said | {"title": "Une promenade"}))
        self.stem = Path(self.sound).stem
        write_outputs(
            replace(
                alignment,
                audio=replace(alignment.audio, file=self.sound),
                transcript=replace(alignment.transcript, file="words.txt"),
            ),
            self.folder,
            self.stem,
        )


class Visit:
    """A visit of the episode through the app, deed by deed."""

    def __init__(self, app: Flask, episode: Episode) -> None:
        self._app, self._episode = app, episode
        self._ask = Asker(app.test_client())
        self._id = app.extensions["library"].episodes()[0].id

    def deeds(self, thorough: bool) -> Iterator[Callable[[], object]]:
        yield from (self.read, self.play, self.download)
        if thorough:
            yield from (self.prepare, self.cut)
        yield from (self.edit, self.remove)

    def read(self) -> None:
        assert "Une promenade" in self._get("/").text
        assert "data-i=" in self._get(f"/episodes/{self._id}").text
        assert self._id in self._get("/search?q=promenade").text

    def play(self) -> None:
        content = (self._episode.folder / self._episode.sound).read_bytes()
        path = f"/episodes/{self._id}/audio?as=given"
        assert self._get(path).data == content
        part = self._get(path, Range="bytes=1000-1999")
        assert (part.status_code, part.data) == (206, content[1000:2000])

    def download(self) -> None:
        for what in ("vtt", "srt"):
            answer = self._get(f"/episodes/{self._id}/download/{what}")
            assert answer.data == (self._episode.folder / f"{self._episode.stem}.{what}").read_bytes()

    def prepare(self) -> None:
        if job := self._post(f"/api/episodes/{self._id}/prepare").get("job"):
            self._wait(job["id"])
        self._get(f"/episodes/{self._id}/peaks")

    def cut(self) -> None:
        export = {"first": 3, "last": 9, "listen": False}
        for shape in ({}, {"shape": "square"}):
            made = self._post(f"/api/episodes/{self._id}/clips", {"exports": [export | shape]})
            self._wait(made["jobs"][0]["id"])
        for clip in self._get(f"/api/episodes/{self._id}/clips").json["clips"]:
            for name in clip["files"]:
                self._get(f"/episodes/{self._id}/clips/{clip['id']}/{quote(name)}?download")

    def edit(self) -> None:
        fields = {"title": "Une promenade, encore", "show": "", "date": "", "url": "", "language": ""}
        self._post(f"/api/episodes/{self._id}/details", {"fields": fields, "names": {}})
        found = self._app.extensions["library"].episode(self._id)
        assert found.audio.name == self._episode.sound
        assert read_alignment(found.alignment).episode.title == "Une promenade, encore"

    def remove(self) -> None:
        token = self._post(f"/api/episodes/{self._id}/remove")["token"]
        self._get(f"/?removed={token}")
        self._post(f"/api/trash/{token}/restore")
        assert "Une promenade" in self._get("/").text

    def _wait(self, job_id: str) -> None:
        jobs: Jobs = self._app.extensions["jobs"]
        job = over(jobs, job_id)
        assert job.state == "done", job.message

    def _get(self, path: str, **headers: str) -> Any:
        return _good(self._ask.client.get(path, headers=headers))

    def _post(self, path: str, body: object = None) -> Any:
        return _good(self._ask.post(path, body)).json


def _good(answer: Any) -> Any:
    assert answer.status_code < 400, f"{answer.request.path}: {answer.status}: {answer.text:.200}"
    answer.get_data()  # all of it, before the file that it is sent from is closed
    answer.close()
    return answer


def commands(episode: Episode, role: str) -> Iterator[tuple[list[str], str]]:
    """What is done on the command line in the episode's folder, and the file that it writes there. Where the folder's
    name matters, all files are named with it."""
    place = f"{episode.folder.absolute()}/" if role == "folder" else ""
    alignment = f"{place}{episode.stem}{JSON_SUFFIX}"
    given = [f"{place}{episode.sound}", f"{place}words.txt"]
    yield ["export", "--to", "srt", "-o", f"{place}out.srt", "--", alignment], "out.srt"
    yield ["align", "--hypothesis", f"{place}heard.json", "--", *given], f"{episode.stem}{JSON_SUFFIX}"
    yield ["clip", "--words", _WORDS, "--no-listen", "-o", "out.mp3", "--", alignment], "out.mp3"
    yield ["audiogram", "--words", _WORDS, "--still", "1", "-o", "out.png", "--", alignment], "out.png"


def run_commands(episode: Episode, role: str) -> Iterator[str]:
    for arguments, output in commands(episode, role):
        command = [sys.executable, "-P", "-m", "aligner", *arguments]
        done = subprocess.run(command, cwd=episode.folder, capture_output=True, timeout=300, check=False)
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode not in (0, 4) or "Traceback" in said:
            yield f"{arguments[0]}: status {done.returncode}: {said[-300:]}"
        elif not (episode.folder / output).is_file():
            yield f"{arguments[0]}: no {output!r:.80}"


def failures(case: Case, thorough: bool) -> list[str]:
    """What goes wrong with a name in a role; where ``thorough``, in jobs and on the command line too."""
    wrong = list[str]()
    with tempfile.TemporaryDirectory() as place:
        own = {"QUOTECAST_CACHE": f"{place}/cache", "QUOTECAST_CONFIG": f"{place}/own", "PYTHONPATH": str(ROOT)}
        with patch.dict("os.environ", own):
            episode = Episode(case, Path(place))
            app = create_app(Settings(episode.library))
            jobs: Jobs = app.extensions["jobs"]
            jobs.resume()
            try:
                for deed in Visit(app, episode).deeds(thorough):
                    try:
                        deed()
                    except Exception as error:
                        wrong.append(f"{deed.__name__}: {type(error).__name__}: {error}")
            finally:
                jobs.close()
            if thorough:
                wrong += run_commands(Episode(case, Path(place) / "again"), case.role)
            if list(Path(place).rglob("owned")):
                wrong.append("a command in the name was run")
    return [ascii(f"{case.role} {case.name[:40]!r}: {each[:400]}") for each in wrong]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", help="one of the names, by what it stands for")
    parser.add_argument("--quick", action="store_true", help="the pages alone, without jobs and commands")
    given = parser.parse_args()
    names = [NAMES[given.only]] if given.only else [*NAMES.values()]
    wrong = [each for name in names for role in ROLES for each in failures(Case(name, role), not given.quick)]
    print(f"{len(names)} names, {len(ROLES)} roles, {len(wrong)} failures", *wrong, sep="\n")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit(main())
