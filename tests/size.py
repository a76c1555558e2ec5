"""Show how large each part of quotecast is, beside the most it may be (``tests/size.toml``).

    python -m tests.size

The exit status is 1 where a part is too large.
"""

import sys
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from tests.paths import ROOT

LIMITS = ROOT / "tests" / "size.toml"
_GENERATED = {"__pycache__", "node_modules"}


@dataclass(frozen=True)
class Size:
    """How many lines or words (``unit``) of such files lie in ``path``, and the most that may."""

    path: str
    unit: str
    count: int
    limit: int


def sizes(root: Path = ROOT, limits: Path = LIMITS) -> list[Size]:
    """Return the size of each part that ``limits`` names, in its order."""
    table = tomllib.loads(limits.read_text(encoding="utf-8"))
    return [
        size
        for unit, kinds in table.items()
        for endings, most in kinds.items()
        for size in _measured(root, unit, endings.split(","), most)
    ]


def complaints(measured: list[Size]) -> list[str]:
    """Return a sentence for each part that is too large: by how much, and what to do."""
    return [
        f"{size.path} has {size.count:,} {size.unit}, {size.count - size.limit:,} too many: shrink it, or raise its"
        " limit in tests/size.toml with a reason in the commit"
        for size in measured
        if size.count > size.limit
    ]


def _measured(root: Path, unit: str, endings: list[str], limits: dict[str, int]) -> list[Size]:
    counts = Counter[str]()
    for path in sorted({file for part in limits for file in _files(root / part, endings)}):
        text = path.read_text(encoding="utf-8")
        units = text.splitlines() if unit == "lines" else text.split()
        counts[_part(path.relative_to(root), limits)] += len(units)
    return [Size(part, f"{unit} of {', '.join(endings)}", counts[part], limit) for part, limit in limits.items()]


def _files(part: Path, endings: list[str]) -> list[Path]:
    found = part.rglob("*") if part.is_dir() else [part]
    return [path for path in found if path.suffix[1:] in endings and not _GENERATED.intersection(path.parts)]


def _part(path: Path, limits: dict[str, int]) -> str:
    """Return the longest path of ``limits`` in which a file lies."""
    return max((part for part in limits if path.is_relative_to(part)), key=len)


def main() -> int:
    """Print the table; return the exit status."""
    all_sizes = sizes()
    for size in all_sizes:
        print(f"{size.path:24} {size.count:7,} of at most {size.limit:7,} {size.unit}")
    too_large = complaints(all_sizes)
    for sentence in too_large:
        print(sentence)
    python = sum(size.count for size in all_sizes if size.unit == "lines of py")
    print(f"{'aligner, media and web':24} {python:7,} lines of py")
    return int(bool(too_large))


if __name__ == "__main__":
    sys.exit(main())
