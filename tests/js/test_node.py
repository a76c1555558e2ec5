"""The scripts' own tests, by Node's runner: modules that need no page, and what they share with Python by table."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

from tests.node import need_node

SCRIPTS = sorted(Path(__file__).parent.glob("*.test.js"))


def test_scripts_keep_their_claims() -> None:
    """All in one process: to start Node for each takes longer than its tests."""
    need_node()
    imports = "".join(f"import {script.as_uri()!r};\n" for script in SCRIPTS)
    command = ["node", "--input-type=module", "--eval", imports]
    result = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    assert result.returncode == 0, result.stdout + result.stderr
    ran = re.search(r"^# pass (\d+)$|^ℹ pass (\d+)$", result.stdout, re.MULTILINE)
    assert ran
    assert int(ran[1] or ran[2]) > len(SCRIPTS)
