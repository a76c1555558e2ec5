"""Search over all of a library: titles, speakers, words and phrases, by SQLite's FTS5. Knows no Flask.

``answers.search`` brings the index up to date with the folders as far as that is soon done, and answers a query;
``index_of(library)`` can ``begin`` that in the background, or ``look`` at the folders now. All may be called from any
thread and any process of this machine.
"""

from web.search.index import index_of as index_of
