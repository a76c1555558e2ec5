"""Synthesise planned utterances, and cache each in a file, so that an interrupted run can resume.

Conventions: the file of an utterance contains its plan; if the plan changes, the utterance is synthesised again.
"""

from __future__ import annotations

import json
import random
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, astuple
from itertools import islice
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from aligner.training import phonemes, sentences
from aligner.training.kokoro import KOKORO_RATE, Kokoro, Spoken
from aligner.training.records import RATE, Phone, Plan, SpokenUtterance, SpokenWord, save_arrays

_BATCH = 32  # utterances between two checks of the total duration
Report = Callable[[float], None]

_worker: Kokoro | None = None  # one for each process


def synthesise(kokoro: Path, folder: Path, minutes: float, seed: int, workers: int, report: Report) -> list[Path]:
    """Synthesise ``minutes`` of speech with the model in the folder ``kokoro``. Return the utterances' files in order.

    ``report`` is called with the seconds of speech so far.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    total = 0.0
    numbers = _utterance_numbers(seed)
    with ProcessPoolExecutor(workers, initializer=_load, initargs=(kokoro,)) as pool:
        while total < minutes * 60:
            jobs = [
                (folder / f"{language}-{kind}-{k:05}.npz", sentences.plan(language, kind, k, seed))
                for language, kind, k in islice(numbers, _BATCH)
            ]
            missing = [job for job in jobs if not _is_cached(*job)]
            list(pool.map(_synthesise, *zip(*missing, strict=True)) if missing else [])
            for path, _ in jobs:
                seconds = _seconds(path)
                if seconds and total < minutes * 60:
                    files.append(path)
                    total += seconds
            report(total)
    return files


def synthesise_hesitations(kokoro: Path, folder: Path, count: int, seed: int, workers: int) -> list[Path]:
    """Synthesise ``count`` hesitations in random languages. Return the files, except those of failed hesitations."""
    languages = random.Random(f"{seed} hesitations").choices(
        list(sentences.SHARES), list(sentences.SHARES.values()), k=count
    )
    jobs = [
        (folder / f"{language}-hesitations-{k:05}.npz", sentences.hesitation(language, k, seed))
        for k, language in enumerate(languages)
    ]
    missing = [job for job in jobs if not _is_cached(*job)]
    if missing:
        with ProcessPoolExecutor(workers, initializer=_load, initargs=(kokoro,)) as pool:
            list(pool.map(_synthesise, *zip(*missing, strict=True)))
    return [path for path, _ in jobs if _seconds(path)]


def read(path: Path) -> SpokenUtterance:
    with np.load(path) as stored:
        record = json.loads(str(stored["record"]))
        return SpokenUtterance(
            language=record["plan"]["language"],
            samples=stored["samples"].astype(np.float32) / 32768,
            words=tuple(SpokenWord(*word) for word in record["words"]),
            phones=tuple(Phone(*phone) for phone in record["phones"]),
        )


def _utterance_numbers(seed: int) -> Iterator[tuple[str, str, int]]:
    """Yield (language, kind, number) of one utterance after another, endlessly; languages and kinds are random."""
    rng = random.Random(seed)
    counts: Counter[tuple[str, str]] = Counter()
    while True:
        language = rng.choices(list(sentences.SHARES), list(sentences.SHARES.values()))[0]
        kind = "words" if rng.random() < sentences.WORDS_SHARE else "sentences"
        yield language, kind, counts[language, kind]
        counts[language, kind] += 1


def speak(plan: Plan, kokoro: Kokoro) -> SpokenUtterance | None:
    """Synthesise a planned utterance; return None if Kokoro cannot speak it."""
    rng = random.Random(plan.seed)
    groups = phonemes.phonemes([word.text for word in plan.words], plan.dialect)
    if plan.language == "fr":
        groups = phonemes.reduce_french(groups, rng, haste=rng.choice([0, 0.2, 0.5]))
    for k, word in enumerate(plan.words):
        groups[k] = phonemes.truncate(groups[k], word.cut) if word.cut < 1 else groups[k]
        groups[k] = phonemes.lengthen(groups[k], word.drawl) if word.drawl else groups[k]
    spoken = kokoro.speak(groups, [word.mark for word in plan.words], plan.voice, plan.speed)
    return _utterance(plan, spoken) if spoken else None


def _utterance(plan: Plan, spoken: Spoken) -> SpokenUtterance:
    spans: dict[int, tuple[float, float]] = {}
    for _, k, start, end in spoken.spans:
        if k is not None:
            spans[k] = (spans.get(k, (start,))[0], end)
    words = [
        SpokenWord(word.text if word.cut == 1 else "", *spans[k]) for k, word in enumerate(plan.words) if k in spans
    ]
    phones = [Phone(symbol, start, end) for symbol, k, start, end in spoken.spans if k is not None]
    return SpokenUtterance(plan.language, _at_rate(spoken.samples), tuple(words), tuple(phones))


def _at_rate(samples: NDArray[np.float32]) -> NDArray[np.float32]:
    from scipy.signal import resample_poly

    return resample_poly(samples, RATE // 8000, KOKORO_RATE // 8000).astype(np.float32)


def _load(folder: Path) -> None:
    global _worker
    _worker = Kokoro(folder)


def _synthesise(path: Path, plan: Plan) -> None:
    utterance = speak(plan, _worker)
    samples = utterance.samples if utterance else np.zeros(0, np.float32)
    record = {
        "plan": asdict(plan),
        "words": [astuple(word) for word in utterance.words] if utterance else [],
        "phones": [astuple(phone) for phone in utterance.phones] if utterance else [],
    }
    pcm = (np.clip(samples, -1, 1) * 32767).astype(np.int16)
    save_arrays(path, {"samples": pcm, "record": np.array(json.dumps(record, ensure_ascii=False))})


def _is_cached(path: Path, plan: Plan) -> bool:
    if not path.exists():
        return False
    with np.load(path) as stored:
        plan_of_file = json.loads(str(stored["record"]))["plan"]
    return plan_of_file == json.loads(json.dumps(asdict(plan)))


def _seconds(path: Path) -> float:
    with np.load(path) as stored:
        return len(stored["samples"]) / RATE
