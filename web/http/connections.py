"""Connections: how long each may take over what it does, how many there may be, and whose request is taken in.

Waitress keeps no thread for who is slow: its loop takes in whole requests and sends answers by itself. What it lacks is
here. A request that brings a body is judged by its headers, before any of the body is taken. A connection is closed
when its client takes too long over a step, and when others need its place.

Conventions
-----------
Times are those of ``time.monotonic``. Everything runs in the loop's thread, except ``service`` and what it calls.
"""

from __future__ import annotations

import contextlib
import errno
import socket
import time
from collections import Counter
from collections.abc import Callable, Mapping
from enum import Enum, auto
from functools import partial
from typing import Any

from waitress.buffers import OverflowableBuffer
from waitress.channel import HTTPChannel
from waitress.server import BaseWSGIServer

from web.access.clients import client_of, last_told
from web.errors import TooSlow
from web.http.requests import Refusal, Request, Task

MOST_OF_ONE = 360  # connections of one client: a house full of listeners, each browser of which keeps up to six
MOST = 480  # in all: Windows looks at 512 at once
_LINGERING, _QUIET = 30.0, 5.0  # seconds, in all and without a byte, that are waited for who was answered early
_SEND_BUFFER_BYTES = 1 << 18  # of the system, so that it can be seen whether a client reads
_MOST_KEPT_BYTES = 1 << 27  # of answers that are to be read, in memory, of all connections
_TURN_BYTES = 1 << 20  # sent to one client before the others have their turn


class Stage(Enum):
    """What is waited for."""

    IDLE = auto()  # for a request, of which nothing has come
    HEADERS = auto()
    BODY = auto()
    SERVER = auto()  # for us
    ANSWER = auto()  # for the client to read
    LINGERING = auto()  # for the client to have done: it was answered before it had sent everything


_WAITING = {Stage.IDLE: 60.0, Stage.HEADERS: 15.0}  # seconds; a browser sends its headers in one piece
_WINDOWS = {Stage.BODY: 30.0, Stage.ANSWER: 60.0}  # seconds, in each of which so much comes or is taken:
_SLOWEST = 1000  # bytes a second


Admit = Callable[[dict[str, Any]], int]
"""Judges a request by its environment, before its body is there: how many bytes that may have; or raises what refuses
the request."""


class Connections:
    """All connections of a server. ``proxy`` holds the addresses of the proxy in front, whose connections are
    everybody's."""

    def __init__(self, sockets: Mapping[int, Any], admit: Admit, proxy: frozenset[str]) -> None:
        self._sockets, self._proxy, self.admit = sockets, proxy, admit
        self._leaving: list[Connection] = []
        self._looked = 0.0

    def open(self, listener: BaseWSGIServer, sock: socket.socket, address: Any, adj: Any, map: Any) -> None:
        """Take a connection, in the place of the one that has waited longest if there are too many."""
        client = None if address[0] in self._proxy else client_of(address[0])
        if self._has_place(client):
            with contextlib.suppress(OSError):  # it has gone already, which the loop notices
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _SEND_BUFFER_BYTES)
            Connection(self, client, listener, sock, address, adj, map)
        else:
            sock.close()

    def tend(self) -> None:
        """Close what has to go; call it between two rounds of the loop."""
        now = time.monotonic()
        for connection in self._leaving:
            if connection.stage is not Stage.SERVER:  # it has asked for something meanwhile
                connection.handle_close()
        self._leaving.clear()
        if now - self._looked >= 1.0:
            self._looked = now
            for connection in self._all():
                connection.look(now)
            self._bound_memory()

    def close(self) -> None:
        """Close all of them; no thread waits for a reader any more."""
        for connection in self._all():
            connection.handle_close()

    def _all(self) -> list[Connection]:
        return [each for each in list(self._sockets.values()) if isinstance(each, Connection)]

    def _bound_memory(self) -> None:
        """Let go of the answers that have waited longest to be read, if all that wait take too much memory."""
        waiting = sorted((each for each in self._all() if each.stage is Stage.ANSWER), key=lambda each: -each.since)
        kept_bytes = 0
        for connection in waiting:
            kept_bytes += connection.kept_bytes
            if kept_bytes > _MOST_KEPT_BYTES:
                connection.handle_close()

    def _has_place(self, client: str | None) -> bool:
        """Whether there is a place for one more, or one that waits for its client is to make it."""
        there = [each for each in self._all() if each not in self._leaving]
        of_each = Counter(each.client for each in there)
        crowd: str | None
        if client is not None and of_each[client] >= MOST_OF_ONE:
            crowd = client
        elif len(there) >= MOST:
            crowd = of_each.most_common(1)[0][0]
        else:
            return True
        idle = [each for each in there if each.client == crowd and each.stage is not Stage.SERVER]
        if idle:
            self._leaving.append(min(idle, key=lambda each: each.since))
        return bool(idle)


