"""What goes with a page that plays without a server: the sound that lies beside it, and its waveform."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from web.prepare import ready

_COLUMNS = 2000  # more than a screen has


@dataclass(frozen=True, slots=True)
class Beside:
    """``path`` is the sound to take along, ``name`` what it is called there.

    ``names`` are those that a page looks for, in order: one that was taken before the sound was prepared finds what is
    given afterwards, and the other way round. ``peaks`` are from 0 to 255 over the whole; None until they are prepared.
    """

    path: Path
    name: str
    names: tuple[str, ...]
    peaks: list[int] | None


def beside(audio: Path, folder: Path) -> Beside:
    """What belongs beside the page of the episode in ``folder``: the sound that jumps exactly, once there is one."""
    prepared = ready(audio, folder)
    copy = f"{audio.stem}.m4a"
    if prepared is None:
        return Beside(audio, audio.name, tuple(dict.fromkeys([audio.name, copy])), None)
    name = audio.name if prepared.sound == audio else copy
    peaks = json.loads(prepared.peaks.read_text(encoding="utf-8"))["peaks"]
    return Beside(prepared.sound, name, tuple(dict.fromkeys([name, audio.name])), _columns(peaks))


def _columns(peaks: list[int]) -> list[int]:
    """The loudest of each stretch, for as many stretches as can be drawn."""
    width = max(1, -(-len(peaks) // _COLUMNS))
    return [max(peaks[k : k + width]) for k in range(0, len(peaks), width)]
