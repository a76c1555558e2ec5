"""Kept quotes outlive the transcript that they were kept from."""

import json
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Thread
from typing import Any

import pytest

from aligner.model import Alignment, Kind, Status
from aligner.quotes import search
from tests.aligner.captions.spoken import spoken
from tests.aligner.episodes import alignment_of
from tests.tables import over_rows
from web.errors import Conflict, NotFound
from web.quotes.facts import page_of_quotes
from web.quotes.kept import FILE, Placed, keep, placed, remove, take_back, take_nearest
from web.quotes.links import read_fragment, resolve

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


PROGRAMMER = (
    ("Ana", "Bonjour à tous."),
    ("Ana", "Je suis programmeur au sein de l’équipe."),
    ("Bo", "Et moi je suis programmeur au sein de l’équipe aussi."),
)


def facts(folder: Path, alignment: Alignment) -> dict[str, Any]:
    [told], following = page_of_quotes(alignment, placed(folder, alignment))
    assert following is None
    return told


def replaced(old: str, new: str, *paragraphs: tuple[str | None, str], version: str = "b") -> Alignment:
    """The paragraphs in another wording, at the times of the old one."""
    return named(spoken(*((name, text.replace(old, new)) for name, text in paragraphs)), version)


@over_rows("words", ["Je suis programmeur", "programmeur au sein de l’équipe."])
def test_of_words_that_were_corrected_the_new_ones_are_shown_and_all_of_them_are_exported(
    tmp_path: Path, words: str
) -> None:
    old = named(spoken(*PROGRAMMER), "a")
    first = 3 + PROGRAMMER[1][1].split().index(words.split()[0])
    keep(tmp_path, old, first, first + len(words.split()))
    new = replaced("programmeur", "développeur", *PROGRAMMER)
    told = facts(tmp_path, new)
    assert told["text"] == words.replace("programmeur", "développeur")
    assert (told["was"], told["speaker"]) == (words, "Ana")
    assert (told["first"], told["last"]) == (first, first + len(words.split()))
    assert facts(tmp_path, new) == told


def test_a_corrected_word_that_is_not_found_in_the_sound_does_not_shorten_a_quote(tmp_path: Path) -> None:
    keep(tmp_path, named(spoken("Le port dort encore ce soir, programmeur."), "a"), 0, 7)
    new = named(spoken("Le port dort encore ce soir, ~développeur.", "Rien."), "b")
    assert facts(tmp_path, new)["last"] == 7


@over_rows(
    "old, new, unheard, words, text",
    [
        ("rendez-vous", "rencontre", 2, range(2, 8), "rencontre de toutes celles et ceux qui"),
        ("écoutent", "regardent", 9, range(3, 9), "de toutes celles et ceux qui regardent"),
    ],
)
def test_a_first_or_last_word_that_is_another_now_is_shown_though_it_is_not_in_the_sound(
    tmp_path: Path, old: str, new: str, unheard: int, words: range, text: str
) -> None:
    said = "Voici le rendez-vous de celles et ceux qui écoutent demain."
    keep(tmp_path, named(spoken(said), "a"), words.start, words.stop)
    printed = spoken(said.replace(old, new).replace("celles", "~toutes celles"))
    timed = list(printed.words)
    timed[unheard] = replace(timed[unheard], span=None, status=Status.UNSPOKEN)
    told = facts(tmp_path, named(replace(printed, words=tuple(timed)), "b"))
    assert (told["text"], told["first"], told["last"]) == (text, words.start, words.stop + 1)


@over_rows("new", ["Absolument rien.", "~Absolument rien."])
def test_one_word_of_three_is_no_quote_any_more(tmp_path: Path, new: str) -> None:
    keep(tmp_path, named(spoken("Le port dort.", "Rien du tout."), "a"), 3, 6)
    told = facts(tmp_path, named(spoken("Le port dort.", new), "b"))
    assert (told["text"], told["first"], told["last"]) == ("Rien du tout.", None, None)


