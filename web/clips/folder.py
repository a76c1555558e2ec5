"""The clips of an episode: what lies in its folder ``clips``, read anew each time, nothing being kept elsewhere.

Those that are taken along travel in one ZIP, made before it is sent: the server sends files without a thread that waits
for who reads them.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
import zipfile
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import closing, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, cast

from msgspec import Meta

from aligner.publishing.post import FORMAT, VERSION
from aligner.quotes import Caution
from aligner.storage.checked_json import convert, decode
from aligner.storage.file_states import until_changed
from media.confinement import OutsideError, open_regular, read_regular, status_of
from media.container import open_container
from media.errors import DecodeError
from media.listing import files
from media.video.shapes import SHAPES
from web.errors import Full, NotFound
from web.jobs.kinds import CLIPS
from web.library import printable

_SOUNDS = (".mp3", ".m4a", ".wav", ".flac", ".opus", ".ogg")
_VIDEOS = (".mp4",)
_LARGEST_RECORD_BYTES = 5_000_000
_Seconds = Annotated[float, Meta(gt=-1e9, lt=1e9)]  # what a record tells beyond is no time
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
    """The clips of the episode in ``folder``, the newest first."""
    beside: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, path in files(folder / CLIPS).items():
        if not name.startswith("."):  # what is hidden is being written
            beside[path.stem][name] = path
    clips = []
    for stem, group in beside.items():
        for path in filter(plays, group.values()):
            with suppress(OSError):  # deleted meanwhile, in another tab
                clips.append(_clip_of(stem, path, group))
    return sorted(clips, key=lambda clip: (-clip.made, clip.file.name))


def clip_of(folder: Path, identifier: str) -> MadeClip:
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


def chosen_clips(folder: Path, identifiers: Collection[str]) -> list[MadeClip]:
    """The clips with these ids, those that are still there.

    Raises
    ------
    NotFound
        None is.
    """
    found = [clip for clip in clips_of(folder) if clip.id in identifiers]
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
    files = clip_of(folder, identifier).files
    found = next((path for each, path in files.items() if printable(each) == name), None)
    if found is None:
        raise NotFound("clips.gone")
    return found


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
                with open_regular(path) as source:
                    told, number = _entry_name(name), source.fileno()
                    entry = zipfile.ZipInfo.from_file(number, told, strict_timestamps=False)  # type: ignore[arg-type]
                    with archive.open(entry, "w") as target:
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


def _clip_of(stem: str, path: Path, files: Mapping[str, Path]) -> MadeClip:
    status, is_video = status_of(path), path.suffix.lower() in _VIDEOS
    record = _record_of(files.get(f"{stem}.json"), path.name)
    # A video is longer than what its record tells: its first and its last frame hold.
    duration = None if is_video else _read(record.get("duration"), _Seconds)
    cautions = (_read(entry, Caution) for entry in _read(record.get("warnings"), list) or ())
    return MadeClip(
        id=hashlib.sha256(path.name.encode("utf-8", "surrogateescape")).hexdigest()[:12],
        file=path,
        files=files,
        shape=next((shape for shape in SHAPES if is_video and f"-{shape}" in f"-{stem}"), None),
        duration=_measured(path) if duration is None else duration,
        made=status.st_mtime,
        text=_read(record.get("quote"), str) or "",
        speaker=_read(record.get("speaker"), str),
        start=_read((_read(record.get("source"), dict) or {}).get("start"), _Seconds),
        cautions=tuple(caution for caution in cautions if caution),
    )


def _record_of(path: Path | None, file: str) -> Mapping[str, Any]:
    """What the clip's JSON tells, nothing where there is none or it is another's; people edit such files."""
    if path is None:
        return {}
    try:
        told = decode(read_regular(path, _LARGEST_RECORD_BYTES), dict[str, Any])
    except (OSError, ValueError):
        return {}
    ours = (told.get("format"), told.get("version"), told.get("file")) == (FORMAT, VERSION, file)
    return told if ours else {}


@until_changed(at_hand=500)
def _measured(path: Path) -> float | None:
    """How long a file says it lasts, None where it does not."""
    try:
        with closing(open_container(path)) as container:
            return None if container.duration is None else container.duration / 1_000_000
    except DecodeError:
        return None


def _read(value: object, kind: Any) -> Any:
    """The value, if it is of this kind; else None."""
    try:
        return convert(value, kind)
    except ValueError:
        return None
