"""Report how well an episode's transcript matches its audio, and what to check.

``doubt`` detects passages in doubt, ``facts`` collects all facts, ``wording`` has the sentences, ``page`` writes HTML.
"""
