#!/usr/bin/env python3
"""Fit what each feature of a placed word says for its time, on generated episodes whose truth is known.

Usage: python -m tests.bench.confidence FOLDER... [--texts 12]

Prints the fields of ``aligner.locating.acoustic.placing.ConfidenceWeights``, and how the confidence of episodes on
which they were not fitted then compares with what is right: each language in turn is left out. Folders as for ``run``;
an episode's folder is called by its language ("de", "nl-numbers").

Of each episode so many texts are made: a part of it, from two sentences to all, as published or edited little or much.
Sentences and words are gone, words stand in the place of others or are put in, singly and in runs; a quarter of the
texts has headings and footnotes put in. All of it comes of the episode's name and a number.

Conventions: a word is right if it is said and starts within 0.2 s of its time; an inserted word is never right.
"""

import argparse
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, fields, replace
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from aligner.emissions import FRAME, Emissions
from aligner.errors import TranscriptError
from aligner.locating import acoustic
from aligner.locating.acoustic.placing import ConfidenceWeights, confidence_features
from aligner.locating.quality import timed_words
from aligner.model import Audio, Placement, Span
from aligner.recognition import examine, recognise
from aligner.recognition.acoustic import AcousticRecogniser
from aligner.spans import SpeechSpans
from tests.bench.calibrate import Sample, fit, joined, probability
from tests.bench.edited import (
    CORE,
    Edit,
    Edited,
    Editing,
    applied,
    headings_and_notes,
    plain_words,
    sentences,
    without,
    words_dropped,
)
from tests.bench.evaluation import TrueWord, paired
from tests.bench.judging import WRONG, judged
from tests.bench.recordings import Recording, moved, read_recording, transcript_of
from tests.bench.reliability import bin_of, calibration_error
from tests.bench.splicing import after_word
from tests.bench.trial import EpisodeFiles, find_episodes

LEVELS = (0.0, 0.0, 0.01, 0.03, 0.1)  # shares of words that are replaced or put in, more or less
PARTS = (25, 60, 120, 10**6)  # words at least
RUNS = (1, 1, 1, 1, 2, 3, 5, 8, 20, 50)  # of words replaced or put in together
_LEAST_WORDS, _LEAST_SECONDS = 5, 3.0
_LABEL = re.compile(r"^[^:«»\n]{2,60}?:\s")


@dataclass(frozen=True, slots=True, eq=False)
class RecognisedAudio:
    """Audio with its emissions and their language."""

    audio: Audio
    emissions: Emissions
    language: str


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--texts", type=int, default=12)
    options = parser.parse_args()
    samples: dict[str, list[Sample]] = {}
    for files in find_episodes(options.folders):
        samples.setdefault(files.name.split("-")[0], []).extend(samples_of(files, options.texts))
    every = joined(sample for of in samples.values() for sample in of)
    weights = fit(every.columns, every.right)
    for field, weight in zip(fields(ConfidenceWeights), weights, strict=True):
        print(f"    {field.name}: float = {weight:.2f}")
    chances, right = [], []
    for left_out, own in samples.items():
        others = [sample for language, of in samples.items() if language != left_out for sample in of]
        rest, judge = joined(others or own), joined(own)
        chances.append(probability(judge.columns, fit(rest.columns, rest.right)))
        right.append(judge.right)
    show(np.concatenate(chances), np.concatenate(right))


