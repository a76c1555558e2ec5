"""Arrays in files that are there whole or not at all: a run may be stopped at any moment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import ArrayLike


def save_arrays(path: Path, arrays: dict[str, ArrayLike]) -> None:
    """Write ``arrays`` to ``path`` (.npz)."""
    building = path.with_name(path.name + ".part")
    with building.open("wb") as file:
        np.savez(file, **arrays)
    building.replace(path)