@over_rows(
    "new",
    [
        (PROGRAMMER[0], PROGRAMMER[2]),  # another says nearly the same, later
        (PROGRAMMER[0], ("Bo", f"|2.9 {PROGRAMMER[2][1]}")),
        (PROGRAMMER[0], ("Bo", PROGRAMMER[1][1]), PROGRAMMER[2], ("Ana", "Merci.")),  # another says the same words
        (PROGRAMMER[0], ("Ana", "Les oiseaux chantent dans la forêt profonde."), PROGRAMMER[2]),
        (("Ana", "Bonjour à tous. Je"), ("Bo", "|1.9 de l’équipe aussi.")),
    ],
)
def test_a_quote_never_becomes_what_somebody_else_says(tmp_path: Path, new: tuple[tuple[str, str], ...]) -> None:
    keep(tmp_path, named(spoken(*PROGRAMMER), "a"), 3, 10)
    told = facts(tmp_path, named(spoken(*new), "b"))
    assert (told["first"], told["last"], told["speaker_was"]) == (None, None, None)
    assert (told["text"], told["speaker"]) == (PROGRAMMER[1][1], "Ana")


def by_hand(alignment: Alignment, *paragraphs: int) -> Alignment:
    """The alignment, of which a person has set these paragraphs."""
    segments = tuple(replace(each, pinned=k in paragraphs) for k, each in enumerate(alignment.transcript.segments))
    timed = tuple(replace(each, segment=own) for each, own in zip(alignment.segments, segments, strict=True))
    return replace(alignment, segments=timed, transcript=replace(alignment.transcript, segments=segments))


def spoken_by(name: str, version: str) -> Alignment:
    return named(spoken(PROGRAMMER[0], (name, PROGRAMMER[1][1]), PROGRAMMER[2], ("Ana", "Merci.")), version)


def test_where_a_person_set_the_speaker_right_the_quote_goes_with_its_words_and_tells_who_it_was(
    tmp_path: Path,
) -> None:
    keep(tmp_path, spoken_by("Ana", "a"), 3, 10)
    for version, name in (("b", "Bo"), ("c", "Cy")):
        told = facts(tmp_path, by_hand(spoken_by(name, version), 1))
        assert (told["first"], told["speaker"], told["speaker_was"]) == (3, name, "Ana")
    told = facts(tmp_path, spoken_by("Ana", "d"))  # taken back
    assert (told["first"], told["speaker"], told["speaker_was"]) == (3, "Ana", None)


def test_a_person_who_set_another_moment_or_other_words_gave_the_quote_to_nobody(tmp_path: Path) -> None:
    keep(tmp_path, spoken_by("Ana", "a"), 3, 10)
    shifted = spoken(PROGRAMMER[0], ("Bo", f"|0.6 {PROGRAMMER[1][1]}"), PROGRAMMER[2], ("Ana", "Merci."))
    reworded = spoken(PROGRAMMER[0], ("Bo", "Je suis docteur au fond de la forêt."), PROGRAMMER[2], ("Ana", "Merci."))
    for version, new in (("b", shifted), ("c", reworded)):
        told = facts(tmp_path, by_hand(named(new, version), 1))
        assert (told["first"], told["speaker"]) == (None, "Ana")


@over_rows("kind", [Kind.HEADING, Kind.NOTE])
def test_what_a_person_made_a_heading_or_a_note_is_still_the_quote_and_says_what_it_is(
    tmp_path: Path, kind: Kind
) -> None:
    keep(tmp_path, spoken_by("Ana", "a"), 3, 10)
    after = ("Bo", f"|2.9 {PROGRAMMER[2][1]}")
    told = facts(tmp_path, by_hand(named(spoken(PROGRAMMER[0], (kind, PROGRAMMER[1][1]), after), "b"), 1))
    assert (told["first"], told["last"], told["kind"], told["speaker"]) == (3, 10, kind, "Ana")
    elsewhere = (PROGRAMMER[0], ("Bo", f"|2.9 {PROGRAMMER[2][1]}"), (kind, PROGRAMMER[1][1]))
    assert facts(tmp_path, by_hand(named(spoken(*elsewhere), "c"), 2))["first"] is None
    told = facts(tmp_path, spoken_by("Ana", "d"))
    assert (told["first"], told["kind"], told["was"]) == (3, None, None)


@over_rows(
    "now, lost",
    [
        (("Bo", PROGRAMMER[1][1]), "speaker"),
        (("Ana", "Je fais au sein de quelques choses et plus."), "words"),
        (("Ana", "Les oiseaux chantent dans notre forêt profonde."), "gone"),
    ],
)
def test_a_lost_quote_says_what_became_of_its_words_and_leads_to_its_moment(
    tmp_path: Path, now: tuple[str, str], lost: str
) -> None:
    keep(tmp_path, spoken_by("Ana", "a"), 3, 10)
    new = named(spoken(PROGRAMMER[0], now, ("Ana", "Merci.")), "b")
    told = facts(tmp_path, new)
    assert (told["first"], told["lost"]) == (None, lost)
    link = read_fragment(told["fragment"])
    assert link
    assert link.chars is None
    assert resolve(new, link).words


