"""Write the reference of the command line, ``docs/reference/cli.md``, from the commands themselves.

python -m docs.cli_reference
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterator
from copy import copy

import click

from aligner.cli.main import quotecast
from tests.paths import ROOT

REFERENCE = ROOT / "docs" / "reference" / "cli.md"
_COLUMNS = 120
_BAR = "\\|"  # within a table


def reference() -> str:
    """Return the page: a section for each command, with its usage, its help and a table of its options."""
    context = click.Context(quotecast, info_name="quotecast")
    lines = ["# Command line", "", *_filled(_help(quotecast)), ""]
    lines += [
        "Every command prints this help with `--help`. [Exit status, files and environment](files.md).",
        "",
        "| command | |",
        "|---|---|",
    ]
    for each in (contexts := list(_all(context))):
        link = f"[{_name(each)}](#{_name(each).replace(' ', '-')})"
        lines.append(f"| {link} | {_cell(_first(each.command))} |")
    for each in contexts:
        lines += ["", *_section(each)]
    return "\n".join(lines) + "\n"


def _all(context: click.Context) -> Iterator[click.Context]:
    """Yield a context for each command that can be run, those of a group in its place."""
    group = context.command
    assert isinstance(group, click.Group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command
        found = click.Context(command, parent=context, info_name=name)
        if isinstance(command, click.Group):
            yield from _all(found)
        else:
            yield found


def _section(context: click.Context) -> list[str]:
    command = context.command
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    lines = [f"## {_name(context)}", "", f"    {usage}", "", *_filled(_help(command))]
    options = [copy(each) for each in command.params if isinstance(each, click.Option)]
    for each in options:
        each.hidden = False  # advanced ones too
    if records := [record for each in options if (record := each.get_help_record(context))]:
        lines += ["", "| option | |", "|---|---|"]
        lines += [f"| `{names.replace('|', _BAR)}` | {_cell(what)} |" for names, what in records]
    return lines


def _name(context: click.Context) -> str:
    return context.command_path.removeprefix("quotecast ")


def _help(command: click.Command) -> str:
    return textwrap.dedent(command.help or "").replace("\b\n", "").strip()


def _first(command: click.Command) -> str:
    """Return the first sentence of a command's help."""
    sentence = re.match(r".*?[^.]\.(?=\s|$)|.*", " ".join(_help(command).split()))
    return sentence[0] if sentence else ""


def _filled(text: str) -> list[str]:
    """Return paragraphs of plain text as lines of Markdown."""
    paragraphs = [_escaped(" ".join(each.split())) for each in re.split(r"\n\s*\n", text) if each.strip()]
    lines = [line for each in paragraphs for line in [*textwrap.wrap(each, _COLUMNS, break_on_hyphens=False), ""]]
    return lines[:-1]


def _cell(text: str) -> str:
    return _escaped(" ".join(text.split())).replace("|", _BAR)


def _escaped(text: str) -> str:
    return re.sub(r"(?<!`)[<*_]", lambda found: f"\\{found[0]}", text)


if __name__ == "__main__":
    REFERENCE.write_text(reference(), encoding="utf-8")
