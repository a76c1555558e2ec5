"""Fixtures of the editing tests."""

from pathlib import Path

import pytest

from tests.perfect_recogniser import write_asr_output
from web.jobs.kinds import Align


@pytest.fixture
def recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let jobs align with known ASR output instead of a model."""
    output = write_asr_output(tmp_path / "asr.json")
    command = Align.command

    def with_output(work: Align) -> list[str]:
        module, name, *rest = command(work)
        return [module, name, f"--asr-output={output}", *rest]

    monkeypatch.setattr(Align, "command", with_output)
