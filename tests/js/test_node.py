"""The scripts' own tests, by Node's runner: modules that need no page, and what they share with Python by table."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
LEAST = 20  # the oldest version that is tried


def missing() -> str | None:
    """Why there is no Node to run them, if there is none."""
    node = shutil.which("node")
    if node is None:
        return "there is no node"
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=True).stdout
    major = re.match(r"v(\d+)", version)
    return None if major and int(major[1]) >= LEAST else f"node is {version.strip()}, expected {LEAST} or newer"


@pytest.mark.parametrize("script", sorted(HERE.glob("*.test.js")), ids=lambda path: path.name)
def test_scripts_keep_their_claims(script: Path) -> None:
    if why := missing():
        if os.environ.get("QUOTECAST_NODE_TESTS") == "required":
            pytest.fail(why)
        pytest.skip(why)
    result = subprocess.run(["node", "--test", script], capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    ran = re.search(r"^# pass (\d+)$|^ℹ pass (\d+)$", result.stdout, re.MULTILINE)
    assert ran
    assert int(ran[1] or ran[2]) > 0
