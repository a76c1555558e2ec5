"""How wrong the head is about a batch of windows: framewise letters, CTC, boundaries, phonemes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from aligner.emissions import CLASSES
from aligner.training.targets import IGNORED, Labels, Targets, teaches_ctc


@dataclass(frozen=True, slots=True)
class LossWeights:
    framewise: float = 1.0
    ctc: float = 0.6
    blank: float = 0.3  # outside words
    boundaries: float = 1.5
    phones: float = 1.0


def losses(
    outputs: tuple[Tensor, Tensor], batch: Sequence[Targets], labels: Sequence[Labels] | None
) -> dict[str, Tensor]:
    """Each loss by the name of its weight; ``framewise`` only once there are labels for it."""
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


def weighted(found: dict[str, Tensor], weights: LossWeights) -> Tensor:
    return torch.stack([getattr(weights, name) * loss for name, loss in found.items()]).sum()


def _cross_entropy(logits: Tensor, labels: Sequence[Labels]) -> Tensor:
    return functional.cross_entropy(
        logits.flatten(0, 1), torch.from_numpy(np.stack(labels)).flatten(), ignore_index=IGNORED
    )


def _ctc_loss(ctc: Tensor, batch: Sequence[Targets]) -> Tensor:
    """CTC of each word within its own frames and one on each side, per letter."""
    frames = ctc.shape[1]
    words = [(k * frames, word) for k, target in enumerate(batch) for word in target.words if teaches_ctc(word)]
    if not words:
        return ctc.sum() * 0
    starts = np.array([base + max(0, word.start - 1) for base, word in words])
    stops = np.array([base + min(frames, word.stop + 1) for base, word in words])
    lengths = stops - starts
    places = np.minimum(starts[:, None] + np.arange(lengths.max()), stops[:, None] - 1)
    sizes = [len(word.classes) for _, word in words]
    found = functional.ctc_loss(
        ctc.flatten(0, 1)[torch.from_numpy(places)].transpose(0, 1),
        torch.tensor([c for _, word in words for c in word.classes]),
        torch.from_numpy(lengths),
        torch.tensor(sizes),
        reduction="none",
        zero_infinity=True,
    )
    return found.sum() / sum(sizes)
