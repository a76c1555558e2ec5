"""The labels of speakers."""

from aligner.captions.rules import label, short_names, speaker_labels
from tests.tables import over_rows


@over_rows(
    "language, short",
    [
        ("", {"Ada Morel": "Ada", "Jean-Luc Petit": "Jean-Luc"}),
        ("", {"Ada Morel": "Ada Morel", "Ada Petit": "Ada Petit"}),
        ("", {"Ada Morel": "Ada", "Ada Morel, voix off": "Ada"}),
        (
            "",
            {"Voix off": "Voix off", "Dr Brandt": "Dr Brandt", "Speaker 1": "Speaker 1", "Une amie – film": "Une amie"},
        ),
        ("de", {"Prof. Dr. Karl-Heinz Müller": "Karl-Heinz", "Frau Dr. Brandt": "Frau Dr. Brandt"}),
        ("en", {"M. Night Shyamalan": "M. Night Shyamalan"}),
        ("fr", {"Dr Ada Morel": "Dr Ada Morel", "Ada": "Ada", "Mme la ministre": "Mme la ministre"}),
        ("", {"Marie de Gournay": "Marie", "Zoë O’Brien": "Zoë"}),
        ("", {name: name for name in ("Ana y Luis", "Samuel L. Jackson", "J. K. Rowling", "La Rosalía", "DJ Shadow")}),
        ("", {name: name for name in ("Ada Morel (Lyon)", "Ada Morel (Lille)")}),
        ("", {"山田花子（東京大学大学院教授）": "山田花子", "王小明、记者": "王小明"}),
        ("", {"فاطمة الزهراء، الراوية": "فاطمة الزهراء"}),
    ],
)
def test_the_short_name_is_an_unshared_first_name(language: str, short: dict[str, str]) -> None:
    assert short_names(list(short), language) == short


def test_a_name_is_followed_by_the_colon_of_the_language_or_the_given_mark() -> None:
    assert speaker_labels(["Ada Morel"], "fr", 42) == {"Ada Morel": ("Ada Morel\u00a0:", "Ada\u00a0:")}
    assert speaker_labels(["Ada Morel"], "en-GB", 42) == {"Ada Morel": ("Ada Morel:", "Ada:")}
    assert speaker_labels(["Ada Morel"], "fr", 42, ":") == {"Ada Morel": ("Ada Morel:", "Ada:")}


def test_a_name_longer_than_a_line_is_cut_after_a_word_with_an_ellipsis() -> None:
    assert label("A" * 90, ":", 42) == "A" * 40 + "…:"
    name = "Annegret Müller-Lüdenscheidt von Hohenzollern-Sigmaringen"
    assert label(name, ":", 42) == "Annegret Müller-Lüdenscheidt von…:"
