"""A cover in an Ogg file: FLAC's picture block in a Vorbis comment (RFC 9639 8.8; wiki.xiph.org/VorbisComment)."""

from __future__ import annotations

import base64
import io
import struct
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from media.errors import ClipError

_LONGEST_SIDE = 600  # pixels; the block lies before the sound, and its text is a third longer than the picture
_FRONT_COVER = 3
_QUALITY = 85


@contextmanager
def picture_comment(cover: Path) -> Iterator[Path]:
    """A file in ffmpeg's metadata format that holds the cover; it is gone when the context is left.

    A comment of this length fits on no command line.

    Raises
    ------
    ClipError
        The cover cannot be read.
    """
    block = base64.b64encode(_picture_block(cover)).decode("ascii").replace("=", "\\=")
    with tempfile.TemporaryDirectory(prefix="quotecast-") as folder:
        path = Path(folder, "cover.txt")
        path.write_text(f";FFMETADATA1\nMETADATA_BLOCK_PICTURE={block}\n", encoding="ascii")
        yield path


def _picture_block(cover: Path) -> bytes:
    from PIL import Image, UnidentifiedImageError

    jpeg = io.BytesIO()
    try:
        with Image.open(cover) as opened:
            picture = opened.convert("RGB")
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise ClipError(f"{cover}: is no picture, so it cannot be a clip's cover") from error
    picture.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
    picture.save(jpeg, "JPEG", quality=_QUALITY)
    data, mime = jpeg.getvalue(), b"image/jpeg"
    kind = struct.pack(">II", _FRONT_COVER, len(mime)) + mime
    no_words = struct.pack(">I", 0)
    size = struct.pack(">IIII", picture.width, picture.height, 24, 0)
    return kind + no_words + size + struct.pack(">I", len(data)) + data
