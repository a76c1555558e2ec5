"""Clients that are slow in every way there is, in a crowd that one thread drives."""

from __future__ import annotations

import contextlib
import random
import socket
import threading
from dataclasses import dataclass

_EVERY = 1.0  # seconds between two bytes
_LISTENED_BYTES = 1 << 16


@dataclass(frozen=True, slots=True)
class Kind:
    """What each of a crowd sends at once, and a piece at a time afterwards; whether it reads what it is told."""

    name: str
    begins: bytes = b""
    goes_on: bytes = b""
    reads: bool = True
    receive_bytes: int | None = None  # of the system's buffer


def kinds(cookie: str, token: str, episode: str, clips: str) -> list[Kind]:
    """Every kind; some of them have given the password, which ``cookie`` tells."""
    known = f"Host: localhost\r\nCookie: {cookie}\r\n"
    upload = f"PUT /api/incoming/none/audio HTTP/1.1\r\n{known}X-CSRF-Token: {token}\r\n"
    form = "POST /login HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    chunked = f"{upload}Transfer-Encoding: chunked\r\n\r\n"
    sound = f"GET /episodes/{episode}/audio HTTP/1.1\r\n{known}\r\n"
    page = f"GET /episodes/{episode} HTTP/1.1\r\n{known}\r\n"
    bundle = f"GET /episodes/{episode}/clips.zip?{clips} HTTP/1.1\r\n{known}\r\n"
    return [
        Kind("idle"),
        Kind("slow headers", b"GET / HTTP/1.1\r\nX: ", b"x"),
        Kind("empty lines", b"\r\n", b"\r\n"),
        Kind("slow uploads", f"{upload}Content-Length: 9000000\r\n\r\n".encode(), b"x"),
        Kind("slow chunks", chunked.encode(), b"1\r\nx\r\n"),
        Kind("slow logins", f"{form}Content-Length: 9000\r\n\r\n".encode(), b"x"),
        Kind("unread sounds", sound.encode(), reads=False, receive_bytes=4096),
        Kind("unread pages", page.encode(), reads=False, receive_bytes=4096),
        Kind("unread bundles", bundle.encode(), reads=False, receive_bytes=4096),
    ]


class Crowd:
    """``count`` clients of a kind, from now until it is left; who is closed comes back at once."""

    def __init__(self, kind: Kind, count: int, port: int, seed: int) -> None:
        self._kind, self._port = kind, port
        self._random = random.Random(seed)
        self._count = count
        self._leaving = threading.Event()
        self._sockets: list[socket.socket] = []
        self.comings = 0
        self._thread = threading.Thread(target=self._run, daemon=True)

    def __enter__(self) -> Crowd:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._leaving.set()
        self._thread.join()
        for each in self._sockets:
            each.close()

    def _run(self) -> None:
        while not self._leaving.wait(_EVERY):
            while len(self._sockets) < self._count and not self._leaving.is_set():
                with contextlib.suppress(OSError):
                    self._sockets.append(self._come())
            staying = [each for each in self._sockets if self._goes_on(each)]
            for gone in set(self._sockets) - set(staying):
                gone.close()
            self._sockets = staying
            self._random.shuffle(self._sockets)

    def _come(self) -> socket.socket:
        self.comings += 1
        client = socket.socket()
        if self._kind.receive_bytes:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, self._kind.receive_bytes)
        client.settimeout(5)
        client.connect(("127.0.0.1", self._port))
        client.sendall(self._kind.begins)
        client.setblocking(False)
        return client

    def _goes_on(self, client: socket.socket) -> bool:
        """Whether the client is still there after its next piece."""
        try:
            if self._kind.goes_on:
                client.send(self._kind.goes_on)
            return not self._kind.reads or client.recv(_LISTENED_BYTES) != b""
        except BlockingIOError:
            return True
        except OSError:
            return False
