"""Typography: how text is laid on lines. Captions, the screens of audiograms and printed quotes share it.

``tokens`` are what no line break may cut, how wide their characters are, and where a sentence ends; ``quotation`` nests
quotation marks; ``breaks`` says how well a reader bears a break between two tokens, which of them are read as
one thing, and which spaces no line may end at.
"""

from aligner.typography.breaks import (
    Orphans,
    break_costs,
    recurring_pairs,
    unbroken,
    unbroken_tokens,
    widened,
    with_marks,
)
from aligner.typography.quotation import as_excerpt, marks_lost_by, quoted, without_pause
from aligner.typography.tokens import (
    DASHES,
    DIALOGUE_DASH,
    Sentence,
    Token,
    dash_before,
    ends_sentence,
    has_unspaced,
    read_sentences,
    read_tokens,
    sentence_words,
    unspaced_apart,
    without_stage,
)

__all__ = [
    "DASHES",
    "DIALOGUE_DASH",
    "Orphans",
    "Sentence",
    "Token",
    "as_excerpt",
    "break_costs",
    "dash_before",
    "ends_sentence",
    "has_unspaced",
    "marks_lost_by",
    "quoted",
    "read_sentences",
    "read_tokens",
    "recurring_pairs",
    "sentence_words",
    "unbroken",
    "unbroken_tokens",
    "unspaced_apart",
    "widened",
    "with_marks",
    "without_pause",
    "without_stage",
]
