"""The transcript as plain text with the time of each turn."""

from __future__ import annotations

from aligner.durations import clock
from aligner.model import Alignment, Kind
from web.reading import Page


def plain_text(alignment: Alignment, page: Page) -> str:
    """A paragraph for each of the transcript's, a line with time and speaker over each turn; headings stand alone."""
    text = alignment.transcript.text
    blocks = [f"{alignment.episode.title}\n{'=' * len(alignment.episode.title)}"] if alignment.episode.title else []
    for turn in page.turns:
        segments = [alignment.segments[paragraph.segment].segment for paragraph in turn.paragraphs]
        paragraphs = [" ".join(text[s.char_start : s.char_end].split()) for s in segments]
        if turn.kind is Kind.SPEECH:
            at = None if turn.start is None else f"[{clock(turn.start)}]"
            blocks.append("\n".join(filter(None, [" ".join(filter(None, [at, turn.speaker])), *paragraphs])))
        elif turn.kind is Kind.HEADING:
            blocks.append("## " + paragraphs[0])
        else:
            blocks += paragraphs
    return "\n\n".join(blocks) + "\n"
