"""Training: the head learns spikes, boundaries and phonemes first, then the letters that its spikes have put in place.

Conventions: a run is decided by its seed; its state is kept after each epoch, so that it can be stopped and go on.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

from aligner.emissions import CLASSES
from aligner.training.features import Encoded
from aligner.training.losses import LossWeights, losses, weighted
from aligner.training.network import HeadShape, TorchHead
from aligner.training.targets import Labels, Targets, letter_labels, phone_classes, targets


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast."""

    epochs: int = 12
    ctc_first: int = 3  # epochs before the letters are laid out by the spikes
    laid_out_anew: tuple[int, ...] = (6, 9)  # epochs after which they are, by the letters themselves
    batch: int = 8
    rate: float = 3e-3
    warm_up: float = 0.1  # share of the steps
    decay: float = 0.01
    average: float = 0.99  # of the weights, per step: a hundred steps count


@dataclass(frozen=True, slots=True, eq=False)
class Scale:
    """Mean and deviation of each feature."""

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
    head: TorchHead
    scale: Scale
    prior: NDArray[np.float32]  # how often each letter sounds in a frame


class Trainer:
    """A head on its way. ``run`` goes on from the last epoch that was kept in ``folder``."""

    def __init__(self, examples: Sequence[Encoded], shape: HeadShape, schedule: Schedule, seed: int) -> None:
        torch.manual_seed(seed)
        classes = phone_classes(example.phones for example in examples)
        self._features = np.empty((len(examples), *examples[0].features.shape), np.float32)
        self._targets: list[Targets] = [targets(e.words, e.phones, classes) for e in examples]
        self._labels: list[Labels] | None = None
        self._schedule, self._seed = schedule, seed
        self._scale = Scale.of([example.features for example in examples])
        for k, example in enumerate(examples):
            self._features[k] = self._scale.applied(example.features)
        self._head = TorchHead(shape, len(classes) + 1)
        self._averaged = AveragedModel(self._head, multi_avg_fn=get_ema_multi_avg_fn(schedule.average))
        self._optimiser = torch.optim.AdamW(self._head.parameters(), lr=schedule.rate, weight_decay=schedule.decay)
        self._steps = -(-len(examples) // schedule.batch) * schedule.epochs
        self._rates = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, schedule.rate, total_steps=self._steps + 1, pct_start=schedule.warm_up
        )

    def run(self, folder: Path, report: Callable[[int, dict[str, float]], None]) -> Trained:
        """The head with averaged weights.

        ``report`` is called with each epoch done and its mean losses.
        """
        folder.mkdir(parents=True, exist_ok=True)
        kept = folder / "state.pt"
        for epoch in range(self._restore(kept), self._schedule.epochs):
            self._lay_out(epoch)
            report(epoch, self._epoch(epoch))
            self._keep(kept, epoch + 1)
        if self._labels is None:
            raise ValueError(f"{self._schedule.epochs} epochs leave none for the letters")
        known = np.concatenate([label[label >= 0] for label in self._labels])
        prior = np.bincount(known, minlength=CLASSES) / len(known)
        return Trained(self._averaged.module.eval(), self._scale, prior.astype(np.float32))

    def _epoch(self, epoch: int) -> dict[str, float]:
        self._head.train()
        order = np.random.default_rng([self._seed, epoch]).permutation(len(self._features))
        torch.manual_seed(self._seed * 1000 + epoch)
        sums: dict[str, float] = {}
        batches = [order[k : k + self._schedule.batch] for k in range(0, len(order), self._schedule.batch)]
        for batch in batches:
            labels = [self._labels[k] for k in batch] if self._labels else None
            found = losses(self._head(self._input(batch)), [self._targets[k] for k in batch], labels)
            self._optimiser.zero_grad()
            weighted(found, LossWeights()).backward()
            torch.nn.utils.clip_grad_norm_(self._head.parameters(), 2.0)
            self._optimiser.step()
            self._rates.step()
            self._averaged.update_parameters(self._head)
            for name, loss in found.items():
                sums[name] = sums.get(name, 0.0) + loss.item()
        return {name: total / len(batches) for name, total in sums.items()}

    def _lay_out(self, epoch: int) -> None:
        """Letters put in their places before ``epoch`` if it is time."""
        schedule = self._schedule
        if epoch == schedule.ctc_first or epoch in schedule.laid_out_anew:
            by_ctc = epoch == schedule.ctc_first
            self._labels = [
                letter_labels(target, self._letter_scores(k, by_ctc)) for k, target in enumerate(self._targets)
            ]

    @torch.no_grad()
    def _letter_scores(self, window: int, by_ctc: bool) -> NDArray[np.floating]:
        head = self._averaged.module.eval()
        logits = head(self._input([window]))[0][0]
        if not by_ctc:
            return torch.log_softmax(logits[:, CLASSES : 2 * CLASSES], -1).numpy()
        spikes = torch.softmax(logits[:, :CLASSES], -1)
        among_letters = torch.log_softmax(logits[:, :CLASSES].index_fill(1, torch.tensor([0]), -1e9), -1)
        return (among_letters * (1 - spikes[:, :1])).numpy()  # where no letter spikes, nothing is said

    def _input(self, windows: Sequence[int] | NDArray[np.int64]) -> Tensor:
        return torch.from_numpy(self._features[windows])

    def _keep(self, path: Path, epochs: int) -> None:
        building = path.with_suffix(".part")
        state = {
            "epochs": epochs,
            "head": self._head.state_dict(),
            "averaged": self._averaged.state_dict(),
            "optimiser": self._optimiser.state_dict(),
            "rates": self._rates.state_dict(),
            "labels": None if self._labels is None else torch.from_numpy(np.stack(self._labels).astype(np.int8)),
        }
        torch.save(state, building)
        building.replace(path)

    def _restore(self, path: Path) -> int:
        """The number of epochs that are done."""
        if not path.exists():
            return 0
        state = torch.load(path, weights_only=True)
        self._head.load_state_dict(state["head"])
        self._averaged.load_state_dict(state["averaged"])
        self._optimiser.load_state_dict(state["optimiser"])
        self._rates.load_state_dict(state["rates"])
        labels = state["labels"]
        self._labels = None if labels is None else [label.astype(np.int64) for label in labels.numpy()]
        return int(state["epochs"])
