"""Clips: from a stretch of an episode's sound to a file that can be posted as it is.

Conventions
-----------
Seconds are those of the waveform in hand, whose first sample is at 0. Levels are in dB: ``_lufs`` integrated loudness
(ITU-R BS.1770), ``_db`` of peaks true peaks over full scale (dBTP).
"""

from media.mastering.edges import quietest
from media.mastering.encode import Encoding, check_format, encode, formats
from media.mastering.finish import Finish, Level, finish, measure, write_finished
from media.mastering.joining import join
from media.mastering.tighten import tightened

__all__ = [
    "Encoding",
    "Finish",
    "Level",
    "check_format",
    "encode",
    "finish",
    "formats",
    "join",
    "measure",
    "quietest",
    "tightened",
    "write_finished",
]
