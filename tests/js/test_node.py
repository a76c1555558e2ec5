"""The scripts' own tests, by Node's runner: modules that need no page, and what they share with Python by table."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from tests.node import need_node

HERE = Path(__file__).parent


@pytest.mark.parametrize("script", sorted(HERE.glob("*.test.js")), ids=lambda path: path.name)
def test_scripts_keep_their_claims(script: Path) -> None:
    need_node()
    result = subprocess.run(["node", "--test", script], capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    ran = re.search(r"^# pass (\d+)$|^ℹ pass (\d+)$", result.stdout, re.MULTILINE)
    assert ran
    assert int(ran[1] or ran[2]) > 0
