"""Third-party readers of our files. Readers from npm run in Node, from the folder QUOTECAST_NODE_MODULES; without it,
their tests are skipped, or fail if QUOTECAST_NODE_TESTS=required."""

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
    """The alignment of the sample, with its true times."""
    return sample / "episode.alignment.json"


@pytest.fixture(scope="session")
def read_by_node() -> Callable[..., Any]:
    """Run a script of this folder (``NAME.cjs``), which can require npm packages; return its JSON output."""
    environment = {**os.environ, "NODE_PATH": str(node_modules())}

    def read(script: str, *arguments: object) -> Any:
        command = ["node", str(HERE / script), *map(str, arguments)]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", env=environment, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    return read
