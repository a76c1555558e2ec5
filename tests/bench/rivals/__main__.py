#!/usr/bin/env python3
"""Align the same recordings with quotecast and with each other program that is installed, in one run.

Usage: python -m tests.bench.rivals FOLDER... [--texts published,dropped,...] [--seed 1] [--minutes N] [--list]
           [--tools stable-ts,pocketsphinx,soundswallower]

A folder is an episode or holds episodes, as for ``run.py``. The others are the extra ``rivals``; which of them are not
installed is said. All are told the language, and given the words that quotecast finds in the text, headings and notes
among them.

Texts: as *published*; with a tenth of the words *dropped*; a twentieth *replaced* by others of the text, or a *fifth*;
a fifth of the *sentences* gone; *headings* and footnotes put in; *all* four at once, with a twentieth; and a *passage*
of 25 sentences in a row gone, where there are enough. The times of the words that stay are known
(``tests/bench/edited.py``).

A row for each text, language and program: the words whose start is known; errors of their starts (mean, median, p95)
and of ends (median) in ms; shares within 100 and 200 ms; how many are over 1 s off; the share without a time; how many
are called exact and over 200 ms off or not said at all (the others call nothing exact); the share of the words put in
that was given a time; and the share of caption lines, of 42 characters, that start within 250 ms. *all* are all
languages, for programs that have them.
"""

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from aligner.model import Span, Status, TimedWord
from tests.bench.edited import VERSIONS, Edited, edited, first_minutes
from tests.bench.judging import Judgeable, Judged, by_quotecast, figures, judged, read_judged
from tests.bench.recordings import transcript_of
from tests.bench.report import milliseconds, percent, table
from tests.bench.rivals.tools import Tool, installed

OURS = "letters"
_LEAST = 0.001  # seconds
_HEAD = (
    *("text", "language", "method", "words", "mean", "median", "p95", "end", "<=100", "<=200", ">1 s", "missed"),
    *("exact >200", "put in", "lines <=250"),
)

Results = Mapping[tuple[str, str, str], Sequence[Judged]]
"""By text, language and program."""


def main() -> int:
    options = arguments()
    here, missing = installed()
    if missing:
        print(f"not installed (extra rivals): {', '.join(missing)}", file=sys.stderr)
    tools = [tool for tool in here if tool.name in options.tools.split(",")]
    recordings = read_judged(options.folders)
    if options.minutes:
        recordings = [cut(source, options.minutes) for source in recordings]
    results: dict[tuple[str, str, str], list[Judged]] = defaultdict(list)
    for number, source in enumerate(recordings, start=1):
        recording = source.recording
        print(f"{number}/{len(recordings)} {recording.name}", file=sys.stderr)
        for text in options.texts.split(","):
            version = edited(recording, text, options.seed)
            for method, words in placings(version, source.audio, tools) if version else ():
                results[text, recording.language or "?", method] += words
                for line in listed(f"{recording.name} {text} {method}", words) if options.list else ():
                    print(line)
    print(as_table(results))
    return 0


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    parser.add_argument("--texts", default="published", help="of " + ",".join(VERSIONS))
    parser.add_argument("--tools", default="stable-ts,pocketsphinx,soundswallower", help="beside quotecast")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--minutes", type=float, help="of each recording, from its beginning")
    parser.add_argument("--list", action="store_true", help="each word that is missed, or over a second off")
    return parser.parse_args()


def cut(source: Judgeable, minutes: float) -> Judgeable:
    """Its first minutes, which are no file any more; as it is where it is no longer."""
    beginning = first_minutes(source.recording, minutes)
    return source if beginning is source.recording else replace(source, recording=beginning, audio=None)


def placings(version: Edited, audio: Path | None, tools: Sequence[Tool]) -> Iterator[tuple[str, list[Judged]]]:
    """What quotecast and each tool that has the language make of a text."""
    recording = version.recording
    yield OURS, judged(version, by_quotecast(version, audio))
    words = transcript_of(recording.text).words  # headings and notes among them, without speakers' names
    for tool in tools:
        if recording.language and (tool.languages is None or recording.language in tool.languages):
            spans = tool.align(recording.samples, [word.text for word in words], recording.language)
            found = [
                TimedWord(word, span, Status.FUZZY if span else Status.UNSPOKEN, 0.0)
                for word, span in zip(words, map(sounding, spans), strict=True)
            ]
            yield tool.name, judged(version, found)


def sounding(span: Span | None) -> Span | None:
    """A span that lasts, where a program has a word last no time at all."""
    return Span(span.start, span.start + _LEAST) if span and span.start == span.end else span


def as_table(results: Results) -> str:
    rows = []
    for text in dict.fromkeys(text for text, _, _ in results):
        languages = sorted({language for of, language, _ in results if of == text})
        methods = list(dict.fromkeys(method for of, _, method in results if of == text))
        for language in languages:
            of_language = {method: results.get((text, language, method)) for method in methods}
            rows += [[text, language, method, *cells(words)] for method, words in of_language.items() if words]
        for method in methods if len(languages) > 1 else ():
            parts = [results.get((text, language, method)) for language in languages]
            if all(parts):
                rows.append([text, "all", method, *cells([word for part in parts for word in part or ()])])
    return table(_HEAD, rows)


def cells(words: Sequence[Judged]) -> list[str]:
    found = figures(words)
    return [
        str(found.words),
        *map(milliseconds, (found.mean, found.median, found.p95, found.end)),
        *map(percent, (found.within_100_ms, found.within_200_ms)),
        str(found.beyond_1_s),
        percent(found.missed),
        str(found.exact_wrong),
        *map(percent, (found.unsaid_timed, found.lines_within)),
    ]


def listed(name: str, words: Sequence[Judged]) -> Iterator[str]:
    """A line for each word that is missed or far off."""
    for word in words:
        if word.true and word.true.known and (word.off is None or abs(word.off) > 1):
            found = "missed" if word.off is None else f"found {word.start:.2f}"
            yield f"{name}  {word.text}  true {word.true.latest:.2f}  {found}"


if __name__ == "__main__":
    sys.exit(main())
