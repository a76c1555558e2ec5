"""Pieces of work that replace sets of files, each with a folder in which somebody has edited something."""

from __future__ import annotations

import contextlib
import io
import json
import os
import re
import shutil
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from tests.perfect_ear import write_heard
from tests.places import SAMPLE

Tree = Mapping[str, bytes]
EPISODE, AUDIO, ALIGNMENT = "roue", "roue.mp3", "roue.alignment.json"
_FIELDS = {"title": "Autre titre", "show": "Roue libre", "date": "2025-03-15", "url": "https://example.org"}


@dataclass(frozen=True, slots=True)
class Scene:
    """``work`` is done in a library, which ``prepare`` lays out. ``shown`` is what of its files, by path, must be that
    from before or that from after, whenever the work is cut off: all of them unless it is said why not. Where ``first``
    names a file of the episode, that one alone must be so at once, and the others after the next run: they are replaced
    one at a time."""

    name: str
    prepare: Callable[[Path], object]
    work: Callable[[Path], object]
    shown: Callable[[Tree], Tree] = field(default=lambda tree: tree)
    first: str | None = None


def tree(folder: Path) -> dict[str, bytes]:
    """Every file in ``folder``, and every folder as an entry without content, by its path."""
    found = sorted(folder.rglob("*"))
    return {
        f"{path.relative_to(folder)}{'/' if path.is_dir() else ''}": b"" if path.is_dir() else path.read_bytes()
        for path in found
    }


def scenes() -> dict[str, Scene]:
    """All of them, by name."""
    made = (
        Scene("align", _prepare_align, _align, first=ALIGNMENT),
        Scene("clip", _prepare_clip, _clip, first="clips/quote.json"),
        Scene("audiogram", _prepare_audiogram, _audiogram, first="clips/video.json"),
        Scene("save", prepare_save, _save, _of_the_alignment, first="episode.json"),
        Scene("uncover", prepare_save, _uncover, _of_the_alignment, first="episode.json"),
        Scene("transcript", _prepare_transcript, _replace_transcript, first="roue.txt"),
        Scene("quotes", prepare_save, _keep_quote, _without_moments),
        Scene("add", _prepare_upload, _add, _without_upload),
        Scene("upload", _prepare_upload, _upload_again, _the_arrived),
        Scene("prepare", _prepare_wave, _prepare_page, _if_ready),
        Scene("retime", _prepare_retime, _retime, _of_the_alignment),
        Scene("back", _prepare_back, _take_back, _of_the_alignment),
    )
    return {scene.name: scene for scene in made}


def quotecast(folder: Path, *arguments: str) -> int:
    """The command as ``python -m aligner`` runs it, in this process, which it ends."""
    from aligner.__main__ import main

    os.chdir(folder)
    sys.argv = ["quotecast", *arguments]
    main()
    return 0


def quotecast_here(folder: Path, *arguments: str) -> None:
    """The same as a call."""
    from aligner.cli.main import quotecast as command

    before = Path.cwd()
    os.chdir(folder)
    silence = io.StringIO()
    try:
        with contextlib.redirect_stdout(silence), contextlib.redirect_stderr(silence):
            command.main([*arguments], "quotecast", standalone_mode=False)
    finally:
        os.chdir(before)


def _edit(path: Path, text: str = "edited by hand\n") -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(text)


def _lay_out(library: Path) -> Path:
    """The sample, aligned with a transcript of one more sentence at its end."""
    folder = library / EPISODE
    folder.mkdir(parents=True)
    shutil.copy(SAMPLE / "episode.mp3", folder / AUDIO)
    text = (SAMPLE / "transcript.txt").read_text(encoding="utf-8")
    (folder / "roue.txt").write_text(f"{text}\nUne phrase de plus.\n", encoding="utf-8")
    write_heard(folder / "heard.json")
    quotecast_here(folder, "align", AUDIO, "roue.txt", "--hypothesis", "heard.json", "--title", "La roue")
    return folder


def _prepare_align(library: Path) -> None:
    folder = _lay_out(library)
    shutil.copy(SAMPLE / "transcript.txt", folder / "roue.txt")
    _edit(folder / "roue.srt")
    _edit(folder / "roue.vtt", "\nNOTE edited by hand\n")


