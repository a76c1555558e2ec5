"""A first transcript: what was heard is what the file holds, in paragraphs of speakers A, B … that read as speech."""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from aligner import transcribing
from aligner.errors import ModelError, OutputError, SpeechError
from aligner.locating.quality import UNSURE
from aligner.model import Audio, Kind, RecognisedWord, Recognition, Span
from aligner.pipeline import AlignOptions
from aligner.recognition import Progress
from aligner.report.facts import report_of
from aligner.report.wording import reasons
from aligner.storage.alignment_json import read_alignment
from aligner.transcribing import Transcribed, draft_path, transcribe
from aligner.transcript import read_transcript
from aligner.voices import Voices, embed, encoder, speakers_of
from media.decode import audio_blocks
from tests.aligner.command import quotecast_here
from tests.paths import SAMPLE
from tests.tables import over_rows

AUDIO = SAMPLE / "episode.mp3"


class Planted:
    """Hears the words that it was given, half a second each, with the pauses before them."""

    name, model = "planted", "none"

    def __init__(self, *said: str | float, language: str = "en") -> None:
        self._words, self._language, at = list[RecognisedWord](), language, 1.0
        for each in said:
            if isinstance(each, float):
                at += each
                continue
            for text in each.split():
                self._words.append(RecognisedWord(text, at, at + 0.2, 0.2 if text.isupper() else 0.9))
                at += 0.25

    def identity(self) -> dict[str, object]:
        return {"said": [[word.text, word.start] for word in self._words]}

    def recognise(self, audio: Audio, progress: Progress) -> Recognition:
        return Recognition(tuple(self._words), self._language)


def made(tmp_path: Path, hears: Planted, times: Planted | None = None) -> Transcribed:
    return transcribe(AUDIO, tmp_path / "draft.txt", AlignOptions(language="en"), recognisers=(times or hears, hears))


def paragraphs(transcribed: Transcribed) -> Sequence[str]:
    return transcribed.content.decode().removesuffix("\n").split("\n\n")


def test_all_that_was_heard_is_in_the_file_with_its_marks_and_each_word_has_its_time(tmp_path: Path) -> None:
    transcribed = made(tmp_path, Planted("We're here, at last! Isn't it well-known?", 0.5, "It is."))
    alignment = transcribed.aligned.alignment
    assert transcribed.content.decode() == "We're here, at last! Isn't it well-known? It is.\n"
    assert [w.word.text for w in alignment.words][:3] == ["We're", "here,", "at"]
    assert all(word.span for word in alignment.words)
    assert alignment.machine_text


def test_hesitations_are_dropped_but_not_the_marks_of_the_sentence(tmp_path: Path) -> None:
    transcribed = made(tmp_path, Planted("Uh, we think, um. Ah, hmm, the ER, uh... is 5 mm, er, wide"))
    assert transcribed.content.decode() == "We think. Ah, the ER, is 5 mm, wide\n"


def test_the_confidence_of_a_word_is_the_chance_that_it_was_recognised_rightly(tmp_path: Path) -> None:
    alignment = made(tmp_path, Planted("We talk of all the BIGGER bicycles in this town today.")).aligned.alignment
    unsure = [word.word.text for word in alignment.words if word.confidence < UNSURE]
    assert unsure == ["BIGGER"]
    lines = [str(reason) for reason in reasons(report_of(alignment))]
    assert lines[0] == "9.1% of the words are uncertain: they may be misrecognised."


def test_a_paragraph_ends_with_a_sentence_that_a_long_pause_follows(tmp_path: Path) -> None:
    hears = Planted("One two three.", 0.5, "Four five six.", 2.5, "Seven eight nine,", 2.5, "ten eleven.")
    assert paragraphs(made(tmp_path, hears)) == ["One two three. Four five six.", "Seven eight nine, ten eleven."]
    sentence = "They say that this goes on and on, ten words."
    parted = paragraphs(made(tmp_path, Planted(*[part for _ in range(8) for part in (sentence, 0.8)])))
    assert [len(each.split()) for each in parted] == [50, 30]  # the longer it is, the shorter is that pause
    with pytest.raises(SpeechError, match="no words were recognised"):
        made(tmp_path, Planted())


@over_rows("misread", ["Notes.", "Transcript", "Anna: yes, we do.", "Chapter 2", "1. First of all."])
def test_what_would_be_read_as_no_speech_is_joined_to_what_was_said_before(tmp_path: Path, misread: str) -> None:
    before, after = "We talk of bicycles in this town today.", "It was the first of many, we believe."
    transcribed = made(tmp_path, Planted(before, 4.0, misread, 4.0, after))
    segments = [timed.segment for timed in transcribed.aligned.alignment.segments]
    assert {segment.kind for segment in segments} == {Kind.SPEECH}
    assert {segment.speaker for segment in segments} == {None}
    assert " ".join(paragraphs(transcribed)) == f"{before} {misread} {after}"


def test_a_sentence_of_which_letters_hear_nothing_is_left_out(tmp_path: Path) -> None:
    first, music, last = "We talk of bicycles in this town today.", "Subtitles by nobody.", "It was the first of many."
    hears, times = Planted(first, 3.0, music, 3.0, last), Planted(first, 6.75, last)
    transcribed = made(tmp_path, hears, times)
    assert paragraphs(transcribed) == [first, last]


