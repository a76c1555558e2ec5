"""What scripts need to know of an episode, as plain JSON: times by word number, captions, what deserves a look.

Times are whole milliseconds; words are named by their numbers.
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

_AT_HAND = 16  # episodes whose captions are kept, each of 2 MB after ten hours


def episode_data(alignment: Alignment, page: Page) -> dict[str, Any]:
    """Return what scripts know of an episode: the fields of ``outline_data``, and of ``word_data`` of all words."""
    return outline_data(alignment, page) | word_data(alignment.words)


def word_data(words: Sequence[TimedWord]) -> dict[str, list[int | None]]:
    """Return the times of words, in lists: ``starts`` and ``ends`` are None if a word is not spoken; ``chars`` are the
    two offsets of each word in code points, names for words, for JavaScript counts otherwise."""
    return {
        "starts": [_ms(word.span.start) if word.span else None for word in words],
        "ends": [_ms(word.span.end) if word.span else None for word in words],
        "chars": [offset for timed in words for offset in (timed.word.char_start, timed.word.char_end)],
    }


def outline_data(alignment: Alignment, page: Page, sentences: list[int] | None = None) -> dict[str, Any]:
    """Return what scripts know of an episode but for its words; ``sentences`` are given if they are known of the same
    text.

    ``paragraphs`` holds the first word of each, ``sentences`` the first of each and the one after its last, ``missing``
    the spans of speech that is missing from the transcript, ``doubtful`` those whose times deserve a look.
    """
    if sentences is None:
        found = sentence_words(read_tokens(alignment))
        sentences = [edge for sentence in found for edge in (sentence.start, sentence.stop)]
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


@until_changed(_AT_HAND)
def cues_of(path: Path) -> str:
    """Return the ``cue_data`` of the alignment at ``path`` as JSON, which takes less room.

    Raises AlignmentError, OSError: it is missing, or damaged; Unusable, Busy: the captions cannot be made within the
    limits, or now.
    """
    return call(_cues_of, path)


def _cues_of(path: Path) -> str:
    return json.dumps(cue_data(read_alignment(path)), separators=(",", ":"))


def cue_data(alignment: Alignment) -> list[dict[str, Any]]:
    """Return each cue's ``start`` and ``end`` in milliseconds and its lines: speaker and words with their numbers."""
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
