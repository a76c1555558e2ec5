"""Match audio with transcripts by the characters that the acoustic model recognises in two minutes of speech."""

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
    from aligner.locating.acoustic.anchors import DecodedCharacters

_SAMPLE_SECONDS = 120.0  # of speech
_SKIPPED = 0.15  # share of the audio, which may be a jingle, ads and a standard introduction
_MATCHED, _NOT_MATCHED = 12.0, -8.0  # odds
_UNCLEAR = 1.5  # half of the sample may be an ad, or another episode may have the same jingle
_LEAST_SHARE, _STRAY_SHARE = 0.3, 0.12  # of characters found in the right transcript, and at most in a wrong one


@dataclass(frozen=True, slots=True)
class AcousticMatcher:
    """A callable (``pairing.MatchSpeech``) that compares the speech in audio with transcripts. ``path_of`` and
    ``text_path_of`` return the path of an audio file and of a transcript, or None if there is no file."""

    path_of: Callable[[Audio], Path | None]
    text_path_of: Callable[[Text], Path | None]

    def __call__(self, audio: Audio, texts: Sequence[Text]) -> Mapping[str, Reason] | None:
        from aligner.locating.acoustic.anchors import matched_share

        try:
            if not (path := self.path_of(audio)):
                return None
            characters = _recognised_characters(path)
        except (UserError, OSError):
            return None
        spelled = {text.key: _spelled(path) for text in texts if (path := self.text_path_of(text))}
        return {key: _reason(matched_share(words, characters)) for key, words in spelled.items() if words}


@lru_cache(maxsize=4)  # an audio file may be compared twice, with different transcripts
def _recognised_characters(path: Path) -> DecodedCharacters:
    """Return the characters recognised in two minutes of a file's speech. Raises UserError if there is no speech."""
    from aligner.locating.acoustic.anchors import decode
    from aligner.recognition import examine, recognise
    from aligner.recognition.acoustic import AcousticRecogniser

    audio = examine(path)
    spans, left = list[Span](), _SAMPLE_SECONDS
    for span in audio.speech:
        if span.end > _SKIPPED * audio.duration and left > 0:
            spans.append(Span(span.start, min(span.end, span.start + left)))
            left -= spans[-1].duration
    known = recognise(replace(audio, speech=tuple(spans)), AcousticRecogniser())
    assert known.emissions is not None
    return decode(known.emissions)


@lru_cache(maxsize=1000)  # each doubtful audio file is compared with all unpaired transcripts
def _spelled(path: Path) -> tuple[str, ...]:
    """Return the spoken words of a transcript, spelt with the characters that the acoustic model knows. Return () if
    the file is unreadable or not in Latin script."""
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
    odds = _MATCHED if share >= _LEAST_SHARE else _NOT_MATCHED if share <= _STRAY_SHARE else _UNCLEAR
    return Reason(odds, Message("recognised: {percent:.0f}% of the letters are this transcript's", percent=100 * share))
