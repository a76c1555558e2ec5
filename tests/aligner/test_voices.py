"""Voices are distinguished, and become speakers A, B … of an automatic transcript."""

from pathlib import Path

import numpy as np
import pytest

from aligner import transcribing
from aligner.errors import ModelError
from aligner.model import Span
from aligner.voices import Voices, embed, encoder, speakers_of
from media.decode import audio_blocks
from tests.aligner.test_transcribing import Planted, made, paragraphs
from tests.paths import SAMPLE


def voices(*passages: tuple[int, float]) -> Voices:
    """Voices of (person, seconds), each alike but for noise."""
    rng = np.random.default_rng(7)
    people = rng.standard_normal((3, encoder.SIZE))
    pieces = [people[who] + rng.normal(0, 0.4, (max(1, int(long / 1.6)), encoder.SIZE)) for who, long in passages]
    means = [np.mean(each / np.linalg.norm(each, axis=1, keepdims=True), axis=0) for each in pieces]
    seconds = np.array([long for _, long in passages])
    return Voices(np.array(means, np.float32), np.array([len(each) for each in pieces]), seconds)


def test_people_are_lettered_in_the_order_in_which_they_speak() -> None:
    assert "".join(speakers_of(voices((2, 9), (0, 9), (2, 9), (1, 9), (0, 9)))) == "ABACB"


def test_one_voice_has_no_letter_and_neither_has_one_of_a_few_seconds() -> None:
    assert speakers_of(voices((1, 9), (1, 5), (1, 20))) == ["", "", ""]
    assert speakers_of(voices((1, 9), (2, 5), (1, 20))) == ["", "", ""]
    assert speakers_of(voices((0, 0.5))) == [""]


def test_less_than_a_second_is_the_speaker_before() -> None:
    assert "".join(speakers_of(voices((1, 0.5), (0, 9), (1, 0.5), (1, 9)))) == "AAAB"


def test_two_people_of_the_sample_are_told_apart() -> None:
    said = [Span(4.6, 12.9), Span(13.5, 28.2), Span(28.6, 35.7), Span(36.3, 54.3)]
    reported = list[tuple[str, float, float]]()
    found = embed(audio_blocks(SAMPLE / "episode.mp3", encoder.RATE), said, lambda *each: reported.append(each))
    assert "".join(speakers_of(found)) == "ABBA"
    assert reported[-1] == ("voices", 54.3, 54.3)


def test_a_draft_has_a_paragraph_for_each_turn_and_its_labels_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcribing, "speakers_of", lambda _: ["A", "B", "B", "B"])
    transcribed = made(tmp_path, Planted("A word of welcome.", "A guest (laughs) too.", "Notes.", 3.0, "It is."))
    assert paragraphs(transcribed) == ["A: A word of welcome.", "B: A guest (laughs) too. Notes.", "B: It is."]
    timed = transcribed.aligned.alignment
    assert "".join(each.segment.speaker or "-" for each in timed.segments) == "ABBB"
    assert [word.word.text for word in timed.words][:2] == ["A", "word"]


def test_a_changed_network_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "voices.npz").write_bytes(encoder.MODEL_FILE.read_bytes() + b"x")
    monkeypatch.setattr(encoder, "MODEL_FILE", tmp_path / "voices.npz")
    monkeypatch.setattr(encoder, "_weights", encoder._weights.__wrapped__)
    with pytest.raises(ModelError, match=r"voices\.npz: the voice model is missing or damaged; reinstall"):
        embed([(0.0, np.zeros(32_000, np.float32))], [Span(0, 2)])
