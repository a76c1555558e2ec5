"""Frames given to the resampler together come out as if they had been given one by one."""

from __future__ import annotations

from collections.abc import Iterator

import av
import numpy as np
import pytest

from media.resampling import Resampling

SECONDS = 12


def frames(rate: int, layout: str, samples: int) -> Iterator[av.AudioFrame]:
    """Noise in frames of so many samples, the last one shorter, with time stamps that are wrong."""
    channels = 2 if layout == "stereo" else 1
    noise = np.random.default_rng(7).standard_normal((channels, SECONDS * rate + 321)).astype(np.float32)
    for first in range(0, noise.shape[1], samples):
        frame = av.AudioFrame.from_ndarray(
            np.ascontiguousarray(noise[:, first : first + samples]), format="fltp", layout=layout
        )
        frame.sample_rate, frame.pts = rate, first * 3
        yield frame


@pytest.mark.parametrize("channels", [None, 1, 2])
@pytest.mark.parametrize(
    ("rate", "layout", "samples"), [(44100, "stereo", 1152), (24000, "mono", 576), (16000, "mono", 64)]
)
def test_frames_taken_together_give_the_same_samples(
    rate: int, layout: str, samples: int, channels: int | None
) -> None:
    one_by_one = av.AudioResampler(format="flt", layout="stereo" if channels == 2 else "mono", rate=16000)
    expected = []
    for frame in frames(rate, layout, samples):
        frame.pts = None
        expected += one_by_one.resample(frame)
    expected += one_by_one.resample(None)
    wanted = np.concatenate([frame.to_ndarray().reshape(-1) for frame in expected if frame and frame.samples])

    together = Resampling(16000, channels, 500)
    placed = [piece for frame in frames(rate, layout, samples) for piece in together.feed(frame)]
    placed += list(together.rest())
    found = [out for _, out in placed]
    assert [index for index, _ in placed] == [500 + sum(map(len, found[:k])) for k in range(len(found))]
    assert len(found) < 10
    assert all(out.ndim == (1 if channels is None else 2) for out in found)
    assert np.array_equal(np.concatenate([out.reshape(-1) for out in found]), wanted)


def test_nothing_fed_gives_nothing() -> None:
    assert list(Resampling(16000, None).rest()) == []
