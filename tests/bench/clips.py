#!/usr/bin/env python3
"""Cut random sentences of an episode whose truth is known, and look at each clip as a listener's player gives it.

Usage: python -m tests.bench.clips FOLDER [--count 50] [--seed 1] [--language fr] [--sentences]

FOLDER holds ``episode.*``, ``transcript.*`` and ``truth.json``. Each sentence is sought by its words, cut, finished and
written as MP3. Then, independently of what made it:

- *cut words*: words of the truth that an edge falls into, further than 10 ms from the word's own edges; and those of
  them that sound there, for a synthesiser counts up to 0.3 s of silence at a sentence's end to its last word;
- loudness and true peak of the file, by ffmpeg's ``ebur128`` filter;
- first and last word: whether the bundled model, listening to the file, hears them at its beginning and its end; by
  the words that it recognises, and by the letters, which do not depend on what it takes for likely.

Conventions: seconds of the episode; a sentence counts if at least three of its words are said.
"""

import argparse
import json
import random
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from aligner.languages import language_of
from aligner.locating.acoustic.anchors import decode
from aligner.model import Alignment, Audio, Span
from aligner.normalization import letters_of, unaccented
from aligner.pipeline import AlignOptions, align
from aligner.publishing.clips import make_clip
from aligner.publishing.excerpt import Source
from aligner.quotes.quote import QuoteQuery, find_quote
from aligner.recognition import silent
from aligner.recognition.acoustic import AcousticRecogniser
from aligner.typography.tokens import ends_sentence, read_tokens
from media.decode import read_waveform
from media.ffmpeg import ffmpeg_path
from media.mastering import levels_db
from tests.bench.trial import EpisodeFiles, find_episodes

_INSIDE = 0.010
_HOP, _SOUNDS_DB = 0.005, 20.0
_LEAST_WORDS = 3
_LOOKED_AT, _LETTERS = 3, 16  # words, letters heard at an end among which the first or the last word must be
_ALIKE = 65  # of 100 letters


@dataclass(frozen=True, slots=True)
class Checked:
    """What was found of one clip; ``cut_words`` are those of the truth, ``cut_sounds`` those that sound where they are
    cut."""

    text: str
    start: float
    duration: float
    cut_words: tuple[str, ...]
    cut_sounds: tuple[str, ...]
    lufs: float
    peak_db: float
    ends_in_words: tuple[bool, bool]
    ends_in_letters: tuple[bool, bool]
    heard: str


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, metavar="FOLDER")
    parser.add_argument("--count", type=int, default=50)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--language")
    parser.add_argument("--sentences", action="store_true", help="a line for each clip")
    options = parser.parse_args()
    files = find_episodes([options.folder])[0]
    alignment = align(files.audio, files.transcript, AlignOptions(language=options.language)).alignment
    sentences = list(spoken_sentences(alignment))
    chosen = random.Random(options.seed).sample(sentences, min(options.count, len(sentences)))
    with tempfile.TemporaryDirectory() as scratch:
        checked = [
            check(alignment, files, words, Path(scratch, f"{k:02d}.mp3")) for k, words in enumerate(chosen, start=1)
        ]
    report(checked, options.sentences)
    return 0


def spoken_sentences(alignment: Alignment) -> Iterator[range]:
    """The words of each sentence of which enough is said."""
    for tokens in read_tokens(alignment, 10**6):
        begin = 0
        for position, token in enumerate(tokens):
            following = tokens[position + 1].text if position + 1 < len(tokens) else ""
            if not ends_sentence(token.text, following, language_of(token.language).captioning):
                continue
            words = [t.word for t in tokens[begin : position + 1] if t.word is not None]
            if sum(alignment.words[k].span is not None for k in words) >= _LEAST_WORDS:
                yield range(words[0], words[-1] + 1)
            begin = position + 1


def check(alignment: Alignment, files: EpisodeFiles, words: range, target: Path) -> Checked:
    """Cut the sentence that ``words`` are and look at the clip."""
    truth = [w for w in json.loads(files.truth.read_text(encoding="utf-8"))["words"] if w["start"] is not None]
    asked = alignment.transcript.text[
        alignment.words[words.start].word.char_start : alignment.words[words[-1]].word.char_end
    ]
    query = QuoteQuery(asked, match=place_of(alignment, asked, words))
    clip = make_clip(Source(alignment, files.audio, files.audio), query, target)
    quote, span = clip.match.quote, clip.cut.timeline.span
    first, last = (alignment.words[k].word for k in (quote.words[0], quote.words[-1]))
    lufs, peak = measured(target)
    heard = clip.heard or ""
    ends = spelled(first.text, alignment), spelled(last.text, alignment)
    cut = [
        (word, edge)
        for word in truth
        for edge in (span.start, span.end)
        if word["start"] + _INSIDE < edge < word["end"] - _INSIDE
    ]
    return Checked(
        text=" ".join(asked.split()),
        start=span.start,
        duration=span.duration,
        cut_words=tuple(word["text"] for word, _ in cut),
        cut_sounds=tuple(word["text"] for word, edge in cut if sounds_on_both_sides(files.audio, word, edge)),
        lufs=lufs,
        peak_db=peak,
        ends_in_words=heard_at_ends(ends, [spelled(word, alignment) for word in heard.split()], _LOOKED_AT),
        ends_in_letters=heard_at_ends(ends, letters_heard(target, span.duration, alignment.language), _LETTERS),
        heard=heard,
    )


