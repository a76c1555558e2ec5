"""Quotes and clips of an episode: links to words, what is copied, what is kept, exported, listed and taken along.

Knows no Flask. Words are indices into ``Alignment.words``, as half-open ranges.
"""
