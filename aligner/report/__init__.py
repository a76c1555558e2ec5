"""The report of an episode: how well its transcript was found in its audio, and what to look at.

``facts`` makes one record from an alignment and what was recognised, with what ``doubt`` finds; ``page`` and the
command's lines show it, in the sentences of ``wording``.
"""
