"""Names that any file system takes: ``python -m tests.attack.names [--seed N] [--count N] [--only NAME] [--quick]``.

An episode whose sound, transcript, cover or folder, or whose library has such a name is looked at, played, downloaded,
searched, edited, cut, drawn, removed and brought back through the app, and taken through the command line. Beside the
names below, ``--count`` are made by chance. A failure is an answer of 500, a traceback, another file than the one that
was meant, or a name that was taken for an option.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import random
import subprocess
import sys
import tempfile
import unicodedata
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote_to_bytes

from flask import Flask

from aligner.model import Alignment
from aligner.storage.alignment_json import read_alignment
from aligner.storage.file_names import JSON_SUFFIX
from aligner.storage.outputs import output_name, write_outputs
from tests.attack.changes import picture, surroundings
from tests.attack.tally import Tally
from tests.perfect_ear import write_heard
from tests.web.asking import Asker
from tests.web.planting import plant_sample
from web.app import create_app
from web.jobs import Jobs
from web.settings import Settings

ROLES = ("sound", "transcript", "cover", "folder", "library")
NAMES = {
    "apostrophe": "L’été",
    "ligature and dash": "œuf — deux",
    "quotes": "a\"b'c`d",
    "newline": "two\nlines",
    "carriage return": "one\r\nSet-Cookie: a=b",
    "tab": "tab\there",
    "percent": "100%41 %s %(x)s %n",
    "address": "a#b?c&d=e;f",
    "encoded": "%2e%2e%2fa",
    "tags": "<b>x<!--",
    "option": "-x",
    "long option": "--help",
    "option with value": "--progress=none",
    "dash alone": "-",
    "leading space": " lead",
    "trailing space": "trail ",
    "trailing dot": "trail.",
    "leading dot": ".hidden",
    "two dots": "..a",
    "longest": "é" * 120,
    "longest of all": "a" * 251,
    "not UTF-8": "\udcff\udcfe x",
    "half a character": "a\udce9",
    "NFD": unicodedata.normalize("NFD", "été"),
    "NFC": unicodedata.normalize("NFC", "été"),
    "right to left": "\u202egnp.exe",
    "Arabic": "حلقة أولى",
    "Chinese": "第一集：漢字",
    "emoji": "🎙️👩‍👩‍👧 épisode",
    "device": "CON",
    "device with ending": "nul.x",
    "drive": "C:",
    "forbidden elsewhere": "a:b|c*d<e>f",
    "backslashes": "\\back\\slash",
    "shell": "$(touch owned);`touch owned`|&",
    "home": "~root",
    "template": "{path} {0} {{x}}",
    "controls": "a\x1b[31mb\x7f\x01",
    "separators": "a\u2028b\u2029c\x85d",
    "protocol": "pipe:0",
    "concatenation": "concat:a|b",
    "address of the web": "http:x",
    "pattern": "a[b]*?",
    "sequence": "a%03d",
    "equals": "a=b",
    "comma": "a,b;c",
    "spaces alone": "  ",
    "zero width": "a\u200bb\ufeff",
}
_WORDS = "3-9"
_SEARCHED = "promenade"


@dataclass(frozen=True, slots=True)
class Case:
    """An episode in which the thing in the ``role`` is called ``name``."""

    name: str
    role: str

    @property
    def is_shown(self) -> bool:
        """Whether the app shows it at all: what is hidden is nobody's episode."""
        return not self.name.startswith(".") or self.role in ("cover", "library")

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
        self.library = place / case.called("library", "library")
        self.folder = self.library / case.called("folder", "roue libre")
        self.folder.mkdir(parents=True)
        self.sound = f"{case.called('sound', 'episode')}.mp3"
        self.transcript = f"{case.called('transcript', 'words')}.txt"
        self.cover = f"{case.called('cover', 'cover')}.png"
        os.link(given / "episode.mp3", self.folder / self.sound)
        (self.folder / self.transcript).write_bytes((given / "transcript.txt").read_bytes())
        (self.folder / self.cover).write_bytes(picture(7))
        (self.folder / "heard.json").write_bytes((given / "heard.json").read_bytes())
        said = {"format": "quotecast-episode", "version": 1, "audio": self.sound, "transcript": self.transcript}
        (self.folder / "episode.json").write_text(json.dumps(said | {"cover": self.cover, "title": "Une promenade"}))
        self.stem = output_name(Path(self.sound))
        write_outputs(
            replace(
                alignment,
                audio=replace(alignment.audio, file=self.sound),
                transcript=replace(alignment.transcript, file=self.transcript),
                episode=replace(alignment.episode, cover=self.cover),
            ),
            self.folder,
            self.stem,
        )


