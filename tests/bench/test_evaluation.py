"""The bench finds planted errors and figures that got worse, and agrees with the reference scorer where that is."""

import importlib.util
import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.model import Audio, RecognisedWord, Recognition, Span, Status, TimedWord, Untranscribed, Word
from aligner.recognition import Progress
from tests.bench.accuracy import COMMITTED, LEAST, MOST, worsened
from tests.bench.evaluation import Evidence, TrueWord, Truth, compare, judged_ends, read_truth, summarise
from tests.bench.trial import find_episodes, run_trial
from tests.paths import SAMPLE, SHARED

REFERENCE = SHARED / "bench" / "score.py"


def true(number: int, start: float | None, length: int = 5) -> TrueWord:
    return TrueWord(10 * number, 10 * number + length, None if start is None else Span(start, start + 0.3))


def found(
    number: int, start: float | None, status: Status = Status.EXACT, confidence: float = 0.9, length: int = 5
) -> TimedWord:
    span = None if start is None else Span(start, start + 0.3)
    status = Status.UNSPOKEN if span is None else status
    return TimedWord(Word("x" * length, 10 * number, 10 * number + length, 0), span, status, confidence)


def test_a_perfect_alignment_scores_perfectly():
    truth = Truth((true(0, 1.0), true(1, None), true(2, 2.0)), (Span(5, 9),))
    score = summarise(compare([found(0, 1.0), found(1, None), found(2, 2.0)], [Untranscribed(5, 9, "")], truth))
    assert (score.spoken, score.start_mean, score.end_median, score.missed) == (2, 0, 0, 0)
    assert (score.within_100_ms, score.unspoken_f1) == (1, 1)
    assert (score.untranscribed_recall, score.untranscribed_precision) == (1, 1)


def test_planted_errors_come_back():
    errors = [0.0, 0.05, -0.15, 0.4, 2.0]
    truth = Truth(tuple(true(k, 10.0 * k) for k in range(6)), ())
    words = [*(found(k, 10.0 * k + max(e, -10.0 * k)) for k, e in enumerate(errors)), found(5, None)]
    score = summarise(compare(words, [], truth))
    assert score.spoken == 6
    assert score.start_mean == pytest.approx(2.6 / 5)
    assert score.start_median == pytest.approx(0.15)
    assert score.start_p95 == pytest.approx(2.0)
    assert score.start_bias == pytest.approx(0.05)
    assert (score.within_100_ms, score.within_200_ms) == (pytest.approx(2 / 6), pytest.approx(3 / 6))
    assert (score.beyond_1_s, score.missed) == (pytest.approx(1 / 6), pytest.approx(1 / 6))


def test_an_end_is_judged_against_the_next_start_where_speech_runs_on():
    truth = Truth((true(0, 1.0), true(1, None), true(2, 1.35), true(3, 1.75), true(4, 2.16)), ())
    words = [found(0, 1.0), found(2, 1.35), found(3, 1.75), found(4, 2.16)]
    assert compare(words, [], truth).end_errors == pytest.approx((-0.05, -0.1, 0.0, 0.0))


def test_a_wrong_word_is_honest_unless_called_exact_with_confidence():
    truth = Truth(tuple(true(k, 10.0 * k) for k in range(4)), ())
    words = [
        found(0, 0.6, Status.EXACT, 0.9),
        found(1, 10.6, Status.EXACT, 0.4),
        found(2, 20.6, Status.INTERPOLATED, 0.9),
        found(3, 30.4, Status.EXACT, 0.9),
    ]
    assert summarise(compare(words, [], truth)).honesty == pytest.approx(2 / 3)


def test_truth_is_read_without_its_punctuation(tmp_path: Path):
    words = [
        {"text": "Bonjour", "char_start": 0, "char_end": 7, "start": 1.0, "end": 1.4, "why": "ok"},
        {"text": "!", "char_start": 8, "char_end": 9, "start": None, "end": None, "why": "punct"},
    ]
    path = tmp_path / "truth.json"
    path.write_text(json.dumps({"words": words, "extra": [{"kind": "advert", "start": 3, "end": 4}]}), encoding="utf-8")
    assert read_truth(path) == Truth((TrueWord(0, 7, Span(1.0, 1.4)),), (Span(3, 4),))


seconds = st.floats(0, 60).map(lambda value: round(value, 3))
spans = st.lists(st.tuples(seconds, st.floats(0.01, 9)), max_size=3)


