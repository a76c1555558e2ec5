"""Attacks every reader and writer of a library with links and with what is no file.

    python -m tests.attack.links [--seed N] [--count N]

All that a library holds lies outside of it too, with a secret in each file. Then one thing of the library after the
other gives its place to a link of each kind, to a FIFO, a device or a socket, and every request that the app answers is
asked. A cell of this table fails if the secret is in an answer or in a file that was written, if anything outside was
so much as opened, changed, moved or made, if an answer does not come or is an error of the server, or if another
episode is no longer listed or found.
"""

from __future__ import annotations

import argparse
import contextlib
import faulthandler
import hashlib
import os
import random
import shutil
import stat
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from aligner.model import HASH_DIGITS
from tests.attack.full_library import NEW_COVER, NEW_TEXT, REMOVED_CLIP, UPLOAD, VERSION
from tests.attack.ground import OTHERS, Ground
from tests.places import SAMPLE
from web.jobs.kinds import Clip, Export, Prepare, Work

_EPISODE = (
    *("episode.mp3", "transcript.txt", "episode.alignment.json", "episode.vtt", "episode.srt", "episode.json"),
    *("quotes.json", "cover.jpg", "clips/one.wav", "clips/one.json", f"clips/trash/{REMOVED_CLIP}/two.wav"),
    *(
        f"versions/{VERSION}",
        ".quotecast/peaks.json",
    ),
)
_UPLOAD = f".quotecast/incoming/{UPLOAD}"
FILES = (
    *(f"talk/{name}" for name in _EPISODE),
    *(f"{_UPLOAD}/{name}" for name in ("audio/episode.mp3", "transcript/transcript.txt", "cover/cover.jpg")),
    *(f".quotecast/incoming/{NEW_COVER}/cover/cover.jpg", f".quotecast/incoming/{NEW_TEXT}/transcript/transcript.txt"),
)
FOLDERS = (
    *(
        "talk",
        "talk/clips",
        "talk/clips/trash",
        f"talk/clips/trash/{REMOVED_CLIP}",
        "talk/versions",
        "talk/.quotecast",
    ),
    *("trash", "trash/gone", ".quotecast", ".quotecast/incoming", _UPLOAD, f"{_UPLOAD}/audio", f"{_UPLOAD}/transcript"),
    ".quotecast/passing",
)


def _by_a_link(path: Path, outside: Path) -> None:
    (path.parent / ".hop").symlink_to(outside)
    path.symlink_to(".hop")


def _by_a_folder(path: Path, outside: Path) -> None:
    (path.parent / ".far").symlink_to(outside.parent)
    path.symlink_to(Path(".far", outside.name))


def _hard_link(path: Path, outside: Path) -> None:
    if outside.exists():  # nothing but a job makes some files
        path.hardlink_to(outside)


def _device(path: Path, _: Path) -> None:
    with contextlib.suppress(PermissionError):  # the system's administrator alone makes them
        os.mknod(path, stat.S_IFCHR | 0o666, os.makedev(1, 5))


KINDS: dict[str, Callable[[Path, Path], object]] = {
    "absolute link": lambda path, outside: path.symlink_to(outside),
    "relative link": lambda path, outside: path.symlink_to(os.path.relpath(outside, path.parent)),
    "link by a link": _by_a_link,
    "link by a folder": _by_a_folder,
    "link to a folder": lambda path, outside: path.symlink_to(outside.parent),
    "link to nothing out": lambda path, outside: path.symlink_to(outside.with_name("made")),
    "link to nothing": lambda path, _: path.symlink_to("nowhere"),
    "loop": lambda path, _: path.symlink_to(path.name),
    "link to a device": lambda path, _: path.symlink_to("/dev/zero"),
    "hard link": _hard_link,
    "FIFO": lambda path, _: os.mkfifo(path),
    "socket": lambda path, _: os.mknod(path, stat.S_IFSOCK | 0o666),
    "device": _device,
    "folder": lambda path, _: path.mkdir(),
    "file": lambda path, _: path.write_bytes(b"\0 no such thing"),
}
"""What takes the place of something, of which there is another outside."""

INNER = ("link to an upload", "link within")
"""Links to what lies in the library: what somebody else is uploading, which stays unread, and what was there before."""

TRANSCRIPT = hashlib.sha256((SAMPLE / "transcript.txt").read_bytes()).hexdigest()[:HASH_DIGITS]
WORKS: dict[Work, tuple[str, ...]] = {
    Prepare("episode.mp3"): (
        *("episode.mp3", ".quotecast", ".quotecast/peaks.json"),
        ".quotecast/playable.m4a",
    ),
    Clip(alignment="episode.alignment.json", name="new", export=Export(3, 9, transcript=TRANSCRIPT, listen=False)): (
        *("episode.mp3", "episode.alignment.json", "clips", "clips/new.mp3", "clips/new.json", "cover.jpg"),
    ),
}
"""What jobs do, and what of the episode they read or write."""


