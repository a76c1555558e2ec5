"""Acoustic recognition of real speech, and its errors.

The acoustic model may be trained again: bounds are wide enough for any good one, and too narrow for one that is not.
"""

import json
import os
from pathlib import Path

import numpy as np
import pytest

from aligner.errors import ModelError
from aligner.locating.acoustic import locate_by_emissions
from aligner.locating.quality import judge
from aligner.model import Audio, Placement, RecognisedWord, Recognition, Status, Transcript, Verdict
from aligner.pipeline import AlignOptions, align, recognisers_for
from aligner.recognition import examine, recognise, silent
from aligner.recognition.acoustic import AcousticRecogniser
from aligner.recognition.acoustic.encoder import Encoder
from aligner.recognition.asr import AsrRecogniser
from tests.aligner.episodes import Planted, spoken, transcript_of
from tests.bench.recordings import samples_of, write_wave
from tests.paths import DATA, SHARED
from tests.tables import over_rows

BENCH = SHARED / "bench" / "real"
OTHER_TEXT = (
    "Nous avons démonté la vieille horloge pièce par pièce. Le ressort principal était brisé depuis longtemps, et "
    "personne dans la vallée ne savait plus fabriquer ces engrenages minuscules que mon oncle collectionnait."
)


def text_of(excerpt) -> Transcript:
    return transcript_of(" ".join(word for word, _, _ in excerpt.words))


def errors(placements: tuple[Placement, ...], said: list[tuple[str, float, float]]) -> np.ndarray:
    """Seconds by which each word's start and end are off, infinite for one without a time."""
    times = [(p.span.start, p.span.end) if p.span else (np.inf, np.inf) for p in placements]
    return np.abs(np.array(times, np.float64) - np.array([word[1:] for word in said]))


def heard_by(recogniser: AcousticRecogniser, path: Path) -> Planted:
    audio = examine(path)
    recognition = recognise(audio, recogniser)
    return Planted(recognition.words, audio.speech, audio.duration, recognition.language, recognition.emissions)


def placements_of(transcript: Transcript, heard: Planted) -> tuple[Placement, ...]:
    return locate_by_emissions(transcript, heard.audio, heard.emissions, "fr").placements


@pytest.fixture(scope="module")
def heard(base_model: Path) -> Planted:
    return heard_by(AcousticRecogniser(str(base_model)), DATA / "bees.mp3")


def test_every_word_of_a_recording_is_found_within_hundredths_of_a_second(excerpt, heard: Planted) -> None:
    found = locate_by_emissions(text_of(excerpt), heard.audio, heard.emissions, "fr")
    off = errors(found.placements, excerpt.words)
    assert np.median(off[:, 0]) < 0.03
    assert off[:, 0].mean() < 0.05
    assert (off[:, 0] < 0.1).mean() > 0.95
    assert np.median(off[:, 1]) < 0.04
    assert sum(p.status is Status.EXACT for p in found.placements) > 0.8 * len(excerpt.words)
    assert found.untranscribed == ()


@pytest.mark.nightly
@pytest.mark.parametrize("filling", ["silence", "noise"])
def test_words_move_with_audio_inserted_before_them(
    excerpt, heard: Planted, base_model: Path, tmp_path: Path, filling: str
) -> None:
    before = 7.5  # half a chunk
    rng = np.random.default_rng(1)
    lead = rng.normal(0, 0.003 if filling == "noise" else 0.0, round(before * 16000)).astype(np.float32)
    path = tmp_path / "shifted.wav"
    write_wave(path, np.concatenate([lead, samples_of(excerpt.audio)]))
    moved = heard_by(AcousticRecogniser(str(base_model), "fr"), path)
    transcript = text_of(excerpt)
    near, far = (placements_of(transcript, sound) for sound in (heard, moved))
    off = [abs(spoken(b).start - spoken(a).start - before) for a, b in zip(near, far, strict=True)]
    assert np.mean(np.array(off) <= 0.02) >= 0.98


@over_rows("clip", ["clip06", "clip08"])
def test_words_of_spontaneous_speech_are_found(clip: str, base_model: Path) -> None:
    folder = BENCH / clip
    if not folder.exists():
        pytest.skip("the clips of spontaneous speech are not here")
    truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
    words = [(w["text"], w["start"], w["end"]) for w in truth["words"] if w["start"] is not None]
    sound = heard_by(AcousticRecogniser(str(base_model), "fr"), folder / "episode.wav")
    off = errors(placements_of(transcript_of(" ".join(w[0] for w in words)), sound), words)
    assert np.median(off[:, 0]) < 0.05
    assert (off[:, 0] < 0.1).mean() > 0.85
    assert (off[:, 0] < 1.0).mean() > 0.97


