"""A message is its English sentence, and remembers what another language needs."""

import copy
import json
import pickle
from pathlib import Path

import numpy as np
import pytest

from media.errors import DecodeError, Message, from_facts, to_facts

LENGTH = Message("{path}: {seconds:.1f} s; {expected}", path=Path("/a/b.mp3"), seconds=1.25, expected=Message("more"))


def test_an_error_says_its_sentence_and_knows_its_parts() -> None:
    error = DecodeError("{path}: is {what}", path=Path("a {b}.mp3"), what="empty {")
    assert str(error) == "a {b}.mp3: is empty {"
    assert error.message.template == "{path}: is {what}"
    assert error.message.values == {"path": "a {b}.mp3", "what": "empty {"}
    assert str(DecodeError(error.message)) == str(error)


def test_what_a_library_counts_is_a_number() -> None:
    assert Message("{n:.1f}", n=np.float32(0.5)).values == {"n": 0.5}


@pytest.mark.parametrize("again", [copy.deepcopy, lambda text: pickle.loads(pickle.dumps(text))])
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


@pytest.mark.parametrize("facts", [None, "text", {}, {"message": 3}])
def test_what_is_no_message_is_refused(facts: object) -> None:
    with pytest.raises(ValueError, match="expected a message"):
        from_facts(facts)


def nested(deep: int) -> dict[str, object]:
    facts: dict[str, object] = {"message": "m"}
    for _ in range(deep):
        facts = {"message": "m", "template": "cannot be started: {reason}", "values": {"reason": facts}}
    return facts


def test_messages_lie_within_one_another_as_deep_as_ours_do() -> None:
    assert from_facts(nested(8)) == "m"
    with pytest.raises(ValueError, match="as long and deep"):
        from_facts(nested(9))


@pytest.mark.parametrize(
    "longer", [{"values": dict.fromkeys(map(str, range(21)), 1)}, {"message": "m" * 20_001}, {"template": "m" * 20_001}]
)
def test_a_message_is_as_long_as_ours_are(longer: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="as long and deep"):
        from_facts({"message": "m", "template": "m", "values": {}} | longer)


def test_a_long_value_is_cut() -> None:
    read = from_facts({"message": "m", "template": "{detail}", "values": {"detail": "d" * 30_000}})
    assert isinstance(read, Message)
    assert read.values == {"detail": "d" * 20_000}
