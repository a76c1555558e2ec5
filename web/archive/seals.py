"""Seals by a key of the user's own. A library may come from anywhere: what it says that makes quotecast read or ask
something outside of it counts only if this user's own quotecast wrote it, wherever the library lies.
"""

from __future__ import annotations

import contextlib
import hashlib
import hmac
import json

from aligner.storage.keys import kept_key

KEY = "archives"
_DOMAIN = "quotecast-archive 1"


def seal_of(key: bytes, *named: object) -> str:
    """What only this user can have written of something."""
    return hmac.new(key, json.dumps([_DOMAIN, *named]).encode("ascii"), hashlib.sha256).hexdigest()


def own_key() -> bytes | None:
    """The key, where there is one."""
    with contextlib.suppress(OSError):
        return kept_key(KEY)
    return None


def is_seal(seal: str, expected: str | None) -> bool:
    """Whether it is the one that is ``expected``; none is where there is no key."""
    return expected is not None and hmac.compare_digest(seal.encode("utf-8", "replace"), expected.encode("ascii"))
