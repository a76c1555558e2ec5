"""Audio and transcripts are paired by names, numbers, dates, lengths and speech."""

import random
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import permutations
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aligner.feeds.items import FeedItem, Link
from media.errors import Message
from tests.paths import SAMPLE
from tests.tables import over_rows
from web.archive.acoustic_matching import AcousticMatcher
from web.archive.names import clues_of, distinctive_words
from web.archive.pairing import SURE, MatchSpeech, pair
from web.archive.records import Audio, Origin, Pairing, Reason, Text

LISTING = ("pan", "sal", "sol", "mar", "luz", "voz", "pez", "paz")


def audio(name: str, minutes: float = 30.0, titles: tuple[str, ...] = (), at: str = "/audio", **known: object) -> Audio:
    clues = clues_of((name,), titles, length=60 * minutes, **known)
    return Audio(f"audio {at} {name}", clues, Origin(f"{at}/{name}.mp3", "", name))


def text(name: str, minutes: float = 30.0, title: str = "", at: str = "/texts", **known: object) -> Text:
    """Return a transcript as long as one of so many minutes."""
    clues = clues_of((name,), (title,) if title else (), length=150.0 * minutes, **known)
    return Text(f"text {at} {name}", clues, Origin(f"{at}/{name}.txt", "", name))


def item(guid: str, title: str, minutes: float = 30.0, about: str = "") -> Audio:
    clues = clues_of((), (title,), length=60 * minutes, keywords=distinctive_words(f"{title} {about}"))
    return Audio(f"#{guid}", clues, item=FeedItem("feed", guid, Link(f"https://example.org/{guid}.mp3"), title=title))


def sure(found: Pairing) -> dict[str, str]:
    return {each.audio.name: each.best.text.name for each in found.pairs if each.confidence >= SURE}


def matching(right: Mapping[str, str]) -> MatchSpeech:
    """Return a matcher that finds the right transcript of each audio file, by their names."""

    def match(of: Audio, among: Sequence[Text]) -> Mapping[str, Reason]:
        odds = {each.key: 12.0 if each.name == right.get(of.name) else -8.0 for each in among}
        return {key: Reason(value, Message("recognised")) for key, value in odds.items()}

    return match


@over_rows(
    "pairs",
    {
        "numbers": {f"Roue libre E{n:02d}": f"{n} transcription" for n in range(1, 31)},
        "seasons": {f"S0{s}E0{n}": f"saison {s} épisode {n}" for s in (1, 2) for n in range(1, 9)},
        "dates": {f"REC24030{day}": f"{day} mars 2024" for day in range(1, 9)},
        "languages": {"Выпуск 3 - Вокзал": "E03", "第5回 海": "E05", "Douzième épisode": "E12"},
        "written dates": {"March 5th, 2024": "240305", "1er août 2024": "2024-08-01", "07.04.2024": "7 avril 2024"},
        "case and normal form": {
            name: unicodedata.normalize("NFD", name.lower()) for name in ("Écluse", "FORÊT", "Øre")
        },
    },
)
def test_names_with_shared_numbers_dates_or_words_are_paired(pairs: dict[str, str]) -> None:
    found = pair([*map(audio, pairs)], [*map(text, pairs.values())][::-1])
    assert sure(found) == {f"{one}.mp3": f"{other}.txt" for one, other in pairs.items()}
    assert (found.audio, found.texts) == ((), ())


@over_rows(
    "title, theirs, words",
    [
        ("The quiet harvest", "A quiet harvest", "the same title: quiet harvest"),
        ("Caillebotterie", "Cailleboterie", "titles spelt alike"),
    ],
)
def test_titles_pair_by_words_and_spelling(title: str, theirs: str, words: str) -> None:
    others = ["Viento norte", "Mapas viejos", "La casa sola", "Nieve tarde"]
    texts = [text("x", title=theirs), *(text(f"doc {k}", title=each) for k, each in enumerate(others))]
    found = pair([audio(f"a{k}", titles=(each,)) for k, each in enumerate([title, *others])], texts)
    [own] = [each for each in found.pairs if each.audio.name == "a0.mp3"]
    assert own.best.text is texts[0]
    assert words in [reason.words for reason in own.best.reasons]


def test_an_item_pairs_with_a_transcript_whose_number_follows_letters() -> None:
    titles = {21: "Mareas", 22: "El puente", 23: "La sal"}
    items = [item(f"{n}", f"{n}. {title}") for n, title in titles.items()]
    found = pair(items, [text(f"RL{n} {title} (relu)", language="de") for n, title in titles.items()])
    assert sure(found) == {f"{n}. {title}": f"RL{n} {title} (relu).txt" for n, title in titles.items()}