class Visit:
    """A visit of the episode through the app, deed by deed."""

    def __init__(self, case: Case, app: Flask, episode: Episode) -> None:
        self._case, self._app, self._episode = case, app, episode
        self._ask = Asker(app.test_client())
        listed = app.extensions["library"].episodes()
        self._id = listed[0].id if listed else "none"

    def deeds(self, thorough: bool) -> Iterator[Callable[[], object]]:
        yield self.list
        yield self.read
        yield self.search
        yield self.play
        yield self.download
        yield self.show_cover
        yield self.keep
        if thorough and self._case.role in ("sound", "folder", "library"):
            yield self.prepare
            yield self.cut
        if thorough and self._case.role in ("sound", "cover"):
            yield self.paint
        yield self.edit
        yield self.upload
        yield self.remove

    def list(self) -> None:
        assert "Une promenade" in self._get("/").text or not self._case.is_shown
        self._get("/api/jobs")

    def read(self) -> None:
        page = self._get(f"/episodes/{self._id}").text
        assert "data-i=" in page or not self._case.is_shown
        self._get(f"/episodes/{self._id}/details")
        self._get(f"/api/episodes/{self._id}/details")
        self._get(f"/api/episodes/{self._id}/cues")

    def search(self) -> None:
        assert (self._id in self._get(f"/search?q={_SEARCHED}").text) or not self._case.is_shown

    def play(self) -> None:
        content = (self._episode.folder / self._episode.sound).read_bytes()
        path = f"/episodes/{self._id}/audio?as=given"
        part = self._get(path, Range="bytes=1000-1999")
        assert not self._case.is_shown or (part.status_code, part.data) == (206, content[1000:2000])
        assert not self._case.is_shown or self._get(path).data == content

    def download(self) -> None:
        folder, stem, named = self._episode.folder, self._episode.stem, "2025-03-15 Une promenade"
        for what in ("vtt", "srt", "json", "txt", "html"):
            answer = self._get(f"/episodes/{self._id}/download/{what}")
            if self._case.is_shown and what != "html":
                assert_named(answer, f"{named}{JSON_SUFFIX}" if what == "json" else f"{named}.{what}")
            if self._case.is_shown and what in ("vtt", "srt"):
                assert answer.data == (folder / f"{stem}.{what}").read_bytes()
        if self._case.is_shown:
            assert_named(self._get(f"/episodes/{self._id}/audio?download"), f"{named}.mp3")

    def show_cover(self) -> None:
        answer = self._get(f"/episodes/{self._id}/cover", hidden=self._case.name.startswith("."))
        assert answer.status_code == 404 or answer.data == picture(7)

    def keep(self) -> None:
        self._send("POST", "quotes", {"first": 3, "last": 9})
        self._get(f"/api/episodes/{self._id}/quotes")
        self._get(f"/api/episodes/{self._id}/selection?first=3&last=9")

    def prepare(self) -> None:
        job = self._send("POST", "prepare").json.get("job")
        if job:
            self._wait(job["id"])
        if self._case.is_shown:
            assert self._get(f"/episodes/{self._id}/peaks").status_code == 200
            self._get(f"/episodes/{self._id}/audio")
            self._get(f"/episodes/{self._id}/audio?download")

    def cut(self) -> None:
        self._make({"first": 3, "last": 9, "listen": False})

    def paint(self) -> None:
        self._make({"first": 3, "last": 9, "listen": False, "shape": "square"})

    def edit(self) -> None:
        form = {"title": "Une promenade, encore", "show": "", "date": "", "url": "", "language": ""}
        self._send("POST", "details", {"fields": form, "names": {}})
        if self._case.is_shown:
            found = self._app.extensions["library"].episode(self._id)
            assert (found.audio.name, found.transcript.name) == (self._episode.sound, self._episode.transcript)
            assert read_alignment(found.alignment).episode.title == "Une promenade, encore"

    def upload(self) -> None:
        """What comes under such a name gets one that is safe everywhere."""
        name = quote(os.fsencode(f"{self._case.name}.txt"))
        token = self._ask.post("/api/incoming").json["token"]
        headers = {"X-CSRF-Token": self._ask._headers["X-CSRF-Token"], "X-File-Name": name}
        text = b"Anna : Bonjour, promenade.\n"
        self._check(self._ask.client.put(f"/api/incoming/{token}/transcript", data=text, headers=headers))
        answer = self._ask.post(f"/api/episodes/{self._id}/transcript/{token}")
        self._check(answer, hidden=not self._case.is_shown)
        if self._case.is_shown:
            self._ask.post(f"/api/jobs/{answer.json['job']}/cancel")

    def remove(self) -> None:
        if self._case.is_shown:
            token = self._send("POST", "remove").json["token"]
            self._get(f"/?removed={token}")
            self._check(self._ask.post(f"/api/trash/{token}/restore"))
            assert "Une promenade" in self._get("/").text

    def _make(self, export: dict[str, Any]) -> None:
        made = self._send("POST", "clips", {"exports": [export]})
        if not self._case.is_shown:
            return
        self._wait(made.json["jobs"][0]["id"])
        clips = self._get(f"/api/episodes/{self._id}/clips").json["clips"]
        clip = next(clip for clip in clips if clip["name"] == made.json["jobs"][0]["output"].removeprefix("clips/"))
        for name in clip["files"]:
            assert_named(self._get(f"/episodes/{self._id}/clips/{clip['id']}/{quote(name)}?download"), name)
        bundle = self._get(f"/episodes/{self._id}/clips.zip?clip={clip['id']}")
        assert sorted(zipfile.ZipFile(io.BytesIO(bundle.data)).namelist()) == sorted(clip["files"])
        token = self._check(
            self._ask.client.delete(f"/api/episodes/{self._id}/clips/{clip['id']}", headers=self._ask._headers)
        ).json["token"]
        self._send("POST", f"clips/restore/{token}")

    def _wait(self, job_id: str) -> None:
        jobs: Jobs = self._app.extensions["jobs"]
        job = jobs.wait(job_id, 300)
        assert job.state == "done", job.message

    def _get(self, path: str, hidden: bool | None = None, **headers: str) -> Any:
        hidden = not self._case.is_shown if hidden is None else hidden
        return self._check(self._ask.client.get(path, headers=headers), hidden)

    def _send(self, method: str, what: str, body: object = None) -> Any:
        path = f"/api/episodes/{self._id}/{what}"
        answer = self._ask.client.open(path, method=method, json=body, headers=self._ask._headers)
        return self._check(answer, hidden=not self._case.is_shown)

    def _check(self, answer: Any, hidden: bool = False) -> Any:
        assert answer.status_code < (500 if hidden else 400), (
            f"{answer.request.path}: {answer.status}: {answer.text:.200}"
        )
        return answer


