"""The saved quotes of an episode: kept, listed as they are now, removed and taken back.

A correction of the text takes a quote with its words, and one that is not found stays in the list as lost; one that a
person removes is only marked as removed. ``aligner.kept`` finds them, ``aligner.saved_quotes`` is their file.
"""

from __future__ import annotations

import contextlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from aligner import saved_quotes
from aligner.errors import KeptQuotesError, OutputError
from aligner.kept import Placed, is_astray, is_of_sound, kept_now, place_of, settled, text_of
from aligner.model import Alignment, Kind
from aligner.normalization import fold
from aligner.saved_quotes import MOST, Kept, timestamp, write
from aligner.storage.file_names import QUOTES as FILE
from aligner.typography import unbroken
from web.bounded import call
from web.errors import Conflict, NotFound, Unusable
from web.library.library import exclusive
from web.quotes.links import Link, link_to, write_fragment
from web.quotes.selection import checked_words

_LONGEST_TEXT = 2000  # characters of what a row shows; a minute of talk has 1000


def keep(folder: Path, alignment: Alignment, first: int, last: int) -> Kept:
    """Keep the words from ``first`` to before ``last``; words that are kept already are not kept twice.

    Raises Unusable: the episode has no such words; Conflict: the file of quotes is damaged, or full; OutputError: it
    cannot be written.
    """
    fresh = kept_now(alignment, checked_words(alignment, first, last))
    with exclusive(folder):
        quotes = _read(folder)
        kept, is_new = _put_among(quotes, fresh)
        if is_new:
            write(folder, quotes)
        return kept


def placed(folder: Path, alignment: Alignment) -> list[Placed]:
    """Return the quotes that are kept, in order of the text, lost ones last; raises Conflict as ``keep``.

    Those of another transcript are sought, and written as they were found.
    """
    with exclusive(folder):
        quotes = known = _read(folder)
        if any(is_astray(kept, alignment) for kept in quotes):
            with contextlib.suppress(Unusable):  # one that cannot be sought within the limits is shown as lost
                known = call(settled, quotes, alignment)
        if known != quotes:
            with contextlib.suppress(OutputError):  # in a library that cannot be written they are sought each time
                write(folder, known)
    found = [place_of(kept, alignment) for kept in known if not kept.removed]
    return sorted(found, key=lambda each: (each.words is None, each.words.start if each.words else 0))


def mark_removed(folder: Path, identifier: str, is_removed: bool) -> None:
    """Take a quote off the list, or back onto it; raises NotFound if there is no such quote, otherwise as ``keep``."""
    with exclusive(folder):
        quotes = _read(folder)
        number = _number_of(quotes, identifier)
        quotes[number] = replace(quotes[number], removed=timestamp() if is_removed else None)
        write(folder, quotes)


def take_nearest(folder: Path, alignment: Alignment, identifier: str) -> tuple[Kept, bool]:
    """Keep the passage that is suggested for a lost quote in its place; the quote is removed. Return also whether the
    passage is new in the list. Raises NotFound if there is no such quote or passage, otherwise as ``keep``."""
    with exclusive(folder):
        quotes = _read(folder)
        number = _number_of(quotes, identifier)
        nearest = place_of(quotes[number], alignment).nearest
        if not nearest or quotes[number].removed:
            raise NotFound("kept.nothing_near")
        kept, is_new = _put_among(quotes, kept_now(alignment, nearest))
        quotes[number] = replace(quotes[number], removed=timestamp())
        write(folder, quotes)
        return kept, is_new


def quote_facts(alignment: Alignment, placed: Placed) -> dict[str, Any]:
    """Return what the list shows of a quote.

    ``text`` is what its words are now, ``was`` what they were if they are others, and ``kind`` what they are if nobody
    says them any more. Of a lost quote ``first`` is None, ``lost`` what became of its words, ``fragment`` leads to its
    moment, None if the audio no longer has it, and ``nearest`` is the suggested passage, if there is one. Times are
    None if it is not said.
    """
    kept, words = placed.kept, placed.words
    nearest = _passage(alignment, placed.nearest) if placed.nearest else None
    text = _shown(kept.text, alignment)
    facts: dict[str, Any] = {"id": kept.id, "was": None, "kind": None, "lost": None, "nearest": nearest}
    if not words:
        is_there = kept.start is not None and is_of_sound(kept, alignment)
        fragment = f"#{write_fragment(Link(kept.start, kept.end))}" if is_there else None
        facts |= {"text": text, "speaker": kept.speaker, "lost": kept.lost_as or "text", "fragment": fragment}
        return facts | {"start": kept.start, "end": kept.end, "first": None, "last": None}
    facts |= _passage(alignment, words)
    facts["speaker"] = facts["speaker"] or kept.speaker
    now = text_of(alignment, words)  # without the labels that stand between its words
    facts["text"] = _shown(now, alignment)
    if _folded(kept.text) == _folded(now):
        facts["text"] = text
    else:
        facts["was"] = text
    kinds = [alignment.segments[alignment.words[k].word.segment].segment.kind for k in words]
    if kept.start is not None and Kind.SPEECH not in kinds:
        facts["kind"] = kinds[0]
    return facts


def _passage(alignment: Alignment, words: range) -> dict[str, Any]:
    """Return what a list shows of words; they have times if half of them are said."""
    spoken = [span for k in words if (span := alignment.words[k].span)]
    is_said = 2 * len(spoken) >= len(words)
    speakers = (alignment.segments[alignment.words[k].word.segment].segment.speaker for k in words)
    return {
        "text": _shown(_raw(alignment, words), alignment),
        "speaker": ", ".join(dict.fromkeys(filter(None, speakers))) or None,
        "start": spoken[0].start if is_said else None,
        "end": max(span.end for span in spoken) if is_said else None,
        "first": words.start,
        "last": words.stop,
        "fragment": f"#{write_fragment(link_to(alignment, words))}",
    }


def _raw(alignment: Alignment, words: range) -> str:
    """Return the transcript's text from the first of the words to the last."""
    first, last = alignment.words[words[0]].word, alignment.words[words[-1]].word
    return " ".join(alignment.transcript.text[first.char_start : last.char_end].split())


def _shown(text: str, alignment: Alignment) -> str:
    text = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
    return unbroken(text, alignment.language)


def _folded(text: str) -> list[str]:
    """Return the words of a text without case, accents and punctuation."""
    return [folded for word in text.split() if (folded := fold(word))]


def _read(folder: Path) -> list[Kept]:
    try:
        return saved_quotes.read(folder)
    except KeptQuotesError as error:
        raise Conflict("kept.damaged", file=FILE, why=error.message.values["why"]) from error


def _put_among(quotes: list[Kept], fresh: Kept) -> tuple[Kept, bool]:
    """Return the record of the words of ``fresh`` in the list, where it is put if they are not kept yet, and whether
    they were not in the list that is shown."""
    for number, kept in enumerate(quotes):
        if (kept.hash, kept.char_start, kept.char_end) == (fresh.hash, fresh.char_start, fresh.char_end):
            quotes[number] = replace(kept, removed=None)
            return quotes[number], kept.removed is not None
    if len(quotes) >= MOST:
        raise Conflict("kept.full", n=MOST, file=FILE)
    quotes.append(fresh)
    return fresh, True


def _number_of(quotes: Sequence[Kept], identifier: str) -> int:
    for number, kept in enumerate(quotes):
        if kept.id == identifier:
            return number
    raise NotFound("kept.gone")
