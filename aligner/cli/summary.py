"""What is told at the end of a run: lines for a person, readable without colour; or facts, for a program."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aligner.durations import clock
from aligner.model import Alignment
from aligner.pins import standing
from media.errors import to_facts

if TYPE_CHECKING:
    from aligner.errors import AlignerError
    from aligner.outputs import Written
    from aligner.pipeline import Aligned
    from aligner.publishing.audiograms import Audiogram
    from aligner.publishing.clips import Clip
    from aligner.publishing.excerpt import Cut
    from aligner.quotes.comparison import Caution
    from aligner.quotes.quote import QuoteMatch
    from media.errors import MediaError

_LISTED = 10  # places of a quote


def run_lines(aligned: Aligned, written: Written) -> list[str]:
    """What a person wants to know after a run: how well it went, in which language it was heard and by which ear, the
    files, and what was kept of old ones."""
    from aligner.captions import judge_cues
    from aligner.report.facts import counted, figures_of_cues, judgement_of
    from aligner.report.wording import captions_line, coverage_line, meaning

    alignment = aligned.alignment
    told = meaning(judgement_of(alignment))
    captions = [figures_of_cues(format, cues, judge_cues(cues)) for format, cues in written.cues.items()]
    stands = standing(alignment.signature, alignment.machine_text)
    lines = [
        f"Verdict   {alignment.verdict}: {told}",
        f"Coverage  {coverage_line(alignment.coverage, counted(alignment))}",
        f"Captions  {captions_line(captions)}",
        f"Heard     {_heard(alignment)}; {stands}",
        f"Written   {', '.join(map(str, written.paths))}",
    ]
    if written.kept:
        lines.append(f"Kept      {', '.join(map(str, written.kept))}, as edited before this run")
    return lines


def run_facts(aligned: Aligned, written: Written) -> dict[str, Any]:
    """The same for a program."""
    from aligner.report.facts import counted

    return {
        "verdict": aligned.alignment.verdict,
        "coverage": aligned.alignment.coverage,
        "untranscribed": round(counted(aligned.alignment).untranscribed, 3),
        "standing": str(standing(aligned.alignment.signature, aligned.alignment.machine_text)),
        "language": aligned.alignment.language,
        "ear": aligned.alignment.engine.ear,
        "files": [str(path) for path in written.paths],
        "kept": [str(path) for path in written.kept],
        "warnings": [{"kind": "sound", **to_facts(warning)} for warning in aligned.warnings],
    }


def _heard(alignment: Alignment) -> str:
    """In which language and by which ear; a word more where letters were never trained on it, for a wrong guess moves
    words."""
    from aligner.languages import KNOWN
    from aligner.report.wording import how_heard

    told = how_heard(alignment.language, alignment.engine.ear, alignment.engine.model)
    return told if alignment.language in KNOWN else f"{told}; --language names another"


def clip_lines(clip: Clip, alignment: Alignment) -> Iterator[str]:
    """What was cut out of ``alignment``, where else it is said, what to look at, and where the files are."""
    from aligner.publishing.clips import SILENT_DB

    cut, level = clip.cut, clip.level
    yield _quote_line(cut)
    yield from _places(clip.match, alignment)
    loudness = "too short or quiet to have a loudness" if level.lufs is None else f"{level.lufs:.1f} LUFS"
    peak, start = max(level.true_peak_db, SILENT_DB), cut.timeline.span.start
    yield f"Clip      {cut.timeline.duration:.1f} s from {clock(start)} on; {loudness}, peak {peak:.1f} dBTP"
    yield from (f"Look at   {caution.message}" for caution in clip.cautions)
    first, *beside = clip.paths
    yield f"Written   {first}, with {', '.join(path.suffix for path in beside)} beside it"
    if clip.kept:
        yield f"Kept      {', '.join(map(str, clip.kept))}, as edited before"


def clip_facts(clip: Clip, alignment: Alignment) -> dict[str, Any]:
    """The same for a program."""
    from aligner.publishing.clips import loudness_facts

    return {
        **_cut_facts(clip.cut, clip.cautions),
        "files": [str(path) for path in clip.paths],
        "kept": [str(path) for path in clip.kept],
        **loudness_facts(clip.level),
        "places": _listing(clip.match, alignment),
        "taken": _taken(clip.match),
    }


def quotes_table(quotes: Sequence[str], clips: Sequence[Clip | None]) -> Iterator[str]:
    """A line for each quote of several; None is one of which there is no clip."""
    for number, (quote, clip) in enumerate(zip(quotes, clips, strict=True), start=1):
        state = "failed" if clip is None else "look" if clip.cautions else "ok"
        seconds = f"{clip.cut.timeline.duration:.1f} s" if clip else ""
        file = clip.paths[0].name if clip else ""
        yield f"{number:>4}  {state:<6}  {seconds:>7}  {_shortened(quote, 50):<50}  {file}".rstrip()


def troubles(outcome: Clip | AlignerError | MediaError, alignment: Alignment) -> Iterator[str]:
    """What a person has to know of one quote of several: that it failed, or what to look at."""
    if isinstance(outcome, Exception):
        yield str(outcome)
        return
    match = outcome.match
    if len(match.places) > 1 and (number := _taken(match)):
        taken = _listing(match, alignment)[number - 1].removeprefix(f"{number}  ")
        yield f"is in {len(match.places)} places, of which this was taken: {taken}"
    yield from (f"look at this: {caution.message}" for caution in outcome.cautions)


def audiogram_lines(audiogram: Audiogram, alignment: Alignment, remembered: Mapping[str, str | bool]) -> Iterator[str]:
    """What is said where, and where else; what is shown, what of its style was ``remembered``, what to look at, and
    where the files are."""
    cut, shape = audiogram.cut, audiogram.shape
    yield _quote_line(cut)
    yield from _places(audiogram.match, alignment)
    size, start = f"{shape.name}, {shape.width}x{shape.height}", cut.timeline.span.start
    yield f"Video     {size}, {clock(audiogram.duration)}, from {clock(start)} of the episode"
    if remembered:
        yield f"Style     {_remembered(remembered)}"
    yield from (f"Look at   {caution.message}" for caution in audiogram.cautions)
    first, *beside = audiogram.paths
    with_them = f", with {', '.join(path.suffix for path in beside)} beside it" if beside else ""
    yield f"Written   {first}{with_them}"
    yield from (f"Kept      {path}, as edited before" for path in audiogram.kept)


def audiogram_facts(audiogram: Audiogram, remembered: Mapping[str, str | bool]) -> dict[str, Any]:
    """The same for a program."""
    return {
        **_cut_facts(audiogram.cut, audiogram.cautions),
        "duration": round(audiogram.duration, 3),
        "wording": audiogram.wording,
        "remembered": dict(remembered),
        "files": [str(path) for path in audiogram.paths],
        "kept": [str(path) for path in audiogram.kept],
    }


def _remembered(choices: Mapping[str, str | bool]) -> str:
    """What of a style was as last time, where that is kept, and how it is given up."""
    from aligner.publishing.showing import styles_file

    told = [f"{name} {choice}" for name, choice in choices.items() if isinstance(choice, str)]
    given_up = [f"--{name} auto" for name, choice in choices.items() if isinstance(choice, str)]
    if "end_card" in choices:
        told.append("end card" if choices["end_card"] else "no end card")
        given_up.append("--no-end-card" if choices["end_card"] else "--end-card")
    return f"{', '.join(told)}, as last time for this show; {' '.join(given_up)} for another, kept in {styles_file()}"


def merged(clips: Sequence[Mapping[str, Any] | None]) -> dict[str, list[Any]]:
    """The files and warnings of all clips together; None is one that failed."""
    return {name: [each for clip in clips if clip for each in clip[name]] for name in ("files", "kept", "warnings")}


def _places(match: QuoteMatch, alignment: Alignment) -> Iterator[str]:
    """Where a quote is that is in several places, of many the first ones, and which of them was taken."""
    lines, taken = _listing(match, alignment), _taken(match)
    if len(lines) < 2 or not taken:
        return
    if len(lines) <= _LISTED:
        first, *others = lines
        yield f"Places    {first}"
    else:
        others = lines[:_LISTED]
        yield f"Places    {len(lines)}, of which these are the first {_LISTED}:"
    yield from (f"          {other}" for other in others)
    yield f"Taken     {taken if taken <= _LISTED else lines[taken - 1]}; --match N takes another"


def _listing(match: QuoteMatch, alignment: Alignment) -> list[str]:
    from aligner.quotes.quote import listing

    return listing(alignment, match.places)


def _taken(match: QuoteMatch) -> int | None:
    """The number, from 1, of the place that was taken; None where the quote was not sought by its words."""
    return match.places.index(match.taken) + 1 if match.taken else None


def _cut_facts(cut: Cut, cautions: Sequence[Caution]) -> dict[str, Any]:
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


def _quote_line(cut: Cut) -> str:
    """The quote and who says it."""
    return f"Quote     {_shortened(cut.quote.text, 80)}{f' ({cut.quote.speaker})' if cut.quote.speaker else ''}"


def _shortened(text: str, length: int) -> str:
    """The text in one line of at most ``length`` characters."""
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
