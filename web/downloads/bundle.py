"""Scripts and styles for a page that stands alone, opened from a disk without any server.

Browsers let no module be imported from a file, so every module travels within the page: as an address that holds its
source, under a name that an import map knows.
"""

from __future__ import annotations

import base64
import posixpath
import re
from dataclasses import dataclass
from functools import cache
from importlib import resources

_ENTRY = "page/standalone.js"
_STYLES = ("tokens.css", "base.css", "transcript.css", "player.css", "quotes.css", "low.css", "forced.css")
_IMPORT = re.compile(r'\b(?:from|import)\s+"(\.[\w./-]+\.js)"')
_PREFIX = "quotecast/"


@dataclass(frozen=True, slots=True)
class Bundle:
    """``imports`` maps module names to addresses; importing ``entry`` starts the page."""

    styles: str
    imports: dict[str, str]
    entry: str


@cache
def bundle() -> Bundle:
    """All that a page needs that stands alone."""
    static = resources.files("web") / "static"
    modules: dict[str, str] = {}
    waiting = [_ENTRY]
    while waiting:
        name = waiting.pop()
        if name in modules:
            continue
        source = (static / "js" / name).read_text(encoding="utf-8")
        for path in set(_IMPORT.findall(source)):
            imported = posixpath.normpath(posixpath.join(posixpath.dirname(name), path))
            waiting.append(imported)
            source = source.replace(f'"{path}"', f'"{_PREFIX}{imported}"')
        modules[name] = source
    styles = "\n".join((static / "style" / name).read_text(encoding="utf-8") for name in _STYLES)
    return Bundle(styles, {_PREFIX + name: _address(source) for name, source in modules.items()}, _PREFIX + _ENTRY)


def _address(source: str) -> str:
    return "data:text/javascript;base64," + base64.b64encode(source.encode("utf-8")).decode("ascii")
