"""Pins through changes of the text: they follow their words by what stands there, not by where it stands.

A word that was replaced by another takes what was said of it away; one that is only written otherwise does not. A pin
whose words are gone is lost, which is told: a person made it, and what it said is kept.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from aligner.model import Alignment, Word
from aligner.normalization import fold, letters_of
from aligner.pins import LostPin, Pin, PinKind, agreeing, pins_of

_ALIKE = 0.7  # of the letters as two words are read: Jon and John are one name, "six" and "dix" two numbers


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
    return followed(alignment, words, places(alignment, words) if sha256 == alignment.audio.sha256 else {})


def followed(alignment: Alignment, words: Sequence[Word], there: Mapping[int, int]) -> Carried:
    """The pins of an alignment on the ``words`` of another text, ``there`` being their ``places``."""
    found_again: list[Pin] = []
    before = [timed.word for timed in alignment.words]
    lost = list(alignment.lost_pins)
    for pin in pins_of(alignment):
        stays = [k for k in pin.words if k in there]
        if pin.kind is not PinKind.PASSAGE:
            stays = [k for k in stays if is_same(alignment.words[k].word, words[there[k]], alignment.language)]
        found = [there[k] for k in stays]
        found_again += (Pin(pin.kind, run, pin.span) for run in _runs(pin.kind, found))
        if not found:
            lost.append(lost_pin(pin, before))
    kept, odd = agreeing(found_again)
    lost += (lost_pin(pin, words) for pin in odd)
    return Carried(tuple(kept), tuple(lost))


def lost_pin(pin: Pin, words: Sequence[Word]) -> LostPin:
    """What is told of a pin on some of the ``words`` that holds no more."""
    return LostPin(pin.kind, " ".join(words[k].text for k in pin.words), pin.span)


def _runs(kind: PinKind, words: Sequence[int]) -> Iterator[range]:
    """The words of a pin in the other text: a passage has all between its ends, what is not said only its own words."""
    if kind is PinKind.PASSAGE and words:
        yield range(words[0], words[-1] + 1)
        return
    for _, run in groupby(enumerate(words), key=lambda place: place[1] - place[0]):
        in_a_row = [word for _, word in run]
        yield range(in_a_row[0], in_a_row[-1] + 1)


def places(alignment: Alignment, words: Sequence[Word]) -> dict[int, int]:
    """The words of an alignment that stand in another text, with their places there; a word that was replaced by one is
    the same word, written otherwise."""
    from rapidfuzz.distance import Levenshtein

    found: dict[int, int] = {}
    before = [reading(timed.word) for timed in alignment.words]
    for edit in Levenshtein.opcodes(before, [reading(word) for word in words]):
        if edit.tag == "equal" or (edit.tag == "replace" and edit.src_end - edit.src_start == 1):
            found |= zip(range(edit.src_start, edit.src_end), range(edit.dest_start, edit.dest_end), strict=False)
    return found


def is_same(before: Word, now: Word, language: str) -> bool:
    """Whether a word that stands in the place of another is that word, at most written otherwise."""
    from rapidfuzz.distance import Levenshtein

    if reading(before) == reading(now):
        return True
    one, other = letters_of(before.text, language), letters_of(now.text, language)
    return bool(one and other) and Levenshtein.normalized_similarity(one, other) >= _ALIKE


def reading(word: Word) -> str:
    """What of a word tells it from another: its letters, or where it has none, itself."""
    return fold(word.text) or word.text
