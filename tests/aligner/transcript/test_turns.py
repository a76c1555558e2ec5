"""Podcast JSON, SRT and WebVTT: text in turns, times left aside."""

from __future__ import annotations

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


def test_labels_in_a_json_without_speakers_are_found(read, rows):
    segments = [{"body": "Ana: Hello."}, {"body": "Leo: Hi."}, {"body": "Ana: So."}, {"body": "Leo: Yes."}]
    found = read(json.dumps({"segments": segments}), "a.json")
    assert rows(found)[:2] == [("speech", "Ana", "Hello."), ("speech", "Leo", "Hi.")]


@over_rows("time", [None, "1.5", True, 1e300, float("nan"), -4])
def test_a_wrong_time_is_no_reason_to_refuse_the_text(read, time):
    found = read(json.dumps({"segments": [{"body": "Hello", "startTime": time, "endTime": time}]}), "a.json")
    assert found.text == "Hello\n"


def test_voices_of_webvtt_speak(data, rows):
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


def test_captions_that_roll_up_are_read_once(read):
    lines = ["so we went", "down to the", "sea and it", "was cold there", "all the time"]
    pairs = zip(["", *lines], lines, strict=False)
    cues = [f"00:00:{n:02}.000 --> 00:00:{n + 1:02}.000\n{a}\n{b}\n" for n, (a, b) in enumerate(pairs)]
    found = read("WEBVTT\n\n" + "\n".join(cues), "a.vtt")
    assert found.text == " ".join(lines) + "\n"


def test_cues_that_each_repeat_the_name_are_one_turn(read, rows):
    cues = ["Ana Sol: We went", "Ana Sol: down to the sea.", "Leo Paz: Why?", "Ana Sol: One reason: boats."]
    blocks = [f"00:0{n}.000 --> 00:0{n}.900\n{cue}\n" for n, cue in enumerate(cues)]
    assert rows(read("WEBVTT\n\n" + "\n".join(blocks), "a.vtt")) == [
        ("speech", "Ana Sol", "We went down to the sea."),
        ("speech", "Leo Paz", "Why?"),
        ("speech", "Ana Sol", "One reason: boats."),
    ]


def test_names_in_brackets_open_captions(read, rows):
    cues = ["[Ana] We went\ndown.", "[Leo] Why?", "[laughter]", ">> Ana: One reason:", "boats.", "[Leo] Right."]
    blocks = [f"{n}\n00:00:0{n},000 --> 00:00:0{n},900\n{cue}\n" for n, cue in enumerate(cues)]
    assert rows(read("\n".join(blocks), "a.srt")) == [
        ("speech", "Ana", "We went down."),
        ("speech", "Leo", "Why?"),
        ("stage", "Leo", "[laughter]"),
        ("speech", "Ana", "One reason: boats."),
        ("speech", "Leo", "Right."),
    ]


def test_words_of_scripts_without_spaces_are_joined_without(read):
    segments = [{"body": body} for body in ("こん", "にちは", "。")]
    assert read(json.dumps({"segments": segments}), "a.json").text == "こんにちは。\n"


def test_a_segment_of_json_may_have_its_words_in_either_field_or_none(read):
    segments = [{"body": "", "text": "Hello"}, {"text": "dear"}, {"body": None}, {"body": "42"}]
    assert read(json.dumps({"segments": segments}), "a.json").text == "Hello dear 42\n"


def test_words_that_open_sentences_are_not_taken_off_captions_for_names(read):
    cues = [f"00:0{n}.000 --> 00:0{n}.900\nRésultat: {word}\n" for n, word in enumerate(["un.", "deux.", "trois."])]
    assert read("WEBVTT\n\n" + "\n".join(cues), "a.vtt").text.count("Résultat:") == 3


def test_what_quotecast_wrote_itself_is_called_by_what_it_is(read):
    alignment = to_text(alignment_of("the harbour was quiet when the first ferry came"))
    for content in (alignment, '{"format": "quotecast-episode", "version": 1}'):
        with pytest.raises(TranscriptError, match="a file that quotecast made, and no transcript"):
            read(content, "ferry.alignment.json")
