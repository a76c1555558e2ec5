"""Which transcript an audio file belongs to, by the letters recognised in two minutes of its speech."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from aligner.model import Span
from media.errors import Message, UserError
from web.archive.records import Audio, Reason, Text
from web.errors import WebError
from web.worker_pool import call

if TYPE_CHECKING:
    from aligner.locating.acoustic.anchors import DecodedLetters

_LISTENED = 120.0  # seconds of speech
_SKIPPED = 0.15  # share of the audio; jingles, ads and the words that begin every episode come before
_RECOGNISED, _NOT_RECOGNISED = 12.0, -8.0  # odds
_BETWEEN = 1.5  # half of it may be an ad, or another episode may have the same jingle
_SHARE, _NO_SHARE = 0.3, 0.12  # of the letters: a transcript has at least so many of its own audio, at most of other


@dataclass(frozen=True, slots=True)
class Listener:
    """Compares the speech of audio with transcripts, as ``pairing.Listen`` describes, by the files that ``path_of`` and
    ``text_path_of`` give, if they are at hand."""

    path_of: Callable[[Audio], Path | None]
    text_path_of: Callable[[Text], Path | None]

    def __call__(self, audio: Audio, texts: Sequence[Text]) -> Mapping[str, Reason] | None:
        from aligner.locating.acoustic.anchors import matched_share

        try:
            if not (path := self.path_of(audio)):
                return None
            letters = _recognised_letters(path)
        except (UserError, OSError):
            return None
        spelled = {text.key: _spelled(path) for text in texts if (path := self.text_path_of(text))}
        return {key: _reason(matched_share(words, letters)) for key, words in spelled.items() if words}


@lru_cache(maxsize=4)  # an audio file may be compared twice, with different transcripts
def _recognised_letters(path: Path) -> DecodedLetters:
    """Return the letters recognised in two minutes of a file's speech; raises UserError where there are none."""
    from aligner.locating.acoustic.anchors import decode
    from aligner.recognition import examine, recognise
    from aligner.recognition.acoustic import AcousticRecogniser

    audio = examine(path)
    spans, left = list[Span](), _LISTENED
    for span in audio.speech:
        if span.end > _SKIPPED * audio.duration and left > 0:
            spans.append(Span(span.start, min(span.end, span.start + left)))
            left -= spans[-1].duration
    known = recognise(replace(audio, speech=tuple(spans)), AcousticRecogniser())
    assert known.emissions is not None
    return decode(known.emissions)


@lru_cache(maxsize=1000)  # every audio file in doubt is compared with every transcript that is left
def _spelled(path: Path) -> tuple[str, ...]:
    """Return the letters of a transcript's spoken words; none if it cannot be read or is in a script without any."""
    try:
        return call(_read_spelled, path)
    except (UserError, WebError, OSError):
        return ()


def _read_spelled(path: Path) -> tuple[str, ...]:
    from aligner.locating.spoken_words import is_latin, spoken_tokens
    from aligner.normalization import spell
    from aligner.transcript import read_transcript
    from aligner.transcript.language import guess_language

    transcript = read_transcript(path)
    if not is_latin(transcript):
        return ()
    language = guess_language(transcript) or "en"
    return tuple(spell([token or "" for token in spoken_tokens(transcript, language)], language))


def _reason(share: float) -> Reason:
    odds = _RECOGNISED if share >= _SHARE else _NOT_RECOGNISED if share <= _NO_SHARE else _BETWEEN
    return Reason(odds, Message("recognised: {percent:.0f}% of the letters are this transcript's", percent=100 * share))
