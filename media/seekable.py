"""Sound that browsers find any moment of: which files are so by themselves, and a copy of those that are not.

Browsers seek an MP3 of varying bit rate seconds wrong, a video or a WAV wastes what is loaded, and Ogg or FLAC do not
play everywhere. MP3 of constant bit rate and AAC in MP4 are exact in all of them.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from media.container import open_container
from media.ffmpeg import running
from media.mp3 import is_constant

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_KBITS = {1: "96k", 2: "128k"}  # by channels


def is_seekable(path: Path) -> bool:
    """Whether browsers play the file from any moment exactly, and count its time as the rest of this package does.

    Raises
    ------
    DecodeError
        The file cannot be opened as sound or video.
    """
    with closing(open_container(path)) as container:
        names = set(container.format.name.split(","))
        if "mp3" in names:
            return is_constant(path)
        return "mp4" in names and _is_plain_aac(container)


@contextlib.contextmanager
def writing_copy(path: Path, rate: int, channels: int) -> Iterator[Callable[[NDArray[np.float32]], object]]:
    """Write AAC in MP4 to ``path`` while the context lasts: give samples of shape (n, channels) to what it yields.

    Sample 0 of what is given is second 0 of the copy: what the encoder puts before it is marked as not to be played.

    Raises
    ------
    FfmpegError
        ffmpeg is not there or fails, as on a full disk.
    """
    sound = ["-f", "f32le", "-ar", str(rate), "-ac", str(channels), "-i", "pipe:0"]
    codec = ["-c:a", "aac", "-b:a", _KBITS[channels]]
    # The index goes to the front, so that a browser need not fetch the end before it can play.
    with running([*sound, *codec, "-f", "ipod", "-movflags", "+faststart", f"file:{path}"]) as sink:
        yield lambda samples: sink.write(samples.tobytes())


def _is_plain_aac(container: Any) -> bool:
    """One AAC track that begins at 0, and no picture but a cover."""
    import av

    pictures = [s for s in container.streams.video if not s.disposition & av.stream.Disposition.attached_pic]
    if pictures or len(container.streams.audio) != 1:
        return False
    stream = container.streams.audio[0]
    return stream.codec_context.name == "aac" and (stream.start_time or 0) <= 0