def show(chances: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    print(f"{len(right)} words, calibration error {100 * (calibration_error(chances, right) or 0.0):.1f} %")
    for k in range(9, -1, -1):
        inside = bin_of(chances) == k
        if inside.any():
            told, true = chances[inside].mean(), right[inside].mean()
            print(f"  {k / 10:.1f}-{(k + 1) / 10:.1f}: {inside.sum():6d} words, {told:6.1%} said, {true:6.1%} right")


def samples_of(files: EpisodeFiles, texts: int) -> Iterator[Sample]:
    """The words of so many texts of an episode."""
    condition = files.audio.parent.parent.name
    language = files.name.split("-")[0]
    recording = replace(read_recording(files), text=files.transcript.read_text(encoding="utf-8"))
    audio = examine(files.audio)
    emissions = recognise(audio, AcousticRecogniser(language=language)).emissions
    if emissions is None:
        raise SystemExit(f"{files.audio}: no letters were recognised")
    for number in range(texts):
        rng = random.Random(f"{number} {files.name} {condition}")
        part = part_of(Edited(recording, never_said(files)), RecognisedAudio(audio, emissions, language), rng)
        if part is None:
            continue
        version, heard = part
        for editing in editings(random.Random(f"{number} {files.name} {condition} w")):
            version = applied(version, editing(version.recording, rng))
        if rng.random() < 0.25:
            version = applied(version, headings_and_notes(version.recording, rng))
        if len(version.recording.words) >= _LEAST_WORDS and (sample := sample_of(version, heard)):
            yield sample


def never_said(files: EpisodeFiles) -> tuple[tuple[int, int], ...]:
    """Return the unspoken words of the published text, without footnote marks."""
    words = json.loads(files.truth.read_text(encoding="utf-8"))["words"]
    unsaid = (w for w in words if w["start"] is None and re.search(r"\w", w["text"]) and w["why"] != "note")
    return tuple((word["char_start"], word["char_end"]) for word in unsaid)


def part_of(version: Edited, heard: RecognisedAudio, rng: random.Random) -> tuple[Edited, RecognisedAudio] | None:
    """Return some or all sentences of a recording with their emissions; None if an edge is unknown."""
    recording, bounds, least = version.recording, sentences(version.recording), rng.choice(PARTS)
    words = recording.words
    if least >= len(words):
        return version, heard
    first = rng.randrange(len(bounds))
    last = first
    while last + 1 < len(bounds) and bounds[last][1] - bounds[first][0] < least:
        last += 1
    begin, stop = bounds[first][0], bounds[last][1]
    if not words[begin].known:
        return None
    start = recording.cut_before(begin) if begin else 0.0
    end = recording.cut_before(stop) if stop < len(words) and words[stop].known else recording.duration
    if end - start < _LEAST_SECONDS:
        return None
    line = recording.text.rfind("\n", 0, words[begin].char_start) + 1
    label = _LABEL.match(recording.text[line : words[begin].char_start])
    head, body = label[0] if label else "", words[begin].char_start
    text = head + recording.text[body : after_word(recording.text, words[stop - 1])] + "\n"
    frame, shift = round(start / FRAME), len(head) - body
    offset = frame * FRAME
    kept = tuple(moved(word, -offset, shift) for word in words[begin:stop])
    unsaid = tuple((a + shift, z + shift) for a, z in version.unsaid if body <= a and z + shift <= len(text))
    part = replace(recording, text=text, words=kept, breaks=frozenset(), seams=frozenset())
    return Edited(part, unsaid), heard_within(heard, frame, end)


def heard_within(heard: RecognisedAudio, frame: int, end: float) -> RecognisedAudio:
    """Return the emissions from a frame to a second."""
    offset = frame * FRAME
    speech = SpeechSpans(heard.audio.speech).between(offset, end)
    spans = tuple(Span(max(0.0, span.start - offset), span.end - offset) for span in speech)
    values = heard.emissions.values[frame : round(end / FRAME)]
    audio = replace(heard.audio, duration=end - offset, speech=spans, samples=None)
    return replace(heard, audio=audio, emissions=Emissions(values, heard.emissions.prior))


def editings(rng: random.Random) -> list[Editing]:
    """What edits a text, one after the other."""
    level, chosen = rng.choice(LEVELS), list[Editing]()
    if rng.random() < 0.5:
        chosen.append(partial(sentences_gone, share=rng.choice([0.1, 0.2, 0.4])))
    if rng.random() < 0.5:
        chosen.append(partial(words_dropped, share=rng.choice([0.02, 0.1])))
    if level and rng.random() < 0.6:
        chosen.append(lambda recording, own: words_replaced(recording, own, level * rng.uniform(0.5, 1.5)))
    if level and rng.random() < 0.3:
        chosen.append(lambda recording, own: words_replaced(recording, own, level / 4, RUNS))
    if level and rng.random() < 0.6:
        chosen.append(lambda recording, own: words_put_in(recording, own, level / 3))
    return chosen


def sentences_gone(recording: Recording, rng: random.Random, share: float) -> list[Edit]:
    bounds = sentences(recording)
    gone = [each for each in bounds if rng.random() < share]
    gone = gone if len(gone) < len(bounds) else gone[1:]
    return without(recording, {k for first, stop in gone for k in range(first, stop)})


def words_replaced(recording: Recording, rng: random.Random, rate: float, runs: Sequence[int] = (1,)) -> list[Edit]:
    choice, edits, left = plain_words(recording), list[Edit](), 0
    for word in recording.words:
        if not left and rng.random() < rate:
            left = rng.choice(runs)
        core = CORE.fullmatch(recording.text, word.char_start, word.char_end)
        if left and core:
            left -= 1
            other = rng.choice(choice)
            if other.lower() != core[1].lower():
                edits.append(Edit(core.start(1), core.end(1), other))
    return edits


def words_put_in(recording: Recording, rng: random.Random, rate: float) -> list[Edit]:
    choice, edits = plain_words(recording), list[Edit]()
    for word in recording.words:
        if rng.random() < rate:
            put_in = " ".join(rng.choices(choice, k=rng.choice(RUNS)))
            edits.append(Edit(word.char_start, word.char_start, f"{put_in} "))
    return edits


def sample_of(version: Edited, heard: RecognisedAudio) -> Sample | None:
    """Return the timed words that have a known start or are unspoken; None if there are none."""
    recording = version.recording
    try:
        transcript = transcript_of(recording.text)
    except TranscriptError:
        return None
    seen: list[tuple[Sequence[Placement], NDArray[np.float64]]] = []

    def features(placements: Sequence[Placement], *evidence: Any) -> Sequence[Placement]:
        seen.append((placements, confidence_features(placements, *evidence)))
        return placements

    with patch.object(acoustic, "with_confidence", features):
        located = acoustic.locate_by_emissions(transcript, heard.audio, heard.emissions, heard.language)
    (placements, columns), timed = seen[0], timed_words(transcript.words, located.placements)
    number = {id(word): k for k, word in enumerate(timed)}
    places = sorted([*((word.char_start, word.char_end) for word in recording.words), *version.unsaid])
    found = [word for _, word in paired(timed, [TrueWord(*place, None) for place in places]) if word]
    counted = {
        number[id(each.timed)]: each.off is not None and abs(each.off) <= WRONG
        for each in judged(version, found)
        if each.start is not None and (each.true is None or each.off is not None)
    }
    # Footnote marks that are read aloud have a confidence of their own.
    told = [k for k in counted if placements[k].span]
    return Sample(columns[told], np.array([counted[k] for k in told], np.bool_)) if told else None


if __name__ == "__main__":
    main()
