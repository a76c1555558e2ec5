"""Podcast JSON, SRT and WebVTT are read as paragraphs of their speakers."""

import json

import pytest

from aligner.errors import TranscriptError
from aligner.storage.alignment_json import to_text
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows


def test_words_of_a_json_transcript_are_joined_into_turns(data, rows):
    assert rows(data("words.json")) == [
        ("speech", "Tess", "Good evening."),
        ("speech", "Rafi", "Note: I am late. Sorry!"),
        ("stage", "Tess", "[Laughs]"),
        ("speech", "Tess", "Fine."),
    ]


def test_a_long_turn_is_cut_at_the_end_of_a_sentence(read):
    sentences = [f"This is sentence number {n}." for n in range(60)]
    segments = [{"speaker": "Ana", "startTime": n, "endTime": n + 1, "body": body} for n, body in enumerate(sentences)]
    found = read(json.dumps({"version": "1.0.0", "segments": segments}), "a.json")
    texts = [found.text[s.char_start : s.char_end] for s in found.segments]
    assert " ".join(texts) == " ".join(sentences)
    assert 2 <= len(texts) <= 4
    assert all(text.endswith(".") for text in texts)


@over_rows("time", [None, "1.5", True, 1e300, float("nan"), -4])
def test_an_invalid_time_is_ignored(read, time):
    found = read(json.dumps({"segments": [{"body": "Hello", "startTime": time, "endTime": time}]}), "a.json")
    assert found.text == "Hello\n"


def test_voice_tags_of_webvtt_are_speakers(data, rows):
    found = data("voices.vtt")
    assert rows(found) == [
        ("speech", "Bea Ortiz", "I keep bees & wasps, mostly bees."),
        ("speech", "Carl", "Why?"),
        ("speech", "Bea Ortiz", "Honey."),
        ("stage", None, "[buzzing]"),
    ]
    assert found.language == "en"


def test_srt_cues_are_joined_and_dashes_are_voices(data, rows):
    assert rows(data("film.srt")) == [
        ("speech", "CLAIRE", "Tu viens demain ?"),
        ("speech", None, "Non."),
        ("speech", None, "Si, il {vient} !"),
        ("speech", "CLAIRE", "On verra bien, on verra."),
        ("stage", None, "(MUSIQUE)"),
    ]


def test_roll_up_captions_are_read_once(read):
    lines = ["so we went", "down to the", "sea and it", "was cold there", "all the time"]
    pairs = zip(["", *lines], lines, strict=False)
    cues = [f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{a}\n{b}\n" for n, (a, b) in enumerate(pairs)]
    found = read("WEBVTT\n\n" + "\n".join(cues), "a.vtt")
    assert found.text == " ".join(lines) + "\n"


def test_cues_that_repeat_the_speakers_name_are_joined(read, rows):
    cues = ["Ana Sol: We went", "Ana Sol: down to the sea.", "Leo Paz: Why?", "Ana Sol: One reason: boats."]
    blocks = [f"00:0{n}.000 --> 00:0{n}.900\n{cue}\n" for n, cue in enumerate(cues)]
    assert rows(read("WEBVTT\n\n" + "\n".join(blocks), "a.vtt")) == [
        ("speech", "Ana Sol", "We went down to the sea."),
        ("speech", "Leo Paz", "Why?"),
        ("speech", "Ana Sol", "One reason: boats."),
    ]


def test_names_in_brackets_are_labels_of_captions(read, rows):
    cues = ["[Ana] We went\ndown.", "[Leo] Why?", "[laughter]", ">> Ana: One reason:", "boats.", "[Leo] Right."]
    blocks = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n" for n, cue in enumerate(cues)]
    assert rows(read("\n".join(blocks), "a.srt")) == [
        ("speech", "Ana", "We went down."),
        ("speech", "Leo", "Why?"),
        ("stage", "Leo", "[laughter]"),
        ("speech", "Ana", "One reason: boats."),
        ("speech", "Leo", "Right."),
    ]


@over_rows(
    "segments, text",
    [
        ([{"body": "", "text": "Hello"}, {"text": "dear"}, {"body": None}, {"body": "42"}], "Hello dear 42\n"),
        ([{"body": "こん"}, {"body": "にちは"}, {"body": "。"}], "こんにちは。\n"),
    ],
)
def test_segments_of_json_are_joined_as_their_script_needs(read, segments, text):
    assert read(json.dumps({"segments": segments}), "a.json").text == text


def test_words_before_a_colon_that_are_not_names_stay_in_captions(read):
    cues = [f"00:0{n}.000 --> 00:0{n}.900\nRésultat: {word}\n" for n, word in enumerate(["un.", "deux.", "trois."])]
    assert read("WEBVTT\n\n" + "\n".join(cues), "a.vtt").text.count("Résultat:") == 3


def test_files_of_quotecast_itself_are_refused(read):
    alignment = to_text(alignment_of("the harbour was quiet when the first ferry came"))
    for content in (alignment, '{"format": "quotecast-episode", "version": 1}'):
        with pytest.raises(TranscriptError, match="was made by quotecast and is not a transcript"):
            read(content, "ferry.alignment.json")
