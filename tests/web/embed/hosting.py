"""Another web site with a strict policy, which embeds episodes."""

import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from playwright.sync_api import Locator, Page

from web.page.bundle import script_of

SCRIPT = script_of("embed/quote-cast.js").encode()
POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; media-src 'self'; require-trusted-types-for 'script'"
)
STYLED = f"{POLICY}; style-src 'self'"

_TYPES = {
    "html": "text/html; charset=utf-8",
    "js": "text/javascript",
    "json": "application/json",
    "mp3": "audio/mpeg",
    "css": "text/css",
}


@dataclass
class Site:
    """The served ``files`` by path, and the requested paths in ``asked``; each answer has the ``headers``, each page
    the ``script``."""

    address: str
    files: dict[str, bytes] = field(default_factory=dict)
    script: str = '<script type="module" src="/quote-cast.js"></script>'
    headers: dict[str, str] = field(default_factory=lambda: {"Content-Security-Policy": POLICY})
    asked: list[str] = field(default_factory=list)

    def style(self, css: str) -> str:
        """Return a link to a new style sheet of this site, and allow style sheets in the policy."""
        self.headers["Content-Security-Policy"] = STYLED
        name = f"/style-{len(self.files)}.css"
        self.files[name] = css.encode()
        return f'<link rel="stylesheet" href="{name}">'

    def page(self, body: str, head: str = "", html: str = '<html lang="en">') -> str:
        """Add a page with this body and return its address."""
        head = f'<meta charset="utf-8"><title>Somebody’s page</title>{self.script}{head}'
        page = (
            f"<!doctype html>{html}<head>{head}</head><body><main><h1>Somebody’s page</h1>{body}</main></body></html>"
        )
        name = f"/page-{len(self.files)}.html"
        self.files[name] = page.encode()
        return self.address + name


@dataclass
class Guest:
    """A tab on a page of another site, and that site."""

    page: Page
    site: Site

    def show(self, body: str, head: str = "", html: str = '<html lang="en">', *, ready: bool = True) -> None:
        """Open a page with this body; if ``ready``, wait until each episode on it is shown."""
        self.page.goto(self.site.page(body, head, html))
        if ready:
            for cast in self.page.locator("quote-cast").all():
                cast.scroll_into_view_if_needed()
                cast.locator(".controls").wait_for()
            self.page.evaluate("scrollTo(0, 0)")

    def cast(self, number: int = 0) -> Locator:
        return self.page.locator("quote-cast").nth(number)

    def do(self, script: str, number: int = 0) -> Any:
        """Run a script with a player as ``element`` and return its result."""
        return self.cast(number).evaluate(f"async (element) => {{ {script} }}")

    def seek(self, seconds: float, number: int = 0) -> None:
        """Play, seek to a time and pause there."""
        self.do(
            f"""await element.play();
            element.currentTime = {seconds};
            element.pause();
            element.currentTime = {seconds};""",
            number,
        )


@contextmanager
def hosting(headers: dict[str, str] | None = None) -> Iterator[Site]:
    """Serve a site with the component's script, with ranges, which seeking in audio needs."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            site.asked.append(path)
            content = site.files.get(path)
            part = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
            if content is None:
                self._answer(404, b"", path)
            elif part:
                first, last = int(part[1]), min(int(part[2] or len(content)), len(content) - 1)
                ranged = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
                self._answer(206, content[first : last + 1], path, **ranged)
            else:
                self._answer(200, content, path)

        def _answer(self, status: int, content: bytes, path: str, **more: str) -> None:
            self.send_response(status)
            kind = _TYPES.get(path.rpartition(".")[2], "application/octet-stream")
            headers = {"Content-Type": kind, "Content-Length": str(len(content)), "Accept-Ranges": "bytes"}
            for name, value in (headers | site.headers | more).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True

        def handle_error(self, *_: Any) -> None:  # a browser may close a connection early
            pass

    server = Server(("127.0.0.1", 0), Handler)
    site = Site(f"http://127.0.0.1:{server.server_port}")
    if headers is not None:
        site.headers = headers
    site.files |= {"/quote-cast.js": SCRIPT, "/favicon.ico": b""}
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield site
    finally:
        server.shutdown()
        server.server_close()
