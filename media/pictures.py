"""Read pictures from untrusted sources: JPEG, PNG and WebP, detected by content and not by name.

Only these three of Pillow's readers are used: others start programs (PostScript) or render text. The work of decoding
is estimated and limited beforehand. A picture for a clip or video is encoded again, so that no metadata is copied.
"""

from __future__ import annotations

import io
import re
import warnings
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from media.errors import Message, NoPictureError, PictureError
from media.safe_fs import read_regular

if TYPE_CHECKING:
    from collections.abc import Iterator

    from PIL import Image, ImageFile

PictureFormat = Literal["JPEG", "PNG", "WEBP"]

EXPECTED = Message("expected a JPEG, PNG or WebP picture")

_LARGEST_BYTES = 50_000_000
_MOST_PIXELS = 60_000_000
_DRAWN_SIDE = 2160  # pixels; a larger JPEG is quickly decoded at a fraction of its size
_LONGEST_SIDE = 4320  # pixels of the result
_INDEXED_MODES = ("1", "P")  # whose pixels cannot be averaged

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_JPEG_SEGMENT = re.compile(rb"\xff[\xe0-\xef\xfe]")  # of metadata; encoded pixels hold no such bytes
_JPEG_SCAN = b"\xff\xda"
_MOST_SCANNED_PIXELS = 1_000_000_000  # in all scans of a JPEG: about ten scans of the largest
_MOST_PARTS = 20_000  # chunks of a PNG, segments of a JPEG


@dataclass(frozen=True, slots=True)
class Jpeg:
    content: bytes
    width: int
    height: int


def open_picture(path: Path) -> Image.Image:
    """Read a picture as RGB, turn it upright and put transparent parts on white; a very large picture is scaled down.

    Raises PictureError if the file is missing, not a regular file, damaged, too large, or not JPEG, PNG or WebP."""
    with _picture_in(path) as picture_file:
        return _upright_on_white(picture_file)


def format_of(path: Path) -> PictureFormat:
    """Return a picture's format. The picture is decoded to ensure that ``open_picture`` can open it.

    Raises the same error as ``open_picture``."""
    with _picture_in(path) as picture_file:
        _upright_on_white(picture_file)
        # Some cameras append further pictures to a JPEG.
        found = "JPEG" if picture_file.format == "MPO" else picture_file.format
    return next(known for known in get_args(PictureFormat) if known == found)


def jpeg_of(path: Path, longest_side: int, quality: int) -> Jpeg:
    """Return a picture as JPEG of this ``quality``, scaled down if its longer side exceeds ``longest_side`` pixels.

    Raises the same error as ``open_picture``."""
    picture, file = open_picture(path), io.BytesIO()
    picture.thumbnail((longest_side, longest_side))
    picture.save(file, "JPEG", quality=quality)
    return Jpeg(file.getvalue(), picture.width, picture.height)


@contextmanager
def _picture_in(path: Path) -> Iterator[ImageFile.ImageFile]:
    """Context manager: open a picture, read its header and yield it; turn any error in the block into PictureError."""
    from PIL import (
        Image,
        UnidentifiedImageError,
        WebPImagePlugin,  # noqa: F401 - otherwise Pillow loads all of its readers
    )

    try:
        content = read_regular(path, _LARGEST_BYTES)
        if _parts(content) > _MOST_PARTS:
            raise ValueError("more parts than a picture has")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=get_args(PictureFormat)) as picture_file:
                pixels = picture_file.width * picture_file.height
                if pixels > _MOST_PIXELS:
                    raise Image.DecompressionBombError
                if content.startswith(_JPEG) and content.count(_JPEG_SCAN) * pixels > _MOST_SCANNED_PIXELS:
                    raise ValueError("more scans than a JPEG has")
                yield picture_file
    except Image.DecompressionBombError as error:
        most = _MOST_PIXELS // 1_000_000
        raise PictureError(
            "{path}: has more than {most} million pixels; expected a smaller picture", path=path, most=most
        ) from error
    except UnidentifiedImageError as error:
        raise NoPictureError("{path}: not a picture, or damaged; {expected}", path=path, expected=EXPECTED) from error
    except OSError as error:
        reason = error.strerror or Message("damaged")
        raise PictureError(
            "{path}: cannot be read ({reason}); {expected}", path=path, reason=reason, expected=EXPECTED
        ) from error
    except Exception as error:  # on damaged files, readers raise errors of every kind
        raise PictureError("{path}: damaged picture; {expected}", path=path, expected=EXPECTED) from error


def _upright_on_white(picture_file: ImageFile.ImageFile) -> Image.Image:
    from PIL import Image, ImageOps

    picture_file.draft("RGB", (_DRAWN_SIDE, _DRAWN_SIDE))
    picture: Image.Image = picture_file
    if picture.mode == "I;16":  # whose conversion would clip at the white of 8 bits
        picture = picture.point(lambda value: value / 256).convert("L")
    factor = -(-max(picture.size) // _LONGEST_SIDE)
    if factor > 1:
        picture = (picture.convert("RGBA") if picture.mode in _INDEXED_MODES else picture).reduce(factor)
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _parts(content: bytes) -> int:
    """Count the parts (JPEG segments or PNG chunks), up to a limit. Too many would fill the memory in Pillow."""
    if content.startswith(_PNG):
        at, count = len(_PNG), 0
        while at < len(content) and count <= _MOST_PARTS:
            at, count = at + 12 + int.from_bytes(content[at : at + 4]), count + 1
        return count
    parts = _JPEG_SEGMENT.finditer(content) if content.startswith(_JPEG) else ()
    return sum(1 for _ in islice(parts, _MOST_PARTS + 1))
