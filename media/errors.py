"""Errors for the user, each one sentence to act on, which remembers how it was made so that others can translate it."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

_DEEPEST = 8  # messages within one another, as they come from outside; ours have two or three
_MOST_VALUES = 20
_LONGEST_TEXT = 20_000  # characters


class Message(str):
    """A sentence in English, made of a ``template`` whose ``{places}`` the ``values`` fill as ``str.format`` does.

    The template is what a translation goes by, so it is always written out where the message is. Three places
    have a meaning of their own: ``{path}`` is a file or folder, of which a reader elsewhere is told the name alone;
    ``{reason}`` is what the system says, or a message in itself; ``{detail}`` is what another program or the inside
    of a file says, in words that nobody has translated: a translation may leave it out.
    """

    template: str
    values: Mapping[str, str | int | float | None]

    def __new__(cls, template: str, /, **values: object) -> Message:
        plain = {name: _plain(value) for name, value in values.items()}
        return cls._remembering(template.format(**values), template, plain)

    @classmethod
    def _remembering(cls, text: str, template: str, values: Mapping[str, str | int | float | None]) -> Message:
        message = super().__new__(cls, text)
        message.template, message.values = template, values
        return message

    def __reduce__(self) -> tuple[object, tuple[object, ...]]:
        """A copy has the same words, whether or not the template makes them."""
        return self._remembering, (str(self), self.template, self.values)


def to_facts(text: str) -> dict[str, Any]:
    """``text`` as JSON has it: its ``message``, and its ``template`` and ``values`` where it has them."""
    if not isinstance(text, Message):
        return {"message": text}
    values = {name: to_facts(value) if isinstance(value, Message) else value for name, value in text.values.items()}
    return {"message": str(text), "template": text.template, "values": values}


def from_facts(facts: object) -> str:
    """The text that ``to_facts`` was given. Its words are taken as they are: no template from outside is filled.

    Raises ValueError: these are no such facts, or more than a sentence of ours is made of.
    """
    return _read(facts, _DEEPEST)


def _read(facts: object, deeper: int) -> str:
    """``from_facts``, of a message that may have others within it, ``deeper`` at most."""
    match facts:
        case {"message": str(text), "template": str(template), "values": dict(values)}:
            if not deeper or len(values) > _MOST_VALUES or max(len(text), len(template)) > _LONGEST_TEXT:
                raise ValueError("expected a message as long and deep as one can be")
            return Message._remembering(text, template, {name: _value(each, deeper) for name, each in values.items()})
        case {"message": str(text)}:
            return text
    raise ValueError("expected a message, or one with its template and values")


def _value(value: object, deeper: int) -> str | int | float | None:
    """A value as ``to_facts`` has it; one that is long is cut, for it may stand in a sentence more than once."""
    read = _read(value, deeper - 1) if isinstance(value, dict) else _plain(value)
    return read[:_LONGEST_TEXT] if isinstance(read, str) and len(read) > _LONGEST_TEXT else read


def _plain(value: object) -> str | int | float | None:
    """A value as JSON has it; NumPy's numbers are numbers too."""
    if value is None or isinstance(value, str | int | float):
        return value
    return float(value) if isinstance(value, Real) else str(value)


class UserError(Exception):
    """Something that was given could not be used: one ``message`` says what, where, and what was expected."""

    def __init__(self, template: str, /, **values: object) -> None:
        self.message = template if isinstance(template, Message) else Message(template, **values)
        super().__init__(self.message)


class MediaError(UserError):
    """A sound or picture could not be used."""


class DecodeError(MediaError):
    """The file is missing, empty, or not something that can be decoded."""


class NoAudioError(MediaError):
    """The file decodes but has no sound in it."""


class FfmpegError(MediaError):
    """ffmpeg is not there, or could not do its work."""


class ClipError(MediaError):
    """A clip cannot be made as asked."""


class FontError(MediaError):
    """A font is not there or cannot be used."""


class TagError(MediaError):
    """What a file says of itself cannot be read, or cannot be said in such a file."""


class PictureError(MediaError):
    """A picture is not there or cannot be used."""


class NoPictureError(PictureError):
    """The file is of no kind of picture that is read."""


class FingerprintError(MediaError):
    """The bytes of a sound's fingerprint are something else, or damaged."""
