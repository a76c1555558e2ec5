"""Saved quotes follow their words through changes of the transcript."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aligner.errors import SavedQuotesError
from aligner.model import Alignment
from aligner.saved_quotes import LocatedQuote, carry_over_quotes, read
from aligner.storage.atomic import write_files
from tests.aligner.captions.spoken import spoken
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from web.errors import NotFound
from web.quotes.saved import FILE, accept_nearest, located_quotes, mark_removed, quote_facts, save_quote

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


def test_saved_quotes_are_listed_in_the_order_of_the_text(tmp_path: Path) -> None:
    tide = named(alignment_of(*TIDE), "a")
    later, sooner = save_quote(tmp_path, tide, 11, 15), save_quote(tmp_path, tide, 0, 5)
    assert [each.quote for each in located_quotes(tmp_path, tide)] == [sooner, later]
    assert shown(tide, located_quotes(tmp_path, tide)) == ["The ferry leaves at nine", "Nobody believed the captain,"]
    assert (sooner.text, sooner.hash, sooner.start) == ("The ferry leaves at nine", "aaaaaaaa", 1.0)


def test_the_same_words_are_saved_once(tmp_path: Path) -> None:
    tide = alignment_of(*TIDE)
    assert save_quote(tmp_path, tide, 0, 5) == save_quote(tmp_path, tide, 0, 5)
    assert len(located_quotes(tmp_path, tide)) == 1


def test_a_quote_follows_its_words_in_an_edited_transcript(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    kept = save_quote(tmp_path, old, 11, 20)
    new = named(alignment_of("A preface that nobody had.", TIDE[0], TIDE[1].replace("believed", "believes")), "b")
    write_files(carry_over_quotes(tmp_path, old, new))
    [found] = located_quotes(tmp_path, new)
    assert shown(new, [found]) == ["Nobody believes the captain, who had been wrong before."]
    assert (found.quote.id, found.quote.text, found.quote.hash) == (kept.id, kept.text, "bbbbbbbb")
    write_files(carry_over_quotes(tmp_path, new, old))
    assert located_quotes(tmp_path, old)[0].quote == kept


def test_undoing_a_deletion_restores_a_quote(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    kept = save_quote(tmp_path, old, 11, 20)
    new = named(alignment_of(TIDE[0], TIDE[1].replace(" wrong before.", "")), "b")
    write_files(carry_over_quotes(tmp_path, old, new))
    assert shown(new, located_quotes(tmp_path, new)) == ["Nobody believed the captain, who had been"]
    write_files(carry_over_quotes(tmp_path, new, old))
    assert [each.quote for each in located_quotes(tmp_path, old)] == [kept]


def test_quotes_with_equal_words_keep_their_locations(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    first, second = save_quote(tmp_path, old, 0, 11), save_quote(tmp_path, old, 22, 33)
    new = named(alignment_of(*TIDE, "And so on."), "b")
    write_files(carry_over_quotes(tmp_path, old, new))
    assert [(each.quote.id, each.words) for each in located_quotes(tmp_path, new)] == [
        (first.id, range(0, 11)),
        (second.id, range(22, 33)),
    ]


def test_without_the_old_text_a_quote_is_found_by_its_unique_words(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    save_quote(tmp_path, old, 11, 20)
    other = named(alignment_of("Seals are the only regular passengers of this harbour."), "b")
    assert shown(other, located_quotes(tmp_path, other)) == [None]
    assert located_quotes(tmp_path, other)[0].quote.text == TIDE[1]
    once = named(alignment_of(TIDE[0], TIDE[1].upper()), "c")
    assert shown(once, located_quotes(tmp_path, once)) == [TIDE[1].upper()]
    twice = named(alignment_of(TIDE[1], *TIDE), "d")
    assert shown(twice, located_quotes(tmp_path, twice)) == [None]


PROGRAMMER = (
    ("Ana", "Bonjour à tous."),
    ("Ana", "Je suis programmeur au sein de l’équipe."),
    ("Bo", "Et moi je suis programmeur au sein de l’équipe aussi."),
)


def facts(folder: Path, alignment: Alignment) -> dict[str, Any]:
    [found] = located_quotes(folder, alignment)
    return quote_facts(alignment, found)


def after(folder: Path, *paragraphs: Any, version: str = "b") -> dict[str, Any]:
    """Return the status of Ana's saved sentence after the paragraphs became these."""
    old = spoken_by("Ana", "a")
    if not read(folder):
        save_quote(folder, old, 3, 10)
    new = named(spoken(*paragraphs), version)
    write_files(carry_over_quotes(folder, old, new))
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
def test_corrected_words_of_a_quote_are_shown_and_exported(tmp_path: Path, words: str, now: str) -> None:
    old, sentence = spoken_by("Ana", "a"), PROGRAMMER[1][1]
    first = 3 + sentence.split().index(words.split()[0])
    save_quote(tmp_path, old, first, first + len(words.split()))
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
def test_a_quote_with_missing_words_or_another_speaker_is_lost(
    tmp_path: Path, new: tuple[tuple[str, str], ...], lost: str
) -> None:
    told = after(tmp_path, PROGRAMMER[0], *new)
    assert (told["first"], told["last"], told["lost"]) == (None, None, lost)
    assert (told["text"], told["speaker"]) == (PROGRAMMER[1][1], "Ana")
    assert told["fragment"] == "#t=2.14,5.04"  # its moment
    assert facts(tmp_path, spoken_by("Ana", "a"))["first"] == 3, "it comes back with its words"


