"""Locate a transcript in recognised audio and judge the result.

``letters`` aligns with emissions, ``words`` with recognised words; both use ``matching``.
"""
