"""Search over all of a library: titles, speakers, words and phrases, by SQLite's FTS5. Knows no Flask.

``search`` answers a query, ``hits_in`` lists those of one episode. ``upkeep`` keeps the index up to date with the
folders, in the background, whenever somebody searches; whoever has changed an episode may tell so:

- ``update(library, episode)`` reads an episode again that was added, changed, aligned or removed;
- ``rebuild(library)`` makes the whole index anew.

Both may be called from any thread and any process of this machine, and write one after another.
"""

from web.search.answers import EPISODES, Answer, Found, hits_in, search
from web.search.candidates import RELEVANCE, Wanted
from web.search.hits import Hit
from web.search.index import SearchIndex
from web.search.reading import Unread
from web.search.upkeep import begin, close, rebuild, update

__all__ = [
    "EPISODES",
    "RELEVANCE",
    "Answer",
    "Found",
    "Hit",
    "SearchIndex",
    "Unread",
    "Wanted",
    "begin",
    "close",
    "hits_in",
    "rebuild",
    "search",
    "update",
]
