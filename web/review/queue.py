"""The queue of an episode's review as the page has it, worked out by a child, and told in the reader's language."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aligner.model import Alignment
from aligner.report.doubt import RecognisedText
from aligner.review.queue import MOST_LISTED, Item, ItemKind, pinned_words, queue_of, runs_of, words_of_speech
from aligner.review.wording import reasons
from aligner.storage.alignment_json import read_alignment
from web.caching import until_changed
from web.languages import translated
from web.library.episode import heard_of
from web.worker_pool import call

_AT_HAND = 16  # reviews, each of 500 KB at most
_LEAST_LETTERS = 3  # fewer are a breath, or the edge of a word
_LEAST_HEARD = 0.1  # seconds; in less no word is heard
_MOST_WORDS = 60  # of a passage
_HEARD_KINDS = (ItemKind.MISPLACED, ItemKind.REPLACED, ItemKind.UNFOUND, ItemKind.UNSPOKEN)


def review_facts(path: Path) -> dict[str, Any]:
    """Return the review of the alignment at ``path`` as the page's scripts know it, its sentences in the language of
    the current request. Raises AlignmentError, OSError: it is missing, or damaged; Unusable, Busy: it cannot be worked
    out within the limits, or now."""
    review = _review_at(path)
    told = [item | {"reasons": [translated(reason) for reason in item["reasons"]]} for item in review["items"]]
    return review | {"items": told}


@until_changed(_AT_HAND)
def _review_at(path: Path) -> dict[str, Any]:
    return call(_review_of, path)


def _review_of(path: Path) -> dict[str, Any]:
    """Return the first items of the queue, how many there are of each kind, the seconds of ``work`` that all take, and
    runs of words: those of speech, those that are pinned, and those of paragraphs that people wrote or saved."""
    alignment = read_alignment(path)
    heard = heard_of(alignment)
    hearing = RecognisedText(heard.recognition) if heard else None
    items = queue_of(alignment, hearing)
    counts = Counter(item.kind for item in items)
    written = [segment.pinned for segment in alignment.transcript.segments]
    return {
        "items": [_facts(alignment, item, hearing) for item in items[:MOST_LISTED]],
        "counts": {kind.value: counts[kind] for kind in ItemKind},
        "work": round(sum(item.work for item in items), 1),
        "speech": _edges(words_of_speech(alignment)),
        "pinned": _edges(pinned_words(alignment)),
        "written": _edges(runs_of(k for k, word in enumerate(alignment.words) if written[word.word.segment])),
        "review": alignment.review and asdict(alignment.review),
    }


def _facts(alignment: Alignment, item: Item, hearing: RecognisedText | None) -> dict[str, Any]:
    """Return an item with why it is asked; what is printed there, where something else is said; and what was heard
    there, None where nobody knows. Times are seconds."""
    return {
        "kind": item.kind.value,
        "start": round(item.span.start, 3),
        "end": round(item.span.end, 3),
        "words": [item.words.start, item.words.stop] if item.words else None,
        "reasons": list(reasons(alignment, item)),
        "work": round(item.work, 1),
        "printed": _printed(alignment, item),
        "heard": _heard(alignment, item, hearing),
        "shown": item.cue.text if item.cue else None,
    }


def _printed(alignment: Alignment, item: Item) -> str | None:
    if item.kind is not ItemKind.REPLACED or item.words is None:
        return None
    return " ".join(alignment.words[k].word.text for k in item.words[:_MOST_WORDS])


def _heard(alignment: Alignment, item: Item, hearing: RecognisedText | None) -> str | None:
    if item.kind in (ItemKind.UNTRANSCRIBED, ItemKind.REPLACED):
        passages = (each.text for each in alignment.untranscribed if each.start == item.span.start)
        if text := next(passages, ""):
            return text
    if hearing is None or item.kind not in _HEARD_KINDS or item.span.duration < _LEAST_HEARD:
        return None
    heard = " ".join(hearing.within(item.span)[:_MOST_WORDS])
    return heard if len(heard) >= _LEAST_LETTERS else None


def _edges(runs: Iterable[range]) -> list[int]:
    """Return the first word of each run and the one after its last, one after the other."""
    return [edge for run in runs for edge in (run.start, run.stop)]
