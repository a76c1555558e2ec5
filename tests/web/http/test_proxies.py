"""A team's server behind the proxies of ``deploy``: Caddy and nginx as Debian packages them, with TLS."""

import contextlib
import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.paths import ROOT, SAMPLE
from web.app import create_app
from web.languages import catalogue
from web.settings import Settings

pytestmark = pytest.mark.nightly
DEPLOY = ROOT / "deploy"
AUDIO = (SAMPLE / "episode.mp3").read_bytes()
COPIES = 500_000_000 // len(AUDIO) + 1
SIZE = COPIES * len(AUDIO)
MOST_BYTES = 400_000_000  # that a process may hold while 500 MB pass through it
LISTENERS = 50


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        return int(free.getsockname()[1])


def _soon(what: Callable[[], Any]) -> Any:
    """What ``what`` returns once it returns something true and raises nothing."""
    latest = time.monotonic() + 120
    while True:
        with contextlib.suppress(OSError, http.client.HTTPException):
            if found := what():
                return found
        assert time.monotonic() < latest, what
        time.sleep(0.2)


class Visitor:
    """A browser that trusts one authority, and knows a password."""

    def __init__(self, port: int, authority: Path, password: str = "secret") -> None:
        self._port, self._tls = port, ssl.create_default_context(cafile=str(authority))
        self._headers: dict[str, str] = {}
        self._cookies: dict[str, str] = {}
        page = self.ask("GET", "/login")[1].decode()
        token = page.split('name="csrf" content="')[1].split('"')[0]
        form = f"csrf={token}&password={password}&name=Ada"
        self.ask("POST", "/login", form.encode(), {"Content-Type": "application/x-www-form-urlencoded"})
        self._headers["X-CSRF-Token"] = json.loads(self.ask("GET", "/api/session")[1])["token"]

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, bytes]:
        """Send a request; return the status and the content of the answer."""
        connection = http.client.HTTPSConnection("localhost", self._port, timeout=300, context=self._tls)
        with contextlib.closing(connection):
            connection.request(method, path, body, {**self._headers, **(headers or {})})
            answer = connection.getresponse()
            for cookie in answer.headers.get_all("Set-Cookie", []):
                assert "Secure" in cookie
                name, _, value = cookie.split(";")[0].partition("=")
                self._cookies[name] = value
            self._headers["Cookie"] = "; ".join("=".join(each) for each in self._cookies.items())
            return answer.status, answer.read()

    def json(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> Any:
        """The same, with JSON both ways; the request succeeds."""
        kind = {} if headers else {"Content-Type": "application/json"}
        status, content = self.ask(method, path, body if headers else json.dumps(body), {**kind, **(headers or {})})
        assert status < 300, content
        return json.loads(content)


@contextlib.contextmanager
def _caddy(folder: Path, server: int, port: int) -> Iterator[tuple[Path, psutil.Process]]:
    settings = {"QUOTECAST_HOST": f"localhost:{port}", "QUOTECAST_SERVER": f"127.0.0.1:{server}", "HOME": str(folder)}
    config = folder / "Caddyfile"
    options = "{\n\tadmin off\n\tskip_install_trust\n\tauto_https disable_redirects\n}\n"  # what needs ports and rights
    config.write_text(options + (DEPLOY / "Caddyfile").read_text(encoding="utf-8"), encoding="utf-8")
    command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(config)]
    with _running(command, {**os.environ, **settings, "XDG_DATA_HOME": str(folder)}) as process:
        authority = folder / "caddy" / "pki" / "authorities" / "local" / "root.crt"
        _soon(authority.exists)
        yield authority, process


@contextlib.contextmanager
def _nginx(folder: Path, server: int, port: int) -> Iterator[tuple[Path, psutil.Process]]:
    authority, key = folder / "authority.pem", folder / "key.pem"
    subject = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    made = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", *subject, "-keyout", key, "-out", authority]
    subprocess.run(made, check=True, capture_output=True)
    site = (DEPLOY / "nginx.conf").read_text(encoding="utf-8")
    site = re.sub(r"\S+/fullchain.pem", str(authority), re.sub(r"\S+/privkey.pem", str(key), site))
    site = site.replace("listen 443", f"listen {port}").replace("8765", str(server))
    config = folder / "nginx.conf"
    user = "user root;\n" if os.geteuid() == 0 else ""
    whole = f"{user}pid {folder}/pid;\nerror_log {folder}/errors;\nevents {{}}\nhttp {{ access_log off;\n{site} }}\n"
    config.write_text(whole, encoding="utf-8")
    with _running(["nginx", "-p", str(folder), "-c", str(config), "-g", "daemon off;"], dict(os.environ)) as process:
        yield authority, process


@contextlib.contextmanager
def _running(command: list[str], environment: dict[str, str]) -> Iterator[psutil.Process]:
    assert shutil.which(command[0]), f"{command[0]} is not there; install Debian's packages caddy and nginx"
    with subprocess.Popen(command, env=environment) as process:
        try:
            yield psutil.Process(process.pid)
        finally:
            process.send_signal(signal.SIGTERM)


