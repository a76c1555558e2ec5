"""A trained head as the arrays that quotecast reads."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray

from aligner.training.storing import save_arrays
from aligner.training.train import Trained


def arrays(trained: Trained) -> dict[str, NDArray[np.generic]]:
    """The head's weights in half precision, the features' scale folded into the first layer, with their hash."""
    head, scale = trained.head, trained.scale
    weight = head.project.weight / torch.from_numpy(scale.deviation)
    found = {
        "project.weight": weight,
        "project.bias": head.project.bias - weight @ torch.from_numpy(scale.mean),
        **{f"conv.{k}.{name}": value for k, conv in enumerate(head.conv) for name, value in conv.named_parameters()},
        "out.weight": head.out.weight,
        "out.bias": head.out.bias,
    }
    stored: dict[str, NDArray[np.generic]] = {
        name: np.ascontiguousarray(value.detach().numpy().astype(np.float16)) for name, value in found.items()
    }
    stored["prior"] = trained.prior.astype(np.float32)
    digest = hashlib.sha256(b"".join(name.encode() + array.tobytes() for name, array in stored.items()))
    return {**stored, "gelu": np.array("tanh"), "version": np.array(digest.hexdigest()[:12])}


def save(path: Path, trained: Trained) -> str:
    """Write the head and return its version."""
    found = arrays(trained)
    save_arrays(path, found)
    return str(found["version"])
