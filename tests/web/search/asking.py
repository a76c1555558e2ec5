"""Search for all results at once."""

from web.library import Library, Order
from web.search import index_of
from web.search.answers import Criteria, Result
from web.search.answers import search as search_page


def search(library: Library, query: str, order: Order = Order.DATE) -> list[Result]:
    """Return all results of a query after an update of the index."""
    index_of(library).update()
    pages = search_page(library, Criteria(query, order)).pages
    return [each for page in range(pages) for each in search_page(library, Criteria(query, order), page + 1).found]
