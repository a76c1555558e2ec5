"""``quotecast publish``: an episode, or a show of several, as a folder of pages that any web host sends, and that open
from a disk.

``pages`` says what an episode's folder holds, ``folder`` writes it, ``lists`` knows what an earlier run wrote,
``packing`` tells scripts of words in numbers, ``sound`` and ``quotes`` are what is played, ``look`` which pictures go
along, ``facts`` what an accessibility statement can say. ``rendering`` has templates without a server.

``show`` publishes several: ``plan`` finds what is to be made, ``episodes`` is what is known of each, ``show_pages`` the
page that lists them, ``search_index`` what that searches, ``published`` words whose alignment is gone.
"""
