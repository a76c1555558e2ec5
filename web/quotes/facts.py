"""What is told of kept quotes: where each is and what it says now, what has changed of it since it was kept, and of a
lost one what became of its words."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Mapping, Sequence
from typing import Any

from aligner.kept import Placed, chars_of, is_of_sound, text_of
from aligner.model import Alignment, Kind
from aligner.normalization import fold
from aligner.saved_quotes import LONGEST, Kept
from aligner.typography import unbroken
from web.bounded import call
from web.errors import Busy, Unusable
from web.quotes.links import Link, link_to, write_fragment

_PRINTING = 3.0  # seconds of the processor in which quotes are printed
_ON_A_PAGE, _PAGE_CHARS = 500, 200_000  # of the list: a page ends with the quote that reaches one of them
_LONGEST_TEXT, _LONGEST_NAMES = 5000, 300  # characters of what a row shows; a minute of talk has 1000


def page_of_quotes(
    alignment: Alignment, placed: Sequence[Placed], start: int = 0
) -> tuple[list[dict[str, Any]], int | None]:
    """The facts of the quotes from the ``start``-th on, as many as one answer tells; and where the list goes on, None
    where it does not.

    Of a quote as it now is, ``was`` is its text as it was kept where the words are others, and ``kind`` what its words
    are now where nobody says them any more.
    Of one that is lost ``first`` is None, ``lost`` what became of its words, ``fragment`` leads to its moment, if the
    sound still has that, and ``nearest`` is the passage that is suggested, if there is one. ``start`` is None where it
    is not said. Texts are as they are shown, with no-break spaces.
    """
    stop = start = max(0, start)
    chars = 0
    while stop < len(placed) and stop - start < _ON_A_PAGE and chars < _PAGE_CHARS:
        each = placed[stop]
        chars += min(len(each.kept.text), LONGEST)
        chars += sum(chars_of(alignment, words) for words in (each.words, each.nearest) if words)
        stop += 1
    shown = placed[start:stop]
    # What stands between the first word and the last is at hand; what is printed of it has to be made.
    kept_words = [(each.kept, each.words) for each in shown if each.words]
    to_print = [words for kept, words in kept_words if not _has_words(kept.text, _raw(alignment, words))]
    printed: dict[range, str] = {}
    if to_print:
        with contextlib.suppress(Unusable, Busy):  # they are shown as they stand
            printed = call(_all_printed, alignment, to_print)
    return [_facts(alignment, each, printed) for each in shown], stop if stop < len(placed) else None


def _all_printed(alignment: Alignment, passages: list[range]) -> dict[range, str]:
    """What is printed of the passages, of as many of them as time allows."""
    latest = time.process_time() + _PRINTING
    return {words: text_of(alignment, words) for words in passages if time.process_time() < latest}


def _facts(alignment: Alignment, placed: Placed, printed: Mapping[range, str]) -> dict[str, Any]:
    kept, words = placed.kept, placed.words
    facts: dict[str, Any] = {
        "id": kept.id,
        "created": kept.created,
        "was": None,
        "kind": None,
        "lost": None,
        "nearest": placed.nearest and _passage_facts(alignment, placed.nearest),
    }
    if not words:
        lost = {"text": _shown(kept.text, alignment), "speaker": _names(kept.speaker), "lost": kept.lost_as or "text"}
        moment = {"start": kept.start, "end": kept.end, "fragment": _moment(kept, alignment)}
        return facts | lost | moment | {"first": None, "last": None}
    facts |= _passage_facts(alignment, words)
    raw = _raw(alignment, words)
    text = kept.text if _has_words(kept.text, raw) else printed.get(words, raw)
    return facts | {
        "text": _shown(text, alignment),
        "was": None if _has_words(kept.text, text) else _shown(kept.text, alignment),
        "speaker": facts["speaker"] or _names(kept.speaker),
        "kind": _kind(alignment, words) if kept.start is not None else None,
    }


def _moment(kept: Kept, alignment: Alignment) -> str | None:
    """The link to when a quote is said, None where that is not known."""
    if kept.start is None or not is_of_sound(kept, alignment):
        return None
    return f"#{write_fragment(Link(kept.start, kept.end))}"


def _kind(alignment: Alignment, words: range) -> Kind | None:
    """What the words are, where they are no speech."""
    kinds = [alignment.segments[alignment.words[k].word.segment].segment.kind for k in words]
    return None if Kind.SPEECH in kinds else kinds[0]


def _names(names: str | None) -> str | None:
    return names and _shortened(names, _LONGEST_NAMES)


def _passage_facts(alignment: Alignment, words: range) -> dict[str, Any]:
    spoken = [span for k in words if (span := alignment.words[k].span)]
    said = 2 * len(spoken) >= len(words)
    return {
        "text": _shown(_raw(alignment, words), alignment),
        "speaker": _names(", ".join(_speakers(alignment, words))) or None,
        "start": spoken[0].start if said else None,
        "end": max(span.end for span in spoken) if said else None,
        "first": words.start,
        "last": words.stop,
        "fragment": f"#{write_fragment(link_to(alignment, words))}",
    }


def _shown(text: str, alignment: Alignment) -> str:
    return unbroken(_shortened(text), alignment.language)


def _shortened(text: str, longest: int = _LONGEST_TEXT) -> str:
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _speakers(alignment: Alignment, words: range) -> dict[str, None]:
    """The names of who says the words, in order of appearance."""
    names = (alignment.segments[alignment.words[k].word.segment].segment.speaker for k in words)
    return dict.fromkeys(filter(None, names))


def _raw(alignment: Alignment, words: range) -> str:
    """The text from the first of the words to the last as it stands in the transcript."""
    first, last = alignment.words[words[0]].word, alignment.words[words[-1]].word
    return alignment.transcript.text[first.char_start : last.char_end]


def _has_words(text: str, other: str) -> bool:
    """Whether two texts, of which none is too long, are the same but for case, accents, punctuation and space."""
    if max(len(text), len(other)) > 2 * LONGEST:  # what is printed of words adds dashes to them
        return False
    one, two = ([folded for word in each.split() if (folded := fold(word))] for each in (text, other))
    return one == two
