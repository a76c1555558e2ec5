"""Chapters as a track of WebVTT (``<track kind="chapters">``)."""

from __future__ import annotations

from aligner.formats.chapter_marks import lacking
from aligner.formats.material import Material
from aligner.timed_text import CueBlock, write_vtt
from aligner.timed_text.write import vtt_text

__all__ = ["lacking", "write"]


def write(material: Material) -> str:
    """A cue a chapter; its text is the title."""
    blocks = (CueBlock(each.start, each.end, (vtt_text(each.title),)) for each in material.chapters)
    return write_vtt(blocks, material.remarks)
