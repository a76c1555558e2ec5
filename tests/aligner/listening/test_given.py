"""The given ear: the same three words out of every format that recognisers write, and hostile files refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.errors import HypothesisError
from aligner.listening.ear import Sound, silent
from aligner.listening.given import GivenEar, read_hypothesis
from aligner.listening.given.recognisers import recogniser_entries
from aligner.listening.given.timed_text import cue_entries
from aligner.model import HeardWord

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
            "alternatives": [{"content": word, "confidence": str(p)}, {"content": "autre", "confidence": "0.1"}],
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
    "Deepgram": (
        {"results": {"channels": [{"detected_language": "fr", "alternatives": [{"words": DEEPGRAM}]}]}},
        "fr",
    ),
    "AssemblyAI": ({"id": "x", "language_code": "fr", "words": MILLISECONDS}, "fr"),
    "words alone": (timed("word", "probability"), None),
}


def write(folder: Path, content: object) -> Path:
    path = folder / "anything.txt"  # a name that tells nothing
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


@pytest.mark.parametrize("name", FORMATS)
def test_the_words_of_each_format_come_out_in_seconds_with_their_probability(tmp_path: Path, name: str) -> None:
    content, language = FORMATS[name]
    found = read_hypothesis(write(tmp_path, content))
    assert [(word.text, word.start, word.end, word.probability) for word in found.words] == [
        (text, pytest.approx(start), pytest.approx(end), pytest.approx(p)) for text, start, end, p in WORDS
    ]
    assert found.language == language


def test_a_segment_without_words_is_shared_out_by_letters(tmp_path: Path) -> None:
    found = read_hypothesis(write(tmp_path, {"segments": [{"start": 1.0, "end": 2.4, "text": " à demain !"}]}))
    assert [(word.text, word.start, word.end) for word in found.words] == [
        ("à", pytest.approx(1.0), pytest.approx(1.2)),
        ("demain", pytest.approx(1.2), pytest.approx(2.4)),
    ]


def test_the_segments_of_whisper_cpp_are_in_milliseconds(tmp_path: Path) -> None:
    cue = {"timestamps": {"from": "00:00:01,000", "to": "00:00:02,000"}, "offsets": {"from": 1000, "to": 2000}}
    content = {"result": {"language": "fr"}, "transcription": [{**cue, "text": " Bonjour"}]}
    found = read_hypothesis(write(tmp_path, content))
    assert found.words == (HeardWord("Bonjour", 1.0, 2.0),)
    assert found.language == "fr"


VTT = """WEBVTT
Language: fr-FR

un
00:01.000 --> 00:02.400 align:start
<v Hugo>à demain</v>

01:00:05.000 --> 01:00:06.000
<i>L&#39;abeille</i>
"""


def test_cues_with_one_time_are_shared_out_by_letters(tmp_path: Path) -> None:
    found = read_hypothesis(write(tmp_path, VTT))
    assert [(word.text, word.start, word.end) for word in found.words] == [
        ("à", pytest.approx(1.0), pytest.approx(1.2)),
        ("demain", pytest.approx(1.2), pytest.approx(2.4)),
        ("L'abeille", pytest.approx(3605.0), pytest.approx(3606.0)),
    ]
    assert found.language == "fr"


ROLLING = """WEBVTT

00:00:01.000 --> 00:00:03.000
Les<00:00:01.200><c> abeilles</c><00:00:02.000><c> dansent</c>

00:00:03.000 --> 00:00:03.010
Les abeilles dansent

00:00:03.010 --> 00:00:05.000
Les abeilles dansent
sur<00:00:03.500><c> le</c><00:00:04.000><c> miel</c>

