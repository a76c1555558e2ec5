"""Define messages and errors for users: English sentences, with the template and values needed to translate them."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

_MAX_DEPTH = 8  # of messages within messages from outside; ours have two or three levels
_MAX_VALUES = 20
_MAX_CHARACTERS = 20_000


class Message(str):
    """An English sentence, and the ``template`` and ``values`` from which ``str.format`` made the sentence.

    Translations are looked up by template, so each template is a literal in the code. Three placeholders are special:
    ``{path}`` is a file or folder; users on other machines see only the last part of the path. ``{reason}`` is another
    message or an error text of the operating system. ``{detail}`` is text of another program or from inside a
    file, which stays as it is; a translation may omit this text."""

    template: str
    values: Mapping[str, str | int | float | None]

    def __new__(cls, template: str, /, **values: object) -> Message:
        plain = {name: _plain(value) for name, value in values.items()}
        return cls._assembled(template.format(**values), template, plain)

    @classmethod
    def _assembled(cls, text: str, template: str, values: Mapping[str, str | int | float | None]) -> Message:
        message = super().__new__(cls, text)
        message.template, message.values = template, values
        return message

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """Pickle the sentence too: in a message read from JSON, the sentence may differ from the formatted template."""
        return self._assembled, (str(self), self.template, self.values)


def to_facts(text: str) -> dict[str, Any]:
    """Convert a message to a JSON object: ``message`` (the sentence) and, unless ``text`` is a plain string,
    ``template`` and ``values``."""
    if not isinstance(text, Message):
        return {"message": text}
    values = {name: to_facts(value) if isinstance(value, Message) else value for name, value in text.values.items()}
    return {"message": str(text), "template": text.template, "values": values}


def from_facts(facts: object) -> str:
    """Convert a JSON object, written by ``to_facts``, back to a message.

    The sentence in the object is used; the template may come from an untrusted source and is never formatted.
    Raises ValueError if ``facts`` is not a message, or is longer or more deeply nested than any real one."""
    return _read(facts, _MAX_DEPTH)


def _read(facts: object, depth: int) -> str:
    match facts:
        case {"message": str(text), "template": str(template), "values": dict(values)}:
            if not depth or len(values) > _MAX_VALUES or max(len(text), len(template)) > _MAX_CHARACTERS:
                raise ValueError("expected a message as long and deep as one can be")
            return Message._assembled(text, template, {name: _value(each, depth) for name, each in values.items()})
        case {"message": str(text)}:
            return text
    raise ValueError("expected a message, or one with its template and values")


def _value(value: object, depth: int) -> str | int | float | None:
    """Decode one of a message's ``values``: None, a number, a text, or a message of less than ``depth`` levels."""
    read = _read(value, depth - 1) if isinstance(value, dict) else _plain(value)
    return read[:_MAX_CHARACTERS] if isinstance(read, str) and len(read) > _MAX_CHARACTERS else read


def _plain(value: object) -> str | int | float | None:
    if value is None or isinstance(value, str | int | float):
        return value
    return float(value) if isinstance(value, Real) else str(value)


class UserError(Exception):
    """An error to show to the user: ``message`` names the unusable input, the problem and what was expected."""

    def __init__(self, template: str, /, **values: object) -> None:
        self.message = template if isinstance(template, Message) else Message(template, **values)
        super().__init__(self.message)


class MediaError(UserError):
    """Audio or a picture cannot be used."""


class DecodeError(MediaError):
    """The file is missing, empty or cannot be decoded."""


class NoAudioError(MediaError):
    """The file can be decoded but has no audio."""


class FfmpegError(MediaError):
    """ffmpeg is missing or failed."""


class ClipError(MediaError):
    """A clip cannot be made with the given options."""


class FontError(MediaError):
    """A font is missing or cannot be used."""


class TagError(MediaError):
    """The tags of a file cannot be read or written."""


class PictureError(MediaError):
    """A picture is missing or cannot be used."""


class NoPictureError(PictureError):
    """The file is not a picture in a supported format."""


class FingerprintError(MediaError):
    """The bytes are not an audio fingerprint, or are damaged."""
