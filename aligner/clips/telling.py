"""What is told of clips that were made: to a person in lines, to a program in facts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aligner.durations import clock
from aligner.quotes import Caution, Cut

if TYPE_CHECKING:
    from aligner.clips.making import Made


def closing_lines(made: Made) -> Iterator[str]:
    """What was cut, where else it is said, what to look at, and where the files are."""
    cut = made.cut
    yield quote_line(cut)
    if len(made.places) > 1:
        yield f"Places    {made.places[0]}"
        yield from (f"          {place}" for place in made.places[1:])
        yield f"Taken     {made.number}; --match N takes another"
    span, level = cut.timeline.span, made.files.level
    loudness = "too short or quiet to have a loudness" if level.lufs is None else f"{level.lufs:.1f} LUFS"
    peak = max(level.true_peak_db, -120.0)
    yield f"Clip      {cut.timeline.duration:.1f} s from {clock(span.start)} on; {loudness}, peak {peak:.1f} dBTP"
    yield from (f"Look at   {caution.message}" for caution in made.cautions)
    first, *beside = made.files.paths
    yield f"Written   {first}, with {', '.join(path.suffix for path in beside)} beside it"
    if made.files.kept:
        yield f"Kept      {', '.join(map(str, made.files.kept))}, as edited before"


def quote_line(cut: Cut) -> str:
    """The quote and who says it."""
    return f"Quote     {shortened(cut.quote.text, 80)}{f' ({cut.quote.speaker})' if cut.quote.speaker else ''}"


def facts_of(made: Made) -> dict[str, Any]:
    """One clip, for a program."""
    level = made.files.level
    return {
        **cut_facts(made.cut, made.cautions),
        "files": [str(path) for path in made.files.paths],
        "kept": [str(path) for path in made.files.kept],
        "lufs": None if level.lufs is None else round(level.lufs, 2),
        "true_peak_db": round(max(level.true_peak_db, -120.0), 2),
        "places": list(made.places),
        "taken": made.number or None,
    }


def cut_facts(cut: Cut, cautions: Sequence[Caution]) -> dict[str, Any]:
    """A cut, for a program: its words as a half-open range, its span in seconds of the episode."""
    span = cut.timeline.span
    return {
        "quote": cut.quote.text,
        "speaker": cut.quote.speaker,
        "words": [cut.quote.words.start, cut.quote.words.stop],
        "start": span.start,
        "end": span.end,
        "duration": round(cut.timeline.duration, 3),
        "warnings": [asdict(caution) for caution in cautions],
    }


def merged(clips: Sequence[Mapping[str, Any] | None]) -> dict[str, list[Any]]:
    """The files and warnings of all clips together; None is one that failed."""
    return {name: [each for clip in clips if clip for each in clip[name]] for name in ("files", "kept", "warnings")}


def shortened(text: str, length: int) -> str:
    """The text in one line of at most ``length`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
