"""Whatever is put into a text of whatever format, what is written says what the alignment says, and can be undone."""

from __future__ import annotations

import hashlib
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aligner.corrections.told_structure import structured
from aligner.errors import TranscriptError
from aligner.model import Kind, outermost
from aligner.storage.history import History, changed, open_history
from aligner.storage.transcript_file import versions_in
from aligner.storage.undoing import undo, undoable
from aligner.transcript import open_transcript
from aligner.transcript.retexting import Paragraph, retexted
from tests.aligner.storage.written_texts import TALK, laid_out, timed
from tests.attack.effort import examples

pytestmark = pytest.mark.nightly

_TURNS = [("Ana Sol", "Bonjour à tous."), ("Leo", "Avec plaisir, oui."), ("Ana Sol", "On commence ?"), ("Leo", "Oui.")]
_MARKDOWN = """---
title: La roue
---

# La roue

**Ana Sol :** Bonjour à [tous](https://example.org).

> **Leo :** Avec *plaisir*, `oui`.

- Un point
- Un autre point_souligné

1984. Nous étions jeunes.
Et la suite.
"""
_VTT = "WEBVTT\n\n" + "\n".join(
    f"00:{k:02d}.000 --> 00:{k:02d}.900\n<v {who}>{text}\n" for k, (who, text) in enumerate(_TURNS)
)
_JSON = json.dumps(
    {"version": "1.0.0", "segments": [{"speaker": w, "startTime": 9 * k, "body": t} for k, (w, t) in enumerate(_TURNS)]}
)
_WRAPPED = "\r\n\r\n".join(
    f"{who}: Une phrase assez longue pour être coupée\r\npar un éditeur qui coupe à une largeur fixe,\r\ncomme {text}"
    for who, text in _TURNS * 2
)
FILES: tuple[tuple[str, bytes], ...] = (
    ("talk.txt", TALK.encode()),
    ("talk.txt", TALK.replace("\n", "\r\n").encode("utf-8-sig")),
    ("talk.txt", TALK.encode("latin-1")),
    ("talk.txt", TALK.encode("utf-16")),
    ("talk", "— Bonjour.\n— Salut.\n[00:12] Un mot.\n***\n(rires)\n— Ça va ?[1]\n\n[1] Une note".encode()),
    ("talk.txt", _WRAPPED.encode()),
    ("talk.md", _MARKDOWN.encode()),
    ("talk.html", "".join(f"<p><cite>{who}:</cite> {text}</p>\n" for who, text in _TURNS).encode()),
    ("talk.vtt", _VTT.encode()),
    ("talk.json", _JSON.encode()),
    ("talk.srt", _VTT.replace("WEBVTT\n\n", "").replace(".000", ",000").replace(".900", ",900").encode()),
)
PIECES = (
    "Oui", "Leo : ", "Ana Sol\t", "[rires]", "[2]", "(applaus)", "# ", "- ", "1. ", "> ", "— ", ">> ", "*", "_", "<b>",
    "</p>", "&amp;", "[x](y)", "|", "~~", "\\", "===", "---", "\n", "\r\n", "\n\n", "\u2028", "\x00", "\x1b", "`",
    "\ufeff", "\ud83d", "\u202e", "שלום", "😀", "e\u0301", "\xa0", "¹", "WEBVTT", '{"version":', "%PDF", "00:12:13",
    "http://a.b", " mot" * 90, "é" * 3000,
)  # fmt: skip
SPEAKERS = (None, "Ana Sol", "Leo", "Zoé", "{}", "?", "a\nb", "X" * 400, "Dr. M: Y", "\u202eAnb")
PARAGRAPHS = st.builds(
    Paragraph,
    st.sampled_from(Kind),
    st.sampled_from(SPEAKERS),
    st.lists(st.sampled_from(PIECES), max_size=6).map(" ".join),
)
EDITS = st.lists(
    st.tuples(st.integers(0, 20), st.sampled_from([0, 0, 1, 1, 1, 2, 9]), st.lists(PARAGRAPHS, max_size=3)),
    min_size=1,
    max_size=6,
)


def edited(history: History, first: int, count: int, paragraphs: list[Paragraph]) -> History:
    """Return the history after an edit of some paragraphs, or as it was where the edit is refused."""
    transcript = history.alignment.transcript
    starts = [*(index for index, _ in outermost(transcript.segments)), len(transcript.segments)]
    first %= len(starts)
    stop = min(len(starts) - 1, first + count)
    try:
        now = timed(retexted(transcript, range(starts[first], starts[stop]), paragraphs))
        new = replace(history.alignment, transcript=now.transcript, segments=now.segments, words=now.words)
        return changed(history, new, {"kind": "text"}, "Ada")
    except TranscriptError:  # nothing would be said any more, or the text would be no text
        return history


def assert_agreeing(path: Path) -> None:
    """The transcript's file reads as the text that the alignment has, and is among the versions."""
    history = open_history(path)
    transcript = history.alignment.transcript
    file = open_transcript(path.parent / transcript.file)
    assert file.sha256 == transcript.sha256
    assert file.draft.text == transcript.text
    if any(segment.pinned for segment in transcript.segments):
        assert structured(file.understood(), history.alignment).segments == transcript.segments
    kept = {hashlib.sha256(version.content()).hexdigest() for version in versions_in(path.parent)}
    assert not history.changes or transcript.sha256 in kept


@given(file=st.sampled_from(FILES), edits=EDITS)
@examples(60)
def test_what_is_written_is_read_again_and_can_be_undone(file: tuple[str, bytes], edits: list[Any]) -> None:
    name, content = file
    with tempfile.TemporaryDirectory() as folder:
        path = laid_out(Path(folder), name, content)
        history = open_history(path)
        for first, count, paragraphs in edits:
            history = edited(history, first, count, paragraphs)
            assert_agreeing(path)
        while change := undoable(history):
            history = undo(history, change, "Léa")
        assert (Path(folder) / name).read_bytes() == content
        assert history.alignment.transcript.file == name
