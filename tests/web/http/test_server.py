"""The server is started, killed and stopped as users do, and refuses invalid options first."""

import contextlib
import http.client
import json
import os
import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.aligner.command import assert_refused, quotecast_here
from tests.tables import over_rows
from tests.web.watching import until
from web.http.server import address_of
from web.jobs.job import INTERRUPTED


class Command:
    """``quotecast serve`` in a process of its own; ``within`` runs it."""

    def __init__(self, library: Path, browser: str | None = None, within: Sequence[str] = ()) -> None:
        command = [*within, sys.executable, "-m", "aligner", "serve", str(library), "--create", "--port", "0"]
        command += ["--no-browser"] if browser is None else []
        environment = {**os.environ, "BROWSER": browser or ""}
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        assert self.process.stdout is not None
        said = ""
        while not (found := re.search(r"http://127\.0\.0\.1:(\d+)/", said)):
            line = self.process.stdout.readline()
            assert line, self.process.communicate()
            said += line
        self.port = int(found[1])

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def get(self, path: str) -> bytes:
        with contextlib.closing(self.connect()) as connection:
            connection.request("GET", path)
            return connection.getresponse().read()

    def post(self, path: str) -> tuple[int, Any]:
        """Ask as a page of ours does; the status and the JSON of the answer."""
        with contextlib.closing(self.connect()) as connection:
            connection.request("GET", "/api/session")
            answer = connection.getresponse()
            token, cookie = json.loads(answer.read())["token"], answer.headers["Set-Cookie"].partition(";")[0]
            connection.request("POST", path, headers={"X-CSRF-Token": token, "Cookie": cookie})
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())

    def jobs(self) -> list[dict[str, object]]:
        return list(json.loads(self.get("/api/jobs")))

    def kill(self) -> None:
        self.process.kill()
        self.process.communicate()


@pytest.fixture
def serve(library: Path) -> Iterator[Callable[..., Command]]:
    started: list[Command] = []

    def start(browser: str | None = None) -> Command:
        started.append(Command(library, browser))
        return started[-1]

    yield start
    for server in started:
        server.process.terminate()
        server.process.communicate(timeout=120)


def test_the_browser_opens_the_page(serve: Callable[..., Command], tmp_path: Path) -> None:
    seen, left, script = (tmp_path / name for name in ("seen", "left", "browser.py"))
    script.write_text(
        "import sys, time, pathlib, urllib.request\n"
        "page = urllib.request.urlopen(sys.argv[1], timeout=60).read().decode()\n"
        f"pathlib.Path({str(seen)!r}).write_text(page)\n"
        # As one in the terminal: it returns when it is left.
        f"while not pathlib.Path({str(left)!r}).exists(): time.sleep(0.05)\n"
    )
    server = serve(f"{sys.executable} {script} %s")
    try:
        until(lambda: seen.exists() and "Une promenade qui attend" in seen.read_text())
        assert b"Une promenade" in server.get("/")
    finally:
        left.touch()


@pytest.mark.nightly
@pytest.mark.parametrize("name", ["SIGINT", "SIGTERM", "SIGKILL"])
def test_a_stopped_server_ends_its_jobs_and_the_next_one_lists_them(
    serve: Callable[[], Command], library: Path, name: str
) -> None:
    server = serve()
    status, answer = server.post("/api/episodes/roue-libre/align")
    assert status == 202
    until(lambda: server.jobs()[0]["stage"])
    child = psutil.Process(server.process.pid).children()
    server.process.send_signal(signal.Signals[name])
    _, complaint = server.process.communicate(timeout=120)
    assert "Traceback" not in complaint
    _, alive = psutil.wait_procs(child, timeout=30)
    assert not alive
    [job] = serve().jobs()
    assert (job["id"], job["state"], job["message"]) == (answer["job"], "failed", INTERRUPTED)


def test_the_printed_address_is_one_that_this_machine_reaches() -> None:
    hosts = {"0.0.0.0": "127.0.0.1", "::": "[::1]", "127.0.0.1": "127.0.0.1", "radio.local": "radio.local"}
    assert {host: address_of(host, 80) for host in hosts} == {h: f"http://{name}:80/" for h, name in hosts.items()}


def test_a_file_is_not_a_library(tmp_path: Path) -> None:
    (tmp_path / "s.mp3").touch()
    refused = quotecast_here("serve", tmp_path / "s.mp3", "--port", "0", "--no-browser")
    assert refused.returncode == 3
    assert refused.stderr == f"quotecast: {tmp_path / 's.mp3'}: is a file; expected a folder of episodes\n"


def test_a_too_large_upload_is_refused_before_it_is_received(serve: Callable[[], Command]) -> None:
    server = serve()
    with contextlib.closing(server.connect()) as connection:
        connection.putrequest("PUT", "/api/incoming/any/audio")
        connection.putheader("Content-Length", "5000000000")
        connection.endheaders()
        assert connection.getresponse().status == 413


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
