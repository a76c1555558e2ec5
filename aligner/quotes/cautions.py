"""What the alignment alone says against a quote."""

from __future__ import annotations

from aligner.model import Alignment, Status
from aligner.quotes.printed import Printed
from aligner.quotes.quote import Caution
from aligner.quotes.wording import strong_words

_LEAST_UNTRANSCRIBED = 1.0  # seconds
_SHOWN = 80  # characters


def cautions_of(alignment: Alignment, words: range, inside: range, printed: Printed) -> tuple[Caution, ...]:
    """What to look at in a quote of ``words``, of which ``inside`` is what is cut."""
    cautions = []
    if not printed.opens:
        cautions.append(Caution("starts-inside-sentence", "the quote starts inside a sentence"))
    if not printed.closes:
        cautions.append(Caution("ends-inside-sentence", "the quote ends inside a sentence"))
    unspoken = [alignment.words[k].word.text for k in words if alignment.words[k].status is Status.UNSPOKEN]
    missing = " ".join(unspoken)
    if len(unspoken) > 1 or strong_words(missing, alignment.language):
        missing = missing if len(missing) <= _SHOWN else f"{missing[:_SHOWN]}…"
        cautions.append(Caution("unspoken", f"printed, but not found in the sound: {missing}"))
    for edge, name in ((inside.start, "first"), (inside.stop - 1, "last")):
        if alignment.words[edge].status is Status.INTERPOLATED:
            cautions.append(Caution("uncertain-edge", f"the time of the {name} word is a guess; listen to the cut"))
    return (*cautions, *_untranscribed(alignment, inside))


def _untranscribed(alignment: Alignment, inside: range) -> list[Caution]:
    """Speech inside the quote that the transcript lacks."""
    start, end = alignment.words[inside.start].start or 0.0, alignment.words[inside.stop - 1].end or 0.0
    return [
        Caution("untranscribed", f"speech that the transcript lacks: {passage.text[:_SHOWN] or 'no words recognised'}")
        for passage in alignment.untranscribed
        if min(end, passage.end) - max(start, passage.start) >= _LEAST_UNTRANSCRIBED
    ]