class Connection(HTTPChannel):  # type: ignore[misc]
    """One connection, of ``client``; None where that is not known before a request has come."""

    task_class = Task
    error_task_class = Refusal
    request: Any

    def __init__(self, connections: Connections, client: str | None, *waitress: Any) -> None:
        self.client, self.since = client, time.monotonic()
        self._connections = connections
        self._passed_bytes = 0  # in and out
        self._mark: tuple[Stage, float, int] = (Stage.IDLE, self.since, 0)
        self._lingering: float | None = None
        self._turn_bytes = 0
        super().__init__(*waitress)
        self.parser_class = partial(Request, self._admit)
        self.sendbuf_len: int = min(self.sendbuf_len, _SEND_BUFFER_BYTES)  # read of a file at once

    @property
    def stage(self) -> Stage:
        if self._lingering is not None:
            return Stage.LINGERING
        if self.total_outbufs_len:
            return Stage.ANSWER
        if self.requests:
            return Stage.SERVER
        if self.request is None:
            return Stage.IDLE
        return Stage.BODY if self.request.headers_finished else Stage.HEADERS

    @property
    def kept_bytes(self) -> int:
        """What of its answers is in memory: files are not."""
        return sum(len(each) for each in list(self.outbufs) if isinstance(each, OverflowableBuffer))

    def look(self, now: float) -> None:
        """Close the connection if its client takes too long."""
        stage = self.stage
        waited = now - self.since
        if stage is Stage.LINGERING:
            if waited > _QUIET or now - (self._lingering or now) > _LINGERING:
                self.handle_close()
        elif waited > _WAITING.get(stage, waited):
            self.handle_close()
        elif self._mark[0] is not stage:
            self._mark = (stage, now, self._passed_bytes)
        elif stage in _WINDOWS and now - self._mark[1] >= _WINDOWS[stage]:
            if self._passed_bytes - self._mark[2] >= _SLOWEST * _WINDOWS[stage]:
                self._mark, self.since = (stage, now, self._passed_bytes), now
            elif stage is Stage.BODY:
                self._give_up()
            else:
                self.handle_close()

    @property
    def asker(self) -> str:
        """Whom the request is from that is answered next."""
        told = str(self.requests[0].headers.get("X_FORWARDED_FOR", "")) if self.requests else ""
        return self.client or client_of(last_told(told), self.addr[0])

    def received(self, data: bytes) -> bool:
        before = self.request, self.request is not None and self.request.headers_finished
        taken: bool = super().received(data)
        if before != (self.request, self.request is not None and self.request.headers_finished):
            self.since = time.monotonic()
        return taken

    def service(self) -> None:
        super().service()
        self.since = time.monotonic()

    def readable(self) -> bool:
        return self._lingering is not None or bool(super().readable())

    def handle_read(self) -> None:
        if self._lingering is None:
            super().handle_read()
        elif self.recv(self.adj.recv_bytes):  # and is not kept
            self.since = time.monotonic()

    def handle_write(self) -> None:
        if self.close_when_flushed and not self.will_close:
            self._flush_exception(self._flush_some)
            if self.connected and not self.total_outbufs_len and not self.will_close:
                self._linger()
        if self.connected and not self._lingering:
            super().handle_write()

    def _admit(self, request: Request) -> int:
        most: int = self._connections.admit(Task(self, request).get_environment())
        return most

    def _linger(self) -> None:
        """Answer no more, and let who has not sent everything read why it need not: when a connection is closed before
        all that came is read, what was sent is lost."""
        self.close_when_flushed = False
        self._lingering = self.since = time.monotonic()
        try:
            self.socket.shutdown(socket.SHUT_WR)
        except OSError:  # gone already
            self.handle_close()

    def _give_up(self) -> None:
        """Answer a request whose body comes too slowly."""
        with self.requests_lock:
            self.request.refuse(TooSlow("error.408"))
            self.requests.append(self.request)
            self.request = None
        self.server.add_task(self)

    def handle_expt(self) -> None:
        self.handle_close()  # HTTP has no urgent data

    def recv(self, buffer_size: int) -> bytes:
        data: bytes = super().recv(buffer_size)
        self._passed_bytes += len(data)
        return data

    def _flush_some(self, do_close: bool = True) -> bool:
        self._turn_bytes = _TURN_BYTES
        return bool(super()._flush_some(do_close))

    def send(self, data: bytes, do_close: bool = True) -> int:
        if not data:
            raise OSError(errno.EIO, "the file that is sent has become shorter")
        sent: int = super().send(data, do_close) if self._turn_bytes > 0 else 0
        self._turn_bytes -= sent
        self._passed_bytes += sent
        return sent
