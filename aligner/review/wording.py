"""Explain in sentences, which the app translates, why a passage should be reviewed."""

from __future__ import annotations

from collections.abc import Iterator

from aligner.captions import CaptionRules, Cue, Norm
from aligner.durations import clock, spoken_seconds
from aligner.model import Alignment
from aligner.review.queue import Item, ItemKind
from aligner.typography.tokens import CLOSERS, OPENERS, width
from media.errors import Message


def reasons(alignment: Alignment, item: Item) -> Iterator[Message]:
    """Yield the reasons to review a passage, each as a sentence. A caption may break several norms."""
    match item.kind:
        case ItemKind.MISPLACED:
            yield _misplaced(alignment, item)
        case ItemKind.MISRECOGNISED:
            count, words = max(1, round(item.cost)), len(item.words or ())
            yield Message("Words that may be misrecognised: {count} of {words}.", count=count, words=words)
        case ItemKind.UNTRANSCRIBED if item.span.duration < 60:
            yield Message(
                "{seconds} s of speech are missing from the transcript.", seconds=spoken_seconds(item.span.duration)
            )
        case ItemKind.UNTRANSCRIBED:
            yield Message("{time} of speech is missing from the transcript.", time=clock(item.span.duration))
        case ItemKind.REPLACED | ItemKind.UNFOUND | ItemKind.UNSPOKEN:
            yield _unspoken(alignment, item)
            if item.shown:
                yield Message("Words that captions show to complete the sentence: {count}.", count=item.shown)
            else:
                yield Message("Captions leave it out.")
        case ItemKind.DRAFT:
            yield Message(
                "Automatic transcript: listen, correct the text where it is wrong, then accept the paragraph."
            )
        case ItemKind.NORM:
            yield from (_missed(norm, item.cue) for norm in Norm if item.cue and norm in item.norms)


def _misplaced(alignment: Alignment, item: Item) -> Message:
    run = item.words or range(0)
    if item.recognised:
        word = _first_word(alignment, run)
        return Message(
            "“{recognised}” was recognised, but the text has “{word}”.", recognised=item.recognised, word=word
        )
    if item.dissimilar:
        return Message("This text may not be spoken here.")
    count, is_matched = max(1, round(item.cost)), any(alignment.words[k].status.is_matched for k in run)
    if len(run) == 1 and is_matched:
        return Message("This word does not quite match the audio, and may be mistimed.")
    if len(run) == 1:
        return Message("This word was not recognised; its time is estimated.")
    if is_matched:
        return Message(
            "Not quite matching the audio; words that may be mistimed: {count} of {words}.", count=count, words=len(run)
        )
    return Message(
        "None of these {words} words was recognised; their times are estimated. Probably mistimed: {count}.",
        words=len(run),
        count=count,
    )


def _first_word(alignment: Alignment, run: range) -> str:
    return alignment.words[run.start].word.text.strip(OPENERS + CLOSERS)


def _unspoken(alignment: Alignment, item: Item) -> Message:
    run = item.words or range(0)
    word, count = _first_word(alignment, run), len(run)
    if item.kind is ItemKind.UNSPOKEN:
        return Message("A whole paragraph or more was not found in the audio; words: {count}.", count=count)
    if item.kind is ItemKind.REPLACED and count == 1:
        return Message("Something other than “{word}” is said here.", word=word)
    if item.kind is ItemKind.REPLACED:
        return Message("Something other than these {count} words is said here.", count=count)
    if count == 1:
        return Message("“{word}” was not found in the audio.", word=word)
    return Message("These {count} words were not found in the audio.", count=count)


def _missed(norm: Norm, cue: Cue) -> Message:
    rules, lines = CaptionRules(), cue.text.split("\n")
    match norm:
        case Norm.LINE_LENGTH:
            length = max(map(width, lines))
            return Message("A line has {length} characters, at most {most}.", length=length, most=rules.max_line)
        case Norm.LINE_COUNT:
            return Message("This caption has {count} lines, at most {most}.", count=len(lines), most=rules.max_lines)
        case Norm.SHORT:
            shown, least = cue.duration, rules.min_duration
            return Message(
                "This caption is shown for {seconds:.2f} s, at least {least:.2f}.", seconds=shown, least=least
            )
        case Norm.LONG:
            shown, most = cue.duration, rules.max_duration
            return Message("This caption is shown for {seconds:.2f} s, at most {most:.0f}.", seconds=shown, most=most)
        case Norm.GAP:
            return Message("The next caption follows in less than {least:.2f} s.", least=rules.min_gap)
        case Norm.START:
            return Message("This caption starts over {most:.3f} s off its first word.", most=rules.max_start_error)
        case Norm.SPEED:
            speed = width(" ".join(lines)) / cue.duration
            return Message(
                "{speed:.1f} characters a second to read, at most {most:.0f}.", speed=speed, most=rules.max_speed
            )
