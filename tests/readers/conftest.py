"""What reads our files back and is not ours. Readers of npm are run by Node, from the folder that
QUOTECAST_NODE_MODULES names; where there is none they are skipped, with QUOTECAST_NODE_TESTS=required they fail."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.node import node_modules

HERE = Path(__file__).parent


@pytest.fixture(scope="session")
def aligned(sample: Path) -> Path:
    """The sample's alignment, by its truth."""
    return sample / "episode.alignment.json"


@pytest.fixture(scope="session")
def read_by_node() -> Callable[..., Any]:
    """Runs a script of this folder (``NAME.cjs``), whose ``require`` finds npm's packages, with files to read; what it
    prints is JSON."""
    environment = {**os.environ, "NODE_PATH": str(node_modules())}

    def read(script: str, *arguments: object) -> Any:
        command = ["node", str(HERE / script), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read
