"""Format the results of a run: as lines for a person, readable without colour, and as JSON for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aligner.captions import judge_cues
from aligner.cli.progress import report_done
from aligner.cli.terminal import log, say
from aligner.durations import clock
from aligner.errors import ExitStatus
from aligner.languages import KNOWN
from aligner.model import Alignment, Span, Verdict
from aligner.outputs import Written
from aligner.pins import review_status
from aligner.pipeline import Aligned
from aligner.publishing.audiograms import Audiogram
from aligner.publishing.clips import SILENT_DB, Clip
from aligner.publishing.excerpt import Cut
from aligner.publishing.screens import styles_file
from aligner.quotes.comparison import Caution
from aligner.quotes.quote import QuoteMatch, list_occurrences
from aligner.report.facts import counted, figures_of_cues, judgement_of
from aligner.report.wording import captions_line, coverage_line, meaning, recognised_how
from aligner.retiming.retime import ChangedSpan, Retimed
from aligner.saved_quotes import SavedQuote
from media.errors import to_facts

_LISTED_MATCHES = 10  # of a quote
_LISTED, _LONGEST = 20, 70  # lines under a title, and characters of a text in them


def run_lines(aligned: Aligned, written: Written) -> list[str]:
    """Return lines on the result of aligning: verdict and coverage, method and language, and the written files."""
    alignment, engine = aligned.alignment, aligned.alignment.engine
    verdict, coverage = _verdict_lines(alignment)
    captions = [figures_of_cues(format, cues, judge_cues(cues)) for format, cues in written.cues.items()]
    method = str(recognised_how(alignment.language, engine.method, engine.model))
    if alignment.language not in KNOWN:  # a wrong guess moves words
        method += "; --language names another"
    return [
        verdict,
        coverage,
        f"Captions  {captions_line(captions)}",
        f"Method    {method}; {review_status(alignment.review, alignment.machine_text)}",
        *_file_lines(written),
    ]


def report_run(mode: str, aligned: Aligned, written: Written) -> ExitStatus:
    """Print the warnings and results of aligning, for a person or as JSON, and return the exit status."""
    alignment = aligned.alignment
    for warning in aligned.warnings:
        log(f"quotecast: warning: {warning}")
    say(*run_lines(aligned, written))
    report_done(
        mode,
        verdict=alignment.verdict,
        coverage=alignment.coverage,
        warnings=[{"kind": "audio", **to_facts(warning)} for warning in aligned.warnings],
        **file_facts(written.paths, written.backups),
    )
    return ExitStatus.POOR if alignment.verdict is Verdict.POOR else ExitStatus.DONE


def file_facts(paths: Sequence[Path], copies: Sequence[Path]) -> dict[str, Any]:
    """Return results for JSON: the written files as ``files``, and the backups (``copies``) as ``kept``."""
    return {"files": [str(path) for path in paths], "kept": [str(path) for path in copies]}


def clip_facts(clips: Sequence[Clip | Audiogram]) -> dict[str, Any]:
    """Return results for JSON: the written files, backups and warnings of clips or audiograms."""
    paths = [path for each in clips for path in each.paths]
    facts = file_facts(paths, [path for each in clips for path in each.copies])
    return {**facts, "warnings": [asdict(caution) for each in clips for caution in each.cautions]}


def clip_lines(clip: Clip, alignment: Alignment) -> Iterator[str]:
    """Yield lines on a clip: its quote, other occurrences of the quote, its loudness, warnings, and the files."""
    cut, level = clip.cut, clip.level
    yield from _quote_lines(cut, clip.match, alignment)
    loudness = "too short or quiet to have a loudness" if level.lufs is None else f"{level.lufs:.1f} LUFS"
    peak, start = max(level.true_peak_db, SILENT_DB), cut.timeline.span.start
    yield f"Clip      {cut.timeline.duration:.1f} s from {clock(start)} on; {loudness}, peak {peak:.1f} dBTP"
    yield from _clip_file_lines(clip.cautions, clip.paths, clip.copies)


def audiogram_lines(audiogram: Audiogram, alignment: Alignment, remembered: Mapping[str, str | bool]) -> Iterator[str]:
    """Yield lines on an audiogram. ``remembered`` are choices of style taken from the show's last audiogram."""
    cut, shape = audiogram.cut, audiogram.shape
    yield from _quote_lines(cut, audiogram.match, alignment)
    size, start = f"{shape.name}, {shape.width}x{shape.height}", cut.timeline.span.start
    yield f"Video     {size}, {clock(audiogram.duration)}, from {clock(start)} of the episode"
    if remembered:
        yield f"Style     {_remembered(remembered)}"
    yield from _clip_file_lines(audiogram.cautions, audiogram.paths, audiogram.copies)


