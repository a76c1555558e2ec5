"""Words that were only roughly recognised, and of which clearly more was heard than is printed: “supposition” printed
where “superposition” is said. Nothing tells that their times are wrong, so no confidence shows them."""

from __future__ import annotations

from collections.abc import Iterator

from aligner.model import Alignment, Kind, Status
from aligner.normalization import fold
from aligner.report.doubt import Hearing

_LEAST_LETTERS = 5  # of what is printed: less may stand for more, as an abbreviation does
_MORE = 2  # letters in a row, within the word, that are heard and not printed: a syllable


def mismatched_words(alignment: Alignment, hearing: Hearing) -> Iterator[tuple[int, str]]:
    """Yield each word of speech that sounds much unlike its text, with what was heard; none of them pinned."""
    for k, timed in enumerate(alignment.words):
        if timed.status is not Status.FUZZY or timed.pinned or timed.span is None:
            continue
        if alignment.segments[timed.word.segment].segment.kind is not Kind.SPEECH:
            continue
        printed, heard = fold(timed.word.text), fold("".join(hearing.within(timed.span)))
        if printed.isalpha() and has_more(printed, heard):
            yield k, heard


def has_more(printed: str, heard: str) -> bool:
    """Return whether a syllable was heard within a word that is not printed.

    Examples
    --------
    >>> has_more("supposition", "superposition"), has_more("atelier", "atelye")
    (True, False)
    """
    from rapidfuzz.distance import Indel

    if len(printed) < _LEAST_LETTERS:
        return False
    # All that is printed must be heard: where other letters are, the recogniser may have misheard them.
    more = [code for code in Indel.opcodes(printed, heard) if code.tag != "equal"]
    if any(code.tag == "delete" for code in more):
        return False
    return any(0 < code.src_start < len(printed) and code.dest_end - code.dest_start >= _MORE for code in more)
