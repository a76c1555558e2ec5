"""``quotecast publish``: an episode, or a show of several, as a folder of pages that any web host sends, and that open
from a disk.

``pages`` says what an episode's folder holds, with ``quotes``, ``looks`` and ``facts``; ``folder`` writes it, and
``manifest`` remembers what was written. ``show`` publishes several: ``show_page`` lists, ``search_index`` finds words.
"""
