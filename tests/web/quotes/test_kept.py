"""Saved quotes outlive the transcript that they were saved from."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aligner.errors import SavedQuotesError
from aligner.model import Alignment
from aligner.saved_quotes import LocatedQuote, carry_over, read
from aligner.storage.atomic import write_files
from tests.aligner.captions.spoken import spoken
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from web.errors import NotFound
from web.quotes.kept import FILE, keep, mark_removed, placed, quote_facts, take_nearest

TIDE = (
    "The ferry leaves at nine and the tide waits for nobody.",
    "Nobody believed the captain, who had been wrong before.",
    "And yet the ferry leaves at nine and the tide waits for nobody.",
)


def named(alignment: Alignment, version: str) -> Alignment:
    return replace(alignment, transcript=replace(alignment.transcript, sha256=version * 64))


def shown(alignment: Alignment, quotes: list[LocatedQuote]) -> list[str | None]:
    return [" ".join(alignment.words[k].word.text for k in each.words) if each.words else None for each in quotes]


WHOLE = {
    "id": "1", "text": "The tide", "speaker": None, "char_start": 0, "char_end": 8, "start": 1.0, "end": 2.0,
    "hash": "0badcafe", "created": "2026-01-01T00:00:00+00:00",
}  # fmt: skip


def test_what_is_kept_is_there_again_in_order_of_the_text(tmp_path: Path) -> None:
    tide = named(alignment_of(*TIDE), "a")
    later, sooner = keep(tmp_path, tide, 11, 15), keep(tmp_path, tide, 0, 5)
    assert [each.quote for each in placed(tmp_path, tide)] == [sooner, later]
    assert shown(tide, placed(tmp_path, tide)) == ["The ferry leaves at nine", "Nobody believed the captain,"]
    assert (sooner.text, sooner.hash, sooner.start) == ("The ferry leaves at nine", "aaaaaaaa", 1.0)


def test_the_same_words_are_kept_once(tmp_path: Path) -> None:
    tide = alignment_of(*TIDE)
    assert keep(tmp_path, tide, 0, 5) == keep(tmp_path, tide, 0, 5)
    assert len(placed(tmp_path, tide)) == 1


def test_in_an_edited_transcript_a_quote_is_where_its_words_are(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    kept = keep(tmp_path, old, 11, 20)
    new = named(alignment_of("A preface that nobody had.", TIDE[0], TIDE[1].replace("believed", "believes")), "b")
    write_files(carry_over(tmp_path, old, new))
    [found] = placed(tmp_path, new)
    assert shown(new, [found]) == ["Nobody believes the captain, who had been wrong before."]
    assert (found.quote.id, found.quote.text, found.quote.hash) == (kept.id, kept.text, "bbbbbbbb")
    write_files(carry_over(tmp_path, new, old))
    assert placed(tmp_path, old)[0].quote == kept


def test_a_quote_of_which_a_part_was_deleted_is_whole_again_when_that_is_undone(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    kept = keep(tmp_path, old, 11, 20)
    new = named(alignment_of(TIDE[0], TIDE[1].replace(" wrong before.", "")), "b")
    write_files(carry_over(tmp_path, old, new))
    assert shown(new, placed(tmp_path, new)) == ["Nobody believed the captain, who had been"]
    write_files(carry_over(tmp_path, new, old))
    assert [each.quote for each in placed(tmp_path, old)] == [kept]


def test_of_wording_that_occurs_twice_each_stays_where_it_is(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    first, second = keep(tmp_path, old, 0, 11), keep(tmp_path, old, 22, 33)
    new = named(alignment_of(*TIDE, "And so on."), "b")
    write_files(carry_over(tmp_path, old, new))
    assert [(each.quote.id, each.words) for each in placed(tmp_path, new)] == [
        (first.id, range(0, 11)),
        (second.id, range(22, 33)),
    ]


def test_without_the_old_text_a_quote_is_found_by_its_words_if_they_stand_there_once(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    keep(tmp_path, old, 11, 20)
    other = named(alignment_of("Seals are the only regular passengers of this harbour."), "b")
    assert shown(other, placed(tmp_path, other)) == [None]
    assert placed(tmp_path, other)[0].quote.text == TIDE[1]
    once = named(alignment_of(TIDE[0], TIDE[1].upper()), "c")
    assert shown(once, placed(tmp_path, once)) == [TIDE[1].upper()]
    twice = named(alignment_of(TIDE[1], *TIDE), "d")
    assert shown(twice, placed(tmp_path, twice)) == [None]


PROGRAMMER = (
    ("Ana", "Bonjour à tous."),
    ("Ana", "Je suis programmeur au sein de l’équipe."),
    ("Bo", "Et moi je suis programmeur au sein de l’équipe aussi."),
)


def facts(folder: Path, alignment: Alignment) -> dict[str, Any]:
    [found] = placed(folder, alignment)
    return quote_facts(alignment, found)


def after(folder: Path, *paragraphs: Any, version: str = "b") -> dict[str, Any]:
    """What is told of Ana's sentence, kept before the paragraphs became these."""
    old = spoken_by("Ana", "a")
    if not read(folder):
        keep(folder, old, 3, 10)
    new = named(spoken(*paragraphs), version)
    write_files(carry_over(folder, old, new))
    return facts(folder, new)


def spoken_by(name: str, version: str) -> Alignment:
    return named(spoken(PROGRAMMER[0], (name, PROGRAMMER[1][1]), PROGRAMMER[2], ("Ana", "Merci.")), version)


