#!/usr/bin/env python3
"""Speak a transcript with the robots of espeak-ng, and write down when each word is said.

Usage: python tests/bench/robots.py TRANSCRIPT OUT_DIR [--lang fr-fr] [--voices VOICES_JSON] [--disfluency 0.6]
           [--seed 1]

A synthesiser for ``make_episode.py`` and ``speak_texts.py`` (``--speak tests/bench/robots.py``), for voices that are as
strange to the ear as people's are: the letters head has never heard one. The transcript is one turn per line, ``Name :
words``; ``# `` opens a heading, which is not spoken, nor are footnote marks. Each speaker has a robot of their own,
with its pace and pitch, by the seed. Hesitations, repeats and dropped words are put
in as edited transcripts leave them out.

Writes ``episode.wav``, ``transcript.txt`` and ``truth.json``, as ``make_episode.py`` expects. Seconds; a word's end is
where the next one begins.
"""

from __future__ import annotations

import argparse
import ctypes
import json
import random
import re
import sys
import wave
from collections.abc import Iterator
from ctypes import CFUNCTYPE, POINTER, c_int, c_short, c_uint, c_void_p
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

ROBOTS = ("m1", "m2", "m3", "m4", "m5", "m6", "m7", "f1", "f2", "f3", "f4")
PACES, PITCHES = (140, 210), (25, 75)  # words a minute, and of espeak-ng's hundred
PAUSES = (0.15, 0.3, 0.5, 0.8)  # seconds after a turn
HUM, AGAIN, DROPPED = 0.035, 0.025, 0.006  # chances at each word, at a disfluency of 1
HUMS = {"fr": "euh", "en": "um", "es": "eh", "it": "ehm", "pt": "hum", "de": "äh", "nl": "eh", "ca": "eh", "ro": "ăă"}
_LIBRARY, _RETRIEVAL, _UTF_8, _RATE, _PITCH, _WORD = "libespeak-ng.so.1", 1, 1, 1, 3, 1  # as in speak_lib.h

Samples = NDArray[np.float32]


class _Event(ctypes.Structure):
    _fields_ = (
        ("type", c_int),
        ("message", c_uint),
        ("text_position", c_int),
        ("length", c_int),
        ("audio_position", c_int),
        ("sample", c_int),
        ("user_data", c_void_p),
        ("id", c_void_p),
    )


_CALLBACK = CFUNCTYPE(c_int, POINTER(c_short), c_int, POINTER(_Event))


