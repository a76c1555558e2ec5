"""Train the acoustic model on CTC, word boundaries, phonemes and, after some epochs, the letter of each frame.

The loss is a weighted sum. Letters are aligned with frames by the model's own outputs. The seed determines all choices.
Stored models may be teachers: what they return on average is one more target, for each frame.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from aligner.emissions import CLASSES
from aligner.recognition.acoustic.model import read_arrays
from aligner.training.features import Encoded
from aligner.training.network import ModelShape, TorchModel
from aligner.training.records import save_arrays
from aligner.training.targets import IGNORED, Labels, Targets, fits_ctc, letter_labels, phone_classes, targets

# Of letters (arXiv 1706.04599): trained on synthetic speech, the model is surer than real recordings justify.
_TEMPERATURE = 1.25


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to train."""

    epochs: int = 12
    ctc_first: int = 3  # epochs before the CTC output first aligns the letters
    realign_after: tuple[int, ...] = (6, 9)  # epochs after which the framewise output aligns them again
    batch: int = 8
    rate: float = 3e-3  # the highest learning rate, reached after the share ``warm_up`` of the steps
    warm_up: float = 0.1
    decay: float = 0.01  # of the weights
    average: float = 0.99  # decay per step of the average of the weights


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """The mean and the standard deviation of each feature, with which features are normalised."""

    mean: NDArray[np.float32]
    deviation: NDArray[np.float32]

    @classmethod
    def of(cls, windows: Sequence[NDArray[np.float16]]) -> Scale:
        sample = np.stack(windows[:: max(1, len(windows) // 60)]).astype(np.float32)
        return cls(sample.mean((0, 1)), sample.std((0, 1)) + 1e-3)

    def applied(self, window: NDArray[np.float16]) -> NDArray[np.float32]:
        return (window - self.mean) / self.deviation


@dataclass(frozen=True, slots=True, eq=False)
class Trained:
    model: TorchModel
    scale: Scale
    prior: NDArray[np.float32]  # the share of frames of each letter


class Trainer:
    """A training run: the model, its examples, the optimiser and the learning rates. Call ``run`` to train."""

    def __init__(
        self, examples: list[Encoded], shape: ModelShape, schedule: Schedule, seed: int, teachers: Sequence[Path] = ()
    ) -> None:
        torch.manual_seed(seed)
        classes = phone_classes(example.phones for example in examples)
        self._features = np.empty((len(examples), *examples[0].features.shape), np.float32)
        self._targets: list[Targets] = [targets(e.words, e.phones, classes) for e in examples]
        self._labels: list[Labels] | None = None
        self._schedule, self._seed = schedule, seed
        self._scale = Scale.of([example.features for example in examples])
        for k, example in enumerate(examples):
            self._features[k] = self._scale.applied(example.features)
        self._model = TorchModel(shape, len(classes) + 1)
        self._teachers = [load_teacher(path, self._scale) for path in teachers]
        self._averaged = AveragedModel(self._model, multi_avg_fn=get_ema_multi_avg_fn(schedule.average))
        self._optimiser = torch.optim.AdamW(self._model.parameters(), lr=schedule.rate, weight_decay=schedule.decay)
        self._steps = -(-len(examples) // schedule.batch) * schedule.epochs
        self._rates = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, schedule.rate, total_steps=self._steps + 1, pct_start=schedule.warm_up
        )

    def run(self) -> Trained:
        """Train for all epochs; return the model with averaged weights."""
        for epoch in range(self._schedule.epochs):
            self._align_characters(epoch)
            means = ", ".join(f"{name} {loss:.3f}" for name, loss in self._epoch(epoch).items())
            logging.info("epoch %d of %d: %s", epoch + 1, self._schedule.epochs, means)
        if self._labels is None:
            raise ValueError(f"{self._schedule.epochs} epochs, expected more than {self._schedule.ctc_first}")
        known = np.concatenate([label[label >= 0] for label in self._labels])
        prior = np.bincount(known, minlength=CLASSES) / len(known)
        return Trained(self._averaged.module.eval(), self._scale, prior.astype(np.float32))

    def _epoch(self, epoch: int) -> dict[str, float]:
        self._model.train()
        order = np.random.default_rng([self._seed, epoch]).permutation(len(self._features))
        torch.manual_seed(self._seed * 1000 + epoch)
        sums = Counter[str]()
        batches = [order[k : k + self._schedule.batch] for k in range(0, len(order), self._schedule.batch)]
        for batch in batches:
            labels = [self._labels[k] for k in batch] if self._labels else None
            features = self._input(batch)
            outputs = self._model(features)
            found = losses(outputs, [self._targets[k] for k in batch], labels)
            if self._teachers:
                found["distilled"] = distilled_loss(outputs[0], [teacher(features)[0] for teacher in self._teachers])
            self._optimiser.zero_grad()
            torch.stack([_LOSS_WEIGHTS[name] * loss for name, loss in found.items()]).sum().backward()
            torch.nn.utils.clip_grad_norm_(self._model.parameters(), 2.0)
            self._optimiser.step()
            self._rates.step()
            self._averaged.update_parameters(self._model)
            sums.update({name: loss.item() for name, loss in found.items()})
        return {name: total / len(batches) for name, total in sums.items()}

    def _align_characters(self, epoch: int) -> None:
        by_ctc = epoch == self._schedule.ctc_first
        if by_ctc or epoch in self._schedule.realign_after:
            self._labels = [
                letter_labels(target, self._letter_scores(k, by_ctc)) for k, target in enumerate(self._targets)
            ]

    @torch.no_grad()
    def _letter_scores(self, window: int, by_ctc: bool) -> NDArray[np.floating]:
        model = self._averaged.module.eval()
        logits = model(self._input([window]))[0][0]
        if not by_ctc:
            return torch.log_softmax(logits[:, CLASSES : 2 * CLASSES], -1).numpy()
        spikes = torch.softmax(logits[:, :CLASSES], -1)
        among_letters = torch.log_softmax(logits[:, :CLASSES].index_fill(1, torch.tensor([0]), -1e9), -1)
        return (among_letters * (1 - spikes[:, :1])).numpy()  # frames without a spike do not matter

    def _input(self, windows: Sequence[int] | NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(self._features[windows])


_LOSS_WEIGHTS = {
    "framewise": 1.0,
    "ctc": 0.6,
    "blank": 0.3,  # outside words
    "boundaries": 1.5,
    "phones": 1.0,
    "distilled": 1.0,
}


def losses(
    outputs: tuple[Tensor, Tensor], batch: Sequence[Targets], labels: Sequence[Labels] | None
) -> dict[str, Tensor]:
    """Return each loss by name. ``labels`` holds the letter class of each frame; None omits the loss ``framewise``."""
    logits, phones = outputs
    ctc = functional.log_softmax(logits[..., :CLASSES], -1)
    silent = torch.from_numpy(np.stack([target.silent for target in batch]))
    boundaries = torch.from_numpy(np.stack([target.boundaries for target in batch]))
    found = {
        "ctc": _ctc_loss(ctc, batch),
        "blank": -(ctc[..., 0][silent]).mean(),
        "boundaries": functional.binary_cross_entropy_with_logits(
            logits[..., -2:], boundaries, pos_weight=torch.tensor(2.0)
        ),
        "phones": _cross_entropy(phones, [target.phones for target in batch]),
    }
    if labels is not None:
        found["framewise"] = _cross_entropy(logits[..., CLASSES : 2 * CLASSES], labels)
    return found


def distilled_loss(logits: Tensor, taught: Sequence[Tensor]) -> Tensor:
    """Return the cross entropy of a student's ``logits`` with the mean of its teachers' (``taught``)."""
    mean = torch.stack(taught).mean(0)
    loss = functional.binary_cross_entropy_with_logits(logits[..., -2:], mean[..., -2:].sigmoid())
    for characters in (slice(CLASSES), slice(CLASSES, 2 * CLASSES)):
        expected = mean[..., characters].softmax(-1)
        loss = loss + functional.cross_entropy(logits[..., characters].flatten(0, 1), expected.flatten(0, 1))
    return loss


def _cross_entropy(logits: Tensor, labels: Sequence[Labels]) -> Tensor:
    return functional.cross_entropy(
        logits.flatten(0, 1), torch.from_numpy(np.stack(labels)).flatten(), ignore_index=IGNORED
    )


def _ctc_loss(ctc: Tensor, batch: Sequence[Targets]) -> Tensor:
    """Return the mean CTC loss per letter. Each word is scored alone, in its frames and one frame on each side."""
    frames = ctc.shape[1]
    words = [(k * frames, word) for k, target in enumerate(batch) for word in target.words if fits_ctc(word)]
    if not words:
        return ctc.sum() * 0
    starts = np.array([base + max(0, word.start - 1) for base, word in words])
    stops = np.array([base + min(frames, word.stop + 1) for base, word in words])
    lengths = stops - starts
    positions = np.minimum(starts[:, None] + np.arange(lengths.max()), stops[:, None] - 1)
    sizes = [len(word.classes) for _, word in words]
    found = functional.ctc_loss(
        ctc.flatten(0, 1)[torch.from_numpy(positions)].transpose(0, 1),
        torch.tensor([c for _, word in words for c in word.classes]),
        torch.from_numpy(lengths),
        torch.tensor(sizes),
        reduction="none",
        zero_infinity=True,
    )
    return found.sum() / sum(sizes)


def save_model(path: Path, trained: Trained) -> str:
    """Write the model to ``path`` and return its version, a hash of the weights. They are stored in half precision, and
    scaled so that features need no normalisation and letters are as sure as ``_TEMPERATURE`` demands."""
    weights = {name: value for name, value in trained.model.state_dict().items() if not name.startswith("phones")}
    weights["project.weight"] = weights["project.weight"] / torch.from_numpy(trained.scale.deviation)
    weights["project.bias"] = weights["project.bias"] - weights["project.weight"] @ torch.from_numpy(trained.scale.mean)
    for name in ("out.weight", "out.bias"):
        weights[name] = torch.cat([weights[name][:-2] / _TEMPERATURE, weights[name][-2:]])
    stored: dict[str, NDArray[np.generic]] = {
        name: np.ascontiguousarray(value.numpy().astype(np.float16)) for name, value in weights.items()
    }
    stored["prior"] = trained.prior
    digest = hashlib.sha256(b"".join(name.encode() + array.tobytes() for name, array in stored.items()))
    version = digest.hexdigest()[:12]
    save_arrays(path, {**stored, "gelu": np.array("tanh"), "version": np.array(version)})
    return version


def load_teacher(path: Path, scale: Scale) -> TorchModel:
    """Return a stored model, for features that are normalised by ``scale``; its output for phonemes is untrained."""
    arrays = read_arrays(path, None)
    weights = {name: torch.from_numpy(array.astype(np.float32)) for name, array in arrays.items() if "." in name}
    weights["project.bias"] += weights["project.weight"] @ torch.from_numpy(scale.mean)
    weights["project.weight"] *= torch.from_numpy(scale.deviation)
    for name in ("out.weight", "out.bias"):
        weights[name][:-2] *= _TEMPERATURE
    model = TorchModel(ModelShape(width=len(weights["project.bias"])), phones=1)
    model.load_state_dict(weights, strict=False)
    return model.eval().requires_grad_(False)
