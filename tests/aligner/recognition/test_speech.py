"""Speech spans from planted probabilities and from real speech."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.recognition import examine
from aligner.recognition.speech import speech_probabilities, speech_spans

HOP = 0.032


def windows(*runs: tuple[float, int]) -> list[float]:
    return [probability for probability, count in runs for _ in range(count)]


def test_a_short_dip_does_not_end_a_span_and_a_pause_does() -> None:
    assert len(speech_spans(windows((0.9, 20), (0.0, 7), (0.9, 20), (0.0, 20)))) == 1
    assert len(speech_spans(windows((0.9, 20), (0.0, 8), (0.9, 20), (0.0, 20)))) == 2


def test_a_click_is_no_speech() -> None:
    assert speech_spans(windows((0.0, 10), (0.9, 3), (0.0, 10))) == []


@given(st.lists(st.floats(0, 1), max_size=300))
def test_spans_are_disjoint_in_order_and_inside_the_audio(probabilities: list[float]) -> None:
    spans = speech_spans(probabilities)
    edges = [edge for span in spans for edge in (span.start, span.end)]
    assert edges == sorted(edges)
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(probabilities) * HOP + 1e-9)


def test_probabilities_do_not_depend_on_block_boundaries() -> None:
    sound = np.random.default_rng(0).normal(0, 0.1, 512 * 60).astype(np.float32)

    def found(block: int) -> np.ndarray:
        blocks = [(at / 16000, sound[at : at + block]) for at in range(0, len(sound), block)]
        return np.concatenate([part for _, part in speech_probabilities(blocks)])

    assert found(512 * 7) == pytest.approx(found(512 * 60), abs=1e-5)


def test_spans_contain_the_words_and_no_long_pause(excerpt) -> None:
    speech = examine(excerpt.audio).speech
    for text, start, end in excerpt.words:
        middle = (start + end) / 2
        assert any(span.start <= middle <= span.end for span in speech), text
    for (_, _, end), (_, start, _) in zip(excerpt.words, excerpt.words[1:], strict=False):
        if start - end > 0.4:
            assert not any(span.start < (start + end) / 2 < span.end for span in speech)


def test_speech_detection_leaves_no_telemetry(tmp_path: Path) -> None:
    """ONNX Runtime stores a device id and pending events where its telemetry is on."""
    code = (
        "import numpy as np; from aligner.recognition.speech import speech_probabilities;"
        "assert len(list(speech_probabilities([(0.0, np.zeros(16000, np.float32))])))"
    )
    places = dict.fromkeys(("HOME", "TMPDIR", "XDG_CACHE_HOME", "USERPROFILE", "LOCALAPPDATA"), str(tmp_path))
    environment = {name: value for name, value in os.environ.items() if name != "ORT_DISABLE_TELEMETRY"} | places
    subprocess.run([sys.executable, "-c", code], env=environment, check=True)
    assert list(tmp_path.iterdir()) == []
