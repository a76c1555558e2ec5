"""What a line leaves at its end of a sentence that goes on: nothing where it is whole, much where it is a head."""

from __future__ import annotations

import pytest

from aligner.languages import language_of
from aligner.typography import Orphans, Token, break_costs

TEXT = "Ils ne savent presque rien. Alors je leur dis toujours, et puis je me tais."


def orphans() -> tuple[list[str], Orphans]:
    words = TEXT.split()
    tokens = [Token(word, " ", 0, None, word=k) for k, word in enumerate(words)]
    return words, Orphans(tokens, break_costs(tokens, [0.0] * len(tokens), language_of("fr").captioning))


@pytest.mark.parametrize(
    ("line", "minded"),
    [
        ("presque rien. Alors", 100),
        ("presque rien. Alors je", 100),
        ("rien. Alors je leur dis", 0),
        ("Alors", 0),
        ("dis toujours, et puis", 0),
        ("presque rien.", 0),
    ],
)
def test_the_first_words_of_a_sentence_are_minded_behind_another(line: str, minded: float) -> None:
    words, found = orphans()
    start = next(k for k in range(len(words)) if words[k : k + len(line.split())] == line.split())
    end = start + len(line.split())
    if minded:
        assert found.cost(start, end) == found.behind(end) >= minded
        assert start not in found.wholes(end)
    else:
        assert found.cost(start, end) < 20


def test_a_line_that_begins_with_the_sentence_is_whole() -> None:
    words, found = orphans()
    begins = words.index("Alors")
    assert found.wholes(begins + 1) == (begins, begins)
    assert found.last_sentence[begins + 1] == begins
