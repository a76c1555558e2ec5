"""A show whose publishing is killed, interrupted or out of room at any step: its index leads to what is there, and the
next run ends as any."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.cli.main import quotecast
from aligner.storage.alignment_json import read_alignment, to_text
from aligner.storage.atomic import write_text
from tests.web.site.publishing import ENDS, content, copied_show, keep, publish_show

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked to die")


@pytest.fixture(scope="module")
def changed(sample: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A show of two episodes in ``site``, of which the first has another title since, and a kept quote; and a third."""
    root = tmp_path_factory.mktemp("changed")
    first, second, _ = copied_show(sample, root, "Un", "Deux", "Trois")
    publish_show([first, second], root / "site", "--base-url", "https://example.org/")
    alignment = read_alignment(first)
    keep(alignment, first.parent, (0, 14))
    write_text(first, to_text(replace(alignment, episode=replace(alignment.episode, title="Autre titre"))))
    return root


@pytest.fixture(scope="module")
def new(changed: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """What the folder holds after a run that nothing disturbs."""
    root = Path(shutil.copytree(changed, tmp_path_factory.mktemp("new") / "new"))
    publish_all(root)
    return content(root / "site")


def publish_all(root: Path) -> int:
    paths = map(str, sorted(root.glob("*/episode.alignment.json")))
    options = ["-o", str(root / "site"), "--base-url", "https://example.org/", "--progress", "none"]
    return int(quotecast.main(["publish", *paths, *options], standalone_mode=False))


def leads_nowhere(site: Path) -> Iterator[str]:
    """The files that the index asks for or leads to, and that are not there."""
    html = (site / "index.html").read_text(encoding="utf-8")
    [index] = re.findall(r'data-index="([^"]+)"', html)
    for asked in [*re.findall(r'(?:src|href)="([^"#]+)"', html), index]:
        if not asked.startswith("https:") and not (site / asked.partition("?")[0]).is_file():
            yield asked
    head = json.loads((site / index).read_text(encoding="utf-8"))
    for address in [address for _, address in head["parts"]] + [each["data"] for each in head["episodes"]]:
        if not (site / address.partition("?")[0]).is_file():
            yield address


def check_ends(changed: Path, new: dict[str, bytes], tmp_path: Path, end: str, count: int) -> None:
    from tests.attack.dying import Death, run

    counted = Path(shutil.copytree(changed, tmp_path / "counted"))
    steps = run(lambda: publish_all(counted)).steps
    for number in range(count):
        root = Path(shutil.copytree(changed, tmp_path / f"{number}"))
        step = steps * (2 * number + 1) // (2 * count)
        death = Death(step=step, **ENDS[end])
        assert run(lambda root=root: publish_all(root), death).status != 0  # type: ignore[misc]
        assert [*leads_nowhere(root / "site")] == [], f"{end} at step {step} of {steps}"
        assert publish_all(root) == 0
        now = content(root / "site")
        assert now.keys() == new.keys(), f"{end} at step {step} of {steps}"
        assert [path for path in new if now[path] != new[path]] == [], f"{end} at step {step} of {steps}"


@pytest.mark.nightly
@pytest.mark.parametrize("end", ENDS)
def test_ended_at_many_steps(changed: Path, new: dict[str, bytes], tmp_path: Path, end: str) -> None:
    check_ends(changed, new, tmp_path, end, 8)
