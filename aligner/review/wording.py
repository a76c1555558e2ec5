"""What a review says of each passage: why it deserves a look, in sentences that pages translate."""

from __future__ import annotations

from collections.abc import Iterator

from aligner.captions import CaptionRules, Cue, Norm
from aligner.durations import clock, spoken_seconds
from aligner.model import Alignment
from aligner.report.doubt import Why
from aligner.review.queue import Item, ItemKind
from aligner.typography.tokens import width
from media.errors import Message


def reasons(alignment: Alignment, item: Item) -> Iterator[Message]:
    """Why an item is in the queue; a caption may miss several norms."""
    match item.kind:
        case ItemKind.MISPLACED:
            yield _misplaced(alignment, item)
        case ItemKind.OTHERWISE:
            yield _otherwise(alignment, item)
        case ItemKind.LACKING:
            yield _lacking(item.span.duration)
        case ItemKind.UNFOUND:
            yield _unfound(alignment, item)
        case ItemKind.UNSAID:
            yield _unsaid(item)
        case ItemKind.DRAFT:
            yield Message(
                "A machine wrote this paragraph, and that a word of it is wrong is not to be seen from here: hear it, "
                "edit it where it is wrong, and accept it where it is right."
            )
        case ItemKind.NORM:
            yield from (_missed(norm, item.cue) for norm in Norm if item.cue and norm in item.norms)


def _misplaced(alignment: Alignment, item: Item) -> Message:
    run = item.words or range(0)
    if item.heard:
        word = alignment.words[run.start].word.text
        return Message("“{heard}” was heard here, where the text has “{word}”.", heard=item.heard, word=word)
    if item.why is Why.UNLIKE:
        return Message("What is heard here is no more like this text than other speech is: it may not be said here.")
    if item.why is Why.TORN:
        return Message(
            "This part of a sentence is parted from the rest by speech that the text lacks, and may be said elsewhere."
        )
    count, is_heard = max(1, round(item.cost)), any(alignment.words[k].status.is_heard for k in run)
    if len(run) == 1 and is_heard:
        return Message("What was heard here is not quite this word, which may be at a wrong time.")
    if len(run) == 1:
        return Message("This word was not made out, so its time is guessed.")
    if is_heard:
        return Message(
            "What was heard here is not quite this text. Words that may be at a wrong time: {count} of {words}.",
            count=count,
            words=len(run),
        )
    return Message(
        "None of these {words} words was made out, so their times are guessed. Probably wrong: {count}.",
        words=len(run),
        count=count,
    )


def _otherwise(alignment: Alignment, item: Item) -> Message:
    run = item.words or range(0)
    if len(run) == 1:
        return Message("Something else is said here than “{word}”.", word=alignment.words[run.start].word.text)
    if item.shown:
        return Message("Something else is said here than these {count} words.", count=len(run))
    return Message("Something else is said here than these {count} words, which captions leave out.", count=len(run))


def _lacking(seconds: float) -> Message:
    if seconds < 60:
        return Message("{seconds} s of speech have no words in the text.", seconds=spoken_seconds(seconds))
    return Message("{time} of speech has no words in the text.", time=clock(seconds))


def _unsaid(item: Item) -> Message:
    count = len(item.words or ())
    if item.shown:
        return Message("A whole paragraph or more was not found in the sound; words: {count}.", count=count)
    return Message(
        "A whole paragraph or more was not found in the sound, so captions leave it out; words: {count}.", count=count
    )


def _unfound(alignment: Alignment, item: Item) -> Message:
    run = item.words or range(0)
    if len(run) == 1:
        text = alignment.words[run.start].word.text
        if item.shown:
            return Message(
                "“{word}” was not found in the sound; captions show it with the rest of its sentence.", word=text
            )
        return Message("“{word}” was not found in the sound, so captions leave it out.", word=text)
    if item.shown == len(run):
        return Message(
            "These {count} words were not found in the sound; captions show them with the rest of their sentence.",
            count=len(run),
        )
    if item.shown:
        return Message(
            "These {count} words were not found in the sound; captions show {shown} of them with the rest of their"
            " sentence.",
            count=len(run),
            shown=item.shown,
        )
    return Message("These {count} words were not found in the sound, so captions leave them out.", count=len(run))


def _missed(norm: Norm, cue: Cue) -> Message:
    """Which norm a caption misses, with its figure and what is asked for."""
    rules, lines = CaptionRules(), cue.text.split("\n")
    match norm:
        case Norm.LINE_LENGTH:
            length = max(map(width, lines))
            return Message(
                "A line of this caption has {length} characters, {most} at most.", length=length, most=rules.max_line
            )
        case Norm.LINE_COUNT:
            return Message("This caption has {count} lines, {most} at most.", count=len(lines), most=rules.max_lines)
        case Norm.SHORT:
            return Message(
                "This caption is shown for {seconds:.2f} s, {least:.2f} at least.",
                seconds=cue.duration,
                least=rules.min_duration,
            )
        case Norm.LONG:
            return Message(
                "This caption is shown for {seconds:.2f} s, {most:.0f} at most.",
                seconds=cue.duration,
                most=rules.max_duration,
            )
        case Norm.GAP:
            return Message(
                "The next caption follows this one at once: {least:.2f} s between them are asked for.",
                least=rules.min_gap,
            )
        case Norm.START:
            return Message(
                "This caption begins more than {most:.3f} s before or after its first word.", most=rules.max_start_error
            )
        case Norm.SPEED:
            speed = width(" ".join(lines)) / cue.duration
            return Message(
                "This caption asks for {speed:.1f} characters a second, {most:.0f} at most.",
                speed=speed,
                most=rules.max_speed,
            )
