#!/usr/bin/env python3
"""What becomes of the last word before a break and of the first one after it.

Usage: python -m tests.bench.pauses [FOLDER...] [--cases 200] [--seed 1] [--list]

A case is a stretch of a recording into which, between two sentences, a break of 3 to 30 s is put: of the room's own
sound, of nothing at all, of music with drums, or of speech in another language. The text has all that is said, or lacks
the sentence before the break, the one after it, or both. Where a text has no sentences, what lies between two pauses
counts as one. A folder is an episode or holds episodes, as for ``run.py``; without one the recordings beside the
checkout are taken, or the sample.

Judged are the text's last word before the break and its first word after it, by their starts: the shares within 100
and 200 ms, lost (called unspoken), over 1 s off, the worst in seconds; how many over 200 ms off are called exact, and
the highest confidence among them. Words whose start the truth knows as a range alone are off by their distance from it.
*Others* is the share of all other words of the case that is lost or over 1 s off. Then, by what the break holds: how
many seconds of speech the text lacks and are told as such, and what share of either is in the other; pauses count.
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.model import Status, TimedWord, Untranscribed
from tests.bench.break_cases import Break, breaks
from tests.bench.recordings import Said, default_folders, distance, read_recordings
from tests.bench.report import percent, shown, table
from tests.bench.splicing import alignment_of, found_for

_NEAR, _FAR, _LOST_SIGHT = 0.1, 0.2, 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Verdict:
    """How far a word is off; None if it is lost."""

    off: float | None
    true: Said
    found: TimedWord | None

    @property
    def wrong(self) -> bool:
        return self.off is not None and self.off > _FAR


@dataclass(frozen=True, slots=True)
class Outcome:
    """The words beside a break, and all others."""

    last: Verdict
    first: Verdict
    others: tuple[Verdict, ...]


@dataclass(frozen=True, slots=True)
class Lack:
    """Seconds of speech that the text lacks, that are told as such, and that are both."""

    true: float
    told: float
    both: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", nargs="*", type=Path, metavar="FOLDER")
    parser.add_argument("--cases", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--list", action="store_true", help="each word beside a break that is lost or over 200 ms off")
    options = parser.parse_args()
    outcomes: dict[tuple[str, str], list[Outcome]] = defaultdict(list)
    lacks: dict[str, list[Lack]] = defaultdict(list)
    recordings = read_recordings(options.folders or default_folders())
    for number, case in enumerate(breaks(recordings, options.cases, options.seed), start=1):
        places = [(word.char_start, word.char_end) for word in case.words]
        alignment = alignment_of(case.samples, case.text, case.language)
        outcome = judged(case, found_for(places, alignment))
        lacks[case.filling].append(lack_of(case, alignment.untranscribed))
        outcomes[case.filling, case.lacking].append(outcome)
        print(f"\r{number}/{options.cases}", end="", file=sys.stderr)
        if options.list:
            for place, verdict in (("last", outcome.last), ("first", outcome.first)):
                if verdict.off is None or verdict.wrong:
                    print(f"\n{number} {case.name[:40]}: {case.filling}, text {case.lacking}, break {case.span}")
                    print(f"  {place} word, true {verdict.true.earliest:.2f} found {shown(verdict.found)}")
    print(file=sys.stderr)
    print(as_table(outcomes))
    print(lacks_table(lacks))
    return 0


def judged(case: Break, found: Sequence[TimedWord | None]) -> Outcome:
    verdicts = [verdict_on(word, timed) for word, timed in zip(case.words, found, strict=True)]
    last, first = verdicts[case.first - 1], verdicts[case.first]
    return Outcome(last, first, tuple(verdicts[: case.first - 1] + verdicts[case.first + 1 :]))


def lack_of(case: Break, told: Sequence[Untranscribed]) -> Lack:
    both = (min(one.end, end) - max(one.start, start) for one in told for start, end in case.lacked)
    return Lack(
        sum(end - start for start, end in case.lacked),
        sum(one.end - one.start for one in told),
        sum(seconds for seconds in both if seconds > 0),
    )


def lacks_table(lacks: dict[str, list[Lack]]) -> str:
    rows = []
    for filling, several in sorted(lacks.items()):
        true, told, both = (sum(getattr(one, name) for one in several) for name in ("true", "told", "both"))
        shares = (percent(both / true if true else None), percent(both / told if told else None))
        rows.append([filling, f"{true:.1f}", f"{told:.1f}", *shares])
    return table(("break", "lacking", "told", "recall", "precis."), rows)


def verdict_on(true: Said, found: TimedWord | None) -> Verdict:
    span = found.span if found else None
    return Verdict(None if span is None else distance(span.start, true), true, found)


def as_table(outcomes: dict[tuple[str, str], list[Outcome]]) -> str:
    """Rows for either word by break and text, by break, by text, and for all."""
    head = ("word", "break", "text", "words", "<=100", "<=200", "lost", ">1 s", "worst", "exact", "sure", "others")
    groups = list(outcomes)
    fillings, lackings = (sorted({group[k] for group in groups}) for k in (0, 1))
    rows = []
    for word in ("first", "last"):
        for filling, lacking in [
            *sorted(groups),
            *((filling, "any") for filling in fillings),
            *(("any", lacking) for lacking in lackings),
            ("any", "any"),
        ]:
            chosen = [
                outcome
                for (a, b), several in outcomes.items()
                for outcome in several
                if filling in (a, "any") and lacking in (b, "any")
            ]
            verdicts = [getattr(outcome, word) for outcome in chosen]
            rows.append([word, filling, lacking, *cells(verdicts), bad_others(chosen)])
    return table(head, rows)


def cells(verdicts: Sequence[Verdict]) -> list[str]:
    offs = [verdict.off for verdict in verdicts if verdict.off is not None]
    exact = [v.found.confidence for v in verdicts if v.wrong and v.found and v.found.status is Status.EXACT]
    counts = [
        sum(off <= _NEAR for off in offs),
        sum(off <= _FAR for off in offs),
        len(verdicts) - len(offs),
        sum(off > _LOST_SIGHT for off in offs),
    ]
    return [
        str(len(verdicts)),
        *(percent(count / len(verdicts)) for count in counts),
        f"{max(offs, default=0):.2f}",
        str(len(exact)),
        f"{max(exact):.2f}" if exact else "-",
    ]


def bad_others(outcomes: Sequence[Outcome]) -> str:
    others = [verdict for outcome in outcomes for verdict in outcome.others]
    return percent(sum(v.off is None or v.off > _LOST_SIGHT for v in others) / len(others) if others else None)


if __name__ == "__main__":
    sys.exit(main())
