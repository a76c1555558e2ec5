"""Pictures of episodes: which are taken, and under what name."""

from __future__ import annotations

from pathlib import Path

from web.errors import Unusable

_ENDINGS = {"JPEG": ".jpg", "PNG": ".png", "WEBP": ".webp"}
_MOST_PIXELS = 50_000_000
COVER_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
"""What a cover is served as, by its ending; others are not served."""


def cover_name(picture: Path) -> str:
    """The name that a picture gets as a cover, by what it is and not by what it is called.

    Raises
    ------
    Unusable
        It is no JPEG, PNG or WebP, is damaged, or has too many pixels.
    """
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(picture, formats=tuple(_ENDINGS)) as image:
            format, pixels = image.format or "", image.width * image.height
            image.verify()
    except (UnidentifiedImageError, Image.DecompressionBombError, OSError, SyntaxError, ValueError) as error:
        raise Unusable("upload.no_picture", "cover") from error
    if pixels > _MOST_PIXELS:
        raise Unusable("upload.no_picture", "cover")
    return f"cover{_ENDINGS[format]}"
