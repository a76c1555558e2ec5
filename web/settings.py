"""What one server is told when it starts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """``library`` is the folder that is served; ``password`` None lets everyone in who reaches the address.

    ``hosts`` are the names under which the server may be asked for, besides this machine's own: a page elsewhere that
    points its name at this machine gets no answer. ``proxy`` holds the addresses of the proxy in front: what that says
    of who asks, by which name and whether with TLS, is believed. ``read_only``: the library cannot be written, and is
    shown as it is.
    """

    library: Path
    host: str = "127.0.0.1"
    port: int = 8765
    password: str | None = None
    hosts: tuple[str, ...] = ()
    max_upload_bytes: int = 1_000_000_000
    proxy: frozenset[str] = frozenset()
    read_only: bool = False
