"""Write the index by which the page of a published show is searched.

It maps each folded word to the passages (paragraphs) that have it; the text of these comes from the episode's own
``episode.cast.json``, so the index is small and an episode whose alignment has gone is searched as it was published.
Neither MiniSearch nor Pagefind holds a thousand episodes with less (``tests/bench/show.py``): a MiniSearch index of
them has 15 MB before the first hit, one for each episode has all to be loaded, and Pagefind knows pages, not words.

Conventions
-----------
- Passages are numbered through all episodes, the oldest first.
- A term is a folded word, ``@`` and a folded word of the name of who speaks, or a single character of a script without
  spaces. ``search/index-HASH.json`` names the episodes and the first term of each ``search/terms-N-HASH.json``, which
  lists the passages of each of its terms, each as the distance to the one before it.
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

_CAST = "episode.cast.json"
_BYTES_A_PART = 64_000  # of terms; one term may have more


class _Paragraph(Struct, frozen=True):
    words: list[str]
    speaker: int | None = None


class _Cast(Struct, frozen=True):
    speakers: list[str]
    paragraphs: list[_Paragraph]


def search_files(episodes: Sequence[ShowEpisode]) -> tuple[str, dict[str, bytes]]:
    """Return the address of the index of the episodes, which are given newest first, and all its files by path."""
    postings: dict[str, array[int]] = defaultdict(lambda: array("L"))
    files: dict[str, bytes] = {}
    told, passages = list[dict[str, Any]](), 0
    for episode in reversed(episodes):
        cast, data = _cast_in(episode.folder)
        for paragraph in cast.paragraphs if cast else ():
            for term in _terms(paragraph, cast.speakers if cast else ()):
                postings[term].append(passages)
            passages += 1
        names = " ".join(fold(f"{episode.digest.title} {episode.digest.show or ''}", " ").split())
        passages_here = len(cast.paragraphs) if cast else None
        told.append({"name": episode.name, "titles": names, "passages": passages_here, "data": data})
    parts = [[first, _add(files, f"terms-{number}", part)] for number, (first, part) in enumerate(_parts(postings))]
    return _add(files, "index", {"episodes": told, "parts": parts}), files


def _cast_in(folder: Path) -> tuple[_Cast | None, str]:
    """Return what other sites embed of the episode that lies in ``folder``, None where that cannot be read, and the
    address by which the page asks for just that."""
    with suppress(OSError, ValueError):
        content = read_regular(folder / _CAST, LARGEST_BYTES)
        return decode(content, _Cast), f"{EPISODES_FOLDER}/{folder.name}/{_CAST}?v={version_of(content)}"
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
    """Yield the first term and all terms of each part, in the order in which JavaScript compares texts."""
    part, size = dict[str, list[int]](), 0
    for term in sorted(postings, key=lambda term: term.encode("utf-16-be")):
        gaps = [number - before for before, number in pairwise((0, *postings[term]))]
        if part and size > _BYTES_A_PART:
            yield next(iter(part)), part
            part, size = {}, 0
        part[term] = gaps
        size += len(term) + 3 * len(gaps)
    if part:
        yield next(iter(part)), part


def _add(files: dict[str, bytes], name: str, content: Any) -> str:
    """Add a file and return its address, whose hash keeps it apart from a file that an earlier page still asks for."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    address = f"search/{name}-{version_of(text)}.json"
    files[address] = text
    return address
