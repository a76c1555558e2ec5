"""Modules are bundled into one classic script."""

import re
import shutil
import subprocess

from tests.tables import over_rows
from web.languages import catalogue
from web.page.bundle import script_of, strings_of

ENTRIES = ("page/standalone.js", "site/site.js", "embed/quote-cast.js")


@over_rows("entry", ENTRIES)
def test_a_bundle_can_be_embedded_in_a_page(entry: str) -> None:
    script = script_of(entry)
    assert "</script" not in script.lower()
    assert "<!--" not in script
    if node := shutil.which("node"):
        subprocess.run([node, "--check", "-"], input=script, text=True, check=True)


def test_a_bundle_has_the_strings_that_it_uses() -> None:
    strings = {key.removeprefix("js."): text for key, text in catalogue("en").items() if key.startswith("js.")}
    script = script_of("site/site.js")
    given = strings_of(script, strings)
    asked = set(re.findall(r"""\bt\("([\w.]+)"[,)]""", script))
    assert len(asked) > 10
    assert asked <= given.keys()
    assert {"bar.linked.public", "bar.linked.local", "link.changed", "missing.ad"} <= given.keys()
    assert len(given) < len(strings) / 2
