"""Whose request is answered when.

Files (scripts, sounds, covers), pages, and what may take long (previews, uploads, streams of events) have threads of
their own, so that none of the first waits behind one of the last. Within each kind clients have their turns one after
the other, however much each of them asks.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from enum import Enum
from typing import Any

from waitress.task import ThreadedTaskDispatcher

_LONG = ("/api/", "/search")
_LONG_ENDINGS = (".zip", "/sample")
_FILES = ("/static/",)
_FILE_ENDINGS = ("/audio", "/cover", "/peaks")


class Kind(Enum):
    """What is asked for; its value is the number of threads for it."""

    FILE = 4
    PAGE = 12
    LONG = 40  # each open stream of events holds one


class Turns:
    """Connections that wait to be served, first those of the client whose turn it is; as a ``deque`` is used."""

    def __init__(self) -> None:
        self._waiting: OrderedDict[str, deque[Any]] = OrderedDict()

    def append(self, connection: Any) -> None:
        self._waiting.setdefault(connection.asker, deque()).append(connection)

    def popleft(self) -> Any:
        client, waiting = self._waiting.popitem(last=False)
        connection = waiting.popleft()
        if waiting:
            self._waiting[client] = waiting  # behind the others
        return connection

    def __len__(self) -> int:
        return sum(map(len, self._waiting.values()))

    def __iter__(self) -> Iterator[Any]:
        return (each for waiting in self._waiting.values() for each in waiting)


class Dispatcher:
    """Threads for each kind of request; used by waitress as one ``ThreadedTaskDispatcher`` is."""

    def __init__(self) -> None:
        self._threads = {kind: ThreadedTaskDispatcher() for kind in Kind}
        for kind, threads in self._threads.items():
            threads.queue = Turns()
            threads.set_thread_count(kind.value)

    def add_task(self, connection: Any) -> None:
        self._threads[kind_of(connection.requests[0])].add_task(connection)

    def shutdown(self) -> None:
        for threads in self._threads.values():
            threads.shutdown()


def kind_of(request: Any) -> Kind:
    """What a request asks for; to be refused takes no longer than a file."""
    path: str = getattr(request, "path", "")
    if request.error or request.refusal or path.startswith(_FILES) or path.endswith(_FILE_ENDINGS):
        return Kind.FILE
    return Kind.LONG if path.startswith(_LONG) or path.endswith(_LONG_ENDINGS) else Kind.PAGE
