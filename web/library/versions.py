"""What a form with an episode's details was made from, so that saving it undoes nothing that another did meanwhile.

Conventions
-----------
A *version* is text for a form to carry along and to give back: by field a digest of what it held.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping

from aligner.storage.file_states import state_of
from web.library.episode import Episode

_DIGITS = 16


def version_of(episode: Episode, labels: Mapping[str, str]) -> str:
    """The version of an episode's details, whose speakers have these ``labels``, by which the names to show."""
    return " ".join(f"{field}:{digest}" for field, _, digest in _fields(episode, labels))


def changed_since(version: str, episode: Episode, labels: Mapping[str, str]) -> dict[str, str]:
    """The fields that have changed since a form was made from ``version``, and what they hold now."""
    known = {field: digest for field, _, digest in (part.partition(":") for part in version.split())}
    return {field: value for field, value, digest in _fields(episode, labels) if known.get(field) != digest}


def _fields(episode: Episode, labels: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Name, value and digest of each field."""
    said = episode.details
    for field in ("title", "show", "date", "url", "language"):
        value = getattr(said, field) or ""
        yield field, value, _digest(value)
    yield "speakers", ", ".join(labels.values()), _digest(*labels, "", *labels.values())
    yield "cover", said.cover or "", _digest(said.cover or "", *_state(episode))


def _state(episode: Episode) -> tuple[str, ...]:
    """What tells one picture from the next of the same name."""
    try:
        return tuple(map(str, state_of(episode.folder / episode.details.cover))) if episode.details.cover else ()
    except OSError:
        return ()  # removed meanwhile


def _digest(*values: str) -> str:
    content = "\0".join(values).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:_DIGITS]
