"""Hooks of mkdocs: take pages that lie outside ``docs`` into the site, and let links lead to where they are there."""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from mkdocs.structure.files import File, Files

ROOT = Path(__file__).resolve().parents[1]
OUTSIDE = (
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "LICENSE",
    "SECURITY.md",
    "THIRD_PARTY.md",
    "aligner/recognition/acoustic/MODEL_CARD.md",
    "media/video/fonts.sha256",
    "pyproject.toml",
    "requirements-tested.txt",
    "tests/bench/RESULTS.md",
    "tests/bench/french/README.md",
)
"""Pages, and other files that they link to, by their paths in the repository; those in the site are the same."""
_TARGET = re.compile(r'(?<=\]\()[^)\s]+|(?<=src=")[^"]+')


def on_files(files: Files, config: Any) -> Files:
    """Add the pages outside ``docs``."""
    for path in OUTSIDE:
        files.append(File.generated(config, path, abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, page: Any, **_: Any) -> str:
    """Turn links of the repository into links of the site, where what lies in ``docs`` lies at the top."""
    path = page.file.src_uri
    folder = posixpath.dirname(path if path in OUTSIDE else f"docs/{path}")

    def moved(found: re.Match[str]) -> str:
        target, mark, anchor = found[0].partition("#")
        if not target or re.match(r"[a-z]+:", target):
            return found[0]
        there = posixpath.normpath(posixpath.join(folder, target)).removeprefix("docs/")
        return posixpath.relpath(there, posixpath.dirname(path) or ".") + mark + anchor

    return _TARGET.sub(moved, markdown)
