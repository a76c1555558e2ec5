"""Quotes: which words of an alignment one is, where it stands, and what to check before it is published."""
