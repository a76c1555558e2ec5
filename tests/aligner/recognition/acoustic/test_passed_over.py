"""What is said twice in one chunk is heard twice, by an ear that passes over what it has heard before."""

from __future__ import annotations

import numpy as np

from aligner.emissions import CLASSES, COLUMNS
from aligner.recognition.acoustic.encoder import CHUNK_FRAMES, HOPS, MELS, SILENCE, emissions_of
from tests.tables import over_rows

HEARD, BLANK = 0.1, 0.9  # how likely no letter is


class ForgetfulEar:
    """Hears each sound of a chunk the first time only; sounds are the numbers that a spectrogram consists of."""

    def __init__(self) -> None:
        self.listened = 0

    def listen(self, mel: np.ndarray) -> np.ndarray:
        self.listened += 1
        sounds = mel[0, ::HOPS]
        _, first = np.unique(sounds, return_index=True)
        heard = np.zeros(len(sounds), bool)
        heard[first] = True
        values = np.zeros((len(sounds), COLUMNS), np.float16)
        values[:, CLASSES] = np.log(np.where(heard & (sounds > 0), HEARD, BLANK))
        return values


def chunk(*pieces: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """A chunk's spectrogram and where speech is: pieces of so many frames, each of the sounds from a number on, those
    from 0 on being silence."""
    sounds = np.full(CHUNK_FRAMES, SILENCE)
    at = 0
    for frames, first in pieces:
        if first:
            sounds[at : at + frames] = np.arange(first, first + frames)
        at += frames
    return np.repeat(sounds, HOPS) * np.ones((MELS, 1), np.float32), sounds > 0


def unheard(mel: np.ndarray, speech: np.ndarray, ear: ForgetfulEar) -> int:
    return int((np.exp(emissions_of(mel, speech, ear.listen)[:, CLASSES].astype(float))[speech] > 0.5).sum())


@over_rows("pause", [0, 30])
@over_rows("copies", [2, 3, 4])
@over_rows("frames", [60, 120])
def test_every_copy_is_heard(frames: int, copies: int, pause: int) -> None:
    mel, speech = chunk((100, 1000), *[(frames, 1), (pause, 0)] * copies)
    assert unheard(mel, speech, ForgetfulEar()) <= copies * frames / 4  # at cuts without a pause


def test_speech_that_is_heard_is_listened_to_once() -> None:
    for pieces in ([(600, 1)], [(200, 1), (200, 0), (200, 500)]):
        ear = ForgetfulEar()
        assert unheard(*chunk(*pieces), ear) == 0
        assert ear.listened == 1


@over_rows("frames, times", [(90, 2), (200, 5), (750, 6)])
def test_what_has_no_letters_even_alone_stays_as_it_was_and_costs_little(frames: int, times: int) -> None:
    ear = ForgetfulEar()
    mel, speech = chunk((frames, 1))
    music = np.ones_like(mel)
    assert unheard(music, speech, ear) == frames - 1
    assert ear.listened <= times  # all; halves down to a second or two; one more of these
