"""What other programs say is read as they mean it, and the table shows what was planted. None of them is needed."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from aligner.model import Span
from tests.bench.edited import Edited, edited
from tests.bench.judging import Judgeable, Judged, judged
from tests.bench.planted import recording_of_tones, timed
from tests.bench.recordings import Said
from tests.bench.rivals import __main__ as rivals
from tests.bench.rivals import tools
from tests.bench.rivals.pronunciations import phones
from tests.bench.rivals.store import Store
from tests.bench.rivals.tools import Heard, PhoneAligner, known, pieces_of, spans_of_pieces, spans_of_tokens

SILENCE = np.zeros(100, np.float32)


class Dictionary:
    """A decoder that knows some words, and has each last a second as soon as its beams are wide enough."""

    def __init__(self, *words: str, beam: float = 0.0) -> None:
        self.words = dict.fromkeys(words, "")
        self.beam = beam
        self.text = ""

    def lookup_word(self, word: str) -> str | None:
        return self.words.get(word)

    def add_word(self, word: str, sounds: str, update: bool) -> None:
        self.words[word] = sounds

    def set_align_text(self, text: str) -> None:
        self.text = text

    def start_utt(self) -> None: ...

    def process_raw(self, data: bytes, full_utt: bool) -> None: ...

    def end_utt(self) -> None: ...


class Planted(PhoneAligner):
    name = "planted"
    languages = frozenset({"en"})

    def __init__(self, lost: bool = False) -> None:
        self.lost = lost
        self.beams: list[Mapping[str, float]] = []

    def decoder(self, language: str, beams: Mapping[str, float]) -> Dictionary:
        self.beams.append(beams)
        return Dictionary("it's", "twenty", "one", "here")

    def heard(self, decoder: Any) -> Iterable[Heard]:
        if self.lost and not self.beams[-1]:
            return
        yield "<sil>", 0.0, 1.0
        for k, word in enumerate(decoder.text.split(), start=1):
            yield f"{word}(2)" if word == "one" else word, k, k + 1.0
        yield "[NOISE]", 90.0, 91.0


def test_tokens_are_cut_into_what_dictionaries_have() -> None:
    assert pieces_of("“It’s", "en") == ["it's"]
    assert pieces_of("MS-21,", "en") == ["ms", "twenty", "one"]
    assert pieces_of("[…]", "en") == []


def test_what_the_dictionary_has_behind_an_apostrophe_is_taken_from_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tools, "pronounced", lambda word, language: ["J"] if word == "j'" else [])
    decoder = Dictionary("l'", "eau", "ai")
    assert known(decoder, "l'eau", "fr") == ["l'", "eau"]
    assert known(decoder, "j'ai", "fr") == ["j'", "ai"]
    assert decoder.words["j'"] == "J"
    assert known(decoder, "xyz", "fr") == []


def test_ipa_is_read_as_the_phones_of_the_dictionaries() -> None:
    assert phones("ˈæ_dɪf\n", "en") == ["AE", "D", "IH", "F"]
    assert phones("dʒˈeɪn tʃˈɜːtʃ", "en") == ["JH", "EY", "N", "CH", "ER", "CH"]
    assert phones("bɔ\u0303ʒˈuʁ ɛ\u0303", "fr") == ["bb", "on", "jj", "ou", "rr", "in"]


def test_tokens_last_from_their_first_piece_to_their_last_and_pauses_and_variants_are_passed_over() -> None:
    found = Planted().align(SILENCE, ["It's", "21", "–", "here!"], "en")
    assert found == [Span(1, 2), Span(2, 4), None, Span(4, 5)]


def test_a_search_that_is_lost_is_done_again_with_wider_beams() -> None:
    straight, lost = Planted(), Planted(lost=True)
    assert straight.align(SILENCE, ["here"], "en") == lost.align(SILENCE, ["here"], "en") == [Span(1, 2)]
    assert [bool(beams) for beams in straight.beams] == [False]
    assert [bool(beams) for beams in lost.beams] == [False, True]


def test_a_path_that_ends_early_gives_times_as_far_as_it_goes() -> None:
    heard = [("it's", 0.0, 1.0), ("twenty", 1.0, 2.0)]
    assert spans_of_pieces([["it's"], ["twenty", "one"], ["here"]], heard) == [Span(0, 1), None, None]
    assert spans_of_pieces([["it's"]], []) == [None]
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
    assert spans_of_tokens(["It's"], []) == [None]


def test_results_that_are_kept_are_not_made_again(tmp_path: Path) -> None:
    tool = Planted()
    for _ in range(2):
        assert Store(tmp_path).aligned(tool, SILENCE, ["here", "–"], "en") == [Span(1, 2), None]
    assert len(tool.beams) == 1
    Store(tmp_path).aligned(tool, SILENCE, ["here"], "en")
    Store(tmp_path).aligned(tool, SILENCE + 1, ["here"], "en")
    assert len(tool.beams) == 3
    assert [json.loads(path.read_text()) for path in tmp_path.rglob("*.json")].count([[1.0, 2.0], None]) == 1
    Store(None).aligned(tool, SILENCE, ["here"], "en")
    assert len(tool.beams) == 4


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


@pytest.mark.parametrize("language", ["fr", "en"])
def test_each_program_is_tried_in_the_languages_that_it_has(monkeypatch: pytest.MonkeyPatch, language: str) -> None:
    monkeypatch.setattr(rivals, "by_quotecast", ours)
    version = edited(recording_of_tones(20, language=language), "published", seed=1)
    placed = dict(rivals.placings(version, None, [Late()], Store(None)))
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


def test_a_recording_that_is_cut_is_no_file_any_more() -> None:
    talk = Judgeable("folder", recording_of_tones(240), Path("episode.wav"))
    assert rivals.cut(talk, 5) is talk
    beginning = rivals.cut(talk, 1)
    assert beginning.audio is None
    assert beginning.recording.duration <= 60


def test_words_that_are_missed_or_far_off_are_listed() -> None:
    text = "mot"
    words = [Judged("mot", Said(0, 3, 5.0, 5.0, None), timed(text, 0, 3, start)) for start in (None, 5.9, 6.5)]
    assert list(rivals.listed("talk", words)) == [
        "talk  mot  true 5.00  missed",
        "talk  mot  true 5.00  found 6.50",
    ]
