"""Bundle scripts and styles for pages that work without this server.

Browsers load no ES modules from ``file:`` addresses. So a module and all its imports become one classic script. In this
script, each module is a function that is called once and returns the module's exports; imported modules come first.
Imports must match ``_IMPORT`` and have no cycles, and exports must match ``_EXPORT`` (a test checks this).
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from functools import cache
from importlib import resources

_IMPORT = re.compile(r'^import (?:\{([^}]*)\} from )?"(\.[\w./-]+\.js)";\n', re.MULTILINE)
_EXPORT = re.compile(r"^export ((?:async )?(?:class|function|const) (\w+))", re.MULTILINE)
_COMMENT = re.compile(r"^ *(?:/\*\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)\n", re.MULTILINE)  # on lines of their own
EPISODE_STYLES = (
    *("tokens.css", "base.css", "transcript.css", "place.css", "player.css", "quotes.css", "low.css"),
    *("print.css", "touch.css", "forced.css", "unscripted.css"),
)
"""The style sheets of an episode's page, in the order of the cascade."""

_LITERAL = re.compile(r'["`]([a-z][\w.-]*)(["`]|\$\{)')


@cache
def script_of(entry: str) -> str:
    """Return one classic script with the module ``entry`` (a path below ``static/js``) and all imported modules."""
    names: dict[str, str] = {}
    pieces = [_module_call(path, names) for path in _evaluation_order(entry, [])]
    return '"use strict";\n(() => {\n' + "".join(pieces) + "})();\n"


@cache
def styles(names: tuple[str, ...] = EPISODE_STYLES) -> str:
    """Return the text of these style sheets, joined in order."""
    folder = resources.files("web") / "static" / "style"
    return "\n".join((folder / name).read_text(encoding="utf-8") for name in names)


@cache
def icon() -> str:
    """Return the app's icon as SVG."""
    return (resources.files("web") / "static" / "icon.svg").read_text(encoding="utf-8")


def strings_of(script: str, strings: dict[str, str]) -> dict[str, str]:
    """Return the ``strings`` whose keys a script contains, or may build from literals such as ``state.${name}``."""
    literals = {(text, end == "${") for text, end in _LITERAL.findall(script)}
    keys, prefixes = ({text for text, is_prefix in literals if is_prefix is wanted} for wanted in (False, True))
    return {key: text for key, text in strings.items() if key in keys or key.rpartition(".")[0] + "." in prefixes}


@cache
def _module(path: str) -> str:
    return (resources.files("web") / "static" / "js" / path).read_text(encoding="utf-8")


def _imports(path: str) -> Iterator[str]:
    for _, named in _IMPORT.findall(_module(path)):
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), named))


def _evaluation_order(path: str, done: list[str]) -> list[str]:
    """Append to ``done`` all modules that ``path`` imports, directly or indirectly, then ``path``; return ``done``."""
    for imported in _imports(path):
        if imported not in done:
            _evaluation_order(imported, done)
    done.append(path)
    return done


def _module_call(path: str, names: dict[str, str]) -> str:
    """Return JavaScript that runs a module and assigns its exports to a constant; add the constant to ``names``."""
    source = _module(path)
    exported = ", ".join(name for _, name in _EXPORT.findall(source))
    imports = iter(_imports(path))
    body = _IMPORT.sub(lambda found: _destructured(found[1], names[next(imports)]), source)
    body = _COMMENT.sub("", _EXPORT.sub(r"\1", body))
    names[path] = f"$module{len(names)}"
    return f"const {names[path]} = (() => {{\n{body}return {{ {exported} }};\n}})();\n"


def _destructured(imported: str, name: str) -> str:
    """Convert an import: ``a, b as c`` of the module in the constant ``name`` gives ``const {a, b: c} = name;``."""
    return f"const {{{imported.replace(' as ', ': ')}}} = {name};\n" if imported else ""
