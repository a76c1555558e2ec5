"""What somebody has done to the folders of a show's episodes: none changes its address, and what is wrong is named."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from aligner.storage.turns import alone_in
from tests.aligner.command import assert_refused, posix_only, quotecast_here
from tests.web.site.publishing import alignments, copied_show, publish_show

NAMES = ["2025-03-01-un", "2025-03-08-deux"]


@pytest.fixture(scope="module")
def planted(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("show")
    publish_show(copied_show(sample, root, "Un", "Deux"), root / "site")
    return root


@pytest.fixture
def show(planted: Path, tmp_path: Path) -> Path:
    """The show's folder, to be changed."""
    return Path(shutil.copytree(planted, tmp_path / "show")) / "site"


def again(show: Path) -> str:
    done = quotecast_here("publish", *alignments(show), "-o", show, "--progress", "none")
    assert done.returncode == 0, done.stderr
    return done.stdout


def refused(show: Path, because: str) -> None:
    before = content(show)
    assert_refused(quotecast_here("publish", *alignments(show), "-o", show, "--progress", "none"), because)
    assert content(show) == before


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def names(show: Path) -> list[str]:
    return sorted(path.name for path in (show / "e").iterdir())


def retitle(path: Path, title: str) -> None:
    alignment = read_alignment(path)
    write_text(path, to_text(replace(alignment, episode=replace(alignment.episode, title=title))))


def test_a_copy_of_an_episode_among_the_episodes_is_refused(show: Path) -> None:
    shutil.copytree(show / "e" / NAMES[0], show / "e" / f"{NAMES[0]}-backup")
    refused(show, rf"{NAMES[0]}-backup: holds the same episode as .*{NAMES[0]};")
    shutil.rmtree(show / "e" / f"{NAMES[0]}-backup")
    assert "0 made, 2 as before" in again(show)


def _cut(path: Path) -> None:
    (path / "quotecast-site.json").write_bytes(b"")


def _unlisted(path: Path) -> None:
    (path / "quotecast-site.json").unlink()


def _piped(path: Path) -> None:
    _unlisted(path)
    os.mkfifo(path / "quotecast-site.json")


def _renamed(path: Path) -> None:
    path.rename(path.with_name("l’été"))


@pytest.mark.parametrize("change", [_cut, _unlisted, pytest.param(_piped, marks=posix_only), _renamed])
def test_an_episode_that_nothing_tells_of_gets_no_other_address(show: Path, change: Callable[[Path], None]) -> None:
    change(show / "e" / NAMES[0])
    first, second = alignments(show)
    retitle(second, "Autrement")
    before = names(show)
    unknown = show / "e" / next(name for name in before if name != NAMES[1])
    done = quotecast_here("publish", first, second, "-o", show, "--progress", "none")
    assert done.returncode == 3
    assert "1 made, 0 as before, 1 failed" in done.stdout
    told, episode = done.stderr.splitlines()
    assert told.startswith(f"quotecast: {unknown}: ")
    assert ("name it as before" if change is _renamed else "put that back, or remove the folder") in told
    assert f"{first}: not published: {unknown}: may be this episode" in episode
    assert names(show) == before
    assert "Autrement" in (show / "index.html").read_text(encoding="utf-8")
    shutil.rmtree(unknown)
    assert "1 made, 1 as before" in again(show)
    assert names(show) == NAMES


def test_a_second_run_meanwhile_is_refused(show: Path) -> None:
    with alone_in(show):
        refused(show, "another run publishes into it")
    assert "0 made, 2 as before" in again(show)


def test_a_second_run_into_the_place_of_one_episode_is_refused_while_its_show_is_published(show: Path) -> None:
    before = content(show)
    with alone_in(show):
        done = quotecast_here("publish", alignments(show)[0], "-o", show / "e" / NAMES[0], "--progress", "none")
    assert_refused(done, "another run publishes into it")
    assert content(show) == before


def test_what_is_remembered_is_read_once_no_other_run_can_change_it(show: Path) -> None:
    path = show / "quotecast-site.json"
    told = path.read_text(encoding="utf-8")
    write_text(path, json.dumps(json.loads(told) | {"base": "javascript:alert(1)"}))
    with alone_in(show):
        refused(show, "another run publishes into it")
    refused(show, "has an address that no folder has")


def test_what_somebody_changed_in_the_files_of_the_show_is_kept_and_named(show: Path) -> None:
    (show / "index.html").write_text("mine", encoding="utf-8")
    assert f"Kept      {show / 'index.html.bak'}, as edited before" in again(show)
    assert (show / "index.html.bak").read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("name", ["e", "search"])
def test_a_file_where_a_folder_is_to_be_is_refused(show: Path, name: str) -> None:
    shutil.rmtree(show / name)
    (show / name).write_text("mine", encoding="utf-8")
    refused(show, f"{name}: is a file, expected a folder")


def test_a_list_that_is_forged_has_no_file_of_somebody_s_removed(show: Path) -> None:
    mine, told = show / "search" / "mine.js", json.loads((show / "quotecast-site.json").read_bytes())
    mine.write_text("mine", encoding="utf-8")
    told["files"]["search/mine.js"] = hashlib.sha256(b"mine").hexdigest()
    write_text(show / "quotecast-site.json", json.dumps(told))
    again(show)
    assert mine.read_text(encoding="utf-8") == "mine"