@dataclass(frozen=True, slots=True)
class Cell:
    """What is put where."""

    kind: str
    place: str


def cells(count: int | None, rng: random.Random) -> list[Cell]:
    """The whole table, or so many cells of it: each kind first, then each place."""
    table = [
        Cell(kind, place)
        for kind in (*KINDS, *INNER)
        for place in (*FILES, *FOLDERS)
        if not (place in FOLDERS and kind in ("hard link", "folder"))
        # What the library keeps to itself comes from whoever put the link there.
        and not (place.startswith(".quotecast") and kind == "link to an upload")
    ]
    rng.shuffle(table)
    if count is None:
        return table
    by_kind = {cell.kind: cell for cell in table}.values()
    by_place = {cell.place: cell for cell in table}.values()
    return list(dict.fromkeys((*by_kind, *by_place, *table)))[:count]


def failures(ground: Ground, cell: Cell) -> tuple[list[str], int]:
    """What is wrong in a cell, and how many answers there were."""
    told = tried(ground, cell)
    if told[0] and all(each.endswith(" opened") for each in told[0]):
        told = tried(ground, cell)  # what another process opened meanwhile, it does not open again
    return told


def tried(ground: Ground, cell: Cell) -> tuple[list[str], int]:
    """The same, once."""
    return ground.tried(lambda: put(ground, cell), cell.kind == "hard link")


def work_failures(ground: Ground, work: Work, cell: Cell) -> list[str]:
    """What is wrong when a job works in a library with such a cell."""
    return ground.worked(lambda: put(ground, cell), work, cell.kind == "hard link")


def work_cells(count: int | None, rng: random.Random) -> list[tuple[Work, Cell]]:
    """Each work with each kind in each of its places, or so many of these."""
    table = [(work, Cell(kind, f"talk/{name}")) for work, names in WORKS.items() for name in names for kind in KINDS]
    fitting = [each for each in table if each[1].place not in FOLDERS or each[1].kind not in ("hard link", "folder")]
    rng.shuffle(fitting)
    return fitting[:count]


def put(ground: Ground, cell: Cell) -> None:
    """Let what ``cell`` says take its place."""
    path, moved = ground.library / cell.place, ground.library / ".moved"
    path.parent.mkdir(parents=True, exist_ok=True)
    if path.exists():
        path.rename(moved)
    elif cell.place in FOLDERS:
        moved.mkdir()
    if cell.kind == "link within":
        path.symlink_to(os.path.relpath(moved, path.parent))
        return
    if cell.kind == "link to an upload":
        path.symlink_to(ground.library / OTHERS / ("" if cell.place in FOLDERS else "audio/episode.mp3"))
    else:
        KINDS[cell.kind](path, ground.outside / cell.place)
    if moved.is_dir():
        shutil.rmtree(moved)
    else:
        moved.unlink(missing_ok=True)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, help="cells of the table; all of it, with every request, without")
    asked = parser.parse_args()
    faulthandler.dump_traceback_later(4 * 3600, exit=True)
    tally, answered, unstarted, failed = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update({f"QUOTECAST_{name}": f"{folder}/{name}" for name in ("CONFIG", "CACHE", "DATA")})
        ground = Ground(Path(folder), costly=asked.count is None)
        for cell in cells(asked.count, random.Random(asked.seed)):
            wrong, answers = failures(ground, cell)
            tally[cell.kind] += 1
            answered[cell.kind] += answers
            unstarted[cell.kind] += not answers
            failed[cell.kind] += bool(wrong)
            for each in wrong:
                print(f"FAILED {cell.kind} at {cell.place}: {each}", flush=True)
        worked = work_cells(asked.count and asked.count // 8, random.Random(asked.seed))
        for work, cell in worked:
            if wrong := work_failures(ground, work, cell):
                print(f"FAILED {work.kind} with {cell.kind} at {cell.place}: {wrong}", flush=True)
                failed[work.kind] += 1
    print(f"{'':20} {'cells':>6} {'answers':>8} {'not started':>12} {'failures':>9}")
    for kind in (*KINDS, *INNER):
        print(f"{kind:20} {tally[kind]:6} {answered[kind]:8} {unstarted[kind]:12} {failed[kind]:9}")
    print(f"{'jobs':20} {len(worked):6} {'':8} {'':12} {failed['prepare'] + failed['clip']:9}")
    print(f"{'all':20} {tally.total():6} {answered.total():8} {unstarted.total():12} {failed.total():9}")
    return 1 if failed.total() else 0


if __name__ == "__main__":
    sys.exit(main())
