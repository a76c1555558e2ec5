"""Imported ASR: the same three words from every JSON format of recognisers, and the times that captions have."""

import json
from pathlib import Path

import pytest

from aligner.errors import AsrOutputError
from aligner.model import Audio, RecognisedWord, Span
from aligner.recognition import silent
from aligner.recognition.imported_asr import AsrOutput, ImportedRecogniser, read_asr_output
from tests.tables import over_rows

WORDS = [("Les", 1.0, 1.2, 0.9), ("abeilles", 1.2, 1.8, 0.8), ("dansent.", 2.0, 2.5, 0.7)]


def timed(text: str, sure: str) -> list[dict[str, object]]:
    """The words as most formats list them, under the names ``text`` and ``sure``."""
    return [{text: word, "start": start, "end": end, sure: p} for word, start, end, p in WORDS]


def aws_items() -> list[dict[str, object]]:
    items: list[dict[str, object]] = [
        {
            "type": "pronunciation",
            "start_time": str(start),
            "end_time": str(end),
            "alternatives": [
                {"content": word.rstrip("."), "confidence": str(p)},
                {"content": "autre", "confidence": "0.1"},
            ],
        }
        for word, start, end, p in WORDS
    ]
    return [*items, {"type": "punctuation", "alternatives": [{"content": ".", "confidence": "0.0"}]}]


SEGMENT = {"start": 1.0, "end": 2.5, "text": " Les abeilles dansent."}
WHISPER = [{**word, "word": f" {word['word']}"} for word in timed("word", "probability")]
MILLISECONDS = [
    {"text": word, "start": round(start * 1000), "end": round(end * 1000), "confidence": p, "speaker": "A"}
    for word, start, end, p in WORDS
]
DEEPGRAM = [{**word, "punctuated_word": word["word"], "word": "brut"} for word in timed("word", "confidence")]

FORMATS: dict[str, tuple[object, str | None]] = {
    "Whisper": ({"text": "", "language": "fr", "segments": [{**SEGMENT, "words": WHISPER}]}, "fr"),
    "WhisperX": (
        {
            "segments": [{**SEGMENT, "words": timed("word", "score")}],
            "word_segments": timed("word", "score"),
            "language": "fr",
        },
        "fr",
    ),
    "whisper-timestamped": ({"segments": [{**SEGMENT, "words": timed("text", "confidence")}]}, None),
    "faster-whisper": ([{**SEGMENT, "words": WHISPER}], None),
    "OpenAI API": ({"task": "transcribe", "language": "french", "words": timed("word", "probability")}, "fr"),
    "Vosk": ({"result": timed("word", "conf"), "text": "les abeilles dansent"}, None),
    "Vosk, several": (
        [{"result": timed("word", "conf")[:1]}, {"text": ""}, {"result": timed("word", "conf")[1:]}],
        None,
    ),
    "BBC/Kaldi": (
        {"action": "audio-transcribe", "retval": {"status": True, "words": timed("word", "confidence")}},
        None,
    ),
    "Kaldi": (
        {"words": [{**word, "punct": word["word"], "word": "brut"} for word in timed("word", "confidence")]},
        None,
    ),
    "AWS Transcribe": ({"jobName": "j", "results": {"language_code": "fr-FR", "items": aws_items()}}, "fr"),
    "Deepgram": ({"results": {"channels": [{"detected_language": "fr", "alternatives": [{"words": DEEPGRAM}]}]}}, "fr"),
    "AssemblyAI": ({"id": "x", "language_code": "fr", "words": MILLISECONDS}, "fr"),
    "words alone": (timed("word", "probability"), None),
}


def assert_words(found: AsrOutput, words: list[tuple[str, float, float]]) -> None:
    assert [word.text for word in found.words()] == [text for text, _, _ in words]
    assert [time for word in found.words() for time in (word.start, word.end)] == pytest.approx(
        [time for _, *times in words for time in times]
    )


def write(folder: Path, content: object) -> Path:
    path = folder / "anything.txt"  # a name that tells nothing
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@over_rows("name", list(FORMATS))
def test_each_format_gives_words_in_seconds_with_their_probability(tmp_path: Path, name: str) -> None:
    content, language = FORMATS[name]
    found = read_asr_output(write(tmp_path, content))
    assert [(word.text, word.start, word.end, word.probability) for word in found.words()] == [
        (text, pytest.approx(start), pytest.approx(end), pytest.approx(p)) for text, start, end, p in WORDS
    ]
    assert found.language == language


def test_a_segment_without_words_is_divided_by_letters(tmp_path: Path) -> None:
    found = read_asr_output(write(tmp_path, {"segments": [{"start": 1.0, "end": 2.4, "text": " à demain !"}]}))
    assert_words(found, [("à", 1.0, 1.2), ("demain", 1.2, 2.4)])


