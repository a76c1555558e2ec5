"""Planted scripts and audio: words at an even pace, with a voice only during words."""

from dataclasses import replace

import numpy as np

from media.decode import Waveform
from media.video.backdrop import Style
from media.video.drawing import Shape, frame_levels
from media.video.paint import RATE, Painter
from media.video.screens import Script, ShownWord

FIRST, WORD, GAP = 0.5, 0.4, 0.05  # seconds: before the first word, of each word, after it

LONG = (
    "Le phare ne tourne plus depuis l’hiver\u202f; les pêcheurs, eux, disent\u00a0: «\u00a0on rentre au bruit des "
    "vagues\u00a0». Personne ne sait pourquoi, ni qui a éteint la lampe. Les plus vieux se souviennent d’un gardien "
    "qui montait chaque soir, une lanterne à la main, et comptait les bateaux."
)


def words_of(*turns: str | tuple[str, str]) -> tuple[ShownWord, ...]:
    """The words of turns, each a text or a speaker and a text, said one after the other."""
    words: list[ShownWord] = []
    for turn in turns:
        speaker, text = turn if isinstance(turn, tuple) else (None, turn)
        for token in text.split(" "):
            start = FIRST + len(words) * (WORD + GAP)
            cost = 0.0 if not words or words[-1].text[-1] in ".!?" else 12.0
            words.append(ShownWord(token, start, start + WORD, speaker, cost=cost))
    return tuple(words)


def script_of(*turns: str | tuple[str, str], show: str | None = "Marées", title: str | None = "Le phare") -> Script:
    words = words_of(*turns)
    return Script(words, words[-1].end + 0.5, show, title)


def voice(script: Script, rate: int = 44100) -> Waveform:
    """Noise while a word is said, silence elsewhere."""
    samples = np.zeros((round(script.duration * rate), 1), np.float32)
    noise = np.random.default_rng(7).standard_normal(len(samples)).astype(np.float32)
    for word in script.words:
        part = slice(round(word.start * rate), round(word.end * rate))
        samples[part, 0] = 0.1 * noise[part]
    return Waveform(samples, rate)


def painter_of(script: Script, shape: Shape, style: Style | None = None) -> Painter:
    quote = replace(script, duration=script.duration - script.card)
    return Painter(script, style or Style(), shape, frame_levels(voice(quote), RATE))
