"""A clip put together with pydub: parts cut out, joined without a click, faded in and out.

pydub counts in milliseconds and holds whole numbers; 32-bit ones lose nothing of a float sample that can be heard.
"""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import Any

import numpy as np

from media.waveform import Waveform

# At a join the two sides melt into each other, so that a step in the background is no click.
_JOIN_MS = 10
_FULL_SCALE = 2.0**30  # one bit of headroom, for decoded sound may pass full scale


def join(waveform: Waveform, parts: Sequence[tuple[float, float]], fade_in: float, fade_out: float) -> Waveform:
    """The ``parts`` of the waveform one after the other, as long together as they are alone, faded at both ends.

    Times are taken to the millisecond.
    """
    segment = _segment(waveform)
    edges_ms = [(round(start * 1000), round(end * 1000)) for start, end in parts]
    joined = segment[edges_ms[0][0] : edges_ms[0][1]]
    for (start_ms, end_ms), (_, before_ms) in zip(edges_ms[1:], edges_ms, strict=False):
        # The part before lends the join what follows it, so that the clip does not become shorter.
        lent = segment[before_ms : before_ms + _JOIN_MS]
        joined = (joined + lent).append(segment[start_ms:end_ms], crossfade=min(len(lent), end_ms - start_ms))
    faded = joined.fade_in(min(round(fade_in * 1000), len(joined))).fade_out(min(round(fade_out * 1000), len(joined)))
    samples = np.frombuffer(faded.raw_data, np.int32).reshape(-1, waveform.channels)
    return Waveform((samples / _FULL_SCALE).astype(np.float32), waveform.rate)


def _segment(waveform: Waveform) -> Any:
    whole = np.clip(np.round(waveform.samples * _FULL_SCALE), -(2.0**31), 2.0**31 - 1).astype(np.int32)
    return _audio_segment()(data=whole.tobytes(), sample_width=4, frame_rate=waveform.rate, channels=waveform.channels)


def _audio_segment() -> Any:
    """pydub's class, without what its import says: that audioop goes, that no ffmpeg is there (which it never runs)."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "'audioop' is deprecated", DeprecationWarning, "pydub")
        warnings.filterwarnings("ignore", "Couldn't find ff", RuntimeWarning, "pydub")
        warnings.filterwarnings("ignore", '(invalid escape sequence|"\\\\\\\\)', SyntaxWarning)
        warnings.filterwarnings("ignore", "invalid escape sequence", DeprecationWarning)
        from pydub import AudioSegment
    return AudioSegment
