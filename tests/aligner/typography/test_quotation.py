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
    "marks, text, printed",
    [
        (FRENCH, "Il dit « oui » souvent.", "«\u00a0Il dit “oui” souvent.\u00a0»"),
        (FRENCH, "mon nom et mon titre ».", "«\u00a0“mon nom et mon titre”.\u00a0»"),
        (FRENCH, "Elle dit « il a “dit” oui »", "«\u00a0Elle dit “il a «\u00a0dit\u00a0» oui”\u00a0»"),
        (FRENCH, "L’homme dit l'oral, aujourd’hui", "«\u00a0L’homme dit l'oral, aujourd’hui\u00a0»"),
        (FRENCH, "Écoute, ", "«\u00a0Écoute\u00a0»"),
        (ENGLISH, 'He said "no" and left', "“He said ‘no’ and left”"),
        (ENGLISH, "“She said ‘yes’ twice,”", "“She said ‘yes’ twice”"),
        (ENGLISH, "She is 6'2\" tall", "“She is 6'2\" tall”"),
        (GERMAN, "Er sagte: „Ja“ und ging", "„Er sagte: ‚Ja‘ und ging“"),
    ],
)
def test_nested_quotation_marks_alternate(marks: tuple[str, str], text: str, printed: str) -> None:
    assert quoted(text, *marks) == printed


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
