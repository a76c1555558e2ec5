"""Typography: how text is laid on lines. Captions, the screens of audiograms and printed quotes share it.

``tokens`` are what no line break may cut, and how wide their characters are; ``sentences`` says where a sentence ends
and nests quotation marks; ``breaks`` says how well a reader bears a break between two tokens, which of them are read as
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
from aligner.typography.sentences import (
    Sentence,
    as_excerpt,
    ends_sentence,
    marks_lost_by,
    quoted,
    read_sentences,
    sentence_words,
    without_pause,
    without_stage,
)
from aligner.typography.tokens import (
    DASHES,
    DIALOGUE_DASH,
    Token,
    dash_before,
    has_unspaced,
    is_unspaced,
    read_tokens,
    unspaced_apart,
    width,
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
    "is_unspaced",
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
    "width",
    "with_marks",
    "without_pause",
    "without_stage",
]
