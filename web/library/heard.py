"""What was heard of an episode's sound, kept by the child that asked for it: a correction and the review after it do so
again."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

from aligner.corrections.repair import Heard
from aligner.model import Alignment
from aligner.recognition.before import heard_before

_AT_HAND = 4  # episodes; an hour's takes some 30 MB

_heard: OrderedDict[Hashable, Heard] = OrderedDict()  # a child's own


def heard_of(alignment: Alignment) -> Heard | None:
    """What was heard of the sound that ``alignment`` was made of; None where this machine has not heard it, or has
    forgotten."""
    key = alignment.audio.sha256, alignment.engine, alignment.language
    if key in _heard:
        _heard.move_to_end(key)
    elif found := heard_before(alignment):
        _heard[key] = Heard(*found)
        if len(_heard) > _AT_HAND:
            _heard.popitem(last=False)
    return _heard.get(key)
