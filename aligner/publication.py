"""What is told of an episode as a publication: dates, and addresses that a link may lead to."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlsplit

LONGEST_ADDRESS = 2000  # characters


def iso_date(text: str) -> str | None:
    """The date as ISO 8601 writes it, such as 2025-03-04; None where the text is none."""
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError:
        return None


def is_web_address(text: str) -> bool:
    """Whether a text is an address of the web, and nothing that runs."""
    if len(text) > LONGEST_ADDRESS or any(c.isspace() or not c.isprintable() for c in text):
        return False
    try:
        parts = urlsplit(text)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
