"""What is ready of an episode."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from aligner.storage.file_states import state_of
from aligner.storage.user_folders import HIDDEN

COPY, PEAKS, STATE = "playable.m4a", "peaks.json", "prepared.json"
OUTPUTS = tuple(f"{HIDDEN}/{name}" for name in (COPY, PEAKS, STATE))
"""The files that preparing writes, relative to the episode's folder."""

FORMAT, VERSION = "quotecast-prepared", 1


@dataclass(frozen=True, slots=True)
class Ready:
    """``sound`` is what plays from any moment exactly, the audio itself or a copy; ``peaks`` a file of JSON."""

    sound: Path
    peaks: Path


def ready(audio: Path, folder: Path) -> Ready | None:
    """What was prepared of the audio as it is now; None where that is still to be done."""
    hidden = folder / HIDDEN
    try:
        state = json.loads((hidden / STATE).read_text(encoding="utf-8"))
        stamp = stamp_of(audio)
    except (OSError, ValueError, RecursionError):
        return None
    if not isinstance(state, dict) or any(state.get(name) != value for name, value in stamp.items()):
        return None
    sound = hidden / COPY if state.get("copy") else audio
    peaks = hidden / PEAKS
    return Ready(sound, peaks) if sound.is_file() and peaks.is_file() else None


def stamp_of(audio: Path) -> dict[str, Any]:
    """What tells one state of the audio from another.

    Raises
    ------
    OSError
        It is not there.
    """
    state = state_of(audio)
    return {
        "format": FORMAT,
        "version": VERSION,
        "audio": audio.name,
        "bytes": state.size_bytes,
        "modified_ns": state.modified_ns,
    }
