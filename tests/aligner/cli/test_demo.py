"""What the demo says to do next runs quotecast, and nothing that lies in the folder where it is typed."""

import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from aligner.cli import demo
from tests.places import ROOT


@pytest.fixture
def interpreter(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """What runs ``python -m aligner``, in a folder without our script."""
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} "$@"\n', encoding="utf-8")
    python.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(python))
    monkeypatch.setattr(sys, "argv", [str(ROOT / "aligner" / "__main__.py"), "demo"])
    monkeypatch.chdir(tmp_path)
    return python


@pytest.mark.skipif(sys.platform == "win32", reason="the interpreter is a script of the shell")
def test_the_next_command_imports_nothing_from_where_it_is_typed(interpreter: Path, tmp_path: Path) -> None:
    (tmp_path / "sent").mkdir()
    (tmp_path / "sent" / "click.py").write_text("raise SystemExit('sent code runs')", encoding="utf-8")
    command = [*shlex.split(demo._own_command()), "--version"]
    run = subprocess.run(command, cwd=tmp_path / "sent", check=False, capture_output=True, encoding="utf-8")
    assert (run.returncode, "sent code" in run.stderr) == (0, False)
