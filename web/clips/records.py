"""What is known of a clip by its own files: what its record tells, and how long it lasts. Both are kept until the file
changes; a folder that somebody sent may hold thousands of them, and none is as it should be."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from msgspec import Meta

from aligner.publishing.post import FORMAT, VERSION
from aligner.quotes import Caution
from aligner.storage.atomic import FileState, state_of
from aligner.storage.checked_json import convert, decode
from media.errors import DecodeError
from media.safe_fs import read_regular
from web.bounded import call
from web.caching import until_changed
from web.errors import Busy, Unusable

_LARGEST_BYTES = 500_000  # an hour of talk takes half of that
_SMALL_BYTES = 10_000  # two minutes of talk
_MOST_CAUTIONS = 100
_AT_HAND, _LARGE_AT_HAND = 16_384, 100  # clips
_Seconds = Annotated[float, Meta(gt=-1e9, lt=1e9)]  # what a record tells beyond is no time


@dataclass(frozen=True, slots=True)
class Record:
    """What the JSON of the clip ``file`` tells; None or empty is what it does not. Times are in seconds, ``start`` and
    ``end`` of the episode, whose sound has the hash ``sound``."""

    file: str | None = None
    text: str = ""
    language: str = ""
    speaker: str | None = None
    duration: float | None = None
    start: float | None = None
    end: float | None = None
    sound: str | None = None
    cautions: tuple[Caution, ...] = ()


def record_of(path: Path | None, file: str) -> Record:
    """What the JSON at ``path`` tells of the clip ``file``; nothing where there is none, or it is another's."""
    if path is None:
        return Record()
    try:
        found = (_small if state_of(path).size_bytes <= _SMALL_BYTES else _large)(path)
    except OSError:
        return Record()
    return found if found.file == file else Record()


class Durations:
    """How long clips last, as their files say, for one who lists them.

    A child looks into a file, once. After one that it could not look into within bounds the rest is left for the next
    list: nobody waits for as many of those as were sent.
    """

    def __init__(self) -> None:
        self._may_ask = True

    def of(self, file: Path) -> float | None:
        """In seconds, None where the file does not say, or that is not known yet.

        Raises
        ------
        OSError
            It is not there.
        """
        state = state_of(file)
        if not self._may_ask or _unmeasurable.get(file) == state:
            return None
        try:
            return _measured(file)
        except Busy:
            self._may_ask = False
        except Unusable:
            self._may_ask = False
            if len(_unmeasurable) >= _AT_HAND:
                _unmeasurable.clear()
            _unmeasurable[file] = state
        return None


_unmeasurable: dict[Path, FileState] = {}


@until_changed(_AT_HAND)
def _measured(file: Path) -> float | None:
    return call(_stated_duration, file)


def _stated_duration(file: Path) -> float | None:
    from media.container import open_container

    try:
        with closing(open_container(file)) as container:
            return None if container.duration is None else container.duration / 1_000_000
    except DecodeError:
        return None


def _read(path: Path) -> Record:
    """What a clip's JSON tells, as far as it is what was expected: people edit such files."""
    try:
        told = decode(read_regular(path, _LARGEST_BYTES), dict[str, Any])
    except ValueError:
        return Record()
    if (told.get("format"), told.get("version")) != (FORMAT, VERSION):
        return Record()
    source = _fitting(told.get("source"), dict) or {}
    warnings = (_fitting(told.get("warnings"), list) or ())[:_MOST_CAUTIONS]
    return Record(
        file=_fitting(told.get("file"), str),
        text=_fitting(told.get("quote"), str) or "",
        language=_fitting(told.get("language"), str) or "",
        speaker=_fitting(told.get("speaker"), str),
        duration=_fitting(told.get("duration"), _Seconds),
        start=_fitting(source.get("start"), _Seconds),
        end=_fitting(source.get("end"), _Seconds),
        sound=_fitting(source.get("sha256"), str),
        cautions=tuple(filter(None, (_fitting(warning, Caution) for warning in warnings))),
    )


_small = until_changed(_AT_HAND)(_read)
_large = until_changed(_LARGE_AT_HAND)(_read)


def _fitting(value: object, kind: Any) -> Any:
    """The value, if it is of this kind; else None."""
    try:
        return convert(value, kind)
    except ValueError:
        return None
