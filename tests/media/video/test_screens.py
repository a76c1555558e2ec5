"""Screens have every word once in order, within width and height, with breaks where syntax allows."""

from dataclasses import replace
from unicodedata import combining

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.video.backdrop import Style
from media.video.drawing import MOST_LINES, SHAPES, Shape
from media.video.lettering import clusters
from media.video.screens import Screen, ShownWord, cut_to_fit, lay_out
from media.video.setting import Setting, set_quote, unshown
from tests.media.video.planted import LONG, script_of, words_of
from tests.tables import over_rows

WIDTH = 20.0


def set_screens(words: tuple[ShownWord, ...]) -> tuple[Screen, ...]:
    """Screens with type of which every character is one wide."""
    return lay_out(words, lambda text: float(len(text)), WIDTH)


def lines_of(screen: Screen) -> list[str]:
    return [" ".join(piece.text for piece in line) for line in screen.lines]


token = st.text(st.sampled_from("abcé-/.«\u00a0!👍"), min_size=1, max_size=45)


@pytest.mark.nightly
@given(
    tokens=st.lists(token, min_size=1, max_size=60), speakers=st.lists(st.sampled_from("AB"), min_size=60, max_size=60)
)
def test_every_word_is_shown_once_within_the_width(tokens: list[str], speakers: list[str]) -> None:
    words = tuple(ShownWord(text, k, k + 0.5, who) for k, (text, who) in enumerate(zip(tokens, speakers, strict=False)))
    screens = set_screens(words)
    pieces = [piece for screen in screens for line in screen.lines for piece in line]
    assert list(dict.fromkeys(piece.word for piece in pieces)) == list(range(len(words)))
    for index, word in enumerate(words):
        parts = [piece.text for piece in pieces if piece.word == index]
        assert "".join(parts[:-1]).replace("-", "") + parts[-1].replace("-", "") == word.text.replace("-", "")
    for screen in screens:
        assert 1 <= len(screen.lines) <= MOST_LINES
        assert {words[piece.word].speaker for line in screen.lines for piece in line} == {screen.speaker}
        for line in screen.lines:
            assert sum(piece.width for piece in line) + sum(piece.gap for piece in line[1:]) <= WIDTH
    assert [screen.start for screen in screens] == sorted(screen.start for screen in screens)


def test_each_turn_of_a_dialogue_begins_a_line_and_may_begin_a_screen() -> None:
    words = [replace(word, opens=True, cost=0.0) for word in words_of("Oui. Non. Si. Bon. Ah. Oh.")]
    screens = set_screens(tuple(words))
    assert len(screens) == 2
    assert all(len(line) == 1 for screen in screens for line in screen.lines)


def test_a_screen_ends_with_a_sentence_or_at_a_comma_rather_than_before_a_clause() -> None:
    """Such a break is allowed between lines, but a screen after it would start in mid-sentence."""
    text = (
        "Un homme est là, seul, dans une rue de la ville, avec un sac et une lampe, qui attend que quelqu’un lui ouvre."
    )
    words = list(words_of(text))
    for at, before in enumerate(text.split()[:-1], 1):
        comma, clause = before.endswith(","), words[at].text == "que"
        words[at] = replace(words[at], cost=2.5 if comma else 4.5 if clause else 12.0)
    screens = set_screens(tuple(words))
    assert len(screens) >= 2
    assert all(lines_of(screen)[-1][-1] in ",." for screen in screens)


def test_a_new_speaker_has_a_new_screen() -> None:
    screens = set_screens(words_of(("Ada", "Tu viens ?"), ("Bo", "Oui."), ("Ada", "Alors viens.")))
    assert [screen.speaker for screen in screens] == ["Ada", "Bo", "Ada"]


def test_requested_breaks_are_used() -> None:
    words = list(words_of("Un deux trois quatre cinq six"))
    words[1] = replace(words[1], new_line=True)
    words[3] = replace(words[3], new_screen=True)
    first, second = set_screens(tuple(words))
    assert lines_of(first) == ["Un", "deux trois"]
    assert lines_of(second) == ["quatre cinq six"]


@over_rows(
    "text, width, last",
    [
        (
            "On allait voir trois films par jour et le soir on refaisait le monde en parlant de cinéma.",
            22,
            "de cinéma.",
        ),
        ("Un vélo qui dort dans une cave, ce n'est pas un objet, c'est une promenade qui attend.", 29, "promenade qui"),
    ],
)
def test_no_word_is_alone_on_the_last_line_without_need(text: str, width: int, last: str) -> None:
    words = [ShownWord(word, float(at), at + 0.5) for at, word in enumerate(text.split())]
    screens = lay_out(words, lambda written: float(len(written)), width)
    assert lines_of(screens[-1])[-1].startswith(last)


