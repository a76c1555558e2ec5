"""Locate a transcript in recognised audio, and judge the result.

``acoustic`` locates words by emissions, ``words`` by the words of a recogniser; both use ``matching``.
"""
