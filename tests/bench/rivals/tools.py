"""Programs that align a whole text with audio, as installed, and their word times.

pocketsphinx and soundswallower align the phones of a dictionary; words that it lacks are pronounced by espeak-ng. Where
their search loses the way it is done once more with wider beams. stable-ts reads times from the attention of Whisper
base, the same files that quotecast uses. None knows of text that nobody says, or tells which of its times are sure.

Conventions: seconds; samples are mono at ``RATE``; a token of the text without a time is None.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from rapidfuzz.distance import Indel

from aligner.model import Span
from aligner.normalization.readings import read_out
from aligner.recognition.models import model_folder
from tests.bench.recordings import RATE, Samples
from tests.bench.rivals.pronunciations import pronounced

_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*'?")
_VARIANT = re.compile(r"\(\d+\)$")  # of the pronunciation that was taken
_FILLER = re.compile(r"<.*>|\[.*\]|\(NULL\)")
_FRAMES_PER_S = 100  # of pocketsphinx
_WIDE = {"beam": 1e-100, "pbeam": 1e-100, "wbeam": 1e-80}

RecognisedAudio = tuple[str, float, float]
"""A word, its start and its end."""


class Tool(Protocol):
    """A program that times the tokens of a text; ``languages`` are those it has models for, None for any."""

    name: str
    languages: frozenset[str] | None

    def align(self, samples: Samples, tokens: Sequence[str], language: str) -> list[Span | None]: ...


class PhoneAligner:
    """What the two descendants of Sphinx share: a dictionary, one path through the words, pauses between them."""

    name: str
    languages: frozenset[str] | None

    def align(self, samples: Samples, tokens: Sequence[str], language: str) -> list[Span | None]:
        spans: list[Span | None] = []
        for beams in ({}, _WIDE):
            decoder = self.decoder(language, beams)
            pieces = [
                [part for piece in pieces_of(token, language) for part in known(decoder, piece, language)]
                for token in tokens
            ]
            decoder.set_align_text(" ".join(piece for of_token in pieces for piece in of_token))
            decoder.start_utt()
            decoder.process_raw((samples.clip(-1, 1) * 32767).astype("<i2").tobytes(), full_utt=True)
            decoder.end_utt()
            spans = spans_of_pieces(pieces, [word for word in self.heard(decoder) if not _FILLER.fullmatch(word[0])])
            if any(spans):
                break
        return spans

    def decoder(self, language: str, beams: Mapping[str, float]) -> Any:
        raise NotImplementedError

    def heard(self, decoder: Any) -> Iterable[RecognisedAudio]:
        """The words of the path and the pauses between them, in order; nothing where there was no path."""
        raise NotImplementedError


class PocketSphinx(PhoneAligner):
    name = "pocketsphinx"
    languages = frozenset({"en"})

    def decoder(self, language: str, beams: Mapping[str, float]) -> Any:
        import pocketsphinx

        return pocketsphinx.Decoder(lm=None, samprate=RATE, loglevel="FATAL", **beams)

    def heard(self, decoder: Any) -> Iterable[RecognisedAudio]:
        for segment in decoder.seg() or ():
            yield segment.word, segment.start_frame / _FRAMES_PER_S, (segment.end_frame + 1) / _FRAMES_PER_S


class SoundSwallower(PhoneAligner):
    name = "soundswallower"
    languages = frozenset({"en", "fr"})

    def decoder(self, language: str, beams: Mapping[str, float]) -> Any:
        import soundswallower

        model = Path(soundswallower.get_model_path()) / {"en": "en-us", "fr": "fr-fr"}[language]
        return soundswallower.Decoder(hmm=str(model), samprate=RATE, loglevel="FATAL", **beams)

    def heard(self, decoder: Any) -> Iterable[RecognisedAudio]:
        for segment in decoder.seg or ():
            yield segment.text, segment.start, segment.start + segment.duration


class StableTs:
    name = "stable-ts"
    languages: frozenset[str] | None = None

    def __init__(self) -> None:
        self._model: Any = None

    def align(self, samples: Samples, tokens: Sequence[str], language: str) -> list[Span | None]:
        if self._model is None:
            import stable_whisper

            folder = str(model_folder("base"))
            self._model = stable_whisper.load_faster_whisper(folder, device="cpu", compute_type="int8")
        result = self._model.align(samples.astype(np.float32), " ".join(tokens), language=language, verbose=None)
        words = result.all_words() if result else []
        return spans_of_tokens(tokens, [(word.word, float(word.start), float(word.end)) for word in words])


def installed() -> tuple[list[Tool], list[str]]:
    """The tools that are here, and the names of those that are not."""
    here: list[Tool] = []
    missing = []
    for tool in (StableTs(), PocketSphinx(), SoundSwallower()):
        if version_of(tool.name):
            here.append(tool)
        else:
            missing.append(tool.name)
    return here, missing


def version_of(name: str) -> str | None:
    """The version of a tool that is installed; stable-ts may be there without Whisper's own package."""
    for package in (name, f"{name}-whisperless"):
        try:
            return version(package)
        except PackageNotFoundError:
            continue
    return None


def pieces_of(token: str, language: str) -> list[str]:
    """What of a token stands in a dictionary: words in small letters, numbers and signs as they are read."""
    return _PIECE.findall(read_out(token.lower().replace("’", "'"), language))


def known(decoder: Any, piece: str, language: str) -> list[str]:
    """The piece as the decoder knows it: whole, cut behind its apostrophe, or with a pronunciation that is added.

    Nothing where it has no pronunciation.
    """
    if decoder.lookup_word(piece) is not None:
        return [piece]
    if "'" in piece[:-1]:
        before, after = piece.split("'", 1)
        return known(decoder, f"{before}'", language) + known(decoder, after, language)
    spoken = pronounced(piece, language)
    if spoken:
        decoder.add_word(piece, " ".join(spoken), True)
    return [piece] if spoken else []


def spans_of_pieces(pieces: Sequence[Sequence[str]], heard: Sequence[RecognisedAudio]) -> list[Span | None]:
    """Return spans from the start of a token's first piece to the end of its last, up to the last recognised word.

    Raises ValueError if the recognised words differ from the text.
    """
    said = [_VARIANT.sub("", word) for word, _, _ in heard]
    if said != [piece for of_token in pieces for piece in of_token][: len(said)]:
        raise ValueError(f"other words than those of the text: {said}")
    spans: list[Span | None] = []
    at = 0
    for of_token in pieces:
        stop = at + len(of_token)
        spans.append(Span(heard[at][1], heard[stop - 1][2]) if of_token and stop <= len(heard) else None)
        at = stop
    return spans


def spans_of_tokens(tokens: Sequence[str], heard: Sequence[RecognisedAudio]) -> list[Span | None]:
    """For each token the words that share letters with it, however the text was cut."""
    ours = [(k, letter) for k, token in enumerate(tokens) for letter in token.casefold()]
    theirs = [(k, letter) for k, (word, _, _) in enumerate(heard) for letter in word.strip().casefold()]
    shared: list[list[int]] = [[] for _ in tokens]
    for code in Indel.opcodes("".join(letter for _, letter in ours), "".join(letter for _, letter in theirs)):
        if code.tag == "equal":
            pairs = zip(range(code.src_start, code.src_end), range(code.dest_start, code.dest_end), strict=True)
            for i, j in pairs:
                shared[ours[i][0]].append(theirs[j][0])
    return [Span(heard[own[0]][1], max(heard[own[-1]][2], heard[own[0]][1])) if own else None for own in shared]
