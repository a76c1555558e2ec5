"""Locate a transcript in recognised audio, and judge the result.

``acoustic`` uses the emissions (the probability of each letter in each frame), ``words`` the words of a recogniser.
Both use ``matching``.
"""
