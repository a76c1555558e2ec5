#!/usr/bin/env python3
"""How much one correction repairs, and whether editing the text gives the times of aligning it again.

Usage: python -m tests.bench.corrections [FOLDER...] [--faults 200] [--edits 100] [--seed 1] [--list]

A *fault* is planted into an episode's alignment: a run of 1 to 40 words that is 0.3 to 5 s early or late and called
exact, or, one in three, falsely unspoken. Its middle word is then pinned to its original time. Printed
are the words over 0.1 s off before and after, and the processor time of a correction.

An *edit* is of the transcript's file: a word misspelt, a sentence taken out, two paragraphs swapped, a speaker renamed,
an unspoken paragraph inserted. The result is compared with an alignment of the edited text: printed are the words
that start over 20 ms elsewhere, or are spoken in only one of the two; and of 50 pinned words how many stay, to the
millisecond, and how many are listed as lost because they were removed. Folders as for ``run.py``; default: the sample.
"""

import argparse
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np

from aligner.corrections.repair import RecognisedAudio, repaired
from aligner.corrections.text import with_transcript
from aligner.model import Alignment, Kind, Pin, PinKind, Span, Status, TimedWord
from aligner.pins import pins_of
from aligner.pipeline import AlignOptions, align, recognisers_for
from aligner.recognition import examine, recognise
from aligner.transcript import open_transcript
from tests.bench.report import table
from tests.bench.trial import EpisodeFiles, find_episodes
from tests.paths import SAMPLE

MOST_WORDS, SHIFTS, UNSPOKEN_SHARE = 40, (0.3, 5.0), 1 / 3
_MENDED, _SAME = 0.1, 0.02  # seconds
PINS = 50  # words of an episode whose text is edited
_LONG = 20  # words of a paragraph that is changed
_PUT_IN = "Ceci est un paragraphe que personne ne dit. Nobody says this paragraph at all, not a word of it."


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="*")
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--edits", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="name what was not mended, and what came out otherwise")
    options = parser.parse_args(arguments)
    faults, edits = [], []
    for files in find_episodes(options.folders or [SAMPLE]):
        rng = random.Random(options.seed)
        alignment, heard = aligned(files)
        faults.append([files.name, *_faults(alignment, heard, rng, options.faults, options.list)])
        edits.append([files.name, *_edits(files, alignment, heard, rng, options.edits, options.list)])
    print(table(["episode", "faults", "words", "left", "ms", "p95"], faults), end="\n\n")
    print(table(["episode", "edits", "words", "otherwise", "share", "ms", "p95", "pins", "kept", "gone"], edits))
    return 0


def aligned(files: EpisodeFiles) -> tuple[Alignment, RecognisedAudio]:
    options = AlignOptions()
    ears = recognisers_for(options)
    alignment = align(files.audio, files.transcript, options, recognisers=ears).alignment
    audio = examine(files.audio)
    return alignment, RecognisedAudio(
        audio, recognise(audio, next(ear for ear in ears if ear.name == alignment.engine.method))
    )


