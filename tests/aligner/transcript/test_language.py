"""The language of a transcript is told by its own words, and left open where they leave it in doubt."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest

from aligner.transcript import language
from aligner.transcript.language import WrittenLanguage, _identifier, written_language
from tests.aligner.captions.spoken import spoken
from tests.places import ROOT

TEXTS = ROOT / "tests" / "bench" / "texts"
NAMES = ["Olusegun", "Fatoumata", "Zhang", "Keiko", "Natalia", "Håkansson", "Wojciech", "Siobhan", "Nairobi", "Google"]


def told(text: str, known: WrittenLanguage | None = None) -> WrittenLanguage | None:
    return written_language(spoken(text.replace("|", "").replace("~", "")).transcript, known)


def of(text: str) -> str | None:
    found = told(text)
    return found and found.code


def text_of(code: str) -> str:
    return (TEXTS / f"{code}.txt").read_text(encoding="utf-8")


@pytest.fixture
def no_model(monkeypatch: pytest.MonkeyPatch) -> None:
    def asked() -> None:
        raise AssertionError("the model was loaded")

    monkeypatch.setattr(language, "_identifier", asked)


@pytest.mark.parametrize("language", ["ca", "de", "en", "es", "fr", "it", "nl", "pt", "ro"])
def test_forty_words_tell_their_language(language: str) -> None:
    words = (TEXTS / f"{language}.txt").read_text(encoding="utf-8").split()
    told = [of(" ".join(words[at : at + 40])) for at in range(0, len(words) - 40, 20)]
    assert set(told) <= {language, None}
    assert told.count(language) >= 0.9 * len(told)


@pytest.mark.parametrize("language", ["de", "en", "es", "fr", "it", "nl", "pt"])
def test_names_from_elsewhere_make_no_other_language_of_it(language: str) -> None:
    words = (TEXTS / f"{language}.txt").read_text(encoding="utf-8").split()
    for at in range(0, len(words) - 60, 20):
        with_names = [NAMES[k % len(NAMES)] if k % 3 == 0 else word for k, word in enumerate(words[at : at + 60])]
        assert of(" ".join(with_names)) in (language, None)


@pytest.mark.parametrize("text", ["Oui.", "Ada Morel", "12 500 km", "OK, no.", "Radio Nairobi, Google, Zhang Wei"])
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


FRENCH = WrittenLanguage("fr", {"la": 4, "marée": 3, "descend": 2, "et": 4, "les": 3, "bateaux": 2, "rentrent": 2})
RUNNING = [word for word, count in FRENCH.words.items() for _ in range(count)]


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize(
    "edited", [RUNNING, RUNNING[1:], ["hélas", *RUNNING], ["La", "«Marée»,", *RUNNING[2:]], [*RUNNING[:-1], "partent"]]
)
def test_a_text_that_was_edited_a_little_has_the_language_that_is_known(edited: list[str]) -> None:
    assert told(" ".join(edited), FRENCH) is FRENCH


@pytest.mark.usefixtures("no_model")
@pytest.mark.parametrize("other", [RUNNING[5:], RUNNING * 2, [*RUNNING, *FRENCH.words], ["la"], ["…"]])
def test_any_other_text_is_asked_for_its_language(other: list[str]) -> None:
    with pytest.raises(AssertionError, match="the model was loaded"):
        told(" ".join(other), FRENCH)


@pytest.mark.parametrize("code", ["ca", "de", "en", "es", "it", "nl", "pt", "ro"])
def test_a_text_in_another_language_tells_its_own(code: str) -> None:
    french = told(text_of("fr"))
    found = told(text_of(code), french)
    assert (french and french.code, found and found.code) == ("fr", code)


def test_of_a_text_in_two_languages_each_part_tells_its_own() -> None:
    english = " ".join(text_of("en").split()[:100])
    both = told(f"{text_of('fr')} {english}")
    assert both
    assert both.code == "fr"
    alone = told(english, both)
    assert alone
    assert alone.code == "en"


def test_after_each_of_many_small_edits_a_text_tells_what_it_does_alone() -> None:
    french, english = text_of("fr").split()[:200], text_of("en").split()[:200]
    known = None
    for at in range(0, 201, 5):
        text = " ".join(english[:at] + french[at:])
        found, alone = told(text, known), told(text)
        assert (found and found.code) == (alone and alone.code)
        known = found if found and found.throughout else known
    assert known
    assert known.code == "en"


@pytest.mark.parametrize(("english", "throughout"), [(0, True), (5, True), (60, False), (100, False)])
def test_a_text_tells_a_language_throughout_where_each_part_does(english: int, throughout: bool) -> None:
    found = told(" ".join(text_of("fr").split()[:200] + text_of("en").split()[:english]))
    assert found
    assert found.throughout is throughout


def test_a_few_words_tell_no_language_for_what_comes_after_them() -> None:
    found = told(" ".join(text_of("fr").split()[:60]))
    assert found
    assert not found.throughout
