"""Compute an episode's review in a child process: a queue of the words and passages that a person must check."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from aligner.model import Alignment
from aligner.report.doubt import RecognisedText
from aligner.review.queue import MOST_LISTED, Item, ItemKind, pinned_words, queue_of, words_of_speech
from aligner.review.wording import reasons
from aligner.spans import runs_of
from aligner.storage.alignment_json import read_alignment
from web.caching import until_changed
from web.languages import translated
from web.library.episode import recognised_audio_of
from web.worker_pool import call

_MOST_CACHED = 16  # reviews of at most 500 KB
_LEAST_CHARACTERS = 3  # fewer are a breath, or the edge of a word
_LEAST_SECONDS = 0.1  # in less no word is recognised
_MOST_WORDS = 60  # of a passage
_RECOGNISED_KINDS = (ItemKind.MISPLACED, ItemKind.REPLACED, ItemKind.UNFOUND, ItemKind.UNSPOKEN)


def review_facts(path: Path) -> dict[str, Any]:
    """Return what there is to review in the alignment at ``path``, as JSON in the language of the current request.

    Raises AlignmentError or OSError if the alignment is damaged or missing, Unusable if the work exceeds the limits,
    Busy if the server has too much work."""
    review = _review_at(path)
    items = [item | {"reasons": [translated(reason) for reason in item["reasons"]]} for item in review["items"]]
    return review | {"items": items}


@until_changed(_MOST_CACHED)
def _review_at(path: Path) -> dict[str, Any]:
    return call(_review_of, path)


def _review_of(path: Path) -> dict[str, Any]:
    """Return what there is to review in the alignment at ``path``, as JSON: the first items of the queue, the number of
    items by kind, the estimated seconds of ``work``, and who has reviewed the episode (``review``).

    Three lists say which words are ``speech``, ``pinned`` (corrected or accepted by a person), or ``written`` (in a
    paragraph that a person edited). For example, [0, 5, 8, 9] stands for the words 0 to 4 and 8."""
    alignment = read_alignment(path)
    heard = recognised_audio_of(alignment)
    recognition = RecognisedText(heard.recognition) if heard else None
    items = queue_of(alignment, recognition)
    counts = Counter(item.kind for item in items)
    written = [segment.pinned for segment in alignment.transcript.segments]
    return {
        "items": [_facts(alignment, item, recognition) for item in items[:MOST_LISTED]],
        "counts": {kind.value: counts[kind] for kind in ItemKind},
        "work": round(sum(item.work for item in items), 1),
        "speech": _edges(words_of_speech(alignment)),
        "pinned": _edges(pinned_words(alignment)),
        "written": _edges(runs_of(k for k, word in enumerate(alignment.words) if written[word.word.segment])),
        "review": alignment.review and asdict(alignment.review),
    }


def _facts(alignment: Alignment, item: Item, recognition: RecognisedText | None) -> dict[str, Any]:
    """Return a queue item as JSON. ``recognised`` has the words that ASR found in the item's audio. ``printed`` has
    the words of the transcript if the speaker says other words instead. Both may be None."""
    return {
        "kind": item.kind.value,
        "start": round(item.span.start, 3),
        "end": round(item.span.end, 3),
        "words": [item.words.start, item.words.stop] if item.words else None,
        "reasons": list(reasons(alignment, item)),
        "work": round(item.work, 1),
        "printed": _printed(alignment, item),
        "recognised": _recognised(alignment, item, recognition),
        "shown": item.cue.text if item.cue else None,
    }


def _printed(alignment: Alignment, item: Item) -> str | None:
    if item.kind is not ItemKind.REPLACED or item.words is None:
        return None
    return " ".join(alignment.words[k].word.text for k in item.words[:_MOST_WORDS])


def _recognised(alignment: Alignment, item: Item, recognition: RecognisedText | None) -> str | None:
    if item.kind in (ItemKind.UNTRANSCRIBED, ItemKind.REPLACED):
        passages = (each.text for each in alignment.untranscribed if each.start == item.span.start)
        if text := next(passages, ""):
            return text
    if recognition is None or item.kind not in _RECOGNISED_KINDS or item.span.duration < _LEAST_SECONDS:
        return None
    recognised = " ".join(recognition.within(item.span)[:_MOST_WORDS])
    return recognised if len(recognised) >= _LEAST_CHARACTERS else None


def _edges(runs: Iterable[range]) -> list[int]:
    """Return the start and the stop of each range, in one flat list."""
    return [edge for run in runs for edge in (run.start, run.stop)]
