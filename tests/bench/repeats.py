#!/usr/bin/env python3
"""How well passages that are said two or three times in a row are aligned.

Usage: python -m tests.bench.repeats [FOLDER...] [--cases 200] [--seed 1] [--list] [--kinds word,sentence,passage]

A case is a stretch of a recording in which one word, one sentence or a passage of 5 to 20 s is said again at once, or
after 0.2 to 1 s of the room's own sound; half of the copies are up to 3 % faster or slower and up to 3 dB louder or
softer. The text has it as often, once less or once more. The kind ``echo`` is a sentence that is said again without its
first word or two ("So it wasn't the weather. It wasn't the weather."). A folder is an episode or holds episodes, as for
``run.py``; without one the recordings beside the checkout are taken, or the sample.

What is right:

- As often: each copy of the text at its own copy of the sound.
- Once less: the last copies of the sound, since what follows goes on from there, as after a restart. Of whole sentences
  any copies, in order: each is complete, and a listener misses nothing. Where a text has no sentences, what lies
  between two pauses counts as one. What ends a sentence that begins before it is an echo: its first copy stays with
  the beginning.
- Once more: all of one copy of the text unspoken, whichever, and the others at their copies.
- What is echoed stays at its own copy, since an echo has no sound for its first words; any echo will do for another.

Of the readings that are right, a case is judged by the one with the fewest faults. A word is *lost* if it is said and
called unspoken; it is at a wrong *copy* if it is nearer to the same word in another copy and over 0.1 s off, or over
0.3 s off and inside another copy, or timed though its copy is not said; it is *off* if it is over 0.3 s off elsewhere.
Words at a wrong copy are called *early* if whole copies are earlier ones than the last, and no word is at another copy
than the rest of its own: a reader sees nothing out of its place. *These* are lost, copy and early together. *Exact* is
the share of copy, early and off that are called exact. *Around* are the words before and after: how many, and what
share of them is lost, and over 0.3 s off. Where the truth knows a word's start as a range alone, it is off by its
distance from that.
"""

import argparse
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aligner.model import Status, TimedWord
from tests.bench.passages import KINDS
from tests.bench.recordings import Said, default_folders, distance, read_recordings
from tests.bench.repeat_cases import Reading, Repetition, plans, repeated
from tests.bench.report import percent, shown, table
from tests.bench.splicing import alignment_of, found_for

_NEAR, _FAR = 0.1, 0.3  # seconds
_HEAD = [
    "kind",
    "relation",
    "cases",
    "words",
    "lost",
    "copy",
    "early",
    "these",
    "off",
    "exact",
    "around",
    "lost",
    "off",
]

Found = Mapping[int, TimedWord | None]
"""What the alignment made of the word that begins at a character."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a word: "right", "lost", "copy", "early" or "off"; ``true`` is None where it is not said."""

    what: str
    true: Said | None
    found: TimedWord | None


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="each repeated word that is lost or wrong")
    parser.add_argument("--kinds", default="word,sentence,passage", help="of " + ",".join(KINDS))
    options = parser.parse_args()
    recordings = read_recordings(options.folders or default_folders())
    planned = list(enumerate(plans(recordings, options.cases, options.seed, options.kinds.split(",")), start=1))
    tallies: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for number, plan in planned:
        case = repeated(plan)
        found = align_case(case)
        verdicts, around = judged(case, found), judged_around(case, found)
        tallies[case.kind, case.relation] += tally(verdicts, around)
        print(f"\r{number}/{options.cases}", end="", file=sys.stderr)
        if options.list and any(verdict.what != "right" for verdict in verdicts):
            print(f"\n{number} {case.name[:40]}: {case.kind}, {len(case.said)} times, {case.relation}")
            print(*listed(verdicts), sep="\n")
    print(file=sys.stderr)
    print(as_table(tallies))
    return 0


def align_case(case: Repetition) -> Found:
    places = [(word.char_start, word.char_end) for word in case.around] + [w for copy in case.written for w in copy]
    found = found_for(places, alignment_of(case.samples, case.text, case.language))
    return {start: timed for (start, _), timed in zip(places, found, strict=True)}


