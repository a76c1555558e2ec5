"""The fingerprint of an episode's sound, in ``NAME.fingerprint`` beside its alignment: by it the sound is known again
when it comes back cut, mixed or encoded anew, and the file that was listened to is gone.

It is written in one set with the alignment, and says by the hash of which file it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

from aligner.storage.file_names import JSON_SUFFIX, fingerprint_path
from media.confinement import read_regular
from media.errors import FingerprintError
from media.fingerprint import LARGEST_BYTES, Fingerprint, from_bytes

Write = Callable[[Mapping[Path, bytes]], tuple[Path, ...]]


def with_fingerprint(fingerprint: bytes | None, write: Write) -> Write:
    """A ``write`` that takes a fingerprint, as its bytes, into the set which has the alignment of that sound."""

    def written(contents: Mapping[Path, bytes]) -> tuple[Path, ...]:
        places = [path for path in contents if path.name.endswith(JSON_SUFFIX)]
        return write({**contents, **fingerprint_contents(fingerprint, places[0])} if places else contents)

    return written


def fingerprint_contents(fingerprint: bytes | None, path: Path) -> dict[Path, bytes]:
    """What is to be written beside the alignment at ``path``, as one set with it."""
    return {fingerprint_path(path): fingerprint} if fingerprint else {}


def read_fingerprint(path: Path, sha256: str) -> Fingerprint | None:
    """The fingerprint beside the alignment at ``path``, of the sound with this hash; None where there is none, or it is
    of another sound, or damaged."""
    try:
        found = from_bytes(read_regular(fingerprint_path(path), LARGEST_BYTES))
    except (OSError, FingerprintError):
        return None
    return found if found.sha256 == sha256 else None
