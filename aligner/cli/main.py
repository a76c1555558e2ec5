"""The group of commands, each loaded when it is asked for, and what is told of an error that ends one."""

from __future__ import annotations

import io
import sys
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import click

from aligner.cli.terminal import discard, message_of, open_missing_streams, tell
from aligner.errors import ExitStatus
from media.errors import UserError

COMMANDS: Mapping[str, str] = {
    "align": "aligner.cli.align",
    "archive": "web.archive.command",
    "audiogram": "aligner.cli.audiogram",
    "check": "aligner.cli.check",
    "clip": "aligner.cli.clip",
    "demo": "aligner.cli.demo",
    "export": "aligner.cli.export",
    "feed": "aligner.cli.feed",
    "report": "aligner.cli.report",
    "retime": "aligner.cli.retime",
    "publish": "web.site.command",
    "serve": "web.command",
    "transcribe": "aligner.cli.transcribe",
}
"""By the name of a command, the module that has it as an attribute of that name; it loads nothing heavy itself."""


class LazyGroup(click.Group):
    """A group whose commands are those of ``modules``, as of ``COMMANDS``, each loaded when it is asked for."""

    def __init__(self, *, modules: Mapping[str, str], **others: Any) -> None:
        super().__init__(**others)
        self._modules = modules

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self._modules)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self._modules:
            return None
        command: click.Command = getattr(import_module(self._modules[cmd_name]), cmd_name)
        return command


@click.group(
    cls=LazyGroup, modules=COMMANDS, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100}
)
@click.version_option(package_name="quotecast", message="%(prog)s %(version)s")
def quotecast() -> None:
    """Find when each word of a podcast's published transcript is said, and make captions of it."""


def run() -> int:
    """Run the command that the arguments name; return its exit status."""
    open_missing_streams()
    return int(quotecast.main(standalone_mode=False) or 0)


def explain(error: BaseException) -> int:
    """Tell the user in one line what is wrong and return the exit status; what nobody foresaw is raised again."""
    match error:
        case click.ClickException():
            usage = io.StringIO()
            error.show(usage)
            for line in usage.getvalue().rstrip("\n").split("\n"):
                tell(line)
            return error.exit_code
        case UserError() | OSError() | MemoryError():
            if isinstance(error, OSError):
                discard(sys.stdout.fileno())
            tell(f"quotecast: {message_of(error)}")
        case _:
            raise error
    return ExitStatus.UNUSABLE