def _faults(alignment: Alignment, heard: RecognisedAudio, rng: random.Random, count: int, listed: bool) -> list[str]:
    said = [k for k, word in enumerate(alignment.words) if word.status is Status.EXACT]
    before, after, spent = 0, 0, []
    for _ in range(count):
        first = rng.choice(said)
        run = range(first, min(len(alignment.words), first + rng.randint(1, MOST_WORDS)))
        wrong = unspoken(alignment, run) if rng.random() < UNSPOKEN_SHARE else shifted(alignment, run, rng)
        exact = [k for k in run if alignment.words[k].status is Status.EXACT]
        word = exact[len(exact) // 2]
        pin = Pin(PinKind.WORD, range(word, word + 1), alignment.words[word].span)
        began = time.process_time()
        mended = repaired(wrong, [pin], pin.words, heard)
        spent.append(time.process_time() - began)
        left = off(mended.words, alignment.words, _MENDED)
        before, after = before + len(off(wrong.words, alignment.words, _MENDED)), after + len(left)
        if listed and left:
            print(f"{run.start}-{run.stop}: left {' '.join(f'{k} {alignment.words[k].word.text}' for k in left[:9])}")
    return [str(count), str(before), str(after), *times(spent)]


def shifted(alignment: Alignment, run: range, rng: random.Random) -> Alignment:
    """Words so much earlier or later, and those that they overtake beside them: an alignment is in order."""
    seconds = rng.choice([-1, 1]) * rng.uniform(*SHIFTS)
    words: list[TimedWord] = []
    latest = 0.0
    for k, word in enumerate(alignment.words):
        if word.span:
            start = max(latest, word.span.start + (seconds if k in run else 0.0))
            start = latest = min(start, alignment.audio.duration - 0.1)
            word = replace(
                word, span=Span(start, start + min(word.span.duration, 0.1 + alignment.audio.duration - start))
            )
            word = replace(word, status=Status.EXACT, confidence=0.97) if k in run else word
        words.append(word)
    return replace(alignment, words=tuple(words))


def unspoken(alignment: Alignment, run: range) -> Alignment:
    silent = [replace(w, span=None, status=Status.UNSPOKEN, confidence=0.0) for w in alignment.words]
    words = [silent[k] if k in run else word for k, word in enumerate(alignment.words)]
    return replace(alignment, words=tuple(words))


def _edits(
    files: EpisodeFiles, alignment: Alignment, heard: RecognisedAudio, rng: random.Random, count: int, listed: bool
) -> list[str]:
    words, otherwise, spent = 0, 0, []
    alignment = align(files.audio, files.transcript, AlignOptions(), previous=_pinned(alignment, rng)).alignment
    pins, kept, lost = pins_of(alignment), 0, 0
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / files.transcript.name
        for _ in range(count):
            change = rng.choice([_misspelt, _sentence_out, _swapped, _renamed, _put_in])
            path.write_text(change(alignment, rng), encoding="utf-8")
            began = time.process_time()
            now = with_transcript(alignment, open_transcript(path).understood(), heard)
            spent.append(time.process_time() - began)
            anew = align(files.audio, path, AlignOptions(), previous=alignment).alignment
            where = {pin.span for pin in pins_of(now)}
            kept, lost = kept + sum(pin.span in where for pin in pins), lost + len(now.lost_pins)
            differ = off(now.words, anew.words, _SAME)
            words, otherwise = words + len(anew.words), otherwise + len(differ)
            if listed and differ:
                print(f"{change.__name__}: {' '.join(f'{k} {anew.words[k].word.text}' for k in differ[:9])}")
    share = f"{100 * (1 - otherwise / max(1, words)):.2f}"
    return [str(count), str(words), str(otherwise), share, *times(spent), str(count * len(pins)), str(kept), str(lost)]


def _pinned(alignment: Alignment, rng: random.Random) -> Alignment:
    """The alignment with some of its words pinned where they are."""
    said = [k for k, word in enumerate(alignment.words) if word.status is Status.EXACT]
    pinned = set(rng.sample(said, min(PINS, len(said))))
    return replace(alignment, words=tuple(replace(w, pinned=k in pinned) for k, w in enumerate(alignment.words)))


Change = Callable[[Alignment, random.Random], str]


def _paragraphs(alignment: Alignment) -> list[range]:
    """The characters of long paragraphs of speech."""
    speech = (timed.segment for timed in alignment.segments if timed.segment.kind is Kind.SPEECH)
    ranges = [range(segment.char_start, segment.char_end) for segment in speech]
    return [each for each in ranges if len(alignment.transcript.text[each.start : each.stop].split()) >= _LONG]


def _misspelt(alignment: Alignment, rng: random.Random) -> str:
    text, word = alignment.transcript.text, rng.choice([w.word for w in alignment.words if len(w.word.text) > 3])
    return text[: word.char_start] + word.text[1] + word.text[0] + text[word.char_start + 2 :]


def _sentence_out(alignment: Alignment, rng: random.Random) -> str:
    text = alignment.transcript.text
    place = rng.choice([each for each in _paragraphs(alignment) if ". " in text[each.start : each.stop]])
    sentences = text[place.start : place.stop].split(". ")
    del sentences[rng.randrange(len(sentences))]
    return text[: place.start] + ". ".join(sentences) + text[place.stop :]


def _swapped(alignment: Alignment, rng: random.Random) -> str:
    text, places = alignment.transcript.text, _paragraphs(alignment)
    one, other = rng.choice(list(pairwise(places)))
    first, second = text[one.start : one.stop], text[other.start : other.stop]
    return text[: one.start] + second + text[one.stop : other.start] + first + text[other.stop :]


def _renamed(alignment: Alignment, rng: random.Random) -> str:
    text, names = alignment.transcript.text, sorted({s.segment.speaker or "" for s in alignment.segments} - {""})
    name = rng.choice(names or ["\0"])
    return text.replace(f"{name}:", "Zoé Blanc:").replace(f"{name} :", "Zoé Blanc :")


def _put_in(alignment: Alignment, rng: random.Random) -> str:
    text, place = alignment.transcript.text, rng.choice(_paragraphs(alignment))
    return text[: place.stop] + f"\n\n{_PUT_IN}" + text[place.stop :]


def off(one: Sequence[TimedWord], other: Sequence[TimedWord], seconds: float) -> list[int]:
    """The words that start so much elsewhere, or are said in one of the two alone."""
    if [word.word.text for word in one] != [word.word.text for word in other]:
        raise ValueError("two readings of one text have other words")
    spans = [(a.span, b.span) for a, b in zip(one, other, strict=True)]
    return [
        k
        for k, (a, b) in enumerate(spans)
        if (a is None) != (b is None) or (a and b and abs(a.start - b.start) > seconds)
    ]


def times(seconds: Sequence[float]) -> list[str]:
    """The median and what one in twenty exceeds, in milliseconds."""
    if not seconds:
        return ["-", "-"]
    return [f"{1000 * float(np.percentile(seconds, part)):.0f}" for part in (50, 95)]


if __name__ == "__main__":
    sys.exit(main())
