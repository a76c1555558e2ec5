"""What decides what was found is its key: all of it, and nothing else."""

from __future__ import annotations

from pathlib import Path

from aligner.content_cache import code_of, content_key


def test_what_differs_in_anything_has_another_key() -> None:
    parts: list[tuple[object, ...]] = [(1, "a"), ("a", 1), (1, b"a"), (1.0, "a"), ("1a",), ([1, "a"],), (True, "a")]
    assert len({content_key(*each) for each in parts}) == len(parts)
    assert content_key(0.1 + 0.2) != content_key(0.3)
    assert content_key([1, 2.5], "é") == content_key((1, 2.5), "é")


def test_code_is_known_by_every_file_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n", encoding="utf-8")
    alone = tmp_path / "b.py"
    alone.write_text("y = 1\n", encoding="utf-8")
    before = code_of(str(tmp_path)), code_of(str(alone))
    alone.write_text("y = 2\n", encoding="utf-8")
    code_of.cache_clear()
    after = code_of(str(tmp_path)), code_of(str(alone))
    assert len({*before, *after}) == 4
