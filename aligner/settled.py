"""What a person said of an episode beyond its pins: annotations of its audio, and who reviewed it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from aligner.model import Alignment, Settled, SettledKind, Signature, Untranscribed
from media.errors import Message

_ROUNDING = 1e-5  # seconds; times are milliseconds


OF_SOUND = (SettledKind.ADVERT, SettledKind.JINGLE, SettledKind.DISMISSED)
"""What sound may be that needs no text."""


def is_settled_as(settled: Sequence[Settled], kind: SettledKind, start: float, end: float) -> bool:
    """Return whether half or more of a passage, whose edges may have moved a little since, is settled as that."""
    covered = (min(each.end, end) - max(each.start, start) for each in settled if each.kind is kind)
    return sum(seconds for seconds in covered if seconds > 0) >= (end - start) / 2 - _ROUNDING


def settled_kind(settled: Sequence[Settled], passage: Untranscribed) -> SettledKind | None:
    """Return what a person said of speech that is missing from the transcript, None if it is still to be asked."""
    return next((kind for kind in OF_SOUND if is_settled_as(settled, kind, passage.start, passage.end)), None)


def lacking(alignment: Alignment) -> tuple[Untranscribed, ...]:
    """The speech that the text lacks, without what a person has settled."""
    return tuple(each for each in alignment.untranscribed if settled_kind(alignment.settled, each) is None)


def is_unread(signature: Signature | None, machine_text: bool) -> bool:
    """Whether a text is a machine's and nobody stands for it: that its words are heard where they are says nothing of
    whether they are right."""
    return machine_text and signature is None


def standing(signature: Signature | None, machine_text: bool, told: Callable[[str], str] = str) -> Message:
    """What is said of an alignment wherever it is shown: who stands for it, else what of it a machine made; ``told`` is
    how the ISO date of a signature is written."""
    if signature is None:
        return Message("machine-made text, not reviewed") if machine_text else Message("machine-timed, not reviewed")
    day = told(signature.when[:10])
    seen = round(10_000 * signature.share) // 100  # what is not all is never told as all
    if seen >= 100:
        return Message("reviewed by {who}, {day}", who=signature.who, day=day)
    return Message(
        "reviewed by {who}, {day}, with a look at {seen}% of the words", who=signature.who, day=day, seen=seen
    )


def taken_off(before: Signature | None, now: Signature | None, same_sound: bool) -> tuple[Message, ...]:
    """Return the warning that a signature was taken off, if it was: for another sound was aligned, or other words."""
    if before is None or now is not None:
        return ()
    if not same_sound:
        return (
            Message(
                "the signature of {who} was taken off, for this is another sound than the one that was signed",
                who=before.who,
            ),
        )
    return (
        Message(
            "the signature of {who} was taken off, for some words, or the times at which they are said, are no longer "
            "those that were signed",
            who=before.who,
        ),
    )


def is_taken_off(told: str) -> bool:
    """Return whether a warning is ``taken_off``."""
    return isinstance(told, Message) and told.template.startswith("the signature of {who} was taken off")
