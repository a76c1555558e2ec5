"""Publishing what tests have planted."""

import datetime
import hashlib
import shutil
import struct
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from aligner.feeds.items import Show
from aligner.model import HASH_DIGITS, Alignment
from aligner.saved_quotes import SavedQuote, write
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.aligner.command import quotecast_here
from web.archive.state import Source, open_archive


def content(folder: Path) -> dict[str, bytes]:
    """All files of a folder, by path."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def sounding_otherwise(path: Path, number: int) -> None:
    """Let the episode be of another sound, which is heard alike: a tag before it holds the number."""
    alignment = read_alignment(path)
    sound = path.with_name("episode.mp3")
    frames = b"TXXX" + struct.pack(">IH", 8, 0) + b"\0n\0" + b"%05d" % number
    content = b"ID3\3\0\0" + struct.pack(">I", len(frames)) + frames + sound.read_bytes()
    sound.write_bytes(content)
    audio = replace(alignment.audio, sha256=hashlib.sha256(content).hexdigest())
    write_text(path, to_text(replace(alignment, audio=audio)))


def copied_show(sample: Path, folder: Path, *titles: str) -> list[Path]:
    """The alignments of episodes with those titles, a week apart, each of a sound of its own."""
    paths = []
    for number, title in enumerate(titles):
        path = copied_sample(sample, folder / f"{number}")
        sounding_otherwise(path, number)
        alignment = read_alignment(path)
        date = (datetime.date(2025, 3, 1) + datetime.timedelta(weeks=number)).isoformat()
        write_text(path, to_text(replace(alignment, episode=replace(alignment.episode, title=title, date=date))))
        paths.append(path)
    return paths


def known_show(library: Path, show: Show, cover: bytes | None = None) -> None:
    """Let the user have an archive of the library whose feed says this of its show."""
    archive, place = open_archive(library), "https://roue.example/feed"
    archive.put_source(Source(place, show=show))
    if cover:
        archive.cover_of(place).parent.mkdir(parents=True, exist_ok=True)
        archive.cover_of(place).write_bytes(cover)


def alignments(show: Path) -> list[Path]:
    """Those of the episodes that lie beside the folder of their show."""
    return sorted(show.parent.glob("*/episode.alignment.json"))


def publish_show(alignments: Sequence[Path], folder: Path, *options: object) -> Path:
    """The folder of a show, published."""
    return publish(alignments[0], folder, *alignments[1:], *options)


def publish(alignment: Path, folder: Path, *options: object) -> Path:
    """The folder, published."""
    done = quotecast_here("publish", alignment, "-o", folder, "--progress", "none", *options)
    assert done.returncode == 0, done.stderr
    return folder


def copied_sample(sample: Path, folder: Path) -> Path:
    """The alignment of a copy of the sample."""
    shutil.copytree(sample, folder)
    return folder / "episode.alignment.json"


def keep(alignment: Alignment, folder: Path, *ranges: tuple[int, int], id: str = "k") -> None:
    """Keep the words of those numbers."""
    version, words = alignment.transcript.sha256[:HASH_DIGITS], alignment.words
    quotes = []
    for number, (first, last) in enumerate(ranges):
        start, end = words[first].word.char_start, words[last - 1].word.char_end
        text = alignment.transcript.text[start:end]
        quotes.append(SavedQuote(f"{id}{number}", text, None, start, end, None, None, version, "2026-11-27"))
    write(folder, quotes)