def test_a_transcript_that_fits_two_episodes_is_doubtful() -> None:
    found = pair([audio(n) for n in ("E01", "E02", "E02 bis", "E03")], [text(f"épisode {n}") for n in (1, 2, 3)])
    assert [(each.best.text.name, each.confidence < SURE) for each in found.pairs][-1] == ("épisode 2.txt", True)
    assert len(sure(found)) == 2
    assert len(found.audio) == 1


def test_names_with_nothing_in_common_are_no_sure_pair() -> None:
    found = pair([audio(name) for name in ("a1f3", "b7c9", "c0de")], [text(name) for name in ("x1", "y2", "z3")])
    assert sure(found) == {}
    assert sure(pair([audio("mappa")], [text("altes")])) == {}, "that nothing else is left says little"
    assert sure(pair([audio("E12")], [text("12 - altes")])) == {"E12.mp3": "12 - altes.txt"}


def test_equal_names_pair_within_their_folders() -> None:
    at = [(f"/{show}", f"E{n}") for show in ("A", "B") for n in range(1, 4)]
    found = pair([audio(name, at=folder) for folder, name in at], [text(name, at=folder) for folder, name in at][::-1])
    assert len(found.pairs) == 6
    assert all(each.audio.key.partition(" ")[2] == each.best.text.key.partition(" ")[2] for each in found.pairs)
    assert all(each.confidence >= SURE for each in found.pairs)


def test_files_alone_in_a_folder_are_paired_despite_stray_files() -> None:
    alone = Path("/x/Folge")
    files = [replace(audio("audio", at="/x/Folge"), own_folder=alone), *(audio(f"E{n}") for n in range(1, 9))]
    texts = [replace(text("notes", at="/x/Folge"), own_folder=alone), *(text(f"E{n}") for n in range(1, 9))]
    found = pair([*files, audio("jingle", at="/texts")], [*texts, text("licence", at="/audio")])
    assert sure(found) == {"Folge/audio.mp3": "Folge/notes.txt", **{f"E{n}.mp3": f"E{n}.txt" for n in range(1, 9)}}


def test_pairs_with_contradicting_lengths_are_doubtful() -> None:
    files = [audio(f"E{n:02d}", 10 + 5 * n) for n in range(1, 11)]
    texts = [text(f"épisode {n}", 10 + 5 * {2: 9, 9: 2}.get(n, n)) for n in range(1, 11)]
    assert set(sure(pair(files, texts))) == {f"E{n:02d}.mp3" for n in range(1, 11) if n not in (2, 9)}


@over_rows("order", [*permutations(range(3))])
def test_doubtful_audio_is_matched_by_its_speech(order: Sequence[int]) -> None:
    names = ["a1f3", "b7c9", "c0de"]
    right = {f"{name}.mp3": f"doc {n}.txt" for n, name in enumerate(names)}
    found = pair([audio(name) for name in names], [text(f"doc {n}") for n in order], match=matching(right))
    assert sure(found) == right


@pytest.mark.nightly
def test_speech_is_recognised_among_transcripts(tmp_path: Path) -> None:
    said = (SAMPLE / "transcript.txt").read_text(encoding="utf-8")
    (tmp_path / "one.txt").write_text(said, encoding="utf-8")
    (tmp_path / "two.txt").write_text(" ".join(random.Random(1).sample(words := said.split(), len(words))), "utf-8")
    [recording] = (path for path in SAMPLE.iterdir() if path.stem == "episode")
    reasons = AcousticMatcher(lambda _: recording, lambda each: tmp_path / each.name)(
        audio("x"), [text("one"), text("two")]
    )
    assert reasons
    assert reasons["text /texts two"].odds < 0 < reasons["text /texts one"].odds


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text("ab1 é_-#E", max_size=8), max_size=7), st.lists(st.text("ab1 é_-#E", max_size=8), max_size=7))
def test_each_file_is_in_one_pair_or_unpaired(left: list[str], right: list[str]) -> None:
    files = [replace(audio(name), key=f"audio {k}") for k, name in enumerate(left)]
    texts = [replace(text(name), key=f"text {k}") for k, name in enumerate(right)]
    found = pair(files, texts)
    assert sorted(each.key for each in (*found.audio, *(p.audio for p in found.pairs))) == [a.key for a in files]
    assert sorted(each.key for each in (*found.texts, *(p.best.text for p in found.pairs))) == [t.key for t in texts]
    assert all(0 <= each.confidence < 1 for each in found.pairs)