@over_rows(
    "words, now",
    [
        ("Je suis programmeur", "Je suis développeur"),
        ("programmeur au sein de l’équipe.", "développeur au sein de l’équipe."),
        ("sein de l’équipe.", "sein de toute l’équipe."),
    ],
)
def test_of_words_that_were_corrected_the_new_ones_are_shown_and_all_of_them_are_exported(
    tmp_path: Path, words: str, now: str
) -> None:
    old, sentence = spoken_by("Ana", "a"), PROGRAMMER[1][1]
    first = 3 + sentence.split().index(words.split()[0])
    keep(tmp_path, old, first, first + len(words.split()))
    told = after(tmp_path, PROGRAMMER[0], ("Ana", sentence.replace(words, now)), *PROGRAMMER[2:])
    assert (told["text"], told["was"], told["speaker"]) == (now, words, "Ana")
    assert (told["first"], told["last"]) == (first, first + len(now.split()))


@over_rows(
    "new, lost",
    [
        ((("Bo", PROGRAMMER[1][1]), ("Ana", "Merci.")), "speaker"),
        ((("Ana", "Je fais au sein de quelques choses et plus."),), "words"),
        ((("Ana", "Les oiseaux chantent dans notre forêt profonde."), PROGRAMMER[2]), "gone"),
        ((PROGRAMMER[2],), "gone"),
    ],
)
def test_a_quote_of_which_most_is_gone_or_that_somebody_else_says_is_lost_and_says_why(
    tmp_path: Path, new: tuple[tuple[str, str], ...], lost: str
) -> None:
    told = after(tmp_path, PROGRAMMER[0], *new)
    assert (told["first"], told["last"], told["lost"]) == (None, None, lost)
    assert (told["text"], told["speaker"]) == (PROGRAMMER[1][1], "Ana")
    assert told["fragment"] == "#t=2.14,5.04"  # its moment
    assert facts(tmp_path, spoken_by("Ana", "a"))["first"] == 3, "it comes back with its words"


def test_the_moment_of_a_quote_is_told_of_its_own_sound_alone(tmp_path: Path) -> None:
    keep(tmp_path, spoken_by("Ana", "a"), 3, 10)
    new = named(spoken(PROGRAMMER[0], ("Ana", "Merci.")), "b")
    told = facts(tmp_path, replace(new, audio=replace(new.audio, sha256="c" * 64)))
    assert (told["first"], told["lost"], told["fragment"]) == (None, "gone", None)


def test_a_sentence_that_was_moved_is_still_the_quote(tmp_path: Path) -> None:
    told = after(tmp_path, ("Ana", f"{PROGRAMMER[1][1]} {PROGRAMMER[0][1]}"), *PROGRAMMER[2:], ("Ana", "Merci."))
    assert (told["first"], told["last"]) == (0, 7)


def test_the_same_words_that_stood_elsewhere_are_another_quote(tmp_path: Path) -> None:
    old = named(spoken(("Ana", "Oui. Bonjour à tous. Oui.")), "a")
    keep(tmp_path, old, 0, 1)
    new = named(spoken(("Ana", "Bonjour à tous. Oui.")), "b")
    write_files(carry_over(tmp_path, old, new))
    assert facts(tmp_path, new)["first"] is None


def test_in_the_place_of_a_lost_quote_a_passage_that_is_like_it_is_suggested_and_taken_if_wanted(
    tmp_path: Path,
) -> None:
    lost = after(tmp_path, PROGRAMMER[0], ("Bo", PROGRAMMER[1][1]), ("Ana", "Merci."))
    nearest = lost["nearest"]
    assert (nearest["speaker"], nearest["text"]) == ("Bo", PROGRAMMER[1][1])
    new = named(spoken(PROGRAMMER[0], ("Bo", PROGRAMMER[1][1]), ("Ana", "Merci.")), "b")
    [kept] = read(tmp_path)
    taken, is_new = take_nearest(tmp_path, new, kept.id)
    told = facts(tmp_path, new)
    assert {name: told[name] for name in nearest} == nearest
    assert (told["id"], told["was"], told["nearest"], is_new) == (taken.id, None, None, True)
    with pytest.raises(NotFound, match=r"kept\.nothing_near"):
        take_nearest(tmp_path, new, kept.id)
    mark_removed(tmp_path, kept.id, False)
    mark_removed(tmp_path, taken.id, True)
    assert facts(tmp_path, new) == lost


def test_a_name_that_a_new_transcript_lacks_stays_and_one_that_was_corrected_is_shown(tmp_path: Path) -> None:
    told = after(tmp_path, *((None, text) for _, text in PROGRAMMER))
    assert (told["first"], told["speaker"]) == (3, "Ana")
    renamed = [("Anna Lys" if name == "Ana" else name, text) for name, text in PROGRAMMER]
    (tmp_path / "renamed").mkdir()
    told = after(tmp_path / "renamed", *renamed)
    assert (told["first"], told["speaker"], told["was"]) == (3, "Anna Lys", None)


def test_a_quotes_file_that_is_damaged_does_not_stop_a_correction(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    write_files(carry_over(tmp_path, spoken_by("Ana", "a"), spoken_by("Bo", "b")))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == "{"


DAMAGED = json.dumps({"format": "quotecast-quotes", "version": 1, "quotes": [WHOLE | {"start": "1"}]})


@over_rows("content", ["{", "[]", '{"format": "quotecast-quotes", "version": 2}', DAMAGED, "\udcff"])
def test_a_damaged_file_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    data = content.encode("utf-8", "surrogateescape")
    (tmp_path / FILE).write_bytes(data)
    for act in (lambda: keep(tmp_path, alignment_of(*TIDE), 0, 5), lambda: placed(tmp_path, alignment_of(*TIDE))):
        with pytest.raises(SavedQuotesError):
            act()
    assert (tmp_path / FILE).read_bytes() == data
