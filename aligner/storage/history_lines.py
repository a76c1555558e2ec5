"""A line of an episode's history: one change, as JSON that can be read without quotecast.

Conventions
-----------
A line says what was changed for people (``what``: a ``kind`` and its arguments), what was and is for programs
(``edit``), and of which content of alignment.json it made which, by their SHA-256. Records are as in alignment.json.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Annotated, Any, Generic, TypeVar

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from aligner.edits import Edit
from aligner.edits.edit import Replaced
from aligner.edits.splices import Splice
from aligner.model import AudioFile, Engine, EpisodeDetails, Verdict
from aligner.storage.alignment_check import on_one_line
from aligner.storage.alignment_head import (
    StoredSignature,
    StoredWarning,
    signature_in,
    stored_signature,
    stored_warnings,
    warnings_told,
)
from aligner.storage.alignment_json import RECORDS
from aligner.storage.checked_json import Count, Share, decode, encodable, shortened

VERSION = 1

_LONGEST_WHO = 200  # characters
_FIRST = "begun"
ALIGNED, DETAILS, FOUND, RETIMED = MADE_ELSEWHERE = "aligned", "details", "found", "retimed"
"""The kinds of what was not made by correcting: by aligning again, by details that changed, in another way, by moving
all to another sound."""
UNDONE, REDONE = TAKEN_BACK_OR_AGAIN = "undone", "redone"
"""The kinds of what speaks of an earlier change: it is kept also where it makes no difference, as where something is
taken back of which another change has left nothing."""

T = TypeVar("T")

_Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
_Plain = (
    Annotated[str, Meta(max_length=10_000)]
    | Annotated[int, Meta(ge=-(10**9), le=10**9)]
    | Annotated[float, Meta(ge=-1e9, le=1e9)]
    | bool
    | None
)
_Arguments = Annotated[
    dict[Annotated[str, Meta(max_length=50)], _Plain | Annotated[list[_Plain], Meta(max_length=10_000)]],
    Meta(max_length=20),
]


class LaterError(ValueError):
    """The line is of a later version."""


class _Pair(Struct, Generic[T]):
    before: T
    after: T


class _Fields(Struct, omit_defaults=True):
    language: _Pair[str] | UnsetType = UNSET
    episode: _Pair[EpisodeDetails] | UnsetType = UNSET
    audio: _Pair[AudioFile] | UnsetType = UNSET
    transcript_file: _Pair[str] | UnsetType = UNSET
    transcript_sha256: _Pair[str] | UnsetType = UNSET
    engine: _Pair[Engine] | UnsetType = UNSET
    coverage: _Pair[Share] | UnsetType = UNSET
    verdict: _Pair[Verdict] | UnsetType = UNSET
    warnings: _Pair[list[StoredWarning]] | UnsetType = UNSET
    signature: _Pair[StoredSignature | None] | UnsetType = UNSET
    machine_text: _Pair[bool] | UnsetType = UNSET


class _Splice(Struct, Generic[T]):
    at: Count
    before: T
    after: T


_Edit: Any = msgspec.defstruct(
    "_Edit",
    [
        ("text", list[_Splice[str]], msgspec.field(default_factory=list)),
        *(
            (name, list[_Splice[list[each.shape]]], msgspec.field(default_factory=list))  # type: ignore[name-defined]
            for name, each in RECORDS.items()
        ),
        ("fields", _Fields, msgspec.field(default_factory=_Fields)),
    ],
)


class _Line(Struct):
    version: int
    id: Count
    when: Annotated[datetime, Meta(tz=True)]
    who: Annotated[str, Meta(max_length=_LONGEST_WHO)]
    what: _Arguments
    before_sha256: _Hash | None
    after_sha256: _Hash
    edit: _Edit


class _Versioned(Struct):
    version: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """A change of an episode, as its ``line`` in the history says; of the edit there may be much, which is read when
    asked for."""

    id: int
    when: datetime
    who: str
    what: Mapping[str, Any]
    before_sha256: str | None
    after_sha256: str
    line: bytes = field(repr=False)

    @property
    def kind(self) -> str:
        return str(self.what["kind"])

    @property
    def edit(self) -> Edit:
        """What the change did; raises ValueError where that cannot be."""
        return _edit(decode(self.line, _Line).edit)


def new_change(number: int, who: str, what: Mapping[str, Any], hashes: tuple[str | None, str], edit: Edit) -> Change:
    """The change with its line, of now.

    Raises
    ------
    ValueError
        What it says is longer or other than such a line may hold.
    """
    before, after = hashes
    stored = {
        "version": VERSION,
        "id": number,
        "when": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "who": on_one_line(who) or "",
        "what": dict(what),
        "before_sha256": before,
        "after_sha256": after,
        "edit": _stored(edit),
    }
    return read_change(encodable(json.dumps(stored, ensure_ascii=False)).encode("utf-8"))


def read_change(line: bytes) -> Change:
    """The change that a line holds, all of it checked.

    Raises
    ------
    LaterError
        It is of a later version.
    ValueError
        It is no such line.
    """
    version = decode(line, _Versioned).version
    if version is not None and version > VERSION:
        raise LaterError(shortened(version))
    read = decode(line, _Line)
    if version != VERSION:
        raise ValueError(f"version {version} of the format; expected {VERSION}")
    if not isinstance(read.what.get("kind"), str):
        raise ValueError("what.kind is no text")
    who = on_one_line(read.who) or ""
    return Change(read.id, read.when, who, read.what, read.before_sha256, read.after_sha256, line)


def _stored(edit: Edit) -> dict[str, Any]:
    stored: dict[str, Any] = {}
    if edit.text:
        stored["text"] = [_spliced(splice, splice.before, splice.after) for splice in edit.text]
    for name, splices in edit.lists.items():
        record = RECORDS[name]
        stored[name] = [
            _spliced(
                each, *([msgspec.to_builtins(record.stored(r)) for r in side] for side in (each.before, each.after))
            )
            for each in splices
        ]
    if edit.fields:
        stored["fields"] = {_field_name(name): _pair(name, *pair) for name, pair in edit.fields.items()}
    return stored


def _spliced(splice: Splice[Any], before: Any, after: Any) -> dict[str, Any]:
    return {"at": splice.at, "before": before, "after": after}


def _pair(name: str, before: Any, after: Any) -> dict[str, Any]:
    if name == "warnings":
        before, after = ([] if each is UNSET else each for each in map(stored_warnings, (before, after)))
    if name == "signature":
        before, after = (each and stored_signature(each) for each in (before, after))
    return {"before": msgspec.to_builtins(before), "after": msgspec.to_builtins(after)}


def _field_name(name: str) -> str:
    stored = name.replace(".", "_")
    if stored not in _Fields.__struct_fields__:
        raise ValueError(f"{name} has no place in a history")
    return stored


def _edit(read: Any) -> Edit:
    text = tuple(Splice(each.at, each.before, each.after) for each in read.text)
    lists = {
        name: tuple(
            Splice(each.at, *(tuple(map(record.read, side)) for side in (each.before, each.after)))
            for each in getattr(read, name)
        )
        for name, record in RECORDS.items()
        if getattr(read, name)
    }
    fields: dict[str, Replaced] = {}
    for name in _Fields.__struct_fields__:
        pair = getattr(read.fields, name)
        if pair is not UNSET:
            sides: Sequence[Any] = (pair.before, pair.after)
            if name == "warnings":
                sides = [warnings_told(side) for side in sides]
            elif name == "signature":
                sides = [signature_in(side) for side in sides]
            fields[name.replace("transcript_", "transcript.")] = Replaced(*sides)
    return Edit(text, lists, fields)


def is_first(change: Change) -> bool:
    """Whether it only says what there was when the history began."""
    return change.kind == _FIRST


def first_change(edit: Edit, after_sha256: str) -> Change:
    """The change that a history begins with, of which the ``edit`` makes the whole alignment of nothing."""
    return new_change(1, "", {"kind": _FIRST}, (None, after_sha256), edit)