def test_the_moment_of_a_quote_is_told_of_its_own_sound_alone(tmp_path: Path) -> None:
    keep(tmp_path, spoken_by("Ana", "a"), 3, 10)
    new = named(spoken(PROGRAMMER[0], ("Ana", "Merci.")), "b")
    told = facts(tmp_path, replace(new, audio=replace(new.audio, sha256="c" * 64)))
    assert (told["first"], told["lost"], told["fragment"]) == (None, "gone", None)


def test_without_names_it_is_the_moment_of_the_sound_that_tells_a_quote_from_its_like(tmp_path: Path) -> None:
    nobody = [(None, text) for _, text in PROGRAMMER]
    keep(tmp_path, named(spoken(*nobody), "a"), 3, 10)
    assert facts(tmp_path, named(spoken(nobody[0], f"|2.9 {nobody[2][1]}"), "b"))["first"] is None


def test_of_a_lost_quote_the_nearest_passage_is_told_and_taken_if_somebody_wants_it(tmp_path: Path) -> None:
    kept = keep(tmp_path, named(spoken(*PROGRAMMER), "a"), 3, 10)
    new = named(spoken(PROGRAMMER[0], PROGRAMMER[2]), "b")
    lost = facts(tmp_path, new)
    nearest = lost["nearest"]
    assert (nearest["speaker"], nearest["text"]) == ("Bo", PROGRAMMER[2][1])
    assert facts(tmp_path, new) == lost
    taken, is_new = take_nearest(tmp_path, new, kept.id)
    told = facts(tmp_path, new)
    assert {name: told[name] for name in nearest} == nearest
    assert (told["id"], told["was"], told["nearest"], is_new) == (taken.id, None, None, True)
    with pytest.raises(NotFound, match=r"kept\.gone"):
        take_nearest(tmp_path, new, kept.id)
    take_back(tmp_path, kept.id)
    remove(tmp_path, taken.id)
    assert facts(tmp_path, new) == lost


MARKET = (
    ("Ana", "Bonjour. Jeudi, une dame de 82 ans a changé son premier pneu. En 1997, elle en rêvait déjà."),
    ("Bo", "Notre atelier ouvre chaque samedi, de 10 heures à midi. Il faut parfois une chaîne."),
    ("Cy", "Nous en avions d’ailleurs une bonne à vous dire."),
)


def nearest_of(folder: Path, words: str, *new: tuple[str | None, str]) -> str | None:
    """The text of what is suggested for words that were kept of the market, where its transcript is ``new``."""
    old = named(spoken(*MARKET), "a")
    [place] = search(old, words).places
    keep(folder, old, place.words.start, place.words.stop)
    told = facts(folder, named(spoken(*new), "b"))
    assert told["first"] is None
    return told["nearest"] and " ".join(told["nearest"]["text"].split())


@over_rows("words", ["une dame de 82 ans", "chaque samedi, de 10 heures à midi."])
def test_where_nothing_is_near_nothing_is_suggested(tmp_path: Path, words: str) -> None:
    without = [
        (MARKET[0][0], "Bonjour. En |4.0 1997, elle en rêvait déjà."),
        (MARKET[1][0], "Il faut |4.0 parfois une chaîne."),
        MARKET[2],
    ]
    assert nearest_of(tmp_path, words, *without) is None


@over_rows("here", ["Ça va chaque samedi.", "~chaque ~samedi, ~de ~10 ~heures ~vers ~midi."])
def test_what_is_suggested_is_said_and_within_one_sentence(tmp_path: Path, here: str) -> None:
    later = ("Dee", "|60.0 Ah, midi. Vous dites : chaque samedi, de 10 heures à midi. Chaque jour.")
    told = nearest_of(tmp_path, "chaque samedi, de 10 heures à midi.", MARKET[0], ("Bo", here), MARKET[2], later)
    assert told == "chaque samedi, de 10 heures à midi."


def test_for_a_whole_sentence_a_whole_one_is_suggested(tmp_path: Path) -> None:
    old = named(spoken("Notre atelier ouvre chaque samedi, de 10 heures à midi !"), "a")
    keep(tmp_path, old, 0, len(old.words))
    new = spoken("Rien.", "|60.0 Ah. Et notre atelier ouvre chaque samedi matin, de 10 heures à midi. Bien.")
    suggested = facts(tmp_path, named(new, "b"))["nearest"]
    assert (suggested["first"], suggested["last"]) == (2, 14)


