"""Encode examples with the Whisper encoder that quotecast uses. Each file stores a chunk of utterances.

Conventions: a file's name contains a hash of all inputs of its chunk, so an existing file is always up to date.
"""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import astuple, dataclass
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.recognition.acoustic.encoder import Encoder, clamp, log_mel
from aligner.recognition.models import model_folder
from aligner.training import composition, synthesis
from aligner.training.composition import Example
from aligner.training.records import Phone, SpokenWord, save_arrays

_CHUNK = 40  # utterances: about four minutes
_OTHERS = 8  # utterances for the background of a chunk
_BANDS_HIDDEN, _HIDDEN_SHARE = 12, 0.3  # most mel bands hidden; share of the windows
_VERSION = "6"  # increase when composition or augmentation changes


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A window of audio: its features, of shape (frames, features), and the words and phonemes spoken in the window."""

    features: NDArray[np.float16]  # (750, 512)
    words: tuple[SpokenWord, ...]
    phones: tuple[Phone, ...]


def encode_pass(speech: Sequence[Path], number: int, folder: Path, seed: int) -> list[Path]:
    """Encode all ``speech`` files once. Order and noise depend on the ``seed`` and the ``number`` of this pass. Returns
    the written files, one for each chunk."""
    folder.mkdir(parents=True, exist_ok=True)
    order = np.random.default_rng([seed, number]).permutation(len(speech))
    shuffled = [speech[k] for k in order]
    chunks = [shuffled[k : k + _CHUNK] for k in range(0, len(shuffled), _CHUNK)]
    jobs = []
    for k, chunk in enumerate(chunks):
        others = chunks[(k + 1) % len(chunks)][:_OTHERS]
        names = " ".join(path.name for path in [*chunk, *others])
        key = hashlib.sha256(f"{_VERSION} {seed} {number} {k} {names}".encode()).hexdigest()[:16]
        jobs.append((folder / f"pass{number}-{k:03}-{key}.npz", chunk, others, [seed, number, k]))
    with ProcessPoolExecutor() as pool:
        started = [pool.submit(_encode_chunk, *job) for job in jobs if not job[0].exists()]
        for done, encoded in enumerate(as_completed(started), start=len(jobs) - len(started) + 1):
            encoded.result()
            logging.info("pass %d: %d of %d chunks encoded", number + 1, done, len(jobs))
    return [path for path, *_ in jobs]


def read(path: Path) -> list[Encoded]:
    with np.load(path) as stored:
        record = json.loads(str(stored["record"]))
        return [
            Encoded(features, tuple(SpokenWord(*w) for w in words), tuple(Phone(*p) for p in phones))
            for features, (words, phones) in zip(stored["features"], record, strict=True)
        ]


@cache
def _encoder() -> Encoder:
    return Encoder(model_folder("base"))


def _encode_chunk(path: Path, chunk: Sequence[Path], others: Sequence[Path], seed: list[int]) -> None:
    rng = np.random.default_rng([*seed, 1])
    spoken = [synthesis.read(file) for file in chunk]
    background = [synthesis.read(file) for file in others]
    features, record = [], []
    for example in composition.examples(spoken, background, rng):
        features.append(_encoder().encode(_mel(example, rng))[0].astype(np.float16))
        record.append([[astuple(word) for word in example.words], [astuple(phone) for phone in example.phones]])
    save_arrays(path, {"features": np.stack(features), "record": np.array(json.dumps(record, ensure_ascii=False))})


def _mel(example: Example, rng: np.random.Generator) -> NDArray[np.float32]:
    """Return the mel spectrogram of an example, sometimes with a masked band (SpecAugment, arXiv 1904.08779)."""
    mel = log_mel(example.samples)
    if rng.random() < _HIDDEN_SHARE:
        low, width = int(rng.integers(0, mel.shape[0])), int(rng.integers(2, _BANDS_HIDDEN))
        mel[low : low + width] = np.median(mel, axis=1).min()
    return clamp(mel)
