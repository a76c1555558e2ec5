"""What people said of an earlier alignment and still holds of the one that aligning again comes to."""

from __future__ import annotations

from dataclasses import replace

from aligner.corrections.pins import places, reading
from aligner.locating.quality import timed_segments
from aligner.model import Alignment, TimedWord, Transcript
from aligner.settled import taken_off
from media.errors import Message

# Seconds: less is neither seen in captions nor heard in a clip. Where words were pinned, others that nobody touched may
# be found that much elsewhere.
_UNNOTICED = 0.1


def with_what_holds(alignment: Alignment, earlier: Alignment) -> Alignment:
    """The alignment with what was said of an earlier one and still holds: what was settled of the same sound; that a
    machine made the text, where most of it is that; who stands for it, where all words are said when they were."""
    same = _is_of_the_same_sound(alignment, earlier)
    signed = same and earlier.signature is not None and _is_as_signed(alignment, earlier)
    if signed:  # what somebody stands for stays as it is
        alignment = replace(
            alignment,
            words=earlier.words,
            segments=timed_segments(alignment.transcript, earlier.words),
            untranscribed=earlier.untranscribed,
            engine=earlier.engine,
            coverage=earlier.coverage,
            verdict=earlier.verdict,
        )
    return replace(
        alignment,
        settled=earlier.settled if same else (),
        machine_text=earlier.machine_text and _is_mostly(alignment.transcript, earlier),
        signature=earlier.signature if signed else None,
    )


def signature_taken_off(alignment: Alignment, earlier: Alignment) -> tuple[Message, ...]:
    """That nobody stands any more for what ``with_what_holds`` made, where somebody stood for the earlier alignment."""
    if earlier.signature is None or alignment.signature is not None:
        return ()
    return (taken_off(earlier.signature, _is_of_the_same_sound(alignment, earlier)),)


def _is_of_the_same_sound(alignment: Alignment, earlier: Alignment) -> bool:
    return earlier.audio.sha256 == alignment.audio.sha256


def _is_as_signed(alignment: Alignment, earlier: Alignment) -> bool:
    """Whether the words are the same, and all are said when they were, as far as anybody notices."""
    words = [word.word for word in alignment.words]
    return words == [word.word for word in earlier.words] and all(map(_is_there, alignment.words, earlier.words))


def _is_there(word: TimedWord, earlier: TimedWord) -> bool:
    new, old = word.span, earlier.span
    if new is None or old is None:
        return new is old
    return max(abs(new.start - old.start), abs(new.end - old.end)) < _UNNOTICED


def _is_mostly(transcript: Transcript, earlier: Alignment) -> bool:
    """Whether more than half of the words are those of an earlier text."""
    words = transcript.words
    stays = (reading(earlier.words[old].word) == reading(words[new]) for old, new in places(earlier, words).items())
    return 2 * sum(stays) > len(words)
