"""WebVTT as Bluesky takes it for a video: a track of 20,000 bytes at most (lexicon ``app.bsky.embed.video``).

A track belongs to one language and lasts as long as the video, so a second one could not go on where it ends: of what
is too long it holds the first cues, all of them whole.
"""

from __future__ import annotations

from aligner.formats import podcast_vtt
from aligner.formats.material import Material

MOST_BYTES = 20_000


def write(material: Material) -> str:
    """As many cues as fit."""
    return "\n\n".join(_fitting(material)[0]).rstrip("\n") + "\n"


def reach(material: Material) -> str | None:
    """The time at which the last cue ends that fits, as WebVTT writes it; None where all of them do."""
    blocks, is_whole = _fitting(material)
    return None if is_whole else blocks[-1].partition(" --> ")[2].partition("\n")[0]


def _fitting(material: Material) -> tuple[list[str], bool]:
    """The header and the cues that fit, and whether that is all."""
    blocks = podcast_vtt.write(material).rstrip("\n").split("\n\n")
    size_bytes = 0
    for number, block in enumerate(blocks):
        size_bytes += len(block.encode("utf-8")) + 2  # the blank line after it
        if size_bytes > MOST_BYTES:
            return blocks[:number], False
    return blocks, True
