"""Words that are printed but not spoken."""

from dataclasses import replace

from aligner.model import Alignment, Status


def unsaid(alignment: Alignment, words: range) -> Alignment:
    changed = tuple(
        replace(word, span=None, status=Status.UNSPOKEN, confidence=0.0) if k in words else word
        for k, word in enumerate(alignment.words)
    )
    return replace(alignment, words=changed)
