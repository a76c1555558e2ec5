"""The settings of a server."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path


class Role(StrEnum):
    """What a visitor may do. EDITOR: everything. READER: everything that does not change the library."""

    EDITOR = "editor"
    READER = "reader"


@dataclass(frozen=True, slots=True)
class Settings:
    """The options of ``quotecast serve``.

    Without a ``password`` everyone who can reach the address has access. ``readers_password`` opens the library too,
    but changes nothing. ``hosts`` are host names that requests may use besides this machine's own; others are refused
    (DNS rebinding). Forwarding headers (such as X-Forwarded-For) are used only in requests from the IP addresses in
    ``proxy``. With ``read_only`` the library cannot be changed.
    A server that an icon started has no terminal but a ``log``, which its pages name, and a button that ends it.
    """

    library: Path
    host: str = "127.0.0.1"
    port: int = 8765
    password: str | None = None
    hosts: tuple[str, ...] = ()
    max_upload_bytes: int = 1_000_000_000
    proxy: frozenset[str] = frozenset()
    read_only: bool = False
    readers_password: str | None = None
    log: Path | None = None

    @property
    def passwords(self) -> dict[Role, str]:
        """Return the password of each role. Without passwords everyone is an editor."""
        words = {Role.EDITOR: self.password, Role.READER: self.readers_password}
        return {role: word for role, word in words.items() if word}
