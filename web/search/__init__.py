"""Search the titles, speakers, words and phrases of all episodes with SQLite's FTS5. Independent of Flask.

``answers.search`` answers a query after a short update of the index. ``index_of(library)`` can ``begin`` an update in
the background, or ``update`` now. All functions can be called from any thread and process of this machine.
"""

from web.search.index import index_of as index_of
