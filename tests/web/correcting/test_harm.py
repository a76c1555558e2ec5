"""If a file is damaged or cannot be written, a correction is refused in one sentence and nothing changes."""

import errno
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from aligner.storage.file_names import history_path
from tests.web.library.shelved import tree
from web.correcting import following
from web.routes import corrections

Send = Callable[..., TestResponse]


@pytest.fixture
def path(library: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an alignment that is corrected in this process, so that its writes can fail."""
    monkeypatch.setattr(corrections, "call", lambda work, *given: work(*given))
    monkeypatch.setattr(following, "_DELAY", 600.0)
    return library / "roue-libre" / "episode.alignment.json"


def place(send: Send, word: int, base: int = 0) -> TestResponse:
    correction = {"kind": "accept", "words": [[word, word + 1]]}
    return send("POST", "/api/episodes/roue-libre/corrections", {"revision": base, "correction": correction})


def refused(answer: TestResponse) -> str:
    """Return the error of a refused request."""
    assert 400 <= answer.status_code < 600
    said: Any = answer.json
    assert "Traceback" not in said["error"]
    assert "\n" not in said["error"]
    return str(said["error"])


@pytest.mark.parametrize(("number", "status"), [(errno.ENOSPC, 507), (errno.EACCES, 422)])
def test_a_failed_write_changes_nothing(
    send: Send, path: Path, monkeypatch: pytest.MonkeyPatch, number: int, status: int
) -> None:
    base = place(send, 3).json["revision"]
    before = tree(path.parent)

    def fails(*_: object, **__: object) -> None:
        raise OSError(number, "it does not go")

    for what in ("media.temporary.sync", "media.safe_fs.os.replace"):
        with monkeypatch.context() as patched:
            patched.setattr(what, fails)
            answer = place(send, 5, base)
        assert (answer.status_code, bool(refused(answer))) == (status, True)
        assert tree(path.parent) == before


def test_a_truncated_alignment_is_reported_and_its_history_stays(send: Send, path: Path) -> None:
    assert place(send, 3).status_code == 200
    whole, history = path.read_bytes(), history_path(path).read_bytes()
    for harm in (b"", b"[]", whole[: len(whole) // 2]):
        path.write_bytes(harm)
        assert "align it again to have its corrections back" in refused(place(send, 5, base=2))
        assert history_path(path).read_bytes() == history
    path.write_bytes(whole)
    assert place(send, 5, base=2).status_code == 200


def test_the_page_says_why_an_episode_cannot_be_corrected(send: Send, path: Path, client: FlaskClient) -> None:
    assert [place(send, 7).status_code, place(send, 9, 2).status_code] == [200, 200]
    assert 'id="uneditable"' not in client.get("/episodes/roue-libre").text
    history = history_path(path)
    first, _, *others = history.read_bytes().splitlines(keepends=True)
    history.write_bytes(b"".join([first, b"\0\0\0\n", *others]))
    page = client.get("/episodes/roue-libre").text
    told = page.split('id="uneditable">')[1].split("</p>")[0]
    assert "line 2 is damaged" in told
    assert str(path.parent) not in told
    assert '"editable": false' in page