def test_a_name_that_a_new_transcript_lacks_stays_and_one_that_was_corrected_is_shown(tmp_path: Path) -> None:
    keep(tmp_path, named(spoken(*PROGRAMMER), "a"), 3, 10)
    nobody = named(spoken(*((None, text) for _, text in PROGRAMMER)), "b")
    assert facts(tmp_path, nobody)["speaker"] == "Ana"
    corrected = named(spoken(*(("Anna Lys" if name == "Ana" else name, text) for name, text in PROGRAMMER)), "c")
    told = facts(tmp_path, corrected)
    assert (told["first"], told["speaker"], told["was"]) == (3, "Anna Lys", None)


def test_in_another_sound_a_quote_is_where_the_same_person_says_its_words(tmp_path: Path) -> None:
    old = named(spoken(*PROGRAMMER), "a")
    keep(tmp_path, old, 3, 10)
    new = named(spoken(("Ana", "Une annonce. |60.0 Et une autre."), *PROGRAMMER), "b")
    new = replace(new, audio=replace(new.audio, sha256="c" * 64))
    assert facts(tmp_path, new)["first"] == 8


DAMAGED = json.dumps({"format": "quotecast-quotes", "version": 1, "quotes": [WHOLE | {"start": "1"}]})


@over_rows("content", ["{", "[]", '{"format": "quotecast-quotes", "version": 2}', DAMAGED, "\udcff"])
def test_a_damaged_file_is_left_as_it_is(tmp_path: Path, content: str) -> None:
    data = content.encode("utf-8", "surrogateescape")
    (tmp_path / FILE).write_bytes(data)
    for act in (lambda: keep(tmp_path, alignment_of(*TIDE), 0, 5), lambda: placed(tmp_path, alignment_of(*TIDE))):
        with pytest.raises(Conflict, match=r"kept\.damaged"):
            act()
    assert (tmp_path / FILE).read_bytes() == data


def test_quotes_that_are_kept_at_once_are_all_kept(tmp_path: Path) -> None:
    tide = alignment_of(*TIDE)
    threads = [Thread(target=keep, args=(tmp_path, tide, k, k + 2)) for k in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [each.words for each in placed(tmp_path, tide)] == [range(k, k + 2) for k in range(16)]


def written(folder: Path, *quotes: dict[str, Any], **others: object) -> Path:
    path = folder / FILE
    content = {"format": "quotecast-quotes", "version": 1, "quotes": list(quotes)} | others
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


@cache
def long() -> Alignment:
    """60,000 characters."""
    return named(alignment_of(*TIDE * 400), "a")


FIRST = WHOLE | {"hash": "aaaaaaaa", "text": "The ferry leaves", "char_end": 16}


def test_a_quote_that_is_longer_than_any_is_lost_by_itself(tmp_path: Path) -> None:
    written(tmp_path, FIRST, FIRST | {"id": "2", "text": "x", "char_end": 50_000})
    told, _ = page_of_quotes(long(), placed(tmp_path, long()))
    assert [(each["id"], each["text"], each["first"]) for each in told] == [
        ("1", "The ferry leaves", 0),
        ("2", "x", None),
    ]


def test_more_quotes_than_an_episode_may_have_are_told_and_the_file_is_left(tmp_path: Path) -> None:
    path = written(tmp_path, *(FIRST | {"id": str(k)} for k in range(5001)))
    before = path.read_bytes()
    with pytest.raises(Conflict, match=r"kept\.full"):
        placed(tmp_path, long())
    with pytest.raises(Conflict, match=r"kept\.full"):
        keep(tmp_path, long(), 0, 3)
    assert path.read_bytes() == before


def test_what_somebody_else_wrote_into_the_file_stays(tmp_path: Path) -> None:
    note = [1, {"deep": None}]
    tide = named(alignment_of(*TIDE), "a")
    path = written(tmp_path, FIRST | {"note": note, "hash": "b" * 8}, FIRST | {"id": "2"}, editor=note)
    assert [each.words for each in placed(tmp_path, tide)] == [range(0, 3)] * 2  # the first is sought, and written
    keep(tmp_path, tide, 11, 15)
    remove(tmp_path, "2")
    file = json.loads(path.read_text(encoding="utf-8"))
    assert file["editor"] == note
    assert [each.get("note") for each in file["quotes"]] == [note, None, None]
    assert file["quotes"][0]["hash"] == "aaaaaaaa"
    assert [each.kept.id for each in placed(tmp_path, tide)] == ["1", file["quotes"][2]["id"]]
