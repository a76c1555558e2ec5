"""``quotecast archive``: a whole show at once, each of its commands loaded when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

COMMANDS: Mapping[str, str] = {
    "add": "web.archive.add",
    "update": "web.archive.update",
    "run": "web.archive.run",
}
"""By the name of a command, the module that has it as an attribute of that name; it loads nothing heavy itself."""


class _Commands(click.Group):
    """A group whose commands are those of ``COMMANDS``."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command


@click.group(cls=_Commands)
def archive() -> None:
    """A whole show at once: its episodes, from a feed and folders, kept up to date."""
