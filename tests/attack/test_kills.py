"""Work that is killed, interrupted or out of disk space leaves old files or new ones, no others."""

import json
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
from PIL import Image

from aligner.outputs import caption_contents, captions_follow
from aligner.storage.alignment_json import read_alignment
from aligner.storage.history import changed, open_history, recover
from aligner.storage.undoing import undo, undoable
from media.temporary import sweep
from tests.aligner.command import quotecast_here
from tests.aligner.retiming.recut import Piece, recut
from tests.aligner.storage.corrected import check_whole, laid_out, set_right
from tests.attack.dying import Death, run
from tests.attack.effort import often
from tests.paths import SAMPLE
from tests.web.planting import align, plant_sample
from web.library import Library
from web.library.changing import EpisodeForm, create, edit, labels_of, replace_transcript
from web.library.incoming import Incoming, recover_uploads
from web.quotes.saved import save_quote

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")

Tree = Mapping[str, bytes]
TEMPORARY = re.compile(r"(^|/)\.?quotecast-[^/]+-[^/]+")
UPLOAD = "b" * 32
ALIGNMENT = "talk/episode.alignment.json"
FOLLOWING = r"\.(vtt|srt)$"
OWN = r"\.bak\d*$|/versions/"
"""Copies of what somebody edited, which are looked for apart, and versions, which are called by the time."""


@dataclass(frozen=True, slots=True)
class Scene:
    """``work`` in a library that ``prepare`` lays out. All its files but the ``ignored`` must be the old or the new
    ones after a kill; only the ``first`` of them where the work replaces one after the other."""

    prepare: Callable[[Path], object]
    work: Callable[[Path], object]
    ignored: str = OWN
    first: str | None = None

    def seen(self, library: Path) -> Tree:
        """Return the content of the files, without ids and times of day that differ from run to run."""
        found = {path.relative_to(library).as_posix(): path for path in library.rglob("*") if path.is_file()}
        return {name: stable(name, path.read_bytes()) for name, path in found.items() if not self._is_ignored(name)}

    def at_once(self, seen: Tree) -> Tree:
        return seen if self.first is None else {name: seen[name] for name in seen if name == self.first}

    def _is_ignored(self, name: str) -> bool:
        return bool(re.search(self.ignored, name) or TEMPORARY.search(name))


def stable(name: str, content: bytes) -> bytes:
    if name.endswith("quotes.json"):
        return json.dumps([[quote["text"], quote["char_start"]] for quote in json.loads(content)["quotes"]]).encode()
    return re.sub(rb'"(when|temporary)":"[^"]*"', b"", content) if name.endswith(".history.jsonl") else content


def command(*arguments: object) -> int:
    done = quotecast_here(*arguments)
    print(done.stderr, file=sys.stderr)
    return done.returncode


def edited(library: Path) -> Path:
    """Lay out the sample with captions that somebody edited and another transcript than the aligned one."""
    folder = plant_sample(library / "talk")
    for name in ("episode.srt", "transcript.txt"):
        with (folder / name).open("a", encoding="utf-8") as file:
            file.write("\nUne phrase de plus.\n")
    return folder


def with_clip(library: Path) -> Path:
    folder = edited(library)
    quotecast_here("clip", folder / "episode.alignment.json", "--words", "100-109", "-o", clip(library), "--no-listen")
    clip(library).with_suffix(".txt").write_text("edited by hand", encoding="utf-8")
    return folder


def clip(library: Path) -> Path:
    return library / "talk" / "clips" / "quote.mp3"


def with_cover(library: Path) -> None:
    folder = edited(library)
    (folder / "episode.json").write_text("my notes", encoding="utf-8")
    for path, colour in ((folder / "cover.png", "red"), (library / "new.png", "blue")):
        Image.new("RGB", (8, 8), colour).save(path)


def save_details(library: Path) -> None:
    episode = Library(library).episode("talk")
    names = {label: f"{label} Martin" for label in labels_of(episode)}
    edit(episode, EpisodeForm({"title": "Autre titre", "date": "2025-03-16"}, names), library / "new.png")


def upload(library: Path, *kinds: tuple[str, str]) -> None:
    for kind, name in kinds:
        (folder := library / ".quotecast" / "incoming" / UPLOAD / kind).mkdir(parents=True)
        shutil.copy(SAMPLE / name, folder)


def with_new_transcript(library: Path) -> None:
    edited(library)
    upload(library, ("transcript", "transcript.txt"))


def take_transcript(library: Path) -> None:
    replace_transcript(Library(library).episode("talk"), Incoming(library, 10**9).staged(UPLOAD))


def add(library: Path) -> None:
    if not Library(library).episodes():
        create(Library(library), Incoming(library, 10**9), UPLOAD, EpisodeForm({"title": "Un été"}, {}, UPLOAD))


def with_new_audio(library: Path) -> None:
    """Lay out an episode with a correction, a saved quote, a clip, and new audio without the first eight seconds."""
    folder = with_clip(library)
    shutil.copy(SAMPLE / "transcript.txt", folder)
    save_quote(folder, read_alignment(library / ALIGNMENT), 100, 109)
    history = open_history(library / ALIGNMENT)
    words = [replace(word, pinned=word.pinned or k == 104) for k, word in enumerate(history.alignment.words)]
    changed(history, replace(history.alignment, words=tuple(words)), {"kind": "accept"}, "Zoé")
    recut(library / "new.wav", Piece(folder / "episode.mp3", 8.0, None))


def replace_audio(library: Path) -> int:
    is_done = read_alignment(library / ALIGNMENT).audio.file != "episode.mp3"
    return 0 if is_done else command("retime", library / ALIGNMENT, library / "new.wav", "--replace")


