"""The report of an episode: how well its transcript was found in its sound, and what to look at.

``gathering`` makes the one record of ``facts`` from an alignment and from what was heard (``hearing``); ``page``,
``picture`` and ``document`` show it, and the command's lines, in the sentences of ``wording``. ``figures`` are those
that the end of a run and the library give too; ``doubt``, ``strip``, ``repeats`` and ``comparison`` find what is to be
told, and ``calibration`` is what a confidence has meant.
"""
