#!/usr/bin/env python3
"""What a review costs with the queue, against setting each wrong word right by hand.

Usage: python -m tests.bench.reviewing FOLDER... [--faults 200] [--together 40] [--seed 1]

Faults as of ``corrections.py`` are planted into an episode's alignment, so many together: words shifted by 0.3 to 5 s
in runs of 1 to 40 and called exact, or falsely unspoken. A reviewer who knows when each word is said, which is when it
was said before, then works through the queue, until 99.5 % of the words that are said start within 0.1 s of that.

They go to the next passage (F8) and hear it; where all is right they accept it (Enter). Where not, they choose the word
in the middle of those that are wrong, say when it starts (T), a tenth of a second off at most, which they mend by steps
(Alt with arrows), and look again; a word that nobody says they mark (U). Passages that the text lacks, and captions
outside a norm, they pass over. By hand each wrong word is chosen, heard, and its start set in the same way, once the
whole episode has been heard to find them.

Seconds are those of the keystroke-level model (Card, Moran and Newell 1980): a key 0.28, pointing 1.1, deciding 1.35,
and of sound as long as it lasts. Told are the keys and pointings, the seconds, and the wrong words that are left where
the queue has no more.
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aligner.corrections.commands import Accept, Command, Start, Unspoken, corrected
from aligner.corrections.repair import Heard
from aligner.errors import CorrectionError
from aligner.model import Alignment, Span
from aligner.pins import pins_of
from aligner.review.captions import CaptionsAtHand
from aligner.review.queue import Item, ItemKind, queue_of
from tests.bench.corrections import aligned, off, planted
from tests.bench.report import table
from tests.bench.trial import find_episodes

_ENOUGH = 0.995  # of the words that are said
_RIGHT = 0.1  # seconds
_KEY, _POINT, _MIND = 0.28, 1.1, 1.35  # seconds
_BESIDE = 0.5  # seconds of sound that are heard on either side
_AWRY = 0.1  # seconds by which "it starts now" may be early or late
_STEP, _STEPS = 0.01, 5  # seconds of a step, and how many one with Shift is
_TRIES = 6  # in one passage, until all that is left of it is set by hand


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--faults", type=int, default=200)
    parser.add_argument("--together", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args(arguments)
    rows = []
    for files in find_episodes(options.folders):
        alignment, heard = aligned(files)
        rows.append([files.name, *_measured(alignment, heard, options)])
    head = ["episode", "faults", "wrong", "keys", "s", "enough", "left", "pins", "by hand: keys", "s", "and hearing"]
    print(table(head, rows))
    return 0


def _measured(alignment: Alignment, heard: Heard, options: argparse.Namespace) -> list[str]:
    rng, rounds = random.Random(options.seed), max(1, options.faults // options.together)
    wrong, left, pins, enough = 0, 0, 0, 0
    queue, hand = Effort(), Effort()
    for _ in range(rounds):
        faulty = planted(alignment, rng, options.together)
        bad = off(faulty.words, alignment.words, _RIGHT)
        reviewer = Reviewer(faulty, alignment, heard, random.Random(options.seed))
        reviewer.review()
        remaining = off(reviewer.now.words, alignment.words, _RIGHT)
        wrong, left, enough = wrong + len(bad), left + len(remaining), enough + reviewer.is_done()
        pins += len(pins_of(reviewer.now))
        queue.add(reviewer.effort)
        for word in bad:
            hand.add(_by_hand(alignment.words[word].span, rng))
    shown = [options.faults, wrong, queue.keys, round(queue.seconds), f"{enough}/{rounds}", left, pins]
    return list(map(str, [*shown, hand.keys, round(hand.seconds), round(rounds * alignment.audio.duration)]))


@dataclass
class Effort:
    """``keys`` are keystrokes and pointings."""

    keys: int = 0
    seconds: float = 0.0

    def act(self, keys: int = 1, points: int = 0, heard: float = 0.0, minds: int = 0) -> None:
        self.keys += keys + points
        self.seconds += keys * _KEY + points * _POINT + minds * _MIND + heard

    def add(self, other: Effort) -> None:
        self.keys, self.seconds = self.keys + other.keys, self.seconds + other.seconds


def _steps(rng: random.Random) -> int:
    """The keys that mend a start which was told a little early or late."""
    away = round(rng.uniform(-_AWRY, _AWRY) / _STEP)
    return sum(divmod(abs(away), _STEPS))


def _by_hand(span: Span | None, rng: random.Random) -> Effort:
    """A word chosen, heard with what is beside it, and set."""
    effort = Effort()
    effort.act(
        keys=1 + (_steps(rng) if span else 0), points=1, minds=1, heard=2 * _BESIDE + (span.duration if span else 0)
    )
    return effort


@dataclass
class Reviewer:
    """Somebody who knows when each word is said, and corrects an alignment with the queue alone."""

    now: Alignment
    truth: Alignment
    heard: Heard
    rng: random.Random
    effort: Effort = field(default_factory=Effort)
    _seen: set[tuple[ItemKind, int]] = field(default_factory=set)
    _captions: CaptionsAtHand = field(default_factory=CaptionsAtHand)

    def is_done(self) -> bool:
        said = sum(word.span is not None for word in self.truth.words)
        return len(off(self.now.words, self.truth.words, _RIGHT)) <= (1 - _ENOUGH) * said

    def review(self) -> None:
        while not self.is_done() and (item := self._next()):
            self._look(item)

    def _next(self) -> Item | None:
        items = queue_of(self.now, self._captions, self.heard.recognition.emissions)
        asked = (each for each in items if each.words and each.kind not in (ItemKind.LACKING, ItemKind.NORM))
        return next((each for each in asked if (each.kind, (each.words or range(1)).start) not in self._seen), None)

    def _look(self, item: Item) -> None:
        words = item.words or range(0)
        self._seen.add((item.kind, words.start))
        self.effort.act(heard=item.span.duration + 2 * _BESIDE, minds=1)
        for _ in range(_TRIES):
            wrong = self._wrong(words)
            if not wrong:
                break
            self._correct(wrong[len(wrong) // 2])
        self._take(Accept(words=[(words.start, words.stop)]))
        self.effort.act()

    def _wrong(self, words: range) -> list[int]:
        return [k for k in off(self.now.words, self.truth.words, _RIGHT) if k in words]

    def _correct(self, word: int) -> None:
        span = self.truth.words[word].span
        self.effort.act(keys=1 + (_steps(self.rng) if span else 0), points=1, minds=1, heard=2 * _BESIDE)
        self._take(Start(word=word, at=span.start) if span else Unspoken(first=word, stop=word + 1))

    def _take(self, command: Command) -> None:
        try:
            self.now = corrected(self.now, command, self.heard)
        except CorrectionError:  # as the page would tell them: they go on
            self.effort.act()


if __name__ == "__main__":
    sys.exit(main())
