"""Any text is split into words without loss."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aligner.transcript.plain import read_plain
from aligner.transcript.speakers import find_labels
from aligner.transcript.structure import segments_of, words_of

PIECES = st.sampled_from(
    ["Ana Sol", "Leo", " : ", ":", ". ", "— ", "- ", "[1]", "[Rires]", "(", ")", "00:12", "[00:01:02] ", "mot", "Le",
     "monde[2].", " ", "# ", "¹", "*", "?", "«", "»", ">> ", "é", "http://a.b", "\n", "\n\n", "\r\n", "\u2028", "\xa0",
     "Notes\n"]
)  # fmt: skip
TEXTS = st.one_of(st.text(max_size=200), st.lists(PIECES, max_size=60).map("".join))


@pytest.mark.nightly
@given(TEXTS)
@example("A:\nB:\nA:\nB:")
@example("[1]")
@example("(rires)[2]Ana : [3]")
@settings(max_examples=400, deadline=None)
def test_every_token_outside_labels_is_in_exactly_one_word(text):
    draft = read_plain(text)
    segments = segments_of(draft)
    words = words_of(text, segments)

    assert all(text[w.char_start : w.char_end] == w.text for w in words)
    assert all(a.char_end <= b.char_start for a, b in pairwise(words))
    assert all(
        segments[w.segment].char_start <= w.char_start < w.char_end <= segments[w.segment].char_end for w in words
    )

    held = [0] * len(text)
    for label, line in zip(find_labels(text, draft.lines), draft.lines, strict=True):
        for at in range(line.start, label.end if label else line.start):
            held[at] += 1
    for word in words:
        for at in range(word.char_start, word.char_end):
            held[at] += 1
    assert max(held, default=0) <= 1
    assert all(count or not char.isalnum() for char, count in zip(text, held, strict=True))
