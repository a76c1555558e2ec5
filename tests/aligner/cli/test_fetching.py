"""Without the extra and a network, ``quotecast align`` says what to install."""

import os
import subprocess
import sys
from pathlib import Path

from tests.paths import DATA

# The command line, where the extra is not installed.
WITHOUT_EXTRA = """
import sys
from aligner.recognition import models
models._installed_parts = list
from aligner.__main__ import main
sys.exit(main())
"""


def test_without_the_extra_or_a_network_one_sentence_says_what_to_do(tmp_path: Path) -> None:
    transcript = tmp_path / "bees.txt"
    transcript.write_text("Bees are flying insects closely related to wasps and ants.", encoding="utf-8")
    hub = {"HF_ENDPOINT": "http://127.0.0.1:9", "HF_HOME": str(tmp_path), "QUOTECAST_CACHE": str(tmp_path / "cache")}
    command = [sys.executable, "-c", WITHOUT_EXTRA, "align", DATA / "bees.mp3", transcript, "-o", tmp_path]
    run = subprocess.run(command, env=os.environ | hub, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 3
    last = run.stderr.splitlines()[-1]
    assert "the model hub cannot be reached" in last
    assert 'pip install ".[whisper-base]"' in last
    assert "Traceback" not in run.stderr
    assert not (tmp_path / "bees.vtt").exists()
