"""What people said of an episode: annotations of its audio, who reviewed it, and how all that and the pins go with the
words when the text changes or the episode is aligned again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby

from aligner.errors import CorrectionError
from aligner.locating.quality import timed_segments
from aligner.mapping import TextMapping, is_same_word
from aligner.model import Alignment, Annotation, AnnotationKind, LostPin, Pin, PinKind, Review, Span, Transcript, Word
from aligner.pins import agreeing, pins_of
from aligner.storage.checked_json import shown_name

# Seconds: less is neither seen in captions nor heard in a clip. Where words were pinned, others that nobody touched may
# be found that much elsewhere.
_UNNOTICED = 0.1


def annotated(alignment: Alignment, regions: Sequence[tuple[AnnotationKind, Span]]) -> Alignment:
    """Return the alignment with passages of audio annotated, in the place of annotations within them; accepted captions
    (``NORM``) stand beside all other kinds."""
    new = [Annotation(kind, span.start, span.end) for kind, span in regions]

    def gives_way(old: Annotation) -> bool:
        norm = AnnotationKind.NORM
        return any((old.kind is norm) == (each.kind is norm) and _is_within(old, each.start, each.end) for each in new)

    kept = (old for old in alignment.annotations if not gives_way(old))
    ordered = sorted({*kept, *new}, key=lambda each: (each.start, each.end, each.kind))
    return replace(alignment, annotations=tuple(ordered))


def without_annotations(alignment: Alignment, start: float, end: float) -> Alignment:
    """Return the alignment without the annotations within a passage of audio."""
    left = (each for each in alignment.annotations if not _is_within(each, start, end))
    return replace(alignment, annotations=tuple(left))


def marked_reviewed(alignment: Alignment, who: str, share: float) -> Alignment:
    """Return the alignment as reviewed by somebody who looked at a ``share`` of its words; raises CorrectionError if
    they have no name."""
    name = shown_name(who)
    if not name:
        raise CorrectionError("a name is needed to mark an episode as reviewed")
    when = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return replace(alignment, review=Review(name, when, round(share, 4)))


def _is_within(each: Annotation, start: float, end: float) -> bool:
    return start <= each.start and each.end <= end


def carried(alignment: Alignment, transcript: Transcript, sha256: str) -> tuple[tuple[Pin, ...], tuple[LostPin, ...]]:
    """Return the pins of an alignment on the words of another transcript of the audio with hash ``sha256``, in order,
    and those that are lost.

    A word that another replaced loses its pin, one that is only spelled otherwise does not. Pins of other audio are
    lost: its times are others. Pins that were lost before are not looked for.
    """
    pins, lost = pins_of(alignment), list(alignment.lost_pins)
    is_same_audio = pins and sha256 == alignment.audio.sha256
    there = TextMapping(alignment.transcript, transcript).counterparts() if is_same_audio else {}
    found: list[Pin] = []
    before, words = [timed.word for timed in alignment.words], transcript.words
    for pin in pins:
        stays = [there[k] for k in pin.words if k in there and _keeps_pin(pin, before[k], words[there[k]], alignment)]
        found += (Pin(pin.kind, run, pin.span) for run in _in_runs(pin.kind, stays))
        if not stays:
            lost.append(lost_pin(pin, before))
    kept, odd = agreeing(found)
    return tuple(kept), (*lost, *(lost_pin(pin, words) for pin in odd))


def lost_pin(pin: Pin, words: Sequence[Word]) -> LostPin:
    """Return the record of a pin on some of the ``words`` that is lost."""
    return LostPin(pin.kind, " ".join(words[k].text for k in pin.words), pin.span)


def _keeps_pin(pin: Pin, old: Word, new: Word, alignment: Alignment) -> bool:
    return pin.kind is PinKind.PASSAGE or is_same_word(old.text, new.text, alignment.language)


def _in_runs(kind: PinKind, words: Sequence[int]) -> Iterator[range]:
    """Yield the words of a pin in the other text: all between the ends of a passage, else only its own words."""
    if kind is PinKind.PASSAGE and words:
        yield range(words[0], words[-1] + 1)
        return
    for _, run in groupby(enumerate(words), key=lambda place: place[1] - place[0]):
        in_a_row = [word for _, word in run]
        yield range(in_a_row[0], in_a_row[-1] + 1)


def with_what_holds(alignment: Alignment, earlier: Alignment) -> Alignment:
    """Return an alignment made again with what still holds of an earlier one: annotations of the same audio; that a
    machine wrote the text, if most of it is the same; who reviewed it, if all words are said when they were."""
    is_same_audio = earlier.audio.sha256 == alignment.audio.sha256
    is_signed = is_same_audio and earlier.review is not None and _is_as_signed(alignment, earlier)
    if is_signed:  # what somebody reviewed stays as it is
        alignment = replace(
            alignment,
            words=earlier.words,
            segments=timed_segments(alignment.transcript, earlier.words),
            untranscribed=earlier.untranscribed,
            engine=earlier.engine,
            coverage=earlier.coverage,
            verdict=earlier.verdict,
        )
    kept = TextMapping(earlier.transcript, alignment.transcript).kept() if earlier.machine_text else {}
    return replace(
        alignment,
        annotations=earlier.annotations if is_same_audio else (),
        machine_text=2 * len(kept) > len(alignment.transcript.words),
        review=earlier.review if is_signed else None,
    )


def _is_as_signed(alignment: Alignment, earlier: Alignment) -> bool:
    """Return whether the words are the same, and said when they were, as far as anybody notices."""
    if [each.word for each in alignment.words] != [each.word for each in earlier.words]:
        return False
    spans = [(new.span, old.span) for new, old in zip(alignment.words, earlier.words, strict=True)]
    return all(
        max(abs(new.start - old.start), abs(new.end - old.end)) < _UNNOTICED if new and old else new is old
        for new, old in spans
    )
