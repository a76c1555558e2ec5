"""What other programs say is read as they mean it, and the table shows what was planted. None of them is needed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest

from aligner.model import Span
from tests.bench.edited import Edited, edited
from tests.bench.judging import judged
from tests.bench.planted import recording_of_tones, timed
from tests.bench.rivals import __main__ as rivals
from tests.bench.rivals.pronunciations import phones
from tests.bench.rivals.tools import Heard, PhoneAligner, pieces_of, spans_of_pieces, spans_of_tokens
from tests.tables import over_rows


class Dictionary:
    """A decoder that has every word of its text last a second, and does nothing else that it is asked."""

    text = ""

    def __getattr__(self, _: str) -> Callable[..., object]:
        return lambda *_, **__: True

    def set_align_text(self, text: str) -> None:
        self.text = text


class Planted(PhoneAligner):
    """Loses its way until its beams are wide enough."""

    def decoder(self, language: str, beams: Mapping[str, float]) -> Dictionary:
        self.is_wide = bool(beams)
        return Dictionary()

    def heard(self, decoder: Dictionary) -> Iterable[Heard]:
        if self.is_wide:
            yield "<sil>", 0.0, 1.0
            for k, word in enumerate(decoder.text.split(), start=1):
                yield f"{word}(2)" if word == "one" else word, k, k + 1.0
            yield "[NOISE]", 90.0, 91.0


def test_tokens_are_cut_into_what_dictionaries_have() -> None:
    assert pieces_of("“It’s", "en") == ["it's"]
    assert pieces_of("MS-21,", "en") == ["ms", "twenty", "one"]
    assert pieces_of("[…]", "en") == []


def test_ipa_is_read_as_the_phones_of_the_dictionaries() -> None:
    assert phones("ˈæ_dɪf\n", "en") == ["AE", "D", "IH", "F"]
    assert phones("dʒˈeɪn tʃˈɜːtʃ", "en") == ["JH", "EY", "N", "CH", "ER", "CH"]
    assert phones("bɔ\u0303ʒˈuʁ ɛ\u0303", "fr") == ["bb", "on", "jj", "ou", "rr", "in"]


def test_tokens_last_from_their_first_piece_to_their_last_and_pauses_and_variants_are_passed_over() -> None:
    found = Planted().align(np.zeros(100, np.float32), ["It's", "21", "–", "here!"], "en")
    assert found == [Span(1, 2), Span(2, 4), None, Span(4, 5)]


def test_a_path_that_ends_early_gives_times_as_far_as_it_goes() -> None:
    heard = [("it's", 0.0, 1.0), ("twenty", 1.0, 2.0)]
    assert spans_of_pieces([["it's"], ["twenty", "one"], ["here"]], heard) == [Span(0, 1), None, None]
    with pytest.raises(ValueError, match="other words"):
        spans_of_pieces([["it's"], ["one"]], [("one", 0.0, 1.0)])


def test_words_that_were_cut_otherwise_find_the_tokens_that_they_share_letters_with() -> None:
    heard = [(" It", 0.0, 0.2), ("'s", 0.2, 0.4), (" twenty-one here", 0.4, 2.0), ("!", 2.0, 2.1)]
    assert spans_of_tokens(["It's", "twenty-", "one", "here!"], heard) == [
        Span(0.0, 0.4),
        *[Span(0.4, 2.0)] * 2,
        Span(0.4, 2.1),
    ]
    assert spans_of_tokens(["It's", "gone"], heard[:2]) == [Span(0.0, 0.4), None]


class Late:
    """A program that has every word a quarter of a second late, of one language."""

    name, languages = "late", frozenset({"fr"})

    def align(self, samples: np.ndarray, tokens: Sequence[str], language: str) -> list[Span | None]:
        recording = recording_of_tones(len(tokens))
        return [Span(word.latest + 0.25, word.end + 0.25) for word in recording.words]


def ours(version: Edited, audio: Path | None = None) -> list:
    """quotecast's part: every word where it is said."""
    text = version.recording.text
    return [timed(text, word.char_start, word.char_end, word.latest) for word in version.recording.words]


@over_rows("language", ["fr", "en"])
def test_each_program_is_tried_in_the_languages_that_it_has(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(rivals, "by_quotecast", ours)
    version = edited(recording_of_tones(20, language=language), "published", seed=1)
    placed = dict(rivals.placings(version, None, [Late()]))
    assert [word.off for word in placed["letters"]] == pytest.approx([0] * 20)
    assert list(placed) == (["letters", "late"] if language == "fr" else ["letters"])
    assert [word.off for word in placed.get("late", [])] == pytest.approx([0.25] * 20 * (language == "fr"))


def test_all_languages_have_a_row_for_programs_that_have_them_all() -> None:
    talk = Edited(recording_of_tones(20))
    words = judged(talk, ours(talk))
    parts = [("fr", "letters"), ("fr", "late"), ("en", "letters")]
    lines = rivals.as_table({("published", *part): words for part in parts}).splitlines()[1:]
    assert [line.split()[:4] for line in lines] == [
        ["published", "en", "letters", "20"],
        ["published", "fr", "letters", "20"],
        ["published", "fr", "late", "20"],
        ["published", "all", "letters", "40"],
    ]
    assert lines[0].split()[4:] == ["0.0", "0.0", "0.0", "200.0", "100.0", "100.0", "0", "0.0", "0", "-", "100.0"]
