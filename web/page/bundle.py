"""The scripts and styles of a page that no server of ours sends, each as one text.

Browsers import no module from a file of the disk. So an ES module and all that it imports become one classic script:
each module a function that is called once, in the order in which a browser would evaluate them, and gives what it
exports. The sources keep to the few forms of import and export that ``_IMPORT`` and ``_EXPORT`` know, and no module
imports itself by way of others; a test holds them to that.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[\w./-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:class|function|const) (\w+))", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?:/\*\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)\n", re.MULTILINE)  # those that stand alone
EPISODE_STYLES = (
    *("tokens.css", "base.css", "transcript.css", "place.css", "player.css", "quotes.css", "low.css"),
    *("print.css", "touch.css", "forced.css", "unscripted.css"),
)
"""The styles of a page on which an episode is read, in their order."""

_LITERAL = re.compile(r'["`]([a-z][\w.-]*)(["`]|\$\{)')


@cache
def script_of(entry: str) -> str:
    """One classic script of the module ``entry``, a path below ``static/js``, and of all that it imports."""
    names: dict[str, str] = {}
    pieces = [_called(path, names) for path in _in_order(entry, [])]
    return '"use strict";\n(() => {\n' + "".join(pieces) + "})();\n"


@cache
def styles(names: tuple[str, ...] = EPISODE_STYLES) -> str:
    """Styles of that name, as one."""
    folder = resources.files("web") / "static" / "style"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


@cache
def icon() -> str:
    """The icon of our pages, as SVG."""
    return (resources.files("web") / "static" / "icon.svg").read_text(encoding="utf-8")


def strings_of(script: str, strings: dict[str, str]) -> dict[str, str]:
    """Those of ``strings`` that the script may ask for: by a key that it holds, or by the beginning of one."""
    found = {(text, end == "${") for text, end in _LITERAL.findall(script)}
    keys, beginnings = ({text for text, is_begun in found if is_begun is wanted} for wanted in (False, True))
    return {key: text for key, text in strings.items() if key in keys or key.rpartition(".")[0] + "." in beginnings}


@cache
def _module(path: str) -> str:
    """The source of a module, a path below ``static/js``."""
    return (resources.files("web") / "static" / "js" / path).read_text(encoding="utf-8")


def _imports(path: str) -> Iterator[str]:
    """The modules that one imports, as it names them in turn."""
    for _, named in _IMPORT.findall(_module(path)):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), named))


def _in_order(path: str, done: list[str]) -> list[str]:
    """``done``, the module after those that it imports, each once."""
    for imported in _imports(path):
        if imported not in done:
            _in_order(imported, done)
    done.append(path)
    return done


def _called(path: str, names: dict[str, str]) -> str:
    """The module as a call that gives what it exports; ``names`` holds where that is kept, by path."""
    source = _module(path)
    exported = ", ".join(name for _, name in _EXPORT.findall(source))
    taken = iter(_imports(path))
    body = _IMPORT.sub(lambda found: _taken(found[1], names[next(taken)]), source)
    body = _COMMENT.sub("", _EXPORT.sub(r"\1", body))
    names[path] = f"$module{len(names)}"
    return f"const {names[path]} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _taken(imported: str, name: str) -> str:
    """What an import of ``imported`` becomes where the module is called ``name``."""
    return f"const {{{imported.replace(' as ', ': ')}}} = {name};\n" if imported else ""