def assert_named(answer: Any, name: str) -> None:
    """A browser keeps the answer under ``name``, as far as that can be sent."""
    header = answer.headers["Content-Disposition"]
    assert not set(header) & set("\r\n"), header
    exact = header.partition("filename*=UTF-8''")[2]
    told = unquote_to_bytes(exact).decode() if exact else header.partition("filename=")[2].strip('"')
    wanted = "".join("_" if told[k : k + 1] == "_" else c for k, c in enumerate(name))
    assert told == wanted, f"{header}: {name!r}"


def commands(episode: Episode, role: str) -> Iterator[tuple[str, list[str], str]]:
    """What is done on the command line in the episode's folder, and the file that it writes there. Where folders are
    what matters, all is named with them."""
    place = f"{episode.folder.absolute()}/" if role in ("folder", "library") else ""
    stem, given = episode.stem, [f"{place}{episode.sound}", f"{place}{episode.transcript}"]
    alignment = f"{place}{stem}{JSON_SUFFIX}"
    yield "check", ["check", "--", f"{place}{stem}.vtt"], f"{stem}.vtt"
    yield "export", ["export", "--to", "srt", "-o", f"{place}out.srt", "--", alignment], "out.srt"
    heard = ["--hypothesis", f"{place}heard.json", "--cover", f"{place}{episode.cover}", "--progress", "json"]
    yield "align", ["align", *heard, "--", *given], f"{stem}{JSON_SUFFIX}"
    if role == "sound":
        words = ["--words", _WORDS, "--no-listen"]
        yield "clip", ["clip", *words, "-o", "out.mp3", "--", alignment], "out.mp3"
        yield "clip, named", ["clip", *words, "-o", f"{stem}2.m4a", "--", alignment], f"{stem}2.m4a"
    if role in ("sound", "cover"):
        still = ["audiogram", "--words", _WORDS, "--still", "1", "--cover", episode.cover, "-o", "out.png"]
        yield "still", [*still, "--", alignment], "out.png"


