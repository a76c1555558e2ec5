"""The scripts of pages that no server sends: one classic script of many modules."""

from __future__ import annotations

import posixpath
import re
import shutil
import subprocess

import pytest

from tests.places import ROOT
from web.languages import catalogue
from web.page.bundle import script_of, strings_of

SCRIPTS = ROOT / "web" / "static" / "js"
ENTRIES = ("page/standalone.js", "site/site.js", "cast/quote-cast.js")
FORMS = re.compile(
    r'import (?:\{[^}]*\} from )?"[./\w-]+\.js";\n|export (?:async )?(?:class|function|const) \w+', re.MULTILINE
)


def reached(entry: str) -> dict[str, list[str]]:
    """What each module imports, of all that the entry needs."""
    found: dict[str, list[str]] = {}
    waiting = [entry]
    while waiting:
        path = waiting.pop()
        source = (SCRIPTS / path).read_text(encoding="utf-8")
        named = re.findall(r'^(?:import .*|\} )?from "([^"]+)"|^import "([^"]+)"', source, re.MULTILINE)
        found[path] = [posixpath.normpath(posixpath.join(posixpath.dirname(path), a or b)) for a, b in named]
        waiting += [each for each in found[path] if each not in found]
    return found


@pytest.mark.parametrize("entry", ENTRIES)
def test_modules_keep_to_the_forms_that_are_known_and_none_imports_itself_by_others(entry: str) -> None:
    modules = reached(entry)
    assert len(modules) > 10
    for path in modules:
        source = (SCRIPTS / path).read_text(encoding="utf-8")
        assert not re.search(r"^\s*(?:import|export)\b", FORMS.sub("", source), re.MULTILINE), path
        assert not re.search(r"\bimport\.meta|\bawait import\(", source), path
    order: list[str] = []

    def walk(path: str, above: tuple[str, ...]) -> None:
        assert path not in above
        for each in modules[path]:
            walk(each, (*above, path))
        if path not in order:
            order.append(path)

    walk(entry, ())


@pytest.mark.parametrize("entry", ENTRIES)
def test_the_script_is_one_that_can_stand_in_a_page(entry: str) -> None:
    script = script_of(entry)
    assert "</script" not in script.lower()
    assert "<!--" not in script
    if node := shutil.which("node"):
        subprocess.run([node, "--check", "-"], input=script, text=True, check=True)


def test_every_sentence_that_a_script_asks_for_goes_with_it() -> None:
    strings = {key.removeprefix("js."): text for key, text in catalogue("en").items() if key.startswith("js.")}
    script = script_of("site/site.js")
    given = strings_of(script, strings)
    asked = set(re.findall(r"""\bt\("([\w.]+)"[,)]""", script))
    assert len(asked) > 10
    assert asked <= given.keys()
    assert {"bar.linked.public", "bar.linked.local", "link.changed", "missing.advert"} <= given.keys()
    assert len(given) < len(strings) / 2
