"""Searching as tests do: all that is found, at once."""

from __future__ import annotations

import time

from web.library import Library, Order
from web.search import Answer, Found, Wanted
from web.search import search as search_page

_MOST = 100_000


def answer_of(library: Library, query: str, order: Order = Order.DATE) -> Answer:
    """The whole answer, once all that has changed is read."""
    late = time.monotonic() + 60
    while (answer := search_page(library, Wanted(query, order), most=_MOST)).waiting:
        assert time.monotonic() < late, "the index is not brought up to date"
    return answer


def search(library: Library, query: str, order: Order = Order.DATE) -> list[Found]:
    """All that a query finds."""
    return answer_of(library, query, order).found
