"""A report for the terminal: lines of at most 80 columns, to be read without colour."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from aligner.cli.terminal import printable
from aligner.durations import clock
from aligner.model import Status
from aligner.report.facts import DoubtfulPassage, Piece, Report, Shade, narrowed, percent
from aligner.report.wording import (
    EMPTY,
    EXPLAINED,
    LABELS,
    LOST,
    NORMS,
    SHADES,
    STATUSES,
    TITLES,
    after,
    at_stake,
    captions_line,
    coverage_line,
    heard_by,
    meaning,
    more,
    reasons,
    word_count,
)
from aligner.typography.tokens import width

_COLUMNS = 80
_STRIP = 76
_LISTED = 10  # of a kind; the page has more
_INDENT = "  "

_MARKS = {Shade.SURE: "█", Shade.FAIR: "▓", Shade.DOUBTFUL: "░", Shade.LACKING: "+", Shade.SILENT: " "}
"""A wall with holes where words are in doubt."""


def report_lines(report: Report) -> Iterator[str]:
    """The lines of a report, an empty one between its sections."""
    yield from _wrapped(report.episode.title or report.source.audio_file)
    yield from _wrapped(heard_by(report.source))
    yield ""
    judgement = report.judgement
    yield from _labelled("Verdict", f"{judgement.verdict}: {meaning(judgement)}")
    yield from _labelled("Coverage", coverage_line(judgement.coverage, report.counts))
    yield from _labelled("Captions", captions_line(report.captions))
    for k, reason in enumerate([*reasons(report), *judgement.warnings]):
        yield from _labelled("" if k else "Why", reason)
    yield from _labelled("Review", judgement.standing)
    for name, lines in (
        ("strip", _strip(report)),
        ("counts", _counts(report)),
        ("doubtful", _doubtful(report)),
        ("lacking", _lacking(report)),
        ("unspoken", _unspoken(report)),
        *([("lost", _lost(report))] if report.lost.count else []),
        ("captions", _captions(report)),
    ):
        yield from ("", str(TITLES[name]), *lines)


def _strip(report: Report) -> Iterator[str]:
    yield _INDENT + "".join(_MARKS[column.shade] for column in narrowed(report.strip, _STRIP))
    half, whole = clock(report.source.duration / 2), clock(report.source.duration)
    yield _INDENT + "0:00" + half.center(_STRIP - 4 - len(whole)) + whole
    if report.headings:
        marks = [" "] * _STRIP
        for heading in report.headings:
            marks[min(_STRIP - 1, int(_STRIP * heading.start / max(report.source.duration, 0.001)))] = "^"
        yield f"{_INDENT}{''.join(marks)}".rstrip()
    for shade, mark in _MARKS.items():
        yield f"{_INDENT}{mark if mark.strip() else 'blank'}  {SHADES[shade]}"
    if report.headings:
        yield f"{_INDENT}^  {LABELS['headings']}"


def _counts(report: Report) -> Iterator[str]:
    for status in Status:
        name, told = STATUSES[status]
        share = percent(report.count(status) / max(1, report.counts.words))
        yield from _wrapped(told, f"{_INDENT}{name:<12} {report.count(status):>7} {share:>5.1f}%  ", " " * 30)


def _doubtful(report: Report) -> Iterator[str]:
    if not report.doubtful.count:
        yield from _wrapped(EMPTY["doubtful"], _INDENT)
        return
    yield from _wrapped(EXPLAINED["doubtful"], _INDENT, _INDENT)
    if not report.was_heard:
        yield from _wrapped(EXPLAINED["unheard"], _INDENT, _INDENT)
    else:
        yield from _wrapped(f"{EXPLAINED[report.source.ear].removesuffix('.')}: [so].", _INDENT, _INDENT)
    for passage in report.doubtful.first[:_LISTED]:
        yield from _passage(passage)
    yield from _rest(report.doubtful.count)


def _passage(passage: DoubtfulPassage) -> Iterator[str]:
    speaker = f" ({passage.speaker})" if passage.speaker else ""
    times = f"{clock(passage.start)} to {clock(passage.end)}, {at_stake(passage)}{speaker}"
    yield from _wrapped(times, _INDENT)
    ending = " …" if passage.shortened else ""
    yield from _wrapped(f"{_marked(passage.printed)}{ending}", f"{2 * _INDENT}{LABELS['printed']:<9}", " " * 13)
    if passage.heard is not None:
        heard = _marked(passage.heard) or str(LABELS["nothing heard"])
        yield from _wrapped(f"{heard}{ending}", f"{2 * _INDENT}{LABELS['heard']:<9}", " " * 13)


def _marked(pieces: Iterable[Piece]) -> str:
    """The words, in brackets what the other side lacks."""
    marked = " ".join(piece.text if piece.matches else f"[{piece.text}]" for piece in pieces)
    return marked.replace("] [", " ")


def _lacking(report: Report) -> Iterator[str]:
    if not report.lacking.count:
        yield from _wrapped(EMPTY["lacking"], _INDENT)
    for passage in report.lacking.first[:_LISTED]:
        heard = passage.text or LABELS["not made out"]
        yield from _wrapped(f"{clock(passage.start)} to {clock(passage.end)}: {heard}", _INDENT)
    yield from _rest(report.lacking.count)


def _unspoken(report: Report) -> Iterator[str]:
    if not report.unspoken.count:
        yield from _wrapped(EMPTY["unspoken"], _INDENT)
    for passage in report.unspoken.first[:_LISTED]:
        yield from _wrapped(f"{after(passage.after)}, {word_count(passage.words)}: {passage.text}", _INDENT)
    yield from _rest(report.unspoken.count)


def _lost(report: Report) -> Iterator[str]:
    yield from _wrapped(EXPLAINED["lost"], _INDENT, _INDENT)
    for each in report.lost.first[:_LISTED]:
        times = f"{clock(each.span.start)} to {clock(each.span.end)}, " if each.span else ""
        yield from _wrapped(f"{times}{LOST[each.kind]}: {each.text}", _INDENT)
    yield from _rest(report.lost.count)


def _captions(report: Report) -> Iterator[str]:
    for file in report.captions:
        if not file.cues:
            yield from _wrapped(EMPTY["captions"], _INDENT)
            return
        yield f"{_INDENT}{file.format.upper()}: {file.cues} {LABELS['cues']}, {file.outside} {LABELS['outside']}"
        for missed in file.missed:
            first = ", ".join(map(clock, missed.first))
            yield f"{2 * _INDENT}{missed.count:>5}  {NORMS[missed.norm]}, {LABELS['first at']} {first}"


def _rest(count: int) -> Iterator[str]:
    told = more(count, _LISTED)
    if told:
        yield _INDENT + told


def _labelled(label: str, text: str) -> Iterator[str]:
    """Lines behind a label, as those at the end of a run."""
    return _wrapped(text, f"{label:<10}", " " * 10)


def _wrapped(text: str, indent: str = "", further: str | None = None) -> Iterator[str]:
    """A text in lines behind an ``indent``, those after the first behind ``further``, two columns more if that is
    None."""
    behind, line = indent, ""
    further = indent + _INDENT if further is None else further
    for word in _short_words(printable(text), _COLUMNS - len(further)):
        if line and len(behind) + width(line) + 1 + width(word) > _COLUMNS:
            yield behind + line
            behind, line = further, word
        else:
            line = f"{line} {word}" if line else word
    yield behind + line


def _short_words(text: str, room: int) -> Iterator[str]:
    """The words of a text, none wider than ``room``."""
    for word in text.split():
        while width(word) > room:
            fitting = next(k for k in range(len(word), 0, -1) if width(word[:k]) <= room)
            yield word[:fitting]
            word = word[fitting:]
        yield word
