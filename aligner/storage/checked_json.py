"""JSON that came from outside, read into typed records; what does not fit is told by place, value and expectation.

Conventions
-----------
A record is a ``msgspec.Struct`` or a dataclass; what it does not name is passed over. Numbers need bounds, as those
below have them: no NaN and no infinity lies within bounds.
"""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import inspect

T = TypeVar("T")

Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]

_LONGEST_REASON, _LONGEST_VALUE = 150, 40  # characters
_MISSING = re.compile(r"Object missing required field `(.*?)`")
_PLACE = re.compile(r" - at `\$\.?(.*)`$")
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class NotJsonError(ValueError):
    """The content is no JSON in UTF-8."""


def decode(content: bytes, shape: type[T]) -> T:
    """The record of type ``shape`` that ``content`` holds.

    Raises
    ------
    NotJsonError
        It is no JSON in UTF-8.
    ValueError
        A field is missing or holds what it cannot; the message says so in one line of at most 150 characters.
    """
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass  # read again below: slowly, lone surrogates and NaN too, and so that what is wrong can be shown
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotJsonError("no valid JSON in UTF-8") from error
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise ValueError(shortened(_reason(str(error), data, shape))) from error


def shortened(reason: object) -> str:
    """A reason may quote the file, and the file may hold anything."""
    text = str(reason)
    return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 1]}…"


def _reason(said: str, data: Any, shape: type) -> str:
    """What msgspec said, in other words and with the value."""
    found = _PLACE.search(said)
    place, kind = found[1] if found else "", inspect.type_info(shape)
    if missing := _MISSING.match(said):
        return f"{f'{place}.' if place else ''}{missing[1]} is missing"
    for index, name in _STEP.findall(place):
        data, kind = (data[int(index)], _item(kind)) if index else (data[name], _field(kind, name))
    value = json.dumps(data)
    value = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
    return f"{place or 'the whole'} is {value}, expected {_expected(kind)}"


def _item(kind: inspect.Type) -> inspect.Type:
    return kind.item_type if isinstance(kind, inspect.ListType) else inspect.AnyType()


def _field(kind: inspect.Type, name: str) -> inspect.Type:
    fields = kind.fields if isinstance(kind, inspect.StructType | inspect.DataclassType) else ()
    return next((field.type for field in fields if field.encode_name == name), inspect.AnyType())


def _expected(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType():
            return "text"
        case inspect.BoolType():
            return "true or false"
        case inspect.FloatType():
            return f"a number{_bounds(kind)}"
        case inspect.IntType():
            return f"a whole number{_bounds(kind)}"
        case inspect.EnumType():
            return f"one of {', '.join(each.value for each in kind.cls)}"
        case inspect.UnionType():
            return " or ".join(map(_expected, kind.types))
        case inspect.NoneType():
            return "null"
        case inspect.ListType():
            return "a list"
    return "an object"


def _bounds(kind: inspect.FloatType | inspect.IntType) -> str:
    return "" if kind.ge is None or kind.le is None else f" from {kind.ge:g} to {kind.le:g}"
