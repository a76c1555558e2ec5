"""What differs between two alignments of one sound: ``edit`` finds, applies and undoes it, ``merging`` brings together
what two people changed at once, of which ``clashes`` tells both versions, ``aligned`` what somebody changed and what
aligning made of the times meanwhile; ``lists`` tells how records move, and ``splices`` is what all stand on. Knows no
file."""

from aligner.edits.aligned import over_times
from aligner.edits.clashes import both_versions
from aligner.edits.edit import NOTHING, Edit, applied, difference, undone, with_fields
from aligner.edits.merging import merged_text, rebased, segments_after, told_version, words_after

__all__ = [
    "NOTHING",
    "Edit",
    "applied",
    "both_versions",
    "difference",
    "merged_text",
    "over_times",
    "rebased",
    "segments_after",
    "told_version",
    "undone",
    "with_fields",
    "words_after",
]
