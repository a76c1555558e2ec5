"""Typography: how text is laid on lines. Captions, the screens of audiograms and printed quotes share it.

``tokens`` are what no line break may cut, ``breaks`` how well a reader bears a break between two of them; ``sentences``
says where a sentence ends, ``characters`` how wide a character is and where scripts without spaces may be cut.
"""

from aligner.typography.breaks import break_costs
from aligner.typography.characters import is_unspaced, width
from aligner.typography.sentences import Sentence, ends_sentence, read_sentences, sentence_words, without_stage
from aligner.typography.tokens import Token, read_tokens

__all__ = [
    "Sentence",
    "Token",
    "break_costs",
    "ends_sentence",
    "is_unspaced",
    "read_sentences",
    "read_tokens",
    "sentence_words",
    "width",
    "without_stage",
]
