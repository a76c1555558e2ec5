"""A sound of which it is known to the sample where something sounds."""

import numpy as np

from aligner.training.records import RATE


def beeps(*times: tuple[float, float], seconds: float) -> np.ndarray:
    """A sound of some seconds, silent but for a tone between each of the times."""
    t = np.arange(round(seconds * RATE)) / RATE
    sounding = sum(((t >= start) & (t < end)).astype(np.float32) for start, end in times)
    return (0.3 * np.sin(2 * np.pi * 500 * t) * sounding).astype(np.float32)
