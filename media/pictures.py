"""The one reader of pictures that somebody may have sent: JPEG, PNG and WebP, by what they are and not by their names.

Pillow reads them, by these three readers alone: others start programs (PostScript) or make pictures of text. How much
work a picture is, is looked at before it is decoded. What goes into a clip or a video is encoded anew, so that of the
file itself nothing but the picture gets there.
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
_DRAWN_SIDE = 2160  # pixels; a JPEG that is larger is decoded at a fraction of its size, which is quick
_LONGEST_SIDE = 4320  # of what is handed on
_WHOLE_MODES = ("1", "P")  # of pixels between which there is no mean

_JPEG, _PNG = b"\xff\xd8", b"\x89PNG\r\n\x1a\n"
_JPEG_SEGMENT = re.compile(rb"\xff[\xe0-\xef\xfe]")  # of metadata; what encodes pixels has no such bytes
_JPEG_SCAN = b"\xff\xda"
_MOST_SCANNED_PIXELS = 1_000_000_000  # in all scans of a JPEG: some ten of the largest
_MOST_PARTS = 20_000  # of a file


@dataclass(frozen=True, slots=True)
class Jpeg:
    """A picture as a JPEG file."""

    content: bytes
    width: int
    height: int


def open_picture(path: Path) -> Image.Image:
    """The picture as RGB, upright, its transparent parts white; a very large one at a fraction of its size.

    Raises PictureError: it is missing, no regular file, damaged, not a JPEG, PNG or WebP picture, or too large.
    """
    with _opened(path) as opened:
        return _upright_on_white(opened)


def format_of(path: Path) -> PictureFormat:
    """What the picture is, which has been opened as ``open_picture`` does: what is accepted can be used.

    Raises PictureError: as ``open_picture``.
    """
    with _opened(path) as opened:
        _upright_on_white(opened)
        found = "JPEG" if opened.format == "MPO" else opened.format  # what some cameras write: a JPEG, and more behind
    return next(known for known in get_args(PictureFormat) if known == found)


def jpeg_of(path: Path, longest_side: int, quality: int) -> Jpeg:
    """The picture encoded anew, its longer side no longer than ``longest_side`` pixels.

    Raises PictureError: as ``open_picture``.
    """
    picture, file = open_picture(path), io.BytesIO()
    picture.thumbnail((longest_side, longest_side))
    picture.save(file, "JPEG", quality=quality)
    return Jpeg(file.getvalue(), picture.width, picture.height)


@contextmanager
def _opened(path: Path) -> Iterator[ImageFile.ImageFile]:
    """The picture, its header read; whatever is wrong with it while the context lasts is told as the picture's."""
    from PIL import (
        Image,
        UnidentifiedImageError,
        WebPImagePlugin,  # noqa: F401 - else Pillow loads all the readers that it has
    )

    try:
        content = read_regular(path, _LARGEST_BYTES)
        if _parts(content) > _MOST_PARTS:
            raise ValueError("more parts than a picture has")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(content), formats=get_args(PictureFormat)) as opened:
                pixels = opened.width * opened.height
                if pixels > _MOST_PIXELS:
                    raise Image.DecompressionBombError
                if content.startswith(_JPEG) and content.count(_JPEG_SCAN) * pixels > _MOST_SCANNED_PIXELS:
                    raise ValueError("more scans than a JPEG has")
                yield opened
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
    except Exception as error:  # at damaged files readers fail in ways that nobody has listed
        raise PictureError("{path}: damaged picture; {expected}", path=path, expected=EXPECTED) from error


def _upright_on_white(opened: ImageFile.ImageFile) -> Image.Image:
    from PIL import Image, ImageOps

    opened.draft("RGB", (_DRAWN_SIDE, _DRAWN_SIDE))
    picture: Image.Image = opened
    if picture.mode == "I;16":  # which is else cut off at the white of 8 bits
        picture = picture.point(lambda value: value / 256).convert("L")
    factor = -(-max(picture.size) // _LONGEST_SIDE)
    if factor > 1:
        picture = (picture.convert("RGBA") if picture.mode in _WHOLE_MODES else picture).reduce(factor)
    picture = ImageOps.exif_transpose(picture).convert("RGBA")
    white = Image.new("RGBA", picture.size, "white")
    return Image.alpha_composite(white, picture).convert("RGB")


def _parts(content: bytes) -> int:
    """Of how many parts a JPEG or PNG is made, each of which its reader keeps; counted until they are too many."""
    if content.startswith(_PNG):
        at, count = len(_PNG), 0
        while at < len(content) and count <= _MOST_PARTS:
            at, count = at + 12 + int.from_bytes(content[at : at + 4]), count + 1
        return count
    parts = _JPEG_SEGMENT.finditer(content) if content.startswith(_JPEG) else ()
    return sum(1 for _ in islice(parts, _MOST_PARTS + 1))
