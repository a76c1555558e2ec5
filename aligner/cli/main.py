"""Run the command that the user names, and report an error if it fails. A command is imported only when it runs."""

from __future__ import annotations

import gc
import io
import sys
from importlib import import_module

import click

from aligner.cli.terminal import discard, log, message_of, use_utf8
from aligner.errors import ExitStatus
from media.errors import UserError

GROUPS = {
    "Make captions": {
        "demo": ("aligner.cli.demo", "Try it: align a sample episode and measure the result."),
        "align": ("aligner.cli.align", "Align a transcript with its audio: captions, word times."),
        "transcribe": ("aligner.cli.align", "Write an automatic transcript where there is none."),
        "check": ("aligner.cli.check", "Check a WebVTT or SRT file: its format, reading speed."),
        "report": ("aligner.cli.report", "Show how well a transcript matched, and what to review."),
    },
    "Work with an episode": {
        "serve": ("web.command", "Open the app: read along, correct, review, cut clips."),
        "desktop": ("web.desktop", "Open the app as its icon does, without a terminal."),
        "shortcut": ("web.desktop", "Put an icon for the app into the system's menu."),
        "export": ("aligner.cli.export", "Write captions and other formats, or all for one use."),
        "retime": ("aligner.cli.retime", "Move an alignment to another cut of its audio."),
        "clip": ("aligner.cli.clip", "Cut a quote out of the audio, with captions and text."),
        "audiogram": ("aligner.cli.clip", "Make a video of a quote."),
    },
    "Publish": {
        "publish": ("web.site.command", "Make a web page with player of one episode or more."),
        "feed": ("aligner.cli.feed", "Print an episode's tags, or write them into a feed."),
        "sync": ("aligner.cli.sync", "Find an episode's audio in what a host delivers with ads."),
        "archive": ("web.archive.command", "Align a whole show from its feed and transcripts."),
    },
    "Care for a library": {
        "backup": ("web.care.command", "Write a library to one file, even while a server runs."),
        "restore": ("web.care.command", "Make a library from such a file, also elsewhere."),
        "doctor": ("web.care.command", "Check this machine, for a report of a problem."),
    },
}
"""By group and name of a command: the module that defines it under that name, and its summary."""

# Records before the garbage collector runs. An alignment of an hour has hundreds of thousands without cycles; searching
# them takes a twelfth of the time of aligning again.
_GC_THRESHOLD = 100_000

COMMANDS = {name: module for group in GROUPS.values() for name, (module, _) in group.items()}


class LazyGroup(click.Group):
    """A click group of commands that are imported only when they run, not when the help lists them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, commands in GROUPS.items():
            with formatter.section(title):
                formatter.write_dl([(name, summary) for name, (_, summary) in commands.items()], col_spacing=4)


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="quotecast", message="%(prog)s %(version)s")
def quotecast() -> None:
    """Align a podcast's transcript with its audio (forced alignment): the time of every word, captions, quotes.

    A first try is `quotecast demo`; `quotecast COMMAND --help` describes a command.
    """


def run() -> int:
    """Run the command in the process's arguments; return the exit status."""
    use_utf8()
    gc.set_threshold(_GC_THRESHOLD)
    return int(quotecast.main(standalone_mode=False) or 0)


def explain(error: BaseException) -> int:
    """Print an expected error and return the exit status; raise any other error again."""
    match error:
        case click.ClickException():
            usage = io.StringIO()
            error.show(usage)
            for line in usage.getvalue().rstrip("\n").split("\n"):
                log(line)
            return error.exit_code
        case UserError() | OSError() | MemoryError():
            if isinstance(error, OSError):
                discard(sys.stdout.fileno())
            log(f"quotecast: {message_of(error)}")
        case _:
            raise error
    return ExitStatus.UNUSABLE