def test_divided_words_stay_outside_silence(tmp_path: Path) -> None:
    recogniser = ImportedRecogniser(
        write(tmp_path, {"segments": [{"start": 1.0, "end": 9.0, "text": "à demain et merci"}]})
    )
    speech = (Span(1.0, 2.2), Span(8.0, 9.4))
    heard = recogniser.recognise(Audio(Path("a.mp3"), "00", 10.0, speech), silent)
    assert [word.text for word in heard.words if word.start < 2.4] == ["à", "demain"]
    assert all(any(s.start <= w.start < w.end <= s.end + 1e-9 for s in speech) for w in heard.words)


def test_a_silence_does_not_move_a_word_with_its_own_time(tmp_path: Path) -> None:
    recogniser = ImportedRecogniser(write(tmp_path, FORMATS["Whisper"][0]))
    heard = recogniser.recognise(Audio(Path("a.mp3"), "00", 10.0, (Span(1.1, 1.15), Span(5.0, 6.0))), silent)
    assert [(word.start, word.end) for word in heard.words] == [(start, end) for _, start, end, _ in WORDS]


@over_rows("joint", ["", "\n", ",\n", "\n\n"])
def test_concatenated_vosk_results_are_read_as_one(tmp_path: Path, joint: str) -> None:
    words = timed("word", "conf")
    parts = [{"result": words[:1], "text": "les"}, {"partial": ""}, {"result": words[1:], "text": ""}, {"text": ""}]
    found = read_asr_output(write(tmp_path, joint.join(json.dumps(part, indent=2) for part in parts)))
    assert_words(found, [word[:3] for word in WORDS])


def test_words_without_a_time_in_whisperx_lie_between_their_neighbours(tmp_path: Path) -> None:
    first = [{"word": "En", "start": 1.0, "end": 1.2}, {"word": "2021,"}, {"word": "déjà", "start": 2.0, "end": 2.3}]
    second = [{"word": "97"}, {"word": "ruches", "start": 9.5, "end": 9.9}]
    segments = [{"start": 1.0, "end": 2.3, "words": first}, {"start": 9.0, "end": 9.9, "words": second}]
    found = read_asr_output(write(tmp_path, {"segments": segments}))
    assert_words(
        found, [("En", 1.0, 1.2), ("2021,", 1.2, 2.0), ("déjà", 2.0, 2.3), ("97", 9.0, 9.5), ("ruches", 9.5, 9.9)]
    )
    assert [word.probability for word in found.words()] == [1.0, 0.5, 1.0, 0.5, 1.0]


def test_a_word_without_a_time_does_not_fill_a_long_pause(tmp_path: Path) -> None:
    words = [{"word": "En", "start": 1.0, "end": 1.2}, {"word": "2021"}, {"word": "puis", "start": 60.0, "end": 60.3}]
    assert_words(
        read_asr_output(write(tmp_path, {"words": words})), [("En", 1.0, 1.2), ("2021", 1.2, 2.2), ("puis", 60.0, 60.3)]
    )


def test_whole_seconds_are_not_read_as_milliseconds(tmp_path: Path) -> None:
    lines = [{"start": 0, "end": 2, "text": "Bonjour"}, {"start": 2, "end": 4, "text": "Bienvenue"}]
    for content in (lines, {"segments": lines}, {"words": lines}):
        assert_words(read_asr_output(write(tmp_path, content)), [("Bonjour", 0, 2), ("Bienvenue", 2, 4)])


def test_the_segments_of_whisper_cpp_are_in_milliseconds(tmp_path: Path) -> None:
    cue = {"timestamps": {"from": "00:00:01,000", "to": "00:00:02,000"}, "offsets": {"from": 1000, "to": 2000}}
    content = {"result": {"language": "fr"}, "transcription": [{**cue, "text": " Bonjour"}]}
    found = read_asr_output(write(tmp_path, content))
    assert found.words() == [RecognisedWord("Bonjour", 1.0, 2.0)]
    assert found.language == "fr"


def test_the_tokens_of_whisper_cpp_become_words(tmp_path: Path) -> None:
    pieces = [("[_BEG_]", 0, 0, 1.0), (" L", 100, 200, 0.9), ("'", 200, 250, 0.8), ("abe", 250, 400, 0.9)]
    pieces += [
        ("ille", 400, 700, 0.7),
        (" danse", 900, 1300, 0.6),
        (".", 1300, 1310, 0.9),
        ("[_TT_70]", 1400, 1400, 1.0),
    ]
    tokens = [{"text": text, "offsets": {"from": at, "to": to}, "p": p} for text, at, to, p in pieces]
    cue = {"offsets": {"from": 0, "to": 1400}, "text": " L'abeille danse.", "tokens": tokens}
    found = read_asr_output(write(tmp_path, {"transcription": [cue]}))
    assert_words(found, [("L'abeille", 0.1, 0.7), ("danse.", 0.9, 1.31)])
    assert [word.probability for word in found.words()] == [0.7, 0.6]


def sound(duration: float) -> Audio:
    return Audio(Path("a.mp3"), "00", duration, ())