def _peaks(process: psutil.Process) -> list[int]:
    """The most bytes that a process and its children have held at once, each."""
    texts = [Path(f"/proc/{each.pid}/status").read_text("ascii") for each in (process, *process.children())]
    return [int(found[1]) * 1024 for text in texts if (found := re.search(r"VmHWM:\s+(\d+)", text))]


FOR_READERS = {
    *("visitor.log_in", "visitor.log_out", "visitor.save_preferences", "corrections.name"),
    *("page.prepare", "clips.bundle"),
}


@pytest.mark.parametrize("proxy", [_caddy, _nginx])
def test_a_team_works_through_a_proxy_with_tls(proxy: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    library, port = tmp_path / "library", _free_port()
    for name in ("DATA", "CACHE", "CONFIG"):
        monkeypatch.setenv(f"QUOTECAST_{name}", str(tmp_path / name))
    options = ["--create", "--no-browser", "--port", str(port), "--behind-proxy"]
    passwords = {"QUOTECAST_PASSWORD": "secret", "QUOTECAST_READERS_PASSWORD": "guests"}
    environment = {**os.environ, **passwords, "PYTHONPATH": str(ROOT)}
    serve = [sys.executable, "-m", "aligner", "serve", str(library), *options]
    outside = _free_port()
    with proxy(tmp_path, port, outside) as (authority, proxy_process):
        with _running(serve, environment) as server:
            visitor = _soon(lambda: _visitor(outside, authority))
            with pytest.raises(ssl.SSLCertVerificationError):
                http.client.HTTPSConnection("localhost", outside).connect()  # for whoever does not trust the authority

            assert _allowed(lambda: Visitor(outside, authority, "guests"), library) == FOR_READERS

            token = visitor.json("POST", "/api/incoming")["token"]
            for kind, name, content, size in (
                ("audio", "episode.mp3", (AUDIO for _ in range(COPIES)), SIZE),
                ("transcript", "transcript.txt", (SAMPLE / "transcript.txt").read_bytes(), None),
            ):
                headers = {"X-File-Name": name} | ({"Content-Length": str(size)} if size else {})
                visitor.json("PUT", f"/api/incoming/{token}/{kind}", content, headers)
            peaks = [*_peaks(server), *_peaks(proxy_process)]
            print(f"peaks of memory: {[round(each / 1e6) for each in peaks]} MB")
            assert max(peaks) < MOST_BYTES

            created = visitor.json("POST", f"/api/incoming/{token}/create", {"fields": {"title": "Long"}})
            began = time.monotonic()
            with ThreadPoolExecutor(LISTENERS) as listeners:
                heard = [*listeners.map(lambda n: _listen(visitor, created["id"], n), range(LISTENERS))]
            print(f"{LISTENERS} listeners: {time.monotonic() - began:.1f} s")
            assert heard == [True] * LISTENERS

            _soon(lambda: _job(visitor, created["job"])["state"] == "running")
        status = visitor.ask("GET", "/login")[0]
        assert status == 502  # a proxy says so while the server is away
        with _running(serve, environment):
            _soon(lambda: visitor.ask("GET", "/login")[0] == 200)
            job = _job(visitor, created["job"])
            assert (job["state"], "interrupted" in job["message"]) == ("failed", True)
            [stored] = library.glob("*/episode.mp3")
            assert stored.stat().st_size == SIZE


def _allowed(log_in: Callable[[], Visitor], library: Path) -> set[str]:
    """The endpoints that change something and do not refuse a reader."""
    allowed, reader = set[str](), log_in()
    for rule in create_app(Settings(library)).url_map.iter_rules():
        for method in (rule.methods or set()) - {"GET", "HEAD", "OPTIONS"}:
            address = rule.build({name: 1 if name == "number" else "roue-libre" for name in rule.arguments})
            assert address
            status, answer = reader.ask(method, address[1], headers={"Accept": "application/json"})
            if status != 403 or json.loads(answer) != {"error": catalogue("en")["error.reader"]}:
                allowed.add(rule.endpoint)
                reader = log_in()  # it may have logged out
    return allowed


def _visitor(port: int, authority: Path) -> Visitor | None:
    try:
        return Visitor(port, authority)
    except IndexError:  # the proxy is up, and the server is not
        return None


def _job(visitor: Visitor, id: str) -> Any:
    return visitor.json("GET", f"/api/jobs?id={id}")[0]


def _listen(visitor: Visitor, episode: str, number: int) -> bool:
    """Seek to a place of one's own and read a megabyte, as players do; return whether it is what was uploaded."""
    start, length = number * (SIZE // LISTENERS), 1_000_000
    place = {"Range": f"bytes={start}-{start + length - 1}"}
    status, heard = visitor.ask("GET", f"/episodes/{episode}/audio", None, place)
    at = start % len(AUDIO)
    return (status, heard) == (206, (AUDIO * (2 + length // len(AUDIO)))[at : at + length])
