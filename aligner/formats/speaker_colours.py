"""Which colour the words of a speaker have where captions tell speakers by colours."""

from __future__ import annotations

from collections import Counter

from aligner.formats.material import Material
from aligner.model import Kind

COLOURS = ("#ffffff", "#ffff00", "#00ffff", "#00ff00")
"""White, yellow, cyan and green, in this order: those of teletext whose contrast on black is 15 or more. The BBC's
subtitle guidelines know no others for speakers; magenta, red and blue are too dark."""


def speaker_colours(material: Material) -> dict[str, str]:
    """The colour of each speaker, as ``#rrggbb``, in order of appearance. Of more speakers than there are colours those
    who say least share the last one."""
    said: Counter[str] = Counter()
    for paragraph in material.paragraphs:
        if paragraph.speaker and paragraph.kind is Kind.SPEECH:
            said[paragraph.speaker] += len(paragraph.words)
    alone = len(COLOURS) if len(said) <= len(COLOURS) else len(COLOURS) - 1
    own = iter(COLOURS)
    most = {speaker for speaker, _ in said.most_common(alone)}
    return {speaker: next(own) if speaker in most else COLOURS[-1] for speaker in said}
