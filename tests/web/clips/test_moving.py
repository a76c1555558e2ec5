"""The video preview has the frames of the exported video, smaller and fewer."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import av
import numpy as np
import pytest
from numpy.typing import NDArray

from aligner.publishing.audiograms import AudiogramOptions, make_audiogram
from aligner.publishing.excerpt import Source
from aligner.publishing.screens import StyleChoices
from aligner.quotes.quote import QuoteQuery
from media.video.drawing import ShapeName
from tests.web.clips.conftest import wanted
from web.clips.previews import video

WORDS = range(23, 36)
LIT = (0xFF, 0xDD, 0x7A)
STYLE = {"colour": "#113355", "accent": "#FFCC00", "font": "DejaVu Sans", "cover": "none"}


def pictures(file: str | BytesIO, factor: int = 1) -> dict[float, NDArray[np.float32]]:
    """The frames of a video by their moments, ``factor`` times smaller."""
    with av.open(file) as container:
        assert len(container.streams.audio) == 1
        return {
            float(frame.pts * frame.time_base): np.asarray(frame.to_image().reduce(factor), np.float32)
            for frame in container.decode(video=0)
            if frame.pts is not None and frame.time_base is not None
        }


def blocks(difference: NDArray[np.float32]) -> NDArray[np.float32]:
    """The mean of each 8 by 8 pixels."""
    height, width = difference.shape[0] // 8, difference.shape[1] // 8
    means: NDArray[np.float32] = (
        difference[: height * 8, : width * 8].reshape(height, 8, width, 8, 3).mean(axis=(1, 3, 4))
    )
    return means


@pytest.mark.nightly
def test_the_video_preview_has_the_frames_of_the_export(source: Source, tmp_path: Path) -> None:
    shape: ShapeName = "square"
    options = AudiogramOptions(shape=shape, style=StyleChoices(**STYLE), listen=False)
    made = make_audiogram(source, QuoteQuery(indices=WORDS), tmp_path / "made.mp4", options)
    exported = pictures(str(made.paths[0]), 3)
    previewed = pictures(BytesIO(video(wanted(source, 23, 36, shape=shape, **STYLE), 90.0)))
    assert len(previewed) == -(-len(exported) // 2)
    assert list(previewed) == pytest.approx(list(exported)[::2], abs=0.001)
    lit: set[tuple[int, ...]] = set()
    for expected, picture in zip(list(exported.values())[::2], previewed.values(), strict=True):
        assert expected.shape == picture.shape
        assert blocks(np.abs(expected - picture)).max() < 40  # a lit box or a bar elsewhere makes more
        yellow = np.argwhere(np.abs(picture - LIT).sum(axis=2) < 60)
        lit |= {tuple((yellow.mean(axis=0) // 8).astype(int))} if len(yellow) > 50 else set()
    assert len(lit) >= 8  # words were lit in turn
