"""What differs between two alignments of one sound: ``edit`` finds, applies and undoes it, ``merging`` brings together
what two people changed at once; ``splices`` is what both stand on. Knows no file."""

from aligner.edits.edit import NOTHING, Edit, applied, difference, moves_of, undone, with_fields
from aligner.edits.merging import rebased, segments_after, words_after

__all__ = [
    "NOTHING",
    "Edit",
    "applied",
    "difference",
    "moves_of",
    "rebased",
    "segments_after",
    "undone",
    "with_fields",
    "words_after",
]
