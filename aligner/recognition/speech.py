"""Detect speech with Silero's voice activity detector, in one pass with limited memory.

Spans are in seconds of the episode, separate and in order, corrected for the detector's known delay. Music and noise do
not count as speech, but Silero often mistakes singing for speech.
"""

from __future__ import annotations

import importlib.util
import threading
from collections.abc import Iterable, Iterator
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

from aligner.errors import ModelError
from aligner.model import Span
from aligner.recognition import RATE
from aligner.recognition.asr import in_order
from media.safe_fs import is_regular

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float32]

# Silero's input: windows of 512 samples, each preceded by the last 64 of the one before; its state has width 128.
_WINDOW, _CONTEXT, _STATE = 512, 64, 128
_HOP = _WINDOW / RATE

# A block has whole windows, so nothing is carried to the next one. At 32 s, blocks do not slow the detector down.
BLOCK = 1000 * _HOP

_THRESHOLD = 0.5  # Silero's own
_RELEASE = 0.35  # Silero's own: speech continues until the probability falls below this
_PAUSE = 0.24  # shorter dips are part of speech; after the correction, pauses of 0.15 s show
_SHORTEST = 0.1  # a syllable; less is a click or a breath

# Compared with known word times, Silero finds speech 42 ms late (48 ms in spontaneous speech), and its end 115 ms early
# in clean synthetic speech but 4 ms late in spontaneous speech. The sum is less than a pause, so spans do not overlap.
LEAD, TAIL = 0.04, 0.05


def speech_probabilities(blocks: Iterable[tuple[float, Samples]]) -> Iterator[tuple[float, NDArray[np.float32]]]:
    """Yield, for each block of consecutive audio, its end in seconds and the probability of speech in each window.

    The last window is padded with silence. Raises ModelError if faster-whisper's speech detector is missing or damaged.
    """
    import numpy as np

    session = _session()
    h = c = np.zeros((1, 1, _STATE), np.float32)
    context = np.zeros(_CONTEXT, np.float32)

    def detect(block: tuple[float, Samples], stop: threading.Event) -> tuple[float, NDArray[np.float32]]:
        nonlocal h, c, context
        at, samples = block
        windows = np.pad(samples, (0, -len(samples) % _WINDOW)).reshape(-1, _WINDOW)
        before = np.vstack([context, windows[:-1, -_CONTEXT:]])
        context = windows[-1, -_CONTEXT:]
        found, h, c = session.run(None, {"input": np.hstack([before, windows]), "h": h, "c": c})
        return at + len(samples) / RATE, found.reshape(-1)

    # One thread, because each window needs the state of the one before. The caller's thread decodes the next block.
    with closing(in_order(detect, blocks, workers=1)) as results:
        for result in results:
            yield result.result()


def speech_spans(probabilities: Iterable[float]) -> list[Span]:
    """Return the spans of speech, given the probability of speech in each window of 32 ms.

    A span begins when the probability reaches ``_THRESHOLD``. It ends when the probability falls below ``_RELEASE`` and
    then stays below ``_THRESHOLD`` for ``_PAUSE``.
    """
    found: list[tuple[float, float]] = []
    onset: float | None = None
    quiet: float | None = None
    index = 0
    for index, probability in enumerate(probabilities, start=1):
        at = (index - 1) * _HOP
        if probability >= _THRESHOLD:
            onset, quiet = at if onset is None else onset, None
        elif onset is not None and (quiet is not None or probability < _RELEASE):
            quiet = at if quiet is None else quiet
            if at + _HOP - quiet >= _PAUSE:
                found.append((onset, quiet))
                onset = quiet = None
    if onset is not None:
        found.append((onset, index * _HOP if quiet is None else quiet))
    return [
        Span(max(0.0, start - LEAD), min(end + TAIL, index * _HOP)) for start, end in found if end - start >= _SHORTEST
    ]


def _session() -> Any:
    """Return the detector, set to run on one thread: its steps are so small that two threads would be slower."""
    import onnxruntime

    # Importing faster_whisper would take a second, and only its file is needed.
    package = importlib.util.find_spec("faster_whisper")
    folders = list(package.submodule_search_locations or []) if package else []
    models = sorted(model for folder in folders for model in Path(folder, "assets").glob("silero_vad_v6*.onnx"))
    if not models or not is_regular(models[-1]):
        raise ModelError("the speech detector (silero_vad_v6.onnx) is missing; reinstall faster-whisper 1.2.1 or later")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.enable_cpu_mem_arena = False
    options.log_severity_level = 4
    try:
        return onnxruntime.InferenceSession(str(models[-1]), sess_options=options, providers=["CPUExecutionProvider"])
    except Exception as error:  # ONNX Runtime raises no common type
        raise ModelError("{path}: is damaged; reinstall faster-whisper 1.2.1 or later", path=models[-1]) from error
