"""No part of quotecast exceeds its limit."""

from pathlib import Path

from tests.paths import ROOT
from tests.size import LIMITS, Size, complaints, sizes


def test_no_part_is_larger_than_its_limit() -> None:
    too_large = complaints(sizes())
    assert not too_large, "\n".join(too_large)


def test_every_room_of_aligner_and_web_has_a_limit() -> None:
    limits = LIMITS.read_text(encoding="utf-8")
    rooms = {path.parent for package in ("aligner", "web") for path in (ROOT / package).glob("*/*.py")}
    without = [str(room.relative_to(ROOT)) for room in rooms if f'"{room.relative_to(ROOT)}"' not in limits]
    assert not without, f"give these a limit in tests/size.toml: {without}"


def test_a_file_counts_once_for_the_longest_path(tmp_path: Path) -> None:
    limits = tmp_path / "limits.toml"
    limits.write_text('[lines.py]\n"web" = 2\n"web/site" = 9\n[words.md]\n"README.md" = 3\n', encoding="utf-8")
    (tmp_path / "web" / "site" / "pages").mkdir(parents=True)
    (tmp_path / "web" / "app.py").write_text("a\n\nb\n", encoding="utf-8")
    (tmp_path / "web" / "site" / "pages" / "show.py").write_text("c\n", encoding="utf-8")
    (tmp_path / "README.md").write_text("four words\nstand here\n", encoding="utf-8")
    assert sizes(tmp_path, limits) == [
        Size("web", "lines of py", 3, 2),
        Size("web/site", "lines of py", 1, 9),
        Size("README.md", "words of md", 4, 3),
    ]
