"""Details as forms send them."""

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.tables import over_rows
from web.errors import Unusable
from web.library.details import Details, checked_details, read_details

GOOD = {"title": "Un été", "show": "", "date": "", "url": "", "language": ""}


def test_what_a_form_gives_becomes_details() -> None:
    form = {
        "title": "  Un\u00a0été\n ", "show": "Roue libre", "date": "2025-03-15",
        "url": " https://example.org/é?a=1#b ", "language": "fr-FR", "vocabulary": " Zoé \r\n\nInès",
    }  # fmt: skip
    details = checked_details(form, {"MK": "Maëlle K.", "Bob": "", "nobody": "x"}, ["MK", "Bob"])
    assert (details.title, details.show, details.date) == ("Un été", "Roue libre", "2025-03-15")
    assert (details.url, details.language) == ("https://example.org/é?a=1#b", "fr")
    assert (details.names, details.vocabulary) == ({"MK": "Maëlle K."}, ("Zoé", "Inès"))
    assert details.speakers == ("Maëlle K.", "Bob")


@over_rows(
    "field, value, key",
    [
        ("title", " \u200b\n", "fields.title_missing"),
        ("title", "x" * 301, "fields.too_long"),
        ("show", "x" * 201, "fields.too_long"),
        ("date", "15/03/2025", "fields.date"),
        ("date", "2025-02-30", "fields.date"),
        ("url", "javascript:alert(1)", "fields.url"),
        ("url", "//example.org", "fields.url"),
        ("url", "https://exa mple.org", "fields.url"),
        ("url", "https://[", "fields.url"),
        ("url", "https://example.org/" + "x" * 2000, "fields.too_long"),
        ("language", "klingonese", "fields.language"),
        ("vocabulary", "x" * 401, "fields.too_long"),
    ],
)
def test_a_field_that_cannot_be_is_named(field: str, value: str, key: str) -> None:
    with pytest.raises(Unusable) as refused:
        checked_details({**GOOD, field: value}, {}, [])
    assert (refused.value.key, refused.value.field) == (key, field)


def test_a_speakers_name_has_a_limit_too() -> None:
    with pytest.raises(Unusable) as refused:
        checked_details(GOOD, {"A": "x" * 101}, ["A"])
    assert refused.value.field == "speakers"


@settings(deadline=None)
@given(st.fixed_dictionaries({name: st.text(st.characters()) for name in GOOD}), st.text(st.characters()))
def test_any_form_gives_text_on_one_line_or_is_refused(form: dict[str, str], name: str) -> None:
    try:
        details = checked_details(form, {"A": name}, ["A"])
    except Unusable:
        return
    for text in (details.title, details.show, details.date, details.url, details.language, *details.speakers):
        assert text is None or (len(text.splitlines()) == 1 and text.encode("utf-8"))
    assert details.url is None or details.url.lower().startswith(("http://", "https://"))


def test_texts_that_others_wrote_are_cut_and_hold_no_nul(tmp_path: Path) -> None:
    said = {"format": "quotecast-episode", "version": 1, "title": "a\0b", "show": "x" * 9_000}
    (tmp_path / "episode.json").write_text(json.dumps(said), encoding="utf-8")
    file = read_details(tmp_path)
    assert file
    details = file.over(Details())
    assert (details.title, len(details.show or "")) == ("a?b", 2_000)
