"""The clips of an episode: what lies in its folder ``clips``, read anew each time, nothing being kept elsewhere.

Those that are taken along travel in one ZIP, made before it is sent: the server sends files without a thread that waits
for who reads them.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from aligner.quotes import Caution
from media.confinement import OutsideError, open_regular, status_of
from media.listing import files
from media.video.shapes import SHAPES
from web.clips.records import Durations, record_of
from web.errors import Full, NotFound
from web.jobs.kinds import CLIPS
from web.library import printable

_SOUNDS = (".mp3", ".m4a", ".wav", ".flac", ".opus", ".ogg")
_VIDEOS = (".mp4",)
_BLOCK_BYTES = 1 << 20
_LEFT_BYTES = 100_000_000  # of the disk, for everything else


@dataclass(frozen=True, slots=True)
class MadeClip:
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
    cautions: tuple[Caution, ...] = ()

    @property
    def is_video(self) -> bool:
        return self.file.suffix.lower() in _VIDEOS


def clips_of(folder: Path) -> list[MadeClip]:
    """The clips of the episode in ``folder``, the newest first, and of each how long it lasts, as far as it says so."""
    return _read_clips(_playing(folder), Durations())


def clip_of(folder: Path, identifier: str) -> MadeClip:
    """The clip with this id.

    Raises
    ------
    NotFound
        There is none.
    """
    return chosen_clips(folder, [identifier])[0]


def chosen_clips(folder: Path, identifiers: Collection[str]) -> list[MadeClip]:
    """The clips with these ids, those that are still there.

    Raises
    ------
    NotFound
        None is.
    """
    found = _read_clips(playing for playing in _playing(folder) if playing.id in identifiers)
    if not found:
        raise NotFound("clips.gone")
    return found


def file_of(folder: Path, identifier: str, name: str) -> Path:
    """The file of a clip that has this name.

    Raises
    ------
    NotFound
        There is none.
    """
    for playing in _playing(folder):
        if playing.id == identifier:
            for each, path in playing.files.items():
                if printable(each) == name:
                    return path
    raise NotFound("clips.gone")


def plays(path: Path) -> bool:
    """Whether the file is a sound or a video."""
    return path.suffix.lower() in _SOUNDS + _VIDEOS


def made_clip_facts(clip: MadeClip) -> dict[str, Any]:
    """A clip that was made; ``files`` are names, the first that of what plays."""
    beside = [printable(name) for name in clip.files if name != clip.file.name]
    return {
        "id": clip.id,
        "name": printable(clip.file.name),
        "files": [printable(clip.file.name), *beside],
        "video": clip.is_video,
        "shape": clip.shape,
        "duration": clip.duration,
        "made": clip.made,
        "text": clip.text,
        "speaker": clip.speaker,
        "start": clip.start,
        "cautions": [asdict(caution) for caution in clip.cautions],
    }


def bundled(clips: Iterable[MadeClip]) -> BinaryIO:
    """The ZIP of all files of the clips, each once, as a file without a name, which is gone when it is closed.

    Sound does not shrink, so nothing is packed.

    Raises
    ------
    NotFound
        A file is gone, or cannot be read.
    Full
        There is not the room for them all.
    """
    files = dict(_files(clips))
    file = tempfile.TemporaryFile()  # noqa: SIM115 - who sends it closes it
    try:
        _make_sure_of_room(sum(status_of(path).st_size for path in files.values()))
        with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
            for name, path in files.items():
                with (
                    open_regular(path) as source,
                    archive.open(_entry(source.fileno(), _entry_name(name)), "w") as target,
                ):
                    shutil.copyfileobj(source, target, _BLOCK_BYTES)
    except BaseException as error:
        file.close()
        if isinstance(error, FileNotFoundError | OutsideError):
            raise NotFound("clips.gone") from error
        raise
    return cast(BinaryIO, file)


def _make_sure_of_room(size_bytes: int) -> None:
    if shutil.disk_usage(tempfile.gettempdir()).free < size_bytes + _LEFT_BYTES:
        raise Full("error.507")


def _entry(number: int, name: str) -> zipfile.ZipInfo:
    """The entry of the file with that descriptor; one that was changed at no time that a calendar has is of 1980."""
    try:
        return zipfile.ZipInfo.from_file(number, name, strict_timestamps=False)  # type: ignore[arg-type]
    except (OverflowError, OSError):
        entry = zipfile.ZipInfo(name)
        entry.file_size = os.fstat(number).st_size
        return entry


def _entry_name(name: str) -> str:
    """A name as ZIPs can have it: bytes that are no UTF-8 are escaped."""
    return name.encode("utf-8", "backslashreplace").decode()


def _files(clips: Iterable[MadeClip]) -> Iterator[tuple[str, Path]]:
    sent = set()
    for clip in clips:
        for name, path in clip.files.items():
            if name not in sent:
                sent.add(name)
                yield printable(name), path


@dataclass(frozen=True, slots=True)
class _Playing:
    """A file that plays, and all that belong to it, by name."""

    id: str
    file: Path
    files: Mapping[str, Path]


def _playing(folder: Path) -> Iterator[_Playing]:
    """What plays of the episode in ``folder``; none of it is looked into."""
    beside: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, path in files(folder / CLIPS).items():
        if not name.startswith("."):  # what is hidden is being written
            beside[path.stem][name] = path
    for group in beside.values():
        for path in filter(plays, group.values()):
            written = path.name.encode("utf-8", "surrogateescape")
            yield _Playing(hashlib.sha256(written).hexdigest()[:12], path, group)


def _read_clips(found: Iterable[_Playing], durations: Durations | None = None) -> list[MadeClip]:
    clips = []
    for playing in found:
        with suppress(OSError):  # deleted meanwhile, in another tab
            clip = _read_clip(playing)
            if durations and clip.duration is None:
                clip = replace(clip, duration=durations.of(clip.file))
            clips.append(clip)
    return sorted(clips, key=lambda clip: (-clip.made, clip.file.name))


def _read_clip(playing: _Playing) -> MadeClip:
    file = playing.file
    status, is_video = status_of(file), file.suffix.lower() in _VIDEOS
    record = record_of(playing.files.get(f"{file.stem}.json"), file.name)
    return MadeClip(
        id=playing.id,
        file=file,
        files=playing.files,
        shape=next((shape for shape in SHAPES if is_video and f"-{shape}" in f"-{file.stem}"), None),
        # A video is longer than what its record tells: its first and its last frame hold.
        duration=None if is_video else record.duration,
        made=status.st_mtime,
        text=record.text,
        speaker=record.speaker,
        start=record.start,
        cautions=record.cautions,
    )
