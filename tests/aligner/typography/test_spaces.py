"""Spaces at which no line may end are shown as no-break spaces, and nothing else changes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aligner.typography import unbroken, widened, with_marks
from tests.tables import over_rows


def shown(text: str, language: str = "fr") -> str:
    """With ``_`` for a narrow no-break space and ``~`` for a wide one."""
    return unbroken(text, language).replace("\u202f", "_").replace("\u00a0", "~")


@over_rows(
    "text, expected",
    [
        ("Tu viens ? Oui ! Voilà ; si : « la mer » …", "Tu viens_? Oui_! Voilà_; si~: «~la mer~»~…"),
        ("l’« objet » et d'« un » (« dit » -il)", "l’«~objet~» et d'«~un~» («~dit~» -il)"),
        ("12 000 pas, 1 234 567, 30 % et 12 km", "12_000 pas, 1_234_567, 30~% et 12~km"),
        ("de 18 h à 20 h 30, 5 °C, 3 € le kg", "de 18~h à 20~h~30, 5~°C, 3~€ le kg"),
        ("Ce mot – un incise – va", "Ce mot~– un incise~– va"),
    ],
)
def test_french_marks_numbers_and_units_keep_to_what_they_belong_to(text: str, expected: str) -> None:
    assert shown(text) == expected


@over_rows(
    "language, text, expected",
    [
        ("en", "It is 30 km and 12 000 miles, from 5 to 6.", "It is 30~km and 12~000 miles, from 5 to 6."),
        ("de", "»Wort« und „Wort“ mit 3 000 000 Euro", "»Wort« und „Wort“ mit 3~000~000~Euro"),
        ("xx", "12 000 – 13 000", "12~000~– 13~000"),
    ],
)
def test_in_other_languages_numbers_do(language: str, text: str, expected: str) -> None:
    assert shown(text, language) == expected


@over_rows(
    "text",
    [
        "12 34 56 78",
        "en 1984 250 personnes",
        "12 0000",
        "2 < 3 - 1 / 4",
    ],
)
def test_other_spaces_stay(text: str) -> None:
    assert shown(text) == text


def test_the_texts_own_no_break_spaces_stay_and_are_widened_for_others() -> None:
    assert shown("Tu viens\u00a0? 12\u202f000") == "Tu viens~? 12_000"
    assert widened("Tu viens\u202f?\u00a0»") == "Tu viens\u00a0?\u00a0»"


@given(st.text(alphabet="ab1 0«»?!:;%–…\u00a0\n,.’", max_size=40), st.sampled_from(["fr", "en", "xx"]))
def test_the_text_is_the_same_but_for_its_spaces_and_is_done_once(text: str, language: str) -> None:
    found = unbroken(text, language)
    assert len(found) == len(text)
    assert all(new == old or (old == " " and new in "\u00a0\u202f") for new, old in zip(found, text, strict=True))
    assert unbroken(found, language) == found


MARKS = "aé1!?…»«“”(), \u00a0\u202f–/\u0301"


@given(st.text(alphabet=MARKS, max_size=12), st.text(alphabet=MARKS, max_size=12))
def test_what_belongs_to_a_word_holds_it_and_lies_within_the_marks_beside_it(before: str, after: str) -> None:
    text, word = f"{before} mot{after}", len(before) + 1
    start, end = with_marks(text, word, word + 3, range(len(before), len(text)))
    assert len(before) <= start <= word < word + 3 <= end <= len(text)
    assert not text[start:end].startswith((" ", "\u00a0", "\u202f"))
    assert not text[start:end].endswith((" ", "\u00a0", "\u202f", "«", "–"))
