"""Clips: from a stretch of an episode's sound to a file that can be posted as it is.

``editing`` finds where to cut, what sounds beside a voice, and which pauses to keep, and joins the parts with pydub;
``encoding`` makes the clip as loud as is asked for, its peaks under a ceiling, and writes it as MP3, M4A, WAV, FLAC or
Opus, with tags and a cover.

Conventions
-----------
Seconds are those of the waveform in hand, whose first sample is at 0. Levels are in dB: ``_lufs`` integrated loudness
(ITU-R BS.1770), ``_db`` of peaks true peaks over full scale (dBTP).
"""

from media.mastering.editing import Beside, beside, has_voice, is_silent, join, quietest, tightened
from media.mastering.encoding import (
    CEILING_DB,
    Encoding,
    Level,
    check_format,
    encode,
    finish,
    formats,
    measure,
    write_finished,
)

__all__ = [
    "CEILING_DB",
    "Beside",
    "Encoding",
    "Level",
    "beside",
    "check_format",
    "encode",
    "finish",
    "formats",
    "has_voice",
    "is_silent",
    "join",
    "measure",
    "quietest",
    "tightened",
    "write_finished",
]
