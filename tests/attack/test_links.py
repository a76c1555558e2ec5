"""No link and nothing that is no file leads out of a library, whoever asks for it and whatever is asked."""

import os
import random
from pathlib import Path

import pytest

from media import safe_fs
from tests.attack.full_library import requests
from tests.attack.ground import Ground
from tests.attack.links import Cell, cells, failures, tried, work_cells, work_failures
from web.app import create_app
from web.settings import Settings

pytestmark = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no such things here")

_JOBS = 5
_CELLS = 20


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Ground:
    return Ground(tmp_path_factory.mktemp("ground"), costly=False)


@pytest.mark.nightly
def test_nothing_outside_is_told_opened_or_changed_whatever_lies_in_a_library(ground: Ground) -> None:
    wrong = {cell: told for cell in cells(_CELLS, random.Random(1)) if (told := failures(ground, cell)[0])}
    assert wrong == {}


@pytest.mark.nightly
def test_no_job_works_outside_whatever_lies_in_a_library(ground: Ground) -> None:
    wrong = {
        cell: told for work, cell in work_cells(_JOBS, random.Random(1)) if (told := work_failures(ground, work, cell))
    }
    assert wrong == {}


@pytest.mark.nightly
def test_the_attack_finds_what_is_not_confined(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Ground(tmp_path, costly=False)
    monkeypatch.setattr(safe_fs, "confined", tuple)
    for place in ("talk/episode.vtt", "talk/.quotecast/peaks.json", "talk/clips"):
        wrong, _ = tried(ground, Cell("absolute link", place))
        assert any("the secret was told" in each for each in wrong)
        assert any("opened" in each for each in wrong)
    assert "what lies outside has changed" in wrong  # its clips were removed and brought back


def test_every_request_that_the_app_answers_is_asked(tmp_path: Path) -> None:
    rules = create_app(Settings(tmp_path / "library")).url_map.iter_rules()
    asked = {request.endpoint for request in requests()}
    of_files = {rule.endpoint for rule in rules if not rule.endpoint.startswith("visitor.")} - {"static"}
    assert asked == of_files
