"""Small videos without audio."""

from collections.abc import Sequence
from pathlib import Path

import av
import numpy as np


def write_video(path: Path, size: tuple[int, int], frames: Sequence[tuple[int, int, int]]) -> Path:
    """A video whose frames are of one colour each."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for colour in frames:
            picture = np.full((size[1], size[0], 3), colour, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path
