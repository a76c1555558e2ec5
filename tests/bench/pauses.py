"""How far words are from edges set by people: starts after a pause, by their first sound, and words marked by hand.

Usage: python -m tests.bench.pauses FOLDER...

A folder is an episode or holds episodes, as for ``run.py``. In ``truth.json`` each word has ``known``, the edges that
may be judged, and ``level`` says who set them: "word", every word by hand; "word-auto", every word by another aligner;
otherwise only edges at pauses are known. First sounds are guessed from spelling. A row has the known edges; how many
got no time; the medians of found minus true and of its size, in ms; and the shares within 10, 20, 50 and 100 ms.
"""

import argparse
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from aligner.model import Span
from aligner.normalization import fold
from aligner.pipeline import AlignOptions, align, recognisers_for
from tests.bench.evaluation import TrueWord, judged_ends, paired
from tests.bench.report import milliseconds, percent, table
from tests.bench.trial import EpisodeFiles, find_episodes

LIMITS = (0.01, 0.02, 0.05, 0.1)  # seconds
LEVELS = {"word": "by hand", "word-auto": "by an aligner"}
AT_PAUSES = "after a pause"
SOUNDS = {
    "vowel": "[aeiouy]|h(?=.*(fr|es|it|pt)$)",
    "sibilant": "[sxz]|c[eiy]",
    "fricative": "[fvhj]|ph|th|w(?=.*de$)",
    "stop": "[bcdgkpqt]",
}
Row = tuple[str, str, str]  # who set the edges, which edge it is, and the first sound of its word


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    errors = defaultdict[Row, list[float | None]](list)
    for files in find_episodes(parser.parse_args().folders):
        for (level, edge, sound), error in errors_of(files):
            for each in ("all", sound) if level == AT_PAUSES else ("all",):
                errors[level, edge, each].append(error)
    head = ("set", "edge", "kind", "edges", "missed", "bias", "median", *(f"<={1000 * limit:.0f}" for limit in LIMITS))
    print(table(head, [[*row, *cells(of)] for row, of in sorted(errors.items())]))


def errors_of(files: EpisodeFiles) -> Iterator[tuple[Row, float | None]]:
    """Yield found minus true for each known edge of an episode, None for a word without a time."""
    truth = json.loads(files.truth.read_text(encoding="utf-8"))
    level, language, words = LEVELS.get(truth.get("level"), AT_PAUSES), truth.get("language"), truth["words"]
    found = align(files.audio, files.transcript, recognisers=recognisers_for(AlignOptions(language=language))).alignment
    spans = [Span(w["start"], w["end"]) if None not in (w["start"], w["end"]) else None for w in words]
    asked = [TrueWord(word["char_start"], word["char_end"], None) for word in words]
    for word, end, (_, timed) in zip(words, judged_ends(spans), paired(found.words, asked), strict=True):
        sound, span = first_sound(word["text"], language), timed.span if timed else None
        if "start" in word["known"]:
            yield (level, "start", sound), span.start - word["start"] if span else None
        if end is not None and level != AT_PAUSES:
            yield (level, "end", sound), span.end - end if span else None


def first_sound(text: str, language: str | None) -> str:
    spelt = f"{fold(text)} {language}"
    return next((sound for sound, spellings in SOUNDS.items() if re.match(spellings, spelt)), "other")


def cells(errors: list[float | None]) -> list[str]:
    found = [error for error in errors if error is not None]
    middle = [median(found), median(map(abs, found))] if found else [None, None]
    within = [sum(abs(error) <= limit for error in found) / len(errors) for limit in LIMITS]
    return [str(len(errors)), str(len(errors) - len(found)), *map(milliseconds, middle), *map(percent, within)]


if __name__ == "__main__":
    main()
