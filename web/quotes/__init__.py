"""Quotes of an episode: links to words, what is told of a selection, and those that are kept.

Knows no Flask. Words are indices into ``Alignment.words``, as half-open ranges.
"""
