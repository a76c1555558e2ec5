"""Annotate audio, mark an episode as reviewed, and copy annotations, review and pins to a new alignment."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from aligner.corrections.repair import with_confidence_of
from aligner.errors import CorrectionError
from aligner.locating.quality import timed_segments
from aligner.mapping import TextMapping, is_same_word
from aligner.model import Alignment, Annotation, AnnotationKind, LostPin, Pin, PinKind, Review, Span, Transcript, Word
from aligner.pins import agreeing, pins_of
from aligner.spans import runs_of
from aligner.storage.checked_json import shown_name

# Seconds: nobody notices less in captions or in a clip, and words beside pinned ones may move that much.
_UNNOTICED = 0.1


def annotated(alignment: Alignment, regions: Sequence[tuple[AnnotationKind, Span]]) -> Alignment:
    """Return the alignment with an annotation added for each of ``regions`` (kind and span). Earlier annotations that
    lie inside the span of a new one are removed. But annotations of the kind ``NORM``, which accept a caption that
    breaks a rule, and annotations of other kinds do not remove each other."""
    new = [Annotation(kind, span.start, span.end) for kind, span in regions]

    def is_replaced(old: Annotation) -> bool:
        norm = AnnotationKind.NORM
        return any((old.kind is norm) == (each.kind is norm) and _is_within(old, each.start, each.end) for each in new)

    others = (old for old in alignment.annotations if not is_replaced(old))
    ordered = sorted({*others, *new}, key=lambda each: (each.start, each.end, each.kind))
    return replace(alignment, annotations=tuple(ordered))


def without_annotations(alignment: Alignment, start: float, end: float) -> Alignment:
    """Return the alignment without the annotations that lie between ``start`` and ``end`` (seconds)."""
    left = (each for each in alignment.annotations if not _is_within(each, start, end))
    return replace(alignment, annotations=tuple(left))


def marked_reviewed(alignment: Alignment, who: str, share: float) -> Alignment:
    """Return the alignment marked as reviewed by ``who``, who checked a ``share`` (0 to 1) of its words. Raises
    CorrectionError if the name is empty."""
    name = shown_name(who)
    if not name:
        raise CorrectionError("a name is needed to mark an episode as reviewed")
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return replace(alignment, review=Review(name, when, round(share, 4)))


def _is_within(each: Annotation, start: float, end: float) -> bool:
    return start <= each.start and each.end <= end


def kept_pins(alignment: Alignment, transcript: Transcript, sha256: str) -> tuple[tuple[Pin, ...], tuple[LostPin, ...]]:
    """Return the pins (fixed word times) that still apply to ``transcript``, sorted by word, and all lost pins. A pin
    is lost if none of its words is left (a new spelling does not matter), if it contradicts other pins, or if the audio
    has changed: ``sha256`` is the hash of the new audio. Pins that were lost earlier are listed first."""
    pins, lost = pins_of(alignment), list(alignment.lost_pins)
    is_same_audio = pins and sha256 == alignment.audio.sha256
    there = TextMapping(alignment.transcript, transcript).counterparts() if is_same_audio else {}
    found: list[Pin] = []
    before, words = [timed.word for timed in alignment.words], transcript.words
    for pin in pins:
        stays = [there[k] for k in pin.words if k in there and _keeps_pin(pin, before[k], words[there[k]], alignment)]
        if not stays:
            lost.append(lost_pin(pin, before))
            continue
        whole = range(stays[0], stays[-1] + 1)
        runs = [whole] if pin.kind is PinKind.PASSAGE else runs_of(stays)
        found += (Pin(pin.kind, run, pin.span) for run in runs)
    agreed, contradicting = agreeing(found)
    return tuple(agreed), (*lost, *(lost_pin(pin, words) for pin in contradicting))


def lost_pin(pin: Pin, words: Sequence[Word]) -> LostPin:
    """Return the record of a pin that no longer applies. ``words`` are all words of the pin's transcript."""
    return LostPin(pin.kind, " ".join(words[k].text for k in pin.words), pin.span)


def _keeps_pin(pin: Pin, old: Word, new: Word, alignment: Alignment) -> bool:
    return pin.kind is PinKind.PASSAGE or is_same_word(old.text, new.text, alignment.language)


def carry_over(alignment: Alignment, earlier: Alignment) -> Alignment:
    """Return ``alignment`` with what still applies of the ``earlier`` alignment. Annotations stay if the audio is the
    same. The mark of an automatic transcript, ``machine_text``, stays if more than half of the words are unchanged;
    these words then also keep their confidence if the audio is the same. The review and the reviewed times stay if
    audio and words are the same, and no time differs by 0.1 seconds or more."""
    is_same_audio = earlier.audio.sha256 == alignment.audio.sha256
    is_as_reviewed = is_same_audio and earlier.review is not None and _is_as_reviewed(alignment, earlier)
    if is_as_reviewed:
        alignment = replace(
            alignment,
            words=earlier.words,
            segments=timed_segments(alignment.transcript, earlier.words),
            untranscribed=earlier.untranscribed,
            engine=earlier.engine,
            coverage=earlier.coverage,
            verdict=earlier.verdict,
        )
    unchanged = TextMapping(earlier.transcript, alignment.transcript).unchanged() if earlier.machine_text else {}
    is_draft = 2 * len(unchanged) > len(alignment.transcript.words)
    if is_draft and is_same_audio:
        words = with_confidence_of({new: earlier.words[old] for old, new in unchanged.items()}, alignment.words)
        alignment = replace(alignment, words=words, segments=timed_segments(alignment.transcript, words))
    return replace(
        alignment,
        annotations=earlier.annotations if is_same_audio else (),
        machine_text=is_draft,
        review=earlier.review if is_as_reviewed else None,
    )


def _is_as_reviewed(alignment: Alignment, earlier: Alignment) -> bool:
    """Return whether both alignments have the same words at the same times, within 0.1 seconds."""
    if [each.word for each in alignment.words] != [each.word for each in earlier.words]:
        return False
    spans = [(new.span, old.span) for new, old in zip(alignment.words, earlier.words, strict=True)]
    return all(
        max(abs(new.start - old.start), abs(new.end - old.end)) < _UNNOTICED if new and old else new is old
        for new, old in spans
    )
