"""Set text on lines, for captions, the screens of audiograms and printed quotes.

``tokens`` splits text into sentences, and into tokens, which no line break may split. ``quotation`` nests quotation
marks. ``breaks`` rates line breaks between tokens, and inserts no-break spaces where no line may end.
"""

from aligner.typography.breaks import (
    Orphans,
    break_costs,
    recurring_pairs,
    unbroken,
    unbroken_tokens,
    widened,
    with_punctuation,
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
