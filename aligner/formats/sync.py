"""The sync file: the audio's fingerprint, with which a player finds this audio between ads that a host inserted."""

from __future__ import annotations

from aligner.formats.material import Material
from media.errors import Message


def sync(material: Material) -> bytes:
    """Return the fingerprint of the audio as it is stored; nothing if it is missing."""
    return material.fingerprint.to_bytes() if material.fingerprint else b""


def unavailable(material: Material) -> Message | None:
    """Return a message if the fingerprint is missing."""
    missing = Message("the fingerprint of the audio is missing; quotecast align writes it")
    return None if material.fingerprint else missing
