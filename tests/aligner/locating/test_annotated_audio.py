"""Audio annotated as an ad, a jingle or needing no text has no words."""

from dataclasses import replace
from pathlib import Path

import pytest

from aligner.attempts import TranscriptWays, best_attempt
from aligner.corrections.pinning import within_passage
from aligner.corrections.text import with_transcript
from aligner.model import Annotation, AnnotationKind, Pin, PinKind, Span, TimedWord
from aligner.recognition import silent
from aligner.transcript import open_transcript
from tests.aligner.corrections.test_repair import SENTENCES, episode
from tests.aligner.episodes import Planted, heard_as, spoken, transcript_of
from tests.aligner.locating.acoustic.tape import Tape
from tests.aligner.test_attempts import MORE, TALK, PlantedRecogniser
from tests.tables import over_rows

AD = "oh yes this programme is brought to you by marmalade mattresses yes sleep like a sandwich"
TEXT = (TALK[0], "Yes. " + TALK[1], *MORE)


def by_letters() -> tuple[Planted, Span]:
    tape = Tape(misheard=0.2)
    tape.pause(1.0)
    tape.say(TALK[0])
    tape.pause(0.5)
    start = tape.pause(0.0)
    tape.say(AD)
    ad = Span(start, tape.pause(0.3))
    tape.pause(0.1)
    for line in (TALK[1], *MORE):
        tape.say(line)
        tape.pause(0.5)
    return tape.heard(), ad


def by_words() -> tuple[Planted, Span]:
    heard = heard_as((1.0, TALK[0]), (8.0, AD), *((20.0 + 8.0 * k, line) for k, line in enumerate((TALK[1], *MORE))))
    return heard, Span(7.5, 19.0)


def aligned(path: Path, heard: Planted, *annotations: Annotation, pins: tuple[Pin, ...] = ()) -> tuple[TimedWord, ...]:
    path.write_text("\n\n".join(TEXT) + "\n", encoding="utf-8")
    file = open_transcript(path)
    ways = TranscriptWays(file.understood(), file.understood, lambda transcript: pins, annotations)
    return best_attempt(ways, heard.audio, [PlantedRecogniser(heard)], None, silent).judgement.words


def inside(words: tuple[TimedWord, ...], sound: Span) -> list[str]:
    spans = [(word.word.text, word.span) for word in words if word.span]
    return [text for text, span in spans if sound.start + 0.1 < (span.start + span.end) / 2 < sound.end - 0.1]


@over_rows("kind", [AnnotationKind.AD, AnnotationKind.JINGLE, AnnotationKind.DISMISSED])
@over_rows("planted", [by_letters, by_words])
def test_no_word_is_in_audio_annotated_as_textless(tmp_path: Path, planted: object, kind: AnnotationKind) -> None:
    heard, ad = planted()  # type: ignore[operator]
    assert inside(aligned(tmp_path / "talk.txt", heard), ad)  # without that it is
    words = aligned(tmp_path / "talk.txt", heard, Annotation(kind, ad.start, ad.end))
    assert inside(words, ad) == []
    assert sum(word.span is None for word in words) <= 1


def test_words_are_placed_in_audio_annotated_as_a_missed_norm(tmp_path: Path) -> None:
    heard, ad = by_letters()
    norm = Annotation(AnnotationKind.NORM, ad.start, ad.end)
    assert aligned(tmp_path / "talk.txt", heard, norm) == aligned(tmp_path / "talk.txt", heard)


def test_a_pin_overrides_an_annotation(tmp_path: Path) -> None:
    heard, ad = by_letters()
    word = len(TALK[0].split())
    pin = Pin(PinKind.WORD, range(word, word + 1), Span(ad.start + 1.0, ad.start + 1.4))
    annotations = Annotation(AnnotationKind.AD, ad.start, ad.end)
    words = aligned(tmp_path / "talk.txt", heard, annotations, pins=(pin,))
    assert words[word].span == pin.span
    assert inside(words, ad) == ["Yes."]


def test_a_passage_pinned_in_annotated_audio_is_searched_there() -> None:
    right, heard = episode()
    words = range(100, 110)
    sound = Span(spoken(right.words[100]).start - 0.1, spoken(right.words[109]).end + 0.1)
    ad = replace(right, annotations=(Annotation(AnnotationKind.AD, sound.start - 2.0, sound.end + 2.0),))
    now = within_passage(ad, words, sound, heard)
    for word in words:
        assert spoken(now.words[word]).start == pytest.approx(spoken(right.words[word]).start, abs=0.05)


def test_text_typed_beside_annotated_audio_is_not_timed_in_it() -> None:
    """Also on the page: no typed word takes the audio of an untranscribed ad."""
    right, heard = episode()
    without = with_transcript(right, transcript_of(*SENTENCES[:20], *SENTENCES[21:]), heard)
    (gap,) = without.untranscribed
    ad = replace(without, annotations=(Annotation(AnnotationKind.AD, gap.start, gap.end),))
    typed = transcript_of(*SENTENCES[:20], "Oh yes. " + SENTENCES[21], *SENTENCES[22:])
    assert inside(with_transcript(without, typed, heard).words, Span(gap.start, gap.end))
    assert inside(with_transcript(ad, typed, heard).words, Span(gap.start, gap.end)) == []
