"""Recognised letters are shown, and words that differ from them are in doubt."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from aligner.emissions import COLUMNS, FRAME, Emissions, silent_frames
from aligner.locating.quality import judge
from aligner.model import (
    Alignment,
    Audio,
    Engine,
    Located,
    Placement,
    RecognisedWord,
    Recognition,
    Span,
    Status,
    TimedWord,
)
from aligner.normalization import ALPHABET
from aligner.recognition import cache, cached_recognition, recognise
from aligner.recognition.acoustic import AcousticRecogniser
from aligner.recognition.asr import AsrRecogniser
from aligner.report import facts
from aligner.report.doubt import RecognisedText, dissimilar_sentences, mismatched_runs, recognised_text_of
from aligner.review.queue import ItemKind, queue_of
from aligner.review.wording import reasons
from tests.aligner.captions.spoken import spoken
from tests.aligner.corrections.test_repair import SENTENCES, episode, off, shifted
from tests.aligner.episodes import spoken as span_of
from tests.aligner.episodes import transcript_of
from tests.tables import over_rows

SPEECH = (Span(0.0, 3.0),)


def emissions_of(text: str) -> Emissions:
    """A letter every fourth frame, from frame 10 on; each word starts a frame after its first letter."""
    values = silent_frames(200)
    frame = 10
    for character in text:
        if character == " ":
            values[frame + 1, -2] = 0.0
        else:
            values[frame, 1 + ALPHABET.index(character)] = 1.0
            frame += 4
    return Emissions(values, np.zeros((COLUMNS - 2) // 2, np.float32))


@pytest.fixture
def alignment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Alignment:
    """An acoustic alignment, and a cache with its audio and nothing else."""
    monkeypatch.setenv("QUOTECAST_CACHE", str(tmp_path))
    planted = replace(spoken("le port dort"), engine=Engine("acoustic", "base"))
    cache.store_audio(audio_of(planted))
    return planted


def audio_of(alignment: Alignment) -> Audio:
    return Audio(Path("planted.mp3"), alignment.audio.sha256, alignment.audio.duration, SPEECH)


class Hears:
    """A recogniser of the same identity that needs no time."""

    def __init__(self, ear: AcousticRecogniser | AsrRecogniser, recognition: Recognition) -> None:
        self.name, self.model, self.identity = ear.name, ear.model, ear.identity
        self._recognition = recognition

    def recognise(self, audio: Audio, progress: object) -> Recognition:
        return self._recognition


@pytest.mark.parametrize("language", [None, "fr"])
def test_recognised_letters_are_read_back_from_emissions(alignment: Alignment, language: str | None) -> None:
    assert recognised_text_of(alignment) is None
    heard = Recognition((), "fr", (), emissions_of("le port dort"))
    recognise(audio_of(alignment), Hears(AcousticRecogniser("base", language), heard))
    hearing = recognised_text_of(alignment)
    assert hearing is not None
    assert hearing.within(Span(0.0, 4.0)) == ("le", "port", "dort")
    assert hearing.within(Span(18 * FRAME, 30 * FRAME)) == ("port",)
    assert hearing.within(Span(3.5, 4.0)) == ()


def test_recognised_letters_of_other_audio_are_not_shown(alignment: Alignment) -> None:
    recognise(audio_of(alignment), Hears(AcousticRecogniser(), Recognition((), "fr", (), emissions_of("le"))))
    another = replace(alignment, audio=replace(alignment.audio, sha256="2" * 64))
    assert recognised_text_of(another) is None
    assert recognised_text_of(replace(alignment, engine=Engine("imported", "heard.json"))) is None


def test_words_are_those_with_their_middles_in_the_span(alignment: Alignment) -> None:
    heard = (RecognisedWord(" Le", 0.0, 1.0), RecognisedWord(" port", 1.0, 2.0))
    ear = Hears(AsrRecogniser(), Recognition(heard, "fr"))
    assert cached_recognition(audio_of(alignment), ear) is None
    recognise(audio_of(alignment), ear)
    hearing = recognised_text_of(replace(alignment, engine=Engine("asr", "base")))
    assert hearing is not None
    assert hearing.within(Span(0.9, 1.6)) == ("port",)


@pytest.mark.nightly
@over_rows("first, count, seconds", [(40, 4, 1.0), (100, 12, -3.0), (200, 30, 0.5)])
def test_shifted_words_are_in_doubt_despite_high_confidence(first: int, count: int, seconds: float) -> None:
    alignment, heard = episode()
    emissions = heard.recognition.emissions
    assert emissions
    wrong = shifted(alignment, range(first, first + count), seconds)
    moved = set(off(wrong, alignment, 0.1))
    asked = {word for run in mismatched_runs(wrong, emissions) for word in run}
    assert len(asked & moved) >= 0.6 * len(moved)
    assert len(asked - moved) <= 3
    items = [item for item in queue_of(wrong, RecognisedText(heard.recognition)) if item.kind is ItemKind.MISPLACED]
    assert {word for item in items for word in item.words or ()} >= asked
    assert ItemKind.MISPLACED not in {item.kind for item in queue_of(wrong)}


def test_the_report_has_the_passages_of_the_review(monkeypatch: pytest.MonkeyPatch) -> None:
    alignment, heard = episode()
    wrong = shifted(alignment, range(100, 112), -3.0)
    monkeypatch.setattr(facts, "recognised_text_of", lambda alignment: RecognisedText(heard.recognition))
    report = facts.report_of(wrong)
    items = [item for item in queue_of(wrong, RecognisedText(heard.recognition)) if item.kind is ItemKind.MISPLACED]
    assert report.doubtful.count == len(items) > 0
    assert [(p.words.first, p.words.stop) for p in report.doubtful.first] == [
        (item.words.start, item.words.stop) for item in items if item.words
    ]


NOBODY_SAYS = "Quick xylophones jumped over my lazy dog."


def planted() -> tuple[Alignment, Emissions]:
    alignment, heard = episode()
    assert heard.recognition.emissions
    return alignment, heard.recognition.emissions


def test_nothing_is_in_doubt_in_a_correct_alignment() -> None:
    alignment, emissions = planted()
    assert mismatched_runs(alignment, emissions) == []
    assert dissimilar_sentences(alignment, emissions) == []


def words_of(alignment: Alignment, sentence: int) -> list[int]:
    return [k for k, word in enumerate(alignment.words) if word.word.segment == sentence]


def with_text(alignment: Alignment, sentences: tuple[str, ...], placements: list[Placement]) -> Alignment:
    """The alignment of another text, whose words are said then."""
    transcript = transcript_of(*sentences)
    _, heard = episode()
    judged = judge(transcript, Located(tuple(placements), ()), heard.audio)
    return replace(alignment, transcript=transcript, words=judged.words, segments=judged.segments)


def placement_of(word: TimedWord) -> Placement:
    return Placement(word.span, word.status, word.confidence)


def with_one_in_the_place_of_another() -> tuple[Alignment, Emissions, list[int]]:
    """An unspoken sentence with times inside those of the spoken one."""
    alignment, emissions = planted()
    own = words_of(alignment, 30)
    start, end = span_of(alignment.words[own[0]]).start, span_of(alignment.words[own[-1]]).end
    count = len(NOBODY_SAYS.split())
    step = (end - start) / count
    put = [
        Placement(Span(start + k * step, start + (k + 0.9) * step), Status.FUZZY, 0.65 + 0.02 * k) for k in range(count)
    ]
    said = [placement_of(word) for word in alignment.words]
    placements = [*said[: own[0]], *put, *said[own[-1] + 1 :]]
    sentences = (*SENTENCES[:30], NOBODY_SAYS, *SENTENCES[31:])
    return with_text(alignment, sentences, placements), emissions, [*range(own[0], own[0] + count)]


def test_a_sentence_replacing_another_is_in_doubt_with_its_reason() -> None:
    alignment, emissions, own = with_one_in_the_place_of_another()
    assert dissimilar_sentences(alignment, emissions) == [range(own[0], own[-1] + 1)]
    [first, *_] = queue_of(alignment, RecognisedText(Recognition((), "en", emissions=emissions)))
    assert (first.kind, first.words, first.dissimilar) == (ItemKind.MISPLACED, range(own[0], own[-1] + 1), True)
    assert first.cost == len(own)
    assert next(reasons(alignment, first)).endswith("may not be spoken here.")
