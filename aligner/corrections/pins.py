"""Pins through changes of the text: they follow their words by what stands there, not by where it stands.

A pin whose words are gone is lost, which is told: a person made it, and what it said is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aligner.model import Alignment, Word
from aligner.normalization import fold
from aligner.pins import LostPin, Pin, PinKind, pins_of


@dataclass(frozen=True, slots=True)
class Carried:
    """The pins on words of another text, in order, and those that are lost."""

    pins: tuple[Pin, ...] = ()
    lost: tuple[LostPin, ...] = ()

    @property
    def passages(self) -> tuple[Pin, ...]:
        """Those of passages, which no word tells."""
        return tuple(pin for pin in self.pins if pin.kind is PinKind.PASSAGE)


def carried(alignment: Alignment, words: Sequence[Word], sha256: str) -> Carried:
    """The pins of an alignment on the ``words`` of another transcript of the sound with hash ``sha256``.

    Those that were lost before are looked for no more. Pins of another sound are lost: its times are others.
    """
    if not pins_of(alignment):
        return Carried(lost=alignment.lost_pins)
    before = [timed.word for timed in alignment.words]
    there = places(before, words) if sha256 == alignment.audio.sha256 else {}
    kept: list[Pin] = []
    lost = list(alignment.lost_pins)
    for pin in pins_of(alignment):
        found = [there[word] for word in pin.words if word in there]
        kept += (Pin(pin.kind, run, pin.span) for run in _runs(pin.kind, found))
        if not found:
            text = " ".join(word.text for word in before[pin.words.start : pin.words.stop])
            lost.append(LostPin(pin.kind, text, pin.span))
    return Carried(tuple(kept), tuple(lost))


def _runs(kind: PinKind, words: Sequence[int]) -> Iterator[range]:
    """The words of a pin in the other text: a passage has all between its ends, what is not said only its own words."""
    if kind is PinKind.PASSAGE and words:
        yield range(words[0], words[-1] + 1)
        return
    start = 0
    for k in range(1, len(words) + 1):
        if k == len(words) or words[k] != words[k - 1] + 1:
            yield range(words[start], words[k - 1] + 1)
            start = k


def places(before: Sequence[Word], after: Sequence[Word]) -> dict[int, int]:
    """The words of one text that stand in another, with their places there; a word that was replaced by one is the same
    word, written otherwise."""
    from rapidfuzz.distance import Levenshtein

    found: dict[int, int] = {}
    for edit in Levenshtein.opcodes(*([fold(word.text) or word.text for word in words] for words in (before, after))):
        if edit.tag == "equal" or (edit.tag == "replace" and edit.src_end - edit.src_start == 1):
            found |= zip(range(edit.src_start, edit.src_end), range(edit.dest_start, edit.dest_end), strict=False)
    return found
