"""Opening a file of sound or video, and nothing but that file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from media.errors import DecodeError

EXPECTED = "expected sound, or a video with sound (MP3, M4A, WAV, FLAC, Ogg, MP4...)"

# Playlists would make FFmpeg open files other than the one it was given.
_PLAYLISTS = {"hls", "concat", "dash", "imf", "webm_dash_manifest"}
_OPTIONS = {"protocol_whitelist": "file"}


def check_readable(path: Path) -> None:
    """Say what is wrong with ``path`` as a file, before anything is made of its content.

    Raises
    ------
    DecodeError
        The file is missing, a folder, empty, or may not be read.
    """
    try:
        if path.is_dir():
            raise DecodeError(f"{path}: is a folder; {EXPECTED}")
        with path.open("rb") as file:
            if not file.read(1):
                raise DecodeError(f"{path}: is empty; {EXPECTED}")
    except FileNotFoundError as error:
        raise DecodeError(f"{path}: no such file; {EXPECTED}") from error
    except PermissionError as error:
        raise DecodeError(f"{path}: no permission to read it") from error
    except (OSError, ValueError) as error:
        raise DecodeError(f"{path}: cannot be read ({error}); {EXPECTED}") from error


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
        raise DecodeError(f"{path}: is not sound, or damaged at its beginning; {EXPECTED}") from error
    if _PLAYLISTS & set(container.format.name.split(",")):
        container.close()
        raise DecodeError(f"{path}: is a playlist; {EXPECTED}")
    return container
