"""EPUB 3.3 with media overlays: the transcript and the audio, with each sentence highlighted while it is spoken.

The book holds the audio once. MP3 of constant bit rate, AAC in MP4 and Opus in Ogg are copied, since reading systems
play them and seek in them accurately. Other audio is encoded as AAC. So is MP3 of variable bit rate, since reading
systems that seek in it miss the position by seconds.
"""

from __future__ import annotations

import contextlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from aligner.formats.book.package import FOLDER, BookAudio, files_of
from aligner.formats.material import Material
from aligner.storage.atomic import scratch
from media.decode import audio_blocks, audio_format, audio_track, open_container
from media.errors import PictureError
from media.pictures import jpeg_of
from media.safe_fs import open_regular
from media.seekable import is_seekable, writing_copy

_MIMETYPE = "application/epub+zip"
_COVER_SIDE, _COVER_QUALITY = 1600, 85  # pixels of the longer side; JPEG quality
_MP3, _AAC, _OPUS = (
    BookAudio("sound.mp3", "audio/mpeg"),
    BookAudio("sound.m4a", "audio/mp4"),
    BookAudio("sound.opus", "audio/ogg; codecs=opus"),
)
_HIGHEST_RATE = 48000
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # the earliest date that ZIP can store, so that equal files give equal bytes


def epub(material: Material, file: BinaryIO) -> None:
    """Write the book to ``file``."""
    with _playable(material.audio) as (path, audio), zipfile.ZipFile(file, "w") as book:
        cover = _cover(material)
        _add(book, "mimetype", _MIMETYPE.encode("ascii"), zipfile.ZIP_STORED)  # EPUB requires it first and uncompressed
        files = files_of(material, audio, cover is not None)
        for name, content in files.items():
            _add(book, name, content.encode("utf-8"))
        if cover:
            _add(book, f"{FOLDER}cover.jpg", cover, zipfile.ZIP_STORED)
        if any(name.endswith(".smil") for name in files):
            with (
                open_regular(path) as source,
                book.open(_entry(f"{FOLDER}{audio.name}"), "w", force_zip64=True) as into,
            ):
                shutil.copyfileobj(source, into)


def _add(book: zipfile.ZipFile, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    book.writestr(_entry(name), content, method)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.external_attr = 0o644 << 16
    return entry


def _cover(material: Material) -> bytes | None:
    """Return the cover, encoded as JPEG; None if the episode has none or the file is not an image."""
    with contextlib.suppress(PictureError):
        return jpeg_of(material.cover, _COVER_SIDE, _COVER_QUALITY).content if material.cover else None
    return None


@contextlib.contextmanager
def _playable(path: Path) -> Iterator[tuple[Path, BookAudio]]:
    """Context manager: yield the path of the audio to put in the book, and the audio's name and type in the book. If
    the audio must be encoded, the path is that of a temporary copy."""
    if playable := _playable_entry(path):
        yield path, playable
        return
    rate, channels = audio_format(path)
    form = min(rate, _HIGHEST_RATE), min(channels, 2)
    with scratch() as folder:
        copy = folder / _AAC.name
        with writing_copy(copy, *form) as write_samples:
            for _, samples in audio_blocks(path, form[0], channels=form[1]):
                write_samples(samples)
        yield copy, _AAC


def is_encoded(path: Path) -> bool:
    """Return whether the audio must be encoded for a book. Encoding takes a while.

    Raises DecodeError or NoAudioError if the file cannot be opened as audio.
    """
    return _playable_entry(path) is None


def _playable_entry(path: Path) -> BookAudio | None:
    """Return the name and type of an audio file in the book; None if it cannot be copied but must be encoded."""
    with closing(open_container(path)) as container:
        names = set(container.format.name.split(","))
        codec = audio_track(path, container).codec_context.name
        is_alone = len(container.streams) == 1
    if "ogg" in names and codec in ("opus", "libopus") and is_alone:
        return _OPUS
    if not is_seekable(path):
        return None
    return _MP3 if "mp3" in names else _AAC
