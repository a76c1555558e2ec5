"""ASR on real speech with the real model, and with a stand-in for the rest."""

from __future__ import annotations

import itertools
import re
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from aligner.errors import ModelError
from aligner.recognition import asr, examine, recognise, silent
from aligner.recognition.asr import AsrRecogniser


class StandIn:
    """A model that recognises "mot" and the piece's length in the middle of each piece, or nothing with hotwords."""

    supported_languages = ("en", "fr")

    def __init__(self, behave=lambda samples: None) -> None:
        self.behave = behave
        self.languages: list[str] = []
        self.hotwords: list[str | None] = []
        self.max_length, self.hf_tokenizer = 10, SimpleNamespace(encode=lambda text, **_: text.split())
        self.model = SimpleNamespace(is_multilingual=True)

    def transcribe(self, samples, language, hotwords, **_):
        self.languages.append(language)
        self.hotwords.append(hotwords)
        self.behave(samples)
        middle = len(samples) / 32000
        word = SimpleNamespace(word=f" mot{len(samples)}", start=middle, end=middle + 0.3, probability=0.5)
        return iter([SimpleNamespace(words=[] if hotwords else [word], compression_ratio=1.2)]), None

    def detect_language(self, samples):
        assert np.abs(samples).max() > 0.01, "the language was asked of silence"
        return "fr", 0.6, [("fr", 0.6), ("en", 0.4)]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    model = StandIn()
    monkeypatch.setattr(asr, "_load", lambda *_: model)
    return model


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asr, "LONGEST", 4.0)


def plain(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())


def test_words_of_real_speech_are_recognised_at_their_times(excerpt, base_model: Path) -> None:
    told: list[tuple[str, float, float]] = []
    audio = examine(excerpt.audio)
    heard = recognise(audio, AsrRecogniser(str(base_model)), lambda *told_now: told.append(told_now))
    assert heard.language == "fr"
    assert audio.duration == pytest.approx(excerpt.duration, abs=0.05)
    assert heard.warnings == ()
    found = [(plain(word.text), word.start, word.end) for word in heard.words]
    errors = [
        min((abs(start - s) for text, s, _ in found if text == plain(said)), default=None)
        for said, start, _ in excerpt.words
    ]
    timed = sorted(error for error in errors if error is not None and error < 2)
    assert len(timed) >= 0.7 * len(excerpt.words)
    assert timed[len(timed) // 2] < 0.06
    assert timed[int(0.9 * len(timed))] < 0.25
    assert all(a.start <= b.start for a, b in itertools.pairwise(heard.words))
    assert all(word.start < word.end <= audio.duration for word in heard.words)
    assert told[-1] == ("asr", audio.duration, audio.duration)


def test_the_language_is_requested_or_detected(excerpt, stand_in: StandIn) -> None:
    sound = examine(excerpt.audio)
    assert AsrRecogniser().recognise(sound, silent).language == "fr"
    assert AsrRecogniser(language="EN-gb").recognise(sound, silent).language == "en"
    assert set(stand_in.languages) == {"fr", "en"}
    with pytest.raises(ModelError, match=r"'xx'.*en, fr"):
        AsrRecogniser(language="xx").recognise(sound, silent)
    assert AsrRecogniser(likely="en").recognise(sound, silent).language == "en"
    assert AsrRecogniser(likely="xx").recognise(sound, silent).language == "fr"  # for that is no more than likely


def test_names_are_spelled_as_in_the_vocabulary(excerpt, base_model: Path) -> None:
    audio, names = examine(excerpt.audio), ("Margaux", "Belle-Île")
    for vocabulary in ((), names):
        words = AsrRecogniser(str(base_model), "fr", vocabulary).recognise(audio, silent).words
        found = {name for name in names for word in words if name in word.text}
        assert found == set(vocabulary)


def test_what_the_model_omits_with_a_vocabulary_is_recognised_without(excerpt, stand_in: StandIn) -> None:
    sound = examine(excerpt.audio)
    with_names = AsrRecogniser(language="fr", vocabulary=("Zoé", "Inès")).recognise(sound, silent)
    assert set(stand_in.hotwords) == {"Zoé, Inès", None}
    assert with_names == AsrRecogniser(language="fr").recognise(sound, silent)
    warnings = AsrRecogniser(language="fr", vocabulary=("A", "B", "C", "D D")).recognise(sound, silent).warnings
    assert warnings == ("only the first 3 lines of the vocabulary fit in the model; the others are not expected",)


def test_a_piece_that_fails_is_left_out_with_a_warning(excerpt, stand_in: StandIn, short_pieces: None) -> None:
    fails = iter([True])

    def behave(_: object) -> None:
        if next(fails, False):
            raise RuntimeError("out of luck")

    stand_in.behave = behave
    heard = AsrRecogniser(language="fr").recognise(examine(excerpt.audio), silent)
    (warning,) = heard.warnings
    assert warning.startswith("no words were recognised from")
    assert len(heard.words) >= 4
    fails = itertools.repeat(True)
    with pytest.raises(ModelError, match="out of luck"):
        AsrRecogniser(language="fr").recognise(examine(excerpt.audio), silent)


def test_identity_has_model_language_and_options_but_not_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    same = AsrRecogniser("base", "fr").identity()
    assert AsrRecogniser("base", "fr-FR", workers=1).identity() == same
    assert AsrRecogniser("small", "fr").identity() != same
    assert AsrRecogniser("base", None).identity() != same
    assert AsrRecogniser("base", "fr", ("Zoé",)).identity() != same
    monkeypatch.setattr(asr, "_BEAM", 5)
    assert AsrRecogniser("base", "fr").identity() != same