def test_a_screen_comes_before_its_first_word_but_not_over_the_last() -> None:
    words = words_of(("Ada", "Tu viens ?"), ("Bo", "Oui."))
    late = replace(words[-1], start=words[-1].start + 2, end=words[-1].end + 2)
    for said in (words, (*words[:-1], late)):
        _, second = set_screens(said)
        assert said[-2].end <= second.start <= said[-1].start
    assert second.start == pytest.approx(late.start - 0.12)


shapes = over_rows("shape", SHAPES)


def setting_of(shape: Shape, *turns: str | tuple[str, str]) -> Setting:
    return set_quote(script_of(*turns), Style(), shape)


@shapes
def test_longer_quotes_have_smaller_type(shape: Shape) -> None:
    words = LONG.split(" ")
    sizes = [setting_of(shape, " ".join(words[:count])).shape.quote_size for count in (2, 5, 9, 40)]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) >= 3
    assert min(sizes) == shape.quote_size


def test_type_does_not_grow_if_that_splits_a_word_or_a_number_and_unit() -> None:
    shape = SHAPES["square"]
    long_word = setting_of(shape, "Une incompréhensibilité totale.")
    assert {piece.text for line in long_word.screens[0].lines for piece in line} == {
        "Une",
        "incompréhensibilité",
        "totale.",
    }
    words = script_of("Encore douze kilomètres").words
    glued = (words[0], replace(words[1], cost=12.0), replace(words[2], cost=500.0))
    (screen,) = set_quote(replace(script_of("Oui."), words=glued), Style(), shape).screens
    assert [piece.text for piece in screen.lines[-1]][-2:] == ["douze", "kilomètres"]


def test_undrawable_characters_of_words_and_names_are_listed() -> None:
    script = script_of("Oui \ue000", show="Marées \ue001")
    assert unshown(script, Style(), SHAPES["square"]).missing == ("\ue000", "\ue001")
    assert unshown(script_of("Oui."), Style(), SHAPES["square"]).missing == ()


def seen(text: str) -> float:
    """The width of type of which every character is one wide."""
    return float(sum(not combining(character) and character not in "\u200d\ufe0f" for character in text))


def cut(text: str, language: str, width: float = 20.0) -> list[str]:
    return list(cut_to_fit(text, language, seen, width))


@pytest.mark.nightly
@over_rows(
    "language, word, parts",
    [
        ("fr", "anticonstitutionnellement", ["anticonstitution-", "nellement"]),
        ("en", "internationalization", ["internationaliza-", "tion"]),
        ("de", "Donaudampfschifffahrtsgesellschaft", ["Donaudampfschiff-", "fahrtsgesell-", "schaft"]),
        ("es", "electroencefalografista", ["electroencefalo-", "grafista"]),
    ],
)
def test_a_word_is_hyphenated_by_the_rules_of_its_language(language: str, word: str, parts: list[str]) -> None:
    assert cut(word, language, 17.0) == parts


def test_a_word_that_fits_stays_whole() -> None:
    assert cut("constitutionnellement", "fr", 21.0) == ["constitutionnellement"]


def test_existing_hyphens_come_before_new_ones() -> None:
    assert cut("arrière-arrière-grands-parents", "fr") == ["arrière-arrière-", "grands-parents"]
    assert cut("www.quotecast.example/anticonstitutionnel", "fr", 24.0)[0] == "www.quotecast.example/"


@over_rows("language, word", [("ar", "والمستشفياتوالمستشفيات"), ("zh", "中文" * 7), ("und", "👩‍🚀" * 30)])
def test_scripts_without_hyphens_get_none_and_keep_clusters_whole(language: str, word: str) -> None:
    parts = cut(word, language, 10.0)
    assert "".join(parts) == word
    assert [cluster for part in parts for cluster in clusters(part)] == clusters(word)


@pytest.mark.nightly
@given(
    text=st.text(st.sampled_from("abcéŒ-/.«\u00a0!👍न्\u0301ي1"), min_size=1, max_size=45),
    language=st.sampled_from(["fr", "de", "hu", "ar", "und"]),
)
def test_no_character_is_lost_and_no_part_too_wide(text: str, language: str) -> None:
    parts = cut(text, language, 8.0)
    assert "".join(part.removesuffix("-") for part in parts).replace("-", "") == text.replace("-", "")
    assert all(seen(part) <= 8.0 for part in parts)
