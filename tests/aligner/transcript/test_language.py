"""The language of a transcript is told by its own words, and left open where they leave it in doubt."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from aligner.transcript.language import _identifier, written_language
from tests.aligner.captions.spoken import spoken
from tests.paths import ROOT
from tests.tables import over_rows

TEXTS = ROOT / "tests" / "bench" / "texts"
NAMES = ["Olusegun", "Fatoumata", "Zhang", "Keiko", "Natalia", "Håkansson", "Wojciech", "Siobhan", "Nairobi", "Google"]


def of(text: str) -> str | None:
    return written_language(spoken(text.replace("|", "").replace("~", "")).transcript)


@over_rows("language", ["ca", "de", "en", "es", "fr", "it", "nl", "pt", "ro"])
def test_forty_words_tell_their_language(language: str) -> None:
    words = (TEXTS / f"{language}.txt").read_text(encoding="utf-8").split()
    told = [of(" ".join(words[at : at + 40])) for at in range(0, len(words) - 40, 20)]
    assert set(told) <= {language, None}
    assert told.count(language) >= 0.9 * len(told)


@over_rows("language", ["de", "en", "es", "fr", "it", "nl", "pt"])
def test_names_from_elsewhere_make_no_other_language_of_it(language: str) -> None:
    words = (TEXTS / f"{language}.txt").read_text(encoding="utf-8").split()
    for at in range(0, len(words) - 60, 20):
        with_names = [NAMES[k % len(NAMES)] if k % 3 == 0 else word for k, word in enumerate(words[at : at + 60])]
        assert of(" ".join(with_names)) in (language, None)


@over_rows("text", ["Oui.", "Ada Morel", "12 500 km", "OK, no.", "Radio Nairobi, Google, Zhang Wei"])
def test_a_few_words_and_names_tell_nothing(text: str) -> None:
    assert of(text) is None


def test_where_the_model_cannot_be_unpacked_the_language_is_left_open(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text = (TEXTS / "fr.txt").read_text(encoding="utf-8")
    assert of(text) == "fr"
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "gone"))
    _identifier.cache_clear()
    assert of(text) is None
    monkeypatch.undo()
    assert of(text) == "fr"


def test_what_nobody_says_does_not_count() -> None:
    french = "Je ne sais pas si elle viendra, mais la marée descend et tous les bateaux sont déjà rentrés au port."
    notes = " ".join(f"[{number}]" for number in range(9))
    assert of(f"{french} {notes}") == "fr"