00:00:05.000 --> 00:00:06.000
Oui
"""


def test_word_times_in_cues_are_used_and_lines_that_roll_up_are_read_once(tmp_path: Path) -> None:
    found = read_hypothesis(write(tmp_path, ROLLING))
    assert [(word.text, word.start) for word in found.words] == [
        ("Les", 1.0),
        ("abeilles", 1.2),
        ("dansent", 2.0),
        ("sur", 3.01),
        ("le", 3.5),
        ("miel", 4.0),
        ("Oui", 5.0),
    ]


@pytest.mark.parametrize("blank", ["\n\n", "\r\n\r\n", "\n"])
def test_srt_is_read_with_any_line_ends_and_without_blank_lines(tmp_path: Path, blank: str) -> None:
    cues = ["1\n00:00:01,000 --> 00:00:02,000\nUn", "2\n00:00:03,000 --> 00:00:04,000\nDeux"]
    found = read_hypothesis(write(tmp_path, blank.join(cues)))
    assert [(word.text, word.start) for word in found.words] == [("Un", 1.0), ("Deux", 3.0)]


def test_an_empty_cue_does_not_swallow_the_next_one(tmp_path: Path) -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:03,000 --> 00:00:04,000\nDeux\n"
    assert [word.text for word in read_hypothesis(write(tmp_path, text)).words] == ["Deux"]


def test_windows_1252_and_utf_16_captions_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    for encoding in ("cp1252", "utf-16", "utf-8-sig"):
        path.write_bytes("1\n00:00:01,000 --> 00:00:02,000\nété\n".encode(encoding))
        assert [word.text for word in read_hypothesis(path).words] == ["été"]


def test_words_without_a_usable_time_are_left_out(tmp_path: Path) -> None:
    bad = [{"word": "x", "end": 3}, {"word": "x", "start": "NaN", "end": 3}, {"word": "x", "start": -4, "end": 3}]
    found = read_hypothesis(write(tmp_path, {"words": [*timed("word", "score"), *bad]}))
    assert [word.text for word in found.words] == [text for text, *_ in WORDS]


def test_an_end_before_its_start_or_missing_becomes_a_usual_words(tmp_path: Path) -> None:
    content = {"words": [{"word": "un", "start": 1, "end": 0.5}, {"word": "deux", "start": 2.5}]}
    assert [(w.start, w.end) for w in read_hypothesis(write(tmp_path, content)).words] == [(1.0, 1.2), (2.5, 2.7)]


def test_a_probability_that_is_none_is_taken_as_sure(tmp_path: Path) -> None:
    content = (
        '{"words": [{"word": "a", "start": 1.0, "end": 2.0, "score": NaN}, {"word": "b", "start": 3.5, "score": 7}]}'
    )
    assert [word.probability for word in read_hypothesis(write(tmp_path, content)).words] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "not a known"),
        ("Bonjour à tous, ceci n'est qu'un texte.", "not a known"),
        ("{}", "not a known"),
        ("[]", "not a known"),
        ("12", "not a known"),
        ('{"segments": [{"text": "a"}]}', "no words with times"),
        ('{"words": []}', "no words with times"),
        ('{"words": [{"word": "...", "start": 1.5, "end": 2}]}', "no words with times"),
        ("[" * 200_000, "nested too deeply"),
        (json.dumps({"words": [*timed("word", "score"), *[{"word": "x"}] * 9]}), "only 3 of 12"),
        ("\x00\x01\x02" * 1000, "not a known"),
    ],
)
def test_what_is_no_recognisers_output_is_refused_in_one_line(tmp_path: Path, content: str, reason: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(HypothesisError, match=reason) as caught:
        read_hypothesis(path)
    assert str(path) in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_missing_file_or_a_folder_is_named_so(tmp_path: Path) -> None:
    with pytest.raises(HypothesisError, match="no such file"):
        read_hypothesis(tmp_path / "none.json")
    with pytest.raises(HypothesisError, match="is a folder"):
        read_hypothesis(tmp_path)


KEYS = (
    "segments words word text start end result results items channels retval alternatives type transcription offsets "
    "from to language score start_time content"
)
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=5),
    max_leaves=25,
)


@given(json_values)
def test_no_json_brings_the_readers_down(content: object) -> None:
    found, _ = recogniser_entries(content)
    for entry in found or []:
        assert entry.start is None or 0 <= entry.start < entry.end


@given(st.text(alphabet=st.sampled_from("0123456789:.,-> \n<c>/é&;#{}\\"), max_size=200))
def test_no_text_brings_the_caption_reader_down(text: str) -> None:
    cue_entries(text)
    cue_entries(f"WEBVTT\n\n00:01.000 --> 00:02.000\n{text}")


def sound(duration: float) -> Sound:
    return Sound(Path("a.mp3"), "00", duration, ())


def test_the_given_ear_hears_the_files_words_in_the_language_known(tmp_path: Path) -> None:
    path = write(tmp_path, FORMATS["Whisper"][0])
    ear = GivenEar(path)
    heard = ear.hear(sound(10.0), silent)
    assert (ear.name, ear.model, heard.language) == ("given", "anything.txt", "fr")
    assert [word.text for word in heard.words] == [text for text, *_ in WORDS]
    assert GivenEar(path, "en-GB").hear(sound(10.0), silent).language == "en"
    assert GivenEar(write(tmp_path, FORMATS["Vosk"][0])).hear(sound(10.0), silent).language == "und"


def test_words_after_the_end_of_the_sound_are_left_out_with_a_warning(tmp_path: Path) -> None:
    heard = GivenEar(write(tmp_path, FORMATS["Whisper"][0])).hear(sound(1.5), silent)
    assert [(word.text, word.end) for word in heard.words] == [("Les", 1.2), ("abeilles", 1.5)]
    assert "1 words of anything.txt" in heard.warnings[0]


def test_another_file_is_another_identity(tmp_path: Path) -> None:
    first = GivenEar(write(tmp_path, FORMATS["Whisper"][0])).identity()
    assert GivenEar(write(tmp_path, FORMATS["Vosk"][0])).identity() != first