class Espeak:
    """espeak-ng in this process: ``rate`` samples a second."""

    def __init__(self) -> None:
        self._library = ctypes.CDLL(_LIBRARY)
        self.rate = int(self._library.espeak_Initialize(_RETRIEVAL, 0, None, 0))
        self._samples: list[Samples] = []
        self._words: list[tuple[int, float]] = []
        self._callback = _CALLBACK(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def say(self, text: str, voice: str, pace: int, pitch: int) -> tuple[Samples, list[tuple[int, float]]]:
        """The sound of a text, and for each word that is said its place in the text and the second when it begins."""
        self._samples, self._words = [], []
        if self._library.espeak_SetVoiceByName(voice.encode()):
            raise SystemExit(f"{voice}: no voice of espeak-ng")
        self._library.espeak_SetParameter(_RATE, pace, 0)
        self._library.espeak_SetParameter(_PITCH, pitch, 0)
        data = text.encode() + b"\0"
        self._library.espeak_Synth(data, len(data), 0, 1, 0, _UTF_8, None, None)
        self._library.espeak_Synchronize()
        return np.concatenate([*self._samples, np.zeros(0, np.float32)]), self._words

    def _take(self, samples: Any, count: int, events: Any) -> int:
        if samples and count:
            self._samples.append(np.ctypeslib.as_array(samples, (count,)).astype(np.float32) / 32768)
        index = 0
        while events[index].type:
            if events[index].type == _WORD:
                self._words.append((events[index].text_position - 1, events[index].audio_position / 1000))
            index += 1
        return 0


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("transcript", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--lang", default="fr-fr")
    parser.add_argument("--voices", help="as other synthesisers have it; robots are drawn by the seed")
    parser.add_argument("--disfluency", type=float, default=0.0)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    lines = options.transcript.read_text(encoding="utf-8").rstrip("\n").split("\n")
    samples, words, rate = spoken(lines, options.lang, options.disfluency, options.seed)
    options.out.mkdir(parents=True, exist_ok=True)
    with wave.open(str(options.out / "episode.wav"), "wb") as file:
        file.setparams((1, 2, rate, 0, "NONE", ""))
        file.writeframes((samples.clip(-1, 1) * 32767).astype("<i2").tobytes())
    text = "\n".join(line.removeprefix("# ") for line in lines)
    (options.out / "transcript.txt").write_text(text, encoding="utf-8")
    truth = {"duration": len(samples) / rate, "words": words, "extra": []}
    (options.out / "truth.json").write_text(json.dumps(truth, ensure_ascii=False), encoding="utf-8")


def spoken(lines: list[str], language: str, disfluency: float, seed: int) -> tuple[Samples, list[dict[str, Any]], int]:
    """The sound of all lines, the words of the text without the marks of headings, and the samples a second."""
    rng, espeak = random.Random(f"{seed} {language}"), Espeak()
    robots: dict[str, tuple[str, int, int]] = {}
    sound, now, base, words, name = [np.zeros(espeak.rate // 3, np.float32)], 1 / 3, 0, list[dict[str, Any]](), ""
    for number, marked in enumerate(lines):
        line = marked.removeprefix("# ")
        label = None if line != marked else re.match(r"^([^:«»]{2,60}?) ?: ", line)
        name, first = (label[1], label.end()) if label else (name, 0)
        tokens = [(m[0], base + first + m.start()) for m in re.finditer(r"\S+", line[first:])]
        rows = [
            {"text": text, "char_start": at, "char_end": at + len(text), "start": None, "end": None, "line": number}
            | {"why": "heading" if line != marked else "note" if text.startswith("[") else "unspoken"}
            for text, at in tokens
        ]
        words += rows
        base += len(line) + 1
        if line != marked or not tokens:
            continue
        if name not in robots:
            robots[name] = (f"{language[:2]}+{rng.choice(ROBOTS)}", rng.randint(*PACES), rng.randint(*PITCHES))
        said, places = "", []
        for text, own in said_words(rows, language, disfluency, rng):
            places.append((len(said), own))
            said += f"{text} "
        samples, events = espeak.say(said, *robots[name])
        begun = [(own, at) for at, own in _begun(places, events)]
        for k, (row, at) in enumerate(begun):
            if row is not None and row["start"] is None:
                later = (start for _, start in begun[k + 1 :] if start > at)
                row |= {"start": now + at, "end": now + next(later, len(samples) / espeak.rate), "why": "ok"}
        pause = np.zeros(round(rng.choice(PAUSES) * espeak.rate), np.float32)
        sound += [samples, pause]
        now += (len(samples) + len(pause)) / espeak.rate
    return np.concatenate(sound), words, espeak.rate


def said_words(
    rows: list[dict[str, Any]], language: str, disfluency: float, rng: random.Random
) -> Iterator[tuple[str, dict[str, Any] | None]]:
    """What is said of a line's words, with the word that each is, if it is one."""
    for row in rows:
        if row["why"] == "note":
            continue
        chance = rng.random() / max(disfluency, 1e-9)
        if chance < HUM:
            yield f"{HUMS[language[:2]]},", None
        elif chance < HUM + AGAIN:
            yield f"{row['text'].strip(',.;:!?')},", None
        elif chance < HUM + AGAIN + DROPPED:
            continue
        yield row["text"], row


def _begun(
    places: list[tuple[int, dict[str, Any] | None]], events: list[tuple[int, float]]
) -> Iterator[tuple[float, dict[str, Any] | None]]:
    """When each place is first said; ``events`` are of places within them."""
    following = 0
    for position, at in events:
        while following < len(places) and places[following][0] <= position:
            following += 1
            if following == len(places) or places[following][0] > position:
                yield at, places[following - 1][1]


if __name__ == "__main__":
    sys.exit(main())
