"""The language of a transcript is identified from its text, or None if that is uncertain."""

import tempfile
from pathlib import Path

import pytest

from aligner.transcript.language import _identifier, written_language
from tests.aligner.captions.spoken import spoken
from tests.paths import ROOT
from tests.tables import over_rows

TEXTS = ROOT / "tests" / "bench" / "texts"
NAMES = ["Olusegun", "Fatoumata", "Zhang", "Keiko", "Natalia", "Håkansson", "Wojciech", "Siobhan", "Nairobi", "Google"]
WITH_RECORD = ("de", "en", "es", "fr", "it", "nl", "pt")


def of(text: str) -> str | None:
    return written_language(spoken(text.replace("|", "").replace("~", "")).transcript)


@over_rows("language", ["ca", "de", "en", "es", "fr", "it", "nl", "pt", "ro"])
def test_forty_words_identify_their_language_even_among_foreign_names(language: str) -> None:
    words = (TEXTS / f"{language}.txt").read_text(encoding="utf-8").split()
    found = [of(" ".join(words[at : at + 40])) for at in range(0, len(words) - 40, 20)]
    assert set(found) <= {language, None}
    assert found.count(language) >= 0.9 * len(found)
    for at in range(0, len(words) - 60, 20):
        named = [NAMES[k % len(NAMES)] if k % 3 == 0 else word for k, word in enumerate(words[at : at + 60])]
        assert language not in WITH_RECORD or of(" ".join(named)) in (language, None)


@over_rows("text", ["Oui.", "Ada Morel", "12 500 km", "OK, no.", "Radio Nairobi, Google, Zhang Wei"])
def test_a_few_words_and_names_identify_no_language(text: str) -> None:
    assert of(text) is None


def test_the_language_is_unknown_if_the_model_cannot_be_unpacked(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (TEXTS / "fr.txt").read_text(encoding="utf-8")
    assert of(text) == "fr"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    _identifier.cache_clear()
    assert of(text) is None
    monkeypatch.undo()
    assert of(text) == "fr"


def test_notes_do_not_count() -> None:
    french = "Je ne sais pas si elle viendra, mais la marée descend et tous les bateaux sont déjà rentrés au port."
    notes = " ".join(f"[{number}]" for number in range(9))
    assert of(f"{french} {notes}") == "fr"
