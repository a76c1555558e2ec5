"""What a page was made from, so that saving it undoes nothing that another did meanwhile.

Conventions
-----------
A *version* is text for a page to carry along and to give back: of details by field a digest of what it held, of a
transcript one of its name and its bytes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from pathlib import Path

from aligner.storage.file_states import state_of
from media.confinement import read_regular
from web.library.adding import EpisodeForm
from web.library.details import checked_details
from web.library.episode import Episode
from web.library.row import transcript_hash

_DIGITS = 16
_TEXTS = ("title", "show", "date", "url", "language")


def version_of(episode: Episode, labels: Mapping[str, str]) -> str:
    """The version of an episode's details, whose speakers have these ``labels``, by which the names to show."""
    return " ".join(f"{field}:{digest}" for field, _, digest in _fields(episode, labels))


def undone_by(form: EpisodeForm, cover: Path | None, episode: Episode, labels: Mapping[str, str]) -> dict[str, str]:
    """The fields that have changed since a page showed what a ``form`` was made from, and what they hold now; those
    left out that it leaves or makes just as they are, ``cover`` being its picture.

    Raises
    ------
    Unusable
        A field cannot be as it is; the error names it.
    """
    known = {field: digest for field, _, digest in (part.partition(":") for part in form.version.split())}
    changed = {field: value for field, value, digest in _fields(episode, labels) if known.get(field) != digest}
    if not changed:
        return {}
    meant = checked_details(form.fields, form.names, tuple(labels))
    same = {field for field in _TEXTS if getattr(meant, field) == getattr(episode.details, field)}
    if form.names.keys() == labels.keys() and meant.names == _renamed(labels):
        same.add("speakers")
    if _is_cover(cover, episode) if cover else form.keeps_cover:
        same.add("cover")
    return {field: value for field, value in changed.items() if field not in same}


def transcript_version(episode: Episode) -> str:
    """The version of an episode's transcript; empty where there is none that can be read."""
    try:
        found = transcript_hash(episode.transcript) if episode.transcript else None
    except OSError:
        return ""  # removed meanwhile
    return _digest(episode.transcript.name, found) if episode.transcript and found else ""


def is_transcript(staged: Path | None, episode: Episode) -> bool:
    """Whether what was sent is just what the episode's transcript is now."""
    if staged is None or episode.transcript is None:
        return False
    try:
        return transcript_hash(staged) == transcript_hash(episode.transcript)
    except OSError:
        return False  # removed meanwhile


def _fields(episode: Episode, labels: Mapping[str, str]) -> Iterator[tuple[str, str, str]]:
    """Name, value and digest of each field."""
    said = episode.details
    for field in _TEXTS:
        value = getattr(said, field) or ""
        yield field, value, _digest(value)
    yield "speakers", ", ".join(labels.values()), _digest(*labels, "", *labels.values())
    yield "cover", said.cover or "", _digest(said.cover or "", *_state(episode))


def _renamed(labels: Mapping[str, str]) -> dict[str, str]:
    return {label: name for label, name in labels.items() if name != label}


def _is_cover(picture: Path, episode: Episode) -> bool:
    """Whether the picture is the cover that the episode has now."""
    said = episode.details.cover
    try:
        content = read_regular(picture)
        return bool(said) and read_regular(episode.folder / str(said), len(content)) == content
    except OSError:
        return False  # larger, or removed meanwhile


def _state(episode: Episode) -> tuple[str, ...]:
    """What tells one picture from the next of the same name."""
    try:
        return tuple(map(str, state_of(episode.folder / episode.details.cover))) if episode.details.cover else ()
    except OSError:
        return ()  # removed meanwhile


def _digest(*values: str) -> str:
    content = "\0".join(values).encode("utf-8", "surrogatepass")
    return hashlib.sha256(content).hexdigest()[:_DIGITS]
