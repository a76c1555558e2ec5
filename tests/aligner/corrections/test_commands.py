"""A correction says what a person means: of it comes what they set, and around it what the sound then says."""

import json
from typing import Any

import pytest

from aligner.corrections.commands import Command, corrected, rebased, what_of, words_of
from aligner.corrections.repair import RecognisedAudio
from aligner.errors import ConflictError, CorrectionError
from aligner.model import Alignment, Annotation, AnnotationKind, Kind, Pin, PinKind, Span, Status
from aligner.pins import pins_of
from aligner.storage.alignment_json import from_content, to_text
from aligner.storage.checked_json import decode
from tests.aligner.corrections.test_repair import SENTENCES, episode, off, shifted
from tests.aligner.episodes import spoken
from tests.tables import over_rows


def command(kind: str, **given: Any) -> Command:
    """The correction as a page sends it."""
    made: Command = decode(json.dumps({"kind": kind, **given}).encode(), Command)  # type: ignore[arg-type]
    return made


def speech(text: str) -> list[dict[str, Any]]:
    """A paragraph that nobody is named for."""
    return [{"kind": "speech", "speaker": None, "text": text}]


def after(alignment: Alignment, kind: str, heard: RecognisedAudio | None, **given: Any) -> Alignment:
    """What comes of it, as it can be stored and read again."""
    made = corrected(alignment, command(kind, **given), heard)
    return from_content(to_text(made).encode())


def test_a_word_that_is_placed_takes_its_passage_with_it_and_stays() -> None:
    right, heard = episode()
    wrong = shifted(right, range(100, 120), 1.7)
    span = spoken(right.words[110])
    now = after(wrong, "place", heard, word=110, start=span.start, end=span.end)
    assert off(now, right, 0.1) == []
    assert now.words[110].pinned
    assert now.words[110].status is Status.EXACT
    assert [pin.words for pin in pins_of(now)] == [range(110, 111)]


def test_a_word_that_begins_then_is_as_long_as_it_is_found_to_be() -> None:
    right, heard = episode()
    wrong = shifted(right, range(100, 120), 2.4)
    now = after(wrong, "start", heard, word=110, at=spoken(right.words[110]).start + 0.01)
    assert off(now, right, 0.1) == []
    assert spoken(now.words[110]).start == pytest.approx(spoken(right.words[110]).start + 0.01, abs=0.0006)
    assert abs(spoken(now.words[110]).end - spoken(right.words[110]).end) < 0.1


@over_rows("late", [-0.05, 0.1, 0.25, 0.38])
def test_a_word_of_which_a_hand_said_late_that_it_begins_does_so_where_it_is_heard_to(late: float) -> None:
    right, heard = episode()
    wrong = shifted(right, range(100, 120), 2.4)
    now = after(wrong, "start", heard, word=110, at=spoken(right.words[110]).start + late, late=0.4)
    assert abs(spoken(now.words[110]).start - spoken(right.words[110]).start) < 0.02
    assert off(now, right, 0.1) == []


def otherwise() -> tuple[Alignment, RecognisedAudio, range, Span]:
    """The episode with a sentence that nobody says in the place of one that is said; its words, and that sound."""
    right, heard = episode()
    own = [k for k, word in enumerate(right.words) if word.word.segment == 20]
    strange = after(right, "text", heard, first=20, stop=21, paragraphs=speech("Xylophones buzz (loudly) quickly."))
    words = range(own[0], own[0] + len(strange.words) - len(right.words) + len(own))
    now = after(strange, "unspoken", heard, first=words.start, stop=words.stop)
    return now, heard, words, Span(spoken(right.words[own[0]]).start, spoken(right.words[own[-1]]).end)


def test_what_says_the_same_in_other_words_is_shown_while_that_is_said() -> None:
    wrong, heard, words, sound = otherwise()
    now = after(wrong, "paraphrase", heard, first=words.start, stop=words.stop, start=sound.start, end=sound.end)
    spans = [spoken(now.words[k]) for k in words]
    assert all(now.words[k].pinned for k in words)
    assert sound.start - 0.001 <= spans[0].start
    assert spans[-1].end <= sound.end + 0.001
    assert [span.start for span in spans] == sorted(span.start for span in spans)
    assert off(now, wrong, 0.02) == [*words]
    without = after(wrong, "paraphrase", None, first=words.start, stop=words.stop, start=sound.start, end=sound.end)
    assert all(without.words[k].pinned for k in words)


