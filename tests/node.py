"""Where Node and the packages of npm are that tests read files with; why they are not there."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

LEAST = 20  # the oldest version of Node that is tried
MODULES = "QUOTECAST_NODE_MODULES"
"""The variable that names the folder ``node_modules`` with readers of npm."""


def need_node() -> None:
    """Skip the test where there is no Node to run; where it is required, fail."""
    node = shutil.which("node")
    if node is None:
        _do_without("there is no node")
    version = subprocess.run([str(node), "--version"], capture_output=True, text=True, check=True).stdout
    major = re.match(r"v(\d+)", version)
    if not major or int(major[1]) < LEAST:
        _do_without(f"node is {version.strip()}, expected {LEAST} or newer")


def node_modules() -> Path:
    """The folder of npm's packages; the test is skipped where there is none, as without Node."""
    need_node()
    named = os.environ.get(MODULES)
    if not named:
        _do_without(f"{MODULES} names no folder with npm's packages; CONTRIBUTING.md says how to make one")
    return Path(str(named)).absolute()


def _do_without(why: str) -> None:
    if os.environ.get("QUOTECAST_NODE_TESTS") == "required":
        pytest.fail(why)
    pytest.skip(why)