@pytest.mark.nightly
@over_rows("decibels, least, most", [(0, 0.35, 0.8), (-5, 0.02, 0.5), (-15, 0.0, 0.05)])
def test_in_noise_confidence_is_low_where_words_are_wrong(
    excerpt, base_model: Path, tmp_path: Path, decibels: float, least: float, most: float
) -> None:
    samples = samples_of(excerpt.audio)
    voice = np.sqrt(np.mean(np.square(samples[np.abs(samples) > 0.01])))
    noise = np.random.default_rng(1).normal(0, voice * 10 ** (-decibels / 20), len(samples))
    path = tmp_path / "noisy.wav"
    write_wave(path, (samples + noise) / 4)
    noisy = heard_by(AcousticRecogniser(str(base_model), "fr"), path)
    placements = placements_of(text_of(excerpt), noisy)
    right = errors(placements, excerpt.words)[:, 0] <= 0.2
    sure = np.array([p.status is Status.EXACT for p in placements])
    assert least <= sure.mean() <= most
    assert (sure & ~right).mean() <= 0.05


def test_an_unspoken_text_is_poor_and_few_words_are_confident(heard: Planted) -> None:
    transcript = transcript_of(OTHER_TEXT)
    judgement = judge(transcript, locate_by_emissions(transcript, heard.audio, heard.emissions, "fr"), heard.audio)
    assert judgement.verdict is Verdict.POOR
    assert sum(word.status is Status.EXACT for word in judgement.words) <= 0.1 * len(judgement.words)


class Deaf:
    """ASR that recognises nothing, but counts how often it is asked."""

    name, model = "asr", "none"

    def __init__(self) -> None:
        self.times = 0

    def identity(self) -> dict[str, object]:
        return {"one of many": os.urandom(8).hex()}

    def recognise(self, audio: Audio, progress: object):
        self.times += 1
        return Recognition((RecognisedWord("μέλισσες", 1.0, 1.5),), "el")


class Forbidden(AcousticRecogniser):
    """Acoustic recognition that must not be asked."""

    def recognise(self, audio: Audio, progress: object):
        raise AssertionError("acoustic recognition was asked")


@pytest.mark.nightly
@over_rows("text", ["Οι μέλισσες του νησιού ζουν εδώ εκατό χρόνια.", "Пчёлы этого острова живут здесь сто лет."])
def test_a_text_in_another_script_is_recognised_by_asr(excerpt, tmp_path: Path, text: str) -> None:
    path = tmp_path / "text.txt"
    path.write_text(text, encoding="utf-8")
    words = Deaf()
    aligned = align(excerpt.audio, path, recognisers=(Forbidden(), words))
    assert words.times == 1
    assert aligned.alignment.engine.method == "asr"


@pytest.mark.nightly
def test_asr_is_only_asked_if_acoustic_alignment_fails(excerpt, base_model: Path, tmp_path: Path) -> None:
    path = tmp_path / "text.txt"
    for text, verdict in ((OTHER_TEXT, Verdict.POOR), (" ".join(word for word, _, _ in excerpt.words), Verdict.GOOD)):
        path.write_text(text, encoding="utf-8")
        words = Deaf()
        aligned = align(excerpt.audio, path, recognisers=(AcousticRecogniser(str(base_model), "fr"), words)).alignment
        assert bool(words.times) == (verdict is Verdict.POOR)
        assert (aligned.engine.method, aligned.verdict) == ("acoustic", verdict)


def kinds(model: str, wanted: str | None = None) -> list[type]:
    return [type(each) for each in recognisers_for(AlignOptions(model=model, language="fr", method=wanted))]


def test_acoustic_alignment_comes_first_unless_asr_or_another_model_is_chosen() -> None:
    assert kinds("base") == [AcousticRecogniser, AsrRecogniser]
    assert kinds("small") == [AsrRecogniser]
    assert kinds("base", "asr") == [AsrRecogniser]
    assert kinds("./my-model", "acoustic") == [AcousticRecogniser, AsrRecogniser]


def test_identity_has_model_language_and_acoustic_model() -> None:
    one = AcousticRecogniser("base", "fr").identity()
    assert json.loads(json.dumps(one)) == one
    assert one == AcousticRecogniser("base", "fr-FR").identity()
    assert one != AcousticRecogniser("base").identity()
    assert one != AcousticRecogniser("small", "fr").identity()
    assert one["acoustic_model"]


def test_a_missing_or_invalid_model_is_one_clear_error(excerpt, tmp_path: Path) -> None:
    sound = examine(excerpt.audio)
    with pytest.raises(ModelError, match=r"has no model\.bin"):
        AcousticRecogniser(str(tmp_path), "fr").recognise(sound, silent)
    for name in ("model.bin", "config.json", "tokenizer.json"):
        (tmp_path / name).write_bytes(b"{}")
    with pytest.raises(ModelError, match="does not load"):
        AcousticRecogniser(str(tmp_path), "fr").recognise(sound, silent)


def test_a_model_of_another_size_is_one_clear_error(excerpt, base_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def wide(self: Encoder, chunk: np.ndarray, ask_language: bool) -> tuple[np.ndarray, dict[str, float]]:
        return np.zeros((750, 768), np.float32), {}

    monkeypatch.setattr(Encoder, "encode", wide)  # as the encoder of small has it
    with pytest.raises(ModelError, match=r"whisper-base.*cannot be used.*has 768 features a frame; expected 512"):
        AcousticRecogniser(str(base_model), "fr").recognise(examine(excerpt.audio), silent)
