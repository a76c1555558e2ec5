"""``quotecast serve`` with options that it cannot use: a line that says so, before anything is served."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.aligner.command import assert_refused, quotecast


@pytest.mark.parametrize("given", ["nan", "inf", "-inf", "1e300", "-1", "0"])
def test_how_much_may_be_uploaded_is_a_number(tmp_path: Path, given: str) -> None:
    result = quotecast("serve", tmp_path, "--port", "0", "--no-browser", f"--max-upload={given}")
    assert result.returncode == 2
    assert "--max-upload" in result.stderr.splitlines()[-1]


@pytest.mark.parametrize("host", ["no.such.name.invalid", "a..b", ""])
def test_a_name_that_is_no_address_is_not_listened_at(tmp_path: Path, host: str) -> None:
    environment = {**os.environ, "QUOTECAST_PASSWORD": "roue libre"}
    result = quotecast("serve", tmp_path, "--port", "0", "--no-browser", "--host", host, env=environment)
    assert_refused(result, "choose another --host")


def test_a_password_that_nobody_can_type_is_refused(tmp_path: Path) -> None:
    environment = {**os.environb, b"QUOTECAST_PASSWORD": "café".encode("latin-1")}
    result = quotecast("serve", tmp_path, "--port", "0", "--no-browser", env=environment)
    assert result.returncode == 2
    assert "QUOTECAST_PASSWORD" in result.stderr.splitlines()[-1]
