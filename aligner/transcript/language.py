"""Which language a transcript is written in, by its own words.

A recogniser tells a language by a few stretches of the sound, and takes a voice for that of another one now and then; a
text of a few dozen words is in no doubt. Of texts of 40 words in nine languages none was told wrongly, nor of those
half of whose words are names from elsewhere (``tests/bench/languages.py``).

The model that tells it takes half as long to load as all the rest of aligning a text again after an edit. So what a
text tells throughout, each part of it alone, is kept with its words, and is the answer for every text with nearly the
same: no such edit makes the model tell another. What is kept stays that of the text that the model has judged, so that
many small edits lead no further from it than one. A text in two languages, which an edit may tip, is always asked.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Any

from aligner.languages import KNOWN, NAMED, language_code
from aligner.model import Kind, Transcript

# Below this, names and foreign words may be what counts.
_SURE = 0.9
# Half an hour of talk. What is left out says the same.
_MOST_CHARACTERS = 30_000
# Of two texts' running words, the share that stands in both, above which they are one text, edited. Strict, since
# asking once too often costs half a second. What it takes for one: ``tests/bench/languages.py``.
_SAME = 0.9
# The parts that must tell one language, and the words by which each is in no doubt.
_PARTS, _PART_WORDS = 10, 40
# Of a guess: the words that are looked at, and the share of function words from which a language is believed; in the
# wrong one it is under 0.12.
_SAMPLE_WORDS, _TELLING = 2000, 0.2


@dataclass(frozen=True, slots=True)
class WrittenLanguage:
    """The ``code`` of the language of a text, and its ``words``, casefolded, with how often each stands in it;
    ``throughout``, whether each part of it tells that language, so that it holds for the text edited, too."""

    code: str
    words: Mapping[str, int]
    throughout: bool = True


def written_language(transcript: Transcript, known: WrittenLanguage | None = None) -> WrittenLanguage | None:
    """The language that the transcript's own words are in; None where these leave it in doubt.

    ``known`` is what an earlier text told throughout, and is the answer where this is the same text, edited.
    """
    spoken = (s for s in transcript.segments if s.kind is Kind.SPEECH)
    text = " ".join(transcript.text[s.char_start : s.char_end] for s in spoken)[:_MOST_CHARACTERS]
    words = Counter(re.findall(r"\w+", text.casefold()))
    if known and _are_one_text(words, known.words):
        return known
    try:
        identifier = _identifier()
    except OSError:  # the model is unpacked into a temporary file; where the disk is full, the sound tells the language
        return None
    code = _told(text, identifier)
    return WrittenLanguage(code, words, _is_throughout(code, text.split(), identifier)) if code else None


def guess_language(transcript: Transcript) -> str | None:
    """Return the language that the file names, else the one whose function words are most frequent, if any are; it
    takes no model, for what can be corrected in a form."""
    if named := language_code(transcript.language):
        return named
    words = [word.text.casefold().strip('.,;:!?«»"“”()') for word in transcript.words[:_SAMPLE_WORDS]]
    words = [part for word in words for part in word.replace("’", "'").split("'")]
    little = {code: language.captioning.breaks.clinging for code, language in KNOWN.items()}
    shares = {code: sum(word in known for word in words) / len(words) for code, known in little.items()}
    likeliest = max(shares, key=lambda code: shares[code])
    return likeliest if shares[likeliest] >= _TELLING else None


def _told(text: str, identifier: Any) -> str | None:
    code, probability = identifier.classify(text)
    return str(code) if code in NAMED and probability >= _SURE else None


def _is_throughout(code: str, words: Sequence[str], identifier: Any) -> bool:
    """Whether each of several parts of a text tells the language alone."""
    count = min(_PARTS, len(words) // _PART_WORDS)
    edges = [len(words) * k // count for k in range(count + 1)] if count > 1 else []
    parts = [" ".join(words[start:stop]) for start, stop in pairwise(edges)]
    return bool(parts) and all(_told(part, identifier) == code for part in parts)


def _are_one_text(words: Mapping[str, int], others: Mapping[str, int]) -> bool:
    shared = sum(min(count, others.get(word, 0)) for word, count in words.items())
    return 2 * shared > _SAME * (sum(words.values()) + sum(others.values()))


@cache
def _identifier() -> Any:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
