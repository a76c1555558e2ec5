"""The clips of an episode: what lies in its folder ``clips``, read anew each time, nothing being kept elsewhere."""

from __future__ import annotations

import hashlib
import json
import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any

from aligner.quotes import Caution
from aligner.storage.file_names import printable
from aligner.typography import unbroken
from media.safe_fs import files, status_of
from media.video.shapes import SHAPES
from web.clips.records import Durations, record_of
from web.errors import NotFound
from web.jobs.kinds import CLIPS

_SHAPE = re.compile(rf"-\s?(?P<shape>{'|'.join(SHAPES)})(?:[- ]\d+)?\Z")  # in the names of audiograms, now and once
_SOUNDS = (".mp3", ".m4a", ".wav", ".flac", ".opus", ".ogg")
_VIDEOS = (".mp4",)
_ON_A_PAGE, _PAGE_BYTES = 200, 500_000  # of the list: a page ends with the clip that reaches one of them
_LONGEST_TEXT, _LONGEST_REMARK = 2000, 300  # characters of what a row shows; a minute of talk has 1000
_MOST_CAUTIONS, _MOST_FILES = 20, 20  # that are told of a clip


@dataclass(frozen=True, slots=True)
class MadeClip:
    """A clip that was made.

    ``file`` is what plays, ``files`` all that belong to it, by name, that one included; ``shared`` are those of them
    that belong to another clip of the same name as well. It was cut from ``start`` to ``end``, in seconds of the
    episode, whose sound has the hash ``sound``; what the clip's record does not tell is None or empty. ``made`` is when
    the file was written, in seconds since 1970, and ``size_bytes`` what it has then.
    """

    id: str
    file: Path
    files: Mapping[str, Path]
    shape: str | None
    duration: float | None
    made: float
    text: str = ""
    language: str = ""
    speaker: str | None = None
    start: float | None = None
    end: float | None = None
    cautions: tuple[Caution, ...] = ()
    shared: frozenset[str] = frozenset()
    size_bytes: int = 0
    sound: str | None = None


def clips_of(folder: Path) -> list[MadeClip]:
    """The clips of the episode in ``folder``, the newest first, and of each how long it lasts, as far as it says so."""
    return _read_clips(_newest_first(_playing(folder)), Durations())


def page_of_clips(
    folder: Path, start: int = 0, outdated: Callable[[MadeClip], str | None] = lambda _: None
) -> tuple[list[dict[str, Any]], int | None]:
    """The ``made_clip_facts`` of the clips from the ``start``-th on, as many as one answer tells, and what of each is
    ``outdated``; and where the list goes on, None where it does not."""
    found, durations = _newest_first(_playing(folder)), Durations()
    told: list[dict[str, Any]] = []
    size_bytes = 0
    for place in range(max(0, start), len(found)):
        if len(told) >= _ON_A_PAGE or size_bytes >= _PAGE_BYTES:
            return told, place
        for clip in _read_clips([found[place]], durations):
            told.append(made_clip_facts(clip) | {"outdated": outdated(clip)})
            size_bytes += len(json.dumps(told[-1]))
    return told, None


def clip_of(folder: Path, identifier: str) -> MadeClip:
    """The clip with this id.

    Raises
    ------
    NotFound
        There is none.
    """
    return chosen_clips(folder, [identifier])[0]


def chosen_clips(folder: Path, identifiers: Collection[str] = ()) -> list[MadeClip]:
    """The clips with these ids, those that are still there; without ids all.

    Raises
    ------
    NotFound
        None is.
    """
    found = _read_clips(_newest_first(each for each in _playing(folder) if not identifiers or each.id in identifiers))
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


def is_video(path: Path) -> bool:
    """Whether the file is a video."""
    return path.suffix.lower() in _VIDEOS


def made_clip_facts(clip: MadeClip) -> dict[str, Any]:
    """A clip that was made, its texts as a list shows them; ``files`` are names, first that of what plays."""
    beside = (printable(name) for name in clip.files if name != clip.file.name)
    return {
        "id": clip.id,
        "name": printable(clip.file.name),
        "files": [printable(clip.file.name), *islice(beside, _MOST_FILES)],
        "video": is_video(clip.file),
        "size_bytes": clip.size_bytes,
        "shape": clip.shape,
        "duration": clip.duration,
        "made": clip.made,
        "text": _shown(clip.text, _LONGEST_TEXT, clip.language),
        "language": clip.language,
        "speaker": clip.speaker and _shortened(clip.speaker, _LONGEST_REMARK),
        "start": clip.start,
        "end": clip.end,
        "cautions": [_caution_facts(caution, clip.language) for caution in clip.cautions[:_MOST_CAUTIONS]],
    }


def _caution_facts(caution: Caution, language: str) -> dict[str, str]:
    told = {"kind": caution.kind, "message": caution.message, "detail": caution.detail}
    return {name: _shown(text, _LONGEST_REMARK, language) for name, text in told.items()}


def _shown(text: str, longest: int, language: str) -> str:
    return unbroken(_shortened(text, longest), language)


def _shortened(text: str, longest: int) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


@dataclass(frozen=True, slots=True)
class _Playing:
    """A file that plays, and all that belong to it, by name; another that plays is a clip of its own."""

    id: str
    file: Path
    files: Mapping[str, Path]
    shared: frozenset[str]


def _playing(folder: Path) -> Iterator[_Playing]:
    """What plays of the episode in ``folder``; none of it is looked into."""
    beside: dict[str, dict[str, Path]] = defaultdict(dict)
    for name, path in files(folder / CLIPS).items():
        if not name.startswith("."):  # what is hidden is being written
            beside[path.stem][name] = path
    for group in beside.values():
        playing = [path for path in group.values() if plays(path)]
        others = {name: path for name, path in group.items() if path not in playing}
        shared = frozenset(others if len(playing) > 1 else ())
        for path in playing:
            written = path.name.encode("utf-8", "surrogateescape")
            yield _Playing(hashlib.sha256(written).hexdigest()[:12], path, {path.name: path, **others}, shared)


def _newest_first(found: Iterable[_Playing]) -> list[_Playing]:
    dated = []
    for playing in found:
        with suppress(OSError):  # deleted meanwhile, in another tab
            dated.append((-status_of(playing.file).st_mtime, playing.file.name, playing))
    return [playing for _, _, playing in sorted(dated, key=lambda each: each[:2])]


def _read_clips(found: Iterable[_Playing], durations: Durations | None = None) -> list[MadeClip]:
    clips = []
    for playing in found:
        with suppress(OSError):  # deleted meanwhile too
            clip = _read_clip(playing)
            if durations and clip.duration is None:
                clip = replace(clip, duration=durations.of(clip.file))
            clips.append(clip)
    return clips


def _read_clip(playing: _Playing) -> MadeClip:
    file = playing.file
    status, video = status_of(file), is_video(file)
    record = record_of(playing.files.get(f"{file.stem}.json"), file.name)
    return MadeClip(
        id=playing.id,
        file=file,
        files=playing.files,
        shape=found["shape"] if video and (found := _SHAPE.search(f"-{file.stem}")) else None,
        # A video is longer than what its record tells: its first and its last frame hold.
        duration=None if video else record.duration,
        made=status.st_mtime,
        text=record.text,
        language=record.language,
        speaker=record.speaker,
        start=record.start,
        end=record.end,
        sound=record.sound,
        cautions=record.cautions,
        shared=playing.shared,
        size_bytes=status.st_size,
    )
