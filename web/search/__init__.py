"""Search the titles, speakers, words and phrases of all episodes with SQLite's FTS5. Independent of Flask.

``answers.search`` waits briefly for an update of the index and answers. The index (``index_of(library)``) can also be
updated in the background (``begin``) or at once (``update``). All functions are safe in any thread and process.
"""

from web.search.index import index_of as index_of
