"""ASR: the pieces of audio that it gets, its words with the real model and a stand-in, and how they are corrected."""

import itertools
import re
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import ModelError
from aligner.model import RecognisedWord, Span
from aligner.recognition import asr, examine, recognise, silent
from aligner.recognition.asr import AsrRecogniser, cut, in_order, monotonic, plan_pieces, tidy


class StandIn:
    """A model that recognises "mot" and the piece's length in the middle of each piece, or nothing with hotwords."""

    supported_languages = ("en", "fr")

    def __init__(self, behave=lambda samples: None) -> None:
        self.behave = behave
        self.languages: list[str] = []
        self.hotwords: list[str | None] = []
        self.max_length, self.hf_tokenizer = 10, SimpleNamespace(encode=lambda text, **_: text.split())
        self.model = SimpleNamespace(is_multilingual=True)

    def transcribe(self, samples, language, hotwords, **_):
        self.languages.append(language)
        self.hotwords.append(hotwords)
        self.behave(samples)
        middle = len(samples) / 32000
        word = SimpleNamespace(word=f" mot{len(samples)}", start=middle, end=middle + 0.3, probability=0.5)
        return iter([SimpleNamespace(words=[] if hotwords else [word], compression_ratio=1.2)]), None

    def detect_language(self, samples):
        assert np.abs(samples).max() > 0.01, "the language was asked of silence"
        return "fr", 0.6, [("fr", 0.6), ("en", 0.4)]


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> StandIn:
    model = StandIn()
    monkeypatch.setattr(asr, "_load", lambda *_: model)
    return model


@pytest.fixture
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asr, "LONGEST", 4.0)


def plain(text: str) -> str:
    return re.sub(r"\W", "", text.casefold())


