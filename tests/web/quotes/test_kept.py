"""Kept quotes outlive the transcript that they were kept from."""

import json
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from aligner.model import Alignment
from tests.aligner.episodes import alignment_of
from web.errors import Conflict, NotFound, Unusable
from web.quotes.kept import FILE, Placed, keep, placed, remove, take_back

TIDE = (
    "The ferry leaves at nine and the tide waits for nobody.",
    "Nobody believed the captain, who had been wrong before.",
    "And yet the ferry leaves at nine and the tide waits for nobody.",
)


def named(alignment: Alignment, version: str) -> Alignment:
    return replace(alignment, transcript=replace(alignment.transcript, sha256=version * 64))


def shown(alignment: Alignment, quotes: list[Placed]) -> list[str | None]:
    return [" ".join(alignment.words[k].word.text for k in each.words) if each.words else None for each in quotes]


WHOLE = {
    "id": "1", "text": "The tide", "speaker": None, "char_start": 0, "char_end": 8, "start": 1.0, "end": 2.0,
    "hash": "0badcafe", "created": "2026-01-01T00:00:00+00:00",
}  # fmt: skip


def test_what_is_kept_is_there_again_in_order_of_the_text(tmp_path: Path) -> None:
    tide = named(alignment_of(*TIDE), "a")
    later, sooner = keep(tmp_path, tide, 11, 15), keep(tmp_path, tide, 0, 5)
    assert [each.kept for each in placed(tmp_path, tide)] == [sooner, later]
    assert shown(tide, placed(tmp_path, tide)) == ["The ferry leaves at nine", "Nobody believed the captain,"]
    assert (sooner.text, sooner.hash, sooner.start) == ("The ferry leaves at nine", "aaaaaaaa", 1.0)


def test_the_same_words_are_kept_once(tmp_path: Path) -> None:
    tide = alignment_of(*TIDE)
    assert keep(tmp_path, tide, 0, 5) == keep(tmp_path, tide, 0, 5)
    assert len(placed(tmp_path, tide)) == 1


def test_words_that_are_not_there_are_not_kept(tmp_path: Path) -> None:
    with pytest.raises(Unusable, match=r"quote\.no_words"):
        keep(tmp_path, alignment_of(*TIDE), 3, 900)
    assert not (tmp_path / FILE).exists()


def test_in_a_corrected_transcript_a_quote_is_found_by_its_words(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    kept = keep(tmp_path, old, 11, 20)
    new = named(alignment_of("A preface that nobody had.", TIDE[0], TIDE[1].replace("believed", "believes")), "b")
    [found] = placed(tmp_path, new)
    assert shown(new, [found]) == ["Nobody believes the captain, who had been wrong before."]
    assert (found.kept.id, found.kept.text, found.kept.hash) == (kept.id, kept.text, "bbbbbbbb")
    assert placed(tmp_path, new) == [found]


def test_of_wording_that_occurs_twice_the_sound_tells_which_was_kept(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    first, second = keep(tmp_path, old, 0, 11), keep(tmp_path, old, 22, 33)
    new = named(old, "b")
    assert [(each.kept.id, each.words) for each in placed(tmp_path, new)] == [
        (first.id, range(0, 11)),
        (second.id, range(22, 33)),
    ]


def test_a_quote_that_is_gone_is_shown_as_lost_and_comes_back_with_its_words(tmp_path: Path) -> None:
    old = named(alignment_of(*TIDE), "a")
    kept = keep(tmp_path, old, 11, 20)
    other = named(alignment_of("Seals are the only regular passengers of this harbour."), "b")
    assert shown(other, placed(tmp_path, other)) == [None]
    assert placed(tmp_path, other)[0].kept.text == kept.text
    third = named(alignment_of(TIDE[0], TIDE[1]), "c")
    assert shown(third, placed(tmp_path, third)) == [TIDE[1]]


def test_what_is_removed_can_be_taken_back(tmp_path: Path) -> None:
    tide = alignment_of(*TIDE)
    kept = keep(tmp_path, tide, 0, 5)
    remove(tmp_path, kept.id)
    assert placed(tmp_path, tide) == []
    take_back(tmp_path, kept.id)
    assert [each.kept for each in placed(tmp_path, tide)] == [kept]
    with pytest.raises(NotFound):
        remove(tmp_path, "another")


@pytest.mark.parametrize(
    "content", ["{", "[]", '{"format": "quotecast-quotes", "version": 2}', '{"quotes": 3}', "\udcff"]
)
def test_a_damaged_file_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    data = content.encode("utf-8", "surrogateescape")
    (tmp_path / FILE).write_bytes(data)
    with pytest.raises(Conflict, match=r"kept\.damaged"):
        keep(tmp_path, alignment_of(*TIDE), 0, 5)
    assert (tmp_path / FILE).read_bytes() == data


@pytest.mark.parametrize(
    "entry",
    [
        {},
        {"id": "1", "text": 3},
        "text",
        None,
        *(WHOLE | wrong for wrong in ({"id": 1}, {"start": "1"}, {"end": float("nan")}, {"speaker": ["Ada"]})),
    ],
)
def test_a_damaged_entry_is_told(tmp_path: Path, entry: object) -> None:
    (tmp_path / FILE).write_text(json.dumps({"format": "quotecast-quotes", "version": 1, "quotes": [entry]}))
    with pytest.raises(Conflict, match=r"kept\.damaged"):
        placed(tmp_path, alignment_of(*TIDE))


def test_quotes_that_are_kept_at_once_are_all_kept(tmp_path: Path) -> None:
    tide = alignment_of(*TIDE)
    threads = [Thread(target=keep, args=(tmp_path, tide, k, k + 2)) for k in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.words for each in placed(tmp_path, tide)] == [range(k, k + 2) for k in range(16)]
