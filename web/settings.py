"""The settings of a server."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of ``quotecast serve``.

    Without a ``password`` everyone who can reach the address has access. ``hosts`` are host names that requests may use
    besides this machine's own; others are refused (DNS rebinding). Forwarding headers (such as X-Forwarded-For) are
    used only in requests from the IP addresses in ``proxy``. With ``read_only`` the library cannot be changed.
    """

    library: Path
    host: str = "127.0.0.1"
    port: int = 8765
    password: str | None = None
    hosts: tuple[str, ...] = ()
    max_upload_bytes: int = 1_000_000_000
    proxy: frozenset[str] = frozenset()
    read_only: bool = False
