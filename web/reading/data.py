"""What scripts need to know of an episode, as plain JSON: times by word number, and how a link names the words."""

from __future__ import annotations

from typing import Any

from aligner.durations import to_milliseconds
from aligner.model import Alignment
from web.reading.doubt import doubtful
from web.reading.turns import Page

HASH_DIGITS = 8


def episode_data(alignment: Alignment, page: Page) -> dict[str, Any]:
    """``starts`` and ``ends`` are milliseconds, None where a word is not said; ``chars`` the two offsets of each word.

    The offsets count code points and are names for words, nothing to count with: JavaScript counts otherwise.
    ``paragraphs`` holds the first word of each; ``missing`` the spans of speech that the text lacks;
    ``doubtful`` those whose times deserve a look.
    """
    words = alignment.words
    return {
        "duration": alignment.audio.duration,
        "language": alignment.language,
        "hash": alignment.transcript.sha256[:HASH_DIGITS],
        "title": alignment.episode.title,
        "show": alignment.episode.show,
        "url": alignment.episode.url,
        "starts": [_ms(word.span.start) if word.span else None for word in words],
        "ends": [_ms(word.span.end) if word.span else None for word in words],
        "chars": [offset for timed in words for offset in (timed.word.char_start, timed.word.char_end)],
        "paragraphs": [paragraph.words.start for turn in page.turns for paragraph in turn.paragraphs],
        "turns": [[turn.words.start, turn.words.stop, turn.speaker, turn.kind.value] for turn in page.turns],
        "chapters": [[chapter.title, _ms(chapter.start)] for chapter in page.chapters],
        "doubtful": [[_ms(span.start), _ms(span.end)] for span in doubtful(alignment)],
        "missing": [[_ms(passage.start), _ms(passage.end)] for passage in alignment.untranscribed],
    }


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else to_milliseconds(seconds)