def test_what_is_said_takes_the_place_of_what_is_printed() -> None:
    wrong, heard, words, sound = otherwise()
    right, _ = episode()
    span = {"start": sound.start - 0.1, "end": sound.end + 0.1}
    now = after(wrong, "instead", heard, first=words.start, stop=words.stop, **span, text=SENTENCES[20].rstrip("."))
    assert [word.word.text.rstrip(".") for word in now.words] == [word.word.text.rstrip(".") for word in right.words]
    assert off(now, right, 0.1) == []
    assert f"{SENTENCES[19]}\n{SENTENCES[20].rstrip('.')}" in now.transcript.text


def test_a_word_set_again_gives_way_to_what_was_set_last() -> None:
    right, heard = episode()
    span = spoken(right.words[110])
    once = after(right, "place", heard, word=110, start=span.start + 0.05, end=span.end)
    twice = after(once, "place", heard, word=110, start=span.start, end=span.end)
    assert pins_of(twice) == (Pin(PinKind.WORD, range(110, 111), twice.words[110].span),)
    assert off(twice, right, 0.1) == []


def test_words_that_are_moved_are_all_set_and_keep_their_lengths() -> None:
    right, heard = episode()
    now = after(right, "move", heard, first=50, stop=53, by=0.04)
    for k in range(50, 53):
        assert spoken(now.words[k]).start == pytest.approx(spoken(right.words[k]).start + 0.04, abs=0.001)
        assert spoken(now.words[k]).duration == pytest.approx(spoken(right.words[k]).duration, abs=0.001)
        assert now.words[k].pinned


def test_what_nobody_says_and_what_is_found_again() -> None:
    right, heard = episode()
    gone = after(right, "unspoken", heard, first=60, stop=70)
    assert all(word.span is None and word.pinned for word in gone.words[60:70])
    back = after(gone, "unpin", heard, first=60, stop=70)
    assert pins_of(back) == ()
    assert off(back, right, 0.1) == []


def test_a_passage_that_belongs_elsewhere_is_found_there() -> None:
    right, heard = episode()
    first, stop = 200, 230
    wrong = shifted(right, range(first, stop), -4.0)
    sound = Span(spoken(right.words[first]).start - 0.05, spoken(right.words[stop - 1]).end + 0.05)
    now = after(wrong, "passage", heard, first=first, stop=stop, start=sound.start, end=sound.end)
    assert off(now, right, 0.1) == []
    assert [(pin.kind, pin.words) for pin in now.pinned_passages] == [(PinKind.PASSAGE, range(first, stop))]


def test_what_is_accepted_is_set_as_it_is_and_nothing_else_moves() -> None:
    right, heard = episode()
    now = after(right, "accept", heard, words=[[3, 6], [90, 91]], annotations=[["norm", 1.0, 2.0]])
    for k, (old, new) in enumerate(zip(right.words, now.words, strict=True)):
        assert new.pinned == (k in (3, 4, 5, 90))
        assert (new.span is None) == (old.span is None)
        assert new.span is None or abs(spoken(new).start - spoken(old).start) < 0.001
    assert now.annotations == (Annotation(AnnotationKind.NORM, 1.0, 2.0),)


def test_what_is_settled_gives_way_to_what_is_said_of_the_same_sound_and_can_be_asked_again() -> None:
    right, heard = episode()
    one = after(right, "annotate", heard, **{"as": "ad", "start": 5.0, "end": 9.0})
    other = after(one, "annotate", heard, **{"as": "jingle", "start": 4.0, "end": 9.5})
    assert other.annotations == (Annotation(AnnotationKind.JINGLE, 4.0, 9.5),)
    norm = after(other, "annotate", heard, **{"as": "norm", "start": 4.0, "end": 9.5})
    assert [each.kind for each in norm.annotations] == [AnnotationKind.JINGLE, AnnotationKind.NORM]
    assert after(norm, "unannotate", heard, start=3.0, end=10.0).annotations == ()


def test_who_signs_is_told_with_the_time_and_can_take_it_back() -> None:
    right, heard = episode()
    signed = after(right, "review", heard, who=" Zoé\n", share=0.25)
    assert signed.review is not None
    assert (signed.review.who, signed.review.share) == ("Zoé", 0.25)
    assert signed.review.when.endswith("Z")
    assert after(signed, "unreview", heard).review is None


