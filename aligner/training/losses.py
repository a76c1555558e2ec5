"""How wrong the head is about a batch of windows: letters, spikes, boundaries, phonemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from aligner.emissions import CLASSES
from aligner.training.targets import IGNORED, Labels, Targets, teaches_spikes


@dataclass(frozen=True, slots=True)
class Weights:
    letters: float = 1.0
    spikes: float = 0.6
    no_spikes: float = 0.3  # outside words
    boundaries: float = 1.5
    phones: float = 1.0


def losses(
    outputs: tuple[Tensor, Tensor], batch: Sequence[Targets], labels: Sequence[Labels] | None
) -> dict[str, Tensor]:
    """Each loss by the name of its weight; ``letters`` only once there are labels for them."""
    logits, phones = outputs
    spikes = functional.log_softmax(logits[..., :CLASSES], -1)
    silent = torch.from_numpy(np.stack([target.silent for target in batch]))
    boundaries = torch.from_numpy(np.stack([target.boundaries for target in batch]))
    found = {
        "spikes": _spike_loss(spikes, batch),
        "no_spikes": -(spikes[..., 0][silent]).mean(),
        "boundaries": functional.binary_cross_entropy_with_logits(
            logits[..., -2:], boundaries, pos_weight=torch.tensor(2.0)
        ),
        "phones": _cross_entropy(phones, [target.phones for target in batch]),
    }
    if labels is not None:
        found["letters"] = _cross_entropy(logits[..., CLASSES : 2 * CLASSES], labels)
    return found


def weighted(found: dict[str, Tensor], weights: Weights) -> Tensor:
    return torch.stack([getattr(weights, name) * loss for name, loss in found.items()]).sum()


def _cross_entropy(logits: Tensor, labels: Sequence[Labels]) -> Tensor:
    return functional.cross_entropy(
        logits.flatten(0, 1), torch.from_numpy(np.stack(labels)).flatten(), ignore_index=IGNORED
    )


def _spike_loss(spikes: Tensor, batch: Sequence[Targets]) -> Tensor:
    """CTC of each word within its own frames and one on each side, per letter."""
    frames = spikes.shape[1]
    words = [(k * frames, word) for k, target in enumerate(batch) for word in target.words if teaches_spikes(word)]
    if not words:
        return spikes.sum() * 0
    starts = np.array([base + max(0, word.start - 1) for base, word in words])
    stops = np.array([base + min(frames, word.stop + 1) for base, word in words])
    lengths = stops - starts
    places = np.minimum(starts[:, None] + np.arange(lengths.max()), stops[:, None] - 1)
    sizes = [len(word.classes) for _, word in words]
    found = functional.ctc_loss(
        spikes.flatten(0, 1)[torch.from_numpy(places)].transpose(0, 1),
        torch.tensor([c for _, word in words for c in word.classes]),
        torch.from_numpy(lengths),
        torch.tensor(sizes),
        reduction="none",
        zero_infinity=True,
    )
    return found.sum() / sum(sizes)
