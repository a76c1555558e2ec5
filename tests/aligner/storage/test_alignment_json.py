"""alignment.json keeps everything, its head is read from its beginning, and what cannot be true is refused."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from aligner.errors import AlignmentError, NewerError
from aligner.model import Alignment, Annotation, AnnotationKind, LostPin, Pin, PinKind, Review, Span, Status
from aligner.pins import pins_of
from aligner.storage.alignment_json import known_warnings, read_alignment, read_head, to_text
from media.decode import LONGEST, cut_short, damaged, is_cut_short
from tests.aligner.episodes import alignment_of, spoken

OPENING = "the harbour was quiet when the « first » ferry came"


@pytest.fixture
def stored(tmp_path: Path) -> Path:
    path = tmp_path / "harbour.alignment.json"
    path.write_bytes(to_text(alignment_of(OPENING)).encode())
    return path


def test_an_alignment_comes_back_as_it_was_to_the_millisecond(stored: Path) -> None:
    before, after = alignment_of(OPENING), read_alignment(stored)
    assert [w.word for w in after.words] == [w.word for w in before.words]
    spans = [spoken(word) for word in before.words]
    assert [word.span for word in after.words] == [Span(round(s.start, 3), round(s.end, 3)) for s in spans]
    assert replace(after, words=(), segments=()) == replace(before, words=(), segments=())


def pinned() -> Alignment:
    """With a word, a passage and a segment pinned, a word that is said not to be, a pin that has none any more, an
    ad and a review."""
    alignment = alignment_of(OPENING)
    first, *between, last = alignment.words
    words = (replace(first, pinned=True), *between, replace(last, span=None, status=Status.UNSPOKEN, pinned=True))
    passage = Pin(PinKind.PASSAGE, range(1, 3), Span(1.25, 2.5))
    lost = (LostPin(PinKind.WORD, "gone", Span(0.5, 0.75)), LostPin(PinKind.UNSPOKEN, "a note", None))
    speech = replace(alignment.segments[0], segment=replace(alignment.segments[0].segment, pinned=True))
    segments = (speech, *alignment.segments[1:])
    return replace(
        alignment,
        transcript=replace(alignment.transcript, segments=tuple(timed.segment for timed in segments)),
        words=words,
        segments=segments,
        pinned_passages=(passage,),
        lost_pins=lost,
        annotations=(Annotation(AnnotationKind.AD, 0.25, 1.5), Annotation(AnnotationKind.NORM, 1.0, 2.0)),
        review=Review("Zoé", "2026-11-27T01:02:03Z", 0.5),
        machine_text=True,
    )


def test_what_people_fixed_comes_back_and_takes_no_room_where_nobody_did(stored: Path) -> None:
    optional = {"pinned_passages", "lost_pins", "annotations", "review", "machine_text"}
    content = json.loads(stored.read_text(encoding="utf-8"))
    assert not optional & set(content)
    assert not any("pinned" in segment for segment in content["segments"])
    stored.write_bytes(to_text(pinned()).encode())
    after = read_alignment(stored)
    for name in optional:
        assert getattr(after, name) == getattr(pinned(), name)
    assert [timed.segment.pinned for timed in after.segments] == [True] + [False] * (len(after.segments) - 1)
    assert [pin.kind for pin in pins_of(after)] == [PinKind.WORD, PinKind.PASSAGE, PinKind.UNSPOKEN]
    assert to_text(after).encode() == stored.read_bytes()


@pytest.mark.parametrize(
    ("place", "value", "complaint"),
    [
        (("pinned_passages", 0, "words"), [3, 3], "holds none"),
        (("pinned_passages", 0, "words"), [0, 9999], "more words than the"),
        (("pinned_passages", 0, "start"), 3.0, "ends at"),
        (("pinned_passages", 0, "end"), 9e8, "contradict"),
        (("words", 0, "start"), 9.0, "words: lasts from 9.0"),
        (("annotations", 0, "kind"), "guess", r"Invalid enum value 'guess' - at `\$.annotations\[0\].kind`"),
        (("annotations", 0, "end"), 0.25, "not after its start"),
        (("annotations", 1, "start"), 0.1, "out of order"),
        (("annotations", 1, "end"), 9e8, "annotations: lasts"),
        (("review", "when"), "today", r"\$.review.when"),
        (("review", "who"), "Zo\né", r"matching regex .* - at `\$.review.who`"),
        (("lost_pins", 0, "end"), None, "expected a start and an end, or neither"),
    ],
)
def test_a_pin_that_cannot_be_is_named(
    stored: Path, place: tuple[str | int, ...], value: object, complaint: str
) -> None:
    stored.write_bytes(to_text(pinned()).encode())
    changed(stored, place, value)
    with pytest.raises(AlignmentError, match=complaint):
        read_alignment(stored)


def test_the_fields_are_those_of_the_format(stored: Path) -> None:
    data = json.loads(stored.read_text(encoding="utf-8"))
    assert (data["format"], data["version"]) == ("quotecast-alignment", 1)
    assert set(data["words"][0]) == {
        "text", "char_start", "char_end", "segment", "start", "end", "status", "confidence", "pinned",
    }  # fmt: skip
    word = data["words"][0]
    assert data["transcript"]["text"][word["char_start"] : word["char_end"]] == word["text"]


@pytest.mark.parametrize(
    ("damage", "complaint"),
    [
        (lambda text: text[: len(text) // 2], "not valid JSON"),
        (lambda text: text.replace('"quotecast-alignment"', '"something"'), "not an alignment.json"),
        (lambda text: text.replace('"version": 1', '"version": 9'), "version 9"),
        (lambda text: text.replace('"version": 1', '"version": null'), "expected version 1 of the format"),
        (lambda text: text.replace('"char_start":4,', '"char_start":5,'), "is not at"),
        (lambda text: text.replace('"segment":0', '"segment":7'), "in segment 7 of 1"),
        (lambda text: text.replace("the harbour", "the \\ud83d"), "not valid JSON"),
        (lambda text: "[]", "Expected `object`, got `array`"),
        (lambda text: "\ufeff" + text, "not valid JSON"),
    ],
)
def test_a_damaged_file_is_refused_by_name(stored: Path, damage: object, complaint: str) -> None:
    stored.write_text(damage(stored.read_text(encoding="utf-8")), encoding="utf-8")
    with pytest.raises(AlignmentError, match=complaint) as refusal:
        read_alignment(stored)
    assert str(stored) in str(refusal.value)
    assert "\n" not in str(refusal.value)


def changed(stored: Path, place: tuple[str | int, ...], value: object) -> None:
    """Put ``value`` where ``place`` leads in the stored file."""
    data = json.loads(stored.read_text(encoding="utf-8"))
    data["untranscribed"] = [{"start": 0.1, "end": 0.9, "text": "ahoy"}]
    inner = data
    for step in place[:-1]:
        inner = inner[step]
    inner[place[-1]] = value
    stored.write_text(json.dumps(data), encoding="utf-8")


@pytest.mark.parametrize(
    ("place", "value", "complaint"),
    [
        (("words", 1, "status"), "perfect", r"Invalid enum value 'perfect' - at `\$.words\[1\].status`"),
        (("words", 1, "start"), float("nan"), "not valid JSON"),
        (("words", 1, "end"), 1e9, "words: lasts"),
        (("words", 1, "end"), None, "expected a start and an end, or neither"),
        (("words", 1, "start"), 0.2, "out of order"),
        (("untranscribed", 0), {"start": 50, "end": 2, "text": ""}, "untranscribed speech: lasts"),
        (("untranscribed", 0), {"start": 1, "text": ""}, r"missing required field `end` - at `\$.untranscribed\[0\]`"),
        (("segments", 0, "char_end"), 9999, r"s0\' at \[0, 9999\) is out of order, or not within"),
        (("segments", 0, "char_end"), 12, "not in its segment"),
        (("segments", 0, "start"), None, "no start"),
        (("audio", "sha256"), "A" * 64, r"matching regex .* - at `\$.audio.sha256`"),
        (("audio", "duration"), LONGEST + 0.001, "the audio lasts 172800.001 s, expected at most 172800"),
        (("episode", "title"), "x" * 20_000, r"length <= 10000 - at `\$.episode.title`"),
    ],
)
def test_a_claim_that_cannot_be_true_is_named(
    stored: Path, place: tuple[str | int, ...], value: object, complaint: str
) -> None:
    changed(stored, place, value)
    with pytest.raises(AlignmentError, match=complaint):
        read_alignment(stored)


def test_a_segment_that_begins_in_another_ends_in_it(tmp_path: Path) -> None:
    path = tmp_path / "two.alignment.json"
    path.write_bytes(to_text(alignment_of(OPENING, "and then it left")).encode())
    data = json.loads(path.read_text(encoding="utf-8"))
    data["segments"][0]["char_end"] += 4
    path.write_text(json.dumps(data), encoding="utf-8")
    with pytest.raises(AlignmentError, match=r"is out of order, or not within \[0, 55\)"):
        read_alignment(path)


@pytest.mark.parametrize(
    ("place", "value", "shown"),
    [
        (("segments", 0, "speaker"), "  ", None),
        (("segments", 0, "speaker"), "\n\0", None),
        (("segments", 0, "speaker"), "Anna\nBo\x1b[31m", "Anna Bo [31m"),
        (("segments", 0, "speaker"), "Mme\u00a0Kerdoncuff", "Mme\u00a0Kerdoncuff"),
        (("episode", "title"), "one\ntwo", "one two"),
        (("episode", "title"), "", None),
        (("episode", "guid"), "one\ntwo", "one two"),
        (("language",), "none at all", "und"),
        (("language",), "fr-CH", "fr-CH"),
    ],
)
def test_what_is_odd_but_can_be_shown_is_put_right(
    stored: Path, place: tuple[str | int, ...], value: str, shown: str | None
) -> None:
    changed(stored, place, value)
    for read in (read_alignment, read_head):
        found = read(stored)
        if "segments" not in place:
            held = found.language if place == ("language",) else getattr(found.episode, str(place[-1]))
            assert held == shown
    if "segments" in place:
        assert read_alignment(stored).segments[0].segment.speaker == shown


def test_a_later_version_is_told_as_what_it_is(stored: Path) -> None:
    stored.write_text(stored.read_text(encoding="utf-8").replace('"version": 1', '"version": 2'), encoding="utf-8")
    for read in (read_alignment, read_head):
        with pytest.raises(NewerError, match=r"made by a newer quotecast .version 2 .*update quotecast"):
            read(stored)


def test_a_transcript_whose_name_is_not_unicode_is_written_with_a_question_mark(stored: Path) -> None:
    alignment = alignment_of(OPENING)
    odd = replace(alignment, transcript=replace(alignment.transcript, file="ferry\udcff.txt"))
    stored.write_bytes(to_text(odd).encode("utf-8"))
    assert read_alignment(stored).transcript.file == "ferry?.txt"


def test_a_missing_file_is_refused_by_name(tmp_path: Path) -> None:
    for read in (read_alignment, read_head):
        with pytest.raises(AlignmentError, match="nowhere"):
            read(tmp_path / "nowhere.alignment.json")


def test_what_is_told_of_a_sound_cut_short_comes_back_and_is_read_with_the_head(stored: Path) -> None:
    warnings = cut_short(29.0553, 34.181), damaged([12.5])
    stored.write_text(to_text(replace(alignment_of(OPENING), warnings=warnings)), "utf-8")
    read, head = read_alignment(stored), read_head(stored)
    assert read.warnings == warnings
    assert all(map(is_cut_short, read.warnings[:1]))
    assert known_warnings(head.warnings or ()) == warnings
    assert to_text(read) == stored.read_text("utf-8")


def test_nobody_can_have_an_alignment_say_anything_else_of_the_sound(stored: Path) -> None:
    """What is no sentence of ours, or not made as it is, is left out; what is no such thing at all is damaged."""
    data = json.loads(stored.read_text("utf-8"))
    template = cut_short(1, None).template
    forged = [
        {"template": "your password is needed: {detail}", "values": {"detail": 1}},
        {"template": template, "values": {"decoded": 1, "promised": 2}},
        {"template": template, "values": {}},
        {"template": template, "values": {"decoded": 5}, "message": "send money"},
    ]
    stored.write_text(json.dumps(data | {"warnings": forged}), "utf-8")
    assert read_alignment(stored).warnings == ("the file is cut short: its first 5 s are used",)
    for values in ({"decoded": "<b>"}, {"decoded": 1e300}, {"decoded": None}):
        stored.write_text(json.dumps(data | {"warnings": [{"template": template, "values": values}]}), "utf-8")
        with pytest.raises(AlignmentError, match="warnings"):
            read_alignment(stored)
