"""Whose request is answered when.

Pages, sounds and what belongs to them have threads of their own, so that they never wait behind previews, uploads and
streams of events. Within each kind clients have their turns one after the other, however much each of them asks.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Iterator
from typing import Any

from waitress.task import ThreadedTaskDispatcher

QUICK_THREADS = 12
LONG_THREADS = 28  # each open stream of events holds one
_LONG = ("/api/", "/search")
_LONG_ENDINGS = (".zip", "/sample", "/stretch")


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


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Threads for what is answered at once, and others for what may take long."""

    def __init__(self) -> None:
        super().__init__()
        self.queue = Turns()
        self.set_thread_count(QUICK_THREADS)
        self._long = ThreadedTaskDispatcher()
        self._long.queue = Turns()
        self._long.set_thread_count(LONG_THREADS)

    def add_task(self, task: Any) -> None:
        if is_long(task.requests[0]):
            self._long.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        others = self._long.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout)) and bool(others)


def is_long(request: Any) -> bool:
    """Whether answering a request may take a while; what is refused never does."""
    path: str = getattr(request, "path", "")
    refused = request.error or request.refusal
    return not refused and (path.startswith(_LONG) or path.endswith(_LONG_ENDINGS))