SCENES = {
    "align": Scene(edited, lambda library: align((library / ALIGNMENT).parent), first=ALIGNMENT),
    "details": Scene(with_cover, save_details, f"{OWN}|{FOLLOWING}", first="talk/episode.json"),
    "transcript": Scene(with_new_transcript, take_transcript, first="talk/transcript.txt"),
    "add": Scene(lambda library: upload(library, ("audio", "episode.mp3"), ("transcript", "transcript.txt")), add,
                 r"^\.quotecast"),
    "audio": Scene(with_new_audio, replace_audio, f"{OWN}|{FOLLOWING}"),
}  # fmt: skip


@dataclass
class Lab:
    """A library and the user's own folders, laid out again for each kill, with the files before and after the work."""

    root: Path
    scene: Scene
    old: Tree = field(default_factory=dict)
    new: Tree = field(default_factory=dict)
    kept: frozenset[bytes] = frozenset()

    @property
    def library(self) -> Path:
        return self.root / "now" / "library"

    def begin(self) -> int:
        """See what undisturbed work makes of the library; return its number of steps."""
        for name in ("library", "cache", "data", "config", "tmp"):
            (self.root / "now" / name).mkdir(parents=True)
        self.scene.prepare(self.library)
        shutil.copytree(self.root / "now", self.root / "before")
        self.old = self.scene.seen(self.library)
        end = run(self.work)
        self.new, self.kept = self.scene.seen(self.library), self.copies()
        assert end.status == 0, end.said
        assert self.new != self.old
        return end.steps

    def lay_out(self) -> None:
        shutil.rmtree(self.root / "now")
        shutil.copytree(self.root / "before", self.root / "now")

    def work(self) -> object:
        return self.scene.work(self.library)

    def copies(self) -> frozenset[bytes]:
        """Return what was put aside because somebody had edited it."""
        return frozenset(path.read_bytes() for path in self.library.rglob("*") if re.search(OWN, str(path)))

    def recover(self) -> None:
        """Do what the start of a command or of the server does."""
        folder = self.library / "talk"
        recover(folder, folder / "clips", folder / "versions", folder / ".quotecast")
        recover_uploads(self.library)
        if (self.library / ALIGNMENT).exists():
            captions_follow(self.library / ALIGNMENT)

    def left(self) -> list[str]:
        names = (str(path.relative_to(self.root)) for path in (self.root / "now").rglob("*"))
        return [name for name in names if TEMPORARY.search(name)]

    def check(self, death: Death, recovery: int | None) -> None:
        """Kill the work, and perhaps the recovery at a step of its own; then all is old or new, and work goes on."""
        self.lay_out()
        end = run(self.work, death)
        assert end.status != 0 or death.is_full  # at a step that needs no more room
        if recovery is not None:
            run(self.recover, Death(step=recovery))
        assert run(self.recover).status == 0
        seen = self.scene.at_once(self.scene.seen(self.library))
        assert seen in (self.scene.at_once(self.old), self.scene.at_once(self.new))
        assert self.left() == []
        assert run(self.work).status == 0
        assert self.scene.seen(self.library) == self.new
        assert self.kept <= self.copies()
        assert self.left() == []


def check_scene(name: str, count: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in ("CACHE", "DATA", "CONFIG"):
        monkeypatch.setenv(f"QUOTECAST_{variable}", str(tmp_path / "now" / variable.lower()))
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "now" / "tmp"))
    for module in ("web.library.changing", "web.library.incoming"):  # what a child does counts as steps, too
        monkeypatch.setattr(f"{module}.call", lambda function, *given, **named: function(*given, **named))
    lab = Lab(tmp_path, SCENES[name])
    steps = lab.begin()
    for number in range(count):
        step = steps * (2 * number + 1) // (2 * count)
        death = Death(step=step, is_full=number % 4 == 3)
        try:
            lab.check(death, recovery=number % 7 if number % 3 == 1 else None)
        except AssertionError as error:
            error.add_note(f"{name}, ended at step {step} of {steps}, {death}")
            raise


def test_saved_details_are_old_or_new(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_scene("details", 6, tmp_path, monkeypatch)


@pytest.mark.nightly
@pytest.mark.parametrize("name", SCENES)
def test_kills_leave_old_or_new_files(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_scene(name, often(10), tmp_path, monkeypatch)


def correct(path: Path, acknowledged: int) -> None:
    """Make some corrections and undo one, and write each to the descriptor once it is acknowledged."""
    history = open_history(path)
    for word in (3, 5, None, 7):
        back = undoable(history)
        history = set_right(history, word) if word else undo(history, back, "Ada") if back else history
        os.write(acknowledged, f"{history.changes[-1].id} {history.changes[-1].after_sha256}\n".encode())
        captions_follow(path)


@pytest.mark.nightly
def test_a_correction_that_was_acknowledged_survives_a_kill_at_any_step(tmp_path: Path) -> None:
    steps = run(lambda: correct(laid_out(tmp_path / "counted"), 2)).steps
    assert steps > 40
    for step in range(steps):
        path = laid_out(tmp_path / str(step))
        with (tmp_path / "told").open("w+") as told:
            run(lambda path=path, told=told: correct(path, told.fileno()), Death(step=step))  # type: ignore[misc]
            acknowledged = (tmp_path / "told").read_text().splitlines()
        if step % 3 == 0:
            run(lambda path=path: open_history(path) and None, Death(step=step % 8))  # type: ignore[misc]
        sweep(path.parent)
        history = check_whole(path)
        assert {*acknowledged} <= {f"{change.id} {change.after_sha256}" for change in history.changes}, step
        captions_follow(path)
        for file, content in caption_contents(history.alignment, path).items():
            assert file.read_bytes() == content, step
        assert not [each for each in path.parent.iterdir() if TEMPORARY.search(each.name) or ".bak" in each.name], step
