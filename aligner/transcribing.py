"""Transcribe audio that has no transcript: write an automatic transcript in paragraphs, with the time of each word.

ASR recognises the words; acoustic alignment times them. In ten recordings with known times (in bench/: nine clips and
one of 16 minutes), 97.9 % of words start within 100 ms of the true time; with the times of ASR alone, 85.1 %. A
sentence in which acoustic alignment matches no word is omitted: usually, ASR has mistaken music for speech.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, compress
from pathlib import Path

from aligner.draft_confidence import with_draft_confidence
from aligner.errors import OutputError, SpeechError, TranscriptError
from aligner.languages import language_code, language_of
from aligner.languages.record import word_set
from aligner.model import Alignment, Kind, RecognisedWord, Span, Transcript, outermost
from aligner.pipeline import Aligned, AlignOptions, align, check_details
from aligner.recognition import RATE, Progress, Recogniser, audio_blocks, examine, recognise, silent
from aligner.recognition.acoustic import AcousticRecogniser
from aligner.recognition.asr import AsrRecogniser
from aligner.recognition.imported_asr import ImportedRecogniser
from aligner.storage.vocabulary import read_vocabulary
from aligner.transcript import TranscriptFile, draft_of
from aligner.typography import ends_sentence
from aligner.voices import embed, speakers_of
from media.audio_cache import AudioCache
from media.safe_fs import is_taken

# The pauses are in seconds. A paragraph ends with a sentence before a long pause, before a shorter one if it has enough
# words, and in any case if it has many. A very long pause ends a sentence even without a full stop.
_LONG_PAUSE, _PAUSE, _ENDS_SENTENCE = 2.0, 0.6, 3.0
_ENOUGH, _MANY = 45, 110

_MOST_JOINED = 20  # rounds of joining paragraphs that would not be read as speech
_SEVERAL = 3  # words; of fewer, mumbled, none may match
_MOST_LEFT_OUT = 3  # rounds of leaving out sentences that do not match

_MARKS = (".", "!", "?")  # of a sentence
# Sounds, unlike "ah" or "bon", which may matter to a reader, and unlike "mm", which may be millimetres.
_HESITATIONS = word_set("äh ähm ehm eeh er erm euh heu hm hmm hum mmh uh uhh uhm um")


@dataclass(frozen=True, slots=True)
class Transcribed:
    """The alignment of an automatic transcript, and the content of the transcript file."""

    aligned: Aligned
    content: bytes


_Sentence = Sequence[RecognisedWord]


@dataclass(frozen=True, slots=True)
class _Paragraph:
    """Consecutive sentences of one speaker: a letter, or "" if the recording has only one voice."""

    sentences: Sequence[_Sentence]
    speaker: str

    def text(self) -> str:
        words = " ".join(word.text for sentence in self.sentences for word in sentence)
        return f"{self.speaker}: {words}" if self.speaker else words


def draft_path(audio: Path, folder: Path) -> Path:
    """Return the path of the automatic transcript, NAME.txt in ``folder``. Raises OutputError if the file exists."""
    path = folder / f"{audio.stem}.txt"
    if is_taken(path):
        raise OutputError(
            "{path}: exists and is not overwritten; align it, or choose another folder with -o",
            path=path,
        )
    return path


def transcribe(
    audio: Path | str,
    path: Path,
    options: AlignOptions | None = None,
    progress: Progress = silent,
    recognisers: tuple[Recogniser, Recogniser] | None = None,
) -> Transcribed:
    """Transcribe audio, and align the automatic transcript. The caller writes the transcript to ``path``.

    ``options`` and ``progress`` are as in ``align``. The words come from the option ``model``, or from ``asr_output``
    if set. ``recognisers`` override both: the first one times the words, the second one recognises them. Raises
    AlignerError or MediaError if the audio cannot be used, or no words are recognised in it.
    """
    audio, options = Path(audio), options or AlignOptions()
    check_details(options)
    asked = language_code(options.language)
    vocabulary = read_vocabulary(options.vocabulary)
    imported = options.asr_output and ImportedRecogniser(options.asr_output, asked)
    asr = recognisers[1] if recognisers else imported or AsrRecogniser(options.model, asked, vocabulary)
    with AudioCache(RATE) as cache:
        examined = examine(audio, progress, cache)
        recognition = recognise(examined, asr, progress)
        language = asked or language_code(recognition.language) or recognition.language
        words = _without_hesitations(recognition.words, language)
        if not words:
            raise _without_words(audio)
        sentences = list(_sentences(words, language))
        voices = embed(audio_blocks(examined), [Span(each[0].start, each[-1].end) for each in sentences], progress)
    options = replace(options, language=language_code(language))
    timing = recognisers[0] if recognisers else AcousticRecogniser(language=language)
    aligning = replace(asr, vocabulary=()) if isinstance(asr, AsrRecogniser) else asr  # an alignment does not name it
    for _ in range(_MOST_LEFT_OUT):
        speakers = speakers_of(voices)
        file = _read_as_speech(audio, path, list(_paragraphs(sentences, speakers)))
        aligned = align(audio, file, options, progress, (timing, aligning))
        matched = list(_matched(sentences, aligned.alignment))
        if not any(matched) or all(matched):
            break
        sentences, voices = list(compress(sentences, matched)), voices.only(matched)
    by_offset = {at: word for words in _offsets(sentences, file.draft.text) for at, word in words.items()}
    marked = with_draft_confidence(aligned.alignment, by_offset, aligned.emissions)
    marked = replace(marked, machine_text=True)
    warnings = tuple(dict.fromkeys(recognition.warnings + aligned.warnings))
    return Transcribed(replace(aligned, alignment=marked, warnings=warnings), file.draft.text.encode())


def _without_hesitations(words: Sequence[RecognisedWord], language: str) -> list[RecognisedWord]:
    """Return the words without hesitations, but keep full stops and capitals: "Uh, so yes uh." -> "So yes."."""
    kept, capital, hesitations = list[RecognisedWord](), False, _HESITATIONS & language_of(language).hesitations
    for word in words:
        letters = word.text.strip(",.;:!?…-")
        if letters.lower() not in hesitations or letters.isupper():  # "ER" is a word
            kept.append(replace(word, text=word.text[:1].upper() + word.text[1:]) if capital else word)
            capital = False
            continue
        capital = capital or word.text[0].isupper()
        if kept and word.text.endswith(_MARKS) and not (word.text.endswith("..") or kept[-1].text.endswith(_MARKS)):
            kept[-1] = replace(kept[-1], text=kept[-1].text.rstrip(",;:") + word.text[-1])
    return kept


def _sentences(words: Sequence[RecognisedWord], language: str) -> Iterator[_Sentence]:
    captioning, sentence = language_of(language).captioning, list[RecognisedWord]()
    for word, following in zip(words, [*words[1:], None], strict=True):
        sentence.append(word)
        pause = following.start - word.end if following else 0.0
        if ends_sentence(word.text, following.text if following else "", captioning) or pause >= _ENDS_SENTENCE:
            yield sentence
            sentence = []


def _paragraphs(sentences: Sequence[_Sentence], speakers: Sequence[str]) -> Iterator[_Paragraph]:
    """Yield the sentences in paragraphs, which end where the speaker changes, and at pauses: the longer a paragraph,
    the shorter the pause may be."""
    paragraph, length = list[_Sentence](), 0
    for at, (sentence, speaker) in enumerate(zip(sentences, speakers, strict=True)):
        paragraph.append(sentence)
        length += len(sentence)
        is_last = at + 1 == len(sentences)
        pause = _LONG_PAUSE if is_last or speakers[at + 1] != speaker else sentences[at + 1][0].start - sentence[-1].end
        if pause >= _LONG_PAUSE or length >= _MANY or (length >= _ENOUGH and pause >= _PAUSE):
            yield _Paragraph(paragraph, speaker)
            paragraph, length = [], 0


def _read_as_speech(audio: Path, path: Path, paragraphs: list[_Paragraph]) -> TranscriptFile:
    """Return the transcript of these paragraphs, in which all text is speech.

    A paragraph that would be read as a heading, a note or another speaker's is joined to the paragraph before it; the
    first paragraph is joined to the next.
    """
    for _ in range(_MOST_JOINED):
        texts = [paragraph.text() for paragraph in paragraphs]
        try:
            content = ("\n\n".join(texts) + "\n").encode()
            file = TranscriptFile(path, hashlib.sha256(content).hexdigest(), draft_of(path, content))
            misread = _misread(file.understood(), texts, [each.speaker for each in paragraphs])
        except TranscriptError as error:
            raise _without_words(audio) from error
        if not misread or len(paragraphs) == 1:
            break
        for at in reversed(misread):
            first = max(0, at - 1)
            sentences = [sentence for each in paragraphs[first : first + 2] for sentence in each.sentences]
            paragraphs[first : first + 2] = [_Paragraph(sentences, paragraphs[at - 1 if at else 1].speaker)]
    return file


def _without_words(audio: Path) -> SpeechError:
    return SpeechError("{path}: no words were recognised; expected an episode in which people talk", path=audio)


def _misread(transcript: Transcript, texts: Sequence[str], speakers: Sequence[str]) -> list[int]:
    """Return the indices of the paragraphs in which speech was read as a heading, a note or another speaker's. Of
    consecutive paragraphs, only the first is returned: the mistake in it may cause the others. ``texts`` and
    ``speakers`` are those of the paragraphs."""
    starts = list(accumulate((len(text) + 2 for text in texts[:-1]), initial=0))
    wrong = set()
    for index, _ in outermost(transcript.segments):
        segment = transcript.segments[index]
        at = bisect_right(starts, segment.char_start) - 1
        if segment.kind in (Kind.HEADING, Kind.NOTE) or (segment.speaker or "") != speakers[at]:
            wrong.add(at)
    return sorted(at for at in wrong if at - 1 not in wrong)


def _matched(sentences: Sequence[_Sentence], alignment: Alignment) -> Iterator[bool]:
    """Yield for each sentence whether it has a matched word; a time, even estimated, is enough for one or two words."""
    words = {word.word.char_start: word for word in alignment.words}
    for offsets in _offsets(sentences, alignment.transcript.text):
        last = max(offsets)
        timed = [words[k] for k in range(min(offsets), last + len(offsets[last].text)) if k in words]
        is_short = len(timed) < _SEVERAL
        yield not timed or any(word.status.is_matched or (is_short and word.span) for word in timed)


def _offsets(sentences: Sequence[_Sentence], text: str) -> Iterator[dict[int, RecognisedWord]]:
    """Yield a dict for each sentence: its recognised words, by their offset in ``text``."""
    end = 0
    for sentence in sentences:
        start = text.index(" ".join(word.text for word in sentence), end)
        starts = accumulate((len(word.text) + 1 for word in sentence[:-1]), initial=start)
        offsets = dict(zip(starts, sentence, strict=True))
        yield offsets
        end = max(offsets) + len(sentence[-1].text)
