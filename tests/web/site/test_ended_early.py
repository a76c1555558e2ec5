"""A run that is killed, interrupted or finds no room, at any step: somebody's own files stay, and the next run
ends as any."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.model import Verdict
from media.temporary import sweep
from tests.tables import over_rows
from tests.web.site.publishing import ENDS, content
from web.site.folder import Contents, write_folder
from web.site.manifest import MANIFEST, Digest, new_manifest, write_manifest

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")

MINE = {"CNAME": b"mine", "q/notes.txt": b"mine", "e/notes.txt": b"mine"}
DIGEST = Digest(
    audio="1" * 64,
    inputs="3" * 64,
    title="Un",
    show=None,
    date=None,
    language="fr",
    duration=1.0,
    verdict=Verdict.GOOD,
    coverage=1.0,
    quotes=1,
    has_cover=False,
)


def contents(root: Path, base: str, *quotes: str) -> Contents:
    """Pages that tell with which address they were made."""
    pages = {path: f"{path} of {base}".encode() for path in ("index.html", *(f"q/{each}.html" for each in quotes))}
    sound = root / f"{len(quotes)}.mp3"
    sound.write_bytes(b"sound" * len(quotes))
    return Contents({**pages, "site.css": b"style", "q/quote.css": b"style"}, {"sound.mp3": sound}, base=base)


def old(root: Path) -> Contents:
    return contents(root, "https://old.example.org/", "a-111111", "b-222222")


def new(root: Path) -> Contents:
    made = contents(root, "https://new.example.org/", "a-111111", "c-333333", "d-444444")
    return replace(made, written={**made.written, "card.png": b"card"})


def publish_old(root: Path) -> None:
    write_folder(root / "site", old(root))


def publish_new(root: Path) -> None:
    write_folder(root / "site", new(root))


def publish_show(root: Path) -> None:
    site, base = root / "site", "https://new.example.org/"
    site.mkdir(exist_ok=True)
    write_manifest(site, new_manifest(is_show=True))
    for name in ("un", "deux"):
        write_folder(site / "e" / name, replace(contents(root, f"{base}e/{name}/", "a-111111"), episode=DIGEST))
    search = "search/index-01234567.json"
    index = {"index.html": f"index.html of {base}".encode(), search: b"index", "site.css": b"style"}
    write_folder(site, Contents(index, base=base), is_show=True)


def nothing(_root: Path) -> None:
    pass


Run = Callable[[Path], None]

RUNS: dict[str, tuple[Run, Run]] = {
    "first": (nothing, publish_new),
    "later": (publish_old, publish_new),
    "show": (nothing, publish_show),
}


def recovered(site: Path) -> None:
    """As each command does first."""
    folders = [site, *(site / "e").glob("*")]
    for each in (*folders, *(folder / below for folder in folders for below in ("q", "search", "e"))):
        if each.is_dir():
            sweep(each)


def plant(site: Path) -> None:
    for name, each in MINE.items():
        if (site / name).parent.is_dir():
            (site / name).write_bytes(each)


def check(root: Path, earlier: Run, later: Run, end: str, step: int) -> None:
    """Let the later run end at the step; somebody's files come in between at each other one."""
    from tests.attack.dying import Death, run

    site, is_first = root / "site", earlier is nothing
    death = Death(step=step, meanwhile=(lambda: plant(site)) if step % 2 else None, **ENDS[end])
    assert run(lambda: later(root), death).status != 0 or end == "no room"  # which it may no longer need
    mine = {path: each for path, each in content(site).items() if path in MINE}
    assert set(mine.values()) <= {b"mine"}
    recovered(site)
    if mine and content(site).keys() == {*mine}:  # it had written nothing: the folder is somebody else's
        shutil.rmtree(site)
        mine = {}
    if content(site).keys() - {*mine}:
        assert (site / MANIFEST).is_file()  # by which the next run goes on
    (root / "cache" / "written.txt").unlink(missing_ok=True)  # the list alone tells what is ours
    again = later if is_first or step % 3 else earlier
    again(root)
    assert content(site) == content(root.parent / again.__name__ / "site") | mine


def check_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, end: str, count: int) -> None:
    from tests.attack.dying import run

    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    earlier, later = RUNS[kind]
    for each in (earlier, later):
        (tmp_path / each.__name__).mkdir()
        each(tmp_path / each.__name__)
    counted = Path(shutil.copytree(tmp_path / earlier.__name__, tmp_path / "counted"))
    steps = run(lambda: later(counted)).steps
    for number in range(count):
        step = steps * (2 * number + 1) // (2 * count)
        root = Path(shutil.copytree(tmp_path / earlier.__name__, tmp_path / f"{number}"))
        try:
            check(root, earlier, later, end, step)
        except BaseException as error:
            error.add_note(f"{kind} run, {end} at step {step} of {steps}")
            raise


@pytest.mark.nightly
@over_rows("end", list(ENDS))
@over_rows("kind", list(RUNS))
def test_a_run_that_ends_at_many_steps(kind: str, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_steps(tmp_path, monkeypatch, kind, end, 50)