def test_what_the_text_lacks_is_put_in_where_it_is_said() -> None:
    right, heard = episode()
    words = [k for k, word in enumerate(right.words) if word.word.segment == 20]
    lacking = after(right, "text", heard, first=20, stop=21, paragraphs=[])
    passage = next(p for p in lacking.untranscribed if abs(p.start - spoken(right.words[words[0]]).start) < 0.3)
    given = {"start": passage.start, "end": passage.end, "speaker": "Zoé", "text": SENTENCES[20]}
    now = after(lacking, "insert", heard, **given)
    assert [word.word.text for word in now.words] == [word.word.text for word in right.words]
    assert off(now, right, 0.1) == []
    assert now.segments[20].segment.speaker == "Zoé"
    assert now.segments[20].segment.pinned
    assert not any(each.start < passage.end and passage.start < each.end for each in now.untranscribed)


def test_what_is_said_within_a_paragraph_is_a_sentence_of_it_and_parts_it_if_another_speaks() -> None:
    right, heard = episode()
    both = speech(f"{SENTENCES[19]} {SENTENCES[21]}")
    whole = after(right, "text", heard, first=19, stop=22, paragraphs=both)
    words = [k for k, word in enumerate(right.words) if word.word.segment == 20]
    start, end = spoken(right.words[words[0]]).start - 0.05, spoken(right.words[words[-1]]).end + 0.05
    now = after(whole, "insert", heard, start=start, end=end, speaker=None, text=SENTENCES[20])
    assert texts_of(now)[19] == " ".join(SENTENCES[19:22])
    assert off(now, right, 0.1) == []
    now = after(whole, "insert", heard, start=start, end=end, speaker="Zoé", text=SENTENCES[20])
    assert [s.segment.kind for s in now.segments[19:22]] == [Kind.SPEECH] * 3
    assert texts_of(now)[19:22] == [*SENTENCES[19:22]]
    assert off(now, right, 0.1) == []


def test_what_is_inserted_has_the_apostrophes_of_the_transcript() -> None:
    right, heard = episode()
    curly = after(right, "text", heard, first=19, stop=20, paragraphs=speech("It’s the engineer’s."))
    now = after(curly, "insert", heard, start=0.0, end=1.0, speaker=None, text="Don't say no.")
    assert "Don’t say no." in now.transcript.text


def texts_of(alignment: Alignment) -> list[str]:
    segments = [timed.segment for timed in alignment.segments]
    return [alignment.transcript.text[each.char_start : each.char_end] for each in segments]


@over_rows(
    "kind, given, reason",
    [
        ("place", {"word": 10**6, "start": 1.0, "end": 2.0}, "not in this transcript"),
        ("place", {"word": 5, "start": 2.0, "end": 2.0}, "outside this audio"),
        ("place", {"word": 5, "start": 2.0, "end": 1e8}, "outside this audio"),
        ("start", {"word": 5, "at": 1e8}, "outside this audio"),
        ("move", {"first": 5, "stop": 5, "by": 1.0}, "not in this transcript"),
        ("move", {"first": 5, "stop": 6, "by": -1e5}, "outside this audio"),
        ("unspoken", {"first": 9, "stop": 4}, "not in this transcript"),
        ("accept", {"words": [[0, 10**8]]}, "not in this transcript"),
        ("annotate", {"as": "ad", "start": 1.0, "end": 1e8}, "outside this audio"),
        ("review", {"who": " \n", "share": 1.0}, "a name is needed"),
        ("text", {"first": 1, "stop": 10**6, "paragraphs": []}, "not whole paragraphs"),
        ("insert", {"start": 1.0, "end": 2.0, "speaker": None, "text": "…"}, "no word"),
        ("instead", {"first": 3, "stop": 4, "start": 1.0, "end": 2.0, "text": "…"}, "no word"),
        ("instead", {"first": 4, "stop": 4, "start": 1.0, "end": 2.0, "text": "a"}, "not in this transcript"),
        ("paraphrase", {"first": 3, "stop": 10**6, "start": 1.0, "end": 2.0}, "not in this transcript"),
    ],
)
def test_what_cannot_be_is_refused_in_a_sentence(kind: str, given: dict[str, Any], reason: str) -> None:
    right, heard = episode()
    with pytest.raises(CorrectionError, match=reason):
        corrected(right, command(kind, **given), heard)


@over_rows(
    "given",
    [
        {"kind": "place", "word": -1, "start": 1.0, "end": 2.0},
        {"kind": "place", "word": 1, "start": float("nan"), "end": 2.0},
        {"kind": "place", "word": 1.5, "start": 1.0, "end": 2.0},
        {"kind": "move", "first": 1, "stop": 2, "by": float("inf")},
        {"kind": "accept", "words": [[1, 2]] * 6000},
        {"kind": "review", "who": "x" * 300, "share": 1.0},
        {"kind": "review", "who": "x", "share": 1.1},
        {"kind": "text", "first": 1, "stop": 2, "paragraphs": [{"kind": "song", "speaker": None, "text": "la"}]},
        {"kind": "text", "first": 1, "stop": 2, "paragraphs": speech("x" * 10**6)},
        {"kind": "explode"},
        {},
    ],
)
def test_what_no_page_sends_is_no_correction(given: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"at `\$|missing|Invalid|valid JSON"):
        decode(json.dumps(given).encode(), Command)  # type: ignore[arg-type]


