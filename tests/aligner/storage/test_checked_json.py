"""Checked JSON: a record comes back, and what does not fit is reported with its place in one short line."""

import re
from enum import StrEnum
from typing import Any, Literal

import msgspec
import pytest

from aligner.storage.checked_json import Count, Seconds, Share, convert, decode
from tests.tables import over_rows


class Wind(StrEnum):
    CALM = "calm"
    GALE = "gale"


class Crossing(msgspec.Struct):
    name: str
    start: Seconds | None
    full: Share
    boats: Count
    wind: Wind
    stops: list[str] = []
    kind: Literal["single", "return"] = "single"

    def __post_init__(self) -> None:
        if len(self.stops) == 1:
            raise ValueError("a crossing has two stops")


class Log(msgspec.Struct):
    crossings: list[Crossing]


GOOD = '{"name": "é", "start": 1, "full": 0.5, "boats": 3, "wind": "calm", "unknown": {}}'


def log(crossing: str) -> bytes:
    return f'{{"crossings": [{GOOD}, {crossing}]}}'.encode()


def test_a_record_is_read_and_unknown_fields_are_ignored() -> None:
    first, second = decode(log(GOOD), Log).crossings
    assert first == second == Crossing("é", 1.0, 0.5, 3, Wind.CALM)


@over_rows(
    "old, new, reason",
    [
        ('"name": "é"', '"name": null', "got `null` - at `$.crossings[1].name`"),
        ('"start": 1', '"start": "1"', "at `$.crossings[1].start`"),
        ('"full": 0.5', '"full": 1.5', "at `$.crossings[1].full`"),
        ('"boats": 3', '"boats": -1', "at `$.crossings[1].boats`"),
        ('"wind": "calm"', f'"wind": "{"breeze" * 100}"', "Invalid enum value 'breezebreeze"),
        ('"wind": "calm", ', "", "missing required field `wind` - at `$.crossings[1]`"),
        ('"unknown": {}', '"stops": ["a"]', "a crossing has two stops - at `$.crossings[1]`"),
        ('"unknown": {}', '"kind": "none"', "at `$.crossings[1].kind`"),
    ],
)
def test_the_place_of_what_does_not_fit_is_reported(old: str, new: str, reason: str) -> None:
    assert old in GOOD
    with pytest.raises(ValueError, match=re.escape(reason)) as refusal:
        decode(log(GOOD.replace(old, new)), Log)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) <= 150


@over_rows("given", [{"crossings": 5}, {}, [], {"crossings": ["\ud800"]}])
def test_decoded_json_is_checked_alike(given: Any) -> None:
    with pytest.raises(ValueError, match=r"Expected|missing|surrogates"):
        convert(given, Log)


@over_rows(
    "content",
    [
        b"",
        b"{",
        b"\xef\xbb\xbf{}",
        b'{"more": ' + b"[" * 100_000,
        b'{"crossings": [], "more": NaN}',
        b'{"crossings": [], "more": "\\udcff"}',
        b'{"crossings": [{"name": "\xff"}]}',
    ],
)
def test_what_is_no_json_in_utf_8_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match="no valid JSON in UTF-8"):
        decode(content, Log)
