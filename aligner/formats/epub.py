"""EPUB 3.3 with media overlays: a book of the episode, each sentence lit while it is said.

The sound lies in it once, as it is where reading systems play it and find any moment of it: MP3 of constant bit rate,
AAC in MP4, Opus in Ogg. Any other is encoded as AAC; so is MP3 of varying bit rate, in which they are seconds off.
"""

from __future__ import annotations

import contextlib
import shutil
import zipfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import BinaryIO

from aligner.formats.book.package import FOLDER, Sound, files_of
from aligner.formats.material import Material
from aligner.storage.atomic import scratch
from media.decode import audio_blocks, audio_format, audio_track, open_container
from media.errors import PictureError
from media.pictures import jpeg_of
from media.safe_fs import open_regular
from media.seekable import is_seekable, writing_copy

_MIMETYPE = "application/epub+zip"
_COVER_SIDE, _COVER_QUALITY = 1600, 85  # pixels; of what reading systems show on a shelf
_MP3, _AAC, _OPUS = (
    Sound("sound.mp3", "audio/mpeg"),
    Sound("sound.m4a", "audio/mp4"),
    Sound("sound.opus", "audio/ogg; codecs=opus"),
)
_HIGHEST_RATE = 48000
_EARLIEST = (1980, 1, 1, 0, 0, 0)  # that a ZIP archive can tell: its files have no dates of their own


def epub(material: Material, file: BinaryIO) -> None:
    """The book."""
    with _playable(material.sound) as (path, sound), zipfile.ZipFile(file, "w") as book:
        cover = _cover(material)
        _add(book, "mimetype", _MIMETYPE.encode("ascii"), zipfile.ZIP_STORED)  # first and as it is, as EPUB demands
        files = files_of(material, sound, cover is not None)
        for name, content in files.items():
            _add(book, name, content.encode("utf-8"))
        if cover:
            _add(book, f"{FOLDER}cover.jpg", cover, zipfile.ZIP_STORED)
        if any(name.endswith(".smil") for name in files):
            with (
                open_regular(path) as source,
                book.open(_entry(f"{FOLDER}{sound.name}"), "w", force_zip64=True) as into,
            ):
                shutil.copyfileobj(source, into)


def _add(book: zipfile.ZipFile, name: str, content: bytes, method: int = zipfile.ZIP_DEFLATED) -> None:
    book.writestr(_entry(name), content, method)


def _entry(name: str) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, _EARLIEST)
    entry.external_attr = 0o644 << 16
    return entry


def _cover(material: Material) -> bytes | None:
    """The cover, encoded anew; None where there is none, or what is called so is no picture."""
    with contextlib.suppress(PictureError):
        return jpeg_of(material.cover, _COVER_SIDE, _COVER_QUALITY).content if material.cover else None
    return None


@contextlib.contextmanager
def _playable(path: Path) -> Iterator[tuple[Path, Sound]]:
    """The file that is to lie in the book, and what it is; a temporary one where the sound must be encoded."""
    if as_it_is := _as_it_is(path):
        yield path, as_it_is
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
    """Whether a book holds another form of this sound, which takes a while to be made.

    Raises DecodeError or NoAudioError if the file cannot be opened as audio.
    """
    return _as_it_is(path) is None


def _as_it_is(path: Path) -> Sound | None:
    """What the sound is, where it can lie in a book as it is."""
    with closing(open_container(path)) as container:
        names = set(container.format.name.split(","))
        codec = audio_track(path, container).codec_context.name
        is_alone = len(container.streams) == 1
    if "ogg" in names and codec in ("opus", "libopus") and is_alone:
        return _OPUS
    if not is_seekable(path):
        return None
    return _MP3 if "mp3" in names else _AAC
