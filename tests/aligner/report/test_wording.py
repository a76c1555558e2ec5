"""What a report says is what a person would say."""

from __future__ import annotations

import pytest

from aligner.report.wording import how_heard


@pytest.mark.parametrize(
    ("heard", "told"),
    [
        (("de", "letters", "base"), "in German, heard letter by letter (with the model base)"),
        (("fr", "words", "small"), "in French, heard word by word (with the model small)"),
        (("en", "given", "heard.json"), "in English, heard by another program (as heard.json tells)"),
        (("und", "letters", "base"), "in an unknown language, heard letter by letter (with the model base)"),
        (("xx", "own", "v1"), "in xx, heard by own (v1)"),
    ],
)
def test_the_language_and_the_ear_are_named_as_people_name_them(heard: tuple[str, str, str], told: str) -> None:
    assert str(how_heard(*heard)) == told
