"""Nested quotations and the marks of excerpts; no-break spaces, and the punctuation that belongs to a word."""

from hypothesis import given
from hypothesis import strategies as st

from aligner.languages import language_of
from aligner.typography import quoted, unbroken, widened, with_punctuation
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
