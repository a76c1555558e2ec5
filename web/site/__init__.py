"""``quotecast publish``: write an episode or a show as a folder of pages, for any web host or to open from a disk.

``pages`` renders an episode's files, using ``quotes``, ``style`` and ``facts``; ``folder`` writes them; ``manifest``
records what was written. For several episodes, ``show`` plans and publishes, ``show_page`` renders the page that lists
them, and ``search_index`` writes the index for its search.
"""
