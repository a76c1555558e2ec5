"""The queue of an episode's review as the page has it, worked out by a child, and told in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from aligner.model import Alignment, Signature
from aligner.report.doubt import Hearing
from aligner.review.queue import MOST_LISTED, Item, ItemKind, pinned_words, queue_of, runs_of, words_of_speech
from aligner.review.wording import reasons
from aligner.storage.alignment_json import read_alignment
from media.errors import Message
from web.bounded import call
from web.caching import until_changed
from web.languages import translated
from web.library.episode import heard_of

_AT_HAND = 16  # reviews, each of 500 KB at most
_LEAST_LETTERS = 3  # fewer are a breath, or the edge of a word
_LEAST_HEARD = 0.1  # seconds; in less no word is heard
_MOST_WORDS = 60  # of a passage
_HEARD_KINDS = (ItemKind.MISPLACED, ItemKind.OTHERWISE, ItemKind.UNFOUND, ItemKind.UNSAID)


@dataclass(frozen=True, slots=True)
class Asked:
    """An item with why it is asked; what is printed there, where something else is said; and what was heard there, None
    where nobody knows."""

    item: Item
    reasons: tuple[Message, ...]
    printed: str | None
    heard: str | None


@dataclass(frozen=True, slots=True)
class Review:
    """``asked`` are the first ``MOST_LISTED`` items, ``counts`` how many there are of each kind; ``work`` is the
    seconds that all take. ``speech``, ``pinned`` and ``written`` are runs of words."""

    asked: tuple[Asked, ...]
    counts: dict[ItemKind, int]
    work: float
    speech: tuple[range, ...]
    pinned: tuple[range, ...]
    written: tuple[range, ...]
    signature: Signature | None


@until_changed(_AT_HAND)
def review_at(path: Path) -> Review:
    """Return the review of the alignment at ``path``. Raises AlignmentError, OSError: it is missing, or damaged;
    Unusable, Busy: it cannot be worked out within the limits, or now."""
    return call(_review_of, path)


def _review_of(path: Path) -> Review:
    alignment = read_alignment(path)
    heard = heard_of(alignment)
    hearing = Hearing(heard.recognition) if heard else None
    items = queue_of(alignment, hearing)
    return Review(
        tuple(_asked(alignment, item, hearing) for item in items[:MOST_LISTED]),
        dict(Counter(item.kind for item in items)),
        sum(item.work for item in items),
        tuple(words_of_speech(alignment)),
        tuple(pinned_words(alignment)),
        tuple(_written_words(alignment)),
        alignment.signature,
    )


def _written_words(alignment: Alignment) -> list[range]:
    """The runs of the words of paragraphs that people wrote, or saved in the editor."""
    written = [segment.pinned for segment in alignment.transcript.segments]
    return runs_of(k for k, word in enumerate(alignment.words) if written[word.word.segment])


def _asked(alignment: Alignment, item: Item, hearing: Hearing | None) -> Asked:
    return Asked(item, tuple(reasons(alignment, item)), _printed(alignment, item), _heard(alignment, item, hearing))


def _printed(alignment: Alignment, item: Item) -> str | None:
    if item.kind is not ItemKind.OTHERWISE or item.words is None:
        return None
    return " ".join(alignment.words[k].word.text for k in item.words[:_MOST_WORDS])


def _heard(alignment: Alignment, item: Item, hearing: Hearing | None) -> str | None:
    if item.kind in (ItemKind.LACKING, ItemKind.OTHERWISE):
        passages = (each.text for each in alignment.untranscribed if each.start == item.span.start)
        if text := next(passages, ""):
            return text
    if hearing is None or item.kind not in _HEARD_KINDS or item.span.duration < _LEAST_HEARD:
        return None
    heard = " ".join(hearing.within(item.span)[:_MOST_WORDS])
    return heard if len(heard) >= _LEAST_LETTERS else None


def review_facts(review: Review) -> dict[str, Any]:
    """The review as JSON has it, its sentences in the language of the current request; times are seconds."""
    return {
        "items": [_facts(asked) for asked in review.asked],
        "counts": {kind.value: review.counts.get(kind, 0) for kind in ItemKind},
        "work": round(review.work, 1),
        "speech": _edges(review.speech),
        "pinned": _edges(review.pinned),
        "written": _edges(review.written),
        "signature": review.signature and asdict(review.signature),
    }


def _facts(asked: Asked) -> dict[str, Any]:
    item = asked.item
    return {
        "kind": item.kind.value,
        "start": round(item.span.start, 3),
        "end": round(item.span.end, 3),
        "words": [item.words.start, item.words.stop] if item.words else None,
        "reasons": [translated(reason) for reason in asked.reasons],
        "work": round(item.work, 1),
        "printed": asked.printed,
        "heard": asked.heard,
        "shown": item.cue.text if item.cue else None,
    }


def _edges(runs: Sequence[range]) -> list[int]:
    """The first word of each run and the one after its last, one after the other."""
    return [edge for run in runs for edge in (run.start, run.stop)]
