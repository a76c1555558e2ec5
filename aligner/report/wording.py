"""What a report says, sentence by sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath

from aligner.captions import Norm
from aligner.durations import clock
from aligner.languages import language_name
from aligner.locating.quality import GOOD_COVERAGE, POOR_COVERAGE, UNSURE
from aligner.model import PinKind, Status, Verdict
from aligner.report.facts import (
    SURE,
    CaptionFigures,
    Counts,
    DoubtfulPassage,
    Judgement,
    Report,
    Shade,
    Source,
    WordRange,
    percent,
)
from media.errors import Message

OPEN = 10
"""Passages of a list that are not folded."""

STATUSES: Mapping[Status, tuple[Message, Message]] = {
    Status.EXACT: (Message("exact"), Message("heard as written")),
    Status.FUZZY: (Message("fuzzy"), Message("heard, but not quite as written")),
    Status.INTERPOLATED: (
        Message("interpolated"),
        Message("not made out; timed between its neighbours"),
    ),
    Status.UNSPOKEN: (
        Message("unspoken"),
        Message("not in the sound; captions leave them out, or show them with the rest of their sentence"),
    ),
}
"""By status its name, and what it means."""

SHADES: Mapping[Shade, Message] = {
    Shade.SURE: Message("sure (confidence {least:g} or more)", least=SURE),
    Shade.FAIR: Message("fair ({least:g} to {most:g})", least=UNSURE, most=SURE),
    Shade.DOUBTFUL: Message("in doubt (below {most:g})", most=UNSURE),
    Shade.LACKING: Message("speech that the text lacks"),
    Shade.SILENT: Message("no words: a pause, music"),
}

NORMS: Mapping[Norm, Message] = {
    Norm.LINE_LENGTH: Message("line length"),
    Norm.LINE_COUNT: Message("line count"),
    Norm.SHORT: Message("too short"),
    Norm.LONG: Message("too long"),
    Norm.GAP: Message("gap before the next"),
    Norm.START: Message("start against the voice"),
    Norm.SPEED: Message("reading speed"),
}

TITLES: Mapping[str, Message] = {
    "report": Message("Report"),
    "strip": Message("The whole episode"),
    "counts": Message("Words of speech"),
    "doubtful": Message("Passages in doubt"),
    "lacking": Message("What the text lacks"),
    "unspoken": Message("What the sound lacks"),
    "lost": Message("Corrections that were lost"),
    "captions": Message("Captions"),
}
"""By section."""

LABELS: Mapping[str, Message] = {
    "printed": Message("printed"),
    "heard": Message("heard"),
    "nothing heard": Message("nothing"),
    "not made out": Message("no words were made out"),
    "before": Message("before the first word that is said"),
    "format": Message("format"),
    "cues": Message("cues"),
    "outside": Message("outside a norm"),
    "first at": Message("first at"),
    "status": Message("status"),
    "words": Message("words"),
    "share": Message("share"),
    "meaning": Message("meaning"),
    "headings": Message("headings"),
    "play": Message("Play"),
    "in the transcript": Message("in the transcript"),
    "unknown language": Message("an unknown language"),
}

EMPTY: Mapping[str, Message] = {
    "doubtful": Message("None: nowhere are two seconds of words in a row in doubt."),
    "lacking": Message("Nothing: all speech of a second and a half or more has its words in the text."),
    "unspoken": Message("Nothing: every word of speech has a time."),
    "captions": Message("There are none: no word has a time."),
}

EXPLAINED: Mapping[str, Message] = {
    "doubtful": Message("Those first in which the most words may be shown at a wrong time."),
    "acoustic": Message(
        "What was heard are letters, not words: they are to be read aloud. Words that the other side lacks are marked."
    ),
    "asr": Message("Words that the other side lacks are marked."),
    "unheard": Message(
        "What was heard there is not shown, for this machine does not know it: it has not listened to the episode "
        "itself, or not in this version, or has forgotten."
    ),
    "lost": Message("Their words are gone from the text, or another correction says otherwise."),
    "captions": Message("As they are written where nothing else is asked for."),
}


def meaning(judgement: Judgement) -> Message:
    """Return what a verdict says of the episode."""
    if judgement.is_unreviewed:
        return Message("a machine's text, which has mistakes; correct it against the sound before publishing")
    if judgement.verdict is Verdict.GOOD:
        return Message("the transcript follows the sound")
    if judgement.lacks_text:
        return Message("much of what is said is not in the transcript; look at the captions before publishing")
    if judgement.verdict is Verdict.REVIEW:
        return Message("parts of the transcript were not found in the sound; look at the captions before publishing")
    if judgement.is_cut_short:
        return Message("most of the transcript was not found in the sound, which ends early")
    return Message("most of the transcript was not found in the sound; is it of this episode?")


def reasons(report: Report) -> Iterator[Message]:
    """Why the verdict is what it is, a sentence each."""
    yield Message(
        "{percent:.1f}% of the words of speech were heard; good takes {good:.0f}%, and less than {poor:.0f}% is poor.",
        percent=percent(report.judgement.coverage),
        good=percent(GOOD_COVERAGE),
        poor=percent(POOR_COVERAGE),
    )
    if report.judgement.lacks_text:
        yield Message("A quarter or more of what is said is not in the text, which no good episode has.")
    if report.lacking.count:
        yield Message("{time} of speech is not in the text.", time=clock(report.counts.untranscribed))
    if report.counts.pinned:
        yield Message("Words that a person has set right: {count}.", count=report.counts.pinned)
    if report.lost.count:
        yield Message(
            "Corrections that were lost, for their words are gone or others contradict them: {count}.",
            count=report.lost.count,
        )


def at_stake(passage: DoubtfulPassage) -> Message:
    """What a passage in doubt may cost its readers."""
    count = max(1, round(passage.cost))
    if count == 1:
        return Message("about one of {words} words may be at a wrong time", words=len(passage.words))
    return Message("about {count} of {words} words may be at a wrong time", count=count, words=len(passage.words))


def word_count(words: WordRange) -> Message:
    """How many words a passage has."""
    count = len(words)
    return Message("1 word") if count == 1 else Message("{count} words", count=count)


LOST: Mapping[PinKind, Message] = {
    PinKind.WORD: Message("was said there"),
    PinKind.PASSAGE: Message("belonged there"),
    PinKind.UNSPOKEN: Message("was not said"),
}
"""By kind, what a lost correction said of its words."""


def more(count: int, shown: int) -> Message | None:
    """Return what is said of those that are not listed."""
    return Message("{count} more are not listed.", count=count - shown) if count > shown else None


def folded(count: int) -> Message:
    """Return what is said of the passages of a list that are folded."""
    return Message("{count} more", count=count - OPEN)


def after(seconds: float | None) -> Message:
    """Where in the sound a passage that is not said would be."""
    return LABELS["before"] if seconds is None else Message("after {time}", time=clock(seconds))


def in_transcript(what: str) -> Message:
    """What a link to a place in the transcript is called, of which there are many."""
    return Message("in the transcript: {what}", what=what)


def share(count: float, of: int) -> Message:
    """Return the share that some words are of all."""
    return Message("{percent:.1f}%", percent=percent(count / max(1, of)))


def sound_missing(report: Report) -> Message:
    """What is said where the page does not find its sound."""
    return Message(
        "The sound, {path}, is not beside this page, or cannot be played: put it there to hear the passages.",
        path=PurePath(report.source.audio_file).name,
    )


def strip_summary(report: Report) -> Message:
    """The strip in words, for who does not see it: which shares of the episode's time are what."""
    shades = [column.shade for column in report.strip]
    share = {shade: percent(shades.count(shade) / len(shades)) for shade in Shade}
    return Message(
        "Of the episode's time {sure:.0f}% is sure, {fair:.0f}% fair, {doubtful:.0f}% in doubt, {lacking:.0f}% speech "
        "that the text lacks, and {silent:.0f}% without words.",
        sure=share[Shade.SURE],
        fair=share[Shade.FAIR],
        doubtful=share[Shade.DOUBTFUL],
        lacking=share[Shade.LACKING],
        silent=share[Shade.SILENT],
    )


