"""Sentences of a report, which the app translates."""

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
    Status.EXACT: (Message("exact"), Message("matched as written")),
    Status.FUZZY: (Message("fuzzy"), Message("matched, but not quite as written")),
    Status.INTERPOLATED: (Message("estimated"), Message("not recognised; timed between its neighbours")),
    Status.UNSPOKEN: (
        Message("not spoken"),
        Message("not found in the audio; captions show it only to complete a sentence"),
    ),
}
"""Name and meaning by status."""

SHADES: Mapping[Shade, Message] = {
    Shade.SURE: Message("sure (confidence {least:g} or more)", least=SURE),
    Shade.FAIR: Message("fair ({least:g} to {most:g})", least=UNSURE, most=SURE),
    Shade.DOUBTFUL: Message("in doubt (below {most:g})", most=UNSURE),
    Shade.UNTRANSCRIBED: Message("speech missing from the transcript"),
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
    "untranscribed": Message("Missing from the transcript"),
    "unspoken": Message("Not in the audio"),
    "lost": Message("Lost corrections"),
    "captions": Message("Captions"),
}
"""By section."""

LABELS: Mapping[str, Message] = {
    "printed": Message("printed"),
    "heard": Message("recognised"),
    "nothing heard": Message("nothing"),
    "not made out": Message("no words recognised"),
    "before": Message("before the first spoken word"),
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
    "doubtful": Message("None: no two seconds of words in a row are in doubt."),
    "untranscribed": Message("Nothing: all speech of at least a second and a half is in the transcript."),
    "unspoken": Message("Nothing: every word of speech has a time."),
    "captions": Message("None: no word has a time."),
}

EXPLAINED: Mapping[str, Message] = {
    "doubtful": Message("First the passages in which most words may be mistimed."),
    "draft": Message("First the passages in which most words may be misrecognised."),
    "acoustic": Message("The recogniser spells what it hears. Words that only one side has are marked."),
    "asr": Message("Words that only one side has are marked."),
    "unheard": Message("What was recognised is not shown, because this machine no longer has it, or never had."),
    "lost": Message("Their words are gone from the text, or another correction contradicts them."),
    "captions": Message("As they are written by default."),
}


def meaning(judgement: Judgement) -> Message:
    """Explain the verdict on a transcript in a sentence."""
    if judgement.is_unreviewed:
        return Message("an automatic transcript with mistakes; correct it before publishing")
    if judgement.verdict is Verdict.GOOD:
        return Message("the transcript follows the audio")
    if judgement.text_is_missing:
        return Message("much speech is missing from the transcript; check the captions before publishing")
    if judgement.verdict is Verdict.REVIEW:
        return Message("parts of the transcript were not found in the audio; check the captions before publishing")
    if judgement.is_cut_short:
        return Message("most of the transcript was not found in the audio, which ends early")
    return Message("most of the transcript was not found in the audio; is it of this episode?")


def reasons(report: Report) -> Iterator[Message]:
    """Yield the reasons for the verdict as sentences. An automatic transcript is not judged by its matched words."""
    if report.judgement.is_unreviewed:
        uncertain = percent(report.counts.uncertain / max(1, report.counts.words))
        yield Message("{percent:.1f}% of the words are uncertain: they may be misrecognised.", percent=uncertain)
    else:
        yield Message(
            "{percent:.1f}% of the words of speech were matched; good takes {good:.0f}%, "
            "less than {poor:.0f}% is poor.",
            percent=percent(report.judgement.coverage),
            good=percent(GOOD_COVERAGE),
            poor=percent(POOR_COVERAGE),
        )
    if report.judgement.text_is_missing:
        yield Message("A quarter or more of the speech is missing from the transcript, so the verdict is not good.")
    if report.untranscribed.count:
        untranscribed = clock(report.counts.untranscribed)
        yield Message("{time} of speech is missing from the transcript.", time=untranscribed)
    if report.counts.pinned:
        yield Message("Corrected or accepted words: {count}.", count=report.counts.pinned)
    if report.lost.count:
        yield Message(
            "Lost corrections, whose words are gone or that others contradict: {count}.", count=report.lost.count
        )


def at_stake(passage: DoubtfulPassage, is_draft: bool) -> Message:
    """Say how many words of a doubtful passage may be mistimed, or misrecognised if the transcript is automatic."""
    count, words = max(1, round(passage.cost)), len(passage.words)
    if is_draft:
        return Message("words that may be misrecognised: {count} of {words}", count=count, words=words)
    if words == 1:
        return Message("this word may be mistimed")
    if count == 1:
        return Message("about one of {words} words may be mistimed", words=words)
    return Message("about {count} of {words} words may be mistimed", count=count, words=words)


def word_count(words: WordRange) -> Message:
    count = len(words)
    return Message("1 word") if count == 1 else Message("{count} words", count=count)


