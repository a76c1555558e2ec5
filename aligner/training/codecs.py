"""Sound through a lossy codec and back, in place: a coder's own delay is measured and undone."""

from __future__ import annotations

import io
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.signal import correlate

from aligner.training.records import RATE

Samples = NDArray[np.float32]
CODECS = {  # PyAV's coder and container, the rate it works at, bits per second that hurt
    "mp3": ("libmp3lame", "mp3", 24_000, (24_000, 32_000, 48_000, 64_000)),
    "aac": ("aac", "adts", 24_000, (20_000, 32_000, 48_000)),
    "opus": ("libopus", "ogg", 24_000, (8_000, 12_000, 16_000, 24_000)),
}
_LONGEST_DELAY = 0.15  # seconds


def through(samples: Samples, codec: str, bit_rate: int) -> Samples:
    """``samples`` (RATE) as they come back from ``codec``; as long as they were and not shifted."""
    coder, container, rate, _ = CODECS[codec]
    file = io.BytesIO()
    _write(file, samples, coder, container, rate, bit_rate)
    file.seek(0)
    return _in_place(_read(file, container), samples)


def _write(file: io.BytesIO, samples: Samples, coder: str, container: str, rate: int, bit_rate: int) -> None:
    import av

    with av.open(file, "w", format=container) as output:
        stream: Any = output.add_stream(coder, rate=rate, layout="mono", bit_rate=bit_rate)
        resampler = av.AudioResampler(stream.format, "mono", rate, frame_size=stream.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples[None]), format="flt", layout="mono")
        frame.sample_rate = RATE
        for ready in [*resampler.resample(frame), *resampler.resample(None)]:
            ready.pts = None
            output.mux(stream.encode(ready))
        output.mux(stream.encode(None))


def _read(file: io.BytesIO, container: str) -> Samples:
    import av

    with av.open(file, format="aac" if container == "adts" else container) as source:
        resampler = av.AudioResampler("flt", "mono", RATE)
        frames = [ready for frame in source.decode(audio=0) for ready in resampler.resample(frame)]
        frames += resampler.resample(None)
    return np.concatenate([frame.to_ndarray()[0] for frame in frames])


def _in_place(found: Samples, given: Samples) -> Samples:
    """``found`` shifted to where it agrees most with ``given``, and cut or filled to its length."""
    reach = int(_LONGEST_DELAY * RATE)
    padded = np.pad(found, (reach, max(0, len(given) - len(found)) + reach))[: len(given) + 2 * reach]
    shift = int(np.argmax(correlate(padded, given, mode="valid")))
    return padded[shift : shift + len(given)].astype(np.float32)
