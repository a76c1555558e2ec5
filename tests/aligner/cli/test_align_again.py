"""``quotecast align`` on an episode that people are correcting: what they correct meanwhile is in what it writes."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from aligner import pipeline
from aligner.cli.align import align
from aligner.model import Alignment
from aligner.pipeline import Aligned
from aligner.storage.history import changed, open_history
from aligner.storage.outputs import JSON_SUFFIX
from tests.aligner.episodes import alignment_of
from tests.aligner.storage.corrected import check_whole, kinds

TEXT = "the harbour was quiet when the first ferry came"


def pinned(alignment: Alignment, *places: int) -> Alignment:
    words = [replace(word, pinned=word.pinned or k in places) for k, word in enumerate(alignment.words)]
    return replace(alignment, words=tuple(words))


def test_what_is_corrected_while_it_aligns_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / f"ferry{JSON_SUFFIX}"
    corrections = [3, 5]

    def slow(*given: Any, **_: object) -> Aligned:
        earlier = given[5]
        found = pinned(alignment_of(TEXT), *(k for k, w in enumerate(earlier.words) if w.pinned) if earlier else ())
        if path.exists() and corrections:
            history = open_history(path)
            changed(history, pinned(history.alignment, corrections.pop(0)), {"kind": "place"}, "Ada")
        return Aligned(replace(found, coverage=0.5 + len(corrections) / 10), ())

    monkeypatch.setattr(pipeline, "align", slow)
    for name in ("ferry.mp3", "ferry.txt"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    command = [str(tmp_path / "ferry.mp3"), str(tmp_path / "ferry.txt")]
    for _ in range(2):
        align.main(command, standalone_mode=False)
    history = check_whole(path)
    assert kinds(history) == ["begun", "place", "place", "aligned"]
    assert [k for k, word in enumerate(history.alignment.words) if word.pinned] == [3, 5]