def test_words_of_real_speech_are_recognised_at_their_times(excerpt, base_model: Path) -> None:
    told: list[tuple[str, float, float]] = []
    audio = examine(excerpt.audio)
    heard = recognise(audio, AsrRecogniser(str(base_model)), lambda *told_now: told.append(told_now))
    assert heard.language == "fr"
    assert audio.duration == pytest.approx(excerpt.duration, abs=0.05)
    assert heard.warnings == ()
    found = [(plain(word.text), word.start, word.end) for word in heard.words]
    errors = [
        min((abs(start - s) for text, s, _ in found if text == plain(said)), default=None)
        for said, start, _ in excerpt.words
    ]
    timed = sorted(error for error in errors if error is not None and error < 2)
    assert len(timed) >= 0.7 * len(excerpt.words)
    assert timed[len(timed) // 2] < 0.06
    assert timed[int(0.9 * len(timed))] < 0.25
    assert all(a.start <= b.start for a, b in itertools.pairwise(heard.words))
    assert all(word.start < word.end <= audio.duration for word in heard.words)
    assert told[-1] == ("asr", audio.duration, audio.duration)


def test_the_language_is_requested_or_detected(excerpt, stand_in: StandIn) -> None:
    sound = examine(excerpt.audio)
    assert AsrRecogniser().recognise(sound, silent).language == "fr"
    assert AsrRecogniser(language="EN-gb").recognise(sound, silent).language == "en"
    assert set(stand_in.languages) == {"fr", "en"}
    with pytest.raises(ModelError, match=r"'xx'.*en, fr"):
        AsrRecogniser(language="xx").recognise(sound, silent)
    assert AsrRecogniser(likely="en").recognise(sound, silent).language == "en"
    assert AsrRecogniser(likely="xx").recognise(sound, silent).language == "fr"  # for that is no more than likely


def test_names_are_spelled_as_in_the_vocabulary(excerpt, base_model: Path) -> None:
    audio, names = examine(excerpt.audio), ("Margaux", "Belle-Île")
    for vocabulary in ((), names):
        words = AsrRecogniser(str(base_model), "fr", vocabulary).recognise(audio, silent).words
        found = {name for name in names for word in words if name in word.text}
        assert found == set(vocabulary)


def test_what_the_model_omits_with_a_vocabulary_is_recognised_without(excerpt, stand_in: StandIn) -> None:
    sound = examine(excerpt.audio)
    with_names = AsrRecogniser(language="fr", vocabulary=("Zoé", "Inès")).recognise(sound, silent)
    assert set(stand_in.hotwords) == {"Zoé, Inès", None}
    assert with_names == AsrRecogniser(language="fr").recognise(sound, silent)
    warnings = AsrRecogniser(language="fr", vocabulary=("A", "B", "C", "D D")).recognise(sound, silent).warnings
    assert warnings == ("only the first 3 lines of the vocabulary fit in the model; the others are not expected",)


def test_a_piece_that_fails_is_left_out_with_a_warning(excerpt, stand_in: StandIn, short_pieces: None) -> None:
    fails = iter([True])

    def behave(_: object) -> None:
        if next(fails, False):
            raise RuntimeError("out of luck")

    stand_in.behave = behave
    heard = AsrRecogniser(language="fr").recognise(examine(excerpt.audio), silent)
    (warning,) = heard.warnings
    assert warning.startswith("no words were recognised from")
    assert len(heard.words) >= 4
    fails = itertools.repeat(True)
    with pytest.raises(ModelError, match="out of luck"):
        AsrRecogniser(language="fr").recognise(examine(excerpt.audio), silent)


def test_identity_has_model_language_and_options_but_not_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    same = AsrRecogniser("base", "fr").identity()
    assert AsrRecogniser("base", "fr-FR", workers=1).identity() == same
    assert AsrRecogniser("small", "fr").identity() != same
    assert AsrRecogniser("base", None).identity() != same
    assert AsrRecogniser("base", "fr", ("Zoé",)).identity() != same
    monkeypatch.setattr(asr, "_BEAM", 5)
    assert AsrRecogniser("base", "fr").identity() != same


LONGEST = 10.0


@st.composite
def speeches(draw: st.DrawFn) -> list[Span]:
    at = 0.0
    spans = []
    for pause, length in draw(st.lists(st.tuples(st.floats(0.15, 5), st.floats(0.1, 25)), max_size=30)):
        spans.append(Span(at + pause, at + pause + length))
        at = spans[-1].end
    return spans


@given(speeches())
def test_pieces_contain_all_speech_in_order_and_none_is_too_long(speech: list[Span]) -> None:
    pieces = plan_pieces(speech, LONGEST)
    assert all(piece.duration <= LONGEST + 1e-6 for piece in pieces)
    assert all(a.end <= b.start + 1e-9 for a, b in itertools.pairwise(pieces))
    spoken = sum(span.duration for span in speech)
    held = sum(max(0.0, min(s.end, p.end) - max(s.start, p.start)) for s in speech for p in pieces)
    assert held == pytest.approx(spoken)


@given(st.lists(st.floats(0, 30), max_size=12, unique=True), st.integers(1, 700))
def test_each_piece_has_its_own_audio_for_any_block_size(edges: list[float], block: int) -> None:
    rate = 100
    sound = np.arange(30 * rate, dtype=np.float32)
    ordered = sorted(edges)
    pieces = [Span(a, b) for a, b in zip(ordered[::2], ordered[1::2], strict=False)]
    blocks = [(at / rate, sound[at : at + block]) for at in range(0, len(sound), block)]
    for piece, (at, samples) in zip(pieces, cut(blocks, pieces, rate), strict=True):
        first = round(piece.start * rate)
        assert at == first / rate
        assert samples.tolist() == list(range(first, round(piece.end * rate)))


def test_results_come_in_the_order_of_pieces() -> None:
    def work(piece: int, stop: threading.Event) -> int:
        time.sleep(0.02 if piece % 3 == 0 else 0.0)
        return piece * piece

    assert [future.result() for future in in_order(work, range(20), 3)] == [k * k for k in range(20)]


def test_no_more_pieces_are_read_than_workers_need() -> None:
    taken: list[int] = []

    def pieces() -> Iterator[int]:
        for piece in range(100):
            taken.append(piece)
            yield piece

    with closing(in_order(lambda piece, stop: piece, pieces(), 2)) as results:
        for done in range(1, 50):
            next(results)
            assert len(taken) <= done + 2


def test_leaving_early_stops_the_work_and_leaves_no_thread() -> None:
    told: list[bool] = []

    def work(piece: int, stop: threading.Event) -> None:
        if piece:
            told.append(stop.wait(10))

    threads = threading.active_count()
    with closing(in_order(work, range(50), 2)) as results:
        next(results)
    assert all(told)
    assert threading.active_count() == threads


SPEECH = [Span(1.0, 2.0), Span(3.0, 4.0)]


def test_a_word_in_running_speech_starts_later_by_whispers_bias() -> None:
    (word,) = tidy([RecognisedWord("abeille", 1.2, 1.4)], [Span(0.5, 5.0)], 5.0)
    assert (word.start, word.end) == pytest.approx((1.23, 1.4))


def test_a_word_starts_and_ends_with_speech_not_in_silence() -> None:
    assert tidy([RecognisedWord("miel", 2.4, 3.3)], SPEECH, 5.0)[0].start == 3.0
    for end in (1.8, 2.5):
        assert tidy([RecognisedWord("ruche", 1.5, end), RecognisedWord("et", 3.1, 3.3)], SPEECH, 5.0)[0].end == 2.0


def test_endless_repetitions_are_reduced_to_one_and_natural_ones_remain() -> None:
    loop = [RecognisedWord(text, 10.0 + k, 10.5 + k) for k, text in enumerate(["Merci", "à", "tous."] * 12)]
    words = tidy([RecognisedWord("Bien.", 1.0, 1.5), *loop, RecognisedWord("Alors", 50.0, 50.5)], [Span(0, 60)], 60.0)
    assert [word.text for word in words] == ["Bien.", "Merci", "à", "tous.", "Alors"]
    said = ["non", "non", "non", "non", "très", "très", "très", "bien"]
    words = [RecognisedWord(text, float(k), k + 0.5) for k, text in enumerate(said)]
    assert [word.text for word in tidy(words, [Span(0, 20)], 20.0)] == said


times = st.floats(-5, 40)


@given(st.lists(st.builds(RecognisedWord, st.sampled_from("abcde"), times, times), max_size=40))
def test_starts_never_decrease_and_ends_follow_starts_inside_the_audio(words: list[RecognisedWord]) -> None:
    for ordered in (monotonic(words, 30.0), tidy(words, SPEECH, 30.0)):
        assert all(0 <= word.start < word.end <= 30.0 + 1e-9 for word in ordered)
        assert all(a.start <= b.start for a, b in itertools.pairwise(ordered))
