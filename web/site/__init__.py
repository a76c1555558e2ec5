"""``quotecast publish``: an episode as a folder of pages that any web host sends, and that open from a disk.

``pages`` says what the folder holds, ``folder`` writes it, ``packing`` tells scripts of words in numbers, ``sound`` and
``quotes`` are what is played, ``look`` which pictures go along, ``facts`` what an accessibility statement can say.
``rendering`` has templates without a server.
"""
