"""Who knows whom in the web app: nobody in a circle, and the library knows no Flask."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

from tests.places import ROOT

MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in (ROOT / "web").rglob("*.py")
}


def imports(path: Path) -> Iterator[str]:
    """What a file imports, within functions too: modules of ours by their full names, others as they are written."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in MODULES else node.module for name in inner)


IMPORTS = {name: set(imports(path)) for name, path in MODULES.items()}


def test_no_modules_know_each_other_in_a_circle() -> None:
    ours = {name: {other for other in known if other in MODULES} for name, known in IMPORTS.items()}
    order = list(TopologicalSorter(ours).static_order())
    assert order.index("web.errors") < order.index("web.library") < order.index("web.app")


def test_the_library_knows_of_the_app_its_errors_and_bounds_alone_and_no_flask() -> None:
    library = {name for name in MODULES if name.startswith("web.library")}
    known = set().union(*(IMPORTS[name] for name in library)) - library
    assert {name for name in known if name.split(".")[0] == "web"} == {"web.errors", "web.bounded"}
    assert not {name.split(".")[0] for name in known | IMPORTS["web.errors"] | IMPORTS["web.bounded"]} & {
        "flask",
        "werkzeug",
        "waitress",
    }


def test_library_and_jobs_are_there_before_flask_is() -> None:
    code = "import sys, web.jobs, web.library; print({'flask', 'werkzeug', 'waitress'} & sys.modules.keys())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
