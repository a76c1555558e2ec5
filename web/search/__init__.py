"""Search the titles, speakers, words and phrases of all episodes with SQLite's FTS5. Independent of Flask.

``answers.search`` answers a query after a short wait for an update of the index. The index (``index_of(library)``) can
also be updated in the background (``begin``) or at once (``update``). All functions are thread-safe and process-safe.
"""

from web.search.index import index_of
