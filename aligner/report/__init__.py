"""Report how well an episode's transcript was found in its audio, and what to check.

``doubt`` finds the passages in doubt, ``facts`` collects all facts, ``wording`` has the sentences, ``page`` the HTML.
"""
