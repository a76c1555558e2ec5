"""What a review says of each passage: why it deserves a look, in sentences that pages translate."""

from __future__ import annotations

from collections.abc import Iterator

from aligner.captions import CaptionRules, Cue, Norm
from aligner.durations import clock, spoken_seconds
from aligner.model import Alignment
from aligner.report.doubt import Why
from aligner.review.queue import Item, ItemKind
from aligner.typography.tokens import CLOSERS, OPENERS, width
from media.errors import Message


def reasons(alignment: Alignment, item: Item) -> Iterator[Message]:
    """Why an item is in the queue; a caption may miss several norms."""
    match item.kind:
        case ItemKind.MISPLACED:
            yield _misplaced(alignment, item)
        case ItemKind.LACKING if item.span.duration < 60:
            yield Message(
                "{seconds} s of speech have no words in the text.", seconds=spoken_seconds(item.span.duration)
            )
        case ItemKind.LACKING:
            yield Message("{time} of speech has no words in the text.", time=clock(item.span.duration))
        case ItemKind.OTHERWISE | ItemKind.UNFOUND | ItemKind.UNSAID:
            yield _not_said(alignment, item)
            if item.shown:
                yield Message("Words that captions show with the rest of the sentence: {count}.", count=item.shown)
            else:
                yield Message("Captions leave it out.")
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
        word = alignment.words[run.start].word.text.strip(OPENERS + CLOSERS)
        return Message("“{heard}” was heard here, where the text has “{word}”.", heard=item.heard, word=word)
    if item.why is Why.UNLIKE:
        return Message("What is heard here is no more like this text than other speech is: it may not be said here.")
    count, is_matched = max(1, round(item.cost)), any(alignment.words[k].status.is_matched for k in run)
    if len(run) == 1 and is_matched:
        return Message("What was heard here is not quite this word, which may be at a wrong time.")
    if len(run) == 1:
        return Message("This word was not made out, so its time is guessed.")
    if is_matched:
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


def _not_said(alignment: Alignment, item: Item) -> Message:
    run = item.words or range(0)
    word, count = alignment.words[run.start].word.text.strip(OPENERS + CLOSERS), len(run)
    if item.kind is ItemKind.UNSAID:
        return Message("A whole paragraph or more was not found in the sound; words: {count}.", count=count)
    if item.kind is ItemKind.OTHERWISE and count == 1:
        return Message("Something else is said here than “{word}”.", word=word)
    if item.kind is ItemKind.OTHERWISE:
        return Message("Something else is said here than these {count} words.", count=count)
    if count == 1:
        return Message("“{word}” was not found in the sound.", word=word)
    return Message("These {count} words were not found in the sound.", count=count)


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
