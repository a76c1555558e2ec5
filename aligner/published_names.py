"""Names of what is taken from an episode and published.

What is taken has the episode's title: ``2026-11-20 Title of the episode.vtt``, and a clip
``2026-11-20 Title of the episode - 01m13s Words of the quote.mp3``. What is uploaded for listeners has the name of its
audio, which stays when a title is corrected: ``episode-12.vtt``; where any audio may have that name, the title.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata

from aligner.normalization import fold
from aligner.storage.file_names import DEVICES, last_part, parted, safe_name, without_slashes

_LONGEST, _LONGEST_TITLE = 76, 32  # characters of a name, and of the title in one that goes on after it
_LONGEST_READ = 400  # characters of what goes into a name
_LONGEST_NAMED_BYTES = 190  # of 255, the rest being for a shape, a number and an ending
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_ANY = {"audio", "episode", "final", "master", "mix", "podcast", "recording", "son", "sound"}  # episode's name
_LONGEST_UPLOADED = 80  # characters
_AT_ENDS = " .,;:…!¡¿–—-_'’‘“”„«»‹›()[]{}~#&+=@"  # what no name begins or ends with


def publication_name(title: str, date: str | None = None, words: str = "", at: float | None = None) -> str:
    """Return the name, without an ending, of what is taken from an episode: its date and title, then ``words``, such as
    those of a quote that is said ``at`` seconds. It is cut at whole words to about 80 characters, and holds no dot.

    Examples
    --------
    >>> publication_name("L’été : des vélos", "2026-11-20", "« C’est le combat qui commence. »", 73.4)
    '2026-11-20 L’été des vélos - 01m13s C’est le combat qui commence'
    >>> publication_name("AC/DC, vol. 2.5")
    'AC-DC, vol 2-5'
    """
    day, moment = _DATE.match(date or ""), "" if at is None else _moment(at)
    named = _cut(_part(title), _LONGEST_TITLE if words or moment else _LONGEST)
    begun = f"{day[0] if day else ''} {named}".strip()
    said = _cut(_part(words), _LONGEST - len(f"{begun} - {moment} "))
    name = " - ".join(filter(None, [begun, f"{moment} {said}".strip()]))
    return safe_name(_cut(name, _LONGEST), "quotecast", _LONGEST_NAMED_BYTES)


def upload_name(sound: str, title: str | None = None) -> str:
    """Return the name, without an ending, of what is uploaded for listeners: that of the ``sound``'s file in letters,
    digits, ``-`` and ``_``, which hosts leave as it is. Some digits follow where other letters, or its end, are lost. A
    file that is called as any episode's may be gives way to the ``title``.

    Examples
    --------
    >>> upload_name("shows/Épisode 3 & été.MP3")
    'Episode-3-ete'
    """
    stem, _ = parted(last_part(sound))
    if title and fold(stem) in _ANY:
        stem = title
    bare = (c for c in unicodedata.normalize("NFKD", stem) if not unicodedata.combining(c))
    latin = "".join(c if c.isascii() else fold(c) or c for c in bare)
    name = re.sub("[^A-Za-z0-9_]+", "-", latin).strip("-_")
    is_whole = name and len(name) <= _LONGEST_UPLOADED and not any(c.isalnum() and not c.isascii() for c in latin)
    if is_whole and not DEVICES.fullmatch(name):
        return name
    digits = hashlib.sha256(stem.encode("utf-8", "replace")).hexdigest()[:6]
    return f"{name[:_LONGEST_UPLOADED].rstrip('-_') or 'episode'}-{digits}"


def _part(text: str) -> str:
    """Return text as a part of a name, in one line."""
    plain = re.sub(r"(?<=\w)\.(?=\w)", "-", without_slashes(text[:_LONGEST_READ])).replace(".", "")
    return safe_name(plain, "", 4 * _LONGEST_READ).strip(_AT_ENDS)


def _cut(text: str, longest: int) -> str:
    """Return as many whole words of ``text`` as fit; of a long one, or a text without spaces, its beginning."""
    if len(text) <= longest:
        return text
    fits, _, begun = text[: longest + 1].rpartition(" ")
    return (text[:longest] if len(begun) > longest // 2 else fits).strip(_AT_ENDS)


def _moment(seconds: float) -> str:
    minutes, left = divmod(max(0, int(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}h{minutes:02d}m{left:02d}s" if hours else f"{minutes:02d}m{left:02d}s"
