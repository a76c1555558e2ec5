"""README and guide tell of everything that can be asked for."""

from pathlib import Path

import click
import pytest

from aligner.cli.main import COMMANDS, quotecast
from aligner.storage.outputs import SUFFIXES

ROOT = Path(__file__).parents[1]
GUIDE = "\n".join(
    path.read_text(encoding="utf-8") for path in [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
)

OPTIONS = sorted(
    {
        option
        for command in COMMANDS
        for parameter in quotecast.get_command(click.Context(quotecast), command).params
        if isinstance(parameter, click.Option)
        for option in parameter.opts
        if option.startswith("--") and option != "--help"
    }
)


@pytest.mark.parametrize("option", OPTIONS)
def test_every_option_is_named(option: str) -> None:
    assert option in GUIDE or option == "--output"  # -o stands for it


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_named(command: str) -> None:
    assert f"quotecast {command}" in GUIDE


@pytest.mark.parametrize("suffix", SUFFIXES.values())
def test_every_output_is_named(suffix: str) -> None:
    assert f"NAME{suffix}" in GUIDE
