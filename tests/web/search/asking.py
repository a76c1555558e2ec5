"""Searching as tests do: all that is found, at once."""

from __future__ import annotations

from web.library import Library, Order
from web.search import Result, Wanted, upkeep_of
from web.search import search as search_page

_MOST = 100_000


def search(library: Library, query: str, order: Order = Order.DATE) -> list[Result]:
    """All that a query finds, once all that has changed is read."""
    upkeep_of(library).look()
    return list(search_page(library, Wanted(query, order), most=_MOST).found)