def test_the_time_of_a_lost_quote_is_shown_only_for_its_own_audio(tmp_path: Path) -> None:
    save_quote(tmp_path, spoken_by("Ana", "a"), 3, 10)
    new = named(spoken(PROGRAMMER[0], ("Ana", "Merci.")), "b")
    told = facts(tmp_path, replace(new, audio=replace(new.audio, sha256="c" * 64)))
    assert (told["first"], told["lost"], told["fragment"]) == (None, "gone", None)


def test_a_moved_sentence_is_still_the_quote(tmp_path: Path) -> None:
    told = after(tmp_path, ("Ana", f"{PROGRAMMER[1][1]} {PROGRAMMER[0][1]}"), *PROGRAMMER[2:], ("Ana", "Merci."))
    assert (told["first"], told["last"]) == (0, 7)


def test_equal_words_elsewhere_are_another_quote(tmp_path: Path) -> None:
    old = named(spoken(("Ana", "Oui. Bonjour à tous. Oui.")), "a")
    save_quote(tmp_path, old, 0, 1)
    new = named(spoken(("Ana", "Bonjour à tous. Oui.")), "b")
    write_files(carry_over_quotes(tmp_path, old, new))
    assert facts(tmp_path, new)["first"] is None


def test_a_similar_passage_is_suggested_for_a_lost_quote(tmp_path: Path) -> None:
    lost = after(tmp_path, PROGRAMMER[0], ("Bo", PROGRAMMER[1][1]), ("Ana", "Merci."))
    nearest = lost["nearest"]
    assert (nearest["speaker"], nearest["text"]) == ("Bo", PROGRAMMER[1][1])
    new = named(spoken(PROGRAMMER[0], ("Bo", PROGRAMMER[1][1]), ("Ana", "Merci.")), "b")
    [kept] = read(tmp_path)
    taken, is_new = accept_nearest(tmp_path, new, kept.id)
    told = facts(tmp_path, new)
    assert {name: told[name] for name in nearest} == nearest
    assert (told["id"], told["was"], told["nearest"], is_new) == (taken.id, None, None, True)
    with pytest.raises(NotFound, match=r"kept\.nothing_near"):
        accept_nearest(tmp_path, new, kept.id)
    mark_removed(tmp_path, kept.id, False)
    mark_removed(tmp_path, taken.id, True)
    assert facts(tmp_path, new) == lost


def test_a_quote_keeps_its_speaker_or_shows_the_corrected_one(tmp_path: Path) -> None:
    told = after(tmp_path, *((None, text) for _, text in PROGRAMMER))
    assert (told["first"], told["speaker"]) == (3, "Ana")
    renamed = [("Anna Lys" if name == "Ana" else name, text) for name, text in PROGRAMMER]
    (tmp_path / "renamed").mkdir()
    told = after(tmp_path / "renamed", *renamed)
    assert (told["first"], told["speaker"], told["was"]) == (3, "Anna Lys", None)


def test_a_damaged_quotes_file_does_not_stop_a_correction(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("{", encoding="utf-8")
    write_files(carry_over_quotes(tmp_path, spoken_by("Ana", "a"), spoken_by("Bo", "b")))
    assert (tmp_path / FILE).read_text(encoding="utf-8") == "{"


DAMAGED = json.dumps({"format": "quotecast-quotes", "version": 1, "quotes": [WHOLE | {"start": "1"}]})


@over_rows("content", ["{", "[]", '{"format": "quotecast-quotes", "version": 2}', DAMAGED, "\udcff"])
def test_a_damaged_quotes_file_is_not_changed(tmp_path: Path, content: str) -> None:
    data = content.encode("utf-8", "surrogateescape")
    (tmp_path / FILE).write_bytes(data)
    for act in (
        lambda: save_quote(tmp_path, alignment_of(*TIDE), 0, 5),
        lambda: located_quotes(tmp_path, alignment_of(*TIDE)),
    ):
        with pytest.raises(SavedQuotesError):
            act()
    assert (tmp_path / FILE).read_bytes() == data