LOST: Mapping[PinKind, Message] = {
    PinKind.WORD: Message("was said there"),
    PinKind.PASSAGE: Message("belonged there"),
    PinKind.UNSPOKEN: Message("was not said"),
}
"""What a lost correction stated about its words, by kind."""


def more(count: int, shown: int) -> Message | None:
    """Return a message that says that ``count - shown`` items are not listed; None if all are listed."""
    return Message("{count} more are not listed.", count=count - shown) if count > shown else None


def folded(count: int) -> Message:
    """Return the label of the button that unfolds the rest of a list of ``count`` passages, such as "12 more"."""
    return Message("{count} more", count=count - OPEN)


def after(seconds: float | None) -> Message:
    """Say where an unspoken passage is: after the time ``seconds``, or (if None) before all spoken words."""
    return LABELS["before"] if seconds is None else Message("after {time}", time=clock(seconds))


def in_transcript(what: str) -> Message:
    """Return a screen reader's label for a link to a passage of the transcript; ``what`` describes the passage."""
    return Message("in the transcript: {what}", what=what)


def share(count: float, of: int) -> Message:
    """Return ``count`` divided by ``of`` as a message in per cent, such as "12.5%"."""
    return Message("{percent:.1f}%", percent=percent(count / max(1, of)))


def audio_missing(report: Report) -> Message:
    """Return the message that the page shows if it cannot play its audio."""
    name = PurePath(report.source.audio_file).name
    return Message("{path} is not beside this page, or cannot be played: put it there to play the passages.", path=name)


def strip_summary(report: Report) -> Message:
    """Return a text for a screen reader that describes the strip, the bar of confidence over the episode."""
    shades = [column.shade for column in report.strip]
    share = {shade: percent(shades.count(shade) / len(shades)) for shade in Shade}
    return Message(
        "Of the episode {sure:.0f}% is sure, {fair:.0f}% fair, {doubtful:.0f}% in doubt, {untranscribed:.0f}% speech "
        "missing from the transcript, and {silent:.0f}% without words.",
        sure=share[Shade.SURE],
        fair=share[Shade.FAIR],
        doubtful=share[Shade.DOUBTFUL],
        untranscribed=share[Shade.UNTRANSCRIBED],
        silent=share[Shade.SILENT],
    )


def recognised_with(source: Source) -> Message:
    """Return a message that says how long the episode is and how it was recognised."""
    how = recognised_how(source.language, source.method, source.model)
    return Message("{duration}, {how}", duration=clock(source.duration), how=how)


def recognised_how(language: str, method: str, model: str) -> Message:
    """Return a message that says in which language and by which method an episode was recognised."""
    named = language_name(language) or LABELS["unknown language"]
    match method:
        case "acoustic":
            return Message("in {language}, by acoustic alignment (model {model})", language=named, model=model)
        case "asr":
            return Message("in {language}, by speech recognition (model {model})", language=named, model=model)
        case "imported":
            return Message("in {language}, by the imported output of a recogniser ({file})", language=named, file=model)
    return Message("in {language}, by {method} ({model})", language=named, method=method, model=model)


def coverage_line(judgement: Judgement, counts: Counts) -> tuple[str, str]:
    """Return a label and a text for the terminal, on matched words, unspoken words and untranscribed speech. For an
    unreviewed automatic transcript, the share of uncertain words replaces the share of matched words."""
    words = numbered(counts.words, "word")
    label, text = "Coverage", f"{percent(judgement.coverage):.1f}% of {words} matched"
    if judgement.is_unreviewed:
        label, text = "Uncertain", f"{percent(counts.uncertain / max(1, counts.words)):.1f}% of {words}"
    if unspoken := counts.by_status[Status.UNSPOKEN]:
        text += f", {unspoken} not in the audio"
    if counts.untranscribed:
        text += f", {clock(counts.untranscribed)} of speech missing from the transcript"
    return label, text


def captions_line(files: Sequence[CaptionFigures]) -> str:
    """Return a line that says how many cues there are, how many cues break a norm, and when the first of these cues
    starts. If the caption files differ, the line says this for each file."""
    texts = [_norms(file) for file in files]
    if len(set(texts)) < 2:
        return texts[0] if texts else "none"
    return "; ".join(f"{file.format.upper()}: {text}" for file, text in zip(files, texts, strict=True))


def _norms(file: CaptionFigures) -> str:
    if not file.cues:
        return "none"
    if not file.outside:
        return f"{numbered(file.cues, 'cue')}, all within the norms"
    counts = ", ".join(f"{missed.count} {missed.norm}" for missed in file.missed)
    first = clock(min(missed.first[0] for missed in file.missed))
    return f"{numbered(file.cues, 'cue')}, {file.outside} outside a norm ({counts}; the first at {first})"


def numbered(count: int, noun: str) -> str:
    """Return ``count`` with a noun in the singular or plural, such as "2 words"."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
