"""An episode's data for the page's scripts: word times, captions, and passages to review.

Times are whole milliseconds; words are indices into ``Alignment.words``.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from aligner.captions import CueKind, build_cues
from aligner.durations import to_milliseconds
from aligner.locating.quality import doubtful_runs
from aligner.model import Alignment, TimedWord
from aligner.pins import open_untranscribed
from aligner.storage.alignment_json import read_alignment
from aligner.typography import read_tokens, sentence_words
from web.caching import until_changed
from web.page.transcript import Page
from web.worker_pool import call

_MOST_CACHED = 16  # captions of episodes; ten hours have 2 MB


def episode_data(alignment: Alignment, page: Page) -> dict[str, Any]:
    """Return all data of an episode: the fields of ``outline_data``, and those of ``word_data`` for all words."""
    return outline_data(alignment, page) | word_data(alignment.words)


def word_data(words: Sequence[TimedWord]) -> dict[str, list[int | None]]:
    """Return the words' ``starts`` and ``ends`` in milliseconds (None if not spoken), and ``chars``, which has two
    offsets for each word: start and end. Offsets are in code points, unlike JavaScript's UTF-16 code units."""
    return {
        "starts": [_ms(word.span.start) if word.span else None for word in words],
        "ends": [_ms(word.span.end) if word.span else None for word in words],
        "chars": [offset for timed in words for offset in (timed.word.char_start, timed.word.char_end)],
    }


def outline_data(alignment: Alignment, page: Page, sentences: list[int] | None = None) -> dict[str, Any]:
    """Return an episode's data except the times of words. The field ``sentences`` is computed only if not passed.

    ``paragraphs`` has each paragraph's first word; ``sentences`` has each sentence's first word and the word after its
    last. ``missing`` has spans of speech missing from the transcript, ``doubtful`` spans with uncertain word times.
    """
    if sentences is None:
        ranges = sentence_words(read_tokens(alignment))
        sentences = [edge for words in ranges for edge in (words.start, words.stop)]
    return {
        "duration": alignment.audio.duration,
        "language": alignment.language,
        "hash": alignment.version,
        "file": alignment.transcript.file,
        "title": alignment.episode.title,
        "show": alignment.episode.show,
        "url": alignment.episode.url,
        "paragraphs": [paragraph.words.start for turn in page.turns for paragraph in turn.paragraphs],
        "sentences": sentences,
        "turns": [[turn.words.start, turn.words.stop, turn.speaker, turn.kind.value] for turn in page.turns],
        "chapters": [[chapter.title, _ms(chapter.start)] for chapter in page.chapters],
        "doubtful": [[_ms(span.start), _ms(span.end)] for _, span in doubtful_runs(alignment)],
        "missing": [[_ms(passage.start), _ms(passage.end)] for passage in open_untranscribed(alignment)],
    }


def _ms(seconds: float | None) -> int | None:
    return None if seconds is None else to_milliseconds(seconds)


@until_changed(_MOST_CACHED)
def cues_of(path: Path) -> str:
    """Return the captions (``cue_data``) of the alignment at ``path`` as JSON. Raises AlignmentError or OSError if the
    file is missing or damaged, Unusable if the work exceeds the limits, Busy if the server has too much work."""
    return call(_cues_of, path)


def _cues_of(path: Path) -> str:
    return json.dumps(cue_data(read_alignment(path)), separators=(",", ":"))


def cue_data(alignment: Alignment) -> list[dict[str, Any]]:
    """Return each caption with ``start`` and ``end`` in milliseconds, and ``lines`` with (text, word index) pairs."""
    return [
        {
            "start": to_milliseconds(cue.start),
            "end": to_milliseconds(cue.end),
            "speech": cue.kind is CueKind.SPEECH,
            "lines": [
                {
                    "speaker": line.speaker,
                    "lead": line.lead,
                    "words": [[word.before + word.text, word.word] for word in line.words],
                }
                for line in cue.lines
            ],
        }
        for cue in build_cues(alignment)
    ]
