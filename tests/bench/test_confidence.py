"""Texts made to fit confidence on: what is said stays known, what is put in is known to be said nowhere."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path

import numpy as np
import pytest

from aligner.emissions import CLASSES, FRAME, Emissions, silent_frames
from aligner.model import Audio, Span
from tests.bench.confidence import Heard, part_of, words_put_in, words_replaced
from tests.bench.edited import Edit, Edited, applied
from tests.bench.planted import recording_of_tones
from tests.bench.recordings import Recording
from tests.tables import over_rows

tones = cache(partial(recording_of_tones, 120))


def heard() -> Heard:
    frames = round(tones().duration / FRAME)
    emissions = Emissions(silent_frames(frames), np.full(CLASSES, 1 / CLASSES, np.float32))
    audio = Audio(Path("tones.wav"), "0" * 64, tones().duration, (Span(0.0, tones().duration),))
    return Heard(audio, emissions, "fr")


@over_rows("seed", range(20))
def test_a_part_has_its_words_where_they_are_said_in_its_own_sound(seed: int) -> None:
    found = part_of(Edited(tones()), heard(), random.Random(seed))
    assert found
    version, sound = found
    texts = [version.recording.text[word.char_start : word.char_end] for word in version.recording.words]
    numbers = [int(text.strip("mot.")) for text in texts]
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    begun = {
        round(tones().words[n].latest - word.latest, 6)
        for n, word in zip(numbers, version.recording.words, strict=True)
    }
    assert len(begun) == 1
    assert len(sound.emissions) * FRAME == pytest.approx(sound.audio.duration, abs=FRAME)
    assert 0 <= version.recording.words[0].latest < version.recording.words[-1].latest < sound.audio.duration


@over_rows("editing", [words_put_in, words_replaced])
def test_words_that_come_into_a_text_are_known_to_be_said_nowhere(
    editing: Callable[[Recording, random.Random, float], list[Edit]],
) -> None:
    version = applied(Edited(tones()), editing(tones(), random.Random(1), 0.2))
    text, put_in = version.recording.text, len(version.unsaid)
    assert put_in > 10
    said = [text[word.char_start : word.char_end] for word in version.recording.words]
    kept = {tones().text[word.char_start : word.char_end] for word in tones().words}
    assert set(said) <= kept
    assert len(text.split()) == len(said) + put_in