def run_commands(episode: Episode, role: str, tally: Tally, blame: Callable[[str, object], None]) -> None:
    for what, arguments, output in commands(episode, role):
        tally.counts[f"command line: {what}"] += 1
        command = [sys.executable, "-P", "-m", "aligner", *arguments]
        done = subprocess.run(command, cwd=episode.folder, capture_output=True, timeout=300, check=False)
        said = done.stderr.decode("utf-8", "replace")
        if done.returncode not in (0, 4) or "Traceback" in said:
            blame(f"command line: {what}", f"status {done.returncode}: {said[-300:]}")
        elif not (episode.folder / output).is_file():
            blame(f"command line: {what}", f"no {output!r:.80}")


def attack_case(case: Case, thorough: bool, tally: Tally) -> None:
    """Everything with one name in one role."""

    def blame(what: str, error: object) -> None:
        tally.failures.append(ascii(f"{case.role} {case.name[:40]!r}: {what}: {str(error)[:400]}"))
        print(tally.failures[-1], file=sys.stderr, flush=True)

    with tempfile.TemporaryDirectory() as place, surroundings(Path(place) / "own"):
        try:
            episode = Episode(case, Path(place))
        except OSError as error:  # as on a system whose names must be text
            tally.counts[f"not possible here: {error.strerror}"] += 1
            return
        app = create_app(Settings(episode.library))
        jobs: Jobs = app.extensions["jobs"]
        jobs.resume()
        try:
            visit = Visit(case, app, episode)
            for deed in visit.deeds(thorough):
                tally.counts[f"app: {deed.__name__}"] += 1
                try:
                    deed()
                except Exception as error:
                    blame(deed.__name__, f"{type(error).__name__}: {error}")
        finally:
            jobs.close()
        if thorough:
            with tempfile.TemporaryDirectory() as again:
                run_commands(Episode(case, Path(again)), case.role, tally, blame)
        for owned in ("owned", "own.mp3"):
            if (episode.folder / owned).exists():
                blame("shell", "a command in the name was run")


def random_name(chance: random.Random) -> str:
    """Characters of all kinds, as many as fit."""
    alphabet = "aé œ’\"'`\\<>&;|*?%#{}[]()-_.,=+~!@$^\t\n\r\x01\x7f\u0301\u200f\u202e🎙漢\udc80\udcff"
    while True:
        name = "".join(chance.choice(alphabet) for _ in range(chance.randint(1, 60)))
        if name not in (".", "..") and len(os.fsencode(name)) < 240:
            return name


def attack(names: list[str], roles: tuple[str, ...] = ROLES, thorough: bool = True) -> Tally:
    """Each name in each role."""
    tally = Tally()
    for name in names:
        for role in roles:
            if len(os.fsencode(f"{name}.mp3")) <= 255:
                attack_case(Case(name, role), thorough, tally)
    return tally


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--only", help="one of the names, by what it stands for")
    parser.add_argument("--role", choices=ROLES, help="what has the name; all of them in turn if not given")
    parser.add_argument("--quick", action="store_true", help="the pages alone, without jobs and commands")
    given = parser.parse_args()
    chance = random.Random(given.seed)
    names = [NAMES[given.only]] if given.only else [*NAMES.values(), *(random_name(chance) for _ in range(given.count))]
    roles = (given.role,) if given.role else ROLES
    tally = attack(names, roles, thorough=not given.quick)
    return tally.told(f"{len(names)} names, {len(roles)} roles, seed {given.seed}", most=0)  # each was told as it came


if __name__ == "__main__":
    sys.exit(main())
