"""The sync file: the audio's fingerprint, with which a player finds this audio between ads that a host inserted."""

from __future__ import annotations

from aligner.errors import FormatError
from aligner.formats.material import Material
from media.errors import Message

_MISSING = Message("the fingerprint of the audio is missing; quotecast align writes it")


def sync(material: Material) -> bytes:
    """Return the fingerprint of the audio as it is stored. Raises FormatError if it is missing."""
    if material.fingerprint is None:
        raise FormatError(_MISSING)
    return material.fingerprint.to_bytes()


def sync_unavailable(material: Material) -> Message | None:
    """Return a message if the fingerprint is missing."""
    return None if material.fingerprint else _MISSING
