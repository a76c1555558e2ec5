"""An attack as a command of its own, as somebody runs it by hand."""

from __future__ import annotations

import subprocess
import sys


def attacked(name: str, longest: float, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run ``tests.attack.NAME``, for ``longest`` seconds at most."""
    command = [sys.executable, "-m", f"tests.attack.{name}", *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=longest, check=False)
