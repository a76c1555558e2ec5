"""What is told at the end of a run: five lines at most, readable without colour; or facts, for a program."""

from __future__ import annotations

from typing import Any

from aligner.durations import clock
from aligner.model import Alignment, Kind, Status, Verdict
from aligner.pipeline import Aligned
from aligner.storage.outputs import Written

_MEANING = {
    Verdict.GOOD: "the transcript follows the sound",
    Verdict.REVIEW: "parts of the transcript were not found in the sound; look at the captions before publishing",
    Verdict.POOR: "most of the transcript was not found in the sound; is it of this episode?",
}


def summary(aligned: Aligned, written: Written) -> list[str]:
    """What a person wants to know after a run: verdict, coverage, captions, files, and what was kept of old ones."""
    alignment = aligned.alignment
    lines = [
        f"Verdict   {alignment.verdict}: {_meaning(aligned)}",
        f"Coverage  {_coverage(alignment)}",
        f"Captions  {_captions(written)}",
        f"Written   {', '.join(map(str, written.paths))}",
    ]
    if written.kept:
        lines.append(f"Kept      {', '.join(map(str, written.kept))}, as edited before this run")
    return lines


def facts(aligned: Aligned, written: Written) -> dict[str, Any]:
    """The same for a program."""
    return {
        "verdict": aligned.alignment.verdict,
        "coverage": aligned.alignment.coverage,
        "files": [str(path) for path in written.paths],
        "kept": [str(path) for path in written.kept],
        "warnings": [{"kind": "sound", "message": warning} for warning in aligned.warnings],
    }


def _meaning(aligned: Aligned) -> str:
    verdict = aligned.alignment.verdict
    if verdict is Verdict.POOR and any("cut short" in warning for warning in aligned.warnings):
        return "most of the transcript was not found in the sound, which ends early"
    return _MEANING[verdict]


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def _coverage(alignment: Alignment) -> str:
    """How much of the text was heard, and what the other side lacks."""
    kinds = [segment.segment.kind for segment in alignment.segments]
    speech = [word for word in alignment.words if kinds[word.word.segment] is Kind.SPEECH]
    unspoken = sum(word.status is Status.UNSPOKEN for word in speech)
    text = f"{alignment.coverage:.1%} of {_counted(len(speech), 'word')} heard"
    if unspoken:
        text += f", {unspoken} not in the audio"
    if alignment.untranscribed:
        seconds = sum(passage.end - passage.start for passage in alignment.untranscribed)
        text += f", {clock(seconds)} of speech not in the text"
    return text


def _captions(written: Written) -> str:
    """How many cues there are and how many miss a norm; the first one is pointed out."""
    if not written.cues:
        return "none"
    flagged = [cue for cue, missed in zip(written.cues, written.report.missed, strict=True) if missed]
    if not flagged:
        return f"{_counted(len(written.cues), 'cue')}, all within the norms"
    counts = ", ".join(f"{count} {norm}" for norm, count in written.report.counts.items() if count)
    first = clock(flagged[0].start)
    return f"{_counted(len(written.cues), 'cue')}, {len(flagged)} outside a norm ({counts}; the first at {first})"