def _align(library: Path) -> object:
    return quotecast(library / EPISODE, "align", AUDIO, "roue.txt", "--hypothesis", "heard.json", "--title", "La roue")


def _prepare_clip(library: Path) -> None:
    folder = _lay_out(library)
    quotecast_here(folder, "clip", ALIGNMENT, "--words", "0-9", "-o", "clips/quote.mp3", "--no-listen")
    _edit(folder / "clips" / "quote.txt")


def _clip(library: Path) -> object:
    return quotecast(
        library / EPISODE, "clip", ALIGNMENT, "--words", "2-12", "-o", "clips/quote.mp3", "--no-listen", "--tighten"
    )


def _prepare_audiogram(library: Path) -> None:
    folder = _lay_out(library)
    (folder / "clips").mkdir()
    for ending in ("mp4", "txt", "json"):
        (folder / "clips" / f"video.{ending}").write_text("made by hand", encoding="utf-8")


def _audiogram(library: Path) -> object:
    arguments = ("--words", "3-5", "--shape", "square", "-o", "clips/video.mp4", "--no-listen")
    return quotecast(library / EPISODE, "audiogram", ALIGNMENT, *arguments)


def prepare_save(library: Path) -> None:
    from PIL import Image

    folder = _lay_out(library)
    _edit(folder / "roue.srt")
    (folder / "episode.json").write_text("my notes", encoding="utf-8")
    for path, colour in ((folder / "cover.png", "red"), (library / "new.png", "blue")):
        Image.new("RGB", (8, 8), colour).save(path)


def _save(library: Path) -> None:
    from web.library import Library
    from web.library.changing import EpisodeForm, edit, labels_of

    episode = Library(library).episode(EPISODE)
    names = {label: f"{label} Martin" for label in labels_of(episode)}
    edit(episode, EpisodeForm(_FIELDS, names), library / "new.png")


def _uncover(library: Path) -> None:
    from web.library import Library
    from web.library.changing import EpisodeForm, edit

    edit(Library(library).episode(EPISODE), EpisodeForm(_FIELDS, {}, keeps_cover=False))


def _prepare_transcript(library: Path) -> None:
    folder = _lay_out(library)
    staged = library / ".quotecast" / "incoming" / ("a" * 32) / "transcript"
    staged.mkdir(parents=True)
    shutil.copy(SAMPLE / "transcript.txt", staged / "roue.txt")
    _edit(folder / "roue.txt")


def _replace_transcript(library: Path) -> None:
    from web.library import Library
    from web.library.changing import replace_transcript
    from web.library.incoming import Incoming

    replace_transcript(Library(library).episode(EPISODE), Incoming(library, 10**9).staged("a" * 32))


def _keep_quote(library: Path) -> None:
    from aligner.storage.alignment_json import read_alignment
    from web.quotes.kept import keep

    folder = library / EPISODE
    keep(folder, read_alignment(folder / ALIGNMENT), 3, 9)


def _without_moments(tree: Tree) -> Tree:
    """A kept quote has an id and a moment of its own."""
    quotes = json.loads(tree.get(f"{EPISODE}/quotes.json", b'{"quotes": []}'))["quotes"]
    kept = json.dumps([[quote["text"], quote["char_start"]] for quote in quotes]).encode()
    return {**tree, f"{EPISODE}/quotes.json": kept}


def _prepare_upload(library: Path) -> None:
    staged = library / ".quotecast" / "incoming" / ("b" * 32)
    for kind, source, name in (("audio", "episode.mp3", "été.mp3"), ("transcript", "transcript.txt", "été.txt")):
        (staged / kind).mkdir(parents=True)
        shutil.copy(SAMPLE / source, staged / kind / name)


def _add(library: Path) -> None:
    from web.library import Library
    from web.library.changing import EpisodeForm, create
    from web.library.incoming import Incoming

    shelf = Library(library)
    if not shelf.episodes():
        create(shelf, Incoming(library, 10**9), "b" * 32, EpisodeForm({"title": "Un été"}, {}, "b" * 32))


