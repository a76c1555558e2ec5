"""Imported ASR: invalid words are repaired or left out, useless files refused in one line."""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from aligner.errors import AsrOutputError
from aligner.model import Audio
from aligner.recognition import silent
from aligner.recognition.imported_asr import AsrOutput, ImportedRecogniser, read_asr_output
from tests.tables import over_rows

GOOD = [{"word": "Les", "start": 1.0, "end": 1.2}, {"word": "abeilles", "start": 1.2, "end": 1.8}]


def write(folder: Path, content: object) -> Path:
    path = folder / "anything.srt"  # a name that misleads
    data = content if isinstance(content, bytes) else content.encode() if isinstance(content, str) else None
    path.write_bytes(json.dumps(content).encode("ascii") if data is None else data)
    return path


def read_words(folder: Path, *words: object) -> AsrOutput:
    return read_asr_output(write(folder, {"words": [*GOOD, *words]}))


@over_rows("start", [None, float("nan"), float("inf"), -1, -1e300, 10**400, "soon", "", [], {}, True])
def test_a_word_without_a_usable_start_follows_the_previous_word(tmp_path: Path, start: object) -> None:
    word = {"word": "dansent", "end": 3.0} | ({} if start is None else {"start": start})
    last = read_words(tmp_path, word).words()[-1]
    assert (last.text, last.start, last.end) == ("dansent", pytest.approx(1.8), pytest.approx(2.29))


def test_times_and_probabilities_in_strings_are_numbers(tmp_path: Path) -> None:
    last = read_words(tmp_path, {"word": "dansent", "start": "2.0", "end": "2.5", "confidence": "0.25"}).words()[-1]
    assert (last.start, last.end, last.probability) == (2.0, 2.5, 0.25)


@over_rows(
    "text", ["", " ", "...", "[Music]", "<unk>", "(laughter)", "♪", None, 12, ["x"], {"x": "y"}, "\x00\x07", "\ud800"]
)
def test_text_that_is_no_word_is_left_out(tmp_path: Path, text: object) -> None:
    assert len(read_words(tmp_path, {"word": text, "start": 2.0, "end": 2.5}).words()) == len(GOOD)


@over_rows("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_json_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str) -> None:
    text = json.dumps({"words": [{"word": "été", "start": 1.0, "end": 1.2}]}, ensure_ascii=False)
    assert [word.text for word in read_asr_output(write(tmp_path, text.encode(encoding))).words()] == ["été"]


@over_rows(
    "content, complaint",
    [
        (b"", "not a recogniser's output"),
        ("Bonjour, ceci n'est qu'un texte.", "not a recogniser's output"),
        (b"\x89PNG\r\n\x1a\n" + bytes(range(256)), "is not text"),
        ([], "not a recogniser's output"),
        ({"title": "x", "li\nne": 1}, "not a recogniser's output"),
        ('{"words": [{"word": "Les", "start": 1.0', "damaged JSON .*line 1"),
        ("[" * 200_000, "damaged JSON"),
        ('{"words": [{"word": "Les", "start": ' + "9" * 5000 + "}]}", "damaged JSON"),
        ({"segments": [{"text": "a"}]}, "no word with a time"),
        ({"words": ["Les", 1.0, None]}, "no word with a time"),
        ({"words": [*GOOD, *[{"word": "x"}] * 9]}, "only 2 of 11 words"),
    ],
)
def test_other_files_are_refused_in_one_line(tmp_path: Path, content: object, complaint: str) -> None:
    path = write(tmp_path, content)
    with pytest.raises(AsrOutputError, match=complaint) as caught:
        read_asr_output(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert len(str(caught.value).splitlines()) == 1


def test_a_missing_file_a_folder_and_a_huge_file_cannot_be_read(tmp_path: Path) -> None:
    giant = tmp_path / "giant.json"
    with giant.open("wb") as file:
        file.truncate(50_000_001)
    for path in (tmp_path / "none.json", tmp_path, giant):
        with pytest.raises(AsrOutputError, match=f"{path.name}: cannot be read"):
            read_asr_output(path)


KEYS = (
    "segments words word_segments word text start end confidence result results items channels retval alternatives "
    "type transcription offsets tokens from to language language_code start_time end_time content punct"
)
json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["un", "1.5", "fr"]),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(KEYS.split()), inner, max_size=5),
    max_leaves=25,
)
texts = st.sampled_from(["un", "deux trois", "(rire)", "…"]) | json_values
times = st.floats() | st.integers(-5, 10**10) | st.floats(0, 100) | json_values
word_like = st.fixed_dictionaries(
    {}, optional={"word": texts, "text": texts, "start": times, "end": times, "confidence": times, "words": json_values}
)
holders = st.builds(
    lambda name, words: {name: words},
    st.sampled_from(["words", "segments", "result", "transcription"]),
    st.lists(word_like, max_size=6),
)


@pytest.mark.nightly
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(json_values | holders | st.lists(holders, max_size=3), st.floats(0.1, 1e5))
def test_any_json_is_read_in_order_or_refused(tmp_path: Path, content: object, duration: float) -> None:
    try:
        heard = ImportedRecogniser(write(tmp_path, content)).recognise(Audio(tmp_path, "00", duration, ()), silent)
    except AsrOutputError:
        return
    assert heard.words
    assert all(0 <= word.start < word.end <= duration + 0.021 for word in heard.words)
    assert all(0 <= word.probability <= 1 for word in heard.words)
    assert all(a.start <= b.start for a, b in zip(heard.words, heard.words[1:], strict=False))
