"""Damages the files of one episode, one at a time, and asks for everything: it may fail, alone and in words.

    python -m tests.attack.damaged [--seed N] [--count N]

Each file of JSON that a library holds is cut off, filled with what is no JSON, or changed in one place: a field goes,
a list turns round, a number is none, a text is a path, a list lies in a list in a list. A trial fails if an answer does
not come or is an error of the server, or if another episode suffers.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.attack.full_library import JOB
from tests.attack.ground import Ground

FILES = (
    *("episode.alignment.json", "episode.json", "quotes.json", "clips/one.json", f"jobs/{JOB}.json"),
    *(f".quotecast/{name}" for name in ("peaks.json", "prepared.json")),
)

_WHOLE: tuple[Callable[[bytes], bytes], ...] = (
    lambda content: b"",
    lambda content: content[: len(content) // 2],
    lambda content: b"\xef\xbb\xbf" + content,
    lambda content: content.decode().encode("utf-16"),
    lambda content: b"\xff\x00" + content,
    lambda content: b"[" * 200_000,
    lambda content: b'{"a":' * 200_000,
    lambda content: content + b" " * 30_000_000,
    lambda content: content + content,
    lambda content: b"[" + b"[]," * 300_000 + b"[]]",
    lambda content: b"null",
    lambda content: b'"text"',
    lambda content: b"[1, 2]",
)
_ODD: tuple[Any, ...] = (
    *(None, True, False, -1, 0, 1, 2**31, 2**63, 2**70, -(2**70), 1e308, 5e-324, float("nan"), float("inf")),
    *("", " ", "\0", "\ud800", "x" * 100_000, "../../outside/talk/episode.json", "/etc/passwd", "<script>", "-x"),
    *([], {}, [[]], [None], {"": None}, ["a"] * 10_000),
)


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The file with something wrong in it."""
    if rng.random() < 0.2:
        return rng.choice(_WHOLE)(content)
    data = json.loads(content)
    for _ in range(rng.choice((1, 1, 1, 2, 5))):
        holder, key = _somewhere(data, rng)
        _change(holder, key, rng)
    return json.dumps(data).encode()


def _somewhere(data: Any, rng: random.Random) -> tuple[Any, Any]:
    """An object or a list, and a key or an index of it; near the top as often as deep down."""
    holder, key = data, rng.choice(list(data))
    while isinstance(inner := holder[key], dict | list) and inner and rng.random() < 0.7:
        holder, key = inner, rng.choice(list(inner)) if isinstance(inner, dict) else rng.randrange(len(inner))
    return holder, key


def _change(holder: Any, key: Any, rng: random.Random) -> None:
    value = holder[key]
    match rng.randrange(6):
        case 0:
            del holder[key]
        case 1 if isinstance(value, list):
            value.reverse()
        case 2 if isinstance(value, list):
            del value[rng.randrange(len(value) + 1) :]
        case 3 if isinstance(value, list):
            value += value
        case 4 if isinstance(value, int | float) and not isinstance(value, bool):
            holder[key] = value + rng.choice((-1, 1, 0.5, 1000, -1e9))
        case _:
            holder[key] = rng.choice(_ODD)


def failures(ground: Ground, name: str, rng: random.Random) -> list[str]:
    """What is wrong when the file ``name`` of an episode is damaged."""
    path = ground.library / "talk" / name

    def put() -> None:
        state, content = path.stat(), damaged(path.read_bytes(), rng)
        path.write_bytes(content)
        os.utime(path, ns=(state.st_atime_ns, state.st_mtime_ns))

    wrong, _ = ground.tried(put, is_shared=False, is_whole=False)
    return [each for each in wrong if not each.startswith("outside: ")]  # where nothing leads


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--count", type=int, default=1000, help="damaged files")
    asked = parser.parse_args()
    faulthandler.dump_traceback_later(4 * 3600, exit=True)
    tally, failed = Counter[str](), Counter[str]()
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(QUOTECAST_CONFIG=f"{folder}/config", QUOTECAST_CACHE=f"{folder}/cache")
        ground = Ground(Path(folder), costly=False)
        for number in range(asked.count):
            name, seed = FILES[number % len(FILES)], f"{asked.seed}:{number}"
            wrong = failures(ground, name, random.Random(seed))
            tally[name] += 1
            failed[name] += bool(wrong)
            for each in wrong:
                print(f"FAILED {name} ({seed}): {each}", flush=True)
    for name in FILES:
        print(f"{name:40} {tally[name]:6} damaged {failed[name]:6} failures")
    print(f"{'all':40} {tally.total():6} damaged {failed.total():6} failures")
    return 1 if failed.total() else 0


if __name__ == "__main__":
    sys.exit(main())
