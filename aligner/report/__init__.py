"""The report of an episode: how well its transcript was found in its sound, and what to look at.

``gathering`` makes the one record of ``facts`` from an alignment and from what was recognised, with what ``doubt``
finds; ``page``, ``picture`` and ``document`` show it, and the command's lines, in the sentences of ``wording``.
"""
