"""``quotecast report``: show how well a transcript matched its audio, and what to review.

Lines have at most 80 columns and are readable without colour. The HTML page has more details than the terminal.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import click

from aligner.cli.options import PATH
from aligner.cli.terminal import log, printable, say
from aligner.durations import clock
from aligner.errors import ExitStatus
from aligner.model import Alignment
from aligner.outputs import check_outputs
from aligner.report import wording
from aligner.report.facts import DoubtfulPassage, Listed, Piece, Report, Shade, is_below, narrowed, report_of
from aligner.report.page import to_html, to_json
from aligner.storage.alignment_json import read_alignment
from aligner.storage.atomic import write_keeping
from aligner.storage.file_names import find_named, last_part, named_files, seen_from

_STDOUT = Path("-")

_COLUMNS, _STRIP = 80, 76
_LISTED = 10  # of a kind
_INDENT = "  "


@click.command()
@click.argument("alignment", type=PATH)
@click.option("--html", type=PATH, metavar="FILE", help="Write the report as one page, which plays the audio.")
@click.option("--json", type=PATH, metavar="FILE", help="Write the report for programs; - is standard output.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="PERCENT",
    help="End with status 4 if fewer of the transcript's words were matched.",
)
def report(alignment: Path, html: Path | None, json: Path | None, fail_under: float | None) -> int:
    """Show how well the transcript of ALIGNMENT matched its audio, and what to review before publishing.

    The report is printed, or written to the files that are named.
    """
    files = [path for path in (html, json) if path and path != _STDOUT]
    if len({path.absolute() for path in files}) < len(files):
        raise click.UsageError("two files of the report have one name; each needs its own.")
    stored = read_alignment(alignment)
    result = report_of(stored)
    check_outputs(files, named_files(stored, alignment))
    lines = list[str]()
    for path in files:
        if path == html:
            content = to_html(result, _audio_from(path, alignment, stored)).encode("utf-8")
        else:
            content = to_json(result).encode("utf-8")
        copies = write_keeping({path: content})
        lines += [f"Written   {path}", *(f"Kept      {copy}, as edited before" for copy in copies)]
    if json == _STDOUT:
        click.echo(to_json(result), nl=False)
    else:
        say(*(lines or report_lines(result)))
    if fail_under is not None and is_below(result.judgement.coverage, fail_under):
        log(f"quotecast: {100 * result.judgement.coverage:.2f}% of the words were matched, less than {fail_under:g}%")
        return ExitStatus.POOR
    return ExitStatus.DONE


def _audio_from(page: Path, alignment_file: Path, alignment: Alignment) -> str:
    """Return the audio's URL relative to the report ``page``, or only the audio's file name if the audio is missing."""
    found = find_named(alignment.audio.file, alignment_file)
    name = seen_from(page.parent, found) if found else last_part(alignment.audio.file)
    return quote(os.fsencode(name))


def report_lines(report: Report) -> Iterator[str]:
    """Yield the lines of a report for a terminal, with empty lines between sections."""
    judgement = report.judgement
    yield from _wrapped(report.episode.title or report.source.audio_file)
    yield from _wrapped(wording.recognised_with(report.source))
    yield ""
    yield from _labelled("Verdict", f"{judgement.verdict}: {wording.meaning(judgement)}")
    yield from _labelled(*wording.coverage_line(judgement, report.counts))
    yield from _labelled("Captions", wording.captions_line(report.captions))
    for k, reason in enumerate([*wording.reasons(report), *judgement.warnings]):
        yield from _labelled("" if k else "Why", reason)
    yield from _labelled("Review", judgement.review_status)
    yield from ("", str(wording.TITLES["strip"]), *_strip(report))
    yield from _section("doubtful", _doubtful(report), report.doubtful)
    missing = (
        f"{_times(each.start, each.end)}: {each.text or wording.LABELS['not made out']}"
        for each in report.untranscribed.first
    )
    yield from _section("untranscribed", _listed(missing), report.untranscribed)
    unspoken = (
        f"{wording.after(each.after)}, {wording.word_count(each.words)}: {each.text}" for each in report.unspoken.first
    )
    yield from _section("unspoken", _listed(unspoken), report.unspoken)
    if report.lost.count:
        lost = (
            (f"{_times(each.span.start, each.span.end)}, " if each.span else "")
            + f"{wording.LOST[each.kind]}: {each.text}"
            for each in report.lost.first
        )
        yield from _section("lost", _listed(lost), report.lost)


def _section(name: str, lines: Sequence[str], listed: Listed[Any]) -> Iterator[str]:
    """Yield a title, then ``lines`` (if empty, a text such as "none"), then how many items are not shown."""
    yield from ("", str(wording.TITLES[name]), *(lines or _wrapped(wording.EMPTY[name], _INDENT)))
    if rest := wording.more(listed.count, _LISTED):
        yield _INDENT + rest


def _listed(items: Iterable[str]) -> list[str]:
    return [line for item in islice(items, _LISTED) for line in _wrapped(item, _INDENT)]


def _strip(report: Report) -> Iterator[str]:
    """Yield lines for the strip, a bar that shows the confidence over the episode: the bar, times, and a legend."""
    marks = {Shade.SURE: "█", Shade.FAIR: "▓", Shade.DOUBTFUL: "░", Shade.UNTRANSCRIBED: "+", Shade.SILENT: " "}
    yield _INDENT + "".join(marks[column.shade] for column in narrowed(report.strip, _STRIP))
    half, whole = clock(report.source.duration / 2), clock(report.source.duration)
    yield _INDENT + "0:00" + half.center(_STRIP - 4 - len(whole)) + whole
    for shade, mark in marks.items():
        yield f"{_INDENT}{mark if mark.strip() else 'blank'}  {wording.SHADES[shade]}"


def _doubtful(report: Report) -> list[str]:
    if not report.doubtful.count:
        return []
    recognised = (
        f"{wording.EXPLAINED[report.source.method].removesuffix('.')}: [so]."
        if report.was_recognised
        else wording.EXPLAINED["unheard"]
    )
    is_draft = report.judgement.is_draft
    passages = [line for passage in report.doubtful.first[:_LISTED] for line in _passage(passage, is_draft)]
    return [*_listed([wording.EXPLAINED["draft" if is_draft else "doubtful"], recognised]), *passages]


def _passage(passage: DoubtfulPassage, is_draft: bool) -> Iterator[str]:
    at_stake = wording.at_stake(passage, is_draft) + (f" ({passage.speaker})" if passage.speaker else "")
    yield from _wrapped(f"{_times(passage.start, passage.end)}, {at_stake}", _INDENT)
    ending = " …" if passage.shortened else ""
    yield from _wrapped(f"{_marked(passage.printed)}{ending}", f"{2 * _INDENT}{wording.LABELS['printed']:<9}", " " * 13)
    if passage.recognised is not None:
        recognised = _marked(passage.recognised) or str(wording.LABELS["nothing heard"])
        yield from _wrapped(f"{recognised}{ending}", f"{2 * _INDENT}{wording.LABELS['heard']:<9}", " " * 13)


def _marked(pieces: Iterable[Piece]) -> str:
    """Join the words of the printed or of the recognised text. Words missing from the other text are in brackets."""
    marked = " ".join(piece.text if piece.matches else f"[{piece.text}]" for piece in pieces)
    return marked.replace("] [", " ")


def _times(start: float, end: float) -> str:
    return f"{clock(start)} to {clock(end)}"


def _labelled(label: str, text: str) -> Iterator[str]:
    return _wrapped(text, f"{label:<10}", " " * 10)


def _wrapped(text: str, indent: str = "", further: str | None = None) -> Iterator[str]:
    """Yield the text in lines of at most 80 columns; ``indent`` precedes the first line, ``further`` the others."""
    from rich.console import Console
    from rich.text import Text

    further = indent + _INDENT if further is None else further
    width = _COLUMNS - max(len(indent), len(further))
    for line in Text(" ".join(printable(text).split())).wrap(Console(width=width), width):
        yield indent + line.plain.rstrip()
        indent = further
