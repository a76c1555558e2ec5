"""Draw docstrings at random for readers who do not know the code: ``python -m tests.bench.docstrings [SEED] [COUNT]``.

Each is printed with its place and its signature, as an editor shows them. A reader marks each as clear at first
reading, clear at the second, or opaque. At least 95 of a hundred are to be clear at first, and none opaque.
"""

from __future__ import annotations

import ast
import random
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGES = ("aligner", "media", "web")


def docstrings() -> Iterator[str]:
    """Yield every docstring of the product, with its place and signature."""
    for path in sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.ClassDef | ast.Module) and (text := ast.get_docstring(node)):
                line = getattr(node, "lineno", 1)
                yield f"{path.relative_to(ROOT)}:{line}\n{_signature(node)}{text}"


def _signature(node: ast.FunctionDef | ast.ClassDef | ast.Module) -> str:
    match node:
        case ast.FunctionDef(name=name, args=args, returns=returns):
            return f"def {name}({ast.unparse(args)}){f' -> {ast.unparse(returns)}' if returns else ''}\n"
        case ast.ClassDef(name=name):
            fields = [ast.unparse(each) for each in node.body if isinstance(each, ast.AnnAssign)]
            return "\n    ".join([f"class {name}", *fields]) + "\n"
    return ""


def main(seed: int = 1, count: int = 100) -> None:
    drawn = random.Random(seed).sample([*docstrings()], count)
    print("\n\n".join(f"{number}. {each}" for number, each in enumerate(drawn, 1)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
