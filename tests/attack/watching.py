"""Whether anything in a folder is opened, by whatever process: the system tells (inotify, on Linux)."""

from __future__ import annotations

import ctypes
import os
import struct
import sys
from pathlib import Path

_NONBLOCK = os.O_NONBLOCK if hasattr(os, "O_NONBLOCK") else 0
_KINDS = {0x20: "opened", 0x2: "written", 0x4: "attributes changed", 0x100: "made", 0x200: "removed", 0xC0: "moved"}
_MASK = 0x20 | 0x2 | 0x4 | 0x100 | 0x200 | 0xC0
_HEAD = struct.Struct("iIII")


class Watch:
    """What becomes of ``folder`` and all in it from now on. On systems that do not tell, nothing is known of it."""

    def __init__(self, folder: Path) -> None:
        self._places: dict[int, Path] = {}
        self._descriptor = -1
        if sys.platform != "linux":
            return
        libc = ctypes.CDLL(None, use_errno=True)
        self._descriptor = libc.inotify_init1(_NONBLOCK)
        for place in (folder, *(path for path in folder.rglob("*") if path.is_dir())):
            number = libc.inotify_add_watch(self._descriptor, os.fsencode(place), _MASK)
            if number < 0:
                raise OSError(ctypes.get_errno(), f"{place} cannot be watched")
            self._places[number] = place

    def seen(self) -> list[str]:
        """What happened; it ends the watch."""
        told: list[str] = []
        if self._descriptor < 0:
            return told
        with os.fdopen(self._descriptor, "rb", buffering=0) as file:
            while content := file.read(1 << 16):
                at = 0
                while at < len(content):
                    number, mask, _, length = _HEAD.unpack_from(content, at)
                    name = os.fsdecode(content[at + _HEAD.size : at + _HEAD.size + length].rstrip(b"\0"))
                    at += _HEAD.size + length
                    told += [f"{self._places.get(number)}/{name} {kind}" for bit, kind in _KINDS.items() if mask & bit]
        return told
