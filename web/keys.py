"""The secret keys of a library, made on first use and readable by their owner alone.

A key is of two halves: one lies in the library, so that each has its own, one in the user's configuration. A library
that somebody sends brings only the first along: nothing that was signed or sealed elsewhere counts here.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from pathlib import Path

from aligner.errors import OutputError
from aligner.storage.atomic import replacing
from aligner.storage.user_folders import config_folder

_HALF_BYTES = 32


def library_key(path: Path) -> bytes:
    """The key whose half in the library is ``path``.

    Raises
    ------
    OutputError
        That half can be neither read nor made.
    """
    return hmac.new(_users_half(), _half(path), hashlib.sha256).digest()


def _users_half() -> bytes:
    try:
        return _half(config_folder() / "key")
    except OutputError:  # who has no configuration of their own relies on the library's half
        return b""


def _half(path: Path) -> bytes:
    try:
        if not path.exists() or path.stat().st_size < _HALF_BYTES:
            path.parent.mkdir(parents=True, exist_ok=True)
            with replacing(path) as temporary:
                temporary.chmod(0o600)
                temporary.write_bytes(secrets.token_bytes(_HALF_BYTES))
        return path.read_bytes()
    except OSError as error:
        raise OutputError(f"{path}: cannot be used ({error.strerror})") from error
