"""The preview that moves is the video: the same frames at the same moments, smaller and fewer."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from io import BytesIO
from pathlib import Path

import av
import msgspec
import numpy as np
import pytest
from numpy.typing import NDArray

from aligner.publishing.audiograms import AudiogramOptions, make_audiogram
from aligner.publishing.excerpt import Source
from aligner.publishing.showing import StyleChoices
from aligner.quotes import QuoteQuery
from media.video.drawing import ShapeName
from tests.web.watching import until
from web.clips import previews as ours
from web.clips.exports import Export
from web.clips.previews import moving
from web.errors import Conflict

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
def test_every_frame_is_the_one_that_the_export_shows_at_its_moment(source: Source, tmp_path: Path) -> None:
    shape: ShapeName = "square"
    options = AudiogramOptions(shape=shape, style=StyleChoices(**STYLE), listen=False)
    made = make_audiogram(source, QuoteQuery(indices=WORDS), tmp_path / "made.mp4", options)
    exported = pictures(str(made.paths[0]), 3)
    previewed = pictures(
        BytesIO(moving(source, msgspec.convert({"first": 23, "last": 36, "shape": shape, **STYLE}, Export), "tab"))
    )
    assert len(previewed) == -(-len(exported) // 2)
    assert list(previewed) == pytest.approx(list(exported)[::2], abs=0.001)
    lit: set[tuple[int, ...]] = set()
    for expected, picture in zip(list(exported.values())[::2], previewed.values(), strict=True):
        assert expected.shape == picture.shape
        assert blocks(np.abs(expected - picture)).max() < 40  # a lit box or a bar elsewhere makes more
        yellow = np.argwhere(np.abs(picture - LIT).sum(axis=2) < 60)
        lit |= {tuple((yellow.mean(axis=0) // 8).astype(int))} if len(yellow) > 50 else set()
    assert len(lit) >= 8  # words were lit in turn


def test_a_longer_one_begins_soon(source: Source) -> None:
    with av.open(BytesIO(moving(source, Export(20, 60, shape="square"), "tab", 2.0))) as container:
        assert float(container.duration or 0) / 1e6 == pytest.approx(2, abs=0.1)


@pytest.mark.nightly
def test_what_the_page_requested_before_is_ended_and_no_other(source: Source) -> None:
    export = Export(20, 200, shape="portrait")
    with ThreadPoolExecutor() as threads:
        first, other = threads.submit(moving, source, export, "one"), threads.submit(moving, source, export, "two", 1.0)
        until(lambda: "one" in ours._wanted)
        assert moving(source, Export(20, 23, shape="square"), "one", 1.0)
        with pytest.raises(Conflict, match=r"clip\.refused\.ended"):
            first.result()
        assert other.result()
