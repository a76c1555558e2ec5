"""The settings of a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of ``quotecast serve``; without a ``password`` everyone has access who can reach the address.

    ``hosts`` are the host names that requests may use besides this machine's own, against DNS rebinding. Forwarding
    headers (X-Forwarded-For and the like) are trusted only from the addresses in ``proxy``. A ``read_only`` library
    cannot be changed.
    """

    library: Path
    host: str = "127.0.0.1"
    port: int = 8765
    password: str | None = None
    hosts: tuple[str, ...] = ()
    max_upload_bytes: int = 1_000_000_000
    proxy: frozenset[str] = frozenset()
    read_only: bool = False
