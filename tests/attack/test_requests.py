"""No odd request makes the app fall; the attack finds an app that does."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.attack.odd_requests import Request, requests
from tests.attack.requests import Target, attack, complaints, over

pytestmark = pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="nothing interrupts a request here")


@pytest.fixture(scope="module")
def target(tmp_path_factory: pytest.TempPathFactory) -> Target:
    return Target(tmp_path_factory.mktemp("attacked"))


@pytest.fixture(autouse=True)
def interrupted() -> Iterator[None]:
    before = signal.signal(signal.SIGALRM, over)
    yield
    signal.signal(signal.SIGALRM, before)


def test_every_odd_request_ends_in_one_clear_sentence(target: Target) -> None:
    made, failures = attack(target, seed=7, count=1100)
    assert failures == []
    assert len(made) >= 8


@pytest.mark.nightly
def test_many_more_odd_requests_do_with_a_password_too(tmp_path: Path) -> None:
    _, failures = attack(Target(tmp_path, "secret"), seed=8, count=900)
    assert failures == []


def test_every_address_of_the_app_is_attacked(target: Target) -> None:
    made = requests(target.rules(), target.names, random.Random(1))
    paths = {next(made).path.split(b"/")[1] for _ in range(1000)}
    assert paths >= {rule.parts[0].split("/")[1].encode() for rule in target.rules() if rule.parts[0]}


@pytest.mark.parametrize(
    ("raised", "complaint"),
    [(KeyError("x"), "logged KeyError"), (SystemError(), "logged SystemError")],
)
def test_a_fall_is_found(target: Target, monkeypatch: pytest.MonkeyPatch, raised: Exception, complaint: str) -> None:
    def fall() -> None:
        raise raised

    monkeypatch.setitem(target.app.view_functions, "adding.add", fall)
    request = Request("planted", "GET", b"/add")
    found = list(complaints(target, request, target.ask(request)))
    assert found[0].startswith(complaint)
    assert found[1].startswith("status 500")


def test_a_path_of_the_server_is_found(target: Target, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(target.app.view_functions, "adding.add", lambda: f"{target.root}/x")
    request = Request("planted", "GET", b"/add")
    assert "a path of the server" in next(complaints(target, request, target.ask(request)))
