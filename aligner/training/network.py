"""The head as PyTorch trains it. ``aligner.recognition.acoustic.model`` is the same in NumPy, without what only trains.

Conventions: features have shape (windows, frames, 512), of mean 0 and deviation 1; logits are
CTC, framewise, start and end, as in ``aligner.emissions``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from aligner.emissions import COLUMNS

FEATURES = 512
_RUN = 15  # frames hidden together: about a syllable


@dataclass(frozen=True, slots=True)
class HeadShape:
    """The size of the head and what keeps it from learning the synthetic voices by heart."""

    width: int = 192
    convolutions: int = 2
    taps: int = 5
    feature_dropout: float = 0.3  # whole features, for a whole batch: speech must be understood without them
    hidden_dropout: float = 0.15
    noise: float = 0.4  # standard deviation, added after the first layer
    masked_share: float = 0.06  # of the frames, in runs, hidden from the head


class TorchHead(nn.Module):
    """A linear layer, residual convolutions over time, a linear layer; one more for phonemes, that is not shipped."""

    def __init__(self, shape: HeadShape, phones: int) -> None:
        super().__init__()
        self.shape = shape
        self.project = nn.Linear(FEATURES, shape.width)
        self.conv = nn.ModuleList(
            nn.Conv1d(shape.width, shape.width, shape.taps, padding=shape.taps // 2) for _ in range(shape.convolutions)
        )
        self.out = nn.Linear(shape.width, COLUMNS)
        self.phones = nn.Linear(shape.width, phones)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Logits, and those of the phonemes."""
        weight = self.project.weight
        if self.training:
            weight = weight * self._kept_features()
        x = functional.linear(features, weight, self.project.bias)
        if self.training:
            x = (x + self.shape.noise * torch.randn_like(x)) * self._kept_frames(x)
        x = x.transpose(1, 2)
        for conv in self.conv:
            x = x + functional.gelu(conv(x), approximate="tanh")
        x = functional.dropout(x.transpose(1, 2), self.shape.hidden_dropout, self.training)
        return self.out(x), self.phones(x)

    def _kept_features(self) -> Tensor:
        """For each feature 0 or about 1: as if some had been taken out of the whole batch."""
        dropout = self.shape.feature_dropout
        return (torch.rand(FEATURES) >= dropout) / (1 - dropout)

    def _kept_frames(self, x: Tensor) -> Tensor:
        """For each frame 0 or 1: runs of frames are hidden."""
        starts = torch.rand(len(x), 1, x.shape[1]) < self.shape.masked_share / _RUN
        runs = functional.max_pool1d(starts.float(), _RUN, stride=1, padding=_RUN // 2)
        return 1 - runs.transpose(1, 2)
