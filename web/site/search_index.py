"""Write the search index of a published show.

The index maps each word, in lower case without accents, to the passages (paragraphs) that contain the word. The text
of a passage is in the published ``episode.cast.json``, so the index is small and can be made without alignments.
Neither MiniSearch nor Pagefind suits a thousand episodes (``tests/bench/show.py``): MiniSearch would load 15 MB
before the first hit (or, with one index for each episode, all indexes); Pagefind finds pages, not words.

Conventions
-----------
- Passages are numbered consecutively across all episodes, the oldest episode first.
- A term is a word, ``@`` followed by a word of a speaker's name, or one character of a script without spaces.
- ``search/terms-N-HASH.json`` lists the passages of each term; the number of a passage is stored as the distance from
  the previous number. ``search/index-HASH.json`` lists the episodes, and the first term of each of these files.
"""

from __future__ import annotations

import json
from array import array
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any

from msgspec import Struct

from aligner.normalization import fold
from aligner.storage.alignment_json import LARGEST_BYTES
from aligner.storage.checked_json import decode
from aligner.typography import has_unspaced
from media.safe_fs import read_regular
from web.site.manifest import EPISODES_FOLDER, ShowEpisode
from web.site.pages import version_of

_EMBEDDED = "episode.cast.json"
_BYTES_A_PART = 64_000  # of terms; one term may have more


class _Paragraph(Struct, frozen=True):
    words: list[str]
    speaker: int | None = None


class _Episode(Struct, frozen=True):
    speakers: list[str]
    paragraphs: list[_Paragraph]


def search_files(episodes: Sequence[ShowEpisode]) -> tuple[str, dict[str, bytes]]:
    """Return the address of the search index of ``episodes`` (the newest first), and all files of the index by path."""
    postings: dict[str, array[int]] = defaultdict(lambda: array("L"))
    files: dict[str, bytes] = {}
    entries, passages = list[dict[str, Any]](), 0
    for episode in reversed(episodes):
        embedded, data = _embedded_in(episode.folder)
        for paragraph in embedded.paragraphs if embedded else ():
            for term in _terms(paragraph, embedded.speakers if embedded else ()):
                postings[term].append(passages)
            passages += 1
        names = " ".join(fold(f"{episode.digest.title} {episode.digest.show or ''}", " ").split())
        count = len(embedded.paragraphs) if embedded else None
        entries.append({"name": episode.name, "titles": names, "passages": count, "data": data})
    parts = [[first, _add(files, f"terms-{number}", part)] for number, (first, part) in enumerate(_parts(postings))]
    return _add(files, "index", {"episodes": entries, "parts": parts}), files


def _embedded_in(folder: Path) -> tuple[_Episode | None, str]:
    """Return the contents of ``episode.cast.json`` in a folder, and the file's address, which includes a hash. If the
    file is unreadable, return None and an empty address."""
    with suppress(OSError, ValueError):
        content = read_regular(folder / _EMBEDDED, LARGEST_BYTES)
        return decode(content, _Episode), f"{EPISODES_FOLDER}/{folder.name}/{_EMBEDDED}?v={version_of(content)}"
    return None, ""


def _terms(paragraph: _Paragraph, speakers: Sequence[str]) -> set[str]:
    terms = {term for word in paragraph.words for term in _words(word)}
    if paragraph.speaker is not None and 0 <= paragraph.speaker < len(speakers):
        terms |= {f"@{term}" for term in _words(speakers[paragraph.speaker])}
    return terms


@cache
def _words(text: str) -> tuple[str, ...]:
    words = fold(text, " ").split()
    return (*words, *(c for word in words if not word.isascii() for c in word if has_unspaced(c)))


def _parts(postings: dict[str, array[int]]) -> Iterator[tuple[str, dict[str, list[int]]]]:
    """Yield the parts of the index, each as its first term and a mapping from terms to passages. ``postings`` maps each
    term to the numbers of the passages that contain it. A part stores each number as the distance from the previous
    number. Terms are sorted as JavaScript sorts strings."""
    part, size = dict[str, list[int]](), 0
    for term in sorted(postings, key=lambda term: term.encode("utf-16-be")):
        gaps = [number - previous for previous, number in pairwise((0, *postings[term]))]
        if part and size > _BYTES_A_PART:
            yield next(iter(part)), part
            part, size = {}, 0
        part[term] = gaps
        size += len(term) + 3 * len(gaps)
    if part:
        yield next(iter(part)), part


def _add(files: dict[str, bytes], name: str, content: Any) -> str:
    """Add a JSON file to ``files``. Return the file's address, which includes a hash of the content."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    address = f"search/{name}-{version_of(text)}.json"
    files[address] = text
    return address
