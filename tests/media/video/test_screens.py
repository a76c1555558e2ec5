"""Screens: every word once and in order, no line too wide, no screen too full, breaks where sense allows them."""

from __future__ import annotations

from dataclasses import replace
from unicodedata import combining

import pytest
from hypothesis import given
from hypothesis import strategies as st

from media.video.drawing import MOST_LINES
from media.video.screens import Screen, ShownWord, lay_out
from tests.media.video.planted import words_of
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
def test_every_word_is_shown_once_within_its_room(tokens: list[str], speakers: list[str]) -> None:
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
    """Between lines such a break is borne; a screen that begins with it begins in mid-sentence."""
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


def test_breaks_that_were_asked_for_are_kept() -> None:
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
def test_no_word_is_left_alone_on_the_last_line_that_others_could_go_with(text: str, width: int, last: str) -> None:
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


@over_rows("text", ["a" * 9_999, "a-" * 5_000, "a" + "\u0301" * 9_999])
def test_no_more_is_measured_than_some_times_the_text(text: str) -> None:
    measured = 0

    def measure(part: str) -> float:
        nonlocal measured
        measured += len(part)
        return float(sum(character.isprintable() and not combining(character) for character in part))

    word = ShownWord(text, 0.0, 1.0)
    pieces = [piece for screen in lay_out([word], measure, WIDTH) for line in screen.lines for piece in line]
    assert "".join(piece.text for piece in pieces).replace("-", "") == text.replace("-", "")
    assert all(piece.width <= WIDTH for piece in pieces)
    assert measured < 100 * len(text)
