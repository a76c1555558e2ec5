"""What a book lights at once: sentences, and parts of long ones; and the clips of audio that go with them."""

from itertools import pairwise

from aligner.formats import Material
from aligner.formats.book.page import clips_of
from aligner.formats.book.phrases import Phrase, phrases_of
from aligner.model import Span
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


def clips(*pages: list[tuple[float, float]], duration: float = 100.0) -> list[list[tuple[int, int]]]:
    phrases = [[(f"s{k}", Span(*span)) for k, span in enumerate(page)] for page in pages]
    return [[(clip.begin_ms, clip.end_ms) for clip in each] for each in clips_of(phrases, duration)]


def test_a_short_pause_is_played_also_from_one_page_to_the_next() -> None:
    assert clips([(1.0, 2.0), (3.5, 4.0)], [(7.0, 8.0)]) == [[(1000, 3500), (3500, 7000)], [(7000, 8300)]]


def test_a_longer_pause_is_skipped_after_the_last_word_fades_out() -> None:
    assert clips([(1.0, 2.0), (5.1, 6.0)]) == [[(1000, 2300), (5100, 6300)]]


def test_phrases_that_overlap_or_go_back_in_time_are_played_once() -> None:
    assert clips([(1.0, 5.0), (4.0, 6.0), (2.0, 3.0), (7.0, 8.0)]) == [[(1000, 4000), (4000, 6300), (7000, 8300)]]
