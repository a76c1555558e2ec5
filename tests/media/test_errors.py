"""A message is its English sentence and has the parts for a translation."""

import copy
import json
import pickle
from pathlib import Path

import pytest

from media.errors import DecodeError, Message, from_facts, to_facts
from tests.tables import over_rows

LENGTH = Message("{path}: {seconds:.1f} s; {expected}", path=Path("/a/b.mp3"), seconds=1.25, expected=Message("more"))


def test_an_error_has_a_sentence_and_its_parts() -> None:
    error = DecodeError("{path}: is {what}", path=Path("a {b}.mp3"), what="empty {")
    assert str(error) == "a {b}.mp3: is empty {"
    assert error.message.template == "{path}: is {what}"
    assert error.message.values == {"path": "a {b}.mp3", "what": "empty {"}
    assert str(DecodeError(error.message)) == str(error)


@over_rows("again", [copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
def test_a_copy_is_the_same_message(again: object) -> None:
    copied = again(LENGTH)  # type: ignore[operator]
    assert (copied, copied.template, copied.values) == (LENGTH, LENGTH.template, LENGTH.values)


def test_a_message_goes_through_json_and_back() -> None:
    read = from_facts(json.loads(json.dumps(to_facts(LENGTH))))
    assert isinstance(read, Message)
    assert (read, read.template, read.values) == (LENGTH, LENGTH.template, LENGTH.values)
    assert isinstance(read.values["expected"], Message)
    assert from_facts(to_facts("plain {words}")) == "plain {words}"


def test_no_template_from_outside_is_filled() -> None:
    facts = {"message": "as told", "template": "{a.__class__} {b:>1000000000}", "values": {"a": 1, "c": [2]}}
    assert copy.deepcopy(from_facts(facts)) == "as told"


@over_rows("facts", [None, "text", {}, {"message": 3}])
def test_invalid_messages_are_refused(facts: object) -> None:
    with pytest.raises(ValueError, match="expected a message"):
        from_facts(facts)
