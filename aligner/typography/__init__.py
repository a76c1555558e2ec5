"""Set text on lines, for captions, the screens of audiograms and printed quotes.

``tokens`` splits text into sentences, and into tokens, which no line break may split. ``quotation`` nests quotation
marks. ``breaks`` rates line breaks between tokens, and inserts no-break spaces where no line may end.
"""

from aligner.typography.breaks import Orphans as Orphans
from aligner.typography.breaks import break_costs as break_costs
from aligner.typography.breaks import recurring_pairs as recurring_pairs
from aligner.typography.breaks import unbroken as unbroken
from aligner.typography.breaks import unbroken_tokens as unbroken_tokens
from aligner.typography.breaks import widened as widened
from aligner.typography.breaks import with_punctuation as with_punctuation
from aligner.typography.quotation import as_excerpt as as_excerpt
from aligner.typography.quotation import marks_lost_by as marks_lost_by
from aligner.typography.quotation import quoted as quoted
from aligner.typography.quotation import without_pause as without_pause
from aligner.typography.tokens import DASHES as DASHES
from aligner.typography.tokens import DIALOGUE_DASH as DIALOGUE_DASH
from aligner.typography.tokens import Sentence as Sentence
from aligner.typography.tokens import Token as Token
from aligner.typography.tokens import dash_before as dash_before
from aligner.typography.tokens import ends_sentence as ends_sentence
from aligner.typography.tokens import has_unspaced as has_unspaced
from aligner.typography.tokens import read_sentences as read_sentences
from aligner.typography.tokens import read_tokens as read_tokens
from aligner.typography.tokens import sentence_words as sentence_words
from aligner.typography.tokens import unspaced_apart as unspaced_apart
from aligner.typography.tokens import without_stage as without_stage
