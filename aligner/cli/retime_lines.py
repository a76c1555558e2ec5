"""What is told of an alignment that was moved to a new sound: lines for a person, or facts for a program."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aligner.durations import clock
from media.errors import to_facts

if TYPE_CHECKING:
    from aligner.model import Span
    from aligner.outputs import Written
    from aligner.retiming.retime import Account, Retimed, Row, Shift
    from aligner.saved_quotes import Kept

FORMAT, VERSION = "quotecast-retime", 1

_LISTED, _LONGEST = 20, 70  # lines of each kind, characters of a text


def retime_lines(made: Retimed, account: Account, quotes: Sequence[Kept], written: Written | None) -> Iterator[str]:
    """How well it went, what became of both sounds, of words and of what people set, and which files were written."""
    from aligner.pins import standing
    from aligner.report.facts import counted, judgement_of
    from aligner.report.wording import coverage_line, meaning

    new = made.alignment
    told = meaning(judgement_of(new))
    yield from _under("Sound", [_row(row) for row in account.rows])
    yield f"Words     {_words(made, account.shifts)}"
    yield from _under("No sound", [_text(span, text) for span, text in account.lost])
    yield from _under(
        "Moved", [f"{_text(span, text)}, elsewhere in the sound than in the text" for span, text in account.displaced]
    )
    yield from _under("New", [_text(_span(each.start, each.end), each.text or "speech") for each in account.passages])
    yield from _under("Pins", [f"lost: {_quoted(pin.text)}" for pin in account.lost_pins])
    yield from _under("Quotes", [f"lost: {_quoted(kept.text)}" for kept in quotes])
    yield f"Verdict   {new.verdict}: {told}"
    yield f"Coverage  {coverage_line(new.coverage, counted(new))}; {standing(new.signature, new.machine_text)}"
    if written is None:
        yield "Written   nothing: this is what would move"
        return
    yield f"Written   {', '.join(map(str, written.paths))}"
    if written.kept:
        yield f"Kept      {', '.join(map(str, written.kept))}, as edited before this run"


def retime_facts(made: Retimed, account: Account, quotes: Sequence[Kept], written: Written | None) -> dict[str, Any]:
    """The same for a program; times are in seconds, a span is its start and end."""
    new = made.alignment
    return {
        "format": FORMAT,
        "version": VERSION,
        "old": {"file": made.old.audio.file, "sha256": made.old.audio.sha256, "duration": made.old.audio.duration},
        "new": {"file": new.audio.file, "sha256": new.audio.sha256, "duration": new.audio.duration},
        "verdict": new.verdict,
        "coverage": new.coverage,
        "spans": [
            {"fate": row.fate, "old": _pair(row.old), "new": _pair(row.new), "rate": round(row.rate, 6)}
            for row in account.rows
        ],
        "moved": [asdict(shift) for shift in account.shifts],
        "lost": [{"span": _pair(span), "text": text} for span, text in account.lost],
        "displaced": [{"span": _pair(span), "text": text} for span, text in account.displaced],
        "found": account.found,
        "passages": [asdict(each) for each in account.passages],
        "lost_pins": [pin.text for pin in account.lost_pins],
        "lost_quotes": [kept.text for kept in quotes],
        "files": [str(path) for path in written.paths] if written else [],
        "kept": [str(path) for path in written.kept] if written else [],
        "warnings": [{"kind": "sound", **to_facts(warning)} for warning in made.warnings],
    }


def _under(title: str, lines: Sequence[str]) -> Iterator[str]:
    """Lines under a title, of many the first ones."""
    shown = [*lines[:_LISTED], *([f"and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else [])]
    for number, line in enumerate(shown):
        yield f"{'' if number else title:<10}{line}"


def _row(row: Row) -> str:
    """A span of sound: what became of it, where it was, where it is, and by how much that is moved."""
    old, new = (f"{_clocks(span):<25}" if span else f"{'-':<25}" for span in (row.old, row.new))
    if not (row.old and row.new):
        more = f"{(row.old or row.new).duration:.2f} s"  # type: ignore[union-attr]
    elif row.rate != 1:
        more = f"at {row.rate:.4f} times the speed"
    else:
        more = "" if row.fate == "kept" else f"{row.new.start - row.old.start:+.2f} s"
    return f"{row.fate:<8} {old} {new} {more}".rstrip()


def _words(made: Retimed, shifts: Sequence[Shift]) -> str:
    told = [
        f"{shift.words} " + ("stay" if not shift.by and not shift.most else f"by {_by(shift)} s") for shift in shifts
    ]
    told += [f"{len(made.lost)} have lost their sound"] if made.lost else []
    told += [f"{len(made.displaced)} are elsewhere in the sound"] if made.displaced else []
    told += [f"{len(made.found)} are found in what is new"] if made.found else []
    return ", ".join(told) or "none is said"


def _by(shift: Shift) -> str:
    return f"{shift.by:+.2f}" if shift.by == shift.most else f"{shift.by:+.2f} to {shift.most:+.2f}"


def _text(span: Span, text: str) -> str:
    return f"{_clocks(span):<25} {_quoted(text)}"


def _quoted(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line if len(line) <= _LONGEST else line[: _LONGEST - 1] + '…'}”"


def _clocks(span: Span) -> str:
    return f"{clock(span.start, 2)}–{clock(span.end, 2)}"


def _span(start: float, end: float) -> Span:
    from aligner.model import Span

    return Span(start, end)


def _pair(span: Span | None) -> list[float] | None:
    return [round(span.start, 3), round(span.end, 3)] if span else None
