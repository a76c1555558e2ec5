"""Quotes of an episode: links to words, what there is to do with a selection, and saved quotes. Knows no Flask.

Words are indices into ``Alignment.words``, as half-open ranges.
"""