@st.composite
def episodes(draw: st.DrawFn) -> tuple[list[TimedWord], list[Untranscribed], Truth]:
    """Words that are said or not and found or not, at any time, some with ranges that differ a little."""
    numbers = range(draw(st.integers(1, 12)))
    truth = [true(k, draw(st.none() | seconds), draw(st.integers(2, 9))) for k in numbers]
    statuses = st.sampled_from([Status.EXACT, Status.FUZZY, Status.INTERPOLATED])
    words = [
        found(k, draw(st.none() | seconds), draw(statuses), draw(st.floats(0, 1)), draw(st.integers(2, 9)))
        for k in numbers
        if draw(st.integers(0, 9))
    ]
    told = [Untranscribed(start, start + length, "") for start, length in draw(spans)]
    extra = tuple(Span(start, start + length) for start, length in draw(spans))
    return words, told, Truth(tuple(truth), extra)


@pytest.mark.skipif(not REFERENCE.is_file(), reason="the reference scorer is not at hand")
@given(
    st.lists(episodes(), min_size=1, max_size=3).filter(
        lambda e: any(w.span is not None for *_, t in e for w in t.words)
    )
)
def test_the_figures_agree_with_the_reference_scorer(drawn: list[tuple[list[TimedWord], list[Untranscribed], Truth]]):
    ours = summarise(sum((compare(*episode) for episode in drawn), Evidence()))
    theirs = reference().score(*(as_json(*episode) for episode in drawn))
    names = {"spoken": "words_spoken", "within_100_ms": "le_100ms", "within_200_ms": "le_200ms", "beyond_1_s": "gt_1s"}
    names |= {"honesty": "interpolated_honesty"}
    for name in ours.__slots__:
        expected = theirs[names.get(name, name)]
        found = getattr(ours, name)
        if found is None:
            assert not expected or math.isnan(expected), name
        else:
            assert found == pytest.approx(expected), name


def reference() -> Any:
    spec = importlib.util.spec_from_file_location("reference_scorer", REFERENCE)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def times(span: Span | None) -> dict[str, float | None]:
    return {"start": span and span.start, "end": span and span.end}


def as_json(words: list[TimedWord], told: list[Untranscribed], truth: Truth) -> tuple[dict[str, Any], dict[str, Any]]:
    alignment = {
        "words": [
            {"char_start": w.word.char_start, "char_end": w.word.char_end, **times(w.span)}
            | {"status": str(w.status), "confidence": w.confidence}
            for w in words
        ],
        "untranscribed": [{"start": span.start, "end": span.end} for span in told],
    }
    true_words = [
        {"text": "x", "char_start": w.char_start, "char_end": w.char_end, **times(w.span), "end": end}
        for w, end in zip(truth.words, judged_ends([w.span for w in truth.words]), strict=True)
    ]
    return alignment, {"words": true_words, "extra": [{"start": s.start, "end": s.end} for s in truth.extra]}


@dataclass(frozen=True, slots=True)
class LateRecogniser:
    """Recognise the true words ``late`` seconds late, every tenth of them wrongly."""

    late: float
    name: str = "late"
    model: str = "none"

    def identity(self) -> dict[str, object]:
        return {"late": self.late}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        truth = json.loads((audio.path.parent / "truth.json").read_text(encoding="utf-8"))
        said = [w for w in truth["words"] if w["start"] is not None and re.search(r"\w", w["text"])]
        words = tuple(
            RecognisedWord("hm" if k % 10 == 9 else w["text"], w["start"] + self.late, w["end"] + self.late)
            for k, w in enumerate(said)
        )
        return Recognition(words, "fr")


def test_a_late_recogniser_has_that_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path))
    (files,) = find_episodes([SAMPLE])
    trial = run_trial(files, (LateRecogniser(late=0.08),))
    for evidence in (trial.ours, trial.usual):
        assert evidence is not None
        assert summarise(evidence).start_bias == pytest.approx(0.08, abs=0.001)


def test_episodes_are_found_in_nested_folders_and_captions_are_no_transcript(tmp_path: Path):
    for name in ("b", "a"):
        for file in ("episode.ogg", "episode.alignment.json", "episode.vtt", "transcript.txt", "truth.json"):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / file).touch()
    (tmp_path / "notes").mkdir()
    with pytest.raises(FileNotFoundError, match=r"holds no episode\.\*"):
        find_episodes([tmp_path / "notes"])
    assert [(files.name, files.audio.name) for files in find_episodes([tmp_path])] == [
        ("a", "episode.ogg"),
        ("b", "episode.ogg"),
    ]


def test_a_worse_figure_is_found_and_no_other() -> None:
    committed = json.loads(COMMITTED.read_text(encoding="utf-8"))["sample"]
    assert committed.keys() == {*MOST, *LEAST}
    assert worsened(committed, committed) == set()
    for name, most in MOST.items():
        assert worsened({**committed, name: committed[name] + most + 0.1}, committed) == {name}
        assert worsened({**committed, name: committed[name] - most - 0.1}, committed) == set()
    for name, least in LEAST.items():
        assert worsened({**committed, name: committed[name] - least - 0.1}, committed) == {name}
