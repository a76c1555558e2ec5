"""A first transcript of a sound that has none: what an ear heard, in paragraphs, and when each word of it is said.

The words ear writes the text, the letters ear says when its words are said: of those that people say with known edges,
97.9 % then start within 100 ms of these, by the words ear alone 85.1 % (ten recordings, nine clips and 16 minutes of
bench/). A sentence of which letters hear nothing is what a recogniser makes of music, and is left out.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from aligner.errors import OutputError, SpeechError, TranscriptError
from aligner.languages import language_code, language_of
from aligner.model import Alignment, HeardWord, Kind, Transcript, outermost
from aligner.pipeline import Aligned, AlignOptions, align, check_details
from aligner.recognition import RATE, Ear, Progress, examine, recognise, silent
from aligner.recognition.given import GivenEar
from aligner.recognition.letters import LettersEar
from aligner.recognition.words import WordsEar
from aligner.transcript import TranscriptFile, draft_of
from aligner.typography import ends_sentence
from media.kept_sound import KeptSound
from media.safe_fs import is_taken

# Seconds of pause, and words: a paragraph ends with a sentence that a long pause follows, or a shorter one where it has
# words enough, or any where it has very many. Where nobody hears full stops, a very long pause is one.
_LONG_PAUSE, _PAUSE, _ENDS_SENTENCE = 2.0, 0.6, 3.0
_ENOUGH, _MANY = 45, 110

_MOST_JOINED = 20  # rounds of joining paragraphs that read as something else than speech
_SEVERAL = 3  # words; of fewer, mumbled, letters may hear nothing
_MOST_LEFT_OUT = 3  # rounds of leaving out what letters do not hear


@dataclass(frozen=True, slots=True)
class Transcribed:
    """An alignment whose text a machine made, and the bytes of the file of that text."""

    aligned: Aligned
    content: bytes


_Sentence = Sequence[HeardWord]
_Paragraph = Sequence[_Sentence]


def draft_path(audio: Path, folder: Path) -> Path:
    """Where the draft of a sound goes: NAME.txt, which never takes the place of a file.

    Raises
    ------
    OutputError
        There is one.
    """
    path = folder / f"{audio.stem}.txt"
    if is_taken(path):
        raise OutputError(
            "{path}: is there already, and a draft replaces no text; align it, or choose another folder with -o",
            path=path,
        )
    return path


def transcribe(
    audio: Path | str,
    path: Path,
    options: AlignOptions | None = None,
    progress: Progress = silent,
    ears: tuple[Ear, Ear] | None = None,
) -> Transcribed:
    """Write down what is said in a sound, as the file ``path`` shall hold it, and find when each word of it is said.

    ``options`` and ``progress`` are as of ``align``; the ``model`` hears the words, or the ``hypothesis`` has them.
    ``ears`` are taken instead: one that times words, one that hears them.

    Raises
    ------
    AlignerError, MediaError
        The sound cannot be used, or no words are heard in it.
    """
    audio, options = Path(audio), options or AlignOptions()
    check_details(options)
    asked = language_code(options.language)
    given = options.hypothesis and GivenEar(options.hypothesis, asked)
    ear = ears[1] if ears else given or WordsEar(options.model, asked)
    with KeptSound(RATE) as kept:
        heard = recognise(examine(audio, progress, kept), ear, progress)
    language = asked or language_code(heard.language) or heard.language
    options = replace(options, language=language_code(language))
    if not heard.words:
        raise _unheard(audio)
    sentences = list(_sentences(heard.words, language))
    timing = ears[0] if ears else LettersEar(language=language)
    for _ in range(_MOST_LEFT_OUT):
        file = _read_as_speech(audio, path, list(_paragraphs(sentences)))
        aligned = align(audio, file, options, progress, (timing, ear))
        said = _said(sentences, aligned.alignment)
        if not said or len(said) == len(sentences):
            break
        sentences = said
    marked = replace(aligned.alignment, machine_text=True)
    warnings = tuple(dict.fromkeys(heard.warnings + aligned.warnings))
    return Transcribed(Aligned(marked, warnings, aligned.fingerprint), _content(file))


def _sentences(words: Sequence[HeardWord], language: str) -> Iterator[_Sentence]:
    """The words, parted where a full stop was heard, or where nothing is said for very long."""
    captioning, sentence = language_of(language).captioning, list[HeardWord]()
    for word, following in zip(words, [*words[1:], None], strict=True):
        sentence.append(word)
        pause = following.start - word.end if following else 0.0
        if ends_sentence(word.text, following.text if following else "", captioning) or pause >= _ENDS_SENTENCE:
            yield sentence
            sentence = []


def _paragraphs(sentences: Sequence[_Sentence]) -> Iterator[_Paragraph]:
    """The sentences, parted at pauses: the longer a paragraph is, the shorter is the pause that ends it."""
    paragraph, length = list[_Sentence](), 0
    for sentence, following in zip(sentences, [*sentences[1:], None], strict=True):
        paragraph.append(sentence)
        length += len(sentence)
        pause = following[0].start - sentence[-1].end if following else _LONG_PAUSE
        if pause >= _LONG_PAUSE or length >= _MANY or (length >= _ENOUGH and pause >= _PAUSE):
            yield paragraph
            paragraph, length = [], 0


def _read_as_speech(audio: Path, path: Path, paragraphs: list[_Paragraph]) -> TranscriptFile:
    """The file of these paragraphs. One that would be read as a heading, a note or somebody's label is joined to the
    one before it, the first to the next: all of it was said."""
    for _ in range(_MOST_JOINED):
        texts = [" ".join(word.text for sentence in each for word in sentence) for each in paragraphs]
        try:
            content = ("\n\n".join(texts) + "\n").encode()
            file = TranscriptFile(path, hashlib.sha256(content).hexdigest(), draft_of(path, content))
            misread = _misread(file.understood(), texts)
        except TranscriptError as error:
            raise _unheard(audio) from error
        if not misread or len(paragraphs) == 1:
            break
        for at in reversed(misread):
            first = max(0, at - 1)
            paragraphs[first : first + 2] = [[sentence for each in paragraphs[first : first + 2] for sentence in each]]
    return file


def _unheard(audio: Path) -> SpeechError:
    return SpeechError("{path}: no words were heard; expected an episode in which people talk", path=audio)


def _misread(transcript: Transcript, texts: Sequence[str]) -> list[int]:
    """Which paragraphs are not read as speech of nobody in particular; of several in a row the first, for it may be why
    the others are not."""
    starts = [0]
    for text in texts[:-1]:
        starts.append(starts[-1] + len(text) + 2)
    wrong = set()
    for index, _ in outermost(transcript.segments):
        segment = transcript.segments[index]
        at = bisect_right(starts, segment.char_start) - 1
        if segment.kind in (Kind.HEADING, Kind.NOTE) or (segment.speaker and segment.char_start > starts[at]):
            wrong.add(at)
    return sorted(at for at in wrong if at - 1 not in wrong)


def _said(sentences: Sequence[_Sentence], alignment: Alignment) -> list[_Sentence]:
    """The sentences without those of which letters hear nothing: no time for any word, or none for one of several that
    is more than its place between its neighbours."""
    words = {word.word.char_start: word for word in alignment.words}
    kept, at, text = [], 0, alignment.transcript.text
    for sentence in sentences:
        start = text.index(sentence[0].text, at)
        at = start + sum(len(word.text) + 1 for word in sentence) - 1
        told = [words[k] for k in range(start, at) if k in words]
        is_short = len(told) < _SEVERAL
        if not told or any(word.status.is_heard or (is_short and word.span) for word in told):
            kept.append(sentence)
    return kept


def _content(file: TranscriptFile) -> bytes:
    return file.draft.text.encode()
