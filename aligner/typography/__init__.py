"""Typography: how text is laid on lines. Captions, the screens of audiograms and printed quotes share it.

``tokens`` are what no line break may cut, ``breaks`` how well a reader bears a break between two of them, ``phrases``
which are read as one thing, ``orphans`` what a reader minds of a word or two left at a line's end; ``sentences`` says
where a sentence ends, ``characters`` how wide a character is and where scripts without spaces may be cut; ``quotation``
nests quotation marks; ``spaces`` says which spaces no line may end at, and which marks belong to a word.
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
