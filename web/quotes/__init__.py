"""Link to words of an episode, describe the words that a reader selected, and save quotes. Independent of Flask.

Words are given as half-open ranges of indices into ``Alignment.words``.
"""
