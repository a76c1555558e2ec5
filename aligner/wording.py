"""Putting words to speech that the transcript lacks, where the ear that found it hears none."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from aligner.locating.spans import Speech
from aligner.model import Span, Untranscribed
from aligner.recognition import Ear, Progress, Sound, listen


def with_wording(
    passages: Sequence[Untranscribed], sound: Sound, ear: Ear, progress: Progress
) -> tuple[Untranscribed, ...]:
    """Let ``ear`` listen to the passages that have no text yet, and to nothing else."""
    mute = [passage for passage in passages if not passage.text]
    speech = Speech(sound.speech)
    # Whole spans of speech, so that a change of the text which moves a passage's edge a little asks for nothing new.
    spans = sorted({span for passage in mute for span in speech.touching(passage.start, passage.end)}, key=_start)
    if not spans:
        return tuple(passages)
    heard = listen(replace(sound, speech=tuple(spans)), ear, progress)
    return tuple(
        passage
        if passage.text
        else replace(
            passage, text=" ".join(w.text for w in heard.words if passage.start <= (w.start + w.end) / 2 < passage.end)
        )
        for passage in passages
    )


def _start(span: Span) -> float:
    return span.start