def test_words_and_language_come_from_the_file_unless_requested(tmp_path: Path) -> None:
    path = write(tmp_path, FORMATS["Whisper"][0])
    recogniser = ImportedRecogniser(path)
    heard = recogniser.recognise(sound(10.0), silent)
    assert (recogniser.name, recogniser.model, heard.language) == ("imported", "anything.txt", "fr")
    assert [word.text for word in heard.words] == [text for text, *_ in WORDS]
    assert ImportedRecogniser(path, "en-GB").recognise(sound(10.0), silent).language == "en"
    assert ImportedRecogniser(write(tmp_path, FORMATS["Vosk"][0])).recognise(sound(10.0), silent).language == "und"


def test_words_after_the_end_of_the_audio_are_left_out_with_a_warning(tmp_path: Path) -> None:
    heard = ImportedRecogniser(write(tmp_path, FORMATS["Whisper"][0])).recognise(sound(1.5), silent)
    assert [(word.text, word.end) for word in heard.words] == [("Les", 1.2), ("abeilles", 1.5)]
    assert heard.warnings == ("words of the ASR output after the end of the audio are left out: 1",)


def test_words_mostly_after_the_end_of_the_audio_are_of_another_recording(tmp_path: Path) -> None:
    recogniser = ImportedRecogniser(write(tmp_path, FORMATS["Whisper"][0]))
    with pytest.raises(AsrOutputError, match=r"anything\.txt: 2 of 3 words lie after .* at 1 s.*output for a\.mp3"):
        recogniser.recognise(sound(1.1), silent)


def test_a_missing_language_is_requested(tmp_path: Path) -> None:
    path = write(tmp_path, FORMATS["Vosk"][0])
    heard = ImportedRecogniser(path).recognise(sound(10.0), silent)
    assert heard.language == "und"
    assert ["--language" in warning for warning in heard.warnings] == [True]
    assert ImportedRecogniser(path, "fr").recognise(sound(10.0), silent).warnings == ()


def test_the_file_and_the_language_are_the_identity(tmp_path: Path) -> None:
    first = ImportedRecogniser(write(tmp_path, FORMATS["Whisper"][0])).identity()
    assert ImportedRecogniser(tmp_path / "anything.txt", "fr-FR").identity() == first
    assert ImportedRecogniser(tmp_path / "anything.txt", "en").identity() != first
    assert ImportedRecogniser(write(tmp_path, FORMATS["Vosk"][0]), "fr").identity() != first
    assert json.loads(json.dumps(first)) == first


def read(folder: Path, text: str) -> AsrOutput:
    path = folder / "anything"  # a name that tells nothing
    path.write_bytes(text.encode("utf-8"))
    return read_asr_output(path)


def starts(found: AsrOutput) -> list[tuple[str, float]]:
    return [(word.text, pytest.approx(word.start)) for word in found.words()]


VTT = """WEBVTT
Language: fr-FR

un
00:01.000 --> 00:02.400 align:start
<v Hugo>à demain</v>

NOTE 00:07.000 est une heure, non une réplique

01:00:05.000 --> 01:00:06.000
<i>L&#39;abeille</i>
"""


def test_cues_with_one_time_are_divided_by_letters(tmp_path: Path) -> None:
    found = read(tmp_path, VTT)
    assert [(word.text, word.start, word.end) for word in found.words()] == [
        ("à", pytest.approx(1.0), pytest.approx(1.2)),
        ("demain", pytest.approx(1.2), pytest.approx(2.4)),
        ("L'abeille", pytest.approx(3605.0), pytest.approx(3606.0)),
    ]
    assert found.language == "fr"


# As a video site makes them: the first cue opens with a line of one space, each line is shown twice.
ROLLING = """WEBVTT
Kind: captions
Language: fr

00:00:01.000 --> 00:00:03.000 align:start position:0%
\x20
Les<00:00:01.200><c> abeilles</c><00:00:02.000><c> dansent</c>

00:00:03.000 --> 00:00:03.010 align:start position:0%
Les abeilles dansent
\x20

00:00:03.010 --> 00:00:05.000 align:start position:0%
Les abeilles dansent
sur<00:00:03.500><c> le</c><00:00:04.000><c> miel</c>

00:00:05.000 --> 00:00:06.000 align:start position:0%
[Musique]
"""


def test_word_times_in_cues_are_used_and_lines_that_roll_up_are_read_once(tmp_path: Path) -> None:
    assert starts(read(tmp_path, ROLLING)) == [
        ("Les", 1.0), ("abeilles", 1.2), ("dansent", 2.0), ("sur", 3.01), ("le", 3.5), ("miel", 4.0),
    ]  # fmt: skip


def test_captions_without_words_are_refused(tmp_path: Path) -> None:
    with pytest.raises(AsrOutputError, match="no word with a time"):
        read(tmp_path, "WEBVTT\n\n00:01.000 --> 00:02.000\n[Musique]\n")
