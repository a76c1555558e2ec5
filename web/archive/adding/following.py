"""Where the sources have what episodes were made of: a file as it was, or moved to another place."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import msgspec

from media.confinement import is_regular, status_of
from web.archive.adding.remembered import Memory, Part
from web.archive.pairing.items import File


def moved(parts: Mapping[str, Part], files: Iterable[File | None]) -> dict[str, Part]:
    """By the keys of episodes their files that are gone from their places, as they lie elsewhere among ``files``. Gone
    is also one at whose place another episode's lies by now, as where all are numbered anew."""
    places = {(part.path, part.sha256) for part in parts.values()}
    by_bytes = defaultdict[str | None, list[File]](list)
    for file in files:
        if file and (str(file.path), file.sha256) not in places:
            by_bytes[file.sha256].append(file)
    at = {part.path: key for key, part in parts.items() if part.path and part.sha256 in by_bytes}
    gone, found = [key for path, key in at.items() if not is_regular(Path(path))], dict[str, Part]()
    while gone:
        key = gone.pop(0)
        if key not in found and (there := by_bytes[parts[key].sha256]):
            file = there.pop(0)
            path = str(file.path)
            found[key] = msgspec.structs.replace(parts[key], path=path, size=file.size, changed=file.changed)
            gone += [at[path]] if path in at else []
    return found


def is_as_before(memory: Memory) -> Callable[[Path], bool]:
    """Whether a file is as it was when an episode was made of it. Of a sound that was an episode's already both it and
    its text have to be, for they go together where one is another by now."""
    whole = [made for made in memory.episodes.values() if made.text]  # others may yet have their transcript
    alone = [(part,) for made in whole for part in (made.at_source, made.text)]
    together = [(made.sound, made.text) for made in memory.twice.values()]
    known = {part.path: parts for parts in (*alone, *together) for part in parts if part and part.path}
    return lambda path: str(path) in known and all(map(is_unchanged, filter(None, known[str(path)])))


def is_unchanged(part: Part) -> bool:
    """Whether a file is as it was."""
    if not part.path:
        return True
    try:
        status = status_of(Path(part.path))
    except OSError:
        return False
    return (part.size, part.changed) == (status.st_size, status.st_mtime_ns)
