"""The tokens of a transcript, the ends of sentences, and which sentences are shown."""

from itertools import accumulate

import pytest

from aligner.languages import language_of
from aligner.model import Alignment
from aligner.typography import Sentence, ends_sentence, read_sentences, read_tokens, without_stage
from aligner.typography.breaks import NAME, break_costs
from tests.aligner.captions.spoken import spoken
from tests.tables import over_rows


def sentences(alignment: Alignment, words: range | None = None) -> list[Sentence]:
    return read_sentences(read_tokens(alignment), words)


def texts(found: list[Sentence]) -> list[str]:
    return [" ".join(token.text for token in sentence.tokens) for sentence in found]


@over_rows(
    "text, following, ends",
    [
        ("mot.", "Puis", True),
        ("mot »", "Puis", False),
        ("mot ! »", "Puis", True),
        ("mot !", "dit-il", False),
        ("M.", "Martin", False),
        ("C.N.R.S.", "Paris", False),
        ("etc.", "puis", False),
        ("mot", "", True),
        ("終わり。", "次", True),
    ],
)
def test_a_sentence_ends_at_a_mark_before_a_capital(text: str, following: str, ends: bool) -> None:
    assert ends_sentence(text, following, language_of("fr").captioning) is ends


@over_rows(
    "language, text",
    [
        ("de", "Viele Städte, z. B. Köln, u. a. Bonn, d. h. Orte am Rhein, i. d. R. Dörfer, vgl. Abb. 3 und Nr. 5."),
        ("de", "Am 3. Oktober 1990, im 19. Jahrhundert, beim 2. Versuch und zum 100. Mal."),
        ("de", "Es waren 12.| Danach kam Frau Dr. Meier.| Es waren 13.| Die Stadt schlief.| Er bekam 14.| 15 blieben."),
        ("en", "On Jan. 3 Gen. Smith met approx. 20 people."),
        ("fr", "Le chap. 3 et l’art. 5, en 50 av. J.-C., et env. 20 autres.| J’en ai sept.| Puis rien."),
        ("fr", "Il était 3.| Octobre vint.| Il y en a.| Puis il vint."),
        ("it", "Vedi pag. 3 e l’art. 5 del gen. Bianchi."),
        ("nl", "Zie fig. 3, afb. 4 en de heer ir. Bakker."),
    ],
)
def test_no_sentence_and_no_line_ends_at_an_abbreviation_or_an_ordinal(language: str, text: str) -> None:
    wanted = text.split("| ")
    alignment = spoken(text.replace("|", ""), language=language)
    assert texts(sentences(alignment)) == wanted
    (tokens,) = read_tokens(alignment)
    costs = break_costs(tokens, [0.0] * len(tokens), language_of(language).captioning)
    ends = set(accumulate(len(sentence.split()) for sentence in wanted))
    stops = [k + 1 for k, token in enumerate(tokens[:-1]) if token.text.endswith(".") and k + 1 not in ends]
    assert all(costs[k] >= NAME for k in stops)


def test_a_stage_direction_before_speech_is_separate_and_one_after_it_is_in_its_sentence() -> None:
    found = sentences(spoken("(musique) Le phare (il rit) tourne. Encore (un temps)"))
    assert texts(found) == ["[musique]", "Le phare [il rit] tourne.", "Encore [un temps]"]
    assert [sentence.stage for sentence in found] == [True, False, False]
    assert texts(without_stage(found)) == ["Le phare tourne.", "Encore"]


def test_a_stage_direction_is_shown_only_beside_spoken_words() -> None:
    assert texts(sentences(spoken("Oui.", "~Le ~phare ~tourne.", "(rires) Bien."))) == ["Oui.", "Bien."]
    unspoken = " ".join(["~longtemps"] * 4)
    assert texts(sentences(spoken(f"Le phare tourne (il rit) {unspoken} (il tousse) {unspoken}."))) == [
        "Le phare tourne [il rit]"
    ]
    assert texts(sentences(spoken("Le phare tourne ~encore (il tousse)."))) == ["Le phare tourne encore [il tousse]."]
    amid = spoken(f"Le phare (il rit) {unspoken} (il tousse) {unspoken} (il crie) tourne.")
    assert texts(sentences(amid)) == ["Le phare [il rit] [il crie] tourne."]


def token_texts(*paragraphs: str, language: str = "fr") -> list[str]:
    return [token.text for tokens in read_tokens(spoken(*paragraphs, language=language), 42) for token in tokens]


def shown(*paragraphs: str) -> str:
    tokens = [token for tokens in read_tokens(spoken(*paragraphs), 42) for token in tokens]
    return "".join(token.before + token.text for token in tokens).strip()


@over_rows(
    "text, expected",
    [
        ("Le tour du monde[1].", "Le tour du monde."),
        ("Le réseau [2]. Puis le câble [3] mouillé.", "Le réseau. Puis le câble mouillé."),
        ("Quoi\u00a0? Trente\u202f000 pas", "Quoi\u00a0? Trente\u202f000 pas"),
        ("Le  vent \t tourne", "Le vent tourne"),
        ("Voilà (il rit fort) pourquoi.", "Voilà [il rit fort] pourquoi."),
    ],
)
def test_notes_and_extra_white_space_are_left_out_and_stage_directions_are_in_brackets(
    text: str, expected: str
) -> None:
    assert shown(text) == expected


@over_rows(
    "text, tokens",
    [
        ("Il dit « bonjour » ; et toi ?", ["Il", "dit", "« bonjour » ;", "et", "toi ?"]),
        ("— Le phare – dit-il – brûle.", ["— Le", "phare –", "dit-il –", "brûle."]),
        ("Un vin 100 % rouge", ["Un", "vin", "100 %", "rouge"]),
        (f"{'x' * 41} !", ["x" * 41, "!"]),  # too long for a line beside its mark
    ],
)
def test_punctuation_joins_its_word(text: str, tokens: list[str]) -> None:
    assert token_texts(text) == tokens


@over_rows("text", ["港のテープでも同じことが起きた。", "เทปที่ท่าเรือก็เกิดเรื่องเดียวกัน"])
def test_text_without_spaces_is_split_into_characters_that_share_its_time(text: str) -> None:
    (tokens,) = read_tokens(spoken(text), 42)
    assert "".join(token.text for token in tokens) == text
    assert len(tokens) > 10
    times = [(token.span.start, token.span.end) for token in tokens if token.span]
    assert times == sorted(times)
    assert len(times) == len(tokens)
    assert times[0][0] == pytest.approx(1.0)


def test_no_japanese_token_starts_with_a_full_stop() -> None:
    assert not [text for text in token_texts("はい、そうでした。はい。", language="ja") if text[0] in "、。"]