def judged(case: Repetition, found: Found) -> list[Verdict]:
    """The repeated words by the reading that they are nearest to."""
    right, early = nearest(case, found, case.readings), nearest(case, found, case.early)
    if any(verdict.what == "copy" for verdict in early):
        return right
    return [
        replace(verdict, what="early") if verdict.what == "copy" and other.what == "right" else verdict
        for verdict, other in zip(right, early, strict=True)
    ]


def nearest(case: Repetition, found: Found, readings: Sequence[Reading]) -> list[Verdict]:
    tried = [by_reading(case, found, reading) for reading in readings]
    return min(tried, key=lambda verdicts: sum(verdict.what != "right" for verdict in verdicts))


def by_reading(case: Repetition, found: Found, reading: Reading) -> list[Verdict]:
    verdicts = []
    for written, copy in zip(case.written, reading, strict=True):
        for k, (char_start, _) in enumerate(written, start=-len(written)):
            timed = found[char_start]
            true = None if copy is None else case.said[copy][k]
            verdicts.append(Verdict(fault(case, timed, copy, k), true, timed))
    return verdicts


def fault(case: Repetition, timed: TimedWord | None, copy: int | None, k: int) -> str:
    """Return what is wrong with the ``k``-th word from the end, which belongs to this copy in the audio or to none."""
    start = timed.span.start if timed and timed.span else None
    if copy is None:
        return "right" if start is None else "copy"
    if start is None:
        return "lost"
    own = distance(start, case.said[copy][k])
    others = [distance(start, said[k]) for c, said in enumerate(case.said) if c != copy and -k <= len(said)]
    elsewhere = any(low <= start < high for c, (low, high) in enumerate(case.spans) if c != copy)
    if (own > _NEAR and min(others, default=own) < own) or (own > _FAR and elsewhere):
        return "copy"
    return "off" if own > _FAR else "right"


def judged_around(case: Repetition, found: Found) -> list[Verdict]:
    """The words before the passage and after it."""
    verdicts = []
    for word in case.around:
        timed = found[word.char_start]
        span = timed.span if timed else None
        what = "lost" if span is None else "off" if distance(span.start, word) > _FAR else "right"
        verdicts.append(Verdict(what, word, timed))
    return verdicts


def tally(repeated: Sequence[Verdict], around: Sequence[Verdict]) -> Counter[str]:
    counts = Counter({"cases": 1, "words": len(repeated), "around": len(around)})
    counts.update(verdict.what for verdict in repeated)
    counts.update(f"{verdict.what} around" for verdict in around)
    wrong = [verdict.found for verdict in repeated if verdict.what in ("copy", "early", "off")]
    counts["exact"] = sum(timed is not None and timed.status is Status.EXACT for timed in wrong)
    return counts


def as_table(tallies: Mapping[tuple[str, str], Counter[str]]) -> str:
    """A row for each kind and relation, for each relation, and for all."""
    rows = [[kind, relation, *cells(counts)] for (kind, relation), counts in sorted(tallies.items())]
    for relation in sorted({relation for _, relation in tallies}):
        counts = sum((counts for (_, other), counts in tallies.items() if other == relation), Counter())
        rows.append(["all", relation, *cells(counts)])
    return table(_HEAD, [*rows, ["all", "", *cells(sum(tallies.values(), Counter()))]])


def cells(counts: Counter[str]) -> list[str]:
    def share(part: int, whole: int) -> str:
        return percent(part / whole if whole else None)

    words, around = counts["words"], counts["around"]
    misplaced = counts["copy"] + counts["early"]
    wrong = misplaced + counts["off"]
    lost = (counts["lost"], counts["copy"], counts["early"], counts["lost"] + misplaced, counts["off"])
    return [
        str(counts["cases"]),
        str(words),
        *(share(count, words) for count in lost),
        share(counts["exact"], wrong),
        str(around),
        *(share(counts[f"{what} around"], around) for what in ("lost", "off")),
    ]


def listed(verdicts: Sequence[Verdict]) -> Iterator[str]:
    for verdict in verdicts:
        if verdict.what != "right":
            true = "not said" if verdict.true is None else f"{verdict.true.earliest:.2f}"
            yield f"  {verdict.what:5} true {true:>8} found {shown(verdict.found)}"


if __name__ == "__main__":
    sys.exit(main())
