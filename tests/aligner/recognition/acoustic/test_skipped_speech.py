"""Speech that is repeated within a chunk is recognised each time, though the encoder skips repetitions."""

import numpy as np

from aligner.emissions import CLASSES, COLUMNS
from aligner.recognition.acoustic.encoder import CHUNK_FRAMES, HOPS, MELS, SILENCE, emissions_of
from tests.tables import over_rows

HEARD, BLANK = 0.1, 0.9  # how likely no letter is


class ForgetfulEncoder:
    """An encoder that recognises each sound of a chunk the first time only; sounds are the numbers in the
    spectrogram."""

    def __init__(self) -> None:
        self.calls = 0

    def emissions(self, mel: np.ndarray) -> np.ndarray:
        self.calls += 1
        sounds = mel[0, ::HOPS]
        _, first = np.unique(sounds, return_index=True)
        heard = np.zeros(len(sounds), bool)
        heard[first] = True
        values = np.zeros((len(sounds), COLUMNS), np.float16)
        values[:, CLASSES] = np.log(np.where(heard & (sounds > 0), HEARD, BLANK))
        return values


def chunk(*pieces: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Return a chunk's spectrogram and its speech: pieces of so many frames, with sounds counted from a number on, 0
    for silence."""
    sounds = np.full(CHUNK_FRAMES, SILENCE)
    at = 0
    for frames, first in pieces:
        if first:
            sounds[at : at + frames] = np.arange(first, first + frames)
        at += frames
    return np.repeat(sounds, HOPS) * np.ones((MELS, 1), np.float32), sounds > 0


def unrecognised(mel: np.ndarray, speech: np.ndarray, encoder: ForgetfulEncoder) -> int:
    return int((np.exp(emissions_of(mel, speech, encoder.emissions)[:, CLASSES].astype(float))[speech] > 0.5).sum())


@over_rows("pause", [0, 30])
@over_rows("copies", [2, 3, 4])
@over_rows("frames", [60, 120])
def test_every_copy_is_recognised(frames: int, copies: int, pause: int) -> None:
    mel, speech = chunk((100, 1000), *[(frames, 1), (pause, 0)] * copies)
    assert unrecognised(mel, speech, ForgetfulEncoder()) <= copies * frames / 4  # at cuts without a pause


def test_recognised_speech_is_encoded_once() -> None:
    for pieces in ([(600, 1)], [(200, 1), (200, 0), (200, 500)]):
        encoder = ForgetfulEncoder()
        assert unrecognised(*chunk(*pieces), encoder) == 0
        assert encoder.calls == 1


@over_rows("frames, times", [(90, 2), (200, 5), (750, 6)])
def test_speech_without_letters_even_alone_is_unchanged_and_costs_little(frames: int, times: int) -> None:
    encoder = ForgetfulEncoder()
    mel, speech = chunk((frames, 1))
    music = np.ones_like(mel)
    assert unrecognised(music, speech, encoder) == frames - 1
    assert encoder.calls <= times  # all; halves down to a second or two; one more of these
