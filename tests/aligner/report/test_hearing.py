"""What was heard is shown as far as this machine still knows it, and never anything else."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aligner.emissions import COLUMNS, FRAME, Emissions, silent_frames
from aligner.model import Alignment, Audio, Engine, HeardWord, Recognition, Span
from aligner.normalization import ALPHABET
from aligner.recognition import cache, recognise, recognised_before
from aligner.recognition.letters import LettersEar
from aligner.recognition.words import WordsEar
from aligner.report.doubt import hearing_of
from tests.aligner.captions.spoken import spoken

SPEECH = (Span(0.0, 3.0),)


def emissions_of(text: str) -> Emissions:
    """A letter every fourth frame, from frame 10 on; each word starts a frame after its first letter."""
    values = silent_frames(200)
    frame = 10
    for character in text:
        if character == " ":
            values[frame + 1, -2] = 0.0
        else:
            values[frame, 1 + ALPHABET.index(character)] = 1.0
            frame += 4
    return Emissions(values, np.zeros((COLUMNS - 2) // 2, np.float32))


@pytest.fixture
def alignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alignment:
    """An alignment by the letters ear, and a cache that knows its sound and nothing else."""
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path))
    planted = replace(spoken("le port dort"), engine=Engine("letters", "base"))
    cache.store_audio(audio_of(planted))
    return planted


def audio_of(alignment: Alignment) -> Audio:
    return Audio(Path("planted.mp3"), alignment.audio.sha256, alignment.audio.duration, SPEECH)


class Hears:
    """An ear of the same identity that hears at once."""

    def __init__(self, ear: LettersEar | WordsEar, recognition: Recognition) -> None:
        self.name, self.model, self.identity = ear.name, ear.model, ear.identity
        self._recognition = recognition

    def recognise(self, audio: Audio, progress: object) -> Recognition:
        return self._recognition


@pytest.mark.parametrize("language", [None, "fr"])
def test_letters_that_were_heard_here_are_found_again(alignment: Alignment, language: str | None) -> None:
    assert hearing_of(alignment) is None
    heard = Recognition((), "fr", (), emissions_of("le port dort"))
    recognise(audio_of(alignment), Hears(LettersEar("base", language), heard))
    hearing = hearing_of(alignment)
    assert hearing is not None
    assert hearing.within(Span(0.0, 4.0)) == ("le", "port", "dort")
    assert hearing.within(Span(18 * FRAME, 30 * FRAME)) == ("port",)
    assert hearing.within(Span(3.5, 4.0)) == ()


def test_what_was_heard_of_another_sound_is_not_shown(alignment: Alignment) -> None:
    recognise(audio_of(alignment), Hears(LettersEar(), Recognition((), "fr", (), emissions_of("le"))))
    another = replace(alignment, audio=replace(alignment.audio, sha256="2" * 64))
    assert hearing_of(another) is None
    assert hearing_of(replace(alignment, engine=Engine("given", "heard.json"))) is None


def test_words_are_those_with_their_middles_in_the_span(alignment: Alignment) -> None:
    heard = (HeardWord(" Le", 0.0, 1.0), HeardWord(" port", 1.0, 2.0))
    ear = Hears(WordsEar(), Recognition(heard, "fr"))
    assert recognised_before(audio_of(alignment), ear) is None
    recognise(audio_of(alignment), ear)
    hearing = hearing_of(replace(alignment, engine=Engine("words", "base")))
    assert hearing is not None
    assert hearing.within(Span(0.9, 1.6)) == ("port",)
