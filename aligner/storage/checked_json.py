"""Decode untrusted JSON into typed records, and clean their texts for display.

A record is a ``msgspec.Struct`` or a dataclass; unknown fields are ignored. A numeric field must declare its bounds, as
``Share`` does.
"""

from __future__ import annotations

import unicodedata
from typing import Annotated, TypeVar

import msgspec

T = TypeVar("T")

Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]

_LONGEST_REASON = 150  # characters
_CONTROLS = dict.fromkeys((*range(32), *range(127, 160), 0x2028, 0x2029), " ")
_BLANKS = "\u115f\u1160\u2800\u3164\uffa0"  # blank letters of Hangul and Braille


def decode(content: bytes, shape: type[T]) -> T:
    """Return ``content``, JSON in UTF-8, as a record of type ``shape``. Raises ValueError if ``content`` is not valid
    JSON, a field is missing, or a value has the wrong type or is out of bounds."""
    try:
        return msgspec.json.decode(content, type=shape)
    except msgspec.ValidationError as error:
        raise ValueError(shortened(error)) from error
    except (ValueError, RecursionError) as error:
        raise ValueError("not valid JSON in UTF-8") from error


def encodable(text: str) -> str:
    """Return the text with "?" in place of each lone surrogate, which cannot be encoded as UTF-8."""
    return text.encode("utf-8", "replace").decode("utf-8")


def shortened(reason: object) -> str:
    """Return the text of an error, cut to 150 characters because it may quote a whole file."""
    text = str(reason)
    return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 1]}…"


def on_one_line(text: str | None) -> str | None:
    """Return a name or title with line breaks and control characters replaced by spaces; None if it is blank."""
    line = encodable(text or "").translate(_CONTROLS)
    return line if line.strip() else None


def shown_name(text: str) -> str:
    """Return a person's name for display; "" if it has no visible character."""
    shown = (on_one_line(text.encode("utf-8", "ignore").decode("utf-8")) or "").strip()
    has_shape = any(unicodedata.category(each)[0] not in "CMZ" and each not in _BLANKS for each in shown)
    return shown if has_shape else ""
