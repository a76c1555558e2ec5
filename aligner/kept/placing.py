"""Where kept quotes are in a transcript as it is now: worked out on reading, for pages and commands alike."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from aligner.errors import QuoteError
from aligner.kept.passages import is_too_long
from aligner.kept.settling import settled
from aligner.model import Alignment
from aligner.quotes import Quote, quote_of_words, words_of_chars
from aligner.storage.kept_quotes import LONGEST, Kept, read, version_of


@dataclass(frozen=True, slots=True)
class Placed:
    """A kept quote, and the words that it now is, None where it is lost; ``nearest`` are then those that are most like
    it, if any are."""

    kept: Kept
    words: range | None
    nearest: range | None = None


@dataclass(frozen=True, slots=True)
class KeptQuotes:
    """The quotes of an episode that nobody removed: those that are ``said``, each as it was kept and as it now is; and
    those that are ``lost``, or that nobody says any more. Both are in the order in which they were kept."""

    said: tuple[tuple[Kept, Quote], ...] = ()
    lost: tuple[Kept, ...] = ()


def quotes_of(folder: Path, alignment: Alignment, seconds: float | None = None) -> KeptQuotes:
    """The quotes that are kept in ``folder``, as ``alignment`` has them. Nothing is written; of those that were kept in
    an earlier transcript as many are sought as ``seconds`` of the processor allow.

    Raises
    ------
    KeptQuotesError
        Their file is damaged, or holds too many.
    """
    said: list[tuple[Kept, Quote]] = []
    lost: list[Kept] = []
    for kept in all_settled(read(folder), alignment, seconds):
        if kept.removed:
            continue
        words, quote = place_of(kept, alignment).words, None
        if words:
            with contextlib.suppress(QuoteError):  # nobody says it
                quote = quote_of_words(alignment, words)
        if quote:
            said.append((kept, quote))
        else:
            lost.append(kept)
    return KeptQuotes(tuple(said), tuple(lost))


def place_of(kept: Kept, alignment: Alignment) -> Placed:
    """Where a quote is that was settled in this transcript."""
    version = version_of(alignment)
    words = _words(alignment, (kept.char_start, kept.char_end)) if kept.hash == version else None
    nearest = kept.nearest if words is None and kept.lost_in == version else None
    return Placed(kept, words, _words(alignment, nearest) if nearest else None)


def is_astray(kept: Kept, alignment: Alignment) -> bool:
    """Whether it is not yet known where the quote is in this transcript."""
    return not kept.removed and version_of(alignment) not in (kept.hash, kept.lost_in)


def all_settled(quotes: Sequence[Kept], alignment: Alignment, seconds: float | None = None) -> list[Kept]:
    """The quotes, as many of them settled as that time of the processor allows; the others are when they are asked for
    again."""
    latest = None if seconds is None else time.process_time() + seconds
    return [
        settled(kept, alignment)
        if is_astray(kept, alignment) and (latest is None or time.process_time() < latest)
        else kept
        for kept in quotes
    ]


def _words(alignment: Alignment, chars: tuple[int, int]) -> range | None:
    """The words that are there; of more than a quote may hold none."""
    words = words_of_chars(alignment, *chars) if chars[1] - chars[0] <= LONGEST else None
    return words if words and not is_too_long(alignment, words) else None