def test_a_text_that_is_there_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "episode.txt").write_text("Somebody's.", encoding="utf-8")
    with pytest.raises(OutputError, match="exists and is not overwritten"):
        draft_path(AUDIO, tmp_path)
    result = quotecast_here("transcribe", AUDIO, "-o", tmp_path)
    assert result.returncode == 3
    assert "exists and is not overwritten" in result.stderr
    assert [path.name for path in tmp_path.iterdir()] == ["episode.txt"]
    assert (tmp_path / "episode.txt").read_text(encoding="utf-8") == "Somebody's."


def test_the_command_writes_the_text_the_times_and_the_captions_and_says_that_a_machine_made_it(tmp_path: Path) -> None:
    heard = [{"text": "Bonjour", "start": 1.0, "end": 1.4}, {"text": "à", "start": 1.5, "end": 1.6}]
    heard += [{"text": "tous.", "start": 1.6, "end": 2.0}]
    given = tmp_path / "heard.json"
    given.write_text(json.dumps({"words": heard}), encoding="utf-8")
    result = quotecast_here("transcribe", AUDIO, "-o", tmp_path / "out", "--language", "fr", "--asr-output", given)
    assert result.returncode in (0, 4), result.stderr
    names = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert names == ["episode.alignment.json", "episode.fingerprint", "episode.srt", "episode.txt", "episode.vtt"]
    stored = read_alignment(tmp_path / "out" / "episode.alignment.json")
    assert stored.machine_text
    assert stored.transcript.file == "episode.txt"
    assert read_transcript(tmp_path / "out" / "episode.txt").sha256 == stored.transcript.sha256


@pytest.mark.nightly
def test_asr_writes_the_sample_as_a_text_with_its_apostrophes(tmp_path: Path) -> None:
    transcribed = transcribe(AUDIO, tmp_path / "draft.txt", AlignOptions(language="fr"))
    text = transcribed.content.decode()
    alignment = transcribed.aligned.alignment
    assert len(text.split()) > 150
    assert " '" not in text
    assert alignment.engine.method == "acoustic"
    assert alignment.coverage > 0.9
    starts = [word.span.start for word in alignment.words if word.span]
    assert starts == sorted(starts)
    assert Span(0, alignment.audio.duration).end >= starts[-1]


def voices(*passages: tuple[int, float]) -> Voices:
    """Voices of (person, seconds), each alike but for noise."""
    rng = np.random.default_rng(7)
    people = rng.standard_normal((3, encoder.SIZE))
    pieces = [people[who] + rng.normal(0, 0.4, (max(1, int(long / 1.6)), encoder.SIZE)) for who, long in passages]
    means = [np.mean(each / np.linalg.norm(each, axis=1, keepdims=True), axis=0) for each in pieces]
    seconds = np.array([long for _, long in passages])
    return Voices(np.array(means, np.float32), np.array([len(each) for each in pieces]), seconds)


def test_people_are_lettered_in_the_order_in_which_they_speak() -> None:
    assert "".join(speakers_of(voices((2, 9), (0, 9), (2, 9), (1, 9), (0, 9)))) == "ABACB"


def test_one_voice_has_no_letter_and_neither_has_one_of_a_few_seconds() -> None:
    assert speakers_of(voices((1, 9), (1, 5), (1, 20))) == ["", "", ""]
    assert speakers_of(voices((1, 9), (2, 5), (1, 20))) == ["", "", ""]
    assert speakers_of(voices((0, 0.5))) == [""]


def test_less_than_a_second_is_the_speaker_before() -> None:
    assert "".join(speakers_of(voices((1, 0.5), (0, 9), (1, 0.5), (1, 9)))) == "AAAB"


def test_two_people_of_the_sample_are_told_apart() -> None:
    said = [Span(4.6, 12.9), Span(13.5, 28.2), Span(28.6, 35.7), Span(36.3, 54.3)]
    reported = list[tuple[str, float, float]]()
    found = embed(audio_blocks(SAMPLE / "episode.mp3", encoder.RATE), said, lambda *each: reported.append(each))
    assert "".join(speakers_of(found)) == "ABBA"
    assert reported[-1] == ("voices", 54.3, 54.3)


def test_a_draft_has_a_paragraph_for_each_turn_and_its_labels_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transcribing, "speakers_of", lambda _: ["A", "B", "B", "B"])
    transcribed = made(tmp_path, Planted("A word of welcome.", "A guest (laughs) too.", "Notes.", 3.0, "It is."))
    assert paragraphs(transcribed) == ["A: A word of welcome.", "B: A guest (laughs) too. Notes.", "B: It is."]
    timed = transcribed.aligned.alignment
    assert "".join(each.segment.speaker or "-" for each in timed.segments) == "ABBB"
    assert [word.word.text for word in timed.words][:2] == ["A", "word"]


def test_a_changed_network_is_one_clear_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "voices.npz").write_bytes(encoder.MODEL_FILE.read_bytes() + b"x")
    monkeypatch.setattr(encoder, "MODEL_FILE", tmp_path / "voices.npz")
    monkeypatch.setattr(encoder, "_weights", encoder._weights.__wrapped__)
    with pytest.raises(ModelError, match=r"voices\.npz: the voice model is missing or damaged; reinstall"):
        embed([(0.0, np.zeros(32_000, np.float32))], [Span(0, 2)])
