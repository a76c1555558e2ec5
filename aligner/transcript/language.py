"""Identify the language in which a transcript is written.

A recogniser can mistake an accent for another language. A few dozen words of text are reliable evidence, even if there
are foreign names among them (``tests/bench/languages.py``).
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from aligner.languages import KNOWN, NAMED, language_code
from aligner.model import Kind, Transcript

_MIN_PROBABILITY = 0.9  # with less, names and foreign words may have decided
_MAX_CHARS = 30_000  # half an hour of talk
_SAMPLE_WORDS = 2000
_MIN_FUNCTION_WORDS = 0.2  # share of a text's words; in a wrong language it is below 0.12


def written_language(transcript: Transcript) -> str | None:
    """Return the code of the language of the spoken text, or None if it is uncertain."""
    spoken = (s for s in transcript.segments if s.kind is Kind.SPEECH)
    text = " ".join(transcript.text[s.char_start : s.char_end] for s in spoken)[:_MAX_CHARS]
    try:
        code, probability = _identifier().classify(text)
    except OSError:  # the model is unpacked into a temporary file, and the disk may be full
        return None
    return str(code) if code in NAMED and probability >= _MIN_PROBABILITY else None


def guess_language(transcript: Transcript) -> str | None:
    """Return the code of the language declared in the transcript's file. If none is declared, return the language whose
    function words are most frequent in the text, or None if uncertain. Unlike ``written_language``, this function loads
    no model and so saves a second: use it to read many files, or if a person can correct the result."""
    if named := language_code(transcript.language):
        return named
    text = " ".join(word.text for word in transcript.words[:_SAMPLE_WORDS])
    words = re.findall(r"[^\W\d_]+(?:-[^\W\d_]+)*", text.casefold())
    counts = {code: sum(map(each.captioning.breaks.clinging.__contains__, words)) for code, each in KNOWN.items()}
    likeliest = max(counts, key=counts.__getitem__)
    return likeliest if counts[likeliest] > _MIN_FUNCTION_WORDS * len(words) else None


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
