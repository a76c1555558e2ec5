"""What a book lights at once: sentences, and parts of long ones."""

from __future__ import annotations

from itertools import pairwise

from aligner.formats import Material
from aligner.formats.book.phrases import Phrase, phrases_of
from tests.aligner.captions.spoken import Paragraph
from tests.readers.hostile import over_materials, planted


def cut(*paragraphs: Paragraph, language: str = "fr") -> list[tuple[str, bool]]:
    """The phrases of paragraphs, and whether each is said."""
    alignment = planted(*paragraphs, language=language)
    material, text = Material(alignment, "x"), alignment.transcript.text
    return [
        (text[each.char_start : each.char_end], each.span is not None)
        for paragraph in material.paragraphs
        for each in phrases_of(material, paragraph)
    ]


def test_a_sentence_is_one_with_the_marks_beside_it() -> None:
    assert cut(("Ada", "« Tu viens ? » Oui : demain ! Et M. Petit aussi.")) == [
        ("« Tu viens ? »", True),
        ("Oui : demain !", True),
        ("Et M. Petit aussi.", True),
    ]


def test_a_long_sentence_is_cut_at_its_commas_and_never_between_a_word_and_what_clings_to_it() -> None:
    clauses = [f"quand la pluie numéro {number} tombait sur le port de Brest," for number in range(8)]
    phrases = [text for text, _ in cut(("Ada", " ".join(clauses) + " on attendait."))]
    assert " ".join(phrases) == " ".join(clauses) + " on attendait."
    assert all(len(each) <= 140 for each in phrases)
    assert all(each.endswith((",", ".")) for each in phrases)


def test_a_sentence_in_which_speech_breaks_off_is_cut_there_so_that_no_advert_is_lit() -> None:
    assert cut(("Ada", "Le bac part à |3.5 six heures pile, ou |1.5 presque.")) == [
        ("Le bac part à", True),
        ("six heures pile, ou presque.", True),
    ]


@over_materials
def test_the_phrases_of_a_paragraph_hold_each_of_its_words_once(material: Material) -> None:
    for paragraph in material.paragraphs:
        phrases = phrases_of(material, paragraph)
        assert all(one.char_end <= other.char_start for one, other in pairwise(phrases))
        for timed in material.words(paragraph):
            if timed.span and timed.word.segment == paragraph.segment:
                assert any(_meets(each, timed.word.char_start) for each in phrases), timed.word.text


def _meets(phrase: Phrase, place: int) -> bool:
    return phrase.char_start <= place < phrase.char_end and phrase.span is not None
