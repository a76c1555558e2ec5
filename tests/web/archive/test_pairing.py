"""Pairs are right or in doubt: planted names, numbers, dates, lengths and feeds, and what goes wrong with them."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.feeds.items import FeedItem, Link
from aligner.locating.letters.anchors import DecodedLetters
from media.errors import Message
from tests.places import SAMPLE
from tests.tables import over_rows
from web.archive import listening
from web.archive.evidence import Evidence
from web.archive.listening import Listener
from web.archive.names import clues_of, hashed, telling_words
from web.archive.pairing import NAMES_LIE, SURE, Listen, pair
from web.archive.records import Audio, Clues, Origin, Pairing, Reason, Text
from web.languages import messages

LISTING = ("pan", "sal", "sol", "mar", "luz", "voz", "pez", "paz")


def audio(name: str, minutes: float = 30.0, titles: tuple[str, ...] = (), at: str = "/audio", **known: object) -> Audio:
    clues = clues_of((name,), titles, length=60 * minutes, **known)
    return Audio(f"audio {at} {name}", clues, Origin(f"{at}/{name}.mp3", "", name))


def text(name: str, minutes: float = 30.0, title: str = "", at: str = "/texts", **known: object) -> Text:
    """Return a transcript as long as one of so many minutes."""
    clues = clues_of((name,), (title,) if title else (), length=150.0 * minutes, **known)
    return Text(f"text {at} {name}", clues, Origin(f"{at}/{name}.txt", "", name), wording=f"{at} {name}")


def item(guid: str, title: str, minutes: float = 30.0, about: str = "") -> Audio:
    clues = clues_of((), (title,), length=60 * minutes, said=telling_words(f"{title} {about}"))
    link = Link(f"https://example.org/{guid}.mp3")
    return Audio(f"#{guid}", clues, item=FeedItem("https://example.org/feed", guid, link, title=title))


def declared(guid: str, minutes: float = 30.0, wording: str = "") -> Text:
    clues = clues_of((), (), length=150.0 * minutes)
    return Text(
        f"feed:{guid}", clues, link=Link(f"https://example.org/{guid}.vtt"), declared_for=f"#{guid}", wording=wording
    )


def sure(found: Pairing) -> dict[str, str]:
    return {each.audio.name: each.best.text.name for each in found.pairs if each.confidence >= SURE}


def knowing(right: Mapping[str, str], heard: list[str] | None = None) -> Listen:
    """Return a listener that recognises the transcript in each audio file, by their names, and lists what it hears."""

    def listen(of: Audio, among: Sequence[Text]) -> Mapping[str, Reason]:
        if heard is not None and of.name not in heard:
            heard.append(of.name)
        odds = {each.key: 12.0 if each.name == right.get(of.name) else -8.0 for each in among}
        return {key: Reason(value, Message("recognised")) for key, value in odds.items()}

    return listen


def numbered(of: Mapping[int, int]) -> dict[str, str]:
    return {f"E{a:02d}.mp3": f"épisode {b}.txt" for a, b in of.items()}


def test_numbers_pair_whatever_is_around_them() -> None:
    found = pair(
        [audio(f"Roue libre E{n:02d}", 20 + n) for n in range(1, 31)],
        [text(f"{n} transcription", 20 + n) for n in range(30, 0, -1)],
    )
    assert sure(found) == {f"Roue libre E{n:02d}.mp3": f"{n} transcription.txt" for n in range(1, 31)}
    assert (found.audio, found.texts) == ((), ())
    assert any(reason.words == "number 7" for each in found.pairs for reason in each.best.reasons)


def test_seasons_distinguish_equal_numbers() -> None:
    of = [(s, n) for s in (1, 2) for n in range(1, 9)]
    found = pair([audio(f"S{s:02d}E{n:02d}") for s, n in of], [text(f"saison {s} épisode {n}") for s, n in of])
    assert sure(found) == {f"S{s:02d}E{n:02d}.mp3": f"saison {s} épisode {n}.txt" for s, n in of}
    assert "season 2, number 3" in {str(reason.words) for each in found.pairs for reason in each.best.reasons}


def test_dates_pair_in_whatever_form_they_are() -> None:
    audio_files = [audio(f"REC24030{day}") for day in range(1, 9)]
    found = pair(audio_files, [text(f"{day} mars 2024") for day in range(1, 9)])
    assert sure(found) == {f"REC24030{day}.mp3": f"{day} mars 2024.txt" for day in range(1, 9)}


def test_names_that_differ_by_case_or_normal_form_are_the_same() -> None:
    names = ["Écluse", "FORÊT", "Île", "Øre"]
    texts = [text(unicodedata.normalize("NFD", name.lower())) for name in names]
    assert len(sure(pair([audio(name) for name in names], texts))) == 4


@over_rows(
    "title, known, words",
    [
        ("The quiet harvest", {"title": "A quiet harvest"}, "the same title: quiet harvest"),
        ("Caillebotterie", {"title": "Cailleboterie"}, "titles spelt alike"),
        ("The quiet harvest", {"opening": "Welcome. Today: the quiet harvest."}, "the title is in the first lines"),
    ],
)
def test_titles_pair_by_words_spelling_and_first_lines(title: str, known: Mapping[str, str], words: str) -> None:
    others = ["Viento norte", "Mapas viejos", "La casa sola", "Nieve tarde"]
    texts = [text(f"doc {k}", title=each) for k, each in enumerate(others)]
    right = replace(text("x", title=known.get("title", "")), opening=tuple(known.get("opening", "").split("\n")))
    found = pair(
        [audio("a", titles=(title,)), *(audio(f"b{k}", titles=(t,)) for k, t in enumerate(others))], [right, *texts]
    )
    [own] = [each for each in found.pairs if each.audio.name == "a.mp3"]
    assert own.best.text is right
    assert words in [reason.words for reason in own.best.reasons]


def test_words_of_a_description_pair_what_has_no_name() -> None:
    nouns = ["faro", "pulpo", "marea", "sirena", "velero", "bahia", "gaviota", "ancla", "timon", "brujula"]
    about = {k: [f"{noun}{k}abc" for noun in nouns[:6]] for k in range(8)}
    items = [item(f"{k}", f"{LISTING[k]}", about=" ".join(words)) for k, words in about.items()]
    texts = [
        text(f"doc {k + 3}", said=telling_words(" ".join([*words, "hola", "gracias"]))) for k, words in about.items()
    ]
    assert sure(pair(items, texts)) == {LISTING[k]: f"doc {k + 3}.txt" for k in about}


def test_words_count_half_if_titles_share_them_already() -> None:
    title = "estrellas marinas lejanas"
    said = frozenset(map(hashed, title.split()))
    texts = [text("x", title=title, said=said), text("z", said=said)]
    others = [text(f"y{n}", said=frozenset([n])) for n in range(10)]
    evidence = Evidence([audio("a", titles=(title,), said=said)], [*texts, *others])
    [half], [whole] = ([r for r in evidence.other(0, j) if "rare words" in r.words] for j in (0, 1))
    assert half.words == whole.words == "the transcript says 3 of 3 rare words of its title and description"
    assert 0 < half.odds < whole.odds


def test_a_transcript_that_fits_two_episodes_is_in_doubt() -> None:
    found = pair([audio(n) for n in ("E01", "E02", "E02 bis", "E03")], [text(f"épisode {n}") for n in (1, 2, 3)])
    assert [(each.best.text.name, each.confidence < SURE) for each in found.pairs][-1] == ("épisode 2.txt", True)
    assert len(sure(found)) == 2
    assert len(found.audio) == 1


def test_candidates_come_with_confidence_and_reasons() -> None:
    found = pair([audio("E02")], [text("épisode 2"), text("episode 2 relu"), text("épisode 9")])
    [doubtful] = found.pairs
    [other] = doubtful.others
    assert {doubtful.best.text.name, other.text.name} == {"épisode 2.txt", "episode 2 relu.txt"}
    assert 0.2 < other.confidence <= doubtful.confidence < SURE
    assert "number 2" in [reason.words for reason in other.reasons]


def test_what_has_no_partner_is_left_over() -> None:
    found = pair([audio(f"E{n:02d}") for n in range(1, 9)], [text(f"épisode {n}") for n in range(3, 11)])
    assert len(sure(found)) == 6
    assert {each.name for each in found.audio} == {"E01.mp3", "E02.mp3"}
    assert {each.name for each in found.texts} == {"épisode 9.txt", "épisode 10.txt"}


def test_what_is_there_twice_counts_once() -> None:
    first = audio("E03")
    files = [audio("E01"), replace(audio("E03 copie"), key=first.key), first, audio("E04")]
    texts = [text(f"épisode {n}") for n in (1, 3, 4)]
    found = pair(files, [replace(text("vieux"), wording=texts[2].wording), *texts])
    assert sure(found) == numbered({1: 1, 3: 3, 4: 4})
    assert (found.audio, found.texts) == ((), ())


def test_nothing_in_common_is_no_sure_pair() -> None:
    found = pair([audio(name) for name in ("a1f3", "b7c9", "c0de")], [text(name) for name in ("x1", "y2", "z3")])
    assert sure(found) == {}
    for one in (audio("mappa"), replace(audio("mappa"), file=None)):
        assert sure(pair([one], [text("altes")])) == {}, "that nothing else is left says little"
    assert sure(pair([audio("E12")], [text("12 - altes")])) == {"E12.mp3": "12 - altes.txt"}


def test_equal_names_pair_within_their_folders() -> None:
    at = [(f"/{show}", f"E{n}") for show in ("A", "B") for n in range(1, 4)]
    found = pair([audio(name, at=folder) for folder, name in at], [text(name, at=folder) for folder, name in at][::-1])
    assert all(each.audio.key.partition(" ")[2] == each.best.text.key.partition(" ")[2] for each in found.pairs)
    assert len(sure(found)) > 0
    assert all(each.confidence >= SURE for each in found.pairs)


def test_two_alone_in_a_folder_are_a_pair_and_a_stray_file_disturbs_no_other() -> None:
    alone = Path("/x/Folge")
    files = [replace(audio("sound", at="/x/Folge"), alone_in=alone), *(audio(f"E{n}") for n in range(1, 9))]
    texts = [replace(text("notes", at="/x/Folge"), alone_in=alone), *(text(f"E{n}") for n in range(1, 9))]
    found = pair([*files, audio("jingle", at="/texts")], [*texts, text("licence", at="/audio")])
    assert sure(found) == {"Folge/sound.mp3": "Folge/notes.txt", **{f"E{n}.mp3": f"E{n}.txt" for n in range(1, 9)}}


def test_known_episodes_make_words_rare_or_common() -> None:
    known = [clues_of((), (title,)) for title in ["Viento en la sierra", *(f"{w} de la casa {w}" for w in LISTING)]]
    one, other = audio("x17", titles=("Estrellas en la sierra",)), text("Las estrellas de la sierra")
    assert sure(pair([one], [other])) == {}
    assert sure(pair([one], [other], known)) == {"x17.mp3": "Las estrellas de la sierra.txt"}
    all_alike = [clues_of((), (f"La sierra, {n}. Teil",)) for n in range(10)]
    assert sure(pair([audio("x", titles=("La sierra, mapas",))], [text("La sierra, viento")], all_alike)) == {}
    new_show = audio("x", titles=("Sel marin, mapas",), show="Sel marin")
    assert sure(pair([new_show], [text("Sel marin, viento")], known * 10)) == {}


def test_names_that_contradict_the_length_are_in_doubt() -> None:
    files = [audio(f"E{n:02d}", 10 + 5 * n) for n in range(1, 11)]
    texts = [text(f"épisode {n}", 10 + 5 * {2: 9, 9: 2}.get(n, n)) for n in range(1, 11)]
    assert set(sure(pair(files, texts))) == {f"E{n:02d}.mp3" for n in range(1, 11) if n not in (2, 9)}


@over_rows("minutes", [2.0, 90.0])  # 10 and 450 words a minute
def test_an_impossible_length_makes_even_a_declared_transcript_unsure(minutes: float) -> None:
    items, texts = [item(f"{n}", f"Folge {n}") for n in range(1, 9)], [declared(f"{n}") for n in range(1, 8)]
    found = pair(items, [*texts, declared("8", minutes)])
    assert set(sure(found)) == {f"Folge {n}" for n in range(1, 8)}


def test_no_name_is_believed_more_than_names_are_true() -> None:
    found = pair([audio("E12 Las estrellas", 0)], [text("E12 Las estrellas", 0)])
    assert SURE <= found.pairs[0].confidence < 1 - NAMES_LIE


def test_of_a_transcript_that_a_feed_declares_twice_neither_is_sure() -> None:
    items = [item(f"{n}", f"Folge {n}") for n in (1, 2, 3)]
    same = [declared("1", wording="a"), declared("2", wording="b"), declared("3", wording="b")]
    for texts in (same, same[::-1]):
        assert set(sure(pair(items, texts))) == {"Folge 1"}


def test_declared_transcripts_pair_whatever_their_names() -> None:
    items = [item(f"{n}", f"{LISTING[n]}") for n in range(8)]
    found = pair(items, [declared(f"{n}") for n in range(8)])
    assert {each.audio.key: each.best.text.key for each in found.pairs} == {f"#{n}": f"feed:{n}" for n in range(8)}
    assert len(sure(found)) == 8


@over_rows("order", list(permutations(range(3))))
def test_what_is_in_doubt_is_listened_to(order: Sequence[int]) -> None:
    names, heard = ["a1f3", "b7c9", "c0de"], list[str]()
    right = {f"{name}.mp3": f"doc {n}.txt" for n, name in enumerate(names)}
    found = pair([audio(name) for name in names], [text(f"doc {n}") for n in order], listen=knowing(right, heard))
    assert sure(found) == right


def test_what_is_sure_is_not_listened_to() -> None:
    heard = list[str]()
    files = [audio(f"E{n:02d}") for n in range(1, 31)]
    pair(
        [*files, audio("hgf")], [*(text(f"épisode {n}") for n in range(1, 31)), text("xyz")], listen=knowing({}, heard)
    )
    assert heard == ["hgf.mp3"]


def test_nothing_is_listened_to_without_transcripts_left_over_nor_downloaded_for_a_stray_one() -> None:
    heard = list[str]()
    listen = knowing({}, heard)
    pair([audio(f"E{n}") for n in range(1, 9)], [text(f"E{n}") for n in range(1, 5)], listen=listen)
    pair([item(f"{n}", f"{word}") for n, word in enumerate(LISTING)], [text("xyz")], listen=listen)
    assert heard == []


def test_if_a_name_lies_the_others_of_its_folder_are_listened_to() -> None:
    """Two pairs were swapped: the length gives one away, the other only what is said."""
    right = {n: {1: 2, 2: 1, 3: 4, 4: 3}.get(n, n) for n in range(1, 11)}
    minutes = {1: 10, 2: 60}
    files = [audio(f"E{n:02d}", minutes.get(n, 30)) for n in right]
    texts = [text(f"épisode {n}", minutes.get(right[n], 30)) for n in right]
    apart, heard = [f"F{n}" for n in range(11, 20)], list[str]()
    files += [audio(name, at="/other") for name in apart]
    texts += [text(name, at="/other texts") for name in apart]
    found = pair(files, texts, listen=knowing(numbered(right) | {f"{n}.mp3": f"{n}.txt" for n in apart}, heard))
    assert sure(found) == numbered(right) | {f"{name}.mp3": f"{name}.txt" for name in apart}
    assert set(heard) == set(numbered(right))


def test_what_cannot_be_heard_stays_as_it_was() -> None:
    files, texts = [audio("a1f3"), audio("E02")], [text("doc 1"), text("épisode 2"), text("épisode 2 bis")]
    assert pair(files, texts, listen=lambda *_: None) == pair(files, texts)


def test_a_transcript_in_a_script_without_letters_to_recognise_is_not_judged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(listening, "_recognised_letters", lambda _: DecodedLetters("xqzkwv" * 100, np.arange(600)))
    texts = {"greek": "Καλησπέρα σας, είμαστε στο καφενείο", "french": "Bonsoir à tous, au café"}
    for name, said in texts.items():
        (tmp_path / f"{name}.txt").write_text(f"{said}.\n" * 20, encoding="utf-8")
    listener = Listener(lambda _: tmp_path / "E1.mp3", lambda each: tmp_path / each.name)
    assert set(listener(audio("E1"), [*map(text, texts)]) or {}) == {"text /texts french"}
    assert Listener(lambda _: None, lambda _: None)(audio("E1"), [text("french")]) is None


@pytest.mark.nightly
def test_speech_is_recognised_among_transcripts(tmp_path: Path) -> None:
    said = (SAMPLE / "transcript.txt").read_text(encoding="utf-8")
    words = said.split()
    random.Random(1).shuffle(words)
    for name, content in {"one": said, "two": " ".join(words)}.items():
        (tmp_path / f"{name}.txt").write_text(content, encoding="utf-8")
    recording = next(path for path in SAMPLE.iterdir() if path.stem == "episode")
    listener = Listener(lambda _: recording, lambda each: tmp_path / each.name)
    reasons = listener(audio("x"), [text("one"), text("two")]) or {}
    assert reasons["text /texts one"].odds > 0
    assert "text /texts two" not in reasons or reasons["text /texts two"].odds < 0


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text("ab1 é_-#E", max_size=8), max_size=7), st.lists(st.text("ab1 é_-#E", max_size=8), max_size=7))
def test_whatever_the_names_each_is_in_one_pair_or_left_over(left: list[str], right: list[str]) -> None:
    files = [replace(audio(name), key=f"audio {k}") for k, name in enumerate(left)]
    texts = [replace(text(name), key=f"text {k}", wording=f"{k}") for k, name in enumerate(right)]
    found = pair(files, texts)
    assert sorted(each.key for each in (*found.audio, *(p.audio for p in found.pairs))) == [a.key for a in files]
    assert sorted(each.key for each in (*found.texts, *(p.best.text for p in found.pairs))) == [t.key for t in texts]
    assert all(0 <= each.confidence < 1 for each in found.pairs)


def test_a_large_library_is_no_hindrance_and_thousands_of_pairs_are_found() -> None:
    known = [clues_of((f"E{n:05d}",), ()) for n in range(300)] + [Clues()] * 10_000
    assert sure(pair([audio("E12 gare")], [text("12 - gare")], known)) == {"E12 gare.mp3": "12 - gare.txt"}
    found = pair([audio(f"E{n:05d}") for n in range(600)], [text(f"episode {n}") for n in range(600)])
    assert len(sure(found)) == 600


def test_every_reason_is_translated() -> None:
    found = pair([audio("E02 Viento", titles=("Viento",))], [text("épisode 2 viento")])
    assert all(reason.words.template in messages("fr") for each in found.pairs for reason in each.best.reasons)
