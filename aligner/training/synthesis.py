"""Synthesise planned utterances, and cache each in a file, so that an interrupted run can resume.

Conventions: the file of an utterance contains its plan; if the plan changes, the utterance is synthesised again.
"""

from __future__ import annotations

import json
import logging
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, astuple
from functools import cache
from itertools import islice, repeat
from pathlib import Path

import numpy as np
from scipy.signal import resample_poly

from aligner.training import phonemes, sentences
from aligner.training.kokoro import KOKORO_RATE, Kokoro
from aligner.training.records import RATE, Phone, Plan, SpokenUtterance, SpokenWord, save_arrays

_BATCH = 32  # utterances between two checks of the total duration
_HESITATIONS = 8  # utterances for each hesitation

_loaded = cache(Kokoro)  # once in each process


def synthesise(kokoro: Path, folder: Path, minutes: float, seed: int) -> list[Path]:
    """Synthesise ``minutes`` of speech with the model in the folder ``kokoro``, and hesitations. Return the utterances'
    files in order."""
    folder.mkdir(parents=True, exist_ok=True)
    files: list[Path] = []
    total = 0.0
    numbers = _utterance_numbers(seed)
    with ProcessPoolExecutor() as pool:
        while total < minutes * 60:
            plans = {
                folder / f"{language}-{kind}-{k:05}.npz": sentences.plan(language, kind, k, seed)
                for language, kind, k in islice(numbers, _BATCH)
            }
            for path, seconds in _spoken(plans, kokoro, pool):
                if total < minutes * 60:
                    files.append(path)
                    total += seconds
            logging.info("%.1f of %.0f minutes of speech", total / 60, minutes)
        hesitations = _hesitations(folder, len(files) // _HESITATIONS, seed)
        return files + [path for path, _ in _spoken(hesitations, kokoro, pool)]


def _hesitations(folder: Path, count: int, seed: int) -> dict[Path, Plan]:
    """Plan ``count`` hesitations in random languages. Return each plan with the file for its speech."""
    languages = random.Random(f"{seed} hesitations").choices(
        list(sentences.SHARES), list(sentences.SHARES.values()), k=count
    )
    return {
        folder / f"{language}-hesitations-{k:05}.npz": sentences.hesitation(language, k, seed)
        for k, language in enumerate(languages)
    }


def _spoken(plans: Mapping[Path, Plan], kokoro: Path, pool: ProcessPoolExecutor) -> Iterator[tuple[Path, float]]:
    """Synthesise the plans whose files are missing; yield the file and the seconds of each that Kokoro can speak."""
    missing = [path for path, plan in plans.items() if not _is_cached(path, plan)]
    list(pool.map(_synthesise, missing, [plans[path] for path in missing], repeat(kokoro)))
    yield from ((path, seconds) for path in plans if (seconds := _seconds(path)))


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


def speak(plan: Plan, kokoro: Kokoro) -> SpokenUtterance:
    """Synthesise a planned utterance; it has no samples if Kokoro cannot speak it."""
    rng = random.Random(plan.seed)
    groups = phonemes.phonemes([word.text for word in plan.words], plan.dialect)
    if plan.language == "fr":
        groups = phonemes.reduce_french(groups, rng, haste=rng.choice([0, 0.2, 0.5]))
    groups = [
        phonemes.lengthen(phonemes.truncate(group, word.cut), word.drawl)
        for group, word in zip(groups, plan.words, strict=True)
    ]
    spoken = kokoro.speak(groups, [word.mark for word in plan.words], plan.voice, plan.speed)
    spans: dict[int, tuple[float, float]] = {}
    for _, k, start, end in spoken.spans:
        if k is not None:
            spans[k] = (spans.get(k, (start,))[0], end)
    words = [
        SpokenWord(word.text if word.cut == 1 else "", *spans[k]) for k, word in enumerate(plan.words) if k in spans
    ]
    phones = [Phone(symbol, start, end) for symbol, k, start, end in spoken.spans if k is not None]
    samples = resample_poly(spoken.samples, RATE, KOKORO_RATE).astype(np.float32)
    return SpokenUtterance(plan.language, samples, tuple(words), tuple(phones))


def _synthesise(path: Path, plan: Plan, kokoro: Path) -> None:
    utterance = speak(plan, _loaded(kokoro))
    record = {
        "plan": asdict(plan),
        "words": [astuple(word) for word in utterance.words],
        "phones": [astuple(phone) for phone in utterance.phones],
    }
    pcm = (np.clip(utterance.samples, -1, 1) * 32767).astype(np.int16)
    save_arrays(path, {"samples": pcm, "record": np.array(json.dumps(record, ensure_ascii=False))})


def _is_cached(path: Path, plan: Plan) -> bool:
    if not path.exists():
        return False
    with np.load(path) as stored:
        return json.loads(str(stored["record"]))["plan"] == json.loads(json.dumps(asdict(plan)))


def _seconds(path: Path) -> float:
    with np.load(path) as stored:
        return len(stored["samples"]) / RATE
