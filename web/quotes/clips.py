"""The clips of an episode: what lies in its folder ``clips``, read anew each time, nothing being kept elsewhere."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aligner.publishing.post import FORMAT, VERSION
from aligner.quotes import Caution
from aligner.storage.file_states import until_changed
from web.errors import NotFound
from web.quotes.exports import CLIPS, SHAPES

_SOUNDS = (".mp3", ".m4a", ".wav", ".flac", ".opus", ".ogg")
_VIDEOS = (".mp4",)
_LARGEST_RECORD_BYTES = 5_000_000
_LONGEST = 1e9  # seconds; what a record tells beyond is no time


@dataclass(frozen=True, slots=True)
class Clip:
    """A clip that was made.

    ``file`` is what plays, ``files`` all that belong to it, by name, that one included. ``start`` is where it was cut,
    in seconds of the episode; what the clip's record does not tell is None or empty. ``made`` is when the file was
    written, in seconds since 1970.
    """

    id: str
    file: Path
    files: Mapping[str, Path]
    shape: str | None
    duration: float | None
    made: float
    text: str = ""
    speaker: str | None = None
    start: float | None = None
    cautions: tuple[Caution, ...] = field(default=())

    @property
    def is_video(self) -> bool:
        return self.file.suffix.lower() in _VIDEOS


def clips_of(folder: Path) -> list[Clip]:
    """The clips of the episode in ``folder``, the newest first."""
    place = folder / CLIPS
    if not place.is_dir():
        return []
    beside: dict[str, dict[str, Path]] = defaultdict(dict)
    for path in sorted(place.iterdir()):
        # A link may lead anywhere; what is hidden is being written.
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            beside[path.stem][path.name] = path
    clips = []
    for stem, files in beside.items():
        for path in filter(plays, files.values()):
            with suppress(FileNotFoundError):  # deleted meanwhile, in another tab
                clips.append(_clip_of(stem, path, files))
    return sorted(clips, key=lambda clip: (-clip.made, clip.file.name))


def clip_of(folder: Path, identifier: str) -> Clip:
    """The clip with this id.

    Raises
    ------
    NotFound
        There is none.
    """
    for clip in clips_of(folder):
        if clip.id == identifier:
            return clip
    raise NotFound("clips.gone")


def file_of(folder: Path, identifier: str, name: str) -> Path:
    """The file of a clip that has this name.

    Raises
    ------
    NotFound
        There is none.
    """
    found = clip_of(folder, identifier).files.get(name)
    if found is None:
        raise NotFound("clips.gone")
    return found


def plays(path: Path) -> bool:
    """Whether the file is a sound or a video."""
    return path.suffix.lower() in _SOUNDS + _VIDEOS


def _clip_of(stem: str, path: Path, files: Mapping[str, Path]) -> Clip:
    status = path.stat()
    told = _record_of(files.get(f"{stem}.json"), path.name)
    source = _mapping(told.get("source"))
    # A video is longer than what its record tells: its first and its last frame hold.
    duration = _number(told.get("duration")) if path.suffix.lower() in _SOUNDS else None
    if duration is None:
        duration = _measured(path)
    return Clip(
        id=hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:12],
        file=path,
        files=files,
        shape=_shape_of(stem) if path.suffix.lower() in _VIDEOS else None,
        duration=duration,
        made=status.st_mtime,
        text=_text(told.get("quote")) or "",
        speaker=_text(told.get("speaker")),
        start=_number(source.get("start")),
        cautions=tuple(_cautions(told.get("warnings"))),
    )


def _record_of(path: Path | None, file: str) -> Mapping[str, Any]:
    """What the clip's JSON tells, nothing where there is none or it is another's; people edit such files."""
    if path is None:
        return {}
    try:
        if path.stat().st_size > _LARGEST_RECORD_BYTES:
            return {}
        told = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return {}
    ours = isinstance(told, dict) and (told.get("format"), told.get("version"), told.get("file")) == (
        FORMAT,
        VERSION,
        file,
    )
    return told if ours else {}


@until_changed(at_hand=500)
def _measured(path: Path) -> float | None:
    """How long a file says it lasts, None where it does not."""
    from media.container import open_container
    from media.errors import DecodeError

    try:
        with closing(open_container(path)) as container:
            return None if container.duration is None else container.duration / 1_000_000
    except DecodeError:
        return None


def _shape_of(stem: str) -> str | None:
    return next((shape for shape in SHAPES if f"-{shape}" in f"-{stem}"), None)


def _cautions(value: Any) -> list[Caution]:
    entries = value if isinstance(value, list) else []
    found = [
        [_text(entry.get(name)) for name in ("kind", "message", "detail")]
        for entry in entries
        if isinstance(entry, dict)
    ]
    return [Caution(kind, message, detail or "") for kind, message, detail in found if kind and message]


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if known and abs(value) < _LONGEST else None  # which neither NaN nor infinity is


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None