def retime_lines(result: Retimed, quotes: Sequence[SavedQuote], written: Written | None) -> Iterator[str]:
    """Yield lines on the result of moving an alignment to new audio. ``quotes`` are the saved quotes that were lost in
    the move; ``written`` is None in a dry run."""
    yield from _under("Audio", [_row(row) for row in result.changes()])
    yield f"Words     {_words(result)}"
    yield from _under("No audio", [_text(span, text) for span, text in result.texts(result.lost)])
    displaced = [_text(span, text) for span, text in result.texts(result.displaced)]
    yield from _under("Moved", [f"{text}, elsewhere in the audio than in the text" for text in displaced])
    new = [_text(Span(each.start, each.end), each.text or "speech") for each in result.passages]
    yield from _under("New", new)
    yield from _under("Pins", [f"lost: {_quoted(pin.text)}" for pin in result.lost_pins])
    yield from _under("Quotes", [f"lost: {_quoted(quote.text)}" for quote in quotes])
    verdict, coverage = _verdict_lines(result.alignment)
    yield verdict
    yield f"{coverage}; {review_status(result.alignment.review, result.alignment.machine_text)}"
    if written is None:
        yield "Written   nothing: this is what would move"
    else:
        yield from _file_lines(written)


def retime_facts(result: Retimed, quotes: Sequence[SavedQuote], written: Written | None) -> dict[str, Any]:
    """Return for JSON the results of a move to new audio. ``quotes`` were lost; ``written`` is None in a dry run."""
    new = result.alignment
    return {
        "format": "quotecast-retime",
        "version": 1,
        "old": asdict(result.old.audio),
        "new": asdict(new.audio),
        "verdict": new.verdict,
        "coverage": new.coverage,
        "spans": [
            {"fate": row.change, "old": _pair(row.old), "new": _pair(row.new), "rate": round(row.rate, 6)}
            for row in result.changes()
        ],
        "moved": [asdict(shift) for shift in result.shifts()],
        "lost": [{"span": _pair(span), "text": text} for span, text in result.texts(result.lost)],
        "displaced": [{"span": _pair(span), "text": text} for span, text in result.texts(result.displaced)],
        "found": len(result.found),
        "passages": [asdict(each) for each in result.passages],
        "lost_pins": [pin.text for pin in result.lost_pins],
        "lost_quotes": [quote.text for quote in quotes],
        **(file_facts(written.paths, written.backups) if written else file_facts([], [])),
        "warnings": [{"kind": "audio", **to_facts(warning)} for warning in result.warnings],
    }


