"""Encode results and errors of child processes as JSON, and decode them into the expected types, without pickle."""

from __future__ import annotations

import json
import traceback
from collections.abc import Callable
from numbers import Integral, Real
from typing import Any, TypeVar, get_origin, get_type_hints

import msgspec

import aligner.errors
import media.errors
import web.errors
from media import safe_fs
from media.errors import Message, UserError, from_facts, to_facts
from web.errors import Unusable, WebError, no_room

T = TypeVar("T")

_MESSAGE = "quotecast message"
_ERRORS: dict[str, type[Exception]] = {"OSError": OSError, "RuntimeError": RuntimeError} | {
    name: each
    for module in (aligner.errors, media.errors, web.errors, safe_fs)
    for name, each in vars(module).items()
    if isinstance(each, type) and issubclass(each, UserError | WebError | OSError)
}


def result_json(value: object) -> bytes:
    """Return a function's result as JSON."""
    return _json({"value": value})


def result_of(content: bytes, function: Callable[..., T]) -> T:
    """Return the result of a call to ``function`` in a child process, or raise the call's error. ``content`` is the
    result or error as JSON. Malformed JSON raises ValueError, TypeError or KeyError."""
    facts = json.loads(content, object_hook=lambda facts: from_facts(facts[_MESSAGE]) if _MESSAGE in facts else facts)
    if "error" in facts:
        raise _ERRORS[facts["error"]](*facts["arguments"], **facts["values"])
    result: T = msgspec.convert(facts["value"], get_type_hints(function)["return"], dec_hook=_decoded, str_keys=True)
    return result


def error_json(error: Exception) -> bytes:
    """Return an error as JSON. An error of an unexpected type becomes a RuntimeError with the traceback."""
    error, values = no_room(error) or error, dict[str, object]()
    if isinstance(error, MemoryError | RecursionError):
        error = Unusable("worker_pool.memory" if isinstance(error, MemoryError) else "worker_pool.fell")
    arguments: tuple[object, ...] = ("".join(traceback.format_exception(error)),)
    match error:
        case UserError():
            arguments = (error.message,)
        case WebError():
            arguments, values = (error.key, error.field), error.values
        case OSError():
            arguments = (error.errno, error.strerror or str(error), error.filename)
    name = next((each.__name__ for each in type(error).__mro__ if each.__name__ in _ERRORS), "RuntimeError")
    return _json({"error": name, "arguments": arguments, "values": values})


def _json(facts: object) -> bytes:
    # Not msgspec's own JSON, since file names may contain surrogates.
    return json.dumps(msgspec.to_builtins(facts, enc_hook=_encoded, str_keys=True)).encode("ascii")


def _encoded(value: Any) -> Any:
    match value:
        case Message():
            return {_MESSAGE: to_facts(value)}
        case range():
            return f"{value.start}:{value.stop}:{value.step}"
        case Integral():
            return int(value)  # of NumPy
        case Real():
            return float(value)
    return str(value)  # a path, HTML


def _decoded(kind: Any, value: Any) -> Any:
    if isinstance(value, kind := get_origin(kind) or kind):
        return value
    return range(*map(int, value.split(":"))) if kind is range else kind(value)
