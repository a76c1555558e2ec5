"""``quotecast serve`` refuses invalid options before it serves anything."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.aligner.command import assert_refused, quotecast_here
from tests.tables import over_rows


@over_rows("given", ["inf", "-inf", "1e300", "-1", "0"])
def test_the_upload_limit_is_a_number(tmp_path: Path, given: str) -> None:
    result = quotecast_here("serve", tmp_path, "--port", "0", "--no-browser", f"--max-upload={given}")
    assert result.returncode == 2
    assert "--max-upload" in result.stderr.splitlines()[-1]


@over_rows("host", ["no.such.name.invalid", "a..b", ""])
def test_an_invalid_host_name_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, host: str) -> None:
    monkeypatch.setenv("QUOTECAST_PASSWORD", "roue libre")
    result = quotecast_here("serve", tmp_path, "--port", "0", "--no-browser", "--host", host)
    assert_refused(result, "choose another --host")


def test_a_missing_folder_is_created_only_if_asked_and_the_last_one_is_opened_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    served: list[Path] = []
    monkeypatch.setenv("QUOTECAST_DATA", str(tmp_path / "data"))
    monkeypatch.setattr("web.command.run", lambda settings, *_: served.append(settings.library) or 0)
    monkeypatch.chdir(tmp_path)
    library = tmp_path / "shows"
    assert_refused(quotecast_here("serve", library), "there is no such folder; make it with --create")
    assert quotecast_here("serve", library, "--create").returncode == 0
    library.mkdir()
    assert quotecast_here("serve").returncode == 0
    assert served == [library, library]
    (tmp_path / "ferry").mkdir()
    (tmp_path / "ferry" / "ferry.alignment.json").touch()
    assert quotecast_here("serve").returncode == 0
    assert served[-1].resolve() == tmp_path
