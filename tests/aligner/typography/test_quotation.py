"""Nested quotations and the marks of excerpts."""

from hypothesis import given
from hypothesis import strategies as st

from aligner.languages import language_of
from aligner.typography import quoted
from aligner.typography.quotation import lost_marks
from tests.tables import over_rows

FRENCH, ENGLISH, GERMAN = (
    (language_of(code).posting.marks, language_of(code).posting.inner_marks) for code in ("fr", "en", "de")
)


@over_rows(
    "text, printed",
    [
        ("Il dit « oui » souvent.", "«\u00a0Il dit “oui” souvent.\u00a0»"),
        ("mon nom et mon titre ».", "«\u00a0“mon nom et mon titre”.\u00a0»"),
        ("Elle dit « il a “dit” oui »", "«\u00a0Elle dit “il a «\u00a0dit\u00a0» oui”\u00a0»"),
        ("L’homme dit l'oral, aujourd’hui", "«\u00a0L’homme dit l'oral, aujourd’hui\u00a0»"),
        ("Écoute, ", "«\u00a0Écoute\u00a0»"),
    ],
)
def test_french_marks_alternate_with_english_ones(text: str, printed: str) -> None:
    assert quoted(text, *FRENCH) == printed


@over_rows(
    "text, printed",
    [
        ("He said “no” and left", "“He said ‘no’ and left”"),
        ('He said "no" and left', "“He said ‘no’ and left”"),
        ("“She said ‘yes’ twice,”", "“She said ‘yes’ twice”"),
        ("She is 6'2\" tall", "“She is 6'2\" tall”"),
    ],
)
def test_english_marks_alternate_with_single_ones_and_apostrophes_are_no_marks(text: str, printed: str) -> None:
    assert quoted(text, *ENGLISH) == printed


@over_rows(
    "text, printed",
    [
        ("Er sagte: „Ja“ und ging", "„Er sagte: ‚Ja‘ und ging“"),
        ("»Querbeet«, der Sendung", "„‚Querbeet‘, der Sendung“"),
    ],
)
def test_german_marks_alternate_with_single_ones(text: str, printed: str) -> None:
    assert quoted(text, *GERMAN) == printed


@given(st.text(alphabet="ab ,.«»“”„‘’‚'\"\u00a0", max_size=30))
def test_quotation_marks_come_in_pairs_and_no_letter_is_lost(text: str) -> None:
    printed = quoted(text, *FRENCH)
    assert printed.count("«") == printed.count("»")
    assert printed.count("“") == printed.count("”")
    assert [c for c in printed if c in "ab"] == [c for c in text if c in "ab"]


def test_a_text_with_too_many_marks_is_not_nested() -> None:
    assert quoted("« a " * 20_000 + "’" * 20_000, *FRENCH).startswith("«\u00a0« a ")


@over_rows(
    "before, text, after, whole",
    [
        ("Il dit ", "« oui", " et non ».", "« oui »"),
        ("Il dit «\u00a0oui ", "et non\u00a0».", "", "«\u00a0et non\u00a0»."),
        ("Il dit « oui “peut", "-être” et", " non ».", "“-être” et"),
        ("She said ‘no, I", " won’t’ and", " left", "‘ won’t’ and"),
        ("Er sagt ", "„ja und", " nein“.", "„ja und“"),
        # The other mark is missing.
        ("", "„ja", "", "„ja“"),
        ('says "', "yes and", ' no" again', "yes and"),
        ("", "the dogs’ dinner isn’t", "", "the dogs’ dinner isn’t"),
        ("", "« un.\n« deux. »", "", "« un.\n« deux. »"),
    ],
)
def test_a_quotation_split_by_an_excerpt_gets_its_other_mark(before: str, text: str, after: str, whole: str) -> None:
    opening, closing = lost_marks(text, before, after)
    assert opening + text + closing == whole
