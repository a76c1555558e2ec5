"""Audio files with known content, written with PyAV."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

CODECS = {
    ".wav": "pcm_s16le",
    ".flac": "flac",
    ".mp3": "libmp3lame",
    ".m4a": "aac",
    ".ogg": "libopus",
    ".mkv": "flac",
    ".webm": "libopus",
    ".mp4": "aac",
}


def clicks(times: list[float], duration: float, rate: int = 44100) -> np.ndarray:
    """Mono samples, silent but for a burst of 1 ms at each time, loud enough to survive any codec."""
    samples = np.zeros(round(duration * rate), np.float32)
    for time in times:
        samples[round(time * rate) : round((time + 0.001) * rate)] = 0.9
    return samples


def onsets(samples: np.ndarray, rate: int = 16000, threshold: float = 0.25) -> list[float]:
    """Where bursts begin: the first sample above ``threshold`` of the loudest, after 50 ms without any."""
    loud = np.flatnonzero(np.abs(samples) > threshold * np.abs(samples).max())
    return [float(at) / rate for k, at in enumerate(loud) if k == 0 or at - loud[k - 1] > rate // 20]


def write_sound(
    path: Path, samples: np.ndarray, rate: int = 44100, layout: str = "mono", video_before: float | None = None
) -> Path:
    """Write mono ``samples`` to every channel of ``layout``.

    With ``video_before``, add a black picture that starts that many seconds before the audio.
    """
    with av.open(str(path), "w") as container:
        video = container.add_stream("mpeg4", rate=25) if video_before is not None else None
        if video is not None:
            video.width = video.height = 32
            video.pix_fmt = "yuv420p"
        stream = container.add_stream(CODECS[path.suffix], rate=rate, layout=layout)
        if video is not None:
            for number in range(50):
                picture = av.VideoFrame(32, 32, "yuv420p")
                picture.pts, picture.time_base = number, Fraction(1, 25)
                container.mux(video.encode(picture))
            container.mux(video.encode(None))
        resampler = av.AudioResampler(stream.format, layout, rate, frame_size=stream.codec_context.frame_size or 1024)
        frame = av.AudioFrame.from_ndarray(
            np.repeat((samples * 32767).astype(np.int16)[None], len(av.AudioLayout(layout).channels), axis=0),
            format="s16p",
            layout=layout,
        )
        frame.sample_rate, frame.time_base = rate, Fraction(1, rate)
        frame.pts = round((video_before or 0.0) * rate)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            container.mux(stream.encode(part))
        container.mux(stream.encode(None))
    return path
