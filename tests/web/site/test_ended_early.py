"""A run that is killed, interrupted or finds no room, at any step: it removes what it wrote and nothing else, what is
remembered is what the pages were made with, and the next run ends as any."""

from __future__ import annotations

import os
import shutil
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.storage.recovery import recover
from tests.web.site.test_killed import content
from web.site import folder as site_folder
from web.site.episodes import Digest
from web.site.folder import Contents, begun_show, write_folder
from web.site.lists import EPISODE, LIST, SHOW, Layout, listed, told_in

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")

MINE = {"CNAME": b"mine", "q/notes.txt": b"mine", "e/notes.txt": b"mine"}
DIGEST = Digest(
    sound="1" * 64,
    alignment="2" * 64,
    inputs="3" * 64,
    title="Un",
    show=None,
    date=None,
    language="fr",
    duration=1.0,
    verdict="good",
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
    with begun_show(site):
        for name in ("un", "deux"):
            write_folder(site / "e" / name, replace(new(root), episode=DIGEST))
        index = {"index.html": f"index.html of {base}".encode(), "search/index.js": b"index", "site.css": b"style"}
        write_folder(site, Contents(index, base=base), SHOW)


def nothing(_root: Path) -> None:
    pass


RUNS = {"first": (nothing, publish_new), "later": (publish_old, publish_new), "show": (nothing, publish_show)}
ENDS = {"killed": {}, "interrupted": {"signal": signal.SIGINT}, "no room": {"is_full": True}}


def recovered(site: Path) -> None:
    """As each command does first."""
    folders = [site, *(site / "e").glob("*")]
    recover(*folders, *(folder / below for folder in folders for below in ("q", "search", "e")))


def plant(site: Path) -> None:
    for name, each in MINE.items():
        if (site / name).parent.is_dir():
            (site / name).write_bytes(each)


def check_remembered(folder: Path, layout: Layout) -> None:
    page = folder / "index.html"
    told = listed(folder, layout)
    assert page.is_file() is bool(told.base)
    assert not page.is_file() or page.read_text(encoding="utf-8") == f"index.html of {told.base}"


def check(root: Path, runs: tuple[Callable[[Path], None], Callable[[Path], None]], end: str, step: int) -> bool:
    """Let the second run end at the step; whether it came to its own end before. Somebody's files come in between at
    each other step."""
    from tests.attack.dying import Death, run

    site = root / "site"
    earlier, later = runs
    before, is_planted = content(site), step % 2 == 1
    death = Death(step=step, meanwhile=(lambda: plant(site)) if is_planted else None, **ENDS[end])
    ended = run(lambda: later(root), death)
    if ended.steps <= step:
        return True
    now = content(site)
    mine = {name: each for name, each in now.items() if name in MINE}
    assert set(mine.values()) <= {b"mine"}
    assert "CNAME" in mine or not is_planted or not before
    recovered(site)
    if mine and content(site).keys() == {*mine}:  # it had written nothing: the folder is somebody else's
        shutil.rmtree(site)
        mine = {}
    layout = SHOW if later is publish_show else EPISODE
    if end != "killed" and not before and not (site / "index.html").exists() and not (site / "e").exists():
        assert content(site).keys() <= ({*mine, LIST} if mine else set())
        assert mine or not site.exists()
    for folder in (site, *(path for path in (site / "e").glob("*") if path.is_dir())):
        check_remembered(folder, layout if folder == site else EPISODE)
    (root / "cache" / "written.txt").unlink(missing_ok=True)  # the list alone tells what is ours
    again = earlier if earlier is not nothing and step % 3 == 0 else later
    again(root)
    clean = root.parent / f"clean-{again.__name__}"
    assert content(site) == content(clean / "site") | mine
    assert not told_in(site).writing  # type: ignore[union-attr]
    return ended.status == 0


def check_steps(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, kind: str, end: str, stride: int) -> None:
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path / "cache"))
    earlier, later = RUNS[kind]
    for run in (earlier, later):
        clean = tmp_path / f"clean-{run.__name__}"
        clean.mkdir()
        run(clean)
    for step in range(stride // 2, 1000, stride):
        root = Path(shutil.copytree(tmp_path / f"clean-{earlier.__name__}", tmp_path / f"{step}"))
        try:
            if check(root, (earlier, later), end, step):
                assert step > 40
                return
        except BaseException as error:
            error.add_note(f"{kind} run, {end} at step {step}")
            raise
        shutil.rmtree(root)


@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", RUNS)
def test_a_run_that_ends_at_some_steps(kind: str, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_steps(tmp_path, monkeypatch, kind, end, 11)


@pytest.mark.slow
@pytest.mark.parametrize("end", ENDS)
@pytest.mark.parametrize("kind", RUNS)
def test_a_run_that_ends_at_any_step(kind: str, end: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    check_steps(tmp_path, monkeypatch, kind, end, 1)


def test_what_another_run_has_finished_meanwhile_stays_where_nothing_kept_the_two_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    contents = new(tmp_path)

    def interrupted(_source: Path, _target: Path) -> None:
        monkeypatch.undo()
        write_folder(tmp_path / "site", contents)
        raise KeyboardInterrupt

    monkeypatch.setattr(site_folder, "copy", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_folder(tmp_path / "site", contents)
    assert {*content(tmp_path / "site")} == {*contents.written, *contents.copied, LIST}