def place_of(alignment: Alignment, asked: str, words: range) -> int | None:
    """Which of several places the sentence is, for ``--match``."""
    places = find_quote(alignment, QuoteQuery(asked)).occurrences
    return next(
        (number for number, place in enumerate(places, start=1) if abs(place.words.start - words.start) <= 1), None
    )


def sounds_on_both_sides(audio: Path, word: dict[str, Any], edge: float) -> bool:
    """Return whether a word is audible, within 20 dB of its peak, on both sides of an edge."""
    levels = levels_db(read_waveform(audio, word["start"], word["end"]), _HOP)
    heard = [word["start"] + k * _HOP for k in np.flatnonzero(levels > levels.max() - _SOUNDS_DB)]
    return heard[0] + _INSIDE < edge < heard[-1] - _INSIDE


def measured(path: Path) -> tuple[float, float]:
    """Integrated loudness in LUFS and true peak in dBTP of a file."""
    reading = [ffmpeg_path(), "-hide_banner", "-nostats", "-i", str(path)]
    command = [*reading, "-af", "ebur128=peak=true", "-f", "null", "-"]
    said = subprocess.run(command, capture_output=True, encoding="utf-8", errors="replace", check=True).stderr
    summary = said[said.rindex("Summary:") :]
    return float(re.findall(r"I:\s+(\S+) LUFS", summary)[0]), float(re.findall(r"Peak:\s+(\S+) dBFS", summary)[0])


def letters_heard(path: Path, duration: float, language: str) -> str:
    """Return the letters that acoustic recognition finds in a file without its text."""
    audio = Audio(path, "", duration, (Span(0.0, duration),))
    emissions = AcousticRecogniser("base", language).recognise(audio, silent).emissions
    assert emissions is not None
    return decode(emissions).letters


def heard_at_ends(ends: tuple[str, str], heard: Sequence[str], looked_at: int) -> tuple[bool, bool]:
    """Return whether the first and the last word, or similar ones, are among the first and last recognised."""
    from rapidfuzz import fuzz

    parts = heard[:looked_at], heard[-looked_at:]
    first, last = (fuzz.partial_ratio(end, "".join(part)) >= _ALIKE for end, part in zip(ends, parts, strict=True))
    return first, last


def spelled(word: str, alignment: Alignment) -> str:
    """Return the letters of a word as acoustic recognition writes them."""
    return unaccented(letters_of(word, alignment.language))


def report(checked: Sequence[Checked], sentences: bool) -> None:
    """A line for each clip that missed something, or for all, and the sums."""
    for number, clip in enumerate(checked, start=1):
        long_enough = clip.duration >= 3.0
        faults = [f"cuts {word!r}" + " in silence" * (word not in clip.cut_sounds) for word in clip.cut_words]
        heard = [any(pair) for pair in zip(clip.ends_in_words, clip.ends_in_letters, strict=True)]
        faults += [
            f"{name} word not heard"
            for name, is_matched in zip(("first", "last"), heard, strict=True)
            if not is_matched
        ]
        faults += [f"{clip.lufs} LUFS"] * (long_enough and abs(clip.lufs + 16.0) > 0.5)
        faults += [f"peak {clip.peak_db} dBTP"] * (clip.peak_db > -1.0)
        if sentences or faults:
            print(f"{number:>3} {clip.start:7.2f} {clip.duration:5.1f} s {clip.lufs} {clip.peak_db}", end=" ")
            print(f"{'; '.join(faults) or 'ok'} | {clip.text[:60]} | {clip.heard[:60]}")
    longer = [clip for clip in checked if clip.duration >= 3.0]
    print(f"clips {len(checked)}, of 3 s or more {len(longer)}")
    cut, sounding = (sum(map(len, cut)) for cut in zip(*((c.cut_words, c.cut_sounds) for c in checked), strict=True))
    print(f"edges inside a word of the truth: {cut} of {2 * len(checked)}, where it sounds {sounding}")
    by_words, by_letters = [c.ends_in_words for c in checked], [c.ends_in_letters for c in checked]
    either = [tuple(map(any, zip(*ends, strict=True))) for ends in zip(by_words, by_letters, strict=True)]
    for ear, ends in (("words", by_words), ("letters", by_letters), ("words or letters", either)):
        print(f"heard in {ear}: first word {sum(first for first, _ in ends)}, last {sum(last for _, last in ends)}")
    off, peak = max((abs(c.lufs + 16.0) for c in longer), default=0.0), max(c.peak_db for c in checked)
    print(f"loudness off by {off:.1f} LU at most (3 s or more), peak {peak:.1f} dBTP at most")


if __name__ == "__main__":
    sys.exit(main())
