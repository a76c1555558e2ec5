"""Define the acoustic model in PyTorch, for training. ``aligner.recognition.acoustic.model`` runs it in NumPy.

Conventions: features have shape (windows, frames, 512), mean 0 and standard deviation 1. Each frame has logits for
CTC characters, framewise characters, word start and word end, in the order of ``aligner.emissions``.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn
from torch.nn import functional

from aligner.emissions import COLUMNS

FEATURES = 512
_RUN = 15  # consecutive hidden frames: about a syllable


@dataclass(frozen=True, slots=True)
class ModelShape:
    """The size of the model, and the dropout, noise and masking that keep it from memorising the synthetic voices."""

    width: int = 192
    convolutions: int = 2
    taps: int = 5
    feature_dropout: float = 0.3  # whole features, hidden for a whole batch
    hidden_dropout: float = 0.15
    noise: float = 0.4  # standard deviation, added after the first layer
    masked_share: float = 0.06  # of the frames, hidden in runs


class TorchModel(nn.Module):
    """The network: a linear layer, residual convolutions, and linear outputs for letters, word edges and phonemes."""

    def __init__(self, shape: ModelShape, phones: int) -> None:
        super().__init__()
        self.shape = shape
        self.project = nn.Linear(FEATURES, shape.width)
        self.conv = nn.ModuleList(
            nn.Conv1d(shape.width, shape.width, shape.taps, padding=shape.taps // 2) for _ in range(shape.convolutions)
        )
        self.out = nn.Linear(shape.width, COLUMNS)
        self.phones = nn.Linear(shape.width, phones)

    def forward(self, features: Tensor) -> tuple[Tensor, Tensor]:
        """Return two tensors of logits for each window and frame: of characters and word edges, and of phonemes."""
        weight = self.project.weight
        if self.training:
            weight = weight * self._feature_mask()
        x = functional.linear(features, weight, self.project.bias)
        if self.training:
            x = (x + self.shape.noise * torch.randn_like(x)) * self._frame_mask(x)
        x = x.transpose(1, 2)
        for conv in self.conv:
            x = x + functional.gelu(conv(x), approximate="tanh")
        x = functional.dropout(x.transpose(1, 2), self.shape.hidden_dropout, self.training)
        return self.out(x), self.phones(x)

    def _feature_mask(self) -> Tensor:
        """Return a factor for each feature, 0 (dropped) or 1 / (1 - dropout), which is the same for the whole batch."""
        dropout = self.shape.feature_dropout
        return (torch.rand(FEATURES) >= dropout) / (1 - dropout)

    def _frame_mask(self, x: Tensor) -> Tensor:
        """Return a mask for the frames of ``x``: 0 for random groups of ``_RUN`` adjacent frames, 1 for the others."""
        starts = torch.rand(len(x), 1, x.shape[1]) < self.shape.masked_share / _RUN
        runs = functional.max_pool1d(starts.float(), _RUN, stride=1, padding=_RUN // 2)
        return 1 - runs.transpose(1, 2)