def heard_by(source: Source) -> Message:
    """Return how long the episode is, and how it was recognised."""
    heard = how_heard(source.language, source.method, source.model)
    return Message("{duration}, {heard}", duration=clock(source.duration), heard=heard)


def how_heard(language: str, ear: str, model: str) -> Message:
    """In which language an episode was heard, and by which ear."""
    named = language_name(language) or LABELS["unknown language"]
    match ear:
        case "acoustic":
            return Message(
                "in {language}, heard letter by letter (with the model {model})", language=named, model=model
            )
        case "asr":
            return Message("in {language}, heard word by word (with the model {model})", language=named, model=model)
        case "imported":
            return Message("in {language}, heard by another program (as {file} tells)", language=named, file=model)
    return Message("in {language}, heard by {ear} ({model})", language=named, ear=ear, model=model)


def coverage_line(coverage: float, counts: Counts) -> str:
    """How much of the text was heard, and what the other side lacks, in a line of the terminal."""
    text = f"{percent(coverage):.1f}% of {numbered(counts.words, 'word')} heard"
    if unspoken := counts.by_status[Status.UNSPOKEN]:
        text += f", {unspoken} not in the audio"
    if counts.untranscribed:
        text += f", {clock(counts.untranscribed)} of speech not in the text"
    return text


def captions_line(files: Sequence[CaptionFigures]) -> str:
    """How many cues there are and how many miss a norm, the first one pointed out; of each file where they differ."""
    told = [_norms(file) for file in files]
    if len(set(told)) < 2:
        return told[0] if told else "none"
    return "; ".join(f"{file.format.upper()}: {text}" for file, text in zip(files, told, strict=True))


def _norms(file: CaptionFigures) -> str:
    if not file.cues:
        return "none"
    if not file.outside:
        return f"{numbered(file.cues, 'cue')}, all within the norms"
    counts = ", ".join(f"{missed.count} {missed.norm}" for missed in file.missed)
    first = clock(min(missed.first[0] for missed in file.missed))
    return f"{numbered(file.cues, 'cue')}, {file.outside} outside a norm ({counts}; the first at {first})"


def numbered(count: int, noun: str) -> str:
    """A count with its noun, of which there may be one."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