def test_a_word_is_not_set_before_one_that_was_set_and_stands_before_it() -> None:
    right, heard = episode()
    span = spoken(right.words[110])
    once = after(right, "place", heard, word=110, start=span.start, end=span.end)
    with pytest.raises(CorrectionError, match="would be said at"):
        corrected(once, command("place", word=120, start=span.start - 3.0, end=span.start - 2.8), heard)


def test_without_what_was_heard_only_what_was_set_is_another() -> None:
    right, _ = episode()
    span = spoken(right.words[110])
    now = after(right, "place", None, word=110, start=span.start - 0.02, end=span.end)
    assert off(now, right, 0.001) == [110]
    text = SENTENCES[20].replace("e", "o", 1)
    typed = after(right, "text", None, first=20, stop=21, paragraphs=speech(text))
    assert off(typed, right, 0.001) == []


def test_a_correction_goes_with_its_words_where_others_have_changed_something_else() -> None:
    right, heard = episode()
    shorter = corrected(right, command("text", first=2, stop=3, paragraphs=[]), heard)
    gone = sum(word.word.segment == 2 for word in right.words)
    assert words_of(rebased(command("unspoken", first=100, stop=103), right, shorter)) == [
        range(100 - gone, 103 - gone)
    ]
    moved = rebased(command("text", first=9, stop=10, paragraphs=[]), right, shorter)
    assert what_of(moved)["first"] == 8


@over_rows(
    "mine",
    [
        {"kind": "place", "word": 100, "start": 1.0, "end": 1.2},
        {"kind": "unspoken", "first": 98, "stop": 102},
        {"kind": "accept", "words": [[4, 6], [100, 101]]},
    ],
)
def test_a_correction_of_words_that_others_have_set_is_a_conflict(mine: dict[str, Any]) -> None:
    right, heard = episode()
    theirs = corrected(right, command("unspoken", first=100, stop=101), heard)
    with pytest.raises(ConflictError):
        rebased(command(**mine), right, theirs)


def test_text_that_others_have_changed_is_a_conflict_and_times_are_not() -> None:
    right, heard = episode()
    segment = right.words[100].word.segment
    mine = command("text", first=segment, stop=segment + 1, paragraphs=[])
    span = spoken(right.words[100])
    timed = corrected(right, command("place", word=100, start=span.start + 0.03, end=span.end), heard)
    assert rebased(mine, right, timed) == mine
    typed = corrected(right, command("text", first=segment, stop=segment + 1, paragraphs=speech("No.")), heard)
    with pytest.raises(ConflictError):
        rebased(mine, right, typed)


def test_a_paragraph_is_inserted_where_it_was_meant_whatever_was_inserted_before_it() -> None:
    right, _ = episode()
    now = corrected(right, command("text", first=1, stop=1, paragraphs=speech("Something new.")), None)
    mine = rebased(command("text", first=5, stop=5, paragraphs=speech("Mine.")), right, now)
    assert (what_of(mine)["first"], what_of(mine)["stop"]) == (6, 6)


def test_the_history_says_the_kind_and_small_arguments() -> None:
    given = {"kind": "text", "first": 1, "stop": 2, "paragraphs": speech("x" * 500)}
    assert what_of(command(**given)) == {"kind": "text", "first": 1, "stop": 2, "text": "x" * 120}
    assert what_of(command("accept", words=[[1, 2]])) == {"kind": "accept"}


def test_words_before_a_passage_give_way_to_it_and_one_of_which_nothing_is_heard_there_is_refused() -> None:
    right, heard = episode()
    early = spoken(right.words[100]).start
    with pytest.raises(CorrectionError, match="none of these words is found between"):
        corrected(right, command("passage", first=120, stop=160, start=early, end=early + 0.3), heard)
    start = spoken(right.words[118]).start
    end = spoken(right.words[159]).end
    for known in (heard, None):
        now = after(right, "passage", known, first=120, stop=160, start=start, end=end)
        said = [word.span for word in now.words[:120] if word.span]
        assert all(span.end <= start + 0.05 for span in said)
        assert all(word.span is None or word.span.start >= start for word in now.words[120:])
