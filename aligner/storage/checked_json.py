"""JSON that came from outside, read into typed records; what does not fit is told by place, value and expectation.

Conventions
-----------
A record is a ``msgspec.Struct`` or a dataclass; what it does not name is passed over. Numbers need bounds, as those
below have them: no NaN and no infinity lies within bounds.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from itertools import islice
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import inspect

T = TypeVar("T")

Seconds = Annotated[float, msgspec.Meta(ge=0, le=1e9)]
Share = Annotated[float, msgspec.Meta(ge=0, le=1)]
Count = Annotated[int, msgspec.Meta(ge=0, le=1_000_000_000)]

_LONGEST_REASON, _LONGEST_VALUE = 150, 40  # characters
_MISSING = re.compile(r"Object missing required field `(.*?)`")
_PLACE = " - at `$"  # stands before the place, at the end of what msgspec says
_STEP = re.compile(r"\[(\d+)\]|([^.\[\]]+)")


class NotJsonError(ValueError):
    """The content is no JSON in UTF-8."""


class MisfitError(ValueError):
    """A field is missing or holds what it cannot; ``place`` is where, as in ``words[3].start``, empty for the whole."""

    def __init__(self, place: str, reason: str) -> None:
        super().__init__(shortened(reason))
        self.place = place


def decode(content: bytes, shape: type[T]) -> T:
    """The record of type ``shape`` that ``content`` holds.

    Raises
    ------
    NotJsonError
        It is no JSON in UTF-8.
    MisfitError
        As ``convert``.
    """
    try:
        return msgspec.json.decode(content, type=shape)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass  # read again below: slowly, lone surrogates and NaN too, and so that what is wrong can be shown
    try:
        data = json.loads(content.decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise NotJsonError("no valid JSON in UTF-8") from error
    return convert(data, shape)


def convert(data: Any, shape: type[T]) -> T:
    """The record of type ``shape`` that ``data`` holds, JSON that is decoded already.

    Raises
    ------
    MisfitError
        A field is missing or holds what it cannot; the message says so in one line of at most 150 characters.
    """
    try:
        return msgspec.convert(data, shape)
    except msgspec.ValidationError as error:
        raise _misfit(error, data, shape) from error
    except UnicodeEncodeError as error:  # msgspec encodes the names of fields and what it compares with choices
        raise MisfitError("", "half a character stands where none can be") from error


def encodable(text: str) -> str:
    """The text of some JSON as UTF-8 can hold it: a file name that is no Unicode holds lone surrogates, which become
    JSON's own escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def shortened(reason: object) -> str:
    """A reason may quote the file, and the file may hold anything."""
    text = str(reason)
    return text if len(text) <= _LONGEST_REASON else f"{text[: _LONGEST_REASON - 1]}…"


def _misfit(error: msgspec.ValidationError, data: Any, shape: type) -> MisfitError:
    """What msgspec said, in other words and with the value."""
    said, kind = str(error), inspect.type_info(shape)
    _, found, place = said.rpartition(_PLACE)
    place = place.removeprefix(".").removesuffix("`").partition("[...]")[0] if found else ""
    if missing := _MISSING.match(said):
        place = f"{place}.{missing[1]}" if place else missing[1]
        return MisfitError(place, f"{place} is missing")
    if error.__cause__:  # the record's own check
        return MisfitError(place, f"{place}: {error.__cause__}" if place else str(error.__cause__))
    for index, name in _STEP.findall(place):
        data, kind = (data[int(index)], _item(kind)) if index else (data[name], _field(kind, name))
    # Piece by piece: of a list of millions no more than is shown is made text.
    value = "".join(islice(json.JSONEncoder().iterencode(data), _LONGEST_VALUE + 1))
    value = value if len(value) <= _LONGEST_VALUE else f"{value[:_LONGEST_VALUE]}…"
    return MisfitError(place, f"{place or 'the whole'} is {value}, expected {_expected(kind)}")


def _item(kind: inspect.Type) -> inspect.Type:
    return kind.item_type if isinstance(kind, inspect.ListType | inspect.VarTupleType) else inspect.AnyType()


def _field(kind: inspect.Type, name: str) -> inspect.Type:
    fields = kind.fields if isinstance(kind, inspect.StructType | inspect.DataclassType) else ()
    return next((field.type for field in fields if field.encode_name == name), inspect.AnyType())


def _expected(kind: inspect.Type) -> str:
    match kind:
        case inspect.StrType():
            return "text" if kind.pattern is None else f"text like {kind.pattern}"
        case inspect.BoolType():
            return "true or false"
        case inspect.FloatType():
            return f"a number{_bounds(kind)}"
        case inspect.IntType():
            return f"a whole number{_bounds(kind)}"
        case inspect.EnumType():
            return _choice([each.value for each in kind.cls])
        case inspect.LiteralType():
            return _choice(kind.values)
        case inspect.UnionType():
            return " or ".join(map(_expected, kind.types))
        case inspect.NoneType():
            return "null"
        case inspect.ListType() | inspect.VarTupleType():
            return "a list"
        case inspect.DictType(value_type=value) if not isinstance(value, inspect.AnyType):
            return f"an object, each of its values {_expected(value)}"
    return "an object"


def _choice(values: Sequence[object]) -> str:
    return f"{'one of ' if len(values) > 1 else ''}{', '.join(map(str, values))}"


def _bounds(kind: inspect.FloatType | inspect.IntType) -> str:
    return "" if kind.ge is None or kind.le is None else f" from {kind.ge:g} to {kind.le:g}"