def _without_upload(tree: Tree) -> Tree:
    """An upload that was made an episode may stay for a day."""
    return {path: content for path, content in tree.items() if not path.startswith(".quotecast")}


def _upload_again(library: Path) -> None:
    from web.library.incoming import Incoming

    Incoming(library, 10**9).receive("b" * 32, "audio", "autre.mp3", io.BytesIO(b"another sound" * 100_000), 1_300_000)


def _the_arrived(tree: Tree) -> Tree:
    """Of two sounds the later one has arrived; the earlier is forgotten with the upload."""
    later = {path: content for path, content in tree.items() if path.endswith("autre.mp3")}
    return later or {path: content for path, content in tree.items() if path.endswith("été.mp3")}


def _prepare_wave(library: Path) -> None:
    from tests.web.library.shelved import write_sound

    write_sound(library / EPISODE / "roue.wav", 20.0)


def _prepare_page(library: Path) -> None:
    from web.page.preparation import prepare

    folder = library / EPISODE
    prepare(folder / "roue.wav", folder, lambda *_: None)


def _if_ready(tree: Tree) -> Tree:
    """What was prepared counts from when it is said to be."""
    hidden = f"{EPISODE}/.quotecast/"
    return (
        {path: content for path, content in tree.items() if path.startswith(hidden)}
        if f"{hidden}peaks.json" in tree
        else {}
    )


def _prepare_retime(library: Path) -> None:
    """An episode with a history, kept quotes and clips, and a new sound, of another kind of file, beside the library's
    folders."""
    from aligner.storage.alignment_json import read_alignment
    from aligner.storage.history import changed, open_history
    from tests.aligner.retiming.recut import Piece, recut
    from web.quotes.kept import keep

    folder = _lay_out(library)
    quotecast_here(folder, "clip", ALIGNMENT, "--words", "100-109", "-o", "clips/quote.mp3", "--no-listen")
    quotecast_here(folder, "clip", ALIGNMENT, "--words", "120-129", "-o", "beside.mp3", "--no-listen")
    keep(folder, read_alignment(folder / ALIGNMENT), 100, 109)
    (folder / "episode.json").write_text('{"format": "quotecast-episode", "version": 1, "audio": "roue.mp3"}', "utf-8")
    history = open_history(folder / ALIGNMENT)
    words = [replace(word, pinned=word.pinned or k == 104) for k, word in enumerate(history.alignment.words)]
    changed(history, replace(history.alignment, words=tuple(words)), {"kind": "accept"}, "Zoé")
    recut(library / "recut.wav", Piece(folder / AUDIO, 8.0, None))


def _retime(library: Path) -> object:
    from aligner.storage.alignment_json import read_alignment

    folder = library / EPISODE
    if read_alignment(folder / ALIGNMENT).audio.file != AUDIO:
        return 0  # it has the new sound already
    return quotecast(folder, "retime", ALIGNMENT, "../recut.wav", "--replace", "--who", "Zoé")


def _prepare_back(library: Path) -> None:
    """The same with the new sound by now, and a copy of the one of before."""
    _prepare_retime(library)
    quotecast_here(library / EPISODE, "retime", ALIGNMENT, "../recut.wav", "--replace", "--who", "Zoé")


def _take_back(library: Path) -> object:
    from aligner.storage.alignment_json import read_alignment

    folder = library / EPISODE
    if read_alignment(folder / ALIGNMENT).audio.file == AUDIO:
        return 0  # and so the copy, which is the sound itself then, is gone
    return quotecast(folder, "retime", ALIGNMENT, f"{AUDIO}.bak", "--replace", "--who", "Zoé")


def _of_the_alignment(tree: Tree) -> Tree:
    """All but captions, which follow."""
    return {path: c for path, c in _without_times(tree).items() if not path.endswith((".vtt", ".srt"))}


def _without_times(tree: Tree) -> Tree:
    """A history says when something was changed, and by which temporary files."""
    return {
        path: re.sub(rb'"(when|temporary)":"[^"]*"', b"", content) if path.endswith(".history.jsonl") else content
        for path, content in tree.items()
    }
