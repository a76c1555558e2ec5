"""Quotes: find them in a transcript, and list what to check before one is published."""
