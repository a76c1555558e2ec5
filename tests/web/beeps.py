"""An hour of audio with a beep for each word; the pitch identifies the word."""

from pathlib import Path

import numpy as np

from aligner.storage.alignment_json import to_text
from media.ffmpeg import running
from tests.web.long_episode import long_alignment

SECONDS, STEP, RATE = 3600, 5, 8_000
WORDS = SECONDS // STEP

_BEEP = 0.08  # seconds


def pitch(word: int) -> int:
    """Hz of a word's beep."""
    return 700 + 180 * (word % 12)


def plant_beeps(folder: Path, *rate: str) -> Path:
    """Lay the hour in ``folder``: an MP3 with the bit ``rate`` that is asked of the encoder, half of its minutes silent
    but for the beeps, so that it varies if it may; and an alignment whose words begin with the beeps."""
    folder.mkdir(parents=True)
    rng = np.random.default_rng(1)
    noise = (rng.standard_normal(STEP * RATE) * 0.05).astype(np.float32)
    times = np.arange(round(_BEEP * RATE)) / RATE
    codec = ["-f", "f32le", "-ar", str(RATE), "-ac", "1", "-i", "pipe:0", "-c:a", "libmp3lame", *rate]
    with running([*codec, f"file:{folder / 'beeps.mp3'}"]) as sink:
        for word in range(WORDS):
            block = noise.copy() if (word // 37) % 2 else noise * 0.001
            block[: len(times)] = 0.8 * np.sin(2 * np.pi * pitch(word) * times)
            sink.write(block.astype(np.float32).tobytes())
    alignment = long_alignment(WORDS, SECONDS, "beeps.mp3")
    (folder / "beeps.alignment.json").write_text(to_text(alignment), encoding="utf-8")
    return folder
