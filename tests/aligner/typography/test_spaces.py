"""No-break spaces, and the punctuation that belongs to a word."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from aligner.typography import unbroken, widened, with_punctuation
from tests.tables import over_rows


def shown(text: str, language: str = "fr") -> str:
    """Return the text with ``_`` for narrow no-break spaces and ``~`` for wide ones."""
    return unbroken(text, language).replace("\u202f", "_").replace("\u00a0", "~")


@over_rows(
    "language, text, expected",
    [
        ("en", "It is 30 km and 12 000 miles, from 5 to 6.", "It is 30~km and 12~000 miles, from 5 to 6."),
        ("de", "»Wort« und „Wort“ mit 3 000 000 Euro", "»Wort« und „Wort“ mit 3~000~000~Euro"),
        ("fr", "en 1984 250 personnes, 12 34 56 78, 2 < 3", "en 1984 250 personnes, 12 34 56 78, 2 < 3"),
        ("fr", "Tu viens ? Oui ! Voilà ; si : « la mer » …", "Tu viens_? Oui_! Voilà_; si~: «~la mer~»~…"),
        ("fr", "l’« objet » et d'« un » (« dit » -il)", "l’«~objet~» et d'«~un~» («~dit~» -il)"),
        ("fr", "12 000 pas, 1 234 567, 30 % et 12 km", "12_000 pas, 1_234_567, 30~% et 12~km"),
        ("fr", "de 18 h à 20 h 30, 5 °C, 3 € le kg", "de 18~h à 20~h~30, 5~°C, 3~€ le kg"),
        ("fr", "Ce mot – un incise – va", "Ce mot~– un incise~– va"),
    ],
)
def test_punctuation_numbers_and_units_have_no_break_spaces(language: str, text: str, expected: str) -> None:
    assert shown(text, language) == expected


def test_no_break_spaces_of_the_text_stay_and_can_be_widened() -> None:
    assert shown("Tu viens\u00a0? 12\u202f000") == "Tu viens~? 12_000"
    assert widened("Tu viens\u202f?\u00a0»") == "Tu viens\u00a0?\u00a0»"


@given(st.text(alphabet="ab1 0«»?!:;%–…\u00a0\n,.’", max_size=40), st.sampled_from(["fr", "en", "xx"]))
def test_only_spaces_change_and_a_second_time_changes_nothing(text: str, language: str) -> None:
    found = unbroken(text, language)
    assert len(found) == len(text)
    assert all(new == old or (old == " " and new in "\u00a0\u202f") for new, old in zip(found, text, strict=True))
    assert unbroken(found, language) == found


MARKS = "aé1!?…»«“”(), \u00a0\u202f–/\u0301"


@given(st.text(alphabet=MARKS, max_size=12), st.text(alphabet=MARKS, max_size=12))
def test_a_word_with_its_punctuation_stays_within_the_marks_around_it(before: str, after: str) -> None:
    text, word = f"{before} mot{after}", len(before) + 1
    start, end = with_punctuation(text, word, word + 3, range(len(before), len(text)))
    assert len(before) <= start <= word < word + 3 <= end <= len(text)
    assert not text[start:end].startswith((" ", "\u00a0", "\u202f"))
    assert not text[start:end].endswith((" ", "\u00a0", "\u202f", "«", "–"))
