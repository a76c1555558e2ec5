"""Errors are reported in the reader's language."""

from __future__ import annotations

import errno
import re

import pytest
from flask.testing import FlaskClient

from tests.paths import ROOT
from tests.web.asking import Asker
from web.languages import catalogue
from web.library.episode import EpisodeProblem

WEB = ROOT / "web"
RAISED = re.compile(r'\b(?:WebError|Refused|NotFound|Conflict|TooLarge|Unusable)\(\s*"([\w.]+)"')


def test_every_refusal_and_problem_has_a_sentence() -> None:
    keys = {key for path in WEB.rglob("*.py") for key in RAISED.findall(path.read_text(encoding="utf-8"))}
    assert len(keys) > 40
    assert keys | {str(problem) for problem in EpisodeProblem} <= catalogue("en").keys()


def test_numbers_in_a_sentence_have_the_readers_decimal_mark(client: FlaskClient) -> None:
    beyond = {"kind": "place", "word": 7, "start": 900.0, "end": 900.5}
    corrections = "/api/episodes/roue-libre/corrections"
    sent = {"revision": 0, "correction": beyond}
    told = [Asker(client, language).post(corrections, sent).json["error"] for language in ("en", "fr")]
    assert [re.findall(r"\d+[.,]\d+", sentence)[0] for sentence in told] == ["900.00", "900,00"]


def test_a_full_disk_has_its_own_status(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    asker = Asker(client, "fr")
    upload = asker.post("/api/incoming").json["token"]
    monkeypatch.setattr("web.library.incoming.os.fsync", full)
    answer = asker.put(f"/api/incoming/{upload}/audio", b"sound", "a.mp3")
    assert answer.status_code == 507
    assert answer.json["error"].startswith("Le disque du serveur est plein")
