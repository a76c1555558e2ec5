"""What does not fit a record is told by its place, its value and what was expected, in one short line."""

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest

from aligner.storage.checked_json import Count, MisfitError, NotJsonError, Seconds, Share, convert, decode
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


class Log(msgspec.Struct):
    crossings: list[Crossing]


GOOD = '{"name": "é", "start": 1, "full": 0.5, "boats": 3, "wind": "calm", "unknown": {}}'


def log(crossing: str) -> bytes:
    return f'{{"crossings": [{GOOD}, {crossing}]}}'.encode()


def test_a_record_is_read_and_what_it_does_not_name_is_passed_over() -> None:
    first, second = decode(log(GOOD), Log).crossings
    assert first == second == Crossing("é", 1.0, 0.5, 3, Wind.CALM)


def test_halves_of_characters_in_names_of_files_are_read() -> None:
    assert decode(log(GOOD.replace("é", "\\udcff")), Log).crossings[1].name == "\udcff"


@over_rows(
    "old, new, complaint",
    [
        ('"name": "é"', '"name": null', "crossings[1].name is null, expected text"),
        ('"start": 1', '"start": "1"', 'crossings[1].start is "1", expected a number from 0 to 1e+09 or null'),
        ('"start": 1', '"start": NaN', "crossings[1].start is NaN, expected a number from 0 to 1e+09 or null"),
        ('"full": 0.5', '"full": 1.5', "crossings[1].full is 1.5, expected a number from 0 to 1"),
        ('"boats": 3', '"boats": -1', "crossings[1].boats is -1, expected a whole number from 0 to 1e+09"),
        ('"wind": "calm"', '"wind": "breeze"', 'crossings[1].wind is "breeze", expected one of calm, gale'),
        ('"wind": "calm", ', "", "crossings[1].wind is missing"),
        ('"unknown": {}', '"stops": [true]', "crossings[1].stops[0] is true, expected text"),
        ('"unknown": {}', '"stops": 5', "crossings[1].stops is 5, expected a list"),
    ],
)
def test_what_does_not_fit_is_told(old: str, new: str, complaint: str) -> None:
    assert old in GOOD
    with pytest.raises(ValueError, match="crossings") as refusal:
        decode(log(GOOD.replace(old, new)), Log)
    assert str(refusal.value) == complaint


class Ticket(msgspec.Struct):
    number: Annotated[str, msgspec.Meta(pattern=r"^\d{3}$")] = "000"
    kind: Literal["single", "return"] = "single"
    version: Literal[1] = 1
    deck: Annotated[int, msgspec.Meta(ge=0, le=3)] | None = None
    names: dict[str, str] = {}
    stops: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if len(self.stops) == 1:
            raise ValueError("a crossing has two stops")


@over_rows(
    "given, place, complaint",
    [
        ({"number": "12"}, "number", r'number is "12", expected text like ^\d{3}$'),
        ({"kind": "none"}, "kind", 'kind is "none", expected one of return, single'),
        ({"version": 2}, "version", "version is 2, expected 1"),
        ({"deck": True}, "deck", "deck is true, expected a whole number from 0 to 3 or null"),
        ({"names": {"Anna": 5}}, "names", 'names is {"Anna": 5}, expected an object, each of its values text'),
        ({"stops": ["a", 1]}, "stops[1]", "stops[1] is 1, expected text"),
        ({"stops": ["a"]}, "", "a crossing has two stops"),
    ],
)
def test_the_place_of_what_does_not_fit_is_told_by_itself(given: dict[str, Any], place: str, complaint: str) -> None:
    with pytest.raises(MisfitError) as refusal:
        convert(given, Ticket)
    assert (refusal.value.place, str(refusal.value)) == (place, complaint)


@over_rows("content", ["[" * 500, "x" * 500, "é\n" * 250])
def test_the_line_is_short_whatever_is_there(content: str) -> None:
    with pytest.raises(ValueError, match="expected one of") as refusal:
        decode(log(GOOD.replace('"calm"', msgspec.json.encode(content).decode())), Log)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) <= 150


@over_rows("content", [b"", b"{", b"\xff", b"\xef\xbb\xbf{}", b"[" * 100_000])
def test_what_is_no_json_is_told_apart(content: bytes) -> None:
    with pytest.raises(NotJsonError, match="no valid JSON in UTF-8"):
        decode(content, Log)


@over_rows("content, value", [(b"[]", "[]"), (b"5", "5"), (b"null", "null")])
def test_another_kind_of_whole_is_told(content: bytes, value: Any) -> None:
    with pytest.raises(ValueError, match="expected an object") as refusal:
        decode(content, Log)
    assert str(refusal.value) == f"the whole is {value}, expected an object"


class _Choice(msgspec.Struct):
    kind: Literal["one", "other"]
    share: Share = 0.0


@over_rows(
    "content", [b'{"kind": "\\ud800"}', b'{"kind": "one", "share": "\\ud800"}', b'{"kind": "one", "\\udfff": 1}']
)
def test_half_a_character_fits_no_choice_no_number_and_no_name(content: bytes) -> None:
    with pytest.raises(MisfitError, match="half a character"):
        decode(content, _Choice)


def test_of_a_long_list_no_more_is_made_text_than_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json, "dumps", lambda data: pytest.fail("all of it is made text"))
    with pytest.raises(MisfitError, match=r"the whole is \[\{\}, \{\}, .*…, expected a whole number"):
        convert([{}] * 1000, int)
