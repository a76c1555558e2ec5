"""Locate a transcript in recognised audio and judge the result.

``acoustic`` aligns with emissions, ``words`` with recognised words; both use ``matching``.
"""
