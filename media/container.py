"""Opening a file of sound or video, and nothing but that file; what its header says."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from media.errors import DecodeError, Message, NoAudioError

EXPECTED = Message("expected sound, or a video with sound (MP3, M4A, WAV, FLAC, Ogg, MP4...)")

# Playlists would make FFmpeg open files other than the one it was given.
_PLAYLISTS = {"hls", "concat", "dash", "imf", "webm_dash_manifest"}
_OPTIONS = {"protocol_whitelist": "file"}

_LONGEST_TAG = 500  # characters; what is longer is no title


def check_readable(path: Path) -> None:
    """Say what is wrong with ``path`` as a file, before anything is made of its content.

    Raises
    ------
    DecodeError
        The file is missing, a folder, empty, or may not be read.
    """
    try:
        if path.is_dir():
            raise DecodeError("{path}: is a folder; {expected}", path=path, expected=EXPECTED)
        with path.open("rb") as file:
            if not file.read(1):
                raise DecodeError("{path}: is empty; {expected}", path=path, expected=EXPECTED)
    except FileNotFoundError as error:
        raise DecodeError("{path}: no such file; {expected}", path=path, expected=EXPECTED) from error
    except PermissionError as error:
        raise DecodeError("{path}: no permission to read it", path=path) from error
    except (OSError, ValueError) as error:
        raise DecodeError(
            "{path}: cannot be read ({detail}); {expected}", path=path, detail=error, expected=EXPECTED
        ) from error


def open_container(path: Path) -> Any:
    """The PyAV container of ``path``; the caller closes it.

    Raises
    ------
    DecodeError
        As ``check_readable``; or the file is not sound or video, or is a playlist.
    """
    import av

    check_readable(path)
    # Before version 19, PyAV stops at tags that are not UTF-8 unless told otherwise; since then it cannot be told.
    lenient: dict[str, Any] = {"metadata_errors": "ignore"} if int(av.__version__.split(".")[0]) < 19 else {}
    try:
        container = av.open(f"file:{path}", options=_OPTIONS, **lenient)
    except (av.FFmpegError, OSError, ValueError) as error:
        raise DecodeError(
            "{path}: is not sound, or damaged at its beginning; {expected}", path=path, expected=EXPECTED
        ) from error
    if _PLAYLISTS & set(container.format.name.split(",")):
        container.close()
        raise DecodeError("{path}: is a playlist; {expected}", path=path, expected=EXPECTED)
    return container


def sound_track(path: Path, container: Any) -> Any:
    if not container.streams.audio:
        raise NoAudioError("{path}: has no sound track; {expected}", path=path, expected=EXPECTED)
    return container.streams.best("audio") or container.streams.audio[0]


def stated_duration(path: Path) -> float | None:
    """The sound's length in seconds as the header states or FFmpeg guesses it: for a progress bar, not for truth.

    Raises
    ------
    DecodeError, NoAudioError
        As ``open_container``; or the file has no sound track.
    """
    with closing(open_container(path)) as container:
        stream = sound_track(path, container)
        if stream.duration is not None:
            return float(stream.duration * stream.time_base)
        return None if container.duration is None else float(container.duration) / 1e6


def sound_format(path: Path) -> tuple[int, int]:
    """Samples per second and number of channels of the sound.

    Raises
    ------
    DecodeError, NoAudioError
        As ``open_container``; or the file has no sound track.
    """
    with closing(open_container(path)) as container:
        stream = sound_track(path, container)
        if not stream.codec_context.sample_rate or not stream.codec_context.channels:
            raise DecodeError("{path}: the header of its sound is damaged; {expected}", path=path, expected=EXPECTED)
        return stream.codec_context.sample_rate, stream.codec_context.channels


@dataclass(frozen=True, slots=True)
class Tags:
    """Title, album or show, and date as the file's tags give them; None where they do not."""

    title: str | None = None
    album: str | None = None
    date: str | None = None


def read_tags(path: Path) -> Tags:
    """The tags of ``path``, their characters repaired if need be; empty ones where it has none.

    Raises
    ------
    DecodeError
        The file cannot be opened as sound or video.
    """
    with closing(open_container(path)) as container:
        found = dict(container.metadata)
        for stream in container.streams.audio:
            found = {**stream.metadata, **found}
    folded = {key.lower(): " ".join(value.split())[:_LONGEST_TAG] for key, value in found.items()}
    return Tags(folded.get("title") or None, folded.get("album") or None, folded.get("date") or None)
