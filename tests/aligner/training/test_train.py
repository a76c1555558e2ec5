"""The exported model returns in NumPy what the trained one returns in PyTorch."""

import re

import numpy as np
import pytest

pytest.importorskip("torch")

import torch

from aligner.emissions import CLASSES, COLUMNS
from aligner.recognition.acoustic.model import load_acoustic_model
from aligner.training.features import Encoded
from aligner.training.network import FEATURES, ModelShape, TorchModel
from aligner.training.records import SpokenWord
from aligner.training.train import Scale, Schedule, Trained, Trainer, distilled_loss, load_teacher, save_model


def _trained(rng: np.random.Generator) -> Trained:
    torch.manual_seed(3)
    model = TorchModel(ModelShape(width=24), phones=5).eval()
    scale = Scale(rng.normal(0, 2, FEATURES).astype(np.float32), rng.uniform(0.5, 3, FEATURES).astype(np.float32))
    return Trained(model, scale, np.full(CLASSES, 1 / CLASSES, np.float32))


def test_the_loaded_model_agrees_with_the_trained_one(tmp_path):
    rng = np.random.default_rng(5)
    trained = _trained(rng)
    version = save_model(tmp_path / "model.npz", trained)
    features = (trained.scale.mean + trained.scale.deviation * rng.normal(size=(40, FEATURES))).astype(np.float32)
    with torch.no_grad():
        logits = trained.model(torch.from_numpy(trained.scale.applied(features))[None])[0][0]
    spikes, letters, edges = logits.split([CLASSES, CLASSES, 2], -1)
    expected = np.hstack([spikes.log_softmax(-1), letters.log_softmax(-1), torch.nn.functional.logsigmoid(edges)])
    found = load_acoustic_model(tmp_path / "model.npz")
    assert found.version == version
    assert np.abs(found.emissions(features) - expected).max() < 0.03

    scale = _trained(rng).scale  # of a student
    taught = load_teacher(tmp_path / "model.npz", scale)(torch.from_numpy(scale.applied(features))[None])[0][0]
    assert torch.allclose(taught, logits, atol=0.03)


def test_the_distilled_loss_is_least_at_the_mean_of_the_teachers():
    torch.manual_seed(2)
    taught = list(torch.randn(3, 2, 30, COLUMNS))
    mean = torch.stack(taught).mean(0).requires_grad_()
    least = distilled_loss(mean, taught)
    least.backward()
    assert mean.grad.abs().max() < 1e-6
    for column in (0, CLASSES, 2 * CLASSES):
        assert distilled_loss(mean + torch.eye(COLUMNS)[column], taught) > least + 0.001


def test_a_model_learns_planted_letters_and_teaches_a_student(tmp_path, caplog):
    rng = np.random.default_rng(9)
    examples = [_planted(rng) for _ in range(8)]
    schedule = Schedule(epochs=8, ctc_first=3, realign_after=(5,), batch=1, rate=1e-2, average=0.5)
    trained = Trainer(examples, ModelShape(width=24), schedule, seed=1).run()
    assert trained.prior[0] > 0.3
    example = _planted(rng)
    with torch.no_grad():
        logits = trained.model(torch.from_numpy(trained.scale.applied(example.features))[None])[0][0].numpy()
    starts = {round(word.start / 0.02) for word in example.words}
    found = set(np.argsort(logits[:, -2])[-len(starts) :].tolist())
    assert len(found & starts) >= 0.8 * len(starts)

    save_model(tmp_path / "teacher.npz", trained)
    with caplog.at_level("INFO"):
        Trainer(examples[:3], ModelShape(width=24), schedule, 2, [tmp_path / "teacher.npz"]).run()
    first, *_, last = re.findall(r"distilled (\S+)", caplog.text)
    assert float(last) < 0.8 * float(first)


def _planted(rng: np.random.Generator) -> Encoded:
    """Return words of one letter; some features mark their frames, their starts and their ends."""
    features = rng.normal(0, 0.1, (750, FEATURES)).astype(np.float16)
    words = []
    for start in range(20, 720, 25):
        letter, long = rng.choice(list("aeiou")), int(rng.integers(8, 15))
        words.append(SpokenWord(str(letter), start * 0.02, (start + long) * 0.02))
        features[start : start + long, "aeiou".index(letter) * 10 : "aeiou".index(letter) * 10 + 10] += 3
        features[start, 100:140] += 3
        features[start + long, 200:240] += 3
    return Encoded(features, tuple(words), ())
