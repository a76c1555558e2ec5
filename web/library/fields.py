"""Details as a form sends them, checked: lengths, dates, addresses, languages."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date
from urllib.parse import urlsplit

from aligner.languages import language_code
from web.errors import Unusable
from web.library.records import Details

LONGEST = {"title": 300, "show": 200, "url": 2000, "name": 100}  # characters
MOST_NAMES = 200  # speakers of an episode


def checked_details(given: Mapping[str, str], names: Mapping[str, str], labels: Sequence[str]) -> Details:
    """The details that a form gives.

    ``given`` holds title, show, date, url and language; ``names`` by the transcript's ``labels`` how to show them.

    Raises
    ------
    Unusable
        A field cannot be as it is; the error names it.
    """
    if len(labels) > MOST_NAMES:
        raise Unusable("fields.speakers", "speakers", most=MOST_NAMES)
    shown = {label: _line(names.get(label, ""), "name", "speakers") or label for label in labels}
    title = _line(given.get("title", ""), "title")
    if not title:
        raise Unusable("fields.title_missing", "title")
    return Details(
        title=title,
        show=_line(given.get("show", ""), "show"),
        date=_date(given.get("date", "")),
        url=_url(given.get("url", "")),
        language=_language(given.get("language", "")),
        speakers=tuple(dict.fromkeys(shown.values())),
        names={label: name for label, name in shown.items() if name != label},
    )


def _line(text: str, limit: str, field: str | None = None) -> str | None:
    """Text on one line, as it is to be shown: no control characters, no white space to spare."""
    text = "".join(" " if c.isspace() else c for c in unicodedata.normalize("NFC", text))
    text = " ".join("".join(c for c in text if unicodedata.category(c) not in ("Cc", "Cs", "Cn")).split())
    if len(text) > LONGEST[limit]:
        raise Unusable("fields.too_long", field or limit, most=LONGEST[limit], length=len(text))
    return text if any(unicodedata.category(c) != "Cf" for c in text) else None  # marks of direction show nothing


def _date(text: str) -> str | None:
    if not text.strip():
        return None
    try:
        return date.fromisoformat(text.strip()).isoformat()
    except ValueError as error:
        raise Unusable("fields.date", "date", found=text[:40]) from error


def _url(text: str) -> str | None:
    """An address that a link may lead to: of the web, and nothing that runs."""
    text = text.strip()
    if not text:
        return None
    if len(text) > LONGEST["url"]:
        raise Unusable("fields.too_long", "url", most=LONGEST["url"], length=len(text))
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(c.isspace() or not c.isprintable() for c in text):
        raise Unusable("fields.url", "url", found=text[:80])
    return text


def _language(text: str) -> str | None:
    if not text.strip():
        return None
    code = language_code(text)
    if code is None:
        raise Unusable("fields.language", "language", found=text[:40])
    return code
