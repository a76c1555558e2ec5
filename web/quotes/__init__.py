"""Quotes of an episode: links to words, facts about selected words, and saved quotes. Independent of Flask.

Words are given as half-open ranges of indices into ``Alignment.words``.
"""
