"""VTT and SRT as a recogniser writes them: with a time at each word, or only at each cue.

Conventions
-----------
- Captions that roll up show each line twice, the second time above the new one; the second showing is left out.
"""

from __future__ import annotations

from aligner.recognition.given.entries import Entry, entry, filled
from aligner.timed_text.cue_text import timed_pieces, unrolled
from aligner.timed_text.cues import read_cues


def cue_entries(text: str) -> tuple[list[Entry] | None, str | None]:
    """The cues of a caption file, cut at word times where it has them; (None, None) if there is no cue."""
    file = read_cues(text)
    if not file.cues:
        return None, None
    found = [
        entry(words, start if cue.is_timed else None, end)
        for cue in unrolled(file.cues)
        for words, start, end in timed_pieces(cue)
    ]
    return filled(found), file.language
