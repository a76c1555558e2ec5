"""Passages said again by another voice, as whoever echoes somebody else does: by the synthesiser of ``speak_texts.py``.

Conventions: seconds from where a passage begins to sound. Only languages that the synthesiser has hesitations of are
spoken; the voices are those kept for measuring.
"""

from __future__ import annotations

import json
import os
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np

from media.decode import sound_blocks
from tests.bench.disturb import power
from tests.bench.passages import Passage
from tests.bench.recordings import RATE, Recording, Said, Samples
from tests.bench.repeat_cases import Copy, Plan, Voice
from tests.bench.speak_texts import ACCENTS, TEXTS

_LANGUAGES = ("fr", "en", "es", "it", "pt")
_BEFORE, _AFTER = 0.08, 0.12  # seconds around a line's words; lines are half a second apart
_SPEAKER = "Voix : "


def second_voice(plans: Iterable[Plan], script: Path) -> Voice:
    """A voice that has every passage of ``plans`` ready whose language it speaks and whose words it told the times of.

    Raises
    ------
    KeyError
        ``SPEAK_HOME`` does not say where the synthesiser is set up.
    CalledProcessError
        It failed.
    """
    python = Path(os.environ["SPEAK_HOME"]) / "venv" / "bin" / "python"
    by_language: dict[str | None, list[Plan]] = defaultdict(list)
    for plan in plans:
        by_language[plan.recording.language].append(plan)
    ready: dict[tuple[str, Passage], Copy] = {}
    for language in _LANGUAGES:
        wanted = by_language[language]
        if wanted:
            spoken = speak([python, script], language, [line_of(plan.recording, plan.passage) for plan in wanted])
            for plan, (samples, starts) in zip(wanted, spoken, strict=True):
                copy = heard(plan, samples, starts)
                if copy:
                    ready[plan.recording.name, plan.passage] = copy
    return lambda plan: ready.get((plan.recording.name, plan.passage))


def line_of(recording: Recording, passage: Passage) -> str:
    """The words of a passage, or of its echo, on one line: each word where it stands in the text."""
    words = recording.words[passage.again : passage.stop]
    return recording.text[words[0].char_start : words[-1].char_end].replace("\n", " ")


def speak(command: Sequence[Path], language: str, lines: Sequence[str]) -> list[tuple[Samples, dict[int, float]]]:
    """The sound of each line, and when in it the word begins that stands at each of its characters."""
    voice = json.loads((TEXTS / "voices.json").read_text(encoding="utf-8"))[language][1]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "text.txt").write_text("\n".join(_SPEAKER + line for line in lines), encoding="utf-8")
        (folder / "voices.json").write_text(json.dumps({"*": voice}), encoding="utf-8")
        options = ["--lang", ACCENTS.get(language, language), "--voices", folder / "voices.json"]
        subprocess.run(
            [*map(str, [*command, folder / "text.txt", folder, *options])], check=True, stdout=subprocess.PIPE
        )
        truth = json.loads((folder / "truth.json").read_text(encoding="utf-8"))
        samples = np.concatenate([block for _, block in sound_blocks(folder / "episode.mp3", RATE)])
    spoken, begin = [], 0
    for number, line in enumerate(lines):
        said = [word for word in truth["words"] if word["line"] == number and word["start"] is not None]
        low, high = said[0]["start"] - _BEFORE, said[-1]["end"] + _AFTER
        starts = {word["char_start"] - begin - len(_SPEAKER): word["start"] - low for word in said}
        spoken.append((samples[round(low * RATE) : round(high * RATE)], starts))
        begin += len(_SPEAKER) + len(line) + 1
    return spoken


def heard(plan: Plan, samples: Samples, starts: dict[int, float]) -> Copy | None:
    """What was spoken as a copy of the passage, as loud as the recording; None if a word's start is not told."""
    words = plan.recording.words[plan.passage.again : plan.passage.stop]
    offset = words[0].char_start
    if any(word.char_start - offset not in starts for word in words):
        return None
    said = [(word, starts[word.char_start - offset]) for word in words]
    loud = (samples * (power(plan.recording.samples) / power(samples))).astype(np.float32)
    return Copy(loud, tuple(Said(word.char_start, word.char_end, start, start, None) for word, start in said))
