"""Run a test over the rows of a table as one test: a test for each row would cost more to set up than to run."""

import functools
import inspect
import textwrap
from collections.abc import Callable, Iterable, Mapping
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest

Test = Callable[..., None]
Table = Iterable[Any] | Mapping[str, Any]


def over_rows(names: str, table: Table | Callable[[], Table]) -> Callable[[Test], Test]:
    """Run the decorated test once for each row; a failure names its row, and the rows after it run too.

    ``names`` are the parameters that a row gives, separated by commas; with one name, each row is the bare value. The
    rows of a mapping are its values, each called by its key. A table that takes long to make is a function, called when
    the test runs. Rows share all fixtures, but for ``tmp_path``, an empty folder for each row, and ``monkeypatch``,
    which is undone after each. The test is skipped only if every row is.
    """
    parameters = [name.strip() for name in names.split(",")]

    def decorate(test: Test) -> Test:
        signature = inspect.signature(test)
        assert signature.parameters.keys() >= {*parameters}, f"{test.__name__} does not take all of: {names}"

        @functools.wraps(test)
        def run_all(**fixtures: Any) -> None:
            rows = table() if callable(table) else table
            named = rows.items() if isinstance(rows, Mapping) else ((None, row) for row in rows)
            failures, skips, number = list[BaseException](), list[BaseException](), -1
            for number, (name, row) in enumerate(named):
                row = row if len(parameters) > 1 else (row,)
                try:
                    _run(test, fixtures, number, dict(zip(parameters, row, strict=True)))
                except pytest.skip.Exception as skip:
                    skips.append(skip)
                except (Exception, pytest.fail.Exception) as failure:  # the latter is no Exception
                    failure.add_note(f"in row {number} (the first is 0): {name or _shown(parameters, row)}")
                    failures.append(failure)
            assert number >= 0, "the table has no rows"
            if len(failures) == 1:
                raise failures[0]
            if failures:
                raise BaseExceptionGroup(f"{len(failures)} of {number + 1} rows fail", failures)
            if len(skips) == number + 1:
                raise skips[0]

        kept = [parameter for name, parameter in signature.parameters.items() if name not in parameters]
        run_all.__signature__ = signature.replace(parameters=kept)  # type: ignore[attr-defined]
        return run_all

    return decorate


def _shown(parameters: list[str], row: tuple[Any, ...]) -> str:
    """Return each value of a row under its name, as much of it as says which it is."""
    values = [textwrap.shorten(repr(value), 150, placeholder="…") for value in row]
    return ", ".join(f"{name}={value}" for name, value in zip_longest(parameters, values, fillvalue="?"))


def _run(test: Test, fixtures: Mapping[str, Any], number: int, values: Mapping[str, Any]) -> None:
    own = dict(fixtures)
    if isinstance(folder := fixtures.get("tmp_path"), Path):
        own["tmp_path"] = folder / f"row-{number}"
        own["tmp_path"].mkdir()
    if isinstance(patch := fixtures.get("monkeypatch"), pytest.MonkeyPatch):
        with patch.context() as own["monkeypatch"]:
            test(**own, **values)
    else:
        test(**own, **values)
