"""The app and the command line accept every file name that the file system accepts."""

import json
import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from aligner.outputs import write_outputs
from aligner.storage.alignment_json import read_alignment
from tests.attack.effort import EFFORT
from tests.tables import over_rows
from tests.web.asking import Asker
from web.app import create_app
from web.settings import Settings

pytestmark = pytest.mark.nightly

NAMES = {
    "apostrophe": "L’été",
    "newline": "one\r\nSet-Cookie: a=b",
    "long option": "--help",
    "not UTF-8": "\udcff\udcfe x",
    "longest": "a" * 230,
    "tags": "<b>x<!--",
    "address": "100%41 a#b?c&d=e;f",
    "right to left": "\u202egnp.exe",
    "shell": "$(touch owned);`touch owned`|&",
    "template": "{path} {0} %(x)s %n",
    "controls": "a\x1b[31mb\x7f\x01\u2028",
    "protocol": "pipe:0",
    "concatenation": "concat:a|b",
    "sequence": "a%03d[b]*?",
}
_THOROUGH = {name: NAMES[name] for name in ("apostrophe", "long option", "not UTF-8")} if EFFORT <= 1 else NAMES


def lay_out(library: Path, sample: Path, audio: str, folder: str) -> Path:
    """Write the sample as an episode whose audio and folder have those names; return its alignment."""
    (made := library / folder).mkdir(parents=True)
    shutil.copy(sample / "episode.mp3", made / f"{audio}.mp3")
    shutil.copy(sample / "transcript.txt", made / "words.txt")
    details = {"format": "quotecast-episode", "version": 1, "audio": f"{audio}.mp3", "transcript": "words.txt"}
    (made / "episode.json").write_text(json.dumps({**details, "title": "Une promenade"}))
    alignment = read_alignment(sample / "episode.alignment.json")
    named = replace(
        alignment,
        audio=replace(alignment.audio, file=f"{audio}.mp3"),
        transcript=replace(alignment.transcript, file="words.txt"),
    )
    write_outputs(named, made, audio)
    return made / f"{audio}.alignment.json"


class Visit:
    """A visit of the library's one episode through the app."""

    def __init__(self, app: Flask, alignment: Path) -> None:
        self._app, self._ask = app, Asker(app.test_client())
        self._folder, self._stem = alignment.parent, alignment.name.removesuffix(".alignment.json")
        self._id = app.extensions["library"].episodes()[0].id

    def read(self) -> None:
        assert "Une promenade" in self._get("/").text
        assert "data-i=" in self._get(f"/episodes/{self._id}").text
        assert self._id in self._get("/search?q=promenade").text
        for what in ("vtt", "srt"):
            answer = self._get(f"/episodes/{self._id}/download/{what}")
            assert answer.data == (self._folder / f"{self._stem}.{what}").read_bytes()
        for what in ("vtt", "txt", "json", "html"):
            header = self._get(f"/episodes/{self._id}/download/{what}").headers["Content-Disposition"]
            assert header.isascii()
            assert header.isprintable()

    def play(self) -> None:
        content = (self._folder / f"{self._stem}.mp3").read_bytes()
        path = f"/episodes/{self._id}/audio?as=given"
        assert self._get(path).data == content
        part = self._get(path, Range="bytes=1000-1999")
        assert (part.status_code, part.data) == (206, content[1000:2000])

    def edit(self) -> None:
        fields = {"title": "Une promenade, encore", "show": "", "date": "", "url": "", "language": ""}
        self._post(f"/api/episodes/{self._id}/details", {"fields": fields, "names": {}})
        found = self._app.extensions["library"].episode(self._id)
        assert found.audio.name == f"{self._stem}.mp3"
        assert read_alignment(found.alignment).episode.title == "Une promenade, encore"

    def remove(self) -> None:
        token = self._post(f"/api/episodes/{self._id}/remove")["token"]
        self._get(f"/?removed={token}")
        self._post(f"/api/trash/{token}/restore")
        assert "Une promenade" in self._get("/").text

    def _get(self, path: str, **headers: str) -> Any:
        return _good(self._ask.client.get(path, headers=headers))

    def _post(self, path: str, body: object = None) -> Any:
        return _good(self._ask.post(path, body)).json


def _good(answer: Any) -> Any:
    assert answer.status_code < 400, f"{answer.request.path}: {answer.status}: {answer.text:.200}"
    answer.get_data()  # all of it, before the file that it is sent from is closed
    answer.close()
    return answer


def visit(alignment: Path) -> None:
    """Read, play, edit, remove and restore the episode."""
    made = Visit(create_app(Settings(alignment.parents[1])), alignment)
    for deed in (made.read, made.play, made.edit, made.remove):
        deed()


@over_rows("name", NAMES)
def test_an_episode_with_audio_of_any_name_is_read_played_edited_and_restored(
    name: str, tmp_path: Path, sample: Path
) -> None:
    visit(lay_out(tmp_path, sample, name, "roue libre"))


@over_rows("name", _THOROUGH)
@over_rows("role", ["audio", "folder"])
def test_commands_accept_any_file_name(name: str, role: str, tmp_path: Path, sample: Path) -> None:
    names = {"audio": "episode", "folder": "roue libre", role: name}
    alignment = lay_out(tmp_path, sample, **names)
    visit(alignment)
    # Where the folder's name matters, all files are named with it.
    given = str(alignment) if role == "folder" else alignment.name
    output = f"{alignment.parent}/out" if role == "folder" else "out"
    for ending, command in {
        "srt": ("export", "--to", "srt"),
        "mp3": ("clip", "--words", "3-9", "--no-listen"),
        "png": ("audiogram", "--words", "3-9", "--still", "1"),
    }.items():
        line = [sys.executable, "-P", "-m", "aligner", *command, "-o", f"{output}.{ending}", "--", given]
        done = subprocess.run(line, cwd=alignment.parent, capture_output=True, timeout=300, check=False)
        assert done.returncode in (0, 4), done.stderr
        assert (alignment.parent / f"out.{ending}").is_file()
    assert not [*tmp_path.rglob("owned")]