def shortened(text: str, length: int) -> str:
    """Return a text as one line, shortened to at most ``length`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def _verdict_lines(alignment: Alignment) -> tuple[str, str]:
    judgement = judgement_of(alignment)
    label, words = coverage_line(judgement, counted(alignment))
    return f"Verdict   {alignment.verdict}: {meaning(judgement)}", f"{label:<10}{words}"


def _file_lines(written: Written) -> Iterator[str]:
    yield f"Written   {', '.join(map(str, written.paths))}"
    if written.backups:
        yield f"Kept      {', '.join(map(str, written.backups))}, as edited before this run"


def _clip_file_lines(cautions: Sequence[Caution], paths: Sequence[Path], copies: Sequence[Path]) -> Iterator[str]:
    yield from (f"Check     {caution.message}" for caution in cautions)
    first, *beside = paths
    endings = ", ".join(path.suffix for path in beside)
    yield f"Written   {first}" + (f", with {endings} beside it" if endings else "")
    yield from (f"Kept      {path}, as edited before" for path in copies)


def _quote_lines(cut: Cut, match: QuoteMatch, alignment: Alignment) -> Iterator[str]:
    """Yield lines on the quote that was cut, and on all its occurrences in the alignment if there are several."""
    yield f"Quote     {shortened(cut.quote.text, 80)}{f' ({cut.quote.speaker})' if cut.quote.speaker else ''}"
    if len(match.occurrences) > 1 and match.taken:
        matches, taken = list_occurrences(alignment, match.occurrences), match.occurrences.index(match.taken) + 1
        more = f", of which these are the first {_LISTED_MATCHES}" if len(matches) > _LISTED_MATCHES else ""
        yield f"Matches   {len(matches)}{more}:"
        yield from (f"          {each}" for each in matches[:_LISTED_MATCHES])
        yield f"Taken     {taken if taken <= _LISTED_MATCHES else matches[taken - 1]}; --match N takes another"


def _remembered(choices: Mapping[str, str | bool]) -> str:
    names = [f"{name} {choice}" for name, choice in choices.items() if isinstance(choice, str)]
    if "end_card" in choices:
        names.append("end card" if choices["end_card"] else "no end card")
    return f"{', '.join(names)}, as last time for this show; auto forgets a choice, saved in {styles_file()}"


def _under(title: str, lines: Sequence[str]) -> Iterator[str]:
    """Yield the first ``_LISTED`` lines, with ``title`` before the first one, then a line such as "and 3 more"."""
    shown = [*lines[:_LISTED], *([f"and {len(lines) - _LISTED} more"] if len(lines) > _LISTED else [])]
    for number, line in enumerate(shown):
        yield f"{'' if number else title:<10}{line}"


def _row(row: ChangedSpan) -> str:
    """Return a line on a changed span of audio: its old and new times, and its shift or its change of speed."""
    old, new = (_clocks(span) if span else "-" for span in (row.old, row.new))
    if not (row.old and row.new):
        more = f"{(row.old or row.new).duration:.2f} s"  # type: ignore[union-attr]
    elif row.rate != 1:
        more = f"at {row.rate:.4f} times the speed"
    else:
        more = "" if row.change == "kept" else f"{row.new.start - row.old.start:+.2f} s"
    return f"{row.change:<8} {old:<25} {new:<25} {more}".rstrip()


def _words(result: Retimed) -> str:
    parts = []
    for each in result.shifts():
        by, most = f"{each.by:+.2f}", f"{each.most:+.2f}"
        moved = f"by {by if by == most else f'{by} to {most}'} s"
        parts.append(f"{each.words} {moved if each.by or each.most else 'stay'}")
    counts = {
        "have no audio now": result.lost,
        "moved elsewhere in the audio": result.displaced,
        "were found in the new audio": result.found,
    }
    return ", ".join([*parts, *(f"{len(words)} {what}" for what, words in counts.items() if words)]) or "none is spoken"


def _text(span: Span, text: str) -> str:
    return f"{_clocks(span):<25} {_quoted(text)}"


def _quoted(text: str) -> str:
    return f"“{shortened(text, _LONGEST)}”"


def _clocks(span: Span) -> str:
    return f"{clock(span.start, 2)}–{clock(span.end, 2)}"


def _pair(span: Span | None) -> list[float] | None:
    return [round(span.start, 3), round(span.end, 3)] if span else None
