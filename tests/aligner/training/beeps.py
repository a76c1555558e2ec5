"""Audio with tones at known times."""

import numpy as np

from aligner.training.records import RATE


def beeps(*times: tuple[float, float], seconds: float) -> np.ndarray:
    """Return silent audio with a tone between each pair of times."""
    t = np.arange(round(seconds * RATE)) / RATE
    sounding = sum(((t >= start) & (t < end)).astype(np.float32) for start, end in times)
    return (0.3 * np.sin(2 * np.pi * 500 * t) * sounding).astype(np.float32)
